"""Cells of many questions of which something is computed once, when all of them are there.

Whatever is computed with quantiles of a few cells of each question takes longer to call than to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.estimates.precision.imprecision import judge_large
from survey.estimates.precision.intervals import Limits, unified, unified_low

__all__ = ["Gathered", "Unsettled"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Numbers = npt.NDArray[Any]

_AT_ONCE = 1 << 16
"""Cells from which on calls are few enough; more would not stay in the processor's cache."""


class Gathered:
    """Some cells of a table, by their place in it, with what belongs to each.

    Examples
    --------
    >>> some = Gathered()
    >>> some.add(0, np.array([[True, False]]), np.array([[0.1, 0.2]]))
    >>> some.add(2, np.array([[False, True]]), np.array([[0.3, 0.4]]))
    >>> [(places.tolist(), values.tolist()) for places, values in some.blocks()]
    [([0, 3], [0.1, 0.4])]
    """

    def __init__(self) -> None:
        self._places: list[Ints] = []
        self._values: list[tuple[Numbers, ...]] = []

    def add(self, start: int, where: Flags, *values: Numbers) -> None:
        """Add some cells of a question whose first cell is at the place ``start``."""
        self._places.append(start + np.flatnonzero(where))
        self._values.append(tuple(each[where] for each in values))

    def blocks(self, least: int = _AT_ONCE) -> Iterator[tuple[Numbers, ...]]:
        """Yield the places and the values of so many cells at least, whole questions at once."""
        start, size = 0, 0
        for end, places in enumerate(self._places, start=1):
            size += len(places)
            if size >= least or end == len(self._places):
                values = zip(*self._values[start:end], strict=True)
                yield np.concatenate(self._places[start:end]), *map(np.concatenate, values)
                start, size = end, 0


class Unsettled:
    """Cells whose limits and verdicts wait for quantiles.

    Attributes
    ----------
    rare
        Shares and sizes of those whose limits are those of :func:`unified`.
    near
        The same of those that have other limits, without what the unified interval leaves out.
    large
        What :func:`judge_large` needs to judge those of large samples.
    """

    def __init__(self) -> None:
        self.rare, self.near, self.large = Gathered(), Gathered(), Gathered()

    def settle(
        self, limits: Limits, rule: Numbers, review: Numbers, level: float, cells: int
    ) -> None:
        """Put limits and verdicts in their places in the columns of a table of so many cells."""
        for places, share, size in self.rare.blocks():
            limits.low[places], limits.high[places] = unified(share, size, level, cells)
        for places, share, size in self.near.blocks():
            rare = share <= 0.5
            near = unified_low(np.where(rare, share, 1 - share), size, level, cells)
            low, high = (each[places] for each in limits)
            limits.low[places] = np.where(rare, np.maximum(low, near), low)
            limits.high[places] = np.where(rare, high, np.minimum(high, 1 - near))
        for places, share, size, effective, df, freedom, by_standard in self.large.blocks():
            rule[places], review[places] = judge_large(
                share, size, effective, df, freedom, by_standard=by_standard, cells=cells
            )
