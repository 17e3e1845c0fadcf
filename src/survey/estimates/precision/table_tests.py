"""Tests of whole tables: whether the distribution of answers differs between groups.

Pearson's statistic does not have its usual distribution when units come in clusters. Rao and
Scott refer it to the distribution with the same mean and variance, to second order. Both are
taken here over exchanges: if nothing changed, a cluster's contribution to the difference could as
well have the other sign, whatever its size and however its units resemble each other. Mean and
variance over all patterns of signs are known exactly. They need no estimate of a covariance, whose
errors make Rao and Scott's own test reject 8 to 11 % where one cluster is large and Bilder and
Loughin's 3.5 % of 40 units (nominally 5 %).

Sources
-------
Rao, J. N. K. and Scott, A. J. (1984). On chi-squared tests for multiway contingency tables
    with cell proportions estimated from survey data. Annals of Statistics 12, 46-60.
Bilder, C. R. and Loughin, T. M. (2004). Testing for marginal independence between two
    categorical variables with multiple responses. Biometrics 60, 241-248. (The statistic.)
Canay, I. A., Romano, J. P. and Shaikh, A. M. (2017). Randomization tests under an approximate
    symmetry assumption. Econometrica 85, 1013-1030. (Exchanges of signs between clusters.)
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["NOTHING", "TableTest", "exchange_test", "second_order", "table_of_scores"]

Floats = npt.NDArray[np.float64]
_ROUNDING = 1e-12


@dataclass(frozen=True)
class TableTest:
    """Result of a second-order corrected test.

    Attributes
    ----------
    statistic
        F statistic.
    df1, df2
        Its degrees of freedom.
    p_value
        Probability of a larger one if there is no association; ``nan`` without any variation.
    pearson
        The uncorrected statistic.
    """

    statistic: float
    df1: float
    df2: float
    p_value: float
    pearson: float


NOTHING: Final = TableTest(np.nan, np.nan, np.nan, np.nan, 0.0)
"""The result where nothing varies."""


def exchange_test(scores: Floats) -> TableTest:
    """Test that scores add up to nothing, by exchange of the sign of every cluster's.

    The squared length of their sum is compared with the multiple of an F distribution that has
    the mean, and nearly the variance, of all patterns of signs, and the number of clusters in its
    second degrees of freedom: with a chi-squared distribution 5.8 % of 40 units are rejected.

    Parameters
    ----------
    scores
        Clusters x answers: what each cluster adds to the difference of each answer if there is
        none, scaled so that the squares of the sums add up to Pearson's statistic.

    Examples
    --------
    >>> found = exchange_test(np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [1.0]]))
    >>> found.pearson, round(found.df1, 3), round(found.p_value, 3)
    (36.0, 1.2, 0.039)
    """
    between = scores.T @ scores
    own = (scores**2).sum(axis=1)
    square = float((between**2).sum() - (own**2).sum())
    if square <= _ROUNDING * float((own**2).sum()):  # one cluster: one pattern
        return NOTHING
    pearson = float((scores.sum(axis=0) ** 2).sum())
    return second_order(pearson, float(own.sum()), square, len(scores))


def second_order(pearson: float, trace: float, square: float, freedom: float) -> TableTest:
    """Compare a quadratic statistic with its null distribution, to second order.

    Parameters
    ----------
    pearson
        The statistic; without a difference a sum of squares with weights.
    trace, square
        Sum of the weights, and of their squares: its mean and half of its variance.
    freedom
        Degrees of freedom of an estimate of the weights. With ``freedom`` infinite the reference
        is a chi-squared distribution.
    """
    from scipy.special import chdtrc, fdtrc

    if not trace > 0 or not square > 0 or freedom < 1:
        return NOTHING
    df1 = trace**2 / square
    statistic = pearson / trace
    if np.isinf(freedom):
        p_value = float(chdtrc(df1, df1 * statistic))
    else:
        p_value = float(fdtrc(df1, df1 * freedom, statistic))
    return TableTest(statistic, df1, df1 * freedom, p_value, pearson)


def table_of_scores(
    later: Floats, chosen: Floats, weight: Floats, cluster: npt.NDArray[np.intp]
) -> Floats:
    """Return what every cluster adds to a table of two rows by answers, if these do not depend.

    Clusters x answers that anybody gave; the squares of the sums add up to Pearson's statistic.

    Parameters
    ----------
    later, chosen
        Units: 1 in the second row, else 0; units x answers, 0 or 1, one answer each.
    weight, cluster
        Weight and cluster of each unit.
    """
    whole = weight.sum()
    if not whole > 0:
        return np.zeros((0, 0))
    share, part = weight @ chosen / whole, weight @ later / whole
    given = share > 0
    scale = np.sqrt(share[given] * part * (1 - part) / len(weight)) * whole
    residual = (weight * (later - part))[:, None] * (chosen - share)[:, given]
    names, code = np.unique(cluster, return_inverse=True)
    scores = np.zeros((len(names), int(given.sum())))
    np.add.at(scores, code, residual)
    return np.asarray(np.divide(scores, scale, out=np.zeros_like(scores), where=scale > 0))
