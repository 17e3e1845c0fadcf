"""The kinds of charts, each one function from a view to a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from survey.publish.charts.frame import View, reason, usable
from survey.publish.format import compact, label, percent, value_text
from survey.publish.theme import ordered_colours, text_on

__all__ = ["bars", "differences", "heatmap", "levels", "points", "scores", "stacks"]

Rows = Sequence[Mapping[str, Any]]
_PERCENT = {"tickformat": ",.0%", "rangemode": "tozero"}


def _height(count: int, *, each: int = 30, least: int = 260) -> int:
    return max(least, 150 + each * count)


def bars(view: View) -> go.Figure:
    """Draw one horizontal bar per answer, with its interval; withheld ones are marked."""
    rows = view.rows if view.table.several is False else _largest_first(view.rows)
    drawn = [row for row in rows if usable(row)]
    trace = go.Bar(
        x=[float(row["value"]) for row in drawn],
        y=[_name(view, row) for row in drawn],
        orientation="h",
        marker={"color": view.theme.lead},
        error_x=view.whiskers(drawn),
        hovertext=[view.hover(row) for row in drawn],
        hoverinfo="text",
        customdata=[[str(row["status"])] for row in drawn],
    )
    names = [_name(view, row) for row in rows]
    figure = view.figure(
        [trace],
        height=_height(len(names)),
        xaxis=_PERCENT,
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "range": [-0.6, len(names) - 0.4],
            "showgrid": False,
        },
    )
    for row in rows:
        _annotate(view, figure, row, x=max((r["high"] for r in drawn), default=1.0))
    return figure


def _annotate(view: View, figure: go.Figure, row: Mapping[str, Any], x: float) -> None:
    """Write the value past the whisker, or why there is none at the axis."""
    good = usable(row)
    end = row["high"] if good and pd.notna(row["high"]) else row["value"] if good else 0
    figure.add_annotation(
        x=float(end),
        y=_name(view, row),
        text=value_text(view.table, row["value"]) if good else f"<i>{reason(row)}</i>",
        showarrow=False,
        xanchor="left",
        xshift=6,
        font={"size": 12, "color": view.theme.ink if good else view.theme.quiet},
    )


def _largest_first(rows: Rows) -> list[Mapping[str, Any]]:
    def size(row: Mapping[str, Any]) -> float:
        return -float(row["value"]) if usable(row) else 2.0

    return sorted(rows, key=size)


def _name(view: View, row: Mapping[str, Any]) -> str:
    groups = [str(row[group]) for group in view.table.groups]
    return label(" · ".join([*groups, str(row["answer"])]))


def _group(view: View, row: Mapping[str, Any]) -> str:
    return label(" · ".join(str(row[group]) for group in view.table.groups), width=26)


def stacks(view: View) -> go.Figure:
    """Draw one bar of 100 % per group, its parts in the order of the answers."""
    rows = view.rows
    answers = list(dict.fromkeys(str(row["answer"]) for row in rows))
    groups = list(dict.fromkeys(_group(view, row) for row in rows))
    colours = ordered_colours(view.theme, len(answers))
    traces = [
        _stack(view, [row for row in rows if str(row["answer"]) == answer], answer, colour)
        for answer, colour in zip(answers, colours, strict=True)
    ]
    figure = view.figure(
        traces,
        height=_height(len(groups), each=44, least=300) + 22 * ((len(answers) + 3) // 4),
        barmode="stack",
        showlegend=True,
        xaxis={"tickformat": ",.0%", "range": [0, 1]},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": groups[::-1],
        },
        legend={"traceorder": "normal"},
    )
    _mark_incomplete(view, figure, groups)
    return figure


def _stack(view: View, rows: Rows, answer: str, colour: str) -> go.Bar:
    drawn = [row for row in rows if usable(row)]
    return go.Bar(
        x=[float(row["value"]) for row in drawn],
        y=[_group(view, row) for row in drawn],
        orientation="h",
        name=label(answer, width=40, lines=1),
        marker={"color": colour, "line": {"color": view.theme.paper, "width": 1}},
        text=[percent(row["value"]) if row["value"] >= 0.045 else "" for row in drawn],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"color": text_on(colour, view.theme), "size": 12},
        hovertext=[view.hover(row) for row in drawn],
        hoverinfo="text",
    )


def _mark_incomplete(view: View, figure: go.Figure, groups: Sequence[str]) -> None:
    """Say at the end of a bar what it does not show."""
    for group in groups:
        here = [row for row in view.rows if _group(view, row) == group]
        reasons = dict.fromkeys(reason(row) for row in here if not usable(row))
        if reasons:
            end = sum(float(row["value"]) for row in here if usable(row))
            figure.add_annotation(
                x=min(end, 1.0),
                y=group,
                text=f"<i>{', '.join(reasons)}</i>",
                showarrow=False,
                xanchor="left" if end < 0.93 else "right",
                xshift=6 if end < 0.93 else -6,
                font={"size": 11, "color": view.theme.quiet},
                bgcolor=view.theme.paper,
                opacity=0.9,
            )


def levels(view: View) -> go.Figure:
    """Draw a matrix: one bar per row, one colour per column."""
    rows = view.rows
    items = list(dict.fromkeys(str(row["item"]) for row in rows))
    first = next((str(row["level"]) for row in rows), "")
    size = {
        str(row["item"]): float(row["value"])
        for row in rows
        if str(row["level"]) == first and usable(row)
    }
    ordered = sorted(items, key=lambda item: -size.get(item, 0.0))
    names = list(dict.fromkeys(str(row["level"]) for row in rows))
    colours = ordered_colours(view.theme, len(names))[::-1]
    traces = [
        go.Bar(
            x=[float(row["value"]) for row in drawn],
            y=[label(str(row["item"])) for row in drawn],
            orientation="h",
            name=label(name),
            marker={"color": colour},
            hovertext=[view.hover(row) for row in drawn],
            hoverinfo="text",
        )
        for name, colour in zip(names, colours, strict=True)
        for drawn in [[row for row in rows if str(row["level"]) == name and usable(row)]]
    ]
    return view.figure(
        traces,
        height=_height(len(items), each=24),
        barmode="stack",
        showlegend=True,
        xaxis=_PERCENT,
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [label(i) for i in ordered][::-1],
        },
    )


def heatmap(view: View) -> go.Figure:
    """Draw answers down, groups across, with the share written in each cell."""
    rows = view.rows
    groups = list(dict.fromkeys(_group(view, row) for row in rows))
    answers = list(dict.fromkeys(str(row["answer"]) for row in rows))
    cells = {(str(row["answer"]), _group(view, row)): row for row in rows}
    grid = [[cells.get((answer, group)) for group in groups] for answer in answers]
    trace = go.Heatmap(
        z=[[_value(row) for row in line] for line in grid],
        x=groups,
        y=[label(answer) for answer in answers],
        text=[[_short(view, row) for row in line] for line in grid],
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
    figure = view.figure(
        [trace],
        height=_height(len(answers), each=28) + 20,
        xaxis={"type": "category", "side": "top", "showgrid": False},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category"},
        margin={"t": 118},
    )
    _write_gaps(view, figure, grid, groups, answers)
    return figure


def _value(row: Mapping[str, Any] | None) -> float | None:
    return float(row["value"]) if row is not None and usable(row) else None


def _short(view: View, row: Mapping[str, Any] | None) -> str:
    return percent(row["value"]) if row is not None and usable(row) else ""


_MARKS = {"withheld": "withheld", "not offered": "–", "not comparable": "≠", "no answers": "·"}


def _write_gaps(
    view: View,
    figure: go.Figure,
    grid: Sequence[Sequence[Mapping[str, Any] | None]],
    groups: Sequence[str],
    answers: Sequence[str],
) -> None:
    used: dict[str, str] = {}
    for answer, line in zip(answers, grid, strict=True):
        for group, row in zip(groups, line, strict=True):
            if row is None or usable(row):
                continue
            why = reason(row)
            used[why] = _MARKS.get(why, why)
            figure.add_annotation(
                x=group,
                y=label(answer),
                text=used[why],
                showarrow=False,
                font={"size": 11, "color": view.theme.quiet},
                hovertext=why,
            )
    legend = " · ".join(f"{mark} {why}" for why, mark in used.items() if mark != why)
    if legend:
        figure.add_annotation(
            text=legend,
            xref="paper",
            yref="paper",
            x=0,
            y=0,
            yshift=-28,
            xanchor="left",
            showarrow=False,
            font={"size": 12, "color": view.theme.quiet},
        )


def differences(view: View) -> go.Figure:
    """Draw changes as points around zero; a clear change is filled and stands out."""
    rows = view.rows
    drawn = [row for row in rows if usable(row)]
    clear = [str(row.get("verdict", "")) == "clear change" for row in drawn]
    colours = [view.theme.accent if each else view.theme.quiet for each in clear]
    trace = go.Scatter(
        x=[float(row["value"]) * 100 for row in drawn],
        y=[_name(view, row) for row in drawn],
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
    names = [_name(view, row) for row in rows]
    figure = view.figure(
        [trace],
        height=_height(len(names)),
        xaxis={
            "zeroline": True,
            "zerolinewidth": 1.5,
            "ticksuffix": "",
            "title": {"text": "percentage points (filled: clear change; open: could be noise)"},
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "range": [-0.6, len(names) - 0.4],
        },
    )
    for row in rows:
        if not usable(row):
            figure.add_annotation(
                x=0,
                y=_name(view, row),
                text=f"<i>{reason(row)}</i>",
                showarrow=False,
                xanchor="left",
                xshift=6,
                font={"size": 12, "color": view.theme.quiet},
            )
    return figure


def _verdict(row: Mapping[str, Any]) -> str:
    verdict = row.get("verdict")
    return f"<br>{verdict}" if isinstance(verdict, str) else ""


def points(view: View) -> go.Figure:
    """Draw numbers with their interval (thick) and their hard bounds (thin)."""
    rows = [row for row in view.rows if usable(row)]
    names = [_point_name(view, row) for row in rows]
    traces: list[Any] = []
    for row, name in zip(rows, names, strict=True):
        bounds = [row.get("lower_bound"), row.get("upper_bound")]
        if all(pd.notna(bound) for bound in bounds):
            traces.append(_segment(bounds, name, view.theme.quiet, 2))
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            traces.append(_segment([row["low"], row["high"]], name, view.theme.lead, 7))
    traces.append(
        go.Scatter(
            x=[float(row["value"]) for row in rows],
            y=names,
            mode="markers+text",
            text=[compact(row["value"]) for row in rows],
            textposition="top center",
            marker={
                "size": 11,
                "color": view.theme.paper,
                "line": {"width": 3, "color": view.theme.lead},
            },
            hovertext=[view.hover(row) + _bounds(row) for row in rows],
            hoverinfo="text",
        )
    )
    missing = [_point_name(view, row) for row in view.rows if not usable(row)]
    order = list(dict.fromkeys(_point_name(view, row) for row in view.rows))
    figure = view.figure(
        traces,
        height=_height(len(order), each=52, least=280),
        xaxis={"type": "log", "dtick": 1, "title": {"text": _axis(view)}, "tickformat": "~s"},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": order[::-1],
            "range": [-0.6, len(order) - 0.4],
        },
    )
    for name in missing:
        figure.add_annotation(
            x=0.02,
            xref="paper",
            y=name,
            text="<i>withheld or empty</i>",
            showarrow=False,
            font={"color": view.theme.quiet, "size": 12},
        )
    return figure


def _point_name(view: View, row: Mapping[str, Any]) -> str:
    groups = [str(row[group]) for group in view.table.groups]
    return label(" · ".join(groups) if groups else str(row["answer"]))


def _segment(limits: Sequence[Any], name: str, colour: str, width: int) -> go.Scatter:
    return go.Scatter(
        x=[float(limit) for limit in limits],
        y=[name, name],
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
        opacity=0.55 if width > 2 else 0.8,
    )


def _bounds(row: Mapping[str, Any]) -> str:
    low, high = row.get("lower_bound"), row.get("upper_bound")
    if low is None or pd.isna(low):
        return ""
    upper = compact(high) if high is not None and pd.notna(high) else "no upper bound"
    return f"<br>certain: at least {compact(low)}, {upper if 'no' in upper else 'at most ' + upper}"


def _axis(view: View) -> str:
    counts = view.table.spec.counts or "value"
    return f"{counts} (thick: interval; thin: certain bounds; scale in powers of ten)"


def scores(view: View) -> go.Figure:
    """Draw scores over groups with their intervals."""
    rows = [row for row in view.rows if usable(row)]
    names = [_point_name(view, row) for row in rows]
    trace = go.Scatter(
        x=names,
        y=[float(row["value"]) for row in rows],
        mode="markers+lines+text",
        text=[value_text(view.table, row["value"]) for row in rows],
        textposition="top right",
        error_y=view.whiskers(rows),
        marker={"size": 10, "color": view.theme.lead},
        line={"color": view.theme.lead, "width": 2},
        hovertext=[view.hover(row) for row in rows],
        hoverinfo="text",
    )
    return view.figure(
        [trace],
        height=380,
        xaxis={"type": "category"},
        yaxis={"zeroline": True, "zerolinewidth": 1.5},
    )
