"""Confidence intervals of shares and of their differences: arrays in, arrays out.

No function here knows what a survey is; every argument may be a number or an array and all
broadcast together. ``cells`` says how many cells the table has that some are of: quantiles of a
large one are left to scipy. ``nan`` goes in where there is nothing to estimate, and comes out.

Sources
-------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data. Survey Methodology 24,
    193-201.
Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
    Statistical Science 16, 101-133. (Jeffreys' interval.)
Hanley, J. A. and Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right?
    Journal of the American Medical Association 249, 1743-1745. (The rule of three.)
Feldman, G. J. and Cousins, R. D. (1998). Unified approach to the classical statistical analysis
    of small signals. Physical Review D 57, 3873-3889. (One-sided limits near the end.)
Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.precision.quantiles import (
    VERY_MANY,
    beta_quantile,
    normal_quantile_at,
    student_quantile,
)

__all__ = [
    "Limits",
    "adjusted_size",
    "difference",
    "effective_size",
    "jeffreys",
    "korn_graubard",
    "logit",
    "normal_quantile",
    "student_factor",
    "t_quantile",
    "unified",
    "unified_low",
    "wald",
    "wilson",
]

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike
_MANY = 64
_ONE_SIDED = 6.6
"""Parameter up to which a one-sided limit lies below the upper limit of a share of 0, nearly."""


class Limits(NamedTuple):
    """Lower and upper limits."""

    low: Floats
    high: Floats


def normal_quantile(level: float) -> float:
    """Return the two-sided standard normal quantile of a confidence level.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return normal_quantile_at(0.5 + level / 2)


def t_quantile(level: float, df: Numbers) -> Floats:
    """Return the two-sided Student quantile; ``nan`` where there are no degrees of freedom.

    Examples
    --------
    >>> t_quantile(0.95, [1, 10]).round(3)
    array([12.706,  2.228])
    """
    freedom = np.asarray(df, dtype=np.float64)
    if freedom.ndim == 2 and freedom.strides[1] == 0 and freedom.shape[1] > 1:
        # one column repeated
        return np.broadcast_to(t_quantile(level, freedom[:, :1]), freedom.shape)
    known = np.where(freedom > 0, freedom, np.nan)
    return student_quantile(known, 0.5 + level / 2, cells=freedom.size)


def effective_size(
    share: Numbers, variance: Numbers, size: Numbers, independent: Numbers
) -> Floats:
    """Return the size of a simple random sample that would be as informative.

    ``p (1 - p) / variance``, never more than the number of units. Where the variance cannot
    be estimated, because all answers agree or all come from one cluster, it is the number of
    independent voices instead.

    Parameters
    ----------
    share, variance, size
        Estimate, its design-based variance, and the number of units.
    independent
        Number of equal clusters that the sample would amount to if all units of a cluster
        gave the same answer: squared sum over the sum of squares of cluster sizes.

    Examples
    --------
    >>> effective_size([0.5, 0.0], [0.005, 0.0], 100, 40).tolist()
    [50.0, 40.0]
    """
    p, v, n, voices = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (share, variance, size, independent))
    )
    spread = p * (1 - p)
    known = (v > 1e-12 * spread) & (spread > 0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ratio = np.minimum(spread / v, n)
    return np.asarray(np.where(known, ratio, np.where(n > 0, voices, np.nan)))


def adjusted_size(effective: Numbers, size: Numbers, df: Numbers, level: float) -> Floats:
    """Return the effective size, reduced because the variance itself is estimated.

    Korn and Graubard's adjustment: times the squared ratio of the Student quantiles with
    ``size - 1`` and with ``df`` degrees of freedom. Unchanged where ``df`` is below 1.
    """
    n_eff, n, freedom = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (effective, size, df))
    )
    widest, own = t_quantile(level, np.stack([n - 1, freedom]))
    ratio = (widest / own) ** 2
    return np.asarray(np.where(np.isnan(ratio), n_eff, n_eff * np.minimum(ratio, 1.0)))


def student_factor(student: Floats, level: float) -> Floats:
    """Return what an effective size is multiplied with to let a normal quantile do Student's work.

    The squared ratio of the normal quantile and Student's, from :func:`t_quantile`; 1 where that
    is not known.
    """
    ratio = (normal_quantile(level) / student) ** 2
    return np.asarray(np.where(np.isnan(ratio), 1.0, ratio))


