"""How many records of an edition have another answer to a question than was published.

Enough records of an edition can have changed while few did in one question. A variable made of its
answers, or a breakdown by them, would tell of these few beside the columns of the question, which
are printed again. So the ledger also keeps a short digest of each answer of each record.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.disclosure.ledger.changed_records import (
    DERIVED,
    TABLES,
    WHETHER_COUNTED,
    Keys,
    numbers_in,
    text_number,
)
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.estimates.design.places import REGION_OF
from survey.responses import Responses

__all__ = [
    "Questions",
    "few_changed",
    "few_in_question",
    "questions_as_published",
    "questions_of",
]

Digests = npt.NDArray[np.uint16]
Editions = Mapping[str, Mapping[str, "Questions"]]
"""Edition -> unit -> the answers."""
_GROUP: Final = re.compile(r"(?:^|,)([a-z_][a-z0-9_]*)=")


@dataclass(frozen=True, eq=False)
class Questions:
    """The answers of the records of an edition, as digests.

    Attributes
    ----------
    columns
        Names of questions, and of variables of one's own with ``(derived)`` behind them.
    keys
        Keys of the records, in ascending order.
    digests
        Records x columns: 16 bits of answer and key; 0 where the record was not there. Whoever
        holds the ledger can test guesses of an answer, as with its true counts.
    """

    columns: tuple[str, ...]
    keys: Keys
    digests: Digests

    def changed(self, now: Questions) -> dict[str, int]:
        """Return how many records went, came or changed at least, by question.

        Of a question that is gone nobody knows: few, as far as new columns are concerned.

        Examples
        --------
        >>> keys = np.array([3, 5], np.uint64)
        >>> before, now = (
        ...     Questions(("a", "b"), keys, np.array(each, np.uint16))
        ...     for each in ([[1, 4], [2, 4]], [[1, 4], [9, 4]])
        ... )
        >>> before.changed(now)
        {'a': 1, 'b': 0}
        """
        keys = np.union1d(self.keys, now.keys)
        columns = tuple(n for n in self.columns if n in now.columns or not n.endswith(DERIVED))
        old, new = self._of(keys, columns), now._of(keys, columns)
        same = ((old == new) & (old > 0)).sum(axis=0)
        most = np.maximum((old > 0).sum(axis=0), (new > 0).sum(axis=0))
        return {
            name: number if name in now.columns else ENOUGH - 1
            for name, number in zip(columns, (most - same).tolist(), strict=True)
        }

    def after(self, now: Questions) -> Self:
        """Return the answers as published: today's, but of questions in which few changed.

        A variable that is new meanwhile may be made of them: it is not known yet.
        """
        few = {name for name, number in self.changed(now).items() if 0 < number < ENOUGH}
        known = {*now.columns} & {*self.columns} if few else {*now.columns}
        columns, keys = tuple(sorted(known | few)), np.union1d(self.keys, now.keys)
        kept = np.array([name in few for name in columns], dtype=bool)
        digests = np.where(kept, self._of(keys, columns), now._of(keys, columns))
        there = digests.any(axis=1)
        return type(self)(columns, keys[there], digests[there])

    def _of(self, keys: Keys, columns: tuple[str, ...]) -> Digests:
        """Return the digests of some records and questions; 0 for those that are not there."""
        found = np.zeros((len(keys), len(columns)), dtype=np.uint16)
        rows = np.searchsorted(keys, self.keys)
        for place, name in enumerate(columns):
            if name in self.columns:
                found[rows, place] = self.digests[:, self.columns.index(name)]
        return found


def questions_of(bodies: Iterable[Responses]) -> dict[str, dict[str, Questions]]:
    """Return the answers of every edition, for each table."""
    known = tuple(bodies)
    names = dict.fromkeys(edition for body in known for edition in body.editions)
    return {
        edition: {unit.value: _questions(known, edition, unit) for unit in TABLES}
        for edition in names
    }


def few_changed(now: Editions, published: Editions) -> dict[str, dict[str, int]]:
    """Return edition -> question -> how many records differ, of questions in which few do."""
    found: dict[str, dict[str, int]] = {}
    for edition, units in now.items():
        before = published.get(edition, {})
        for unit in before.keys() & units.keys():
            for name, number in before[unit].changed(units[unit]).items():
                if 0 < number < ENOUGH:
                    found.setdefault(edition, {})[name.removesuffix(f" {DERIVED}")] = number
    return found


def few_in_question(name: str, few: Collection[str], known: Collection[str]) -> bool:
    """Return whether a column rests on questions of which few answers changed.

    Parameters
    ----------
    name
        Of the column: it rests on what it is about and grouped by. One of a selection, with
        weights, of another base or of a question that was not ``known`` rests on any.
    few
        Questions of which few answers changed.
    known
        Questions of which the published answers are known.
    """
    if not few:
        return False
    asked = _asked(name)
    any_of_few = asked.union(WHETHER_COUNTED).intersection(few)
    return bool(any_of_few) or not asked or not asked <= {*known}


def questions_as_published(before: Editions, today: Editions, edition: str) -> dict[str, Questions]:
    """Return the answers of an edition as published, by unit."""
    known = before.get(edition, {})
    return {u: known[u].after(own) if u in known else own for u, own in today[edition].items()}


@cache
def _asked(name: str) -> frozenset[str]:
    """Return the questions that a column rests on; nothing where its name does not say."""
    _, concept, base, options, _, *said = name.split("|")
    if base != "answered" or options or any(part.startswith("of ") for part in said[1:]):
        return frozenset()
    groups = _GROUP.findall(said[0]) if said else []
    return frozenset(REGION_OF.get(each, each) for each in (concept, *groups))


def _questions(bodies: Iterable[Responses], edition: str, unit: Unit) -> Questions:
    parts = []
    for body in bodies:
        frame = body.frame(unit)
        rows = np.flatnonzero(frame["edition"].astype(str) == edition)
        keys = frame["record_key"].to_numpy(dtype=np.uint64)[rows]
        parts.append(
            (keys, {n: _digests(body, unit, n, rows, keys) for n in _names(body, edition, unit)})
        )
    columns = tuple(sorted({name for _, own in parts for name in own}))
    whole = np.unique(np.concatenate([keys for keys, _ in parts]))
    digests = np.zeros((len(whole), len(columns)), dtype=np.uint16)
    for keys, own in parts:
        places = np.searchsorted(whole, keys)
        for name, found in own.items():
            digests[places, columns.index(name)] = found
    return Questions(columns, whole, digests)


def _names(body: Responses, edition: str, unit: Unit) -> list[str]:
    """Return the names of the questions of an edition that records are compared by."""
    asked = body.codebook.editions.get(edition)
    frame = body.frame(unit)
    named = [
        f"{question.concept} {DERIVED}" if question.heading.endswith(DERIVED) else question.concept
        for question in (asked.of_unit(unit) if asked else ())
        if not question.personal and question.concept in frame
    ]
    return [*named, *(name for name in WHETHER_COUNTED if name in frame)]


def _digests(
    body: Responses, unit: Unit, name: str, rows: npt.NDArray[np.intp], keys: Keys
) -> Digests:
    numbers = numbers_in(body, unit, name.removesuffix(f" {DERIVED}"))[rows]
    salt = np.uint64(text_number(name))
    found = _mixed(numbers ^ _mixed(keys ^ salt)) >> np.uint64(48)
    return np.asarray(np.maximum(found, 1), dtype=np.uint16)


def _mixed(numbers: Keys) -> Keys:
    """Return numbers of which each bit follows from all bits (Steele et al. 2014, SplitMix)."""
    found = numbers + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(found ^ (found >> np.uint64(31)))
