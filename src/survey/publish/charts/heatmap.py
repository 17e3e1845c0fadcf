"""Heat maps: many answers over several groups, with the share written in each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from survey.publish.charts.frame import View, reason, usable
from survey.publish.charts.names import Row, group_name, height_for
from survey.publish.format import label, percent

__all__ = ["draw_heatmap"]

_MARKS: Mapping[str, str] = {
    "withheld": "withheld", "not offered": "–", "not comparable": "≠", "no answers": "·",
}  # fmt: skip
_Grid = Sequence[Sequence[Row | None]]


def draw_heatmap(view: View) -> go.Figure:
    """Draw answers down and groups across."""
    rows = view.rows
    groups = list(dict.fromkeys(group_name(view, row) for row in rows))
    answers = list(dict.fromkeys(str(row["answer"]) for row in rows))
    cells = {(str(row["answer"]), group_name(view, row)): row for row in rows}
    grid = [[cells.get((answer, group)) for group in groups] for answer in answers]
    return view.figure(
        [_cells(view, grid, groups, answers)],
        height=height_for(len(answers), each=28) + 20,
        notes=[*_gaps(view, grid, groups, answers), *_key(view)],
        xaxis={"type": "category", "side": "top", "showgrid": False},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        margin={"t": 118},
    )


def _cells(view: View, grid: _Grid, groups: Sequence[str], answers: Sequence[str]) -> go.Heatmap:
    return go.Heatmap(
        z=[[_value(row) for row in line] for line in grid],
        x=list(groups),
        y=[label(answer) for answer in answers],
        text=[[_text(row) for row in line] for line in grid],
        texttemplate="%{text}",
        hovertext=[[view.hover(row) if row else "" for row in line] for line in grid],
        hoverinfo="text",
        xgap=2,
        ygap=2,
        showscale=False,
        hoverongaps=False,
        colorscale=[[0, view.theme.paper], [0.02, view.theme.low], [1, view.theme.lead]],
        zmin=0,
    )


def _value(row: Row | None) -> float | None:
    return float(row["value"]) if row is not None and usable(row) else None


def _text(row: Row | None) -> str:
    return percent(row["value"]) if row is not None and usable(row) else ""


def _gaps(
    view: View, grid: _Grid, groups: Sequence[str], answers: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Mark the cells without a value by the reason."""
    for answer, line in zip(answers, grid, strict=True):
        for group, row in zip(groups, line, strict=True):
            if row is not None and not usable(row):
                why = reason(row)
                yield view.note(_MARKS.get(why, why), size=11, x=group, y=label(answer))


def _key(view: View) -> Iterator[dict[str, Any]]:
    """Explain the marks that stand for a reason."""
    reasons = dict.fromkeys(reason(row) for row in view.rows if not usable(row))
    text = " · ".join(f"{_MARKS[why]} {why}" for why in reasons if _MARKS.get(why, why) != why)
    if text:
        yield view.note(text, xref="paper", yref="paper", x=0, y=0, yshift=-28, xanchor="left")
