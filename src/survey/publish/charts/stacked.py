"""Stacked bars: how the parts of a whole are distributed, one bar per group or item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from survey.estimates.table import Estimates, Status
from survey.publish.charts.bars import margins
from survey.publish.charts.canvas import Drawing, Key, Rows, rows_for, value_axis
from survey.publish.charts.gaps import KEY, customdata, hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.labels import plain
from survey.publish.charts.marks import Mark, by_value, in_order, marks_of, names_bands
from survey.publish.charts.words import hover_of, said
from survey.publish.theme import LIGHT, SMALL_SIZE, ordered_colours

__all__ = ["draw_matrix", "draw_stacked"]

THICKNESS = 22
_LEAST_LABELLED = 4.5  # per cent; narrower parts have their number in the table alone
_STUB = 0.025  # of the axis: hatched where parts do not add up, so that no end is known
_Cell = tuple[str, str]  # row, part


def draw_stacked(table: Estimates) -> Drawing:
    """Draw one bar per group, divided into the answers of a single choice."""
    marks = marks_of(table)
    cells = {(": ".join(mark.group) or table.title, mark.answer): mark for mark in marks}
    parts = in_order(mark.answer for mark in marks)
    colours = _colours(parts, ordered=table.ordered or names_bands(parts))
    return _draw(table, cells, in_order(row for row, _ in cells), colours, whole=100.0)


def draw_matrix(table: Estimates) -> Drawing:
    """Draw one bar per row of a matrix, divided into its levels; most chosen rows first."""
    marks = marks_of(table)
    names = [_divided(mark) for mark in marks]
    cells = dict(zip(names, marks, strict=True))
    levels = in_order(level for _, level in names)
    first = [mark for (_, level), mark in cells.items() if level == levels[0]]
    order = by_value(first, key=lambda mark: _divided(mark)[0])
    colours = dict(zip(levels, ordered_colours(LIGHT, len(levels))[::-1], strict=True))
    return _draw(table, cells, order, colours, whole=None)


def _divided(mark: Mark) -> _Cell:
    """Return item and level of a cell of a matrix, from its columns or from its label."""
    if mark.word("item") and mark.word("level"):
        return mark.word("item"), mark.word("level")
    item, _, level = mark.answer.rpartition(" / ")
    return item, level


def _colours(parts: Sequence[str], *, ordered: bool) -> dict[str, str]:
    if ordered or len(parts) > len(LIGHT.qualitative):
        return dict(zip(parts, ordered_colours(LIGHT, len(parts)), strict=True))
    return dict(zip(parts, LIGHT.qualitative, strict=False))


def _draw(
    table: Estimates,
    cells: dict[_Cell, Mark],
    order: Sequence[str],
    colours: dict[str, str],
    whole: float | None,
) -> Drawing:
    rows = rows_for(order, least=34)
    traces = [
        _part(table, [(row.y, cells.get((row.label, part))) for row in rows.each], part, colour)
        for part, colour in colours.items()
    ]
    lengths = {row.label: _length(cells, row.label) for row in rows.each}
    reach = whole or max([*lengths.values(), 5.0]) * (1 + 1.2 * _STUB)
    legend = [Key(part, colour) for part, colour in colours.items()]
    if withheld := _withheld(cells, rows):
        starts = [min(1.0, lengths[name] / reach) for name, _ in withheld]
        ends = [1.0 if whole or start == 0 else start + _STUB for start in starts]
        spans = list(zip(starts, ends, strict=True))
        ys = [rows.y(name) for name, _ in withheld]
        marks = [mark for _, mark in withheld]
        traces.append(hatched_rows(table, marks, ys, width=THICKNESS, spans=spans))
        legend.append(KEY)
    return Drawing(
        "stacked bar chart",
        tuple(traces),
        _layout(cells, rows, reach),
        "Length: share. The table holds the intervals.",
        tuple(legend),
        rows.each,
    )


def _part(
    table: Estimates, row_marks: Sequence[tuple[float, Mark | None]], part: str, colour: str
) -> go.Bar:
    drawn = [(y, mark) for y, mark in row_marks if mark is not None and mark.has_value]
    marks = [mark for _, mark in drawn]
    return go.Bar(
        orientation="h",
        name=plain(part),
        x=[mark.value for mark in marks],
        y=[y for y, _ in drawn],
        width=[THICKNESS] * len(drawn),
        marker={"color": colour, "line": {"color": LIGHT.paper, "width": 1}},
        text=[said(table, mark) if (mark.value or 0) >= _LEAST_LABELLED else "" for mark in marks],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": SMALL_SIZE, "color": LIGHT.on(colour)},
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
    )


def _length(cells: dict[_Cell, Mark], row: str) -> float:
    return sum(mark.value or 0.0 for (name, _), mark in cells.items() if name == row)


def _withheld(cells: dict[_Cell, Mark], rows: Rows) -> list[tuple[str, Mark]]:
    """Return one withheld mark for each row that has any."""
    found = {row: mark for (row, _), mark in cells.items() if mark.status is Status.SUPPRESSED}
    return [(row.label, found[row.label]) for row in rows.each if row.label in found]


def _layout(cells: dict[_Cell, Mark], rows: Rows, reach: float) -> dict[str, Any]:
    silent = _silent(cells, rows)
    return {
        **margins(rows, right=20),
        "xaxis": value_axis(rows, range=[0, reach], ticksuffix="\N{NO-BREAK SPACE}%"),
        "xaxis2": no_unit(),
        "yaxis": rows.axis(),
        "barmode": "stack",
        "annotations": reasons_in_rows([mark for _, mark in silent], [y for y, _ in silent]),
    }


def _silent(cells: dict[_Cell, Mark], rows: Rows) -> list[tuple[float, Mark]]:
    """Return one mark without a value of each row in which nothing has a length."""
    found = []
    for row in rows.each:
        here = [mark for (name, _), mark in cells.items() if name == row.label]
        empty = [mark for mark in here if not mark.has_value]
        if empty and not any(mark.value for mark in here):
            found.append((row.y, empty[0]))
    return found
