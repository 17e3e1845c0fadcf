"""Take numbers out of a table: what is withheld is missing, never 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.disclosure.cells import BASES, KINDS, number
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status

__all__ = ["rounded", "unaudited_gone", "without"]

Marks = npt.NDArray[np.bool_]

#: Columns that say what a row is about.
WORDS = frozenset({"item", "level"})
#: Columns that count something.
COUNTED = frozenset(
    {
        "clusters",
        "organizations",
        "declined",
        "asked",
        "answered",
        "known_count",
        "open_top",
        "earlier_count",
        "earlier_base",
        *KINDS,
    }
)
#: Columns that tell of their own row alone, or of no answers at all.
OF_THE_ROW = frozenset(
    {
        "effective",
        "deff",
        "se",
        "weighted_base",
        "lower_bound",
        "upper_bound",
        "upper_closed",
        "low_edge",
        "high_edge",
        "within_low",
        "within_high",
        "open_top_share",
        "largest_share",
        "second_share",
        "earlier",
        "later",
        "months",
    }
)
#: Columns that tell of their own answer in all groups.
OF_THE_ANSWER = frozenset({"p", "slope", "slope_low", "slope_high"})


def without(table: Estimates, rows: Marks, columns: Mapping[str, Marks]) -> Estimates:
    """Return ``table`` with some rows withheld.

    Parameters
    ----------
    table
        Estimates.
    rows
        Which rows are withheld: all but their groups, their answer and their base.
    columns
        Columns of which single numbers are withheld -> rows in which they are.
    """
    frame = table.frame.copy(deep=True)
    kept = {*table.groups, "answer", "status", *WORDS}
    for name in (name for name in frame.columns if name not in kept):
        own = columns.get(name, np.zeros(len(frame), dtype=bool))
        frame[name] = _emptied(frame[name], own if name in BASES else own | rows)
    told = frame["status"].astype(str).isin([Status.OK, Status.IMPRECISE]).to_numpy()
    frame["status"] = _withheld(frame["status"], rows & told)
    return table.with_frame(frame)


def unaudited_gone(tables: Sequence[Estimates]) -> list[Estimates]:
    """Return tables without numbers that nobody checked, where something was withheld.

    What a statistic adds to the core columns may be one more sum over the same answers. Columns
    that tell of their own row alone are known; others are emptied in every table on a concept
    of which any table withholds something.
    """
    withholding = {
        (table.spec.concept, table.spec.unit)
        for table in tables
        if (table.frame["status"].astype(str) == Status.SUPPRESSED).any()
    }
    return [
        _without_unaudited(table) if (table.spec.concept, table.spec.unit) in withholding else table
        for table in tables
    ]


def _without_unaudited(table: Estimates) -> Estimates:
    frame = table.frame.copy(deep=True)
    everywhere = np.ones(len(frame), dtype=bool)
    withheld = frame["answer"][frame["status"].astype(str) == Status.SUPPRESSED]
    touched = frame["answer"].isin(withheld).to_numpy(dtype=bool)
    known = {*table.groups, *CORE_COLUMNS, *OF_THE_ROW, *COUNTED}
    for name in frame.columns:
        if name not in known and pd.api.types.is_numeric_dtype(frame[name].dtype):
            rows = touched if name in OF_THE_ANSWER else everywhere
            frame[name] = _emptied(frame[name], rows)
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
        column = column.astype(object)
    return column.mask(pd.Series(rows, index=column.index), Status.SUPPRESSED.value)


def rounded(table: Estimates, digits: int) -> Estimates:
    """Return ``table`` with numbers that are not counts or shares rounded.

    A total of bands is a sum of round numbers times counts: at full length it tells how many
    clouds stand in each band. Edges of bands, as medians have them, are not rounded.

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
    numbers = {"value", "low", "high"}
    if table.spec.statistic not in ("median", "quantile"):
        numbers |= set(frame.columns) - {*table.groups, *CORE_COLUMNS, *COUNTED}
    for name in frame.columns:
        if name in numbers and pd.api.types.is_float_dtype(frame[name].dtype):
            frame[name] = significant(number(frame[name]), digits)
    return table.with_frame(frame)


def significant(numbers: npt.NDArray[np.float64], digits: int) -> npt.NDArray[np.float64]:
    """Round to significant digits.

    Examples
    --------
    >>> significant(np.array([45_123_456.0, 0.012345, 0.0, np.inf]), 3).tolist()
    [45100000.0, 0.0123, 0.0, inf]
    """
    found = [float(f"{value:.{digits - 1}e}") if np.isfinite(value) else value for value in numbers]
    return np.array(found, dtype=np.float64)
