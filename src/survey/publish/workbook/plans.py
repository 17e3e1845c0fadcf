"""Which chart a table gets, as plain values: kind, series, points, words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.workbook import figures, symbols, text
from survey.publish.workbook.figures import Record
from survey.publish.workbook.styles import value_format

__all__ = ["Kind", "Plan", "Point", "Series", "plan_of"]

_MOST_BARS, _MOST_LINES, _MOST_BESIDE, _MOST_STACKED = 50, 6, 4, 9


class Kind(StrEnum):
    """What a chart draws."""

    BARS = "bars"
    LINES = "lines"
    STACKED = "stacked bars"


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its interval; ``None`` leaves a gap, and ``remark`` says why."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    remark: str


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one colour."""

    name: str
    points: tuple[Point, ...]

    @property
    def last(self) -> float:
        """The last value there is, to find the largest series."""
        values = [point.value for point in self.points if point.value is not None]
        return values[-1] if values else -math.inf


@dataclass(frozen=True, slots=True)
class Plan:
    """A chart: its kind, words, series, and how its numbers are printed."""

    kind: Kind
    title: str
    axis: str
    number_format: str
    series: tuple[Series, ...]
    intervals: bool
    selection: str = ""

    @property
    def description(self) -> str:
        """The text alternative: what is drawn, and the largest value."""
        points = [(s, p) for s in self.series for p in s.points if p.value is not None]
        series, point = max(points, key=lambda pair: pair[1].value or 0.0)
        of = f"{series.name}, " if len(self.series) > 1 else ""
        drawn = f"{self.kind.capitalize()} of {self.axis.lower()}: {self.title}."
        largest = f"The largest value is {self._printed(point.value)} ({of}{point.label})."
        return f"{drawn} {largest} {self.selection} The table on this sheet holds all figures."

    def _printed(self, value: float | None) -> str:
        return f"{value:.0%}" if "%" in self.number_format else f"{value:,.1f}".removesuffix(".0")


def plan_of(table: Estimates) -> Plan | None:
    """Return the chart that suits a table, or ``None`` where none would be legible.

    One dimension gives bars with intervals, or a line over editions; two give lines over
    editions, stacked bars where the answers of a group add up, or a few bars side by side.
    """
    matrix = figures.is_matrix(table)
    table = figures.for_reading(table)
    rows = figures.records(table)
    dimensions = [name for name in (*table.groups, "answer") if _varies(table, name)]
    if not any(_usable(row) for row in rows) or len(dimensions) > 2:
        return None
    if len(dimensions) < 2:
        return _single(table, rows, dimensions[0] if dimensions else "answer")
    if matrix and dimensions == ["level", "answer"]:
        return _matrix(table, rows)
    if _adds_up(table):
        group = next(name for name in dimensions if name != "answer")
        return _drawn(table, Kind.STACKED, _series(rows, "answer", group))
    if "edition" in dimensions:
        other = next(name for name in dimensions if name != "edition")
        return _lines(table, _series(rows, other, "edition"))
    return _beside(table, _series(rows, dimensions[0], dimensions[1]))


def _single(table: Estimates, rows: Sequence[Record], label: str) -> Plan:
    if label == "edition":
        return _drawn(table, Kind.LINES, _series(rows, "", label), intervals=True)
    kept = sorted(rows, key=_rank)[:_MOST_BARS] if len(rows) > _MOST_BARS else rows
    chosen = f"Drawn: the {_MOST_BARS} largest." if len(rows) > _MOST_BARS else ""
    return _drawn(table, Kind.BARS, _series(kept, "", label), intervals=True, selection=chosen)


def _matrix(table: Estimates, rows: Sequence[Record]) -> Plan:
    """Return the levels of each item as one stacked bar, the largest first level on top."""
    first = rows[0]["level"]
    order = {row["answer"]: _rank(row) for row in rows if row["level"] == first}
    kept = sorted(order, key=lambda item: order[item])[:_MOST_BARS]
    placed = {item: place for place, item in enumerate(kept)}
    drawn = sorted(
        (row for row in rows if row["answer"] in placed), key=lambda row: placed[row["answer"]]
    )
    chosen = f"In order of '{text.legal(first)}'."
    return _drawn(table, Kind.STACKED, _series(drawn, "level", "answer"), selection=chosen)


def _lines(table: Estimates, series: tuple[Series, ...]) -> Plan:
    if len(series) <= _MOST_LINES:
        return _drawn(table, Kind.LINES, series)
    largest = sorted(series, key=lambda each: -each.last)[:_MOST_LINES]
    kept = tuple(each for each in series if each in largest)
    chosen = f"Drawn: the {_MOST_LINES} largest in the last edition."
    return _drawn(table, Kind.LINES, kept, selection=chosen)


def _beside(table: Estimates, series: tuple[Series, ...]) -> Plan | None:
    bars = sum(len(each.points) for each in series)
    if len(series) > _MOST_BESIDE or bars > _MOST_BARS:
        return None
    return _drawn(table, Kind.BARS, series)


def _drawn(
    table: Estimates,
    kind: Kind,
    series: tuple[Series, ...],
    *,
    intervals: bool = False,
    selection: str = "",
) -> Plan:
    axis = figures.value_heading(table)
    return Plan(
        kind,
        text.legal(table.title or table.name),
        axis if table.measure is not Measure.SHARE else f"{axis} of {table.spec.unit}s",
        value_format(table.measure),
        series,
        intervals,
        selection,
    )


def _series(rows: Iterable[Record], by: str, label: str) -> tuple[Series, ...]:
    """Return one series per value of column ``by``, with one point per value of ``label``."""
    rows = list(rows)
    labels = dict.fromkeys(row[label] for row in rows)
    by_place = {(row[by] if by else "", row[label]): row for row in rows}
    names = dict.fromkeys(key for key, _ in by_place)
    return tuple(
        Series(
            text.shortened(name, 48),
            tuple(_point(each, by_place.get((name, each))) for each in labels),
        )
        for name in names
    )


def _point(label: object, row: Record | None) -> Point:
    words = text.shortened(label, 48) or "(no label)"
    if row is None:
        return Point(words, None, None, None, symbols.UNAVAILABLE)
    mark = symbols.symbol_of(row["status"])
    if not _usable(row):
        return Point(words, None, None, None, mark or symbols.UNAVAILABLE)
    return Point(words, float(row["value"]), _finite(row["low"]), _finite(row["high"]), mark)


def _finite(value: float) -> float | None:
    return float(value) if pd.notna(value) and math.isfinite(value) else None


def _usable(row: Record) -> bool:
    return Status(str(row["status"])).has_value and _finite(row["value"]) is not None


def _rank(row: Record) -> float:
    return -float(row["value"]) if _usable(row) else math.inf


def _varies(table: Estimates, name: str) -> bool:
    return table.frame[name].astype(str).nunique() > 1


def _adds_up(table: Estimates) -> bool:
    """Whether the answers of each group are parts of one whole, few enough to stack."""
    answers = table.frame["answer"].nunique()
    parts = table.measure is Measure.SHARE and not table.several
    return parts and 2 <= answers <= _MOST_STACKED
