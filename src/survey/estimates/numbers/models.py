"""Families of distributions fitted to bands by maximum likelihood.

A band gives the probability that the number lies in it; the likelihood is the product over
the answers. Everything works on many bootstrap replicates at once: counts are
replicates x cells, parameters replicates x 2.

The parameters are the *location* and the logarithm of the *spread* on the scale of the
logarithm of the number, so that every real pair is allowed:

===========  =====================  ======================
family       location               spread
===========  =====================  ======================
lognormal    mean of the logarithm  its standard deviation
weibull      logarithm of scale     1 / shape
gamma        logarithm of scale     1 / shape
===========  =====================  ======================

Sources
-------
Lindsey, J. C. and Ryan, L. M. (1998). Tutorial in biostatistics: methods for interval-censored
    data. Statistics in Medicine 17, 219-238.
Kleiber, C. and Kotz, S. (2003). Statistical Size Distributions in Economics and Actuarial
    Sciences. Wiley. Chapters 4 and 5 (partial moments).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["FAMILIES", "Family", "Fit", "fit"]

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_TINY = 1e-300
_NUDGE = 1e-4
_NARROWEST, _WIDEST = np.log(0.25), np.log(12.0)
_FARTHEST = 60.0


@dataclass(frozen=True)
class Family:
    """A family of distributions of a positive number, with two parameters.

    Each function takes the logarithm of a number, then location and spread.

    Attributes
    ----------
    name
        What users call it.
    below, above
        Probability of a smaller, and of a larger number.
    mean_below, mean_above
        Part of the mean that comes from smaller, and from larger numbers, as a multiple of
        the mean of all.
    log_mean
        Logarithm of the mean, from location and spread.
    upper
        The number that is exceeded with a given probability.
    start
        First guess at the parameters from mean and standard deviation of the logarithm.
    """

    name: str
    below: Callable[[Floats, Floats, Floats], Floats]
    above: Callable[[Floats, Floats, Floats], Floats]
    mean_below: Callable[[Floats, Floats, Floats], Floats]
    mean_above: Callable[[Floats, Floats, Floats], Floats]
    log_mean: Callable[[Floats, Floats], Floats]
    upper: Callable[[Floats, Floats, Floats], Floats]
    start: Callable[[Floats, Floats], tuple[Floats, Floats]]

    def between(self, low: Floats, reach: Floats, theta: Floats) -> Floats:
        """Return the probability of each cell, replicates x cells."""
        location, spread = theta[:, :1], np.exp(theta[:, 1:])
        return _difference(self.below, self.above, low, reach, location, spread)

    def means(self, low: Floats, reach: Floats, theta: Floats) -> Floats:
        """Return the expected number within each cell, replicates x cells."""
        location, spread = theta[:, :1], np.exp(theta[:, 1:])
        part = _difference(self.mean_below, self.mean_above, low, reach, location, spread)
        inside = np.maximum(self.between(low, reach, theta), _TINY)
        with np.errstate(over="ignore", divide="ignore"):
            mean = np.exp(self.log_mean(location, spread) + np.log(part) - np.log(inside))
        return np.asarray(np.clip(mean, low, np.where(np.isinf(reach), np.finfo(float).max, reach)))

    def values(
        self, share: Floats, low: Floats, reach: Floats, theta: Floats, rows: Places, cells: Places
    ) -> Floats:
        """Return the numbers that a ``share`` of their cells' numbers exceed.

        ``rows`` and ``cells`` say of which replicate and in which cell each number is.
        """
        location, spread = theta[:, :1], np.exp(theta[:, 1:])
        top, bottom = (self.above(_log(edge), location, spread) for edge in (low, reach))
        exceeded = bottom[rows, cells] + share * (top - bottom)[rows, cells]
        with np.errstate(over="ignore", divide="ignore"):
            value = self.upper(exceeded, location[rows, 0], spread[rows, 0])
        highest = np.where(np.isinf(reach), np.finfo(float).max, reach)
        return np.asarray(np.clip(value, low[cells], highest[cells]))


@dataclass(frozen=True)
class Fit:
    """A fitted family.

    Attributes
    ----------
    family
        Which one.
    theta
        Replicates x 2: location, and logarithm of the spread.
    log_likelihood
        Per replicate.
    settled
        Per replicate: whether the maximum lies inside the allowed region; if not, the bands do
        not determine the family (all answers in one or two bands, for instance).
    """

    family: Family
    theta: Floats
    log_likelihood: Floats
    settled: npt.NDArray[np.bool_]

    @property
    def aic(self) -> Floats:
        """Akaike's criterion: twice the number of parameters less twice the log-likelihood."""
        return 4.0 - 2.0 * self.log_likelihood


