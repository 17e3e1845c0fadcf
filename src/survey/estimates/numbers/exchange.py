"""The change of a total between two editions, by exchanging the editions of organizations.

Where nothing changed in the population, each organization could as well have given its later
answers in the earlier edition and the other way round: also those that took part once. Turning
the sign of every organization's change at random gives the distribution of the total's change
under no change. It needs no assumption on how sizes are spread, which matters because a few
giants carry most of a total: percentiles of a bootstrap then reject no change up to twice as
often as they should, and Student's quotient half as often.

The limits of the difference are as far from it as ``level`` of the changes under no change are
from 0 (the wild cluster bootstrap with signs). Those of the quotient are the factors by which
the later edition could be divided without the test rejecting no change. Both intervals and the
p-value agree on no change.

Sources
-------
Fisher, R. A. (1935). The Design of Experiments, section 21. Oliver and Boyd.
Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Bootstrap-based improvements for
    inference with clustered errors. Review of Economics and Statistics 90, 414-427.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["REPLICATES", "TotalChange", "exchange_editions"]

Floats = npt.NDArray[np.float64]

REPLICATES: Final = 1999
"""With these, 5 % are exactly 100 of the changes under no change, the observed one included."""

_SEED = 19350101
_HALVINGS = 60
_FARTHEST = np.log(1e6)


@dataclass(frozen=True)
class TotalChange:
    """The change of a total, one entry per group.

    Attributes
    ----------
    value, low, high
        Later less earlier, with limits.
    factor, factor_low, factor_high
        Later over earlier; ``nan`` where the earlier total is 0.
    p_value
        Two-sided, of no change.
    clusters
        Organizations whose numbers differ between the editions.
    """

    value: Floats
    low: Floats
    high: Floats
    factor: Floats
    factor_low: Floats
    factor_high: Floats
    p_value: Floats
    clusters: npt.NDArray[np.intp]


def exchange_editions(
    earlier: Floats, later: Floats, level: float = 0.95, replicates: int = REPLICATES
) -> TotalChange:
    """Return how totals changed.

    Parameters
    ----------
    earlier, later
        Clusters x groups: what each organization adds to the totals of both editions, 0 where
        it did not take part.
    level
        Confidence level.
    replicates
        How often signs are drawn; the same ones every time.

    Examples
    --------
    >>> earlier = np.array([[3.0], [5], [2], [8], [0], [4], [6], [1], [7], [2]])
    >>> found = exchange_editions(earlier, earlier * 2)
    >>> found.value.tolist(), found.factor.tolist(), bool(found.p_value[0] < 0.05)
    ([38.0], [2.0], True)
    """
    signs = _signs(len(earlier), replicates)
    change = later - earlier
    value = change.sum(axis=0)
    turned = np.abs(signs @ change)
    # rounding in the products must not tell a replicate from the observed change
    tolerance = 1e-9 * np.abs(change).sum(axis=0)
    beyond = (turned >= np.abs(value) - tolerance).sum(axis=0)
    p_value = (beyond + 1.0) / (replicates + 1.0)
    reach = _quantile(turned, level)
    first, second = earlier.sum(axis=0), later.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(first > 0, second / first, np.nan)
    factor_low, factor_high = (
        _factor_limit(signs, earlier, later, level, side) for side in (-1.0, 1.0)
    )
    unknown = np.isnan(factor) | (second <= 0)
    return TotalChange(
        value,
        value - reach,
        value + reach,
        factor,
        np.where(unknown, np.nan, factor_low),
        np.where(unknown, np.nan, factor_high),
        p_value,
        np.asarray((change != 0).sum(axis=0), dtype=np.intp),
    )


def _signs(clusters: int, replicates: int) -> Floats:
    random = np.random.default_rng(_SEED)
    return np.asarray(random.integers(0, 2, size=(replicates, clusters)) * 2.0 - 1.0)


def _quantile(turned: Floats, level: float) -> Floats:
    """Return the smallest change that the test at this level does not count as usual.

    With the observed change added there are ``replicates + 1``; the limit is the one that
    makes ``p < 1 - level`` and "0 outside the limits" the same event.
    """
    replicates = len(turned)
    rank = int(np.ceil((1 - level) * (replicates + 1) - 1e-9)) - 1
    ordered = np.sort(turned, axis=0)[::-1]
    return np.asarray(ordered[max(min(rank, replicates) - 1, 0)])


def _factor_limit(
    signs: Floats, earlier: Floats, later: Floats, level: float, side: float
) -> Floats:
    """Return the factor farthest on one side that the test does not reject, by halving."""
    turned_first, turned_second = signs @ earlier, signs @ later
    first, second = earlier.sum(axis=0), later.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(np.where((first > 0) & (second > 0), second / first, 1.0))

    def kept(log_factor: Floats) -> npt.NDArray[np.bool_]:
        factor = np.exp(log_factor)
        observed = np.abs(second / factor - first)
        reach = _quantile(np.abs(turned_second / factor - turned_first), level)
        return np.asarray(observed <= reach * (1 + 1e-12))

    inside, outside = centre, centre + side * _FARTHEST
    endless = kept(outside)
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        within = kept(middle)
        inside, outside = np.where(within, middle, inside), np.where(within, outside, middle)
    limit = np.exp((inside + outside) / 2)
    return np.where(endless, 0.0 if side < 0 else np.inf, limit)
