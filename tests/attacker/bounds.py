"""Bounds: the smallest and largest value of each true count that fits all that was published.

Every count is an integer unknown. What a table says about it, and how counts add up, are the
constraints of an integer program; its smallest and largest solution are what anybody can know
for certain.
"""

from __future__ import annotations

import itertools
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .noise import LARGEST, could_be
from .reading import ALL_OF, Cell, Key, PublishedTable, band_of

__all__ = ["Program", "System", "exactly", "noisily", "noisy_system_of", "others_of", "system_of"]

MANY = 1_000_000
ROOT = Path(__file__).parents[2]
HIERARCHIES = ROOT / "src" / "survey" / "codebook" / "data" / "hierarchies.toml"
Reads = Callable[[Cell], tuple[int, int]]


def exactly(cell: Cell) -> tuple[int, int]:
    """Read a count as it stands; a withheld one is anything up to its base."""
    if cell.count is not None:
        return cell.count, cell.count
    return 0, MANY if cell.base is None else cell.base


BASE, REST, TOP_REST = "\0base", "Another answer", "Any other answer"
FEW = (0, 3, 4)
LARGE = 3 * LARGEST  # noise of a count in which one organization has up to 30 clouds


def noisily(cell: Cell, reach: int = LARGEST) -> tuple[int, int]:
    """Read a perturbed count; of large ones the noise may be larger, see the published method."""
    if cell.status == "below":
        return 0, max(FEW) + reach
    if cell.count is None:
        return 0, MANY
    if reach == LARGEST and cell.count <= 10:
        known = could_be(cell.count)
        return min(known), max(known)
    return max(0, cell.count - LARGE), cell.count + LARGE


class Program(NamedTuple):
    """A part of a system as scipy takes it."""

    limits: Bounds
    constraints: tuple[LinearConstraint, ...]


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

    def program(self, part: list[Key]) -> Program:
        """Return limits and sums of a part as an integer program; equal sums stand once."""
        place = {key: number for number, key in enumerate(part)}
        rows = {
            (frozenset(terms.items()), low, high): None
            for terms, low, high in self.sums
            if next(iter(terms)) in place
        }
        limits = Bounds([self.low[k] for k in part], [self.high[k] for k in part])
        if not rows:
            return Program(limits, ())
        entries = [
            (row, place[key], factor)
            for row, (terms, _, _) in enumerate(rows)
            for key, factor in sorted(terms, key=lambda term: place[term[0]])
        ]
        row, column, factor = (np.array(each) for each in zip(*entries, strict=True))
        # Older scipy hands the index to HiGHS as it is, which takes 32 bits alone.
        place_of = (row.astype(np.int32), column.astype(np.int32))
        matrix = csr_array((factor.astype(float), place_of), shape=(len(rows), len(part)))
        return Program(
            limits, (LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows]),)
        )

    def _of_part(
        self, part: list[Key], targets: list[Key], seconds: float
    ) -> dict[Key, tuple[int, int]]:
        place = {key: number for number, key in enumerate(part)}
        program = self.program(part)
        found = {}
        for key in targets:
            ends = []
            for sign in (1.0, -1.0):
                cost = np.zeros(len(part))
                cost[place[key]] = sign
                posed = {"bounds": program.limits, "constraints": program.constraints}
                whole = np.ones(len(part))
                result = milp(cost, integrality=whole, options={"time_limit": seconds}, **posed)
                if result.status == 2:
                    raise ValueError(f"what was published contradicts itself around {key}")
                bound = result.mip_dual_bound if result.mip_dual_bound is not None else result.fun
                if bound is None:  # none in time: that of real numbers, which is wider
                    bound = milp(cost, **posed).fun
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
    """Relate each breakdown to the table without it.

    A question divides a whole twice: by its answers, where it is asked about, and by the classes
    that join them, where it makes the groups.
    """
    margins: dict[Key, dict[tuple[str, bool], set[Key]]] = defaultdict(lambda: defaultdict(set))
    unions: set[tuple[Key, Key]] = set()
    for concept, key in _keys_with_groups(system, tables):
        for pair in key[2]:
            groups = pair[0] != concept
            whole = (*key[:2], key[2] - {pair})
            if ALL_OF in pair[1] or pair[1] == TOP_REST:  # unions overlap with others
                unions.add((key, whole))
            elif groups or pair[1] != BASE:
                margins[whole][(pair[0], groups)].add(key)
    for key, whole in unions:
        if whole in system.low:
            system.relate({key: 1, whole: -1}, -MANY, 0)
    for whole, breakdowns in margins.items():
        if whole not in system.low:
            continue
        for (concept, _), keys in breakdowns.items():
            if several.get(concept, False):
                for key in keys:
                    system.relate({key: 1, whole: -1}, -MANY, 0)
            else:
                system.relate({**dict.fromkeys(_finest(keys, concept), 1), whole: -1}, -MANY, 0)


def _keys_with_groups(system: System, tables: list[PublishedTable]) -> Iterator[tuple[str, Key]]:
    """Yield the counts and bases of tables with groups, with the question of the table."""
    for table in tables:
        for cell in table.cells:
            for answer in (cell.answer, BASE):
                key = (cell.key[0], table.unit, cell.group | {(table.concept, answer)})
                if cell.group and key in system.low:
                    yield table.concept, key


