"""Adoption curves: the share of each release over the months since it came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from survey.estimates.table import Estimates
from survey.publish.charts.bars import whiskers
from survey.publish.charts.canvas import Drawing, annotation, value_axis
from survey.publish.charts.gaps import customdata, draw_nothing
from survey.publish.charts.labels import plain, spread_apart
from survey.publish.charts.marks import Mark, marks_of
from survey.publish.charts.words import hover_of
from survey.publish.theme import LIGHT, SMALL_SIZE

__all__ = ["draw_adoption"]

_HEIGHT, _GAP = 340, 17  # pixels
_MARGIN = {"l": 52, "r": 92, "t": 22, "b": 46}
_FEWEST = 2
_YEAR = 12


def draw_adoption(table: Estimates) -> Drawing:
    """Draw one line per release over its age, for the releases that most clouds ran at a time.

    Releases of which fewer than two points may be shown have no line; the data table has all.
    """
    curves = _curves(table)
    if not curves:
        return draw_nothing(table)
    colours = dict(zip(curves, LIGHT.qualitative, strict=False))
    return Drawing(
        "line chart",
        tuple(_line(table, name, own, colours[name]) for name, own in curves.items()),
        _layout(curves, colours),
        "One line per release, over its age. Upright line: interval.",
    )


def _curves(table: Estimates) -> Mapping[str, Sequence[Mark]]:
    """Return release -> its marks by age, in the table's order."""
    found: dict[str, list[Mark]] = {}
    for mark in marks_of(table):
        if mark.has_value and mark.more.get("months") == mark.more.get("months"):
            found.setdefault(mark.answer, []).append(mark)
    lasting = {name: own for name, own in found.items() if len(own) >= _FEWEST}
    top = sorted(lasting, key=lambda name: -max(mark.value or 0.0 for mark in lasting[name]))
    shown = set(top[: len(LIGHT.qualitative)])
    return {name: sorted(own, key=_age) for name, own in lasting.items() if name in shown}


def _age(mark: Mark) -> float:
    return float(mark.more["months"])


def _line(table: Estimates, name: str, marks: Sequence[Mark], colour: str) -> go.Scatter:
    return go.Scatter(
        x=[_age(mark) for mark in marks],
        y=[mark.value for mark in marks],
        mode="lines+markers",
        name=plain(name),
        line={"color": colour, "width": 2.5},
        marker={"size": 7, "color": colour},
        error_y={**whiskers(marks, colour), "thickness": 1},
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        cliponaxis=False,
        showlegend=False,
    )


def _layout(curves: Mapping[str, Sequence[Mark]], colours: Mapping[str, str]) -> dict[str, Any]:
    marks = [mark for own in curves.values() for mark in own]
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
        },
        "yaxis": value_axis(range=[0, high], ticksuffix="\N{NO-BREAK SPACE}%", nticks=7),
        "annotations": list(_names(curves, colours, high)),
    }


def _names(
    curves: Mapping[str, Sequence[Mark]], colours: Mapping[str, str], high: float
) -> Sequence[dict[str, Any]]:
    """Return the names of lines at the right, in the order of their last points."""
    ends = [own[-1].value or 0.0 for own in curves.values()]
    placed = spread_apart(ends, _GAP * high / _HEIGHT, 0.0, high)
    found = []
    for name, y in zip(curves, placed, strict=True):
        at = {"xref": "paper", "x": 1, "yref": "y", "y": float(f"{y:.6g}"), "yanchor": "middle"}
        ink = {"color": LIGHT.ink, "size": SMALL_SIZE}
        dot = {"color": colours[name], "size": SMALL_SIZE}
        found += [
            annotation("●", xshift=4, font=dot, **at),
            annotation(plain(name), xshift=18, font=ink, **at),
        ]
    return found
