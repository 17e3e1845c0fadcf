"""Rao and Scott's test as R's ``svychisq(statistic = "F")`` makes it: what ours is held against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.estimates.precision.table_tests import NOTHING, TableTest, second_order

__all__ = ["rao_scott", "table_scores"]

Floats = npt.NDArray[np.float64]


def rao_scott(table: Floats, covariance: Floats, size: float, freedom: float) -> TableTest:
    """Test that rows and columns of a table are independent.

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
        return NOTHING
    flat = cells.ravel()
    inverse = np.divide(1.0, flat, out=np.zeros_like(flat), where=flat > 0)
    interaction = _interaction(*cells.shape)
    bread = interaction.T @ (inverse[:, None] * interaction) / size
    scaled = inverse[:, None] * interaction
    meat = scaled.T @ covariance[np.ix_(kept, kept)] @ scaled
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0))
    pearson = float(size * ((cells - expected) ** 2 / expected).sum())
    try:
        return _joint_test(pearson, np.linalg.solve(bread, meat), freedom)
    except np.linalg.LinAlgError:
        return NOTHING


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


def _joint_test(pearson: float, delta: Floats, freedom: float) -> TableTest:
    return second_order(pearson, float(np.trace(delta)), float((delta * delta.T).sum()), freedom)