def wilson(share: Numbers, size: Numbers, level: float = 0.95) -> Limits:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    share
        Estimated share.
    size
        Number of independent units, or the effective size.
    level
        Confidence level.

    Examples
    --------
    >>> low, high = wilson(0.3, 10)
    >>> float(low.round(4)), float(high.round(4))
    (0.1078, 0.6032)
    """
    return _score(share, size, normal_quantile(level))


def _score(share: Numbers, size: Numbers, z: Numbers) -> Limits:
    p, n, quantile = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (share, size, z))
    )
    n = np.where(n > 0, n, np.nan)
    z2 = quantile**2
    middle = p + z2 / (2 * n)
    half = np.sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n)
    scale = 1 + z2 / n
    low = np.where(p <= 0, p, np.maximum((middle - half) / scale, 0.0))
    high = np.where(p >= 1, p, np.minimum((middle + half) / scale, 1.0))
    return Limits(low + 0 * n, high + 0 * n)


def korn_graubard(share: Numbers, size: Numbers, level: float = 0.95, cells: int = 0) -> Limits:
    """Return the Clopper-Pearson interval with an effective size in place of a count.

    Never shorter than nominal, hence the basis of presentation standards; with ``size`` the
    number of independent units it is the Clopper-Pearson interval itself.

    Examples
    --------
    >>> low, high = korn_graubard([0.0, 0.3], 10)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.0667], [0.3085, 0.6525])
    """
    p, n = np.broadcast_arrays(np.asarray(share, np.float64), np.asarray(size, np.float64))
    n = np.where(n > 0, n, np.nan)
    tail = (1 - level) / 2
    cases, others = n * p, n * (1 - p)
    low, high = np.array(0 * cases), np.array(1 + 0 * cases)
    inside = (p > 0) & (p < 1)
    first, place = _distinct(cases[inside], others[inside], cells)
    some, rest = cases[inside][first], others[inside][first]
    low[inside] = beta_quantile(some, rest + 1, tail, cells)[place]
    high[inside] = beta_quantile(some + 1, rest, 1 - tail, cells)[place]
    # of nobody, or of everybody, the limit has a closed form
    farthest = -np.expm1(np.log(tail) / n)
    return Limits(np.where(p >= 1, 1 - farthest, low), np.where(p <= 0, farthest, high))


def _distinct(
    first: Floats, second: Floats, cells: int
) -> tuple[npt.NDArray[np.intp] | slice, npt.NDArray[np.intp] | slice]:
    """Return the place of each distinct pair, and the number of the pair of each entry.

    Cells of a large table repeat each other, and a beta quantile of scipy takes as long as ten
    sorts; one that is read off a polynomial does not.
    """
    if first.size <= _MANY or cells >= VERY_MANY:
        return slice(None), slice(None)
    codes = [np.unique(each, return_inverse=True)[1].ravel() for each in (first, second)]
    pair = codes[0] * (int(codes[1].max()) + 1) + codes[1]
    _, place, number = np.unique(pair, return_index=True, return_inverse=True)
    return place, number.ravel()


def jeffreys(share: Numbers, size: Numbers, level: float = 0.95, cells: int = 0) -> Limits:
    """Return Jeffreys' interval of a share, which can be missed as often on either side.

    Wilson's limits of a rare share lie too near the middle: they are missed on the lower side
    nearly always. At a share of 0 or 1, which can be missed on one side alone, the limit is the
    one-sided one (the rule of three).

    Examples
    --------
    >>> low, high = jeffreys([0.0, 0.02], 300)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.0084], [0.0099, 0.0408])
    """
    p, n = np.broadcast_arrays(np.asarray(share, np.float64), np.asarray(size, np.float64))
    n = np.where(n > 0, n, np.nan)
    tail = (1 - level) / 2
    cases, others = n * p + 0.5, n * (1 - p) + 0.5
    nothing = (1 - level) ** (1 / n)
    low, high = (
        np.array(np.where(p <= 0, 0.0, nothing) + 0 * n),
        np.array(np.where(p >= 1, 1.0, 1 - nothing) + 0 * n),
    )
    inside = (p > 0) & (p < 1)
    first, place = _distinct(cases[inside], others[inside], cells)
    some, rest = cases[inside][first], others[inside][first]
    low[inside] = beta_quantile(some, rest, tail, cells)[place]
    high[inside] = beta_quantile(some, rest, 1 - tail, cells)[place]
    # a small part of one weighted answer can lie below its own lower limit
    return Limits(np.minimum(low, p), np.maximum(high, p))


def unified(share: Numbers, size: Numbers, level: float = 0.95, cells: int = 0) -> Limits:
    """Return Jeffreys' interval with the near limit of Feldman and Cousins' unified approach.

    A share that is small enough to be covered when nobody gives the answer is missed on one
    side alone. There the lower limit has the whole error in place of half of it: it is the
    one-sided limit, but not above the upper limit of a count of 0. The upper limit of shares near
    1 likewise. With half of the error, shares of two to five answers are covered 98 % of the time.

    Examples
    --------
    >>> low, high = unified([0.0, 0.02, 0.98], 300)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.0099, 0.9592], [0.0099, 0.0408, 0.9901])
    >>> low, high = unified([0.04, 0.1], 50)
    >>> low.round(4).tolist(), jeffreys([0.04, 0.1], 50).low.round(4).tolist()
    ([0.0116, 0.0468], [0.0084, 0.0392])
    """
    p, n = np.broadcast_arrays(np.asarray(share, np.float64), np.asarray(size, np.float64))
    n = np.where(n > 0, n, np.nan)
    nobody = 1 - (1 - level) ** (1 / n)  # the upper limit of a share of 0
    low = np.array(np.where(p < 1, 0.0, 1 - nobody) + 0 * n * p)
    high = np.array(np.where(p > 0, 1.0, nobody) + 0 * n * p)
    inside = (p > 0) & (p < 1)
    cases, others = (n * p)[inside] + 0.5, (n * (1 - p))[inside] + 0.5
    first, place = _distinct(cases, others, cells)
    cases, others = cases[first], others[first]
    # a small part of one weighted answer can lie below its own lower limit
    low[inside] = np.minimum(_unified_low(cases, others, level, cells)[place], p[inside])
    high[inside] = np.maximum(1 - _unified_low(others, cases, level, cells)[place], p[inside])
    return Limits(low, high)


def unified_low(share: Floats, size: Floats, level: float = 0.95, cells: int = 0) -> Floats:
    """Return the lower limit of :func:`unified` alone, of shares between 0 and 1.

    Examples
    --------
    >>> unified_low(np.array([0.02, 0.1]), np.array([300, 50])).round(4).tolist()
    [0.0099, 0.0468]
    """
    cases, others = size * share + 0.5, size * (1 - share) + 0.5
    first, place = _distinct(cases, others, cells)
    return np.minimum(_unified_low(cases[first], others[first], level, cells)[place], share)


def _unified_low(cases: Floats, others: Floats, level: float, cells: int) -> Floats:
    """Return lower limits, from the parameters of Jeffreys' distribution.

    Where the one-sided limit lies below the upper limit of a share of 0, it is the limit, and the
    two-sided one is not looked up; this is so of up to six cases, which a first guess goes by.
    """
    nobody = 1 - (1 - level) ** (1 / (cases + others - 1))
    least, low = np.full(cases.shape, np.inf), np.full(cases.shape, -np.inf)
    few = cases < _ONE_SIDED
    least[few] = beta_quantile(cases[few], others[few], 1 - level, cells)
    two_sided = ~(least <= nobody)
    low[two_sided] = beta_quantile(cases[two_sided], others[two_sided], (1 - level) / 2, cells)
    unknown = (low < nobody) & two_sided & ~few
    least[unknown] = beta_quantile(cases[unknown], others[unknown], 1 - level, cells)
    return np.where(low < nobody, np.maximum(low, np.minimum(least, nobody)), low)


def logit(share: Numbers, se: Numbers, student: Numbers) -> Limits:
    """Return the interval that is symmetric on the logit scale, with a Student reference.

    The default of ``svyciprop`` in R's ``survey``. Undefined (``nan``) at 0 and at 1.

    Parameters
    ----------
    share, se
        Estimate and its standard error.
    student
        Student's quantile, from :func:`t_quantile`.

    Examples
    --------
    >>> low, high = logit(0.3, 0.05, t_quantile(0.95, 60))
    >>> float(low.round(4)), float(high.round(4))
    (0.2102, 0.4083)
    """
    p, error, quantile = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (share, se, student))
    )
    spread = p * (1 - p)
    inside = spread > 0
    safe = np.where(inside, p, 0.5)
    center = np.log(safe / (1 - safe))
    half = quantile * error / np.where(inside, spread, np.nan)
    return Limits(1 / (1 + np.exp(half - center)), 1 / (1 + np.exp(-half - center)))


def wald(value: Numbers, se: Numbers, df: Numbers, level: float = 0.95) -> Limits:
    """Return the symmetric interval ``value -+ t se``, with a Student reference."""
    center, error, freedom = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (value, se, df))
    )
    half = t_quantile(level, freedom) * error
    return Limits(center - half, center + half)


def difference(
    first: Numbers,
    first_limits: Limits,
    second: Numbers,
    second_limits: Limits,
    correlation: Numbers = 0.0,
) -> Limits:
    """Return limits of ``second - first`` from the limits of each (MOVER).

    The square-and-add method of Newcombe, generalized by Zou and Donner to correlated
    estimates: it inherits asymmetry and good behaviour at 0 and 1 from the single limits.

    Examples
    --------
    >>> low, high = difference(0.5, wilson(0.5, 40), 0.7, wilson(0.7, 50))
    >>> float(low.round(3)), float(high.round(3))
    (-0.002, 0.384)
    """
    p1, l1, u1, p2, l2, u2, r = np.broadcast_arrays(
        *(
            np.asarray(each, dtype=np.float64)
            for each in (first, *first_limits, second, *second_limits, correlation)
        )
    )
    value = p2 - p1
    down1, up1, down2, up2 = p1 - l1, u1 - p1, p2 - l2, u2 - p2
    low = value - np.sqrt(np.maximum(down2**2 + up1**2 - 2 * r * down2 * up1, 0.0))
    high = value + np.sqrt(np.maximum(up2**2 + down1**2 - 2 * r * up2 * down1, 0.0))
    return Limits(np.maximum(low, -1.0), np.minimum(high, 1.0))
