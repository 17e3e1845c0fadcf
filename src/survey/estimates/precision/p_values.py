"""The test of a difference of two shares that always agrees with its interval.

Source
------
Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["difference_p_value"]

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike
_FARTHEST_Z = 12.0
_HALVINGS, _BRACKETING, _NEWTON = 45, 8, 5
_CLOSE, _SETTLED = 1e-12, 1e-6
_CLOSELY = 0.5  # correlation
_BLOCK = 8192  # differences that stay in the processor's cache


def difference_p_value(
    first: Numbers,
    first_size: Numbers,
    second: Numbers,
    second_size: Numbers,
    correlation: Numbers = 0.0,
) -> Floats:
    """Return the two-sided p-value of no difference between two shares.

    It is the level at which the interval of ``intervals.difference`` from Wilson limits reaches
    0, so that interval and test never disagree.

    Examples
    --------
    >>> difference_p_value(0.5, 40, [0.5, 0.7, 0.75], 50).round(3).tolist()
    [1.0, 0.052, 0.014]
    """
    from scipy.special import ndtr

    p1, n1, p2, n2, r = np.broadcast_arrays(
        *(
            np.asarray(each, dtype=np.float64)
            for each in (first, first_size, second, second_size, correlation)
        )
    )
    p_value = np.full(p1.shape, np.nan)
    known = ~np.isnan(p1 + p2 + n1 + n2 + r) & (n1 > 0) & (n2 > 0)
    p_value[known] = 1.0
    differs = known & (p1 != p2)
    z = _farthest_apart(*(each[differs] for each in (p1, n1, p2, n2, r)))
    p_value[differs] = 2 * ndtr(-z)
    return p_value


def _farthest_apart(p1: Floats, n1: Floats, p2: Floats, n2: Floats, r: Floats) -> Floats:
    """Return the quantile up to which the interval of the difference leaves 0 outside.

    The length of the interval is nearly a power of the quantile, so that Newton's method on both
    logarithms ends quickly from anywhere. Where it does not, and where the shares go together so
    closely that the length need not rise, the quantile is bracketed first.
    """
    z = np.empty(p1.shape)
    for start in range(0, len(z), _BLOCK):
        block = slice(start, start + _BLOCK)
        z[block] = _by_power(*_sides(p1[block], n1[block], p2[block], n2[block]), r[block])
    left = np.flatnonzero(np.isnan(z) | (r > _CLOSELY))
    if len(left):
        z[left] = _bracketed(*_sides(p1[left], n1[left], p2[left], n2[left]), r[left])
    return z


def _sides(p1: Floats, n1: Floats, p2: Floats, n2: Floats) -> tuple[tuple[_Side, _Side], Floats]:
    """Return what the limits of two shares are made of, and how far one is above the other.

    Wilson's limits mirror: a falling share is a rising share of those who did not answer so.
    """
    falls = p1 > p2
    p1, p2 = np.where(falls, 1 - p1, p1), np.where(falls, 1 - p2, p2)
    return (_Side.of(p2, n2), _Side.of(1 - p1, n1)), p2 - p1


def _by_power(sides: tuple[_Side, _Side], rise: Floats, r: Floats) -> Floats:
    """Return quantiles by Newton's method on logarithms; ``nan`` where that has not settled."""
    z = np.ones(rise.shape)
    with np.errstate(all="ignore"):
        for _ in range(_NEWTON - 1):
            length, slope = _length(sides, r, z)
            step = np.log(rise / length) * length / (z * slope)
            z = np.minimum(z * np.exp(step), _FARTHEST_Z)
        # the next step would be the square of this one
        return np.where(np.abs(step) < _SETTLED, z, np.nan)


def _bracketed(sides: tuple[_Side, _Side], rise: Floats, r: Floats) -> Floats:
    """Return quantiles that halving brackets and Newton's method ends, or halving goes on."""
    whole = np.zeros(rise.shape), np.full(rise.shape, _FARTHEST_Z)
    below, above = _halved(sides, r, rise, whole, _BRACKETING)
    z = before = (below + above) / 2
    for _ in range(_NEWTON):
        length, slope = _length(sides, r, z)
        with np.errstate(invalid="ignore", divide="ignore"):
            before, z = z, np.clip(z - (length - rise) / slope, below, above)
    left = np.flatnonzero(~(np.abs(z - before) < _CLOSE) | (z <= below) | (z >= above))
    if len(left):
        few = sides[0].at(left), sides[1].at(left)
        bracket = below[left], above[left]
        z[left] = _halved(few, r[left], rise[left], bracket, _HALVINGS - _BRACKETING)[0]
    return z


def _halved(
    sides: tuple[_Side, _Side], r: Floats, rise: Floats, bracket: tuple[Floats, Floats], times: int
) -> tuple[Floats, Floats]:
    """Halve the brackets of the quantiles at which the limit of a rise reaches 0."""
    below, above = bracket
    for _ in range(times):
        z = (below + above) / 2
        down, up = (side.reach(z)[0] for side in sides)
        apart = down**2 + up**2 - 2 * r * down * up < rise**2
        below, above = np.where(apart, z, below), np.where(apart, above, z)
    return below, above


def _length(sides: tuple[_Side, _Side], r: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Return how far the limit of a rise lies below it, and the slope of that in ``z``."""
    down, up = (side.reach(z) for side in sides)
    down_slope, up_slope = sides[0].slope(z, *down), sides[1].slope(z, *up)
    length = np.sqrt(np.maximum(down[0] ** 2 + up[0] ** 2 - 2 * r * down[0] * up[0], 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        rising = (down[0] - r * up[0]) * down_slope + (up[0] - r * down[0]) * up_slope
        return length, rising / length


class _Side(NamedTuple):
    """What Wilson's lower limit of a share is made of."""

    inverse: Floats
    spread: Floats
    lean: Floats

    @classmethod
    def of(cls, share: Floats, size: Floats) -> _Side:
        return cls(1 / size, share * (1 - share) / size, share - 0.5)

    def at(self, places: npt.NDArray[np.intp] | slice) -> _Side:
        """Return some of the shares."""
        return _Side(*(each[places] for each in self))

    def reach(self, z: Floats) -> tuple[Floats, Floats]:
        """Return how far the limit lies below the share, and the root in it."""
        part = z * self.inverse
        root = np.sqrt(self.spread + part * part / 4)
        return z * (self.lean * part + root) / (1 + z * part), root

    def slope(self, z: Floats, reach: Floats, root: Floats) -> Floats:
        """Return the slope of the reach in ``z``."""
        part = z * self.inverse
        with np.errstate(invalid="ignore", divide="ignore"):
            rising = 2 * self.lean * part + root + part * part / (4 * root) - 2 * reach * part
        return np.asarray(rising / (1 + z * part))
