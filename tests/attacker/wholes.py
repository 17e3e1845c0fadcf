"""Parts beside their whole: what the count of a whole, printed elsewhere, tells of its parts.

The noise of a count follows from the records behind it. Where all other parts are empty, part and
whole are the same records and are printed alike; where a whole is printed unlike its only part
above 0, some other part is not empty. Otherwise the noise of the whole has nothing to do with that
of its parts, and tells of their sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from tests.attacker.noise import LARGEST, chances
from tests.attacker.reading import ALL_OF, Cell, Key, PublishedTable

__all__ = ["beside_their_wholes"]

_FEW = (0, 3, 4)
_OVERLAP = 1.03
"""Groups whose bases add up to more than this of the whole overlap."""


@dataclass(frozen=True)
class Division:
    """A whole and the parts that divide it; ``outside`` units of it are expected in none."""

    whole: Cell
    parts: tuple[Cell, ...]
    outside: float


def beside_their_wholes(
    tables: Iterable[PublishedTable], prior: np.ndarray
) -> dict[Key, np.ndarray]:
    """Return for each count how well its true values fit what is printed of its whole.

    Parameters
    ----------
    tables
        Of one or several reports.
    prior
        The chance of each true count, before anything is printed of it.
    """
    found: dict[Key, np.ndarray] = {}
    for division in _divisions(list(tables)):
        for key, fit in _fits(division, prior):
            found[key] = found.get(key, np.ones(len(prior))) * fit
    return found


def _divisions(tables: list[PublishedTable]) -> Iterator[Division]:
    cells = {cell.key: cell for table in tables for cell in table.cells if _printed(cell)}
    yield from _by_groups(tables, cells)
    yield from _by_answers(cells)


def _by_groups(tables: list[PublishedTable], cells: dict[Key, Cell]) -> Iterator[Division]:
    for table in tables:
        if len(set(table.by) - {"edition"}) != 1:
            continue
        groups: dict[str, set[frozenset]] = defaultdict(set)
        parts: dict[Key, list[Cell]] = defaultdict(list)
        for cell in table.cells:
            groups[cell.key[0]].add(cell.group)
            parts[(*cell.key[:2], cell.key[2] - cell.group)].append(cell)
        for key, own in parts.items():
            whole = cells.get(key)
            every = len(own) == len(groups[key[0]]) and all(map(_printed, own))
            if whole is None or not whole.base or not every or any(c.base is None for c in own):
                continue
            inside = sum(cell.base or 0 for cell in own) / whole.base
            if inside <= _OVERLAP:
                yield Division(whole, tuple(own), max(0.0, 1 - inside) * (whole.count or 0))


def _by_answers(cells: dict[Key, Cell]) -> Iterator[Division]:
    """Yield unions of answers, such as detractors, that stand beside their members."""
    for (edition, unit, pairs), whole in cells.items():
        for concept, label in pairs:
            if ALL_OF not in label or label != whole.answer:
                continue
            rest = pairs - {(concept, label)}
            keys = [(edition, unit, rest | {(concept, name)}) for name in label.split(ALL_OF)]
            if all(key in cells for key in keys):
                yield Division(whole, tuple(cells[key] for key in keys), 0.0)


def _printed(cell: Cell) -> bool:
    return cell.count is not None or cell.status == "below"


def _numbers(cell: Cell) -> tuple[int, ...]:
    return _FEW if cell.count is None else (cell.count,)


@dataclass(frozen=True)
class _Part:
    """The chance of each true count behind a printed part, from ``start``."""

    numbers: tuple[int, ...]
    start: int
    chance: np.ndarray

    @property
    def empty(self) -> float:
        return float(self.chance[0]) if self.start == 0 else 0.0


def _part(cell: Cell, prior: np.ndarray) -> _Part:
    numbers = _numbers(cell)
    start = max(0, min(numbers) - LARGEST)
    true = range(start, max(numbers) + LARGEST + 1)
    known = [prior[t] if t < len(prior) and max(numbers) <= 12 else 1.0 for t in true]
    weight = np.array(
        [p * sum(chances(t).get(n, 0.0) for n in numbers) for t, p in zip(true, known, strict=True)]
    )
    return _Part(numbers, start, weight / weight.sum())


def _fits(division: Division, prior: np.ndarray) -> Iterator[tuple[Key, np.ndarray]]:
    parts = [_part(cell, prior) for cell in division.parts]
    printed = _numbers(division.whole)
    for place, cell in enumerate(division.parts):
        if max(parts[place].numbers) <= 12:
            others = parts[:place] + parts[place + 1 :]
            fit = _fit(parts[place].numbers, others, printed, division.outside, len(prior))
            if fit.any():
                yield cell.key, fit


def _fit(
    own: tuple[int, ...], others: list[_Part], whole: tuple[int, ...], outside: float, size: int
) -> np.ndarray:
    """Return how likely the whole is printed as it is, for each true count of one part."""
    few = np.arange(2 * LARGEST + 1)
    start, total = 0, poisson.pmf(few, outside)
    for part in others:
        start, total = start + part.start, np.convolve(total, part.chance)
    likely = _likely(whole, start, start + len(total) + size - 1)
    fit = np.correlate(likely, total, "valid")
    if start == 0:  # all others may be empty: then the whole is the records of the part, no others
        none = float(total[0])
        alike = float(bool({*own} & {*whole}))
        fit[1:] += none * (alike - likely[1:size])
    fit[0] += _one_part_alone(others, whole, outside)
    return np.maximum(fit, 0)


def _likely(printed: tuple[int, ...], start: int, end: int) -> np.ndarray:
    """Return for true counts from ``start`` how likely one of some counts is printed."""
    found = np.zeros(end - start)
    for true in range(max(start, min(printed) - LARGEST), min(end, max(printed) + LARGEST + 1)):
        found[true - start] = sum(chances(true).get(number, 0.0) for number in printed)
    return found


def _one_part_alone(others: list[_Part], whole: tuple[int, ...], outside: float) -> float:
    """Return what changes where one other part is the whole: it is printed alike, not anew."""
    changed = 0.0
    for part in others:
        rest = [each.empty for each in others if each is not part]
        alone = float(np.prod(rest)) * float(poisson.pmf(0, outside))
        if not alone:
            continue
        likely = _likely(whole, part.start, part.start + len(part.chance))
        change = float(bool({*part.numbers} & {*whole})) - likely
        if part.start == 0:
            change[0] = 0  # nobody at all
        changed += alone * float(part.chance @ change)
    return changed
