"""System: how published counts add up, as linear relations between cells.

A reader of a publication can add and subtract. This module writes down, for a set of tables,
everything that the reader knows to hold between their counts:

- over the answers to a single-choice question, and over groups that do not overlap, counts add
  up to the count of those who gave any answer; over editions, to the count of the pooled table;
- a part is never more than its whole, in groups that overlap as well; for multiple answers the
  same holds of those who did *not* choose an answer;
- a net is the sum, or at most the sum, of its answers; a region the sum of its countries;
- other numbers (medians, totals, scores, changes) tell of counts, too (``readings``).

Every cell gets one number; a relation bounds a weighted sum of cells. Relations that the true
counts do not satisfy (tables of different selections, groups that were left out) are dropped: a
reader who believes in them is misled, not informed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from survey.codebook import Codebook
from survey.codebook.geography import find_country
from survey.disclosure.cells import ANSWERED, OTHERS, Key, TableCells, cells_of, counted, pooled
from survey.disclosure.readings import Reading, readings, sums
from survey.estimates.places import REGION_OF
from survey.estimates.selection import REST
from survey.estimates.table import Base, Estimates

__all__ = ["Place", "Relation", "System", "build"]

_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is shown: table, row and column."""

    table: int
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Relation:
    """The weighted sum of some cells lies between ``low`` and ``high``.

    ``kind`` says why: cells add up (``sum``), a part is in a whole (``part``), or a number was
    calculated from counts (``reading``).
    """

    cells: tuple[int, ...]
    weights: tuple[float, ...]
    low: float
    high: float
    kind: Literal["sum", "part", "reading"]

    @property
    def whole(self) -> int:
        """The cell that the others add up to, or are part of."""
        return self.cells[-1]

    @property
    def exact(self) -> bool:
        """Whether the relation is an equation."""
        return self.low == self.high

    def holds(self, values: Sequence[float]) -> bool:
        """Whether the relation is true of ``values``; not, when one of them is missing."""
        total = sum(w * values[cell] for cell, w in zip(self.cells, self.weights, strict=True))
        close = _CLOSE * max(1.0, abs(total))
        return bool(self.low - close < total < self.high + close)


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
    left_out
        Cells for the answers that a table leaves out, known from its base.
    read, telling
        Cells that are no counts but other numbers; those of them whose weights are so unequal
        that the number tells every count: of 2,345,678 = a * 1,000,000 + b * 100,000 + ... one
        reads off a, b, ... Then no further count helps, and the number itself has to go.
    depths
        By how many concepts each table groups.
    """

    values: list[float] = field(default_factory=list)
    places: list[list[Place]] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    telling: set[int] = field(default_factory=set)
    depths: tuple[int, ...] = ()

    def add(self, value: float) -> int:
        """Add a cell; return its number."""
        self.values.append(value)
        self.places.append([])
        return len(self.values) - 1

    def equal(self, parts: Iterable[int], whole: int) -> None:
        """Relate: ``parts`` add up to ``whole``."""
        self._relate([*((part, 1.0) for part in parts), (whole, -1.0)], 0.0, 0.0, "sum")

    def at_most(self, parts: Iterable[int], wholes: Iterable[int]) -> None:
        """Relate: the sum of ``parts`` is at most the sum of ``wholes``."""
        weighted = [*((part, 1.0) for part in parts), *((whole, -1.0) for whole in wholes)]
        self._relate(weighted, -np.inf, 0.0, "part")

    def reads(self, reading: Reading, cells: Mapping[Key, int], table: int) -> None:
        """Relate: a number tells a weighted sum of counts, give or take its rounding."""
        told = sum(w * self.values[cells[key]] for key, w in reading.weights.items())
        cell = self.add(told if np.isnan(reading.value) else reading.value)
        self.places[cell] = [Place(table, reading.row, column) for column in reading.columns]
        self.read.add(cell)
        if reading.columns != ("value",):
            self.telling.add(cell)
        rounding = reading.rounding
        if reading.rounding_of is not None:
            rounding *= self.values[cells[reading.rounding_of]]
        weighted = [
            *((cells[key], weight) for key, weight in reading.weights.items()),
            (cell, -1.0),
        ]
        self._relate(weighted, -rounding, rounding, "reading")

    def _relate(
        self,
        weighted: Iterable[tuple[int, float]],
        low: float,
        high: float,
        kind: Literal["sum", "part", "reading"],
    ) -> None:
        total: dict[int, float] = defaultdict(float)
        for cell, weight in weighted:
            total[cell] += weight
        found = {cell: weight for cell, weight in total.items() if weight}
        relation = Relation(tuple(found), tuple(found.values()), low, high, kind)
        if found and relation.holds(self.values):
            self.relations.append(relation)


def build(tables: Sequence[Estimates], codebook: Codebook, edition: str, digits: int) -> System:
    """Return what a reader of ``tables`` knows about their counts.

    Parameters
    ----------
    tables
        Estimates, before anything is withheld.
    codebook
        Says which questions have one answer, and what bands stand for.
    edition
        The edition that tables are about which were made from a selection of the answers.
    digits
        To how many digits numbers that are not counts will be rounded.
    """
    system = System(depths=tuple(len(table.groups) for table in tables))
    populations: dict[str, list[dict[Key, int]]] = defaultdict(list)
    order = sorted(
        range(len(tables)),
        key=lambda n: (not counted(tables[n]), "edition" not in tables[n].groups),
    )
    chosen = {}
    for number in order:
        table = tables[number]
        alike = populations[str(table.spec.unit)]
        known, period = _population(alike, table, codebook, edition, system)
        cells = cells_of(table, codebook, period)
        _enter(system, known, cells, number)
        _add_up(system, known, cells, table)
        chosen[number] = known, period, cells
    for alike in populations.values():
        for known in alike:
            _part_of_whole(system, known)
            _countries_of_regions(system, known)
    for number, (known, period, cells) in chosen.items():
        _nets(system, known, cells, tables[number].spec.concept)
        for parts, kind in sums(tables[number], codebook, period):
            if all(key in known for key in (*parts, kind)):
                system.equal([known[key] for key in parts], known[kind])
        for reading in readings(tables[number], codebook, period, digits):
            needed = {*reading.weights, *([reading.rounding_of] if reading.rounding_of else [])}
            if needed <= known.keys():
                system.reads(reading, known, number)
    return system


def _population(
    alike: list[dict[Key, int]],
    table: Estimates,
    codebook: Codebook,
    edition: str,
    system: System,
) -> tuple[dict[Key, int], str]:
    """Return a population whose counts agree with the table's, and the table's period.

    Two tables that count the same cell differently are about different selections of answers;
    nothing adds up between them.
    """
    whole = pooled(table.editions)
    periods = [edition, whole] if "selected" in table.provenance.steps else [whole]
    for period in periods:
        values = cells_of(table, codebook, period).values
        for known in alike:
            shared = [key for key in values if key in known]
            if all(_agree(system.values[known[key]], values[key]) for key in shared):
                return known, period
    alike.append({})
    return alike[-1], periods[0]


def _agree(one: float, other: float) -> bool:
    return bool(np.isnan(one) or np.isnan(other) or abs(one - other) < _CLOSE)


def _enter(system: System, known: dict[Key, int], cells: TableCells, number: int) -> None:
    """Give every cell of a table its number, and note where it stands."""
    for key, value in cells.values.items():
        if key not in known:
            known[key] = system.add(value)
        elif np.isnan(system.values[known[key]]):
            system.values[known[key]] = value
    for row, column, key in cells.shown:
        system.places[known[key]].append(Place(number, row, column))


def _add_up(system: System, known: dict[Key, int], cells: TableCells, table: Estimates) -> None:
    """Add the sums over answers and over groups, one concept at a time."""
    concept = table.spec.concept
    added = [key for key in cells.values if not _beside(key, concept, cells)]
    whole = {}
    if "edition" in table.groups:
        whole["edition"] = pooled(tuple(dict(key)["edition"] for key in cells.values))
    for dimension in cells.single:
        sums: dict[Key, list[Key]] = defaultdict(list)
        for key in added:
            value = dict(key).get(dimension, "\0")
            if not value.startswith("\0") and value != whole.get(dimension):
                sums[_with(key, dimension, whole.get(dimension, ANSWERED))].append(key)
        for key, parts in sums.items():
            together = [known[part] for part in parts]
            if key not in known:
                known[key] = system.add(sum(system.values[part] for part in together))
            elif dimension == concept and table.spec.base is Base.ANSWERED:
                together += _answers_left_out(system, known, key, together, concept)
            system.equal(together, known[key])
        added += [key for key in sums if key not in cells.values]


def _beside(key: Key, concept: str, cells: TableCells) -> bool:
    """Whether a cell counts units that other answers of the table count, too: a net."""
    return dict(key).get(concept) in cells.nets.keys() - {REST}


def _answers_left_out(
    system: System, known: dict[Key, int], base: Key, parts: list[int], concept: str
) -> list[int]:
    """Return a cell for the answers that a table leaves out: they are the base's remainder."""
    key = _with(base, concept, OTHERS)
    if key not in known:
        rest = system.values[known[base]] - sum(system.values[part] for part in parts)
        if not rest > _CLOSE:
            return []
        known[key] = system.add(rest)
        system.left_out.add(known[key])
    return [known[key]]


