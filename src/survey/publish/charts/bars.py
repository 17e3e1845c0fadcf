"""Horizontal bars: shares with their intervals, and matrices level by level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from survey.publish.charts.frame import View, reason, usable
from survey.publish.charts.names import Row, category_axis, height_for, largest_first, row_name
from survey.publish.format import label, value_text
from survey.publish.theme import ordered_colours

__all__ = ["draw_bars", "draw_levels"]

_PERCENT = {"tickformat": ",.0%", "rangemode": "tozero"}


def draw_bars(view: View) -> go.Figure:
    """Draw one bar per answer, with its interval; what has no value is named."""
    rows = largest_first(view.rows) if view.table.several else view.rows
    drawn = [row for row in rows if usable(row)]
    trace = go.Bar(
        x=[float(row["value"]) for row in drawn],
        y=[row_name(view, row) for row in drawn],
        orientation="h",
        marker={"color": view.theme.lead},
        error_x=view.whiskers(drawn),
        hovertext=[view.hover(row) for row in drawn],
        hoverinfo="text",
    )
    names = list(dict.fromkeys(row_name(view, row) for row in rows))
    return view.figure(
        [trace],
        height=height_for(len(names)),
        notes=[_value_note(view, row) for row in rows],
        xaxis=_PERCENT,
        yaxis=category_axis(names, showgrid=False),
    )


def _value_note(view: View, row: Row) -> dict[str, Any]:
    """Write the value past the whisker, or why there is none at the axis."""
    good = usable(row)
    end = row["high"] if good and pd.notna(row["high"]) else row["value"] if good else 0
    text = value_text(view.table, row["value"]) if good else f"<i>{reason(row)}</i>"
    return view.note(
        text, quiet=not good, x=float(end), y=row_name(view, row), xanchor="left", xshift=6
    )


def draw_levels(view: View) -> go.Figure:
    """Draw a matrix: one bar per row, one colour per column."""
    rows = view.rows
    levels = list(dict.fromkeys(str(row["level"]) for row in rows))
    items = _most_of(rows, levels[0] if levels else "")
    colours = ordered_colours(view.theme, len(levels) + 1)[:0:-1]
    traces = [
        _level(view, [row for row in rows if str(row["level"]) == level], level, colour)
        for level, colour in zip(levels, colours, strict=True)
    ]
    return view.figure(
        traces,
        height=height_for(len(items), each=24),
        notes=_withheld(view, items),
        barmode="stack",
        showlegend=True,
        xaxis=_PERCENT,
        yaxis=category_axis([_item(item) for item in items]),
    )


def _level(view: View, rows: Sequence[Row], level: str, colour: str) -> go.Bar:
    drawn = [row for row in rows if usable(row)]
    return go.Bar(
        x=[float(row["value"]) for row in drawn],
        y=[_item(str(row["item"])) for row in drawn],
        orientation="h",
        name=label(level),
        marker={"color": colour},
        hovertext=[view.hover(row) for row in drawn],
        hoverinfo="text",
    )


def _most_of(rows: Sequence[Row], level: str) -> list[str]:
    """Return the matrix rows, those with most of ``level`` first."""
    size = {
        str(row["item"]): float(row["value"])
        for row in rows
        if str(row["level"]) == level and usable(row)
    }
    items = dict.fromkeys(str(row["item"]) for row in rows)
    return sorted(items, key=lambda item: -size.get(item, 0.0))


def _item(item: str) -> str:
    return label(item, width=58, lines=1)


def _withheld(view: View, items: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Say at the end of a bar which of its levels it does not show."""
    for item in items:
        here = [row for row in view.rows if str(row["item"]) == item]
        lacking = [row for row in here if not usable(row)]
        if lacking:
            end = sum(float(row["value"]) for row in here if usable(row))
            names = ", ".join(label(str(row["level"])) for row in lacking)
            yield view.note(
                f"<i>{names}: {reason(lacking[0])}</i>",
                size=10,
                x=end,
                y=_item(item),
                xanchor="left",
                xshift=4,
            )
