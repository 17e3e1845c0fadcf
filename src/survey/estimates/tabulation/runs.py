"""Sums of runs of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["added", "tallied"]

_LONG = 16
"""Rows from which a run is added up by itself rather than beside other runs."""
_STEPS = 64
"""The same of runs whose true values are counted, which has less to do at each step."""
_FEW_ROWS = 3
"""Rows of the mean run up to which numpy takes longer."""


def added(
    values: npt.NDArray[Any], starts: npt.NDArray[np.intp], kind: npt.DTypeLike = np.float64
) -> npt.NDArray[Any]:
    """Add up each run of rows; ``starts`` says where the runs begin.

    What ``np.add.reduceat`` does along the first axis, which takes longer for runs of a few rows:
    here the second row of all runs is added in one step, then the third. The order of additions
    does not depend on the number of columns: equal columns have equal sums. Whole numbers have
    one sum in any order, so that numpy adds up long runs of them.

    Examples
    --------
    >>> added(np.array([[1, 0], [1, 1], [5, 2]]), np.array([0, 2])).tolist()
    [[2.0, 1.0], [5.0, 2.0]]
    """
    if values.dtype.kind in "biu" and len(values) > _FEW_ROWS * len(starts) > 0:
        return np.asarray(np.add.reduceat(values, starts, dtype=kind))
    sizes = np.diff(starts, append=len(values))
    total = np.asarray(values[starts], dtype=kind)
    for run in np.flatnonzero(sizes > _LONG):
        total[run] = _row_by_row(values[starts[run] : starts[run] + sizes[run]], kind)
    short = np.flatnonzero((sizes > 1) & (sizes <= _LONG))
    step = 1
    while len(short):
        total[short] += values[starts[short] + step]
        step += 1
        short = short[sizes[short] > step]
    return total


def _row_by_row(values: npt.NDArray[Any], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return the sum of all rows; numpy would add a single column in another order."""
    if values.shape[1] == 1:
        return _row_by_row(np.repeat(values, 2, axis=1), kind)[:1]
    return np.asarray(np.ascontiguousarray(values).sum(axis=0, dtype=kind))


def tallied(
    flags: npt.NDArray[np.bool_], rows: npt.NDArray[np.intp], starts: npt.NDArray[np.intp]
) -> npt.NDArray[Any]:
    """Count the true values in each run of rows; whole numbers of as few bytes as hold them.

    Parameters
    ----------
    flags
        Rows x columns.
    rows, starts
        The rows in their order, and where each run begins in it.

    Examples
    --------
    >>> flags = np.array([[True, False], [True, True], [False, True]])
    >>> tallied(flags, np.array([2, 0, 1]), np.array([0, 1])).tolist()
    [[0, 1], [2, 1]]
    """
    sizes = np.diff(starts, append=len(rows))
    kind = np.min_scalar_type(int(sizes.max(initial=0)))
    order = np.argsort(-sizes, kind="stable")  # longest first: those that go on are a slice
    first, falling = starts[order], sizes[order]
    ones = flags.view(np.uint8)  # no conversion while they are added to bytes
    total = ones[rows[first]].astype(kind, copy=False)
    long = int(np.count_nonzero(falling > _STEPS))
    for run in range(long):
        own = rows[first[run] : first[run] + falling[run]]
        total[run] = flags[own].sum(axis=0, dtype=kind)
    for step in range(1, min(int(falling[long]) if long < len(falling) else 1, _STEPS)):
        end = int(np.searchsorted(-falling, -step))  # longer than the step
        total[long:end] += ones[rows[first[long:end] + step]]
    found = np.empty_like(total)
    found[order] = total
    return found
