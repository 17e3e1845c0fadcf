"""Bounds: the smallest and largest value of each true count that fits all that was published.

Every count is an integer unknown. What a table says about it, and how counts add up, are the
constraints of an integer program; its smallest and largest solution are what anybody can know
for certain.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .reading import Cell, Key, PublishedTable, band_of

__all__ = ["System", "exactly", "system_of"]

MANY = 1_000_000
Reads = Callable[[Cell], tuple[int, int]]


def exactly(cell: Cell) -> tuple[int, int]:
    """Read a count as it stands; a withheld one is anything up to its base."""
    if cell.count is not None:
        return cell.count, cell.count
    return 0, MANY if cell.base is None else cell.base


@dataclass
class System:
    """Unknowns with their limits, and sums that hold between them."""

    low: dict[Key, int] = field(default_factory=dict)
    high: dict[Key, int] = field(default_factory=dict)
    sums: list[tuple[dict[Key, int], float, float]] = field(default_factory=list)

    def know(self, key: Key, low: int, high: int) -> None:
        """Narrow what a count may be."""
        self.low[key] = max(self.low.get(key, 0), low)
        self.high[key] = min(self.high.get(key, MANY), high)

    def relate(self, terms: dict[Key, int], low: float, high: float) -> None:
        """Say that a sum of counts lies between two numbers."""
        for key in terms:
            self.know(key, 0, MANY)
        self.sums.append((terms, low, high))

    def parts(self) -> Iterator[list[Key]]:
        """Yield the unknowns that hang together through sums."""
        neighbours: dict[Key, set[int]] = defaultdict(set)
        for number, (terms, _, _) in enumerate(self.sums):
            for key in terms:
                neighbours[key].add(number)
        seen: set[Key] = set()
        for start in self.low:
            if start in seen:
                continue
            found, waiting = [], [start]
            seen.add(start)
            while waiting:
                key = waiting.pop()
                found.append(key)
                for number in neighbours[key]:
                    fresh = [other for other in self.sums[number][0] if other not in seen]
                    seen.update(fresh)
                    waiting += fresh
            yield found

    def bounds(self, wanted: Iterable[Key], seconds: float = 5.0) -> dict[Key, tuple[int, int]]:
        """Return the smallest and largest value of each wanted count."""
        asked = set(wanted)
        found: dict[Key, tuple[int, int]] = {}
        for part in self.parts():
            targets = [key for key in part if key in asked]
            if targets:
                found |= self._of_part(part, targets, seconds)
        return found

    def _of_part(
        self, part: list[Key], targets: list[Key], seconds: float
    ) -> dict[Key, tuple[int, int]]:
        place = {key: number for number, key in enumerate(part)}
        rows = [each for each in self.sums if next(iter(each[0])) in place]
        limits = Bounds([self.low[k] for k in part], [self.high[k] for k in part])
        constraints = []
        if rows:
            entries = [
                (r, place[key], factor)
                for r, (terms, _, _) in enumerate(rows)
                for key, factor in terms.items()
            ]
            row, column, factor = (np.array(each) for each in zip(*entries, strict=True))
            matrix = csr_array((factor.astype(float), (row, column)), shape=(len(rows), len(part)))
            constraints = [LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows])]
        found = {}
        for key in targets:
            ends = []
            for sign in (1.0, -1.0):
                cost = np.zeros(len(part))
                cost[place[key]] = sign
                result = milp(
                    cost,
                    integrality=np.ones(len(part)),
                    bounds=limits,
                    constraints=constraints,
                    options={"time_limit": seconds},
                )
                if result.status == 2:
                    raise ValueError(f"what was published contradicts itself around {key}")
                bound = result.mip_dual_bound if result.mip_dual_bound is not None else result.fun
                ends.append(sign * float(bound))
            found[key] = (int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6)))
        return found


def system_of(
    tables: Iterable[PublishedTable], reads: Reads, *, exact_bases: bool = True
) -> System:
    """Return the system of everything that tables of shares say.

    Parameters
    ----------
    tables
        Of one or several reports.
    reads
        What a published row says about the true count.
    exact_bases
        Whether the answers of a single choice add up to the printed base exactly.
    """
    system = System()
    given = list(tables)
    several = {table.concept: table.several for table in given}
    for table in given:
        for cell in table.cells:
            if cell.status not in ("not offered", "not available", "not comparable"):
                system.know(cell.key, *reads(cell))
        if exact_bases:
            _add_bases(system, table)
    _add_nets(system, given)
    _add_margins(system, given, several)
    return system


def _add_bases(system: System, table: PublishedTable) -> None:
    groups: dict[tuple, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        groups[(cell.key[0], cell.group)].append(cell)
    for cells in groups.values():
        bases = {cell.base for cell in cells if cell.base is not None}
        if table.several or len(bases) != 1 or table.counting != "answered":
            continue
        shown = [cell for cell in cells if not _covered(cell.answer, [c.answer for c in cells])]
        base = bases.pop()
        if _exhaustive(shown):
            system.relate({cell.key: 1 for cell in shown}, base, base)
        else:
            system.relate({cell.key: 1 for cell in shown}, 0, base)


def _covered(answer: str, others: list[str]) -> bool:
    """Whether an answer is a class of others that stand in the table, too."""
    own = band_of(answer)
    if own is None:
        return False
    inside = [
        b for o in others if o != answer and (b := band_of(o)) and own[0] <= b[0] <= b[1] <= own[1]
    ]
    return len(inside) >= 2


def _exhaustive(cells: list[Cell]) -> bool:
    """Whether nobody can have given another answer: the questionnaire lists no more."""
    return len(cells) >= 2


def _add_nets(system: System, tables: list[PublishedTable]) -> None:
    """Relate classes of bands to the bands, in the same group."""
    groups: dict[tuple, dict[str, Key]] = defaultdict(dict)
    known: dict[tuple, set[str]] = defaultdict(set)
    for table in tables:
        for cell in table.cells:
            if band_of(cell.answer):
                edition, unit, _ = cell.key
                groups[(edition, unit, table.concept, cell.group)][cell.answer] = cell.key
                known[(edition, unit, table.concept)].add(cell.answer)
    for (edition, unit, concept, group), shown in groups.items():
        answers = dict(shown)
        for answer in known[(edition, unit, concept)]:
            answers.setdefault(answer, (edition, unit, group | {(concept, answer)}))
        bands = {answer: band_of(answer) for answer in answers}
        for answer, (low, high) in bands.items():
            inside = [
                other
                for other, (start, end) in bands.items()
                if other != answer and low <= start and end <= high
            ]
            finest = [
                o
                for o in inside
                if not any(
                    p != o and bands[o][0] <= bands[p][0] and bands[p][1] <= bands[o][1]
                    for p in inside
                )
            ]
            if len(finest) >= 2 and _tiles(low, high, [bands[o] for o in finest]):
                system.relate({answers[answer]: -1, **{answers[o]: 1 for o in finest}}, 0, 0)


def _tiles(low: float, high: float, bands: list[tuple[float, float]]) -> bool:
    ordered = sorted(bands)
    joined = all(b[0] <= a[1] + 1 for a, b in itertools.pairwise(ordered))
    return joined and ordered[0][0] <= max(low, 1.0) and ordered[-1][1] == high


def _add_margins(system: System, tables: list[PublishedTable], several: dict[str, bool]) -> None:
    """Relate each breakdown to the table without it."""
    margins: dict[Key, dict[str, set[Key]]] = defaultdict(lambda: defaultdict(set))
    for key in list(system.low):
        edition, unit, pairs = key
        for pair in pairs:
            if len(pairs) > 1:
                margins[(edition, unit, pairs - {pair})][pair[0]].add(key)
    for whole, breakdowns in margins.items():
        for concept, keys in breakdowns.items():
            if whole not in system.low:
                continue
            if several.get(concept, False):
                for key in keys:
                    system.relate({key: 1, whole: -1}, -MANY, 0)
            else:
                bands = {k: band_of(dict(k[2])[concept]) for k in keys}
                finest = {
                    k
                    for k, b in bands.items()
                    if b is None
                    or not any(
                        o != k and c and b[0] <= c[0] and c[1] <= b[1] for o, c in bands.items()
                    )
                }
                system.relate({**dict.fromkeys(finest, 1), whole: -1}, -MANY, 0)