def fit(family: Family | str, low: Floats, reach: Floats, counts: Floats) -> Fit:
    """Fit a family to counts of cells by maximum likelihood.

    Parameters
    ----------
    family
        ``"lognormal"``, ``"weibull"``, ``"gamma"``, or a :class:`Family`.
    low, reach
        Cells ``low <= number < reach``.
    counts
        How many units fell in each cell, or replicates x cells.

    Examples
    --------
    >>> low = np.array([0.0, 10, 100, 1000, 10_000])
    >>> reach = np.array([10.0, 100, 1000, 10_000, np.inf])
    >>> fitted = fit("lognormal", low, reach, np.array([6.0, 17, 28, 29, 20]))
    >>> np.exp(fitted.theta[0]).round(2).tolist()
    [889.25, 2.9]
    """
    chosen = FAMILIES[family] if isinstance(family, str) else family
    n = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    edges = (np.asarray(each, dtype=np.float64).tobytes() for each in (low, reach))
    return _fit(chosen, *edges, n.shape, n.tobytes())


@lru_cache(maxsize=128)  # a report of one edition asks for 63 different ones
def _fit(family: Family, low: bytes, reach: bytes, shape: tuple[int, ...], counts: bytes) -> Fit:
    """Fit once what is asked for again: a total, its other rules for the open band, its card."""
    start, end = np.frombuffer(low), np.frombuffer(reach)
    n = np.frombuffer(counts).reshape(shape)

    def objective(rows: Places, theta: Floats) -> Floats:
        return _log_likelihood(family, start, end, n[rows], theta)

    theta = np.column_stack(family.start(*_log_moments(start, end, n)))
    theta = _climb(objective, _inside(theta))
    likelihood = objective(np.arange(len(n)), theta)
    settled = _within(theta) & (n.sum(axis=1) > 0)
    for shared in (theta, likelihood, settled):
        shared.flags.writeable = False
    return Fit(family, theta, likelihood, settled)


def _difference(
    below: Callable[[Floats, Floats, Floats], Floats],
    above: Callable[[Floats, Floats, Floats], Floats],
    low: Floats,
    reach: Floats,
    location: Floats,
    spread: Floats,
) -> Floats:
    """Return what lies between two edges, from the side where less is lost to rounding."""
    edges, start, end = _log_edges(low.tobytes(), reach.tobytes())
    more, less = above(edges, location, spread), below(edges, location, spread)
    upper_start = more[:, start]
    from_above, from_below = upper_start - more[:, end], less[:, end] - less[:, start]
    return np.maximum(np.where(upper_start < 0.5, from_above, from_below), 0.0)


@lru_cache(maxsize=32)
def _log_edges(low: bytes, reach: bytes) -> tuple[Floats, Places, Places]:
    """Return the logarithm of every edge once, and where each cell's two edges stand among them.

    Most edges end one cell and begin another.
    """
    begin, end = np.frombuffer(low), np.frombuffer(reach)
    edges, place = np.unique(np.concatenate([begin, end]), return_inverse=True)
    return _log(edges), place[: len(begin)], place[len(begin) :]


def _log(edge: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(edge))


def _log_moments(low: Floats, reach: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of the logarithm, each answer mid-band."""
    start = np.where(low > 0, low, np.where(np.isinf(reach), 1.0, reach / 10))
    end = np.where(np.isinf(reach), start * 10, reach)
    middle = (np.log(start) + np.log(end)) / 2
    total = np.maximum(counts.sum(axis=1), _TINY)
    mean = counts @ middle / total
    variance = (counts * (middle - mean[:, None]) ** 2).sum(axis=1) / total
    return mean, np.sqrt(np.maximum(variance, 0.3))


def _log_likelihood(
    family: Family, low: Floats, reach: Floats, counts: Floats, theta: Floats
) -> Floats:
    p = np.maximum(family.between(low, reach, theta), _TINY)
    return np.asarray((counts * np.log(p)).sum(axis=1))


def _inside(theta: Floats) -> Floats:
    """Return the nearest allowed parameters."""
    return np.column_stack(
        [np.clip(theta[:, 0], -_FARTHEST, _FARTHEST), np.clip(theta[:, 1], _NARROWEST, _WIDEST)]
    )


def _within(theta: Floats) -> npt.NDArray[np.bool_]:
    """Whether parameters lie inside the allowed region, not on its border."""
    spread = theta[:, 1]
    return np.asarray(
        (np.abs(theta[:, 0]) < _FARTHEST) & (spread > _NARROWEST) & (spread < _WIDEST)
    )


def _climb(objective: Callable[[Places, Floats], Floats], theta: Floats) -> Floats:
    """Maximize by Newton's method, all replicates at once, halving steps that do not help."""
    moving = np.arange(len(theta))
    for _ in range(100):
        here = theta[moving]
        value = objective(moving, here)
        step = _newton_step(partial(objective, moving), here, value)
        arrived = here.copy()
        short = np.arange(len(here))
        for halving in range(25):
            there = _inside(here[short] + step[short] * 0.5**halving)
            better = objective(moving[short], there) >= value[short]
            arrived[short[better]] = there[better]
            short = short[~better]
            if not len(short):
                break
        theta[moving] = arrived
        moving = moving[np.abs(arrived - here).max(axis=1) > 1e-10]
        if not len(moving):
            break
    return theta


def _newton_step(objective: Callable[[Floats], Floats], theta: Floats, here: Floats) -> Floats:
    """Return the step to the top of the local parabola, or uphill where there is none."""

    def at(first: float, second: float) -> Floats:
        return objective(theta + np.array([first, second]) * _NUDGE)

    up, down, right, left = (at(*move) for move in ((1, 0), (-1, 0), (0, 1), (0, -1)))
    slope = np.column_stack([up - down, right - left]) / (2 * _NUDGE)
    first = (up - 2 * here + down) / _NUDGE**2
    second = (right - 2 * here + left) / _NUDGE**2
    mixed = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * _NUDGE**2)
    determinant = first * second - mixed**2
    peaked = (first < 0) & (determinant > 1e-12 * np.abs(first * second))
    safe = np.where(peaked, determinant, 1.0)
    newton = (
        -np.column_stack(
            [second * slope[:, 0] - mixed * slope[:, 1], first * slope[:, 1] - mixed * slope[:, 0]]
        )
        / safe[:, None]
    )
    length = np.linalg.norm(slope, axis=1, keepdims=True)
    uphill = slope / np.maximum(length, 1.0)
    step = np.where(peaked[:, None], newton, uphill)
    return np.clip(step, -2.0, 2.0)


