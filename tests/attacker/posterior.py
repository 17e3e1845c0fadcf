"""Posteriors: how sure an attacker can be of a true count, given everything near it.

The chance of each true count is weighed by what was published of the cell itself, of those in
its group who did not give the answer (multiple choice), of the table without the group, and of
wholes that it is a part of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from tests.attacker.bounds import others_of
from tests.attacker.noise import VARIANCE, chances
from tests.attacker.reading import Cell, Key, PublishedTable
from tests.attacker.wholes import beside_their_wholes

__all__ = ["Guess", "guesses"]

_MOST = 40
_FEW = (0, 3, 4)


@dataclass(frozen=True)
class Guess:
    """The most likely true count of a cell, and how likely it is."""

    key: Key
    count: int
    chance: float


def guesses(
    tables: Iterable[PublishedTable], *, knows_some: bool = False, own: dict[Key, int] | None = None
) -> list[Guess]:
    """Return a guess for every cell of a table with groups that shows few.

    Parameters
    ----------
    tables
        Of one or several reports.
    knows_some
        Whether the attacker knows of every cell that somebody is in it.
    own
        What an insider knows: how many of each count are its own.
    """
    given = list(tables)
    prior = _prior(given)
    elsewhere = sums_of_partitions(given, prior)
    for key, fit in beside_their_wholes(given, prior).items():
        elsewhere[key] = elsewhere.get(key, np.ones(_MOST)) * fit
    if knows_some:
        prior = np.where(np.arange(_MOST) == 0, 0, prior)
    known = own or {}
    return [g for table in given for g in _of_table(table, prior, elsewhere, known)]


def sums_of_partitions(tables: list[PublishedTable], prior: np.ndarray) -> dict[Key, np.ndarray]:
    """Return for each count how well its true values fit the sums of the parts that are printed.

    Every breakdown whose groups are all shown divides the count once more, each time with other
    noise: the average over breakdowns is what this weighs. Who did not answer the question that
    makes the groups is missing from the parts, with the chance that bases tell.
    """
    whole, base = {}, {}
    for table in tables:
        if set(table.by) <= {"edition"}:
            for cell in table.cells:
                whole.setdefault(cell.key, cell)
                base[(cell.key[0], table.unit, table.concept)] = cell.base
    found: dict[Key, np.ndarray] = {}
    for table in tables:
        by = [name for name in table.by if name != "edition"]
        if len(by) != 1:
            continue
        for key, cells in _parts(table).items():
            total = base.get((key[0], table.unit, table.concept))
            if (
                key not in whole
                or not total
                or any(c.count is None or c.base is None for c in cells)
            ):
                continue
            inside = sum(c.base for c in cells)
            if sum(c.count for c in cells) > 15 or inside > 1.03 * total:  # or groups overlap
                continue
            fit = _fit_of_sum(cells, prior, min(1.0, inside / total))
            found[key] = found.get(key, np.ones(_MOST)) * fit
    return found


def _parts(table: PublishedTable) -> dict[Key, list[Cell]]:
    """Return key of the whole -> its cells, for answers that stand in every group."""
    groups = {(cell.key[0], cell.group) for cell in table.cells}
    number = defaultdict(int)
    for edition, _ in groups:
        number[edition] += 1
    parts = defaultdict(list)
    for cell in table.cells:
        parts[(cell.key[0], table.unit, cell.key[2] - cell.group)].append(cell)
    return {key: cells for key, cells in parts.items() if len(cells) == number[key[0]]}


def _fit_of_sum(cells: list[Cell], prior: np.ndarray, present: float) -> np.ndarray:
    """Return how much likelier each whole makes what was printed of its parts."""
    seen, expected = np.array([1.0]), np.array([1.0])
    for cell in cells:
        own = prior * [chances(t).get(cell.count, 0.0) for t in range(_MOST)]
        seen = np.convolve(seen, own)[:_MOST]
        expected = np.convolve(expected, prior / prior.sum())[:_MOST]
    ratio = np.divide(seen, expected, out=np.zeros(_MOST), where=expected > 0)
    return np.array([binom.pmf(np.arange(_MOST), t, present) @ ratio for t in range(_MOST)])


def _prior(tables: list[PublishedTable]) -> np.ndarray:
    """Learn how frequent true counts are from how frequent published ones are."""
    seen = np.zeros(_MOST)
    for table in tables:
        for cell in table.cells:
            if cell.count is not None and cell.count < _MOST:
                seen[cell.count] += 1
    frequency = np.ones(_MOST) / _MOST
    matrix = np.array([[chances(t).get(p, 0.0) for t in range(_MOST)] for p in range(_MOST)])
    for _ in range(50):  # expectation and maximization: the noise is known
        expected = matrix * frequency
        expected /= np.maximum(expected.sum(axis=1, keepdims=True), 1e-300)
        frequency = seen @ expected
        frequency /= frequency.sum()
    return frequency + 1e-6


def _of_table(
    table: PublishedTable,
    prior: np.ndarray,
    elsewhere: dict[Key, np.ndarray],
    own: dict[Key, int],
) -> list[Guess]:
    groups = defaultdict(list)
    for cell in table.cells:
        groups[(cell.key[0], cell.group)].append(cell)
    found = []
    for cells in groups.values():
        sums = _sums_beside(cells) if table.several else {}
        for cell in cells:
            published = _FEW if cell.status == "below" else (cell.count,)
            if published[0] is None or max(published) > 12:
                continue
            weight = prior.copy()
            weight *= [sum(chances(t).get(p, 0.0) for p in published) for t in range(_MOST)]
            if table.several and cell.base is not None:
                others = [sums[key] for key in sums if key != cell.key]
                weight *= _from_the_others(others_of(cell), cell.base, others)
            weight *= elsewhere.get(cell.key, 1.0)
            weight[: own.get(cell.key, 0)] = 0
            if weight.sum() > 0:
                weight /= weight.sum()
                best = int(weight.argmax())
                found.append(Guess(cell.key, best, float(weight[best])))
    return found


def _sums_beside(cells: list[Cell]) -> dict[Key, tuple[float, float]]:
    """Return what each answer's count and share tell of the whole of a group: mean and variance.

    A share is part of those who gave the answer and those who did not, two perturbed numbers whose
    sum is the whole but for their noise. Each answer tells of the same whole once more.
    """
    found = {}
    for cell in cells:
        others = others_of(cell)
        if others and cell.count:
            middle = cell.count + (min(others) + max(others)) / 2
            rounding = (max(others) - min(others)) ** 2 / 12
            found[cell.key] = (middle, 2 * VARIANCE + rounding)
    return found


def _from_the_others(
    others: tuple[int, ...], base: int, sums: list[tuple[float, float]]
) -> np.ndarray:
    """Weigh true counts by those who did not give the answer.

    Of the whole the printed base tells, and the sums of every other answer, which average.
    """
    if not others or len(others) > 11:
        return np.ones(_MOST)
    weight = np.zeros(_MOST)
    for whole in range(max(0, base - 5), base + 6):
        likely = chances(whole).get(base, 0.0)
        likely *= np.exp(sum(-((whole - middle) ** 2) / (2 * spread) for middle, spread in sums))
        weight += [
            likely * sum(chances(whole - t).get(n, 0.0) for n in others) if whole >= t else 0.0
            for t in range(_MOST)
        ]
    return weight if weight.any() else np.ones(_MOST)
