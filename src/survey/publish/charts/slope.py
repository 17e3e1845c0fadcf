"""Slopes: two editions side by side, one line per answer, coloured where intervals part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure
from survey.publish.charts.canvas import annotation
from survey.publish.charts.labels import plain, spread_apart, wrapped
from survey.publish.charts.order import in_order
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Key, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT, SMALL_SIZE, TEXT_SIZE

__all__ = ["KIND"]

_MOST_LINES = 12
_LEAST, _TOP, _BOTTOM = 260, 34, 12  # pixels
_LEFT, _RIGHT = 64, 158
_LABEL_WIDTH, _LINE, _TWO_LINES = 21, 17.0, 31.0
_KEYS = {
    LIGHT.up: Key("higher: the intervals do not overlap", LIGHT.up),
    LIGHT.down: Key("lower: the intervals do not overlap", LIGHT.down),
    LIGHT.same: Key("the intervals overlap", LIGHT.same),
}


def _suits(shape: Shape) -> bool:
    two = shape.over_editions and shape.groups == 2
    return two and shape.measure is Measure.SHARE and not shape.whole and _few(shape)


def _few(shape: Shape) -> bool:
    return shape.answers <= _MOST_LINES


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or not shape.over_editions or shape.groups != 2:
        return "shares in two editions"
    return "" if _few(shape) else f"at most {_MOST_LINES} answers: names of more run together"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return the two editions as labels and one series per answer."""
    rows = rows_of(table)
    editions = in_order(row.group[0] for row in rows)
    found = {(row.answer, row.group[0]): row for row in rows}
    series = []
    for answer in in_order(row.answer for row in rows):
        pair = tuple(found.get((answer, edition)) for edition in editions)
        series.append(Series(answer, _colour(pair), pair))
    return editions, tuple(series)


def _colour(pair: Sequence[Row | None]) -> str:
    before, after = pair
    if before is None or after is None or not (before.has_value and after.has_value):
        return LIGHT.same
    ends = (before.low, before.high, after.low, after.high)
    if any(end is None for end in ends):
        return LIGHT.same
    if (before.high or 0.0) < (after.low or 0.0):
        return LIGHT.up
    return LIGHT.down if (after.high or 0.0) < (before.low or 0.0) else LIGHT.same


def _draw(plan: ChartPlan) -> Drawing:
    """Draw a line per answer that has both values, and a dot where one is missing."""
    height = max(_LEAST, 1.15 * _gap(plan) * len(plan.series))
    values = [row.value for row in plan.rows if row.value is not None]
    high = max([*values, 1.0]) * 1.04
    low = min([0.0, *values]) - 0.12 * high  # room for names of small shares near their lines
    used = in_order(series.colour for series in plan.series)
    first = {series.colour: series for series in reversed(plan.series)}
    return Drawing(
        KIND.words,
        tuple(
            _line(plan.table, series, named=series is first[series.colour])
            for series in plan.series
        ),
        {
            "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
            "height": height + _TOP + _BOTTOM,
            "xaxis": {
                "side": "top", "range": [-0.02, 1.02], "tickmode": "array", "tickvals": [0, 1],
                "ticktext": [f"<b>{plain(label)}</b>" for label in plan.labels],
                "showgrid": True, "ticks": "",
            },
            "yaxis": {"range": [low, high], "visible": False, "fixedrange": True},
            "annotations": [
                *_names(plan, 0, (low, high), height), *_names(plan, 1, (low, high), height)
            ],
        },
        "A line joins the shares of an answer in the two editions; its place on the scale is its "
        "share. Point at a dot for the interval, or see the table.",
        tuple(_KEYS[colour] for colour in _KEYS if colour in used),
    )  # fmt: skip


def _gap(plan: ChartPlan) -> float:
    """Return how far apart names stand: the room of the longest in lines."""
    longest = max([len(series.name) for series in plan.series], default=0)
    return _LINE if longest + 5 <= _LABEL_WIDTH else _TWO_LINES


def _line(table: Estimates, series: Series, *, named: bool) -> Trace:
    marks = [row for row in series.rows if row is not None]
    xs = [place for place, row in enumerate(series.rows) if row is not None]
    return scatter(
        x=xs,
        y=[mark.value for mark in marks],
        mode="lines+markers",
        name=_KEYS[series.colour].label,
        legendgroup=series.colour,
        connectgaps=False,
        line={"color": series.colour, "width": 1.5 if series.colour == LIGHT.same else 3},
        marker={
            "size": 8,
            "color": [LIGHT.paper if mark.imprecise else series.colour for mark in marks],
            "line": {"color": series.colour, "width": 2},
        },
        cliponaxis=False,
        hovertext=[hover_of(table, mark) if mark.has_value else "" for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        showlegend=named,
    )


def _names(
    plan: ChartPlan, side: int, ends: tuple[float, float], height: float
) -> list[dict[str, Any]]:
    """Return values at the left, and values with names at the right, kept apart."""
    shown = [(s, row) for s in plan.series if (row := s.rows[side]) is not None]
    drawn = [(s, row) for s, row in shown if row.has_value or side == 1]
    low, high = ends
    places = [row.value if row.value is not None else low for _, row in drawn]
    gap = (_gap(plan) if side else _LINE) * (high - low) / height
    found = []
    for (series, row), y in zip(drawn, spread_apart(places, gap, low, high), strict=True):
        value = said(plan.table, row)
        text = wrapped(f"{value} {series.name}", _LABEL_WIDTH, 2) if side else plain(value)
        look = {"size": SMALL_SIZE if side else TEXT_SIZE, "color": LIGHT.ink}
        at = {"xref": "paper", "x": side, "yref": "y", "y": float(f"{y:.6g}"), "font": look}
        edge = {"xshift": 10} if side else {"xshift": -10, "xanchor": "right"}
        found.append(annotation(text, yanchor="middle", **at, **edge))
    return found


def _native(plan: ChartPlan) -> Native:
    return Native.LINES


KIND = ChartKind("slope", "slope chart", _suits, _refuses, _arrange, _draw, _native)
