"""Points with intervals: changes, numbers with certain bounds, and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from survey.publish.charts.frame import View, reason, usable
from survey.publish.charts.names import Row, category_axis, height_for, row_name
from survey.publish.format import compact, label, value_text

__all__ = ["draw_differences", "draw_points", "draw_scores"]


def draw_differences(view: View) -> go.Figure:
    """Draw changes around zero; a clear change is filled and stands out."""
    drawn = [row for row in view.rows if usable(row)]
    clear = [str(row.get("verdict", "")) == "clear change" for row in drawn]
    colours = [view.theme.accent if each else view.theme.quiet for each in clear]
    trace = go.Scatter(
        x=[float(row["value"]) * 100 for row in drawn],
        y=[row_name(view, row) for row in drawn],
        mode="markers",
        error_x={**view.whiskers(drawn, 100.0), "color": view.theme.quiet},
        marker={
            "size": 11,
            "color": colours,
            "line": {"width": 2, "color": colours},
            "symbol": ["circle" if each else "circle-open" for each in clear],
        },
        hovertext=[view.hover(row) + _verdict(row) for row in drawn],
        hoverinfo="text",
    )
    names = list(dict.fromkeys(row_name(view, row) for row in view.rows))
    scale = "percentage points (filled: clear change; open: could be noise)"
    return view.figure(
        [trace],
        height=height_for(len(names)),
        notes=_reasons(view, x=0, xshift=6),
        xaxis={"zeroline": True, "zerolinewidth": 1.5, "title": {"text": scale}},
        yaxis=category_axis(names),
    )


def _verdict(row: Row) -> str:
    verdict = row.get("verdict")
    return f"<br>{verdict}" if isinstance(verdict, str) else ""


def _reasons(view: View, **place: Any) -> Iterator[dict[str, Any]]:
    for row in view.rows:
        if not usable(row):
            yield view.note(f"<i>{reason(row)}</i>", y=row_name(view, row), xanchor="left", **place)


def draw_points(view: View) -> go.Figure:
    """Draw numbers with their interval (thick) and their certain bounds (thin)."""
    drawn = [row for row in view.rows if usable(row)]
    names = list(dict.fromkeys(_name(view, row) for row in view.rows))
    lines = [line for row in drawn for line in _lines(view, row)]
    trace = go.Scatter(
        x=[float(row["value"]) for row in drawn],
        y=[_name(view, row) for row in drawn],
        mode="markers+text",
        text=[compact(row["value"]) for row in drawn],
        textposition="top center",
        marker={
            "size": 11,
            "color": view.theme.paper,
            "line": {"width": 3, "color": view.theme.lead},
        },
        hovertext=[view.hover(row) + _bounds(row) for row in drawn],
        hoverinfo="text",
    )
    return view.figure(
        [*lines, trace],
        height=height_for(len(names), each=52, least=280),
        notes=[
            view.note(f"<i>{reason(row)}</i>", xref="paper", x=0.02, y=_name(view, row))
            for row in view.rows
            if not usable(row)
        ],
        xaxis={"type": "log", "dtick": 1, "tickformat": "~s", "title": {"text": _scale(view)}},
        yaxis=category_axis(names),
    )


def _name(view: View, row: Row) -> str:
    groups = [str(row[group]) for group in view.groups]
    return label(" · ".join(groups) if groups else str(row["answer"]))


def _lines(view: View, row: Row) -> Iterator[go.Scatter]:
    """Yield the certain bounds as a thin line and the interval as a thick one."""
    bounds = (row.get("lower_bound"), row.get("upper_bound"))
    if all(bound is not None and pd.notna(bound) for bound in bounds):
        yield _line(bounds, _name(view, row), view.theme.quiet, 2)
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        yield _line((row["low"], row["high"]), _name(view, row), view.theme.lead, 7)


def _line(limits: Sequence[Any], name: str, colour: str, width: int) -> go.Scatter:
    return go.Scatter(
        x=[float(limit) for limit in limits],
        y=[name, name],
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
        opacity=0.55 if width > 2 else 0.8,
    )


def _bounds(row: Row) -> str:
    low, high = row.get("lower_bound"), row.get("upper_bound")
    if low is None or pd.isna(low):
        return ""
    known = high is not None and pd.notna(high)
    upper = f"at most {compact(float(high))}" if known and high is not None else "no upper bound"
    return f"<br>certain: at least {compact(float(low))}, {upper}"


def _scale(view: View) -> str:
    counts = view.table.spec.counts or "value"
    return f"{counts} (thick: interval; thin: certain bounds; scale in powers of ten)"


def draw_scores(view: View) -> go.Figure:
    """Draw scores over groups with their intervals."""
    drawn = [row for row in view.rows if usable(row)]
    trace = go.Scatter(
        x=[_name(view, row) for row in drawn],
        y=[float(row["value"]) for row in drawn],
        mode="markers+lines+text",
        text=[value_text(view.table, row["value"]) for row in drawn],
        textposition="top right",
        error_y=view.whiskers(drawn),
        marker={"size": 10, "color": view.theme.lead},
        line={"color": view.theme.lead, "width": 2},
        hovertext=[view.hover(row) for row in drawn],
        hoverinfo="text",
    )
    return view.figure(
        [trace],
        height=380,
        xaxis={"type": "category"},
        yaxis={"zeroline": True, "zerolinewidth": 1.5},
    )
