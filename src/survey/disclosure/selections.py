"""Selections: groups in which a selection leaves out too few print the numbers of all.

Noise follows the records behind a count. Where a selection has one record less than everybody,
the rows that differ between the two tables are the answers of that record. So a group in which
fewer than 20 are left out is printed as the group of everybody is, from the same counts; any other
has a column under a name that says what was selected.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.disclosure.counts import with_nobody
from survey.disclosure.ledger_column import ENOUGH
from survey.disclosure.published_answers import with_published
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation
from survey.responses import Responses

__all__ = ["groups_of_all", "note_of_all", "selection_name", "shared_questions", "with_everybody"]

Group = tuple[str, ...]
_BY_ANSWER: Final = (
    "count",
    "base",
    "count_keys",
    "base_keys",
    "largest",
    "largest_other",
    "presence",
)
_BY_GROUP: Final = ("declined", "declined_keys", "organizations")
_FEW: Final = f"Fewer than {ENOUGH} are left out"


def selection_name(answers: Responses) -> str:
    """Return what stands for a selection in names of columns; nothing for everybody.

    It follows from the words of the selection, whatever their order and whoever is left out now.
    """
    if answers.whole is None:
        return ""
    said = "\n".join(sorted(answers.selected))
    return f"of {hashlib.sha256(said.encode()).hexdigest()[:16]}"


def shared_questions(tables: Iterable[Estimates]) -> frozenset[tuple[str, str]]:
    """Return unit and concept of what is asked of more than one: of everybody, or of selections."""
    asked = defaultdict(set)
    for table in tables:
        if table.design is not None:
            key = (table.spec.unit.value, table.spec.concept)
            asked[key].add(selection_name(table.design.answers))
    return frozenset(key for key, names in asked.items() if len(names) > 1)


def groups_of_all(chosen: Tabulation, every: Tabulation, apart: Collection[Group]) -> set[Group]:
    """Return the groups that print the numbers of all.

    Parameters
    ----------
    chosen, every
        True counts of a selection and of everybody, with the same groups and answers.
    apart
        Groups that were published with numbers of the selection: they keep them.
    """
    left_out = np.abs(every.base - chosen.base).max(axis=1, initial=0)
    few = zip(every.groups, (left_out < ENOUGH).tolist(), strict=True)
    return {group for group, is_few in few if is_few and group not in apart}


def with_everybody(
    chosen: Tabulation, every: Tabulation, apart: Collection[Group]
) -> tuple[Tabulation, frozenset[Group]]:
    """Return counts of a selection with those of all where fewer than 20 are left out.

    The second is the groups where they are. There are all groups and answers of everybody: that
    one is missing would tell that those who are left out had it.

    Parameters
    ----------
    chosen, every, apart
        As for :func:`groups_of_all`; the selection can lack groups and answers.
    """
    own = _like(chosen, every)
    of_all = groups_of_all(own, every, apart)
    rows = np.array([group in of_all for group in every.groups], dtype=bool)
    found: dict[str, Any] = {
        name: np.where(rows[:, None], getattr(every, name), getattr(own, name))
        for name in _BY_ANSWER
    }
    for name in _BY_GROUP:
        ours, others = getattr(every, name), getattr(own, name)
        found[name] = np.where(rows, ours, others) if len(ours) == len(others) else others
    weight = _mean_weight(own)
    for name in ("count", "base"):
        weighted = getattr(every, name) * weight[:, None]
        found[f"weighted_{name}"] = np.where(
            rows[:, None], weighted, getattr(own, f"weighted_{name}")
        )
    figures = {g: said for g, said in own.figures.items() if g not in of_all}
    figures |= {g: said for g, said in every.figures.items() if g in of_all}
    return replace(every, weighted=own.weighted, figures=figures, **found), frozenset(of_all)


def note_of_all(cells: Tabulation, of_all: Collection[Group], rows: pd.DataFrame) -> str:
    """Return a note that says which of the groups that are shown print the numbers of all.

    A comparison has the groups of several editions behind one row.
    """
    seen = rows[rows["base"].notna()] if "base" in rows else rows
    names = [name for name in cells.names if name in rows]
    places = [cells.names.index(name) for name in names]
    labels = set(seen[names].astype(str).itertuples(index=False, name=None))
    behind = [g for g in cells.groups if not names or tuple(g[p] for p in places) in labels]
    said = [", ".join(group) for group in behind if group in of_all]
    if not said or seen.empty:
        return ""
    where = "" if len(said) == len(behind) else f" in {'; '.join(said)}"
    return f"{_FEW}{where}; the numbers{' there' if where else ''} are those of all."


def _like(chosen: Tabulation, every: Tabulation) -> Tabulation:
    """Return a tabulation with the groups and answers of another one, in their order."""
    wider = with_published(chosen, every.answers, None)
    wider = with_nobody(wider, [group for group in every.groups if group not in wider.groups])
    places = {answer: place for place, answer in enumerate(wider.answers)}
    groups = {group: place for place, group in enumerate(wider.groups)}
    columns = [places[answer] for answer in every.answers]
    rows = [groups[group] for group in every.groups]
    by_answer = (*_BY_ANSWER, "weighted_count", "weighted_base")
    found: dict[str, Any] = {name: getattr(wider, name)[rows][:, columns] for name in by_answer}
    for name in _BY_GROUP:
        values = getattr(wider, name)
        found[name] = values[rows] if len(values) == len(groups) else values
    return replace(every, weighted=chosen.weighted, figures=chosen.figures, **found)


def _mean_weight(cells: Tabulation) -> npt.NDArray[np.float64]:
    whole = cells.base.max(axis=1, initial=0)
    weight = cells.weighted_base.max(axis=1, initial=0.0)
    return np.asarray(np.divide(weight, whole, out=np.ones(len(whole)), where=whole > 0))
