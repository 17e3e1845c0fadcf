"""Dots with intervals: differences with their verdict, and numbers with their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from survey.estimates.table import Estimates, Status
from survey.publish.charts.bars import margins, reading_of, value_at_the_right, whiskers
from survey.publish.charts.canvas import Drawing, Key, Row, Rows, rows_for, value_axis
from survey.publish.charts.gaps import customdata, hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.labels import plain
from survey.publish.charts.marks import Mark, in_order, marks_of
from survey.publish.charts.words import hover_of, said
from survey.publish.theme import LIGHT

__all__ = ["draw_differences", "draw_dots"]

_CLEAR = "clear change"
_KEYS = {
    LIGHT.up: Key("clear increase", LIGHT.up),
    LIGHT.down: Key("clear decrease", LIGHT.down),
    LIGHT.same: Key("could be noise", LIGHT.same),
}


def draw_differences(table: Estimates) -> Drawing:
    """Draw one dot per difference with its interval around the line of no change."""
    marks = marks_of(table)
    rows = rows_for(": ".join((*mark.group, mark.answer)) for mark in marks)
    pairs = [(mark, row) for mark, row in zip(marks, rows.each, strict=True)]
    by_verdict = {
        colour: [(m, row) for m, row in pairs if m.has_value and _verdict_colour(m) == colour]
        for colour in _KEYS
    }
    found = {colour: pairs for colour, pairs in by_verdict.items() if pairs}
    traces = [_dots(table, pairs, colour) for colour, pairs in found.items()]
    return Drawing(
        "dot plot",
        (*traces, *_hatched(table, pairs)),
        _layout(table, pairs, rows),
        "Dot: difference. Line: its interval; where it crosses zero, no change is possible, too.",
        tuple(_KEYS[colour] for colour in found),
        rows.each,
    )


def draw_dots(table: Estimates) -> Drawing:
    """Draw groups beside each other: one row per answer, one colour per group."""
    marks = marks_of(table)
    groups = in_order(": ".join(mark.group) for mark in marks)
    rows = rows_for(in_order(mark.answer for mark in marks), least=16.0 * len(groups) + 14)
    offset = {group: (place - (len(groups) - 1) / 2) * 15 for place, group in enumerate(groups)}
    colour = dict(zip(groups, LIGHT.qualitative, strict=False))
    y = {row.label: row.y for row in rows.each}
    placed = [(mark, y[mark.answer] + offset[": ".join(mark.group)]) for mark in marks]
    traces = [
        _group_dots(table, group, colour[group],
                    [(m, at) for m, at in placed if ": ".join(m.group) == group and m.has_value])
        for group in groups
    ]  # fmt: skip
    hidden = [(m, at) for m, at in placed if not m.has_value]
    reach = max([m.high or m.value or 0.0 for m, _ in placed], default=0.0)
    return Drawing(
        "dot plot",
        tuple(traces),
        {
            **margins(rows),
            "xaxis": value_axis(rows, range=[0, max(reach, 4.0)], ticksuffix="\N{NO-BREAK SPACE}%"),
            "xaxis2": no_unit(),
            "yaxis": rows.axis(),
            "annotations": reasons_in_rows(
                [m for m, _ in hidden], [at for _, at in hidden], bgcolor=None
            ),
            "shapes": [_divider(row) for row in rows.each[1:]],
        },
        reading_of(marks, "Dot: share. Line: its interval.", "Hollow dot: imprecise."),
        tuple(Key(group, colour[group]) for group in groups),
        rows.each,
    )


def _divider(row: Row) -> dict[str, Any]:
    top = row.y - row.height / 2
    return {"type": "line", "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": top,
            "y1": top, "line": {"color": LIGHT.line, "width": 1}, "layer": "below"}  # fmt: skip


def _group_dots(
    table: Estimates, group: str, colour: str, placed: Sequence[tuple[Mark, float]]
) -> go.Scatter:
    marks = [mark for mark, _ in placed]
    return go.Scatter(
        x=[mark.value for mark in marks],
        y=[at for _, at in placed],
        mode="markers",
        name=plain(group),
        marker={
            "size": 9,
            "color": [LIGHT.paper if mark.imprecise else colour for mark in marks],
            "line": {"color": colour, "width": 2},
        },
        error_x=whiskers(marks, colour),
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
    )


def _verdict_colour(mark: Mark) -> str:
    if mark.word("verdict") != _CLEAR:
        return LIGHT.same
    return LIGHT.up if (mark.value or 0) > 0 else LIGHT.down


def _dots(table: Estimates, pairs: Sequence[tuple[Mark, Row]], colour: str) -> go.Scatter:
    marks = [mark for mark, _ in pairs]
    return go.Scatter(
        x=[mark.value for mark in marks],
        y=[row.y for _, row in pairs],
        mode="markers",
        name=_KEYS[colour].label,
        marker={
            "size": 10,
            "color": [LIGHT.paper if colour == LIGHT.same else colour for _ in marks],
            "line": {"color": colour, "width": 2},
        },
        error_x={**whiskers(marks, colour), "thickness": 2},
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
    )


def _hatched(table: Estimates, pairs: Sequence[tuple[Mark, Row]]) -> list[go.Bar]:
    hidden = [(mark, row.y) for mark, row in pairs if mark.status is Status.SUPPRESSED]
    if not hidden:
        return []
    return [hatched_rows(table, [m for m, _ in hidden], [y for _, y in hidden], width=14)]


def _layout(table: Estimates, pairs: Sequence[tuple[Mark, Row]], rows: Rows) -> dict[str, Any]:
    ends = [each for mark, _ in pairs for each in (mark.low, mark.value, mark.high)
            if each is not None]  # fmt: skip
    reach = max([abs(end) for end in ends], default=1.0) * 1.05
    hidden = [(mark, row.y) for mark, row in pairs if not mark.has_value]
    return {
        **margins(rows, right=96),
        "xaxis": value_axis(rows, range=[-reach, reach], zerolinewidth=1.5, tickformat=",.3~g"),
        "xaxis2": no_unit(),
        "yaxis": rows.axis(),
        "barmode": "overlay",
        "annotations": [
            *(value_at_the_right(said(table, m), row.y) for m, row in pairs if m.has_value),
            *reasons_in_rows([mark for mark, _ in hidden], [y for _, y in hidden]),
        ],
    }
