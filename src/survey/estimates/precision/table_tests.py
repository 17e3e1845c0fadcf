"""Tests of whole tables: whether the distribution of answers differs between groups.

Pearson's statistic does not have its usual distribution when units come in clusters; Rao and
Scott's second-order correction compares it with an F distribution whose degrees of freedom
come from the eigenvalues of the design effects.

Sources
-------
Rao, J. N. K. and Scott, A. J. (1984). On chi-squared tests for multiway contingency tables
    with cell proportions estimated from survey data. Annals of Statistics 12, 46-60.
Thomas, D. R. and Rao, J. N. K. (1987). Small-sample comparisons of level and power for simple
    goodness-of-fit statistics under cluster sampling. Journal of the American Statistical
    Association 82, 630-636.
Bilder, C. R. and Loughin, T. M. (2004). Testing for marginal independence between two
    categorical variables with multiple responses. Biometrics 60, 241-248.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["TableTest", "joint_test", "rao_scott", "second_order", "table_scores"]

Floats = npt.NDArray[np.float64]


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


_NOTHING = TableTest(np.nan, np.nan, np.nan, np.nan, 0.0)


def joint_test(pearson: float, delta: Floats, freedom: float) -> TableTest:
    """Compare a quadratic statistic with its null distribution, to second order.

    Parameters
    ----------
    pearson
        The statistic; under no association a sum of squares with weights that are the
        eigenvalues of ``delta``.
    delta
        Matrix of design effects.
    freedom
        Degrees of freedom of the variance estimate: clusters less one.
    """
    return second_order(pearson, float(np.trace(delta)), float((delta * delta.T).sum()), freedom)


def second_order(pearson: float, trace: float, square: float, freedom: float) -> TableTest:
    """Return :func:`joint_test` from the trace of the matrix and that of its square.

    With ``freedom`` infinite the reference is a chi-squared distribution.
    """
    from scipy.special import chdtrc, fdtrc

    if not trace > 0 or not square > 0 or freedom < 1:
        return _NOTHING
    df1 = trace**2 / square
    statistic = pearson / trace
    if np.isinf(freedom):
        p_value = float(chdtrc(df1, df1 * statistic))
    else:
        p_value = float(fdtrc(df1, df1 * freedom, statistic))
    return TableTest(statistic, df1, df1 * freedom, p_value, pearson)


def rao_scott(table: Floats, covariance: Floats, size: float, freedom: float) -> TableTest:
    """Test that rows and columns of a table are independent.

    The same numbers as ``svychisq(statistic = "F")`` of R's ``survey``.

    Parameters
    ----------
    table
        Cell proportions, rows x columns; empty rows and columns are dropped.
    covariance
        Covariance matrix of the cells in row-major order.
    size
        Number of units.
    freedom
        Degrees of freedom of the variance: clusters less one.
    """
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    kept = np.flatnonzero(np.outer(rows, columns).ravel())
    cells = table[rows][:, columns]
    if min(cells.shape, default=0) < 2:
        return _NOTHING
    flat = cells.ravel()
    inverse = np.divide(1.0, flat, out=np.zeros_like(flat), where=flat > 0)
    interaction = _interaction(*cells.shape)
    bread = interaction.T @ (inverse[:, None] * interaction) / size
    scaled = inverse[:, None] * interaction
    meat = scaled.T @ covariance[np.ix_(kept, kept)] @ scaled
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0))
    pearson = float(size * ((cells - expected) ** 2 / expected).sum())
    try:
        return joint_test(pearson, np.linalg.solve(bread, meat), freedom)
    except np.linalg.LinAlgError:
        return _NOTHING


def table_scores(
    rows: Floats, columns: Floats, weight: Floats, cluster: npt.NDArray[np.intp], clusters: int
) -> tuple[Floats, Floats]:
    """Return the proportions of a two-way table and the covariance matrix of its cells.

    Parameters
    ----------
    rows, columns
        Units x categories, 0 or 1; each unit is in one of each.
    weight, cluster, clusters
        Weight and cluster of each unit, and the number of clusters.
    """
    cells = (rows[:, :, None] * columns[:, None, :]).reshape(len(rows), -1)
    total = weight.sum()
    table = weight @ cells / total
    scores = np.zeros((clusters, cells.shape[1]))
    np.add.at(scores, cluster, (cells - table) * (weight / total)[:, None])
    factor = clusters / (clusters - 1) if clusters > 1 else np.nan
    shape = (rows.shape[1], columns.shape[1])
    covariance: Floats = factor * (scores.T @ scores)
    return table.reshape(shape), covariance


def _interaction(rows: int, columns: int) -> Floats:
    """Return a basis of the interactions: orthogonal to row and column effects."""
    basis: Floats = np.kron(_centered(rows), _centered(columns)).astype(np.float64)
    return basis


def _centered(size: int) -> Floats:
    return np.eye(size)[:, 1:] - 1 / size
