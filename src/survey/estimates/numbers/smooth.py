"""A smooth distribution through the shares below the edges of bands.

On the scales of the logarithm of the number and of the standard normal score of the share,
a lognormal distribution is a straight line. A monotone cubic through the edges follows it
exactly and other smooth distributions closely. The lowest and the highest band have an edge
without a score and nothing smooth to follow.

Source
------
Fritsch, F. N. and Butland, J. (1984). A method for constructing local monotone piecewise cubic
    interpolants. SIAM Journal on Scientific and Statistical Computing 5, 300-304.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["smooth_part"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_HALVINGS = 60
_LEAST = 0.25


class _Segment(NamedTuple):
    """Width and slope between two edges, one entry per group; ``nan`` where there is none."""

    width: Floats
    slope: Floats


def smooth_part(
    low: Floats,
    reach: Floats,
    below: Floats,
    size: Floats,
    cell: Ints,
    q: float,
    *,
    limit: Floats | None = None,
) -> Floats:
    """Return how far into its cell each curve of shares reaches ``q``, on the log scale.

    Parameters
    ----------
    low, reach
        Where each cell begins and ends.
    below
        Groups x cells: share below the end of each cell.
    size
        Number of units per group. Where none of them lies below (or above) an edge, the share
        is taken for a quarter of a unit rather than for nothing.
    cell
        The cell in which each group's curve reaches ``q``.
    q
        The share to reach.
    limit
        Confidence limits of the shares: then it is their curve that reaches ``q``. It keeps the
        shape of the curve through the shares; the distance to it is interpolated.

    Returns
    -------
    ndarray
        Between 0 and 1; ``nan`` where the cell is the first or last one.

    Examples
    --------
    >>> low, reach = np.array([1.0, 10, 100]), np.array([10.0, 100, 1000])
    >>> below, size, cell = np.array([[0.2, 0.8, 1.0]]), np.array([50.0]), np.array([1])
    >>> smooth_part(low, reach, below, size, cell, 0.5).round(6).tolist()
    [0.5]
    """
    x, z = _knots(low, reach, below, size)
    rows = np.arange(len(below))
    at = cell + 1  # each segment lies before its own knot, the first one before knot 0
    before, own, after = (_segment(x, z, rows, at + step) for step in (-1, 0, 1))
    left = np.where(np.isnan(before.slope), _at_end(own, after), _inner(before, own))
    right = np.where(np.isnan(after.slope), _at_end(own, before), _inner(own, after))
    ends = np.stack([z[rows, at - 1], z[rows, at]])
    slopes = np.stack([own.width * left, own.width * right])
    away = np.zeros_like(ends)
    if limit is not None:
        _, shifted = _knots(low, reach, limit, size)
        away = np.stack([shifted[rows, at - 1], shifted[rows, at]]) - ends
    part = _solve(ends, slopes, away, float(_score(np.array(q))))
    return np.asarray(np.where(np.isnan(own.slope), np.nan, part))


def _knots(low: Floats, reach: Floats, shares: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Return positions (edges) and normal scores (groups x edges); ``nan`` where there is none.

    Cells that do not meet have a gap between them, which no curve crosses.
    """
    least = (_LEAST / np.maximum(size, 1.0))[:, None]
    heights = np.clip(shares, least, 1 - least)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.log(np.concatenate([low[:1], reach]))
        x = np.where(np.isfinite(x), x, np.nan)
    meets = np.append(np.isclose(reach[:-1], low[1:]), False)
    score = np.where(meets, _score(heights), np.nan)
    return x, np.column_stack([np.full(len(heights), np.nan), score])


def _segment(x: Floats, z: Floats, rows: Ints, end: Ints) -> _Segment:
    """Return the segment that ends at a knot."""
    stop = np.minimum(end, len(x) - 1)  # the first and the last knot have no score
    width = x[stop] - x[stop - 1]
    rise = z[rows, stop] - z[rows, stop - 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = rise / width
    return _Segment(np.where(np.isnan(slope), np.nan, width), slope)


def _inner(first: _Segment, second: _Segment) -> Floats:
    """Return the slope at a knot: the weighted harmonic mean of those beside it."""
    near, far = 2 * second.width + first.width, second.width + 2 * first.width
    flat = ~(first.slope * second.slope > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (near + far) / (near / first.slope + far / second.slope)
    return np.asarray(np.where(flat, 0.0, mean))


def _at_end(own: _Segment, other: _Segment) -> Floats:
    """Return the slope at the end of the curve: three points, kept monotone."""
    slope = ((2 * own.width + other.width) * own.slope - own.width * other.slope) / (
        own.width + other.width
    )
    kept = np.where(slope * own.slope > 0, slope, 0.0)
    return np.asarray(np.where(np.isnan(other.slope), own.slope, kept))


def _solve(ends: Floats, slopes: Floats, away: Floats, target: float) -> Floats:
    """Return where each rising cubic, moved away by a straight line, reaches ``target``."""
    low, high = np.zeros(ends.shape[1]), np.ones(ends.shape[1])
    for _ in range(_HALVINGS):
        t = (low + high) / 2
        value = (
            (1 + 2 * t) * (1 - t) ** 2 * ends[0]
            + t * (1 - t) ** 2 * slopes[0]
            + t**2 * (3 - 2 * t) * ends[1]
            - t**2 * (1 - t) * slopes[1]
            + (1 - t) * away[0]
            + t * away[1]
        )
        short = value < target
        low, high = np.where(short, t, low), np.where(short, high, t)
    return np.asarray((low + high) / 2)


def _score(share: Floats) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(share))
