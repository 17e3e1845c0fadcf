"""Quantiles of very many beta and Student distributions, read off polynomials.

A cross table of a million cells needs some 400,000 beta quantiles of two or three probabilities.
The quantile of one probability is a smooth function of the logarithms of both parameters. It is
looked up at 28 x 28 Chebyshev points of each square in which cells lie; the polynomial through them
is good to ``1e-12`` of the value. Student's is one of the inverse of its degrees of freedom.

Source
------
Trefethen, L. N. (2013). Approximation Theory and Approximation Practice, chapters 3 and 8 (the
    polynomial through Chebyshev points, and how fast it comes near an analytic function). SIAM.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

__all__ = ["LEAST_TAIL", "beta_quantiles", "student_of_beta", "student_quantiles"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

LEAST_TAIL = 5e-4
"""The smallest probability that 28 points are enough for."""

_POINTS = 28
_LEAST, _SIDE, _SQUARES = math.log(0.49), 2.8, 4  # parameters from 0.49 to 36,000
_NOTHING = 4e-15  # a coefficient, as a part of the largest
_BLOCK = 4096  # values whose polynomials stay in the processor's cache


def beta_quantiles(first: Floats, second: Floats, tail: float) -> Floats:
    """Return quantiles of beta distributions; those with unusual parameters are left to scipy.

    Parameters
    ----------
    first, second
        Parameters, of one dimension. ``nan`` gives ``nan``.
    tail
        Of a smaller value; from :data:`LEAST_TAIL` to one half.

    Examples
    --------
    >>> beta_quantiles(np.array([1.0, 3.0]), np.array([1.0, 8.0]), 0.025).round(4)
    array([0.025 , 0.0667])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        places = [(np.log(each) - _LEAST) / _SIDE for each in (first, second)]
    usual = (places[0] >= 0) & (places[0] < _SQUARES) & (places[1] >= 0) & (places[1] < _SQUARES)
    if usual.all():
        return _read_off(first, second, places[0], places[1], tail)
    from scipy.special import betaincinv

    lost = np.where(usual, np.nan, tail)
    values = np.asarray(betaincinv(first, second, lost), dtype=np.float64)
    own, other, *places = (each[usual] for each in (first, second, *places))
    values[usual] = _read_off(own, other, places[0], places[1], tail)
    return values


def _read_off(first: Floats, second: Floats, one: Floats, two: Floats, tail: float) -> Floats:
    """Return quantiles by place on the grid of squares."""
    row, column = (each.astype(np.uint8) for each in (one, two))
    square = row * np.uint8(_SQUARES) + column
    order = np.argsort(square, kind="stable")
    x, y = ((2 * (place - corner) - 1)[order] for place, corner in ((one, row), (two, column)))
    logit = np.empty(len(order))
    room = np.empty((3, _POINTS * _BLOCK))
    for number, block in _blocks(square[order]):
        known = _square(tail, *divmod(number, _SQUARES))
        many = block.stop - block.start
        down, across, values = (
            each[: degrees * many].reshape(degrees, many)
            for each, degrees in zip(room, (*known.shape, len(known)), strict=True)
        )
        np.matmul(known, _polynomials(x[block], across), out=values)
        values *= _polynomials(y[block], down)
        logit[order[block]] = values.sum(axis=0)
    return np.asarray(1 / (1 + np.exp(-logit) * second / first))


def _blocks(square: npt.NDArray[np.uint8]) -> Iterator[tuple[int, slice]]:
    """Yield the number of the square and the places of values that are read off at once."""
    ends = np.flatnonzero(np.diff(square, append=np.uint8(_SQUARES**2))) + 1
    for start, end in pairwise([0, *ends.tolist()]):
        for some in range(start, end, _BLOCK):
            yield int(square[start]), slice(some, min(some + _BLOCK, end))


@lru_cache(maxsize=8 * _SQUARES**2)
def _square(tail: float, row: int, column: int) -> Floats:
    """Return coefficients of the logit of the quantile less that of the mean.

    The degree of the second parameter goes down, that of the first across.
    """
    from scipy.special import betaincinv

    first, second = (
        np.exp(_LEAST + _SIDE * (corner + (_chebyshev_points() + 1) / 2))
        for corner in (row, column)
    )
    own, other = first[None, :], second[:, None]
    below, above = betaincinv(own, other, tail), betaincinv(other, own, 1 - tail)
    found = _coefficients(_coefficients(np.log(below / above) - np.log(own / other)).T).T
    matters = np.abs(found) > _NOTHING * np.abs(found).max()
    degrees = [np.flatnonzero(matters.any(axis=axis)).max() for axis in (1, 0)]
    return np.ascontiguousarray(found[: degrees[0] + 1, : degrees[1] + 1])


def student_quantiles(freedom: Floats, tail: float) -> Floats:
    """Return upper quantiles of Student's distribution with at least 1 degree of freedom.

    Parameters
    ----------
    freedom
        Degrees of freedom, of any shape. ``nan`` gives ``nan``.
    tail
        Of a larger value; from :data:`LEAST_TAIL` to one half.

    Examples
    --------
    >>> student_quantiles(np.array([1.0, 10.0, np.inf]), 0.025).round(3)
    array([12.706,  2.228,  1.96 ])
    """
    place = 2 / freedom.ravel() - 1
    values = np.empty(place.shape)
    for start in range(0, len(place), _BLOCK):
        block = slice(start, start + _BLOCK)
        some = place[block]
        values[block] = _student(tail) @ _polynomials(some, np.empty((_POINTS, len(some))))
    return values.reshape(freedom.shape)


@lru_cache(maxsize=64)
def _student(tail: float) -> Floats:
    return _coefficients(student_of_beta(2 / (_chebyshev_points() + 1), 1 - tail))


def student_of_beta(freedom: Floats, probability: float) -> Floats:
    """Return Student's quantile by scipy's beta quantile.

    ``stdtrit`` of scipy 1.12 is good to eight digits alone.

    Examples
    --------
    >>> student_of_beta(np.array([1.0, 10.0]), 0.975).round(3)
    array([12.706,  2.228])
    """
    from statistics import NormalDist

    from scipy.special import betaincinv

    tails = 2 * min(probability, 1 - probability)
    part = np.asarray(betaincinv(0.5, freedom / 2, 1 - tails))
    rest = np.asarray(betaincinv(freedom / 2, 0.5, tails))  # 1 - part, where that is next to 0
    with np.errstate(invalid="ignore"):
        values = np.sqrt(freedom * part / rest)
    limit = abs(NormalDist().inv_cdf(probability))
    return math.copysign(1, probability - 0.5) * np.where(np.isinf(freedom), limit, values)


def _chebyshev_points() -> Floats:
    return np.cos(np.pi * (np.arange(_POINTS) + 0.5) / _POINTS)


def _coefficients(values: Floats) -> Floats:
    """Return the coefficients of the polynomials through values at Chebyshev's points."""
    angles = np.pi * (np.arange(_POINTS) + 0.5) / _POINTS
    sums = np.cos(np.arange(_POINTS)[:, None] * angles) @ values * (2 / _POINTS)
    sums[0] /= 2
    return np.asarray(sums)


def _polynomials(place: Floats, found: Floats) -> Floats:
    """Put in Chebyshev's polynomials, degrees x places; two degrees at least."""
    found[0], found[1] = 1.0, place
    twice = 2 * place
    for degree in range(2, len(found)):
        np.multiply(twice, found[degree - 1], out=found[degree])
        found[degree] -= found[degree - 2]
    return found