# The families


def _lognormal() -> Family:
    def ndtr(z: Floats) -> Floats:
        from scipy.special import ndtr as normal

        return np.asarray(normal(z))

    def upper(share: Floats, location: Floats, spread: Floats) -> Floats:
        from scipy.special import ndtri

        return np.asarray(np.exp(location - spread * ndtri(share)))

    return Family(
        name="lognormal",
        below=lambda x, m, s: ndtr((x - m) / s),
        above=lambda x, m, s: ndtr((m - x) / s),
        mean_below=lambda x, m, s: ndtr((x - m) / s - s),
        mean_above=lambda x, m, s: ndtr((m - x) / s + s),
        log_mean=lambda m, s: m + s**2 / 2,
        upper=upper,
        start=lambda mean, sd: (mean, np.log(sd)),
    )


def _power(x: Floats, location: Floats, spread: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp((x - location) / spread))


def _weibull() -> Family:
    def lower(shape: Floats, x: Floats) -> Floats:
        from scipy.special import gammainc

        return np.asarray(gammainc(shape, x))

    def higher(shape: Floats, x: Floats) -> Floats:
        from scipy.special import gammaincc

        return np.asarray(gammaincc(shape, x))

    def log_mean(location: Floats, spread: Floats) -> Floats:
        from scipy.special import gammaln

        return np.asarray(location + gammaln(1 + spread))

    def upper(share: Floats, location: Floats, spread: Floats) -> Floats:
        return np.asarray(np.exp(location + spread * np.log(-np.log(share))))

    def start(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
        spread = sd * np.sqrt(6) / np.pi
        return mean + np.euler_gamma * spread, np.log(spread)

    return Family(
        name="weibull",
        below=lambda x, m, s: -np.expm1(-_power(x, m, s)),
        above=lambda x, m, s: np.exp(-_power(x, m, s)),
        mean_below=lambda x, m, s: lower(1 + s, _power(x, m, s)),
        mean_above=lambda x, m, s: higher(1 + s, _power(x, m, s)),
        log_mean=log_mean,
        upper=upper,
        start=start,
    )


def _gamma() -> Family:
    def lower(shape: Floats, x: Floats) -> Floats:
        from scipy.special import gammainc

        return np.asarray(gammainc(shape, _power(x, np.zeros(1), np.ones(1))))

    def higher(shape: Floats, x: Floats) -> Floats:
        from scipy.special import gammaincc

        return np.asarray(gammaincc(shape, _power(x, np.zeros(1), np.ones(1))))

    def upper(share: Floats, location: Floats, spread: Floats) -> Floats:
        from scipy.special import gammainccinv

        return np.asarray(np.exp(location) * gammainccinv(1 / spread, share))

    def start(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
        from scipy.special import digamma

        spread = np.where(sd > 1, sd, sd**2)
        return np.asarray(mean - digamma(1 / spread)), np.log(spread)

    return Family(
        name="gamma",
        below=lambda x, m, s: lower(1 / s, x - m),
        above=lambda x, m, s: higher(1 / s, x - m),
        mean_below=lambda x, m, s: lower(1 / s + 1, x - m),
        mean_above=lambda x, m, s: higher(1 / s + 1, x - m),
        log_mean=lambda m, s: m - np.log(s),
        upper=upper,
        start=start,
    )


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {family.name: family for family in (_lognormal(), _weibull(), _gamma())}
)
