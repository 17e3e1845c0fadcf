"""Dots with intervals: a few groups beside each other, one row per answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure
from survey.publish.charts.bars import margins, reading_of, whiskers
from survey.publish.charts.canvas import rows_for, value_axis
from survey.publish.charts.gaps import no_unit, reasons_in_rows
from survey.publish.charts.labels import plain
from survey.publish.charts.order import group_name, in_order
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of
from survey.publish.plan import (
    ChartKind,
    ChartPlan,
    Drawing,
    Key,
    Native,
    PlotRow,
    Series,
    Shape,
)
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT

__all__ = ["KIND", "MOST_BARS_BESIDE"]

_MOST_GROUPS = 4
MOST_BARS_BESIDE = 50


def _suits(shape: Shape) -> bool:
    few = shape.groups <= _MOST_GROUPS
    return shape.measure is Measure.SHARE and few and not shape.over_editions


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE:
        return "a table of shares"
    few = len(LIGHT.qualitative)
    return "" if shape.groups <= few else f"at most {few} groups, since there are no more colours"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    labels = in_order(row.answer for row in rows)
    found = {(group_name(row), row.answer): row for row in rows}
    groups = in_order(group_name(row) for row in rows)
    colours = dict(zip(groups, LIGHT.qualitative, strict=False))
    return labels, tuple(
        Series(group, colours[group], tuple(found.get((group, label)) for label in labels))
        for group in groups
    )


def _draw(plan: ChartPlan) -> Drawing:
    """Draw one row per answer, one colour per group."""
    table, groups = plan.table, plan.series
    rows = rows_for(plan.labels, least=16.0 * len(groups) + 14)
    placed: list[tuple[Series, list[tuple[Row, float]]]] = []
    for place, series in enumerate(groups):
        offset = (place - (len(groups) - 1) / 2) * 15
        pairs = zip(series.rows, rows.each, strict=True)
        placed.append((series, [(m, each.y + offset) for m, each in pairs if m is not None]))
    hidden = [(m, at) for _, own in placed for m, at in own if not m.has_value]
    reach = max([m.high or m.value or 0.0 for m in plan.rows if m.has_value], default=0.0)
    return Drawing(
        KIND.words,
        tuple(_group_dots(table, series, own) for series, own in placed),
        {
            **margins(rows),
            "xaxis": value_axis(rows, range=[0, max(reach, 4.0)], ticksuffix="\N{NO-BREAK SPACE}%"),
            "xaxis2": no_unit(),
            "yaxis": rows.axis(),
            "annotations": reasons_in_rows(
                table, [m for m, _ in hidden], [at for _, at in hidden], bgcolor=None
            ),
            "shapes": [_divider(row) for row in rows.each[1:]],
        },
        reading_of(plan.rows, "Dot: share. Line: its interval.", "Hollow dot: imprecise."),
        tuple(Key(series.name, series.colour) for series in groups),
        rows.each,
    )


def _native(plan: ChartPlan) -> Native:
    few = len(plan.series) <= _MOST_GROUPS
    return Native.BARS if few and len(plan.rows) <= MOST_BARS_BESIDE else Native.NONE


def _divider(row: PlotRow) -> dict[str, Any]:
    top = row.y - row.height / 2
    return {"type": "line", "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": top,
            "y1": top, "line": {"color": LIGHT.line, "width": 1}, "layer": "below"}  # fmt: skip


def _group_dots(table: Estimates, series: Series, placed: Sequence[tuple[Row, float]]) -> Trace:
    shown = [(mark, at) for mark, at in placed if mark.has_value]
    marks = [mark for mark, _ in shown]
    return scatter(
        x=[mark.value for mark in marks],
        y=[at for _, at in shown],
        mode="markers",
        name=plain(series.name),
        marker={
            "size": 9,
            "color": [LIGHT.paper if mark.imprecise else series.colour for mark in marks],
            "line": {"color": series.colour, "width": 2},
        },
        error_x=whiskers(marks, series.colour),
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
    )


KIND = ChartKind("dots", "dot plot", _suits, _refuses, _arrange, _draw, _native)
