"""Stacked bars: the parts of a whole in each group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import margins
from survey.publish.charts.canvas import PlotRows, rows_for, value_axis
from survey.publish.charts.gaps import KEY, hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.labels import plain
from survey.publish.charts.meanings import colours_of
from survey.publish.charts.order import group_name, in_order, names_bands
from survey.publish.charts.traces import Trace, bar, customdata
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Key, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT, SMALL_SIZE, ordered_colours, text_on

__all__ = ["KIND", "draw_parts"]

THICKNESS = 22
_LEAST_LABELLED = 4.5  # per cent; narrower parts have their number in the table alone
_STUB = 0.025  # of the axis: hatched where parts do not add up, so that no end is known
_MOST_PARTS = len(LIGHT.ordered)
_Cell = tuple[str, str]  # row, part


def _suits(shape: Shape) -> bool:
    return shape.measure is Measure.SHARE and shape.whole and 1 < shape.answers <= _MOST_PARTS


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or not shape.whole:
        return "shares that add up to 1"
    fits = shape.answers <= _MOST_PARTS
    return "" if fits else f"at most {_MOST_PARTS} parts, since there are no more shades"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    cells = {(group_name(row) or table.title, row.answer): row for row in rows}
    labels = in_order(label for label, _ in cells)
    parts = in_order(row.answer for row in rows)
    colours = _colours(parts, ordered=table.ordered or names_bands(parts))
    return labels, tuple(
        Series(part, colours[part], tuple(cells.get((label, part)) for label in labels))
        for part in parts
    )


def _colours(parts: Sequence[str], *, ordered: bool) -> dict[str, str]:
    if (meant := colours_of(parts)) is not None:
        return meant
    if ordered or len(parts) > len(LIGHT.qualitative):
        return dict(zip(parts, ordered_colours(LIGHT, len(parts)), strict=True))
    return dict(zip(parts, LIGHT.qualitative, strict=False))


def _draw(plan: ChartPlan) -> Drawing:
    return draw_parts(plan, 100.0)


def _native(plan: ChartPlan) -> Native:
    return Native.STACKED


def draw_parts(plan: ChartPlan, whole: float | None) -> Drawing:
    """Draw one bar per label, divided into the series; ``whole`` is the end of the axis."""
    table, rows = plan.table, rows_for(plan.labels, least=34)
    cells = {
        (label, series.name): row
        for series in plan.series
        for label, row in zip(plan.labels, series.rows, strict=True)
        if row is not None
    }
    colours = {series.name: series.colour for series in plan.series}
    traces = [
        _part(table, [(row.y, cells.get((row.label, part))) for row in rows.each], part, colour)
        for part, colour in colours.items()
    ]
    lengths = {row.label: _length(cells, row.label) for row in rows.each}
    reach = whole or max([*lengths.values(), 5.0]) * (1 + 1.2 * _STUB)
    legend = [Key(part, colour) for part, colour in colours.items()]
    if withheld := _withheld(cells, rows):
        starts = [min(1.0, lengths[name] / reach) for name, _ in withheld]
        ends = [1.0 if whole or start == 0 else start + _STUB for start in starts]
        spans = list(zip(starts, ends, strict=True))
        ys = [rows.y(name) for name, _ in withheld]
        marks = [mark for _, mark in withheld]
        traces.append(hatched_rows(table, marks, ys, width=THICKNESS, spans=spans))
        legend.append(KEY)
    return Drawing(
        "stacked bar chart",
        tuple(traces),
        _layout(table, cells, rows, reach),
        "Length: share. The table holds the intervals.",
        tuple(legend),
        rows.each,
    )


def _part(
    table: Estimates, row_marks: Sequence[tuple[float, Row | None]], part: str, colour: str
) -> Trace:
    drawn = [(y, mark) for y, mark in row_marks if mark is not None and mark.has_value]
    marks = [mark for _, mark in drawn]
    return bar(
        orientation="h",
        name=plain(part),
        x=[mark.value for mark in marks],
        y=[y for y, _ in drawn],
        width=[THICKNESS] * len(drawn),
        marker={"color": colour, "line": {"color": LIGHT.paper, "width": 1}},
        text=[said(table, mark) if (mark.value or 0) >= _LEAST_LABELLED else "" for mark in marks],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": SMALL_SIZE, "color": text_on(colour, LIGHT)},
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
    )


def _length(cells: dict[_Cell, Row], row: str) -> float:
    return sum(mark.value or 0.0 for (name, _), mark in cells.items() if name == row)


def _withheld(cells: dict[_Cell, Row], rows: PlotRows) -> list[tuple[str, Row]]:
    """Return one withheld mark for each row that has any."""
    found = {row: mark for (row, _), mark in cells.items() if mark.status is Status.SUPPRESSED}
    return [(row.label, found[row.label]) for row in rows.each if row.label in found]


def _layout(
    table: Estimates, cells: dict[_Cell, Row], rows: PlotRows, reach: float
) -> dict[str, Any]:
    silent = _silent(cells, rows)
    return {
        **margins(rows, right=20),
        "xaxis": value_axis(rows, range=[0, reach], ticksuffix="\N{NO-BREAK SPACE}%"),
        "xaxis2": no_unit(),
        "yaxis": rows.axis(),
        "barmode": "stack",
        "annotations": reasons_in_rows(table, [mark for _, mark in silent], [y for y, _ in silent]),
    }


def _silent(cells: dict[_Cell, Row], rows: PlotRows) -> list[tuple[float, Row]]:
    """Return one mark without a value of each row in which nothing has a length."""
    found = []
    for row in rows.each:
        here = [mark for (name, _), mark in cells.items() if name == row.label]
        empty = [mark for mark in here if not mark.has_value]
        if empty and not any(mark.value for mark in here):
            found.append((row.y, empty[0]))
    return found


KIND = ChartKind("stacked", "stacked bar chart", _suits, _refuses, _arrange, _draw, _native)