def _finest(keys: set[Key], concept: str) -> set[Key]:
    """Leave out classes of bands whose bands are there, too, and answers whose class is there."""
    labels = {key: dict(key[2])[concept] for key in keys}
    classes = _classes().get(concept, {})
    joined = {m for name in labels.values() for m in classes.get(name, ()) if m != name}
    bands = {key: band_of(label) for key, label in labels.items() if label not in joined}
    return {
        key
        for key, band in bands.items()
        if band is None
        or not any(
            other != key and inner and band[0] <= inner[0] and inner[1] <= band[1]
            for other, inner in bands.items()
        )
    }


@cache
def _classes() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(HIERARCHIES.read_text(encoding="utf-8"))


def _add_classes(system: System, tables: list[PublishedTable]) -> None:
    """Relate the classes that join groups to the answers that they join, as far as both stand."""
    classes = _classes()
    keys = set(system.low)
    for edition, unit, pairs in keys:
        for concept, label in pairs:
            members = classes.get(concept, {}).get(label, [])
            rest = pairs - {(concept, label)}
            inside = [
                key for m in members if (key := (edition, unit, rest | {(concept, m)})) in keys
            ]
            if inside and (concept, label) not in {(concept, m) for m in members}:
                own = (edition, unit, pairs)
                system.relate({**dict.fromkeys(inside, 1), own: -1}, -MANY, 0)


def noisy_system_of(tables: Iterable[PublishedTable], reach: int = LARGEST) -> System:
    """Return the system of everything that perturbed tables of shares say.

    Wholes are unknowns as well. What each row of a multiple choice says twice (those who gave the
    answer, and those who did not) ties it to the whole of its group. ``reach`` is how far the
    noise of small counts goes: 5, or more where one organization may have more than 10 clouds.
    """
    given = list(tables)
    known = [_with_the_last_one(table) for table in given]
    system = system_of(known, lambda cell: noisily(cell, reach), exact_bases=False)
    for table in known:
        for group, cells in _groups(table).items():
            edition, pairs = group
            whole = (edition, table.unit, pairs | {(table.concept, BASE)})
            usable = [cell for cell in cells if cell.status in _TELLING]
            if table.counting != "answered" or not usable:
                continue
            if not table.several:
                system.relate({**{cell.key: 1 for cell in usable}, whole: -1}, -MANY, 0)
                continue
            for cell in usable:
                if cell.base is not None:  # raised to the largest count, hence no upper limit below
                    system.know(whole, max(0, cell.base - LARGE), cell.base + LARGE)
                others = others_of(cell)
                if others:
                    system.relate(
                        {whole: 1, cell.key: -1}, *_behind(min(others), max(others), reach)
                    )
    _add_margins(system, known, {t.concept: t.several for t in known} | _single_groups(known))
    _add_rest(system, known)
    _add_classes(system, known)
    return system


def others_of(cell: Cell) -> tuple[int, ...]:
    """Return how many may be shown not to have given an answer: the share is part of both."""
    if not cell.count or not cell.value:
        return ()
    least = cell.count / min(1.0, cell.value + 0.005)
    most = cell.count / max(cell.value - 0.005, 1e-3)
    wholes = range(int(np.ceil(least - 1e-9)), int(most + 1e-9) + 1)
    return tuple(other for whole in wholes if could_be(other := whole - cell.count))


def _behind(least: int, most: int, reach: int) -> tuple[int, int]:
    """Return which true counts may stand behind published ones of a range."""
    strict = reach == LARGEST
    low = min(could_be(least)) if strict and least <= 10 else max(0, least - LARGE)
    high = max(could_be(most)) if strict and most <= 10 else most + LARGE
    return low, high


_TELLING = ("ok", "imprecise", "below", "above")


def _single_groups(tables: list[PublishedTable]) -> dict[str, bool]:
    """Concepts that only group: a unit is in one of their groups."""
    about = {table.concept for table in tables}
    return {name: False for table in tables for name in table.by if name not in about}


def _groups(table: PublishedTable) -> dict[tuple, list[Cell]]:
    groups: dict[tuple, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        groups[(cell.key[0], cell.group)].append(cell)
    return groups


def _with_the_last_one(table: PublishedTable) -> PublishedTable:
    """Fill in counts of a single choice that a group does not show, as far as its base tells them.

    The base is the sum of the shown counts: what they leave is the last one, or all are 0.
    """
    if table.several:
        return table
    filled: list[Cell] = []
    for cells in _groups(table).values():
        hidden = [cell for cell in cells if cell.count is None and cell.status in _TELLING]
        bases = {cell.base for cell in cells if cell.base is not None}
        left = min(bases, default=0) - sum(cell.count or 0 for cell in cells)
        if hidden and len(bases) == 1 and (len(hidden) == 1 or left == 0):
            filled += [replace(c, count=left) if c in hidden else c for c in cells]
        else:
            filled += cells
    return replace(table, cells=tuple(filled))


def _add_rest(system: System, tables: list[PublishedTable]) -> None:
    """Relate "Another answer" to the answers that stand in the table without groups alone."""
    alone = {
        (cell.key[0], table.unit, table.concept, cell.answer): cell.key
        for table in tables
        if not set(table.by) - {"edition"}
        for cell in table.cells
    }
    for table in tables:
        for (edition, group), cells in _groups(table).items():
            own = {cell.answer: cell for cell in cells}
            if not group or REST not in own:
                continue
            joined = [
                key
                for (name, unit, concept, answer), key in alone.items()
                if (name, unit, concept) == (edition, table.unit, table.concept)
                and answer not in own
            ]
            if joined:
                terms = {**dict.fromkeys(joined, -1), own[REST].key: 1}
                system.relate(terms, -MANY, 0)
