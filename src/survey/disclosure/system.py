"""System: how published counts add up, as linear relations between cells.

A reader of a publication can add and subtract. This module writes down, for a set of tables,
everything that the reader knows to hold between their counts:

- over the answers to a single-choice question, and over groups that do not overlap, counts add
  up to the count of those who gave any answer; over editions, to the count of the pooled table;
- a part is never more than its whole, in groups that overlap as well;
- for multiple answers, the same holds of those who did *not* choose an answer.

Every cell gets one number; a relation is a set of cells with signs whose sum is 0, or at most 0.
Relations that the true counts do not satisfy (tables of different selections, groups that were
left out) are dropped: a reader who believes in them is misled, not informed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from survey.codebook import Codebook
from survey.disclosure.cells import ANSWERED, NO_CELL, Key, TableCells, cells_of, pooled
from survey.estimates.table import Estimates

__all__ = ["Place", "Relation", "System", "build"]

_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is shown: table, row and column (``count`` or ``base``)."""

    table: int
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Relation:
    """The signed sum of some cells is 0 (``exact``), or at most 0."""

    cells: tuple[int, ...]
    signs: tuple[int, ...]
    exact: bool

    def holds(self, values: Sequence[float]) -> bool:
        """Whether the relation is true of ``values``; not, when one of them is missing."""
        total = sum(sign * values[cell] for cell, sign in zip(self.cells, self.signs, strict=True))
        return bool(abs(total) < _CLOSE if self.exact else total < _CLOSE)


@dataclass
class System:
    """Cells, where they are shown, and the relations between them.

    Attributes
    ----------
    values
        What every cell counts; missing where it was withheld before.
    places
        Where each cell is shown; empty for sums that no table shows.
    relations
        What a reader knows to hold.
    """

    values: list[float] = field(default_factory=list)
    places: list[list[Place]] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    def add(self, value: float) -> int:
        """Add a cell; return its number."""
        self.values.append(value)
        self.places.append([])
        return len(self.values) - 1

    def relate(self, plus: Iterable[int], minus: Iterable[int], *, exact: bool) -> None:
        """Add: the sum of ``plus`` equals, or is at most, the sum of ``minus``."""
        weights: dict[int, int] = defaultdict(int)
        for cell in plus:
            weights[cell] += 1
        for cell in minus:
            weights[cell] -= 1
        found = {cell: sign for cell, sign in weights.items() if sign}
        relation = Relation(tuple(found), tuple(found.values()), exact)
        if found and relation.holds(self.values):
            self.relations.append(relation)


def build(tables: Sequence[Estimates], codebook: Codebook) -> System:
    """Return what a reader of ``tables`` knows about their counts."""
    system = System()
    populations: dict[str, list[dict[Key, int]]] = defaultdict(list)
    for number, table in enumerate(tables):
        cells = cells_of(table, codebook)
        known = _population(populations[str(table.spec.unit)], cells, system)
        _enter(system, known, cells, number)
        _add_up(system, known, cells, table)
    for alike in populations.values():
        for known in alike:
            _part_of_whole(system, known)
    return system


def _population(
    alike: list[dict[Key, int]], cells: TableCells, system: System
) -> dict[Key, int]:
    """Return the population whose counts agree with the table's, or a new one.

    Two tables that count the same cell differently are about different selections of answers;
    nothing adds up between them.
    """
    for known in alike:
        shared = (key for key in cells.values if key in known)
        if all(_agree(system.values[known[key]], cells.values[key]) for key in shared):
            return known
    alike.append({})
    return alike[-1]


def _agree(one: float, other: float) -> bool:
    return bool(np.isnan(one) or np.isnan(other) or abs(one - other) < _CLOSE)


def _enter(system: System, known: dict[Key, int], cells: TableCells, number: int) -> None:
    """Give every cell of a table its number, and note where it stands."""
    for key, value in cells.values.items():
        if key not in known:
            known[key] = system.add(value)
        elif np.isnan(system.values[known[key]]):
            system.values[known[key]] = value
    for column, keys in (("count", cells.counts), ("base", cells.bases)):
        for row, key in enumerate(keys):
            if key is not NO_CELL and key:
                system.places[known[key]].append(Place(number, row, column))


def _add_up(system: System, known: dict[Key, int], cells: TableCells, table: Estimates) -> None:
    """Add the sums over answers and over groups, one concept at a time."""
    concept = table.spec.concept
    own = [key for key in cells.values if not (cells.nets & {v for c, v in key if c == concept})]
    if "edition" in table.groups:
        whole = {"edition": pooled(tuple(dict(key)["edition"] for key in own))}
    else:
        whole = {}
    for dimension in cells.single:
        sums: dict[Key, list[Key]] = defaultdict(list)
        for key in own:
            value = dict(key).get(dimension)
            if value is None or value.startswith("\0"):
                continue
            if value != whole.get(dimension):
                sums[_with(key, dimension, whole.get(dimension, ANSWERED))].append(key)
        for key, parts in sums.items():
            if key not in known:
                known[key] = system.add(sum(system.values[known[part]] for part in parts))
            system.relate((known[part] for part in parts), (known[key],), exact=True)
        own += [key for key in sums if key not in cells.values]


def _with(key: Key, concept: str, value: str) -> Key:
    return frozenset((*((c, v) for c, v in key if c != concept), (concept, value)))


def _without(key: Key, concept: str) -> Key:
    return frozenset((c, v) for c, v in key if c != concept)


def _part_of_whole(system: System, known: Mapping[Key, int]) -> None:
    """Add that parts are at most their wholes, and so are those who did not choose."""
    for key, cell in list(known.items()):
        for concept, value in key:
            for whole in _wholes(key, concept, value):
                if whole in known:
                    system.relate((cell,), (known[whole],), exact=False)
            if concept != "edition" and not value.startswith("\0"):
                _rest_of_whole(system, known, key, concept)


def _wholes(key: Key, concept: str, value: str) -> Iterator[Key]:
    if concept == "edition":
        return
    if not value.startswith("\0"):
        yield _with(key, concept, ANSWERED)
    yield _without(key, concept)


def _rest_of_whole(system: System, known: Mapping[Key, int], key: Key, answer: str) -> None:
    """Add: within a group, those who did not give ``answer`` are at most those in the whole."""
    asked = _with(key, answer, ANSWERED)
    for group, _ in key:
        if group in ("edition", answer):
            continue
        corners = (asked, key, _without(asked, group), _without(key, group))
        if all(corner in known for corner in corners):
            base, count, whole_base, whole_count = (known[corner] for corner in corners)
            system.relate((base, whole_count), (whole_base, count), exact=False)
