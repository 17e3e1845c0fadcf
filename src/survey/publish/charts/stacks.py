"""Stacked bars of 100 %: how the answers of each group are distributed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import plotly.graph_objects as go

from survey.publish.charts.frame import View, reason, usable
from survey.publish.charts.names import Row, category_axis, group_name, height_for
from survey.publish.format import label, percent
from survey.publish.theme import ordered_colours, text_on

__all__ = ["draw_stacks"]

_READABLE = 0.045


def draw_stacks(view: View) -> go.Figure:
    """Draw one bar per group, its parts in the order of the answers."""
    rows = view.rows
    answers = list(dict.fromkeys(str(row["answer"]) for row in rows))
    groups = list(dict.fromkeys(group_name(view, row) for row in rows))
    colours = ordered_colours(view.theme, len(answers))
    traces = [
        _part(view, [row for row in rows if str(row["answer"]) == answer], answer, colour)
        for answer, colour in zip(answers, colours, strict=True)
    ]
    return view.figure(
        traces,
        height=height_for(len(groups), each=44, least=300) + 22 * ((len(answers) + 3) // 4),
        notes=_gaps(view, groups),
        barmode="stack",
        showlegend=True,
        xaxis={"tickformat": ",.0%", "range": [0, 1]},
        yaxis=category_axis(groups),
    )


def _part(view: View, rows: Sequence[Row], answer: str, colour: str) -> go.Bar:
    drawn = [row for row in rows if usable(row)]
    return go.Bar(
        x=[float(row["value"]) for row in drawn],
        y=[group_name(view, row) for row in drawn],
        orientation="h",
        name=label(answer, width=40, lines=1),
        marker={"color": colour, "line": {"color": view.theme.paper, "width": 1}},
        text=[percent(row["value"]) if row["value"] >= _READABLE else "" for row in drawn],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"color": text_on(colour, view.theme), "size": 12},
        hovertext=[view.hover(row) for row in drawn],
        hoverinfo="text",
    )


def _gaps(view: View, groups: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Say at the end of a bar what it does not show."""
    for group in groups:
        here = [row for row in view.rows if group_name(view, row) == group]
        reasons = dict.fromkeys(reason(row) for row in here if not usable(row))
        if not reasons:
            continue
        end = min(sum(float(row["value"]) for row in here if usable(row)), 1.0)
        outside = end < 0.9
        yield view.note(
            f"<i>{', '.join(reasons)}</i>",
            size=11,
            x=end,
            y=group,
            xanchor="left" if outside else "right",
            xshift=6 if outside else -4,
            bgcolor=view.theme.paper,
        )
