"""Resampling whole clusters: matrices of weights in place of loops.

Sources
-------
Rao, J. N. K. and Wu, C. F. J. (1988). Resampling inference with complex survey data. Journal
    of the American Statistical Association 83, 231-241.
Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman and Hall.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["generator", "percentile_limits", "resampled"]

Floats = npt.NDArray[np.float64]

_SEED = 20_130_417


def generator(part: int = 0) -> np.random.Generator:
    """Return the random numbers of one part of a computation: the same ones every time."""
    return np.random.default_rng([_SEED, part])


def resampled(clusters: int, replicates: int, random: np.random.Generator) -> Floats:
    """Return replicates x clusters: how often each cluster is drawn, rescaled.

    One cluster fewer is drawn than there are, and the counts are scaled up, which makes the
    variance of a total unbiased (Rao and Wu 1988).

    Examples
    --------
    >>> weights = resampled(5, 1000, generator())
    >>> weights.shape, weights.sum(axis=1).round(9).min(), weights.sum(axis=1).round(9).max()
    ((1000, 5), np.float64(5.0), np.float64(5.0))
    """
    if clusters < 2:
        return np.ones((replicates, clusters))
    drawn = random.multinomial(clusters - 1, np.full(clusters, 1 / clusters), size=replicates)
    return np.asarray(drawn * (clusters / (clusters - 1)))


def percentile_limits(values: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the percentiles that leave ``1 - level`` outside, over the replicates (axis 0)."""
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return np.asarray(low), np.asarray(high)
