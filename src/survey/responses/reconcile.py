"""Several exports of one edition -> one: fill what one of them lost, and say what disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.exports import Issue, Log
from survey.responses.answer_set import AnswerSetArray, united
from survey.responses.ordinal import OrdinalDtype, apart_of, of_type
from survey.responses.stacking import stacked
from survey.responses.tables import Flag, Tables

__all__ = ["reconcile"]


def reconcile(parts: Sequence[Tables]) -> Tables:
    """Join the tables of several exports of one edition on their keys.

    The export with most records leads. What it lacks is filled from the others: records, and
    answers that are missing or uncertain. Where two exports give different answers, the one
    edited later holds; the answer is flagged and the difference is an issue.
    """
    ordered = sorted(parts, key=lambda part: (-len(part.deployments), -len(part.respondents)))
    whole = ordered[0]
    for part in ordered[1:]:
        whole = _join(whole, part)
    return whole


@dataclass
class _Merge:
    """One export being merged into another, for one unit."""

    part: Tables
    unit: Unit
    newer: set[int]
    ours_doubtful: set[tuple[int, str]]
    theirs_doubtful: set[tuple[int, str]]
    settled: set[tuple[int, str]] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    def doubted(
        self, ids: pd.Index[Any], concept: str, doubtful: set[tuple[int, str]]
    ) -> npt.NDArray[np.bool_]:
        return np.array(
            [(number, concept) in doubtful or (number, "*") in doubtful for number in ids],
            dtype=bool,
        )

    def contradict(self, ids: pd.Index[Any], concept: str) -> None:
        for number in ids:
            self.issues.append(
                Issue(
                    ", ".join(self.part.counts),
                    0,
                    concept,
                    "contradicting exports",
                    f"{self.unit.value} {number} has different answers in two exports; the one "
                    "edited later, else that of the fuller export, is kept",
                )
            )
            self.flags.append(
                Flag(self.part.edition, self.unit, int(number), concept, "contradicting exports")
            )


def _join(whole: Tables, part: Tables) -> Tables:
    newer = _edited_later(whole, part)
    merges = {
        Unit.RESPONDENT: _merge(whole, part, Unit.RESPONDENT, newer),
        Unit.DEPLOYMENT: _merge(
            whole, part, Unit.DEPLOYMENT, _deployments_of(whole.deployments, newer)
        ),
    }
    frames = {
        unit: _join_frames(whole.frame(unit), part.frame(unit), merge)
        for unit, merge in merges.items()
    }
    issues = [issue for merge in merges.values() for issue in merge.issues]
    flags = [
        flag for flag in whole.flags if (flag.id, flag.concept) not in merges[flag.unit].settled
    ]
    flags += [flag for merge in merges.values() for flag in merge.flags]
    settled = set(frames[Unit.DEPLOYMENT]["respondent"]) | _known_whole(whole) | _known_whole(part)
    flags = _healed([*flags, *_new_flags(whole, part)], settled)
    log = Log().merge([whole.log, part.log]).plus((), issues)
    return Tables(
        whole.edition,
        frames[Unit.RESPONDENT],
        frames[Unit.DEPLOYMENT],
        flags,
        log,
        {**whole.counts, **part.counts},
    )


def _merge(whole: Tables, part: Tables, unit: Unit, newer: set[int]) -> _Merge:
    return _Merge(
        part,
        unit,
        newer,
        {(flag.id, flag.concept) for flag in whole.flags if flag.unit is unit},
        {(flag.id, flag.concept) for flag in part.flags if flag.unit is unit},
    )


def _edited_later(whole: Tables, part: Tables) -> set[int]:
    """Respondents whose answers in ``part`` were edited after those in ``whole``."""
    if "edited" not in whole.respondents or "edited" not in part.respondents:
        return set()
    shared = whole.respondents.index.intersection(part.respondents.index)
    later = part.respondents.loc[shared, "edited"] > whole.respondents.loc[shared, "edited"]
    return set(shared[later])


def _join_frames(ours: pd.DataFrame, theirs: pd.DataFrame, merge: _Merge) -> pd.DataFrame:
    shared = ours.index.intersection(theirs.index, sort=False)
    columns: dict[str, Any] = {}
    for name in dict.fromkeys((*ours.columns, *theirs.columns)):
        if name not in ours.columns:
            columns[name] = theirs[name].reindex(ours.index)
        elif name not in theirs.columns or not len(shared):
            columns[name] = ours[name]
        else:
            columns[name] = _fill(ours[name], theirs[name], shared, merge)
    joined = pd.DataFrame(columns, index=ours.index)
    added = theirs.loc[theirs.index.difference(ours.index, sort=False)]
    if not len(added):
        return joined
    both = stacked([added, joined])
    both.index = added.index.append(joined.index)
    return both[list(joined.columns)].sort_index()


def _deployments_of(deployments: pd.DataFrame, respondents: set[int]) -> set[int]:
    return set(deployments.index[deployments["respondent"].isin(respondents)])


def _fill(
    ours: pd.Series[Any], theirs: pd.Series[Any], shared: pd.Index[Any], merge: _Merge
) -> pd.Series[Any]:
    """Take from the other export what is missing, uncertain or older here."""
    concept = str(ours.name)
    here, there = ours.loc[shared], theirs.loc[shared]
    lacking, given = np.asarray(here.isna()), ~np.asarray(there.isna())
    doubt = merge.doubted(shared, concept, merge.ours_doubtful)
    sure = ~merge.doubted(shared, concept, merge.theirs_doubtful)
    differs = _differs(here, there) & ~lacking & given
    later = np.asarray(shared.isin(list(merge.newer)))
    merge.contradict(shared[differs & ~doubt & sure], concept)
    take = given & sure & (lacking | doubt | (differs & later))
    merge.settled.update((int(number), concept) for number in shared[doubt & take])
    return _replace(ours, shared[take], there[take]) if take.any() else ours


def _differs(here: pd.Series[Any], there: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    if isinstance(here.array, AnswerSetArray) and isinstance(there.array, AnswerSetArray):
        both = united([here.array.dtype, there.array.dtype])
        ranked = here.array.dtype.ranked and there.array.dtype.ranked
        ours, theirs = (
            column.array.with_items(both.items, both.levels) for column in (here, there)
        )
        if ranked or ours.levels:
            return np.asarray((ours.codes != theirs.codes).any(axis=1))
        return np.asarray((ours.chosen != theirs.chosen).any(axis=1))
    left, right = (column.astype(object).where(column.notna(), None) for column in (here, there))
    return np.asarray(left.to_numpy() != right.to_numpy(), dtype=bool)


def _replace(ours: pd.Series[Any], ids: pd.Index[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a copy of ``ours`` with the rows ``ids`` taken from ``values``."""
    joined: pd.Series[Any] = pd.concat([ours.drop(ids), values])
    if isinstance(ours.dtype, pd.CategoricalDtype) and isinstance(
        values.dtype, pd.CategoricalDtype
    ):
        categories = ours.cat.categories.union(values.cat.categories, sort=False)
        apart = (*apart_of(ours.dtype), *apart_of(values.dtype))
        dtype = OrdinalDtype(categories, ours.cat.ordered, dict.fromkeys(apart))
        codes = categories.get_indexer(pd.Index(joined))
        joined = pd.Series(of_type(codes, dtype), joined.index, name=joined.name)
    return joined.reindex(ours.index)


def _new_flags(whole: Tables, part: Tables) -> list[Flag]:
    """Flags of ``part`` that still hold: those on records that only it has."""
    known = {unit: set(whole.frame(unit).index) for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)}
    return [
        flag
        for flag in part.flags
        if flag.id not in known[flag.unit] or flag.concept == "deployments"
    ]


def _known_whole(part: Tables) -> set[int]:
    """Respondents all of whose deployments an export has: not the last one it could not write."""
    asks_about_deployments = len(part.deployments.columns) > 1
    if not asks_about_deployments:
        return set()
    return set(part.respondents.index) - {flag.id for flag in part.flags if _of_the_last(flag)}


def _healed(flags: list[Flag], settled: set[int]) -> list[Flag]:
    """Drop "last survey" where another export has that respondent, not as its last one."""
    return [flag for flag in flags if not (_of_the_last(flag) and flag.id in settled)]


def _of_the_last(flag: Flag) -> bool:
    return flag.reason == "last survey"
