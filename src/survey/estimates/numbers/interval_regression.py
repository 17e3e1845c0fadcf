"""Regression of a number that is known as a band, by maximum likelihood.

The logarithm of the number is normal around a linear predictor. An answer "100 to 999 cores"
contributes the probability of the band, an exact number its density, an open band the
probability of what lies above its edge. The variance of the coefficients allows for units of
one organization: the sandwich of the inverse information around the scores summed by cluster.

Sources
-------
Tobin, J. (1958). Estimation of relationships for limited dependent variables. Econometrica 26,
    24-36.
Stewart, M. B. (1983). On least squares estimation when the dependent variable is grouped.
    Review of Economic Studies 50, 737-753.
Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex
    surveys. International Statistical Review 51, 279-292.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.tabulation.sums import freedom_of_rows

__all__ = ["IntervalFit", "fit_intervals"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_STEPS, _HALVINGS = 200, 30
_CLOSE = 1e-9
_NARROWEST, _WIDEST = np.log(1e-3), np.log(50.0)


@dataclass(frozen=True)
class IntervalFit:
    """Coefficients of a regression on intervals.

    Attributes
    ----------
    coefficients
        One per column of the predictors, on the scale of the logarithm.
    scale
        Standard deviation of the logarithm around the prediction.
    covariance
        Of the coefficients and, last, of the logarithm of ``scale``; allows for clusters.
    log_likelihood
        At the maximum.
    clusters, freedom
        Number of clusters, and the effective number of those of unequal size less one.
    converged
        Whether the maximum was reached inside the allowed region.
    """

    coefficients: Floats
    scale: float
    covariance: Floats
    log_likelihood: float
    clusters: int
    freedom: float
    converged: bool


@dataclass(frozen=True)
class _Intervals:
    """Ends of each unit's interval on the scale of the logarithm; equal where it is exact."""

    start: Floats
    end: Floats

    @property
    def exact(self) -> Flags:
        return np.asarray(self.start == self.end)


@dataclass(frozen=True)
class _Derivatives:
    """Per unit: log-likelihood, its slopes and curvatures in prediction and log scale."""

    value: Floats
    mean: Floats
    scale: Floats
    mean_mean: Floats
    mean_scale: Floats
    scale_scale: Floats


def fit_intervals(
    low: Floats,
    reach: Floats,
    predictors: Floats,
    cluster: Ints,
    weight: Floats | None = None,
) -> IntervalFit:
    """Fit a log-normal regression to intervals.

    Parameters
    ----------
    low, reach
        Each number lies in ``low <= number < reach``; ``reach`` is infinite for an open band,
        ``low`` 0 where nothing bounds it from below. Equal ends are an exact number.
    predictors
        Units x columns, with a column of ones for the intercept.
    cluster
        Number of the cluster of each unit.
    weight
        Weight of each unit; default 1.

    Returns
    -------
    IntervalFit
        Its covariance has the factor c / (c - 1) for c clusters, as ``svysurvreg`` of R's
        ``survey`` has it.

    Raises
    ------
    EstimateError
        If an interval is empty, or the predictors depend on each other.

    Examples
    --------
    >>> low = np.array([1.0, 100, 10, 1, 1000, 100])
    >>> reach = np.array([10.0, 1000, 100, 10, np.inf, 1000])
    >>> x = np.column_stack([np.ones(6), [0.0, 0, 1, 1, 2, 2]])
    >>> fitted = fit_intervals(low, reach, x, np.arange(6))
    >>> fitted.coefficients.round(2).tolist(), fitted.converged
    ([2.45, 1.86], True)
    """
    _check(low, reach, predictors)
    with np.errstate(divide="ignore"):
        intervals = _Intervals(np.log(low), np.log(reach))
    weights = np.ones(len(low)) if weight is None else np.asarray(weight, dtype=np.float64)
    theta = _start(intervals, predictors, weights)
    converged = False
    for _ in range(_STEPS):
        slope, curvature, value = _totals(intervals, predictors, theta, weights)
        step = _uphill(slope, curvature)
        moved = _shortened(intervals, predictors, theta, weights, step, value)
        converged = bool(np.abs(moved - theta).max() < _CLOSE)
        theta = moved
        if converged:
            break
    inside = _NARROWEST < theta[-1] < _WIDEST
    _, curvature, value = _totals(intervals, predictors, theta, weights)
    covariance, clusters = _sandwich(intervals, predictors, theta, weights, cluster, curvature)
    return IntervalFit(
        theta[:-1],
        float(np.exp(theta[-1])),
        covariance,
        value,
        clusters,
        freedom_of_rows(cluster, weights),
        converged and bool(inside),
    )


def _check(low: Floats, reach: Floats, predictors: Floats) -> None:
    problems = []
    if (wrong := int((~(low <= reach) | (low < 0) | (reach <= 0)).sum())) > 0:
        problems.append(Problem("intervals", f"{wrong} that are empty or below 0", "low <= reach"))
    rank = int(np.linalg.matrix_rank(predictors)) if predictors.size else 0
    if rank < predictors.shape[1]:
        problems.append(
            Problem(
                "predictors",
                f"{predictors.shape[1]} columns of rank {rank}",
                "columns that do not depend on each other",
                "leave one of them out, or join rare answers",
            )
        )
    if problems:
        raise EstimateError("Cannot fit a regression", problems)


