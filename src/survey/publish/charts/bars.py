"""Horizontal bars with their intervals: one question, one group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.canvas import PlotRows, annotation, is_tall, rows_for, value_axis
from survey.publish.charts.gaps import hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.labels import plain
from survey.publish.charts.order import by_value, full_name, names_bands
from survey.publish.charts.traces import Trace, bar, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, PlotRow, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT, TEXT_SIZE

__all__ = ["KIND", "margins", "reading_of", "refuses_all_but_shares", "value_at_the_right",
           "whiskers"]  # fmt: skip

THICKNESS = 17


def _suits(shape: Shape) -> bool:
    return shape.measure is Measure.SHARE and shape.groups == 1 and not shape.over_editions


def refuses_all_but_shares(shape: Shape, table: Estimates) -> str:
    """Return what a chart of shares expects, where the table holds none."""
    return "" if shape.measure is Measure.SHARE else "a table of shares"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return one row per answer; bands keep their order, other answers go by size."""
    rows = _ordered(rows_of(table), ordered=table.ordered)
    return tuple(full_name(row) for row in rows), (Series("", LIGHT.lead, tuple(rows)),)


def _draw(plan: ChartPlan) -> Drawing:
    """Draw one bar per row."""
    marks, rows = plan.rows, rows_for(plan.labels)
    return Drawing(
        KIND.words,
        tuple(_traces(plan.table, marks, rows)),
        _layout(plan.table, marks, rows),
        reading_of(marks, "Bar: share. Line: its interval.", "Faint bar: imprecise."),
        rows=rows.each,
    )


def _native(plan: ChartPlan) -> Native:
    return Native.BARS


KIND = ChartKind("bars", "bar chart", _suits, refuses_all_but_shares, _arrange, _draw, _native)


def reading_of(marks: Sequence[Row], always: str, imprecise: str) -> str:
    """Return how to read the marks; what marks imprecise ones only where there are any."""
    drawn = [mark for mark in marks if mark.has_value]
    if not drawn:
        return ""
    return f"{always} {imprecise}" if any(mark.imprecise for mark in drawn) else always


def _ordered(marks: Sequence[Row], *, ordered: bool) -> list[Row]:
    grouped = len({mark.group for mark in marks}) > 1
    if ordered or grouped or names_bands([mark.answer for mark in marks]):
        return list(marks)
    place = {name: number for number, name in enumerate(by_value(marks, full_name))}
    return sorted(marks, key=lambda mark: place[full_name(mark)])


def _traces(table: Estimates, marks: Sequence[Row], rows: PlotRows) -> list[Any]:
    shown = [(mark, row.y) for mark, row in zip(marks, rows.each, strict=True) if mark.has_value]
    hidden = _hidden(marks, rows.each, Status.SUPPRESSED)
    found: list[Any] = []
    if shown:
        drawn, ys = [mark for mark, _ in shown], [y for _, y in shown]
        found += [_bars(table, drawn, ys), _values(table, drawn, ys)]
    if hidden:
        withheld, ys = [mark for mark, _ in hidden], [y for _, y in hidden]
        found.append(hatched_rows(table, withheld, ys, width=THICKNESS))
    return found


def _hidden(
    marks: Sequence[Row], rows: Sequence[PlotRow], status: Status | None = None
) -> list[tuple[Row, float]]:
    return [
        (mark, row.y)
        for mark, row in zip(marks, rows, strict=True)
        if not mark.has_value and (status is None or mark.status is status)
    ]


def _bars(table: Estimates, marks: Sequence[Row], ys: Sequence[float]) -> Trace:
    return bar(
        orientation="h",
        x=[mark.value for mark in marks],
        y=list(ys),
        width=[THICKNESS] * len(marks),
        marker={
            "color": [LIGHT.pale if mark.imprecise else LIGHT.lead for mark in marks],
            "line": {"width": 0},
        },
        error_x=whiskers(marks),
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        showlegend=False,
    )


def whiskers(marks: Sequence[Row], colour: str = LIGHT.whisker) -> dict[str, Any]:
    """Return the intervals of marks as error bars; none where there is no interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [_reach(mark.high, mark.value) for mark in marks],
        "arrayminus": [_reach(mark.value, mark.low) for mark in marks],
        "color": colour,
        "thickness": 1.5,
        "width": 0,
    }


def _reach(upper: float | None, lower: float | None) -> float | None:
    if upper is None or lower is None:
        return None
    return max(0.0, float(f"{upper - lower:.10g}"))


def _values(table: Estimates, marks: Sequence[Row], ys: Sequence[float]) -> Trace:
    """Return the values as a column of text at the right end of the axis.

    Behind its whisker a value would stand where the axis says more.
    """
    return scatter(
        x=[_axis_end(marks)] * len(marks),
        y=list(ys),
        mode="text",
        text=[f" {said(table, mark)}" for mark in marks],
        textposition="middle right",
        textfont={"size": TEXT_SIZE, "color": LIGHT.ink},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def value_at_the_right(text: str, y: float) -> dict[str, Any]:
    """Return a value as text in the margin, where no mark crosses it."""
    return annotation(
        plain(text), xref="paper", x=1, xshift=8, yref="y", y=y,
        font={"size": TEXT_SIZE, "color": LIGHT.ink},
    )  # fmt: skip


def _axis_end(marks: Sequence[Row]) -> float:
    return max([mark.high or mark.value or 0.0 for mark in marks if mark.has_value] + [4.0])


def _layout(table: Estimates, marks: Sequence[Row], rows: PlotRows) -> dict[str, Any]:
    hidden = _hidden(marks, rows.each)
    return {
        **margins(rows),
        "xaxis": value_axis(rows, range=[0, _axis_end(marks)], ticksuffix="\N{NO-BREAK SPACE}%"),
        "xaxis2": no_unit(),
        "yaxis": rows.axis(),
        "barmode": "overlay",
        "annotations": reasons_in_rows(table, [mark for mark, _ in hidden], [y for _, y in hidden]),
    }


def margins(rows: PlotRows, *, right: int = 64) -> dict[str, Any]:
    """Return margins and height of a plot of rows, with room for the axis of values."""
    wide, slim = 30, 6
    top, bottom = (wide, slim) if is_tall(rows) else (slim, wide)
    return {
        "margin": {"l": rows.margin, "r": right, "t": top, "b": bottom, "pad": 0},
        "height": rows.height + wide + slim,
    }