def _nets(system: System, known: Mapping[Key, int], cells: TableCells, concept: str) -> None:
    """Add: a net is the sum of its answers, or, of multiple answers, at most their sum."""
    for key in cells.values:
        members = cells.nets.get(dict(key).get(concept, ""), ())
        present = [
            known[_with(key, concept, each)]
            for each in members
            if _with(key, concept, each) in known
        ]
        for each in present:
            system.at_most([each], [known[key]])
        if len(present) == len(members) and members:
            system.at_most([known[key]], present)
            if concept in cells.single:
                system.equal(present, known[key])


def _with(key: Key, concept: str, value: str) -> Key:
    return frozenset((*((c, v) for c, v in key if c != concept), (concept, value)))


def _without(key: Key, concept: str) -> Key:
    return frozenset((c, v) for c, v in key if c != concept)


def _part_of_whole(system: System, known: Mapping[Key, int]) -> None:
    """Add that parts are at most their wholes, and so are those who did not choose."""
    for key, cell in list(known.items()):
        for concept, value in sorted(key):
            for whole in _wholes(key, concept, value):
                if whole in known:
                    system.at_most([cell], [known[whole]])
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
    for group, _ in sorted(key):
        if group in ("edition", answer):
            continue
        corners = (asked, key, _without(asked, group), _without(key, group))
        if all(corner in known for corner in corners):
            base, count, whole_base, whole_count = (known[corner] for corner in corners)
            system.at_most((base, whole_count), (whole_base, count))


def _countries_of_regions(system: System, known: dict[Key, int]) -> None:
    """Add: the countries of a region add up to it; clouds in several countries, at most."""
    for region_concept, country_concept in REGION_OF.items():
        parts: dict[Key, list[int]] = defaultdict(list)
        for key, cell in known.items():
            country = find_country(dict(key).get(country_concept, "\0"))
            if country is not None:
                group = _without(key, country_concept)
                parts[_with(group, region_concept, country.region)].append(cell)
        for key, cells in parts.items():
            if key in known:
                system.equal(cells, known[key])
                for cell in cells:
                    system.at_most([cell], [known[key]])
