"""Take numbers out of a table: what is withheld is missing, never 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.disclosure.cells import number
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status

__all__ = ["rounded", "without"]

Marks = npt.NDArray[np.bool_]


def without(table: Estimates, rows: Marks, bases: Marks) -> Estimates:
    """Return ``table`` with some rows withheld.

    Parameters
    ----------
    table
        Estimates.
    rows
        Which rows are withheld: all but their groups, answer and base.
    bases
        Which rows must not show their base either.
    """
    frame = table.frame.copy(deep=True)
    kept = {*table.groups, "answer", "base", "status"}
    for name in frame.columns:
        if name not in kept:
            frame[name] = _emptied(frame[name], rows)
    frame["base"] = _emptied(frame["base"], bases)
    frame["status"] = _withheld(frame["status"], rows)
    return table.with_frame(frame)


def _emptied(column: pd.Series[Any], rows: Marks) -> pd.Series[Any]:
    """Return ``column`` with missing values in ``rows``, in a type that has missing values."""
    if not rows.any():
        return column
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.astype("boolean")
    elif pd.api.types.is_integer_dtype(column.dtype):
        column = column.astype("Int64")
    return column.mask(pd.Series(rows, index=column.index))


def _withheld(column: pd.Series[Any], rows: Marks) -> pd.Series[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        if Status.SUPPRESSED.value not in column.cat.categories:
            column = column.cat.add_categories([Status.SUPPRESSED.value])
        return column.mask(pd.Series(rows, index=column.index), Status.SUPPRESSED.value)
    return column.mask(pd.Series(rows, index=column.index), Status.SUPPRESSED.value)


def rounded(table: Estimates, digits: int) -> Estimates:
    """Return ``table`` with numbers that are not counts or shares rounded.

    A total of bands is a sum of round numbers times counts: at full length it tells how many
    clouds stand in each band.

    Parameters
    ----------
    table
        Estimates of any measure; shares, differences and scores are returned as they are.
    digits
        Significant digits to keep.
    """
    if table.measure not in (Measure.NUMBER, Measure.RATIO):
        return table
    frame = table.frame.copy(deep=True)
    exact = {*table.groups, *CORE_COLUMNS, *_COUNTED} - {"value", "low", "high"}
    for name in frame.columns:
        if name not in exact and pd.api.types.is_float_dtype(frame[name].dtype):
            frame[name] = significant(number(frame[name]), digits)
    return table.with_frame(frame)


_COUNTED = frozenset({"clusters"})


def significant(numbers: npt.NDArray[np.float64], digits: int) -> npt.NDArray[np.float64]:
    """Round to significant digits.

    Examples
    --------
    >>> significant(np.array([45_123_456.0, 0.012345, 0.0, np.inf]), 3).tolist()
    [45100000.0, 0.0123, 0.0, inf]
    """
    found = [
        float(f"{value:.{digits - 1}e}") if np.isfinite(value) else value for value in numbers
    ]
    return np.array(found, dtype=np.float64)
