"""The non-parametric distribution behind intervals that may overlap.

For bands that do not overlap the answer is the observed share of each band. Where schemes of
several editions are pooled, bands overlap, and the shares must be disentangled: Turnbull's
self-consistency algorithm gives the maximum likelihood estimate, which puts its mass on the
*innermost* intervals (from a lower edge to the next upper edge) and cannot say where inside.

Sources
-------
Turnbull, B. W. (1976). The empirical distribution function with arbitrarily grouped, censored
    and truncated data. Journal of the Royal Statistical Society B 38, 290-295.
Varadhan, R. and Roland, C. (2008). Simple and globally convergent methods for accelerating the
    convergence of any EM algorithm. Scandinavian Journal of Statistics 35, 335-353.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["Distribution", "innermost", "turnbull"]

Floats = npt.NDArray[np.float64]

_STEPS = 5_000
_TOLERANCE = 1e-11


@dataclass(frozen=True)
class Distribution:
    """Mass on intervals that do not overlap.

    Attributes
    ----------
    low, reach
        Where each interval begins, and the number that its values stay below.
    share
        Mass of each interval; with several replicates, replicates x intervals.
    """

    low: Floats
    reach: Floats
    share: Floats

    @property
    def below(self) -> Floats:
        """Mass below ``reach``, up to and including each interval."""
        return np.cumsum(self.share, axis=-1)


def innermost(low: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Return the intervals from a lower edge to the next upper edge, with none between.

    Examples
    --------
    >>> low, reach = innermost(np.array([1.0, 1.0, 10.0]), np.array([10.0, 101.0, 100.0]))
    >>> low.tolist(), reach.tolist()
    ([1.0, 10.0], [10.0, 100.0])
    """
    places = np.concatenate([reach, low])
    begins = np.repeat([False, True], [len(reach), len(low)])
    order = np.lexsort((begins, places))
    places, begins = places[order], begins[order]
    found = np.flatnonzero(begins[:-1] & ~begins[1:])
    return places[found], places[found + 1]


def turnbull(
    low: Floats, reach: Floats, weight: Floats, on: tuple[Floats, Floats] | None = None
) -> Distribution:
    """Return the maximum likelihood distribution behind intervals.

    Parameters
    ----------
    low, reach
        Intervals ``low <= number < reach``; ``reach`` may be infinite.
    weight
        How many units gave each interval; with several replicates, replicates x intervals.
    on
        Beginnings and ends of the intervals that carry the mass; by default the innermost.
        What the answers cannot tell apart shares its mass evenly on a logarithmic scale.

    Examples
    --------
    Four answers "1 to 9", two "10 to 99", and six of an older scheme, "1 to 100":

    >>> fit = turnbull(np.array([1.0, 10.0, 1.0]), np.array([10.0, 100.0, 101.0]),
    ...                np.array([4.0, 2.0, 6.0]))
    >>> fit.share.round(3).tolist()
    [0.667, 0.333]
    """
    counts = np.atleast_2d(np.asarray(weight, dtype=np.float64))
    used = counts.any(axis=0)
    begin, end = innermost(low[used], reach[used]) if on is None else on
    holds = ((low[used, None] <= begin) & (end <= reach[used, None])).astype(np.float64)
    share = _self_consistent(counts[:, used], holds, _log_widths(begin, end))
    return Distribution(begin, end, share if np.ndim(weight) > 1 else share[0])


def _log_widths(begin: Floats, end: Floats) -> Floats:
    """Return the width of each interval on a logarithmic scale; an open one counts a decade."""
    start = np.maximum(begin, 0.1)
    finish = np.where(np.isinf(end), 10 * start, np.maximum(end, start * 1.001))
    width = np.log(finish / start)
    return np.asarray(width / max(width.sum(), 1e-300))


def _self_consistent(counts: Floats, holds: Floats, start: Floats) -> Floats:
    """Return replicates x intervals: the fixed point of the self-consistency step."""
    total = counts.sum(axis=1, keepdims=True)
    share = np.where(total > 0, start, np.nan)
    if (holds.sum(axis=1) == 1).all():
        return np.asarray(np.divide(counts @ holds, total, out=share, where=total > 0))
    moving = np.flatnonzero(total[:, 0] > 0)
    for _ in range(_STEPS):
        here = share[moving]
        following = _accelerated(here, counts[moving], holds, total[moving])
        share[moving] = following
        moving = moving[np.abs(following - here).max(axis=1) > _TOLERANCE]
        if not len(moving):
            break
    return share


def _step(share: Floats, counts: Floats, holds: Floats, total: Floats) -> Floats:
    """Share each answer out over the intervals it allows, in proportion to their mass."""
    allowed = share @ holds.T
    per_answer = np.divide(counts, allowed, out=np.zeros_like(counts), where=allowed > 0)
    spread = share * (per_answer @ holds)
    fixed = np.divide(spread, total, out=np.full_like(share, np.nan), where=total > 0)
    return np.asarray(fixed)


def _accelerated(share: Floats, counts: Floats, holds: Floats, total: Floats) -> Floats:
    """Two steps and one squared extrapolation, which the last step makes safe."""
    first = _step(share, counts, holds, total)
    second = _step(first, counts, holds, total)
    change, bend = first - share, second - 2 * first + share
    size = np.linalg.norm(bend, axis=1, keepdims=True)
    length = np.linalg.norm(change, axis=1, keepdims=True)
    stride = np.divide(length, size, out=np.ones_like(size), where=size > 0)
    stride = np.clip(np.where(size > 0, stride, 1.0), 1.0, 64.0)
    leap = share + 2 * stride * change + stride**2 * bend
    inside = (leap >= 0).all(axis=1, keepdims=True)
    leap = np.where(inside, leap, second)
    better = _fit(leap, counts, holds) >= _fit(second, counts, holds)
    return _step(np.where(better, leap, second), counts, holds, total)


def _fit(share: Floats, counts: Floats, holds: Floats) -> Floats:
    """Return the log-likelihood of each replicate."""
    allowed = np.maximum(share @ holds.T, 1e-300)
    return np.asarray((counts * np.log(allowed)).sum(axis=1, keepdims=True))
