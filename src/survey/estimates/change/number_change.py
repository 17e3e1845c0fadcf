"""The arithmetic of two numbers and their change: from limits, or from resampled values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.precision.bootstrap import percentile_limits
from survey.estimates.precision.intervals import t_quantile

__all__ = ["Moved", "Pair", "Scale", "moved_by_limits", "moved_by_resampling", "p_beyond"]

Floats = npt.NDArray[np.float64]


class Pair(NamedTuple):
    """A number in two editions, the earlier groups before the later ones.

    ``lower`` and ``upper`` are the hard bounds; an upper limit or bound that does not exist
    is infinite.
    """

    value: Floats
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Moved:
    """How a number changed, one entry per group.

    Attributes
    ----------
    earlier, later
        The numbers.
    low, high
        Limits of later less earlier; infinite where there is none.
    factor, factor_low, factor_high
        Later over earlier, with limits; ``nan`` where numbers are not above 0.
    lower_bound, upper_bound
        Hard bounds of the difference.
    p_value
        Of no change.
    """

    earlier: Floats
    later: Floats
    low: Floats
    high: Floats
    factor: Floats
    factor_low: Floats
    factor_high: Floats
    lower_bound: Floats
    upper_bound: Floats
    p_value: Floats

    @property
    def value(self) -> Floats:
        """Later less earlier."""
        return self.later - self.earlier


@dataclass(frozen=True)
class Scale:
    """What limits and tests refer to.

    Attributes
    ----------
    level
        Confidence level of the limits.
    df
        Degrees of freedom, per group: of the edition where they are fewer.
    relative
        Whether the test looks at the quotient rather than at the difference: sizes differ by
        factors.
    """

    level: float
    df: Floats
    relative: bool


def moved_by_limits(pair: Pair, correlation: Floats, scale: Scale) -> Moved:
    """Return the change from the limits of each number (MOVER).

    The interval and the p-value of the tested scale agree at the level asked for.
    """
    (v1, v2), (l1, l2), (h1, h2), (b1, b2), (t1, t2) = (np.split(each, 2) for each in pair)
    low, high = _mover((v1, l1, h1), (v2, l2, h2), correlation)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.stack([v1, l1, h1, v2, l2, h2]))
        log_low, log_high = _mover(tuple(logs[:3]), tuple(logs[3:]), correlation)
        change = logs[3] - logs[0]
    if scale.relative:
        p_value = p_beyond(change, log_low, log_high, scale)
    else:
        p_value = p_beyond(v2 - v1, low, high, scale)
    return Moved(
        v1,
        v2,
        low,
        high,
        np.exp(change),
        np.exp(log_low),
        np.exp(log_high),
        b2 - t1,
        t2 - b1,
        p_value,
    )


def moved_by_resampling(replicates: Floats, bounds: tuple[Floats, Floats], level: float) -> Moved:
    """Return the change from values in resamples, the observed ones first.

    Parameters
    ----------
    replicates
        Replicates x groups, the earlier groups before the later ones.
    bounds
        Hard bounds of each number.
    level
        Confidence level of the limits, which are percentiles.
    """
    first, second = np.split(replicates, 2, axis=1)
    (b1, b2), (t1, t2) = (np.split(each, 2) for each in bounds)
    change = second - first
    factors = np.divide(second, first, out=np.full_like(first, np.nan), where=first > 0)
    (low, high), (factor_low, factor_high) = (_around(each, level) for each in (change, factors))
    return Moved(
        first[0],
        second[0],
        low,
        high,
        factors[0],
        factor_low,
        factor_high,
        b2 - t1,
        t2 - b1,
        _p_of_resamples(change),
    )


def _around(values: Floats, level: float) -> tuple[Floats, Floats]:
    """Return percentiles of the resamples that have a value, the observed one within."""
    low, high = np.full((2, values.shape[1]), np.nan)
    for group in np.flatnonzero(np.isfinite(values[0])):
        found = values[1:, group]
        found = np.append(found[np.isfinite(found)], values[0, group])
        limits = percentile_limits(found[:, None], level)
        low[group] = min(limits[0][0], values[0, group])
        high[group] = max(limits[1][0], values[0, group])
    return low, high


def _p_of_resamples(change: Floats) -> Floats:
    """Return twice the part of the resamples on the rarer side of 0, the observed one added."""
    below, above = (change[1:] <= 0).sum(axis=0), (change[1:] >= 0).sum(axis=0)
    many = np.isfinite(change[1:]).sum(axis=0) + 1
    p_value = np.minimum(2 * (np.minimum(below, above) + 1) / many, 1.0)
    return np.asarray(np.where(np.isnan(change[0]), np.nan, p_value))


def p_beyond(value: Floats, low: Floats, high: Floats, scale: Scale) -> Floats:
    """Return the two-sided p-value of 0, from limits that grow with Student's quantile.

    Where the limit that lies towards 0 does not exist, nothing speaks against 0.

    Examples
    --------
    >>> scale = Scale(0.95, np.array([10]), relative=False)
    >>> p_beyond(np.array([2.0]), np.array([0.0]), np.array([9.0]), scale).round(3).tolist()
    [0.05]
    """
    from scipy.special import stdtr

    toward = np.where(value > 0, value - low, high - value)
    freedom = np.maximum(scale.df, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.abs(value) / toward * t_quantile(scale.level, freedom)
    nothing = (value == 0) | ~np.isfinite(toward) | (scale.df < 1)
    p_value = 2 * stdtr(freedom, -np.where(nothing, 0.0, score))
    return np.asarray(np.where(np.isnan(value), np.nan, p_value))


def _mover(
    first: tuple[Floats, ...], second: tuple[Floats, ...], correlation: Floats
) -> tuple[Floats, Floats]:
    """Return limits of ``second - first``; unbounded, unlike those of shares."""
    (v1, l1, h1), (v2, l2, h2) = first, second
    with np.errstate(invalid="ignore"):
        low = (v2 - v1) - _added(v2 - l2, h1 - v1, correlation)
        high = (v2 - v1) + _added(h2 - v2, v1 - l1, correlation)
    return low, high


def _added(own: Floats, other: Floats, correlation: Floats) -> Floats:
    """Return the root of a sum of squares less twice the covariance; infinite stays so."""
    endless = np.isinf(own) | np.isinf(other)
    a, b = np.where(endless, 0.0, own), np.where(endless, 0.0, other)
    squares = a**2 + b**2 - 2 * correlation * a * b
    return np.asarray(np.where(endless, np.inf, np.sqrt(np.maximum(squares, 0.0))))
