"""What a spreadsheet draws of a chart's plan: kind, series, points, words.

Rows, order and colours are those of :func:`survey.publish.charts.registry.plan_of`, hence of the
dashboard's chart. A spreadsheet has no heat map: over the editions it draws the largest answers
as lines instead, and says so.
"""

from __future__ import annotations

import math

from survey.dataclass import dataclass
from survey.estimates.reference import Reference
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.order import group_name
from survey.publish.charts.registry import KINDS, plan_of
from survey.publish.format import value_text
from survey.publish.plan import ChartPlan, Native
from survey.publish.plan import Series as Planned
from survey.publish.rows import Row
from survey.publish.workbook import figures, symbols, text
from survey.publish.workbook.styles import value_format

__all__ = ["NativePlan", "Point", "Series", "native_plan"]

_MOST_BARS, _MOST_LINES = 50, 6
_LONGEST_LABEL, _LONGEST_NAME = 60, 48


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
    """Points of one colour; numbers from ``elsewhere`` are marks without a line or an interval."""

    name: str
    points: tuple[Point, ...]
    elsewhere: bool = False

    @property
    def last(self) -> float:
        """The last value there is, to find the largest series."""
        values = [point.value for point in self.points if point.value is not None]
        return values[-1] if values else -math.inf


@dataclass(frozen=True, slots=True)
class NativePlan:
    """A native chart: its kind, words, series, and how its numbers are printed."""

    table: Estimates
    kind: Native
    title: str
    axis: str
    number_format: str
    series: tuple[Series, ...]
    intervals: bool
    selection: str = ""

    @property
    def description(self) -> str:
        """The text alternative: what is drawn, and the largest value."""
        own = [series for series in self.series if not series.elsewhere]
        points = [(s, p) for s in own for p in s.points if p.value is not None]
        series, point = max(points, key=lambda pair: pair[1].value or 0.0)
        of = f"{series.name}, " if len(own) > 1 else ""
        drawn = f"{self.kind.capitalize()} of {self.axis.lower()}: {self.title}."
        scale = 100 if self.table.measure is Measure.DIFFERENCE else 1
        said = text.legal(value_text(self.table, (point.value or 0.0) / scale))
        largest = f"The largest value is {said} ({of}{point.label})."
        return f"{drawn} {largest} {self.selection} The table on this sheet holds all figures."


def native_plan(table: Estimates) -> NativePlan | None:
    """Return the native chart of a table, or ``None`` where none would be legible."""
    plan = plan_of(table)
    native = KINDS[plan.kind].native(plan)
    if native is Native.NONE or not any(row.has_value for row in plan.rows):
        return None
    if native is Native.LINES and plan.kind != "lines":
        plan = _over_groups(plan)
    series, chosen = _fewer(plan, native, tuple(map(_points, _with_labels(plan))))
    intervals = len(series) == 1 and native is not Native.STACKED
    if len(series) == 1:
        series += _published(plan)
    axis = figures.value_heading(table)
    return NativePlan(
        table,
        native,
        text.legal(table.title or table.name),
        axis
        if table.measure is not Measure.SHARE
        else f"{axis} of {table.vocabulary.noun(table.spec.unit, 2)}",
        value_format(table.measure),
        series,
        intervals,
        chosen,
    )


def _published(plan: ChartPlan) -> tuple[Series, ...]:
    """Return what was published earlier of the rows, as a series of its own; none without."""
    table, rows = plan.table, plan.series[0].rows
    known = {
        tuple(each.group.get(name, "") for name in table.groups): each for each in table.references
    }
    found = [None if row is None else known.get(row.group) for row in rows]
    if not any(found):
        return ()
    points = tuple(
        Point(label, None if each is None else each.value, None, None, _source_of(each))
        for label, each in zip(plan.labels, found, strict=True)
    )
    return (Series("Published earlier", points, elsewhere=True),)


def _source_of(each: Reference | None) -> str:
    if each is None:
        return "nothing published earlier"
    words = (each.source, "at least" if each.at_least else "", each.method)
    return text.legal("; ".join(word for word in words if word))


_Labelled = tuple[ChartPlan, Planned]


def _with_labels(plan: ChartPlan) -> list[_Labelled]:
    return [(plan, series) for series in plan.series]


def _over_groups(plan: ChartPlan) -> ChartPlan:
    """Return the plan of a heat map, or of numbers, as one series per answer over the groups."""
    groups = tuple(dict.fromkeys(group_name(row) for row in plan.rows))
    found = {(row.answer, group_name(row)): row for row in plan.rows}
    answers = tuple(dict.fromkeys(row.answer for row in plan.rows))
    series = tuple(
        Planned(answer if len(answers) > 1 else "", "",
                tuple(found.get((answer, group)) for group in groups))
        for answer in answers
    )  # fmt: skip
    return ChartPlan(plan.kind, plan.table, groups, series)


def _points(labelled: _Labelled) -> Series:
    plan, series = labelled
    scale = 100 if plan.table.measure is Measure.DIFFERENCE else 1
    pairs = zip(plan.labels, series.rows, strict=True)
    return Series(
        text.shortened(series.name, _LONGEST_NAME),
        tuple(_point(label, row, scale) for label, row in pairs),
    )


def _fewer(
    plan: ChartPlan, native: Native, series: tuple[Series, ...]
) -> tuple[tuple[Series, ...], str]:
    """Return the series and points that stay legible, and a sentence on what was chosen."""
    if native is Native.LINES and len(series) > _MOST_LINES:
        largest = sorted(series, key=lambda each: -each.last)[:_MOST_LINES]
        kept = tuple(each for each in series if each in largest)
        return kept, f"Drawn: the {_MOST_LINES} largest in the last edition."
    if len(plan.labels) > _MOST_BARS:
        places = _largest_places(series[0])
        kept = tuple(Series(s.name, tuple(s.points[place] for place in places)) for s in series)
        return kept, f"Drawn: the {_MOST_BARS} largest."
    order = f"In order of '{series[0].name}'." if plan.kind == "matrix" else ""
    return series, order


def _largest_places(series: Series) -> list[int]:
    values = [math.inf if p.value is None else -p.value for p in series.points]
    return sorted(range(len(values)), key=lambda place: values[place])[:_MOST_BARS]


def _point(label: str, row: Row | None, scale: float) -> Point:
    words = text.shortened(label, _LONGEST_LABEL) or "(no label)"
    if row is None:
        return Point(words, None, None, None, symbols.UNAVAILABLE)
    mark = symbols.symbol_of(row.status)
    if not row.has_value:
        return Point(words, None, None, None, mark or symbols.UNAVAILABLE)
    value, low, high = (_finite(each, scale) for each in (row.value, row.low, row.high))
    return Point(words, value, low, high, mark)


def _finite(value: float | None, scale: float) -> float | None:
    return value * scale if value is not None and math.isfinite(value) else None
