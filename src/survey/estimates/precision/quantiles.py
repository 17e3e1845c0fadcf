"""Quantiles of the normal, Student and beta distributions, of a few values without scipy.

A first share needs a few dozen quantiles, and ``scipy.special`` takes a third as long to import as
pandas. So few values in the usual range are computed here, very many are read off polynomials, and
scipy is asked about all others. All agree to ``1e-12`` of the value; which one answers depends on
the arguments alone.

Sources
-------
Didonato, A. R. and Morris, A. H. (1992). Algorithm 708: significant digit computation of the
    incomplete beta function ratios. ACM Transactions on Mathematical Software 18, 360-373.
NIST Digital Library of Mathematical Functions, 8.17.22. (The continued fraction.)
Wichura, M. J. (1988). Algorithm AS 241: the percentage points of the normal distribution.
    Applied Statistics 37, 477-484. (``statistics.NormalDist``.)
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.precision import chebyshev

__all__ = ["VERY_MANY", "beta_quantile", "normal_quantile_at", "student_quantile"]

Floats = npt.NDArray[np.float64]
_FEW = 256  # values; for many, scipy is faster than it is slow to import
VERY_MANY: Final = 10_000  # cells; for fewer, polynomials take longer to find than they save
_LARGEST = 2e4  # parameter; the fraction has some two hundred terms there
_LEAST_TAIL, _STUDENTS, _BETAS = 1e-6, 0.05, 0.1  # nearer to the middle it has more terms
_STEPS = 60  # of Newton's method, which takes four to seven
_NEAR = 1e-9  # a step; the next one would be its square


@cache
def normal_quantile_at(probability: float) -> float:
    """Return the standard normal quantile.

    Examples
    --------
    >>> round(normal_quantile_at(0.975), 4)
    1.96
    """
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


def student_quantile(freedom: Floats, probability: float, cells: int = 0) -> Floats:
    """Return the quantile of Student's distribution; ``nan`` where ``freedom`` is.

    Parameters
    ----------
    freedom
        Degrees of freedom, above 0 or ``nan``.
    probability
        Of a smaller value.
    cells
        How many cells these degrees of freedom are of, if more: a large table is worth scipy.

    Examples
    --------
    >>> student_quantile(np.array([1.0, 10.0]), 0.975).round(3)
    array([12.706,  2.228])
    """
    tail = 1 - probability
    few = cells <= _FEW and _usual(freedom, 1.0)
    if not (few and _LEAST_TAIL <= tail <= _STUDENTS):
        return _student_of_scipy(freedom, probability)
    known = ~np.isnan(freedom)
    values = np.full(freedom.shape, np.nan)
    values[known] = _student(tail, freedom[known])
    return values


def _student_of_scipy(freedom: Floats, probability: float) -> Floats:
    tail = min(probability, 1 - probability)
    if freedom.size <= _FEW or tail < chebyshev.LEAST_TAIL:
        return chebyshev.student_of_beta(freedom, probability)
    unusual = freedom < 1
    values = chebyshev.student_quantiles(np.where(unusual, np.nan, freedom), tail)
    if unusual.any():
        values[unusual] = chebyshev.student_of_beta(freedom[unusual], 1 - tail)
    return values if probability > 0.5 else -values


def beta_quantile(first: Floats, second: Floats, probability: float, cells: int = 0) -> Floats:
    """Return the quantile of the beta distribution; ``nan`` where a parameter is.

    ``cells`` is as for :func:`student_quantile`.

    Examples
    --------
    >>> beta_quantile(np.array([1.0, 3.0]), np.array([1.0, 8.0]), 0.025).round(4)
    array([0.025 , 0.0667])
    """
    if probability > 0.5:  # the fraction converges below the mean
        return 1 - _lower_beta(1 - probability, second, first, cells)
    return _lower_beta(probability, first, second, cells)


def _lower_beta(tail: float, first: Floats, second: Floats, cells: int) -> Floats:
    usual = _LEAST_TAIL <= tail <= _BETAS and _usual(first, 0.02) and _usual(second, 0.5)
    if cells >= VERY_MANY and chebyshev.LEAST_TAIL <= tail <= 0.5:
        one, two = np.broadcast_arrays(first, second)
        found = chebyshev.beta_quantiles(one.ravel(), two.ravel(), tail)
        return found.reshape(one.shape)
    if not usual or cells > _FEW:
        from scipy.special import betaincinv

        return np.asarray(betaincinv(first, second, tail), dtype=np.float64)
    known = ~np.isnan(first + second)
    values = np.full(known.shape, np.nan)
    values[known] = _beta(tail, first[known], second[known])
    return values


def _usual(parameter: Floats, least: float) -> bool:
    return parameter.size <= _FEW and not ((parameter < least) | (parameter > _LARGEST)).any()


@dataclass(frozen=True, slots=True)
class _LowerTail:
    """The logarithm of the regularized incomplete beta function below the mean."""

    a: Floats
    b: Floats
    log_factor: Floats  # of a B(a, b)
    terms: Floats  # coefficients of the fraction, last first

    @classmethod
    def of(cls, a: Floats, b: Floats) -> _LowerTail:
        log_beta = [_log_beta(*pair) for pair in zip(a.tolist(), b.tolist(), strict=True)]
        most = 25 + int(0.7 * math.sqrt(max(a.max(initial=1), b.max(initial=1))))
        m = np.arange(most, -1, -1.0)[:, None]
        odd = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1))
        even = (m + 1) * (b - m - 1) / ((a + 2 * m + 1) * (a + 2 * m + 2))
        terms = np.stack([even, odd], axis=1).reshape(2 * len(m), len(a))
        return cls(a, b, np.log(a) + np.array(log_beta), terms)

    def at(self, log_x: Floats, log_rest: Floats) -> tuple[Floats, Floats]:
        """Return the logarithm at ``x`` and its slope by ``log x``; ``rest`` is ``1 - x``."""
        fraction = np.ones(self.a.shape)
        for term in self.terms * np.exp(log_x):
            np.divide(term, fraction, out=fraction)
            fraction += 1
        power = self.a * log_x + self.b * log_rest - self.log_factor
        return power - np.log(fraction), self.a * fraction * np.exp(-log_rest)


def _log_beta(p: float, q: float) -> float:
    """Return the logarithm of the beta function, without cancellation where one is large."""
    small, large = sorted((p, q))
    both = small + large
    if large < 10:
        return math.lgamma(small) + math.lgamma(large) - math.lgamma(both)
    shift = (large - 0.5) * math.log1p(small / large) + small * (math.log(both) - 1)
    return math.lgamma(small) - shift + _stirling(large) - _stirling(both)


def _stirling(z: float) -> float:
    """Return what Stirling's formula of the logarithm of the gamma function leaves out."""
    y = 1 / (z * z)
    series = 0.0
    for divisor in (-360360 / 691, 1188, -1680, 1260, -360, 12):
        series = 1 / divisor + y * series
    return series / z


