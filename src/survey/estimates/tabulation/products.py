"""Counts of many questions crossed with many others, as one matrix product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tidy import Base, Status

__all__ = ["Wide", "counted_products", "wide_table"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Single = npt.NDArray[np.float32]

_MOST = 2**24
"""Whole numbers up to here are exact in single precision."""
_STATUSES = (Status.OK, Status.EMPTY, Status.NOT_OFFERED, Status.NOT_AVAILABLE)


@dataclass(frozen=True)
class Wide:
    """The answers to several questions side by side.

    Attributes
    ----------
    matrix
        Units x answers: whether the unit gave the answer.
    question
        Per answer: the number of its question.
    labels
        Per answer: its label.
    base
        Per answer: the number of its base. Answers to one question that the same editions
        offer have one base.
    domain
        Units x bases: whether the unit belongs to the base.
    offered
        Editions x bases: whether the edition offers the answers that have this base.
    absent
        Editions x bases: whether it does, but the files have no column for them.
    """

    matrix: Single | Flags
    question: npt.NDArray[np.int16]
    labels: tuple[str, ...]
    base: Ints
    domain: Single | Flags
    offered: Flags
    absent: Flags


def counted_products(
    sample: Sample, down: Sequence[str], across: Sequence[str], base: Base
) -> pd.DataFrame:
    """Return the counts and bases of every answer in every column.

    Columns: ``question``, ``banner``, ``group``, ``answer``, ``count``, ``base``, ``value``
    (the count), ``low`` and ``high`` (missing), ``status``.
    """
    if len(sample) >= _MOST:
        raise ValueError(f"{len(sample)} units are too many to count in single precision")
    if list(across) == list(down) and base is Base.ANSWERED:
        rows = columns = wide_table(sample, down, base)
        counts, bases = rows.matrix.T @ rows.matrix, rows.matrix.T @ rows.domain
    else:
        columns = wide_table(sample, across, Base.ANSWERED)
        parts = [_part(sample, name, base) for name in down]
        rows = _beside(parts, np.empty((0, 0), dtype=np.float32))
        counts, bases = _products(columns.matrix, parts)
    status, bases = _status(*_offered(sample, rows, columns), bases)
    status, bases = status[:, rows.base], bases[:, rows.base]
    value = np.where(status == 0, counts, np.nan)
    high, wide = counts.shape
    group, groups = _numbered(columns.labels)
    answer, answers = _numbered(rows.labels)
    table = {
        "question": _category(np.tile(rows.question, high), down),
        "banner": _category(np.repeat(columns.question, wide), across),
        "group": _category(np.repeat(group, wide), groups),
        "answer": _category(np.tile(answer, high), answers),
        "count": counts.ravel().astype(np.int64),
        "base": bases.ravel().astype(np.int64),
        "value": value.ravel().astype(np.float64),
        "low": np.full(high * wide, np.nan),
        "high": np.full(high * wide, np.nan),
        "status": _category(status.ravel(), _STATUSES),
    }
    return pd.DataFrame(table, copy=False)


def wide_table(sample: Sample, names: Sequence[str], base: Base) -> Wide:
    """Return the answers to several questions as one matrix of zeros and ones."""
    parts = [_part(sample, name, base) for name in names]
    # Put together as they are and converted at once: many narrow conversions are slower.
    flags = np.concatenate([part.matrix for part in parts], axis=1)
    return _beside(parts, flags.astype(np.float32))


def _products(matrix: Single | Flags, parts: Sequence[Wide]) -> tuple[Single, Single]:
    """Return the products with the answers and with the bases, one question at a time.

    A question's answers stay in the processor's cache, where those of all together do not.
    """
    turned = np.ascontiguousarray(matrix.T, dtype=np.float32)
    counts = [turned @ part.matrix.astype(np.float32) for part in parts]
    bases = [turned @ part.domain.astype(np.float32) for part in parts]
    return np.concatenate(counts, axis=1), np.concatenate(bases, axis=1)


def _beside(parts: Sequence[Wide], matrix: Single) -> Wide:
    """Put questions side by side, whose answers together are ``matrix``."""
    widths = [len(part.labels) for part in parts]
    bases = np.cumsum([0, *(part.domain.shape[1] for part in parts)])
    return Wide(
        matrix,
        np.repeat(np.arange(len(parts), dtype=np.int16), widths),
        tuple(label for part in parts for label in part.labels),
        np.concatenate([part.base + start for part, start in zip(parts, bases, strict=False)]),
        np.concatenate([part.domain for part in parts], axis=1, dtype=np.float32),
        np.concatenate([part.offered for part in parts], axis=1),
        np.concatenate([part.absent for part in parts], axis=1),
    )


def _part(sample: Sample, name: str, base: Base) -> Wide:
    """Return one question."""
    if name == "edition":
        return _editions(sample)
    indicator = read_indicator(sample, name)
    if base is Base.ANSWERED:
        indicator = indicator.substantive()
    who = {
        Base.ANSWERED: indicator.answered,
        Base.ASKED: indicator.shown,
        Base.ALL: np.ones(len(sample), dtype=bool),
    }[base]
    (offered, absent), place = _patterns(indicator.offered, indicator.absent)
    able = np.ones(1, dtype=bool) if base is Base.ALL else offered[sample.edition]
    return Wide(
        indicator.chosen,
        np.zeros(len(indicator.answers), dtype=np.int16),
        indicator.answers,
        place,
        np.broadcast_to(who[:, None] & able, (len(sample), offered.shape[1])),
        offered,
        absent,
    )


def _patterns(offered: Flags, absent: Flags) -> tuple[tuple[Flags, Flags], Ints]:
    """Return the distinct pairs of columns, and which of them each answer has."""
    known: dict[bytes, int] = {}
    columns = [column.tobytes() for column in np.concatenate([offered, absent]).T]
    place = np.array([known.setdefault(column, len(known)) for column in columns], dtype=np.intp)
    first = [columns.index(column) for column in known]
    return (offered[:, first], absent[:, first]), place


def _editions(sample: Sample) -> Wide:
    size = len(sample.editions)
    member = sample.edition[:, None] == np.arange(size)
    return Wide(
        member,
        np.zeros(size, dtype=np.int16),
        sample.editions,
        np.arange(size, dtype=np.intp),
        np.ones((len(sample), size), dtype=bool),
        np.eye(size, dtype=bool),
        np.zeros((size, size), dtype=bool),
    )


def _offered(sample: Sample, rows: Wide, columns: Wide) -> tuple[Flags, Flags]:
    """Return columns x bases: whether any unit could give the answers; whether no file has them.

    A column counts in the editions in which it has units; without any, where it could have some.
    """
    edition = (sample.edition[:, None] == np.arange(len(sample.editions))).astype(np.float32)
    present = columns.matrix.T @ edition > 0
    nobody = ~present.any(axis=1)[:, None]
    listed = rows.offered | rows.absent
    possible = columns.offered[:, columns.base].T
    wanted = possible | columns.absent[:, columns.base].T
    reached = _reached(present, rows.offered)
    lost = ~nobody & ~reached & _reached(present, listed)
    lost |= nobody & ~_reached(possible, rows.offered) & _reached(wanted, listed)
    return np.asarray((reached | nobody) & ~lost), np.asarray(lost)


def _reached(columns: Flags, bases: Flags) -> Flags:
    """Return columns x bases: whether any edition has both."""
    return np.asarray(columns.astype(np.float32) @ bases.astype(np.float32) > 0)


def _status(
    offered: Flags, lost: Flags, bases: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[Any]]:
    """Return the numbers of the statuses, and bases of 0 where nothing was offered."""
    status = np.where(offered, bases == 0, np.int8(2)).astype(np.int8)
    return np.where(lost, np.int8(3), status), bases * offered


def _category(codes: npt.NDArray[Any], names: Sequence[str]) -> Any:
    labels = pd.Index([str(name) for name in names])
    return pd.Categorical.from_codes(codes, categories=labels, validate=False)


def _numbered(labels: Sequence[str]) -> tuple[npt.NDArray[np.int16], list[str]]:
    """Return the number of each label among the distinct ones, and those."""
    unique = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([unique[label] for label in labels], dtype=np.int16), list(unique)
