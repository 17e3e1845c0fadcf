"""Which rows of a table stand in its publication, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.disclosure.ledger.published_answers import place_after
from survey.disclosure.policy import Policy
from survey.estimates.design.places import REGION_OF
from survey.estimates.shares.selection import REST
from survey.estimates.table import CORE_COLUMNS, Estimates
from survey.estimates.tabulation import Point, Tabulation
from survey.responses import ANOTHER

__all__ = [
    "Cut",
    "classes_of",
    "flat",
    "given_groups",
    "in_order_of_names",
    "listed",
    "rows_of",
    "unseen",
]

Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Cut:
    """Which rows a table shows, by the labels of group and answer; groups as they are joined.

    ``answers`` are in the order of the table; ``rows`` is empty for one with every answer in every
    group.
    """

    answers: tuple[str, ...]
    rows: frozenset[tuple[str, ...]]
    groups: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, table: Estimates, classes: Mapping[str, Mapping[str, str]], *, whole: bool) -> Cut:
        """Return what a table shows; ``whole`` says that no row was cut.

        ``classes`` maps grouping concept -> label -> the class that it is published in.
        """
        answers = tuple(str(answer) for answer in table.frame["answer"].unique())
        if whole:
            return cls(answers, frozenset(), frozenset())
        names = (*table.groups, "answer")
        labels = [pd.factorize(table.frame[name]) for name in names]
        groups = set(zip(*(codes.tolist() for codes, _ in labels[:-1]), strict=True)) or {()}
        if len(groups) * len(labels[-1][1]) == len(table):
            return cls(answers, frozenset(), frozenset())
        columns = []
        for name, (codes, known) in zip(names, labels, strict=True):
            own = classes.get(name, {})
            said = np.array([own.get(label, label) for label in map(str, known)], dtype=object)
            columns.append(said[codes])
        rows = frozenset(zip(*columns, strict=True))
        return cls(answers, rows, frozenset(row[:-1] for row in rows))

    def wider(self, cells: Tabulation, more: Sequence[str]) -> Cut:
        """Return a cut that also shows some answers, in every group, where a table shows them."""
        shown = {cells.answers[place] for place in cells.shown}
        known = [answer for answer in more if answer in shown]
        own = {cells.answers[place] for place in cells.elementary}
        answers = self.answers
        for answer in known:
            place = place_after(answers, own, answer)
            answers = (*answers[:place], answer, *answers[place:])
        rows = {(*group, answer) for group in self.groups for answer in known}
        return replace(self, answers=answers, rows=self.rows | rows)

    def order(
        self, point: Point, cells: Tabulation, top: Columns | None, *, by_name: bool = False
    ) -> npt.NDArray[np.intp]:
        """Return the order of the answers: nothing of it may follow from true counts.

        A table may have put unions among the answers of the question, as "Up to 99" before
        "100 to 999". The answers themselves stand as the questionnaire has them; those that are
        given because they are most frequent, or because somebody gave them, ``top``, by their
        published counts; ``by_name`` says that ties follow their names, for want of a form's order.
        """
        own = np.arange(len(point.answers))
        if top is not None:
            shown = np.nan_to_num(top["count"].astype(np.float64)).sum(axis=0)
            rest = np.array([answer in (REST, ANOTHER) for answer in point.answers])
            ties = np.argsort(np.argsort(point.answers)) if by_name else own
            return np.lexsort((ties, -shown, rest))
        asked = {cells.answers[place] for place in cells.elementary}
        place = {answer: number for number, answer in enumerate(self.answers)}
        given = [answer for answer in self.answers if answer in asked]
        if given != [answer for answer in point.answers if answer in asked and answer in place]:
            return own
        return np.argsort([place.get(a, len(place)) for a in point.answers], kind="stable")

    def shown(self, point: Point) -> Flags:
        """Return groups x answers: which rows of the published ones the table shows."""
        answers = np.array([a in self.answers or a == ANOTHER for a in point.answers])
        kept = np.repeat(answers[None, :], len(point.groups), axis=0)
        if not self.rows:
            return kept
        own = [
            [
                (*group, answer) in self.rows or (answer == ANOTHER and group in self.groups)
                for answer in point.answers
            ]
            for group in point.groups
        ]
        return np.asarray(kept & np.array(own, dtype=bool).reshape(kept.shape))


def classes_of(table: Estimates, policy: Policy) -> dict[str, dict[str, str]]:
    """Return grouping concept -> label -> class, for those of which a unit has one answer."""
    if table.design is None or table.arguments is None:
        return {}
    answers = table.design.answers
    sources = {name: REGION_OF.get(name, name) for name in table.arguments.by}
    return {
        name: dict(policy.class_of(name))
        for name, source in sources.items()
        if source in answers.concepts and not answers.question(source).kind.several
    }


def in_order_of_names(point: Point, countries: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return the order of the groups, countries by their names: counting had the largest first."""
    places = {name: place for place, name in enumerate(point.names)}
    seen: list[dict[str, int]] = [{} for _ in point.names]
    for group in point.groups:
        for known, label in zip(seen, group, strict=True):
            known.setdefault(label, len(known))
    for name in countries:
        known = seen[places[name]]
        seen[places[name]] = {label: number for number, label in enumerate(sorted(known))}
    keys = [tuple(own[label] for own, label in zip(seen, g, strict=True)) for g in point.groups]
    if not countries:
        return np.arange(len(keys))
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def given_groups(cells: Tabulation, countries: Sequence[str]) -> Flags:
    """Return groups that are there because somebody is in them: no form lists them."""
    return np.array([bool(countries) or ANOTHER in group for group in cells.groups], dtype=bool)