def _beta(tail: float, a: Floats, b: Floats) -> Floats:
    """Solve ``log I(x) = log tail`` by ``log x``, in which it rises and is concave."""
    lower = _LowerTail.of(a, b)
    # from the left, where the density is nearly a power of x, Newton's steps do not overshoot
    log_x = np.minimum((math.log(tail) + lower.log_factor) / a, np.log(a / (a + b)))
    for _ in range(_STEPS):
        found, slope = lower.at(log_x, np.log1p(-np.exp(log_x)))
        step = (math.log(tail) - found) / slope
        log_x = log_x + np.minimum(step, -log_x / 2)
        if (np.abs(step) < _NEAR).all():
            break
    return np.asarray(np.exp(log_x))


def _student(tail: float, freedom: Floats) -> Floats:
    """Solve ``log P(|T| > t) = log(2 tail)`` by ``t``: a lower tail of ``f / (f + t * t)``."""
    lower = _LowerTail.of(freedom / 2, np.full(freedom.shape, 0.5))
    t = np.full(freedom.shape, normal_quantile_at(1 - tail))
    for _ in range(_STEPS):
        square = t * t
        found, slope = lower.at(-np.log1p(square / freedom), np.log(square / (freedom + square)))
        step = (math.log(2 * tail) - found) / (slope * -2 * t / (freedom + square))
        t = t + step
        if (np.abs(step) < _NEAR).all():
            break
    return t
