"""Heat maps: many answers over editions or groups, each cell with its share written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from survey.estimates.table import Estimates, Status
from survey.publish.charts.canvas import Drawing, Row, Rows, rows_for
from survey.publish.charts.gaps import HATCH, KEY, customdata
from survey.publish.charts.labels import wrapped
from survey.publish.charts.marks import Mark, in_order, marks_of, names_bands
from survey.publish.charts.words import REASONS, hover_of, said
from survey.publish.theme import LIGHT, SMALL_SIZE

__all__ = ["draw_heatmap"]

_SIGNS = {Status.NOT_OFFERED: "–", Status.NOT_COMPARABLE: "≠", Status.EMPTY: "∅"}
_SHADES = len(LIGHT.ordered)
_CELL, _GAP = 26.0, 2.0  # pixels


class _Cell(NamedTuple):
    """A mark at its place."""

    x: int
    row: Row
    mark: Mark


def draw_heatmap(table: Estimates) -> Drawing:
    """Draw answers down and groups across; the darker a cell, the larger its share.

    A dash stands where an answer was not offered; a hatched cell is withheld. Shares fall into
    nine classes of equal width from 0 to the largest.
    """
    marks = marks_of(table)
    columns = in_order(": ".join(mark.group) for mark in marks)
    rows = rows_for(_order(marks, columns, ordered=table.ordered), least=_CELL)
    cells = list(_cells(marks, columns, rows))
    reach = max([mark.value or 0.0 for mark in marks], default=0.0) or 1.0
    signs = in_order(
        f"{_SIGNS[m.status]} {REASONS[m.status]}." for m in marks if m.status in _SIGNS
    )
    withheld = [cell for cell in cells if cell.mark.status is Status.SUPPRESSED]
    return Drawing(
        "heat map",
        (
            _filled(table, [cell for cell in cells if cell.mark.has_value], reach),
            *([_hatched(table, withheld)] if withheld else []),
            *_texts(table, cells, reach),
        ),
        _layout(columns, rows),
        " ".join(["Darker: larger share.", *sorted(signs)]),
        (KEY,) if withheld else (),
        rows.each,
    )


def _order(marks: Sequence[Mark], columns: Sequence[str], *, ordered: bool) -> list[str]:
    """Keep bands in order, and anything over editions; else begin with the largest."""
    answers = in_order(mark.answer for mark in marks)
    if ordered or names_bands(answers) or names_bands(columns):
        return list(answers)
    largest: dict[str, float] = {}
    for mark in marks:
        largest[mark.answer] = max(largest.get(mark.answer, -1.0), mark.value or -1.0)
    return sorted(answers, key=lambda answer: -largest[answer])


def _cells(marks: Sequence[Mark], columns: Sequence[str], rows: Rows) -> Iterator[_Cell]:
    place = {column: number for number, column in enumerate(columns)}
    row = {each.label: each for each in rows.each}
    for mark in marks:
        yield _Cell(place[": ".join(mark.group)], row[mark.answer], mark)


def _boxes(table: Estimates, cells: Sequence[_Cell], **given: Any) -> go.Bar:
    """Return cells as upright bars, which a page can move when it lays rows out anew."""
    return go.Bar(
        x=[cell.x for cell in cells],
        y=[cell.row.height - _GAP for cell in cells],
        base=[cell.row.y - (cell.row.height - _GAP) / 2 for cell in cells],
        width=[0.97] * len(cells),
        hovertext=[hover_of(table, cell.mark) for cell in cells],
        hoverinfo="text",
        customdata=customdata([cell.mark for cell in cells]),
        **given,
    )


def _filled(table: Estimates, cells: Sequence[_Cell], reach: float) -> go.Bar:
    colours = [LIGHT.ordered[_shade(cell.mark, reach)] for cell in cells]
    return _boxes(
        table,
        cells,
        marker={"color": colours, "line": {"width": 0}},
        showlegend=False,
    )


def _hatched(table: Estimates, cells: Sequence[_Cell]) -> go.Bar:
    return _boxes(table, cells, marker=HATCH, name=KEY.label)


def _shade(mark: Mark, reach: float) -> int:
    return min(_SHADES - 1, int((mark.value or 0.0) / reach * _SHADES))


def _texts(table: Estimates, cells: Sequence[_Cell], reach: float) -> list[go.Scatter]:
    """Return the text of cells, one trace per colour of text."""
    by_colour: dict[str, list[_Cell]] = {}
    for cell in cells:
        if cell.mark.status is not Status.SUPPRESSED:
            by_colour.setdefault(_ink(cell.mark, reach), []).append(cell)
    return [
        go.Scatter(
            x=[cell.x for cell in here],
            y=[cell.row.y for cell in here],
            text=[_text(table, cell.mark) for cell in here],
            mode="text",
            textfont={"color": colour, "size": SMALL_SIZE},
            hoverinfo="skip",
            showlegend=False,
        )
        for colour, here in by_colour.items()
    ]


def _text(table: Estimates, mark: Mark) -> str:
    return said(table, mark) if mark.has_value else _SIGNS.get(mark.status, "")


def _ink(mark: Mark, reach: float) -> str:
    return LIGHT.on(LIGHT.ordered[_shade(mark, reach)]) if mark.has_value else LIGHT.quiet


def _layout(columns: Sequence[str], rows: Rows) -> dict[str, Any]:
    names = [wrapped(column, 16, 3) for column in columns]
    top = 12 + 17 * max([name.count("<br>") + 1 for name in names], default=1)
    return {
        "margin": {"l": rows.margin, "r": 12, "t": top, "b": 8},
        "height": rows.height + top + 8,
        "xaxis": {
            "side": "top",
            "range": [-0.5, len(columns) - 0.5],
            "tickmode": "array",
            "tickvals": list(range(len(columns))),
            "ticktext": names,
            "tickangle": 0,
            "showgrid": False,
            "ticks": "",
        },
        "yaxis": rows.axis(),
        "barmode": "overlay",
    }