def _start(intervals: _Intervals, predictors: Floats, weight: Floats) -> Floats:
    """Return least squares of the middles of the intervals, open ends half a step away."""
    start, end = intervals.start, intervals.end
    closed = (end - start)[np.isfinite(end - start)]
    usual = float(np.median(closed)) if len(closed) else 0.0
    width = usual if usual > 0 else 1.0
    middle = np.where(
        np.isfinite(start),
        np.where(np.isfinite(end), (start + end) / 2, start + width / 2),
        end - width / 2,
    )
    root = np.sqrt(weight)[:, None]
    found = np.linalg.lstsq(predictors * root, middle * root[:, 0], rcond=None)[0]
    spread = np.sqrt(np.average((middle - predictors @ found) ** 2, weights=weight))
    return np.append(found, np.log(max(float(spread), 0.3)))


def _totals(
    intervals: _Intervals, predictors: Floats, theta: Floats, weight: Floats
) -> tuple[Floats, Floats, float]:
    """Return slope, curvature (negative inside) and value of the log-likelihood."""
    each = _derivatives(intervals, predictors, theta)
    slope = np.append(predictors.T @ (weight * each.mean), (weight * each.scale).sum())
    size = predictors.shape[1]
    curvature = np.empty((size + 1, size + 1))
    curvature[:size, :size] = (predictors * (weight * each.mean_mean)[:, None]).T @ predictors
    curvature[:size, size] = curvature[size, :size] = predictors.T @ (weight * each.mean_scale)
    curvature[size, size] = (weight * each.scale_scale).sum()
    return slope, curvature, float((weight * each.value).sum())


def _uphill(slope: Floats, curvature: Floats) -> Floats:
    """Return Newton's step; where the surface is not a hill, a step along a tilted one."""
    values, vectors = np.linalg.eigh(-curvature)
    steep = np.maximum(np.abs(values), 1e-8 * max(float(np.abs(values).max()), 1.0))
    return np.asarray(vectors @ ((vectors.T @ slope) / steep))


def _shortened(
    intervals: _Intervals,
    predictors: Floats,
    theta: Floats,
    weight: Floats,
    step: Floats,
    value: float,
) -> Floats:
    """Return where the step leads, halved until it does not lead down."""
    for halving in range(_HALVINGS):
        there = theta + step * 0.5**halving
        there[-1] = np.clip(there[-1], _NARROWEST, _WIDEST)
        if (weight * _derivatives(intervals, predictors, there).value).sum() >= value:
            return there
    return theta


def _derivatives(intervals: _Intervals, predictors: Floats, theta: Floats) -> _Derivatives:
    scale = float(np.exp(theta[-1]))
    centre = predictors @ theta[:-1]
    lower, upper = (intervals.start - centre) / scale, (intervals.end - centre) / scale
    banded = _of_bands(lower, upper, scale)
    if not intervals.exact.any():
        return banded
    density = _of_numbers(lower, scale)
    names = ("value", "mean", "scale", "mean_mean", "mean_scale", "scale_scale")
    return _Derivatives(
        *(
            np.where(intervals.exact, getattr(density, name), getattr(banded, name))
            for name in names
        )
    )


def _of_numbers(z: Floats, scale: float) -> _Derivatives:
    return _Derivatives(
        value=-(z**2) / 2 - np.log(scale) - np.log(2 * np.pi) / 2,
        mean=z / scale,
        scale=z**2 - 1,
        mean_mean=np.full(len(z), -1 / scale**2),
        mean_scale=-2 * z / scale,
        scale_scale=-2 * z**2,
    )


def _of_bands(lower: Floats, upper: Floats, scale: float) -> _Derivatives:
    log_p = _log_probability(lower, upper)

    def part(edge: Floats, power: Floats) -> Floats:
        """Return a power of an edge times density over probability; 0 at infinity."""
        density = -(edge**2) / 2 - np.log(2 * np.pi) / 2
        with np.errstate(over="ignore"):
            return np.asarray(power * np.exp(density - log_p))

    def between(power: int, factor: bool = False) -> Floats:
        low = np.where(np.isfinite(lower), lower, 0.0)
        high = np.where(np.isfinite(upper), upper, 0.0)
        curve_low = low**2 - 1 if factor else 1.0
        curve_high = high**2 - 1 if factor else 1.0
        return part(lower, low**power * curve_low) - part(upper, high**power * curve_high)

    mean, slope = between(0) / scale, between(1)
    return _Derivatives(
        value=log_p,
        mean=mean,
        scale=slope,
        mean_mean=slope / scale**2 - mean**2,
        mean_scale=between(2) / scale - mean - mean * slope,
        scale_scale=between(1, factor=True) - slope**2,
    )


def _log_probability(lower: Floats, upper: Floats) -> Floats:
    """Return the logarithm of what lies between two normal scores.

    Scores far out on the right are mirrored to the left, where nothing is lost to rounding.
    """
    from scipy.special import log_ndtr

    mirrored = lower > 0
    start = np.where(mirrored, -upper, lower)
    end = np.where(mirrored, -lower, upper)
    below, above = log_ndtr(start), log_ndtr(end)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = above + np.log(-np.expm1(below - above))
    return np.asarray(np.where(np.isfinite(found), found, -700.0))


def _sandwich(
    intervals: _Intervals,
    predictors: Floats,
    theta: Floats,
    weight: Floats,
    cluster: Ints,
    curvature: Floats,
) -> tuple[Floats, int]:
    """Return the covariance of the parameters, and the number of clusters."""
    each = _derivatives(intervals, predictors, theta)
    scores = np.column_stack([predictors * each.mean[:, None], each.scale]) * weight[:, None]
    _, code = np.unique(cluster, return_inverse=True)
    clusters = int(code.max(initial=-1)) + 1
    sums = np.zeros((clusters, scores.shape[1]))
    np.add.at(sums, code, scores)
    bread = np.linalg.pinv(-curvature)
    factor = clusters / (clusters - 1) if clusters > 1 else np.nan
    return factor * bread @ (sums.T @ sums) @ bread, clusters