def unseen(cells: Tabulation, hidden: Flags) -> Flags:
    """Return groups that are hidden in every edition."""
    names = [place for place, name in enumerate(cells.names) if name != "edition"]
    own = [tuple(group[place] for place in names) for group in cells.groups]
    shown = {group for group, small in zip(own, hidden.tolist(), strict=True) if not small}
    return np.array([group not in shown for group in own], dtype=bool)


def rows_of(cells: Flags, point: Point, public: Tabulation) -> Flags:
    """Return which rows rest on flagged cells: any of them, in whatever edition behind the row.

    ``cells`` is groups x answers of the counts, and has rows for each edition of a change.
    """
    own: Flags = cells[:, list(public.shown)]
    if [public.answers[place] for place in public.shown] != list(point.answers):
        own = np.asarray(cells.any(axis=1, keepdims=True))
    flagged = own.reshape(-1, len(point.groups), own.shape[1]).any(axis=0)
    return np.array(np.broadcast_to(flagged, (len(point.groups), len(point.answers))))


def listed(point: Point, hidden: Flags, given: Flags) -> Flags:
    """Return which answers stand: those of a list, and others of which some are published.

    Where an answer stands because somebody gave it (``given``), a published 0 would say so of 1
    or 2.
    """
    size = (len(point.groups), len(point.answers))
    counts = [
        np.broadcast_to(np.asarray(point.columns[name], dtype=np.float64), size)
        for name in ("count", "earlier_count")
        if name in point.columns
    ]
    some = np.any([(np.nan_to_num(each) > 0) & ~hidden for each in counts], axis=(0, 1))
    return np.asarray(~given | some)


def flat(
    point: Point,
    columns: Columns,
    kept: Flags,
    order: npt.NDArray[np.intp],
    groups: npt.NDArray[np.intp],
) -> Columns:
    """Return the kept rows by column: labels of group and answer, the core columns, the others.

    ``order`` has the places of the answers as they stand, ``groups`` those of the groups.
    """
    rows, places = np.nonzero(kept[groups][:, order])
    rows, places = groups[rows], order[places]
    found: Columns = {
        name: np.array([group[place] for group in point.groups], dtype=object)[rows]
        for place, name in enumerate(point.names)
    }
    found["answer"] = np.array(point.answers, dtype=object)[places]
    names = [*CORE_COLUMNS[1:], *(name for name in columns if name not in CORE_COLUMNS)]
    return found | {name: columns[name][rows, places] for name in names}
