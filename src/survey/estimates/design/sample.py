"""The units that an estimate rests on: which rows, which edition, which cluster."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, ResponsesError, did_you_mean
from survey.estimates.design.strata import Strata
from survey.responses import AnswerSetArray, Responses

__all__ = ["Sample", "draw", "typed_column"]

Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Rows of one table of answers, with what every statistic needs to know about them.

    Attributes
    ----------
    answers
        Where the rows come from.
    unit
        Which table: respondents or deployments.
    rows
        Positions of the rows that count; ``None`` for all.
    editions
        Names of the editions, oldest first.
    edition
        Position in ``editions`` for each row that counts.
    cluster
        Number of the cluster of each row that counts.
    clusters
        How many clusters there are; of a selection, in the whole that it was selected from.
    left_out
        Number of rows left out because they are exact copies of earlier answers.
    repeated
        Number of further rows left out because a colleague's description of the same cloud
        counts instead.
    copies
        Whether exact copies count.
    strata
        Strata of the clusters; ``None`` where nobody chose whom to ask.
    """

    answers: Responses
    unit: Unit
    rows: Ints | None
    editions: tuple[str, ...]
    edition: Ints
    cluster: Ints
    clusters: int
    left_out: int = 0
    repeated: int = 0
    copies: bool = False
    strata: Strata | None = None

    def __len__(self) -> int:
        return len(self.edition)

    @cached_property
    def membership(self) -> npt.NDArray[np.float32]:
        """Editions x rows: 1 where the row is of the edition."""
        member = self.edition == np.arange(len(self.editions))[:, None]
        return np.asarray(member, dtype=np.float32)

    @cached_property
    def organization(self) -> Ints:
        """Number of the organization of each row; a row without one is alone."""
        frame = self.answers.frame(self.unit)
        named = "organization" if "organization" in frame else None
        return _clusters(frame, named, self.rows)[0]

    @cached_property
    def record_keys(self) -> npt.NDArray[np.uint64]:
        """Secret key of each row, from which published counts get their noise; 0 without one."""
        frame = self.answers.frame(self.unit)
        if "record_key" not in frame:
            return np.zeros(len(self), dtype=np.uint64)
        return self.pick(frame["record_key"].to_numpy(dtype=np.uint64))

    @cached_property
    def indicators(self) -> dict[str, Any]:
        """What was read of these rows as zeros and ones, by concept; see ``read_indicator``."""
        return {}

    @cached_property
    def said(self) -> dict[Hashable, tuple[str, ...]]:
        """What must be said of these rows and of what they were asked; tables repeat it."""
        return {}

    def column(self, concept: str) -> Any:
        """Return the typed answers to ``concept``, one per row that counts."""
        values = typed_column(self.answers, concept, self.unit).array
        return values if self.rows is None else values.take(self.rows)

    def answered(self, concept: str) -> npt.NDArray[np.bool_]:
        """Return whether anything was chosen of a question with several answers."""
        values: AnswerSetArray = typed_column(self.answers, concept, self.unit).array
        return self.pick(values.answered)

    def pick(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the entries of a full-length array for the rows that count."""
        return values if self.rows is None else values[self.rows]


def draw(
    answers: Responses,
    unit: Unit,
    *,
    cluster: str | None = "organization",
    copies: bool = False,
    once: bool = False,
    editions: Sequence[str] | None = None,
) -> Sample:
    """Return the rows of ``unit`` that count.

    Parameters
    ----------
    answers
        Typed answers.
    unit
        Respondents or deployments.
    cluster
        Column that says which rows belong together; a row without an entry, or every row
        with ``None``, is a cluster of its own.
    copies
        Whether exact copies of earlier answers count, as they do with
        ``answers.with_copies()``; see :attr:`Responses.carry_overs`.
    once
        Whether each cloud has one voice, as with ``answers.one_per_cloud()``.
    editions
        Only these editions.
    """
    names = answers.editions if editions is None else tuple(editions)
    key = (Sample, unit, cluster, copies, once, names)
    if key not in answers.remembered:
        kept = answers.one_per_cloud() if once else answers
        drawn_rows = _drawn(kept, unit, cluster, copies, names)
        answers.remembered[key] = replace(drawn_rows, answers=answers)
    drawn: Sample = answers.remembered[key]
    return drawn


def _drawn(
    answers: Responses, unit: Unit, cluster: str | None, copies: bool, names: tuple[str, ...]
) -> Sample:
    """Find the rows that count; every table of these answers shares what is found."""
    frame = answers.frame(unit)
    edition = _codes(frame["edition"], names)
    kept = edition >= 0
    counted = copies or answers.copies_count
    copied = kept & (False if counted else _copied(frame))
    kept &= ~copied
    repeats = kept & ~_voices(answers, unit)
    kept &= ~repeats
    rows = None if kept.all() else np.flatnonzero(kept)
    codes, count = _clusters(frame, cluster, rows)
    if answers.whole is not None:  # a domain: clusters without a selected record are zeros
        whole = replace(answers.whole, clouds_once=answers.clouds_once)
        count = max(count, _drawn(whole, unit, cluster, bool(counted), names).clusters)
    chosen = edition if rows is None else edition[rows]
    for shared in (chosen, codes):
        shared.flags.writeable = False
    left_out, repeated = int(copied.sum()), int(repeats.sum())
    return Sample(
        answers, unit, rows, names, chosen, codes, count, left_out, repeated, bool(counted)
    )


def _copied(frame: pd.DataFrame) -> Flags:
    return np.asarray(frame["copied"].to_numpy(dtype=bool, na_value=False))


def _voices(answers: Responses, unit: Unit) -> Flags:
    """Return which rows may speak for their cloud: all, unless each cloud has one voice."""
    if unit is Unit.DEPLOYMENT and answers.clouds_once:
        return answers.voices
    return np.ones(len(answers.frame(unit)), dtype=bool)


def typed_column(answers: Responses, concept: str, unit: Unit) -> pd.Series[Any]:
    """Return ``answers.column``, with advice where the unit does not fit.

    Raises
    ------
    EstimateError
        If the concept describes deployments and the unit is the respondent.
    """
    try:
        return answers.column(concept, unit)
    except ResponsesError as error:
        if concept not in answers.concepts:
            raise
        asked_of = answers.question(concept).unit
        problem = Problem(
            f"concept {concept!r}",
            f"unit {unit.value!r}",
            f"unit {asked_of.value!r}",
            f"a respondent can describe several deployments; ask for unit={asked_of.value!r}",
        )
        message = f"{concept!r} cannot be counted per {unit.value}"
        raise EstimateError(message, [problem]) from error


def _codes(column: pd.Series[Any], names: Sequence[str]) -> Ints:
    """Return the place of each entry among ``names``, ``-1`` for others."""
    codes, found = column.array.factorize()
    place = {name: number for number, name in enumerate(names)}
    places = np.array([*(place.get(str(name), -1) for name in found), -1], dtype=np.intp)
    return np.asarray(places[codes], dtype=np.intp)


def _clusters(frame: pd.DataFrame, cluster: str | None, rows: Ints | None) -> tuple[Ints, int]:
    """Number the clusters of the rows that count; a row without one is its own."""
    size = len(frame) if rows is None else len(rows)
    if cluster is None:
        return np.arange(size), size
    if cluster not in frame:
        hint = did_you_mean(cluster, [str(name) for name in frame.columns])
        problem = Problem(
            "cluster",
            repr(cluster),
            "a column of the table, or None",
            hint or "the default is 'organization'",
        )
        raise EstimateError(f"Unknown cluster {cluster!r}", [problem])
    codes, names = frame[cluster].array.factorize()
    codes = np.array(codes if rows is None else codes[rows], dtype=np.intp)
    alone = np.flatnonzero(codes < 0)
    codes[alone] = len(names) + np.arange(len(alone))
    present = np.bincount(codes, minlength=len(names) + len(alone)) > 0
    return (np.cumsum(present) - 1)[codes], int(present.sum())
