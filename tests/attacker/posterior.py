"""Posteriors: how sure an attacker can be of a true count, given everything near it.

The chance of each true count is weighed by what was published of the cell itself, of those in
its group who did not give the answer (multiple choice), and of the table without the group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tests.attacker.bounds import others_of
from tests.attacker.noise import chances
from tests.attacker.reading import Key, PublishedTable

__all__ = ["Guess", "guesses"]

_MOST = 40
_FEW = (0, 3, 4)


@dataclass(frozen=True)
class Guess:
    """The most likely true count of a cell, and how likely it is."""

    key: Key
    count: int
    chance: float


def guesses(tables: Iterable[PublishedTable], *, knows_some: bool = False) -> list[Guess]:
    """Return a guess for every cell of a table with groups that shows few.

    Parameters
    ----------
    tables
        Of one or several reports.
    knows_some
        Whether the attacker knows of every cell that somebody is in it.
    """
    given = list(tables)
    prior = _prior(given)
    if knows_some:
        prior = np.where(np.arange(_MOST) == 0, 0, prior)
    return [guess for table in given for guess in _of_table(table, prior)]


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


def _of_table(table: PublishedTable, prior: np.ndarray) -> list[Guess]:
    groups = defaultdict(list)
    for cell in table.cells:
        groups[(cell.key[0], cell.group)].append(cell)
    found = []
    for cells in groups.values():
        for cell in cells:
            published = _FEW if cell.status == "below" else (cell.count,)
            if published[0] is None or max(published) > 12:
                continue
            weight = prior.copy()
            weight *= [sum(chances(t).get(p, 0.0) for p in published) for t in range(_MOST)]
            if table.several and cell.base is not None:
                weight *= _from_the_others(others_of(cell), cell.base)
            if weight.sum() > 0:
                weight /= weight.sum()
                best = int(weight.argmax())
                found.append(Guess(cell.key, best, float(weight[best])))
    return found


def _from_the_others(others: tuple[int, ...], base: int) -> np.ndarray:
    """Weigh true counts by those who did not give the answer; the base is known to within noise."""
    if not others or len(others) > 11:
        return np.ones(_MOST)
    weight = np.zeros(_MOST)
    for whole in range(max(0, base - 5), base + 6):
        likely = chances(whole).get(base, 0.0)
        weight += [
            likely * sum(chances(whole - t).get(n, 0.0) for n in others) if whole >= t else 0.0
            for t in range(_MOST)
        ]
    return weight
