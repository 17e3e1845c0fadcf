"""The change of a total or a mean between two editions, by exchanging editions of organizations.

Where nothing changed in the population, each organization could as well have given its later
answers in the earlier edition and the other way round: also those that took part once. Turning
the sign of every organization's change at random gives the distribution of the change under no
change. It needs no assumption on how sizes are spread, which matters because a few giants carry
most of a total: percentiles of a bootstrap then reject no change up to twice as often as they
should, and Student's quotient half as often.

A mean is exchanged as its linearized scores: what each organization adds to the difference of the
means, seen from the mean of both editions together.

The limits of the difference are as far from it as ``level`` of the changes under no change are
from 0 (the wild cluster bootstrap with signs). Those of the quotient are the factors by which
the later edition could be divided without the test rejecting no change. Both intervals and the
p-value agree on no change. The same organizations with the same numbers give the same result in
whatever order and among whomever else they stand.

Sources
-------
Fisher, R. A. (1935). The Design of Experiments, section 21. Oliver and Boyd.
Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Bootstrap-based improvements for
    inference with clustered errors. Review of Economics and Statistics 90, 414-427.
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["REPLICATES", "Slope", "TotalChange", "exchange_editions", "exchange_slopes"]

Floats = npt.NDArray[np.float64]

REPLICATES: Final = 1999
"""With these, 5 % are exactly 100 of the changes under no change, the observed one included."""

_SEED = 19350101
_HALVINGS = 60
_FARTHEST = np.log(1e6)


@dataclass(frozen=True)
class TotalChange:
    """The change of a total or mean, one entry per group.

    Attributes
    ----------
    earlier, later
        The numbers of both editions.
    low, high
        Limits of later less earlier.
    factor, factor_low, factor_high
        Later over earlier; ``nan`` where the earlier number is 0.
    p_value
        Two-sided, of no change.
    clusters
        Organizations whose numbers differ between the editions.
    """

    earlier: Floats
    later: Floats
    low: Floats
    high: Floats
    factor: Floats
    factor_low: Floats
    factor_high: Floats
    p_value: Floats
    clusters: npt.NDArray[np.intp]

    @property
    def value(self) -> Floats:
        """Later less earlier."""
        return self.later - self.earlier


def exchange_editions(
    earlier: Floats,
    later: Floats,
    level: float = 0.95,
    replicates: int = REPLICATES,
    sizes: tuple[Floats, Floats] | None = None,
) -> TotalChange:
    """Return how totals or means changed.

    Parameters
    ----------
    earlier, later
        Clusters x groups: what each organization adds to the sums of both editions, 0 where
        it did not take part.
    level
        Confidence level.
    replicates
        How often signs are drawn; the same ones every time.
    sizes
        Of means: clusters x groups, how many answers each organization gave in both editions.

    Examples
    --------
    >>> earlier = np.array([[3.0], [5], [2], [8], [0], [4], [6], [1], [7], [2]])
    >>> found = exchange_editions(earlier, earlier * 2)
    >>> found.value.tolist(), found.factor.tolist(), bool(found.p_value[0] < 0.05)
    ([38.0], [2.0], True)
    """
    groups = []
    for group in range(earlier.shape[1]):
        sums = (earlier[:, group], later[:, group])
        many = None if sizes is None else (sizes[0][:, group], sizes[1][:, group])
        groups.append(_exchanged(_Sides.of(sums, many), level, replicates))
    names = [field.name for field in fields(TotalChange)]
    found = dict(zip(names, np.array(groups).reshape(-1, len(names)).T, strict=True))
    clusters = found.pop("clusters").astype(np.intp)
    return TotalChange(**found, clusters=clusters)


@dataclass(frozen=True)
class Slope:
    """A change per year with limits and the p-value of no trend, one entry per group."""

    value: Floats
    low: Floats
    high: Floats
    p_value: Floats


def exchange_slopes(
    scores: Floats, sizes: Floats, level: float = 0.95, replicates: int = REPLICATES
) -> Slope:
    """Return slopes over editions from what each organization adds to them.

    Parameters
    ----------
    scores
        Clusters x groups: the slope of each organization's own numbers.
    sizes
        Clusters x groups: its numbers in all editions; they put organizations in an order that does
        not depend on who else is in the sample.
    level, replicates
        As in :func:`exchange_editions`.

    Examples
    --------
    >>> scores = np.array([[3.0], [5], [2], [8], [4], [6], [1], [7], [2], [9]])
    >>> found = exchange_slopes(scores, scores)
    >>> found.value.tolist(), bool(found.p_value[0] < 0.05)
    ([47.0], True)
    """
    found = np.full((4, scores.shape[1]), np.nan)
    for group in range(scores.shape[1]):
        own = scores[:, group]
        if not np.isfinite(own).all():
            continue
        taken = np.flatnonzero(sizes[:, group] != 0)
        own = own[taken][np.lexsort((sizes[taken, group], np.abs(own[taken])))]
        value, p_value, reach = _turned(own, _signs(len(own), replicates), level)
        found[:, group] = value, value - reach, value + reach, p_value
    return Slope(*found)


def _turned(scores: Floats, signs: Floats, level: float) -> tuple[float, float, float]:
    """Return the sum of scores, the p-value of 0, and how far a usual sum lies from 0."""
    turned = np.abs(signs @ scores)
    # rounding in the products must not tell a replicate from the observed change
    tolerance = 1e-9 * float(np.abs(scores).sum())
    value = float(scores.sum())
    beyond = float((turned >= abs(value) - tolerance).sum())
    return value, (beyond + 1.0) / (len(turned) + 1.0), _usual(turned, level)


@dataclass(frozen=True)
class _Sides:
    """Sums and answers of the organizations that took part, in an order of their own."""

    first: Floats
    second: Floats
    sizes: tuple[Floats, Floats] | None

    @classmethod
    def of(cls, sums: tuple[Floats, Floats], sizes: tuple[Floats, Floats] | None) -> _Sides:
        """Leave out who took part in neither edition, and order by what both gave."""
        first, second = sums
        taken = (first != 0) | (second != 0)
        if sizes is not None:
            taken |= (sizes[0] != 0) | (sizes[1] != 0)
        # the order must not tell the earlier from the later edition
        order = np.lexsort(((first + second)[taken], np.abs(second - first)[taken]))
        chosen = np.flatnonzero(taken)[order]
        kept = None if sizes is None else (sizes[0][chosen], sizes[1][chosen])
        return cls(first[chosen], second[chosen], kept)

    def numbers(self) -> tuple[float, float]:
        """Return the totals or means of both editions."""
        first, second = float(self.first.sum()), float(self.second.sum())
        if self.sizes is None:
            return first, second
        earlier, later = (
            total / many if (many := float(size.sum())) else np.nan
            for total, size in zip((first, second), self.sizes, strict=True)
        )
        return earlier, later

    def scores(self, factor: float = 1.0) -> Floats:
        """Return what each organization adds to the change, the later numbers being divided."""
        second = self.second / factor
        if self.sizes is None:
            return np.asarray(second - self.first)
        n1, n2 = self.sizes
        mean = (self.first.sum() + second.sum()) / (n1.sum() + n2.sum())
        return np.asarray((second - mean * n2) / n2.sum() - (self.first - mean * n1) / n1.sum())

    def parts(self) -> Floats:
        """Return organizations x 2: ``scores(factor)`` is the first and the second over factor."""
        if self.sizes is None:
            return np.column_stack([-self.first, self.second])
        n1, n2 = self.sizes
        earlier, later = (each.sum() / (n1.sum() + n2.sum()) for each in (self.first, self.second))
        fixed = -earlier * n2 / n2.sum() - (self.first - earlier * n1) / n1.sum()
        return np.column_stack(
            [fixed, (self.second - later * n2) / n2.sum() + later * n1 / n1.sum()]
        )


def _exchanged(sides: _Sides, level: float, replicates: int) -> tuple[float, ...]:
    """Return the change of one group, in the order of the fields of :class:`TotalChange`."""
    first, second = sides.numbers()
    if not (np.isfinite(first) and np.isfinite(second)):
        return (first, second, *[np.nan] * 6, 0.0)
    signs = _signs(len(sides.first), replicates)
    scores = sides.scores()
    _, p_value, reach = _turned(scores, signs, level)
    factor = second / first if first > 0 else np.nan
    ends: tuple[float, ...] = (np.nan, np.nan)
    if first > 0 and second > 0:
        parts = sides.parts()
        sums, turned = parts.sum(axis=0), signs @ parts
        ends = tuple(_factor_limit(factor, sums, turned, level, side) for side in (-1.0, 1.0))
    change = second - first
    moved = float((scores != 0).sum())
    return (first, second, change - reach, change + reach, factor, *ends, p_value, moved)


@lru_cache(maxsize=64)
def _signs(clusters: int, replicates: int) -> Floats:
    random = np.random.default_rng(_SEED)
    signs = np.asarray(random.integers(0, 2, size=(replicates, clusters)) * 2.0 - 1.0)
    signs.flags.writeable = False
    return signs


def _usual(turned: Floats, level: float) -> float:
    """Return the smallest change that the test at this level does not count as usual.

    With the observed change added there are ``replicates + 1``; the limit is the one that
    makes ``p < 1 - level`` and "0 outside the limits" the same event.
    """
    replicates = len(turned)
    rank = int(np.ceil((1 - level) * (replicates + 1) - 1e-9)) - 1
    place = max(min(rank, replicates) - 1, 0)
    return float(np.partition(turned, replicates - 1 - place)[replicates - 1 - place])


def _factor_limit(factor: float, sums: Floats, turned: Floats, level: float, side: float) -> float:
    """Return the factor farthest on one side that the test does not reject, by halving.

    ``sums`` are those of the two parts of the scores, and ``turned`` those with signs exchanged.
    """

    def kept(log_factor: float) -> bool:
        share = float(np.exp(-log_factor))
        reach = _usual(np.abs(turned[:, 0] + turned[:, 1] * share), level)
        return abs(float(sums[0] + sums[1] * share)) <= reach * (1 + 1e-12)

    inside = float(np.log(factor))
    outside = inside + side * float(_FARTHEST)
    if kept(outside):
        return 0.0 if side < 0 else np.inf
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if kept(middle):
            inside = middle
        else:
            outside = middle
    return float(np.exp((inside + outside) / 2))
