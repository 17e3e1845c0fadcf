"""The figures of one estimate as cells: value, low, high, count, base and what is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from survey.estimates.registry import STATISTICS
from survey.estimates.statistic import Column, Role
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status
from survey.publish.rows import records_of
from survey.publish.words import capital
from survey.publish.workbook import symbols, text
from survey.publish.workbook.grid import Cell, number, word
from survey.publish.workbook.styles import (
    COUNT_FORMAT,
    PLAIN_FORMAT,
    PROBABILITY_FORMAT,
    SHARE_FORMAT,
    beside,
    value_format,
)

__all__ = [
    "Record",
    "column_of",
    "extra",
    "extra_heading",
    "extras",
    "figure",
    "figures",
    "for_reading",
    "heading",
    "is_matrix",
    "records",
    "value_heading",
]

Record = Mapping[str, Any]
_DIAGNOSTICS = frozenset(
    (  # for analysts: on the sheet Data, not in tables made for reading
        "n_eff",
        "deff",
        "clusters",
        "se",
        "imprecise_because",
        "declined",
        "item",
        "level",
        "asked",
        "answered",
        "known_count",
        "upper_closed",
        "draw_low",
        "draw_high",
        "models_low",
        "models_high",
        "family",
        "low_edge",
        "high_edge",
        "open_top",
        "earlier_count",
        "earlier_base",
        "joint_p",
    )
)
_FIGURES = ("value", "low", "high", "count", "base")
_LIMITS = ("value", "low", "high")
_NAMED = {
    Measure.SHARE: "Share",
    Measure.DIFFERENCE: "Difference (percentage points)",
    Measure.SCORE: "Net promoter score",
    Measure.RATIO: "Ratio",
}


def is_matrix(table: Estimates) -> bool:
    """Whether the answers are items of a matrix, each at one of several levels."""
    return {"item", "level"} <= set(table.frame.columns) and not table.frame["item"].isna().any()


def for_reading(table: Estimates) -> Estimates:
    """Return a matrix with its items as answers and its levels as groups; others as they are."""
    if not is_matrix(table):
        return table
    frame = table.frame.assign(answer=table.frame["item"])
    names = [*table.groups, "level", *CORE_COLUMNS]
    rest = [name for name in frame.columns if name not in (*names, "item")]
    return table.with_frame(frame[[*names, *rest]])


def records(table: Estimates) -> list[Record]:
    """Return the rows of a table as mappings; differences of shares in percentage points."""
    rows = records_of(table)
    if table.measure is not Measure.DIFFERENCE:
        return list(rows)
    return [{**row, **{key: _hundredfold(row[key]) for key in _LIMITS}} for row in rows]


def _hundredfold(number: float | None) -> float | None:
    return None if number is None else number * 100


def value_heading(table: Estimates) -> str:
    """Return what the values are, for a heading or an axis."""
    if table.measure is not Measure.NUMBER:
        return _NAMED[table.measure]
    statistic = text.humanised(table.spec.statistic) or "Value"
    return f"{statistic} ({table.spec.counts})" if table.spec.counts else statistic


def heading(table: Estimates, name: str) -> str:
    """Return the heading of one of the figures."""
    level = f"{table.spec.level * 100:g}%"
    return {
        "value": value_heading(table),
        "low": f"Low ({level})",
        "high": f"High ({level})",
        "count": "Count",
        "base": "Base",
    }[name]


def figures(rows: list[Record]) -> list[str]:
    """Return the names of the figures that say anything; ``value`` always stands.

    A count that only repeats the base, as that of a median does, is left out.
    """
    said = [name for name in _FIGURES if name == "value" or any(pd.notna(r[name]) for r in rows)]
    counted = [r for r in rows if pd.notna(r["count"])]
    if len(counted) > 1 and all(row["count"] == row["base"] for row in counted):
        said = [name for name in said if name != "count"]
    return said


def figure(table: Estimates, row: Record | None, name: str, *, roomy: bool = False) -> Cell:
    """Return the cell of one figure; a row that is not there is not available.

    In a ``roomy`` column an imprecise value shows ``[u]`` beside its number, and other numbers
    leave room for it. That is part of the number's format; the cell holds a number and nothing
    else.
    """
    if row is None:
        return number(symbols.UNAVAILABLE, "")
    shown = symbols.shown(row[name], row["status"], protected=name != "base")
    plain = COUNT_FORMAT if name in ("count", "base") else value_format(table.measure)
    if not roomy:
        return number(shown, plain)
    marked = name == "value" and Status(str(row["status"])) is Status.IMPRECISE
    return number(shown, beside(plain, symbols.IMPRECISE if marked else ""))


def extras(table: Estimates) -> list[str]:
    """Return the columns that a statistic adds for reading and that say anything.

    The sheet ``Data`` has the others, too.
    """
    known = {*table.groups, *CORE_COLUMNS} | _DIAGNOSTICS
    added = [str(name) for name in table.frame.columns if name not in known]
    said = {name: [value for value in table.frame[name] if pd.notna(value)] for name in added}
    return [name for name in added if any(value != "" for value in said[name])]


def extra(table: Estimates, row: Record, name: str, *, of_text: bool) -> Cell:
    """Return the cell of an added column: text, yes or no, or a number."""
    value = row[name]
    if Status(str(row["status"])) is Status.SUPPRESSED:
        return word(symbols.symbol_of(row["status"]), right=not of_text)
    if isinstance(value, bool):
        return word("yes" if value else "no", right=True)
    if of_text:
        return word(value if isinstance(value, str) and value else symbols.UNAVAILABLE)
    shown = symbols.shown(value, row["status"], protected=False)
    return number(shown, _extra_format(table, name, value))


def column_of(table: Estimates, name: str) -> Column | None:
    """Return what the table's statistic declares of an added column."""
    statistic = table.statistic or STATISTICS.get(table.spec.statistic)
    return statistic.columns.get(name) if statistic is not None else None


def extra_heading(table: Estimates, name: str) -> str:
    """Return the heading of an added column, as its statistic declares it."""
    declared = column_of(table, name)
    return capital(declared.heading) if declared is not None else text.humanised(name)


def _extra_format(table: Estimates, name: str, value: float) -> str:
    """Return how a number of an added column prints, by its role."""
    declared = column_of(table, name)
    role = declared.role if declared is not None else None
    fraction = name.endswith("_share") or role is Role.SHARE
    if role is Role.P_VALUE:
        return PROBABILITY_FORMAT
    if fraction or (role is Role.NUMBER and table.measure is Measure.DIFFERENCE):
        return SHARE_FORMAT
    whole = pd.notna(value) and (float(value).is_integer() or abs(float(value)) >= 1000)
    return COUNT_FORMAT if whole else PLAIN_FORMAT
