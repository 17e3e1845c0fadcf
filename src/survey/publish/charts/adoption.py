"""Adoption curves: the share of each release over the months since it came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure
from survey.publish.charts.bars import whiskers
from survey.publish.charts.canvas import annotation, value_axis
from survey.publish.charts.gaps import draw_nothing
from survey.publish.charts.labels import plain, spread_apart
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT, SMALL_SIZE

__all__ = ["KIND"]

_HEIGHT, _GAP = 340, 17  # pixels
_MARGIN = {"l": 52, "r": 92, "t": 22, "b": 46}
_FEWEST = 2
_YEAR = 12


def _suits(shape: Shape) -> bool:
    return shape.statistic == "adoption" and "months" in shape.columns


def _refuses(shape: Shape, table: Estimates) -> str:
    fits = shape.measure is Measure.SHARE and _suits(shape)
    return "" if fits else "a table of survey.estimates.adoption"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return ages as labels, and the releases that most clouds ran at a time as series.

    Releases of which fewer than two points may be shown have no line; the chart names them.
    """
    found: dict[str, list[Row]] = {}
    for row in rows_of(table):
        if row.has_value and row.more.get("months") is not None:
            found.setdefault(row.answer, []).append(row)
    lasting = {name: own for name, own in found.items() if len(own) >= _FEWEST}
    top = sorted(lasting, key=lambda name: -max(row.value or 0.0 for row in lasting[name]))
    shown = set(top[: len(LIGHT.qualitative)])
    lines = {name: {_age(row): row for row in lasting[name]} for name in lasting if name in shown}
    ages = sorted({age for own in lines.values() for age in own})
    return tuple(f"{age:g}" for age in ages), tuple(
        Series(name, colour, tuple(own.get(age) for age in ages))
        for (name, own), colour in zip(lines.items(), LIGHT.qualitative, strict=False)
    )


def _draw(plan: ChartPlan) -> Drawing:
    if not plan.series:
        return draw_nothing(plan.table)
    return Drawing(
        KIND.words,
        tuple(_line(plan.table, series) for series in plan.series),
        _layout(plan.series),
        f"One line per release, over its age. Upright line: interval. {_folded(plan)}".strip(),
    )


def _folded(plan: ChartPlan) -> str:
    """Name every release that has no line, and why: no table of names is left to guess from."""
    drawn = {series.name for series in plan.series}
    points: dict[str, int] = {}
    for row in rows_of(plan.table):
        points[row.answer] = points.get(row.answer, 0) + row.has_value
    few = [name for name, count in points.items() if count < _FEWEST]
    rest = [name for name in points if name not in drawn and name not in few]
    said = []
    if rest:
        said.append(f"Smaller, without a line: {', '.join(rest)}.")
    if few:
        said.append(f"Fewer than {_FEWEST} points: {', '.join(few)}.")
    return " ".join(said)


def _native(plan: ChartPlan) -> Native:
    return Native.LINES  # over the editions: a spreadsheet's lines share their places


def _age(mark: Row) -> float:
    return float(mark.more["months"])


def _marks(series: Series) -> list[Row]:
    return [row for row in series.rows if row is not None]


def _line(table: Estimates, series: Series) -> Trace:
    marks, colour = _marks(series), series.colour
    return scatter(
        x=[_age(mark) for mark in marks],
        y=[mark.value for mark in marks],
        mode="lines+markers",
        name=plain(series.name),
        line={"color": colour, "width": 2.5},
        marker={"size": 7, "color": colour},
        error_y={**whiskers(marks, colour), "thickness": 1},
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        cliponaxis=False,
        showlegend=False,
    )


def _layout(lines: Sequence[Series]) -> dict[str, Any]:
    marks = [mark for series in lines for mark in _marks(series)]
    high = 1.06 * max(mark.high or mark.value or 0.0 for mark in marks)
    oldest = max(map(_age, marks))
    return {
        "margin": _MARGIN,
        "height": _HEIGHT + _MARGIN["t"] + _MARGIN["b"],
        "xaxis": {
            "range": [0, oldest + 2],
            "dtick": _YEAR,
            "title": {"text": "Months since the release", "standoff": 6},
            "showgrid": False,
            "ticks": "",
            "ticklabelstandoff": 5,  # away from the lowest number of the upright axis
        },
        "yaxis": value_axis(range=[0, high], ticksuffix="\N{NO-BREAK SPACE}%", nticks=7),
        "annotations": list(_names(lines, high)),
    }


def _names(lines: Sequence[Series], high: float) -> Sequence[dict[str, Any]]:
    """Return the names of lines at the right, in the order of their last points."""
    ends = [_marks(series)[-1].value or 0.0 for series in lines]
    placed = spread_apart(ends, _GAP * high / _HEIGHT, 0.0, high)
    found = []
    for series, y in zip(lines, placed, strict=True):
        at = {"xref": "paper", "x": 1, "yref": "y", "y": float(f"{y:.6g}"), "yanchor": "middle"}
        ink = {"color": LIGHT.ink, "size": SMALL_SIZE}
        dot = {"color": series.colour, "size": SMALL_SIZE}
        found += [
            annotation("●", xshift=4, font=dot, **at),
            annotation(plain(series.name), xshift=18, font=ink, **at),
        ]
    return found


KIND = ChartKind("adoption", "line chart", _suits, _refuses, _arrange, _draw, _native)
