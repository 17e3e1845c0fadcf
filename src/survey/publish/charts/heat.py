"""Heat maps: many answers over editions or groups, each cell with its share written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.canvas import PlotRows, rows_for
from survey.publish.charts.dots import MOST_BARS_BESIDE
from survey.publish.charts.gaps import HATCH, KEY, signs_of
from survey.publish.charts.labels import wrapped
from survey.publish.charts.order import group_name, in_order, names_bands
from survey.publish.charts.traces import Trace, bar, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, PlotRow, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.statuses import words_of
from survey.publish.theme import LIGHT, SMALL_SIZE

__all__ = ["KIND", "draw_cells"]

_SHADES = len(LIGHT.ordered)
_CELL, _GAP = 26.0, 2.0  # pixels
_MOST_COLUMNS = 12  # more have headings that run into each other
_MOST_BESIDE = 4


class _Cell(NamedTuple):
    """A mark at its place."""

    x: int
    row: PlotRow
    mark: Row


def _suits(shape: Shape) -> bool:
    return shape.measure is Measure.SHARE


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE:
        return "a table of shares"
    few = shape.groups <= _MOST_COLUMNS
    return "" if few else f"at most {_MOST_COLUMNS} groups: more headings run into each other"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return answers down and groups across."""
    rows = rows_of(table)
    columns = in_order(group_name(row) for row in rows)
    labels = _order(rows, columns, ordered=table.ordered)
    found = {(group_name(row), row.answer): row for row in rows}
    return labels, tuple(
        Series(column, LIGHT.lead, tuple(found.get((column, label)) for label in labels))
        for column in columns
    )


def _order(rows: Sequence[Row], columns: Sequence[str], *, ordered: bool) -> tuple[str, ...]:
    """Keep bands in order, and anything over editions; else begin with the largest."""
    answers = in_order(row.answer for row in rows)
    if ordered or names_bands(answers) or names_bands(columns):
        return answers
    largest: dict[str, float] = {}
    for row in rows:
        largest[row.answer] = max(largest.get(row.answer, -1.0), row.value or -1.0)
    return tuple(sorted(answers, key=lambda answer: -largest[answer]))


def draw_cells(plan: ChartPlan) -> Drawing:
    """Return a drawing with a cell per row; the stronger, the larger its share.

    A sign stands where there is no share; a hatched cell is withheld. Shares fall into nine
    classes of equal width from 0 to the largest.
    """
    table, rows = plan.table, rows_for(plan.labels, least=_CELL)
    cells = list(_cells(plan, rows))
    reach = max([mark.value or 0.0 for mark in plan.rows], default=0.0) or 1.0
    withheld = [cell for cell in cells if cell.mark.status is Status.SUPPRESSED]
    return Drawing(
        KIND.words,
        (
            _filled(table, [cell for cell in cells if cell.mark.has_value], reach),
            *([_hatched(table, withheld)] if withheld else []),
            *_texts(table, cells, reach),
        ),
        _layout([series.name for series in plan.series], rows),
        " ".join(["Stronger colour: larger share.", *signs_of(plan.rows)]),
        (KEY,) if withheld else (),
        rows.each,
    )


def _cells(plan: ChartPlan, rows: PlotRows) -> Iterator[_Cell]:
    for place, series in enumerate(plan.series):
        for row, mark in zip(rows.each, series.rows, strict=True):
            if mark is not None:
                yield _Cell(place, row, mark)


def _native(plan: ChartPlan) -> Native:
    if plan.table.groups == ("edition",):
        return Native.LINES
    few = len(plan.series) <= _MOST_BESIDE and len(plan.rows) <= MOST_BARS_BESIDE
    return Native.BARS if few else Native.NONE


def _boxes(table: Estimates, cells: Sequence[_Cell], **given: Any) -> Trace:
    """Return cells as upright bars, which a page can move when it lays rows out anew."""
    return bar(
        x=[cell.x for cell in cells],
        y=[cell.row.height - _GAP for cell in cells],
        base=[cell.row.y - (cell.row.height - _GAP) / 2 for cell in cells],
        width=[0.97] * len(cells),
        hovertext=[hover_of(table, cell.mark) for cell in cells],
        hoverinfo="text",
        customdata=customdata([cell.mark for cell in cells]),
        **given,
    )


def _filled(table: Estimates, cells: Sequence[_Cell], reach: float) -> Trace:
    colours = [LIGHT.ordered[_shade(cell.mark, reach)] for cell in cells]
    return _boxes(
        table,
        cells,
        marker={"color": colours, "line": {"width": 0}},
        showlegend=False,
    )


def _hatched(table: Estimates, cells: Sequence[_Cell]) -> Trace:
    return _boxes(table, cells, marker=HATCH, name=KEY.label)


def _shade(mark: Row, reach: float) -> int:
    return min(_SHADES - 1, int((mark.value or 0.0) / reach * _SHADES))


def _texts(table: Estimates, cells: Sequence[_Cell], reach: float) -> list[Trace]:
    """Return the text of cells, one trace per colour of text."""
    by_colour: dict[str, list[_Cell]] = {}
    for cell in cells:
        if cell.mark.status is not Status.SUPPRESSED:
            by_colour.setdefault(_ink(cell.mark, reach), []).append(cell)
    return [
        scatter(
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


def _text(table: Estimates, mark: Row) -> str:
    return said(table, mark) if mark.has_value else words_of(mark.status).sign


def _ink(mark: Row, reach: float) -> str:
    return LIGHT.on(LIGHT.ordered[_shade(mark, reach)]) if mark.has_value else LIGHT.quiet


def _layout(columns: Sequence[str], rows: PlotRows) -> dict[str, Any]:
    narrow = len(columns) > 5
    names = [wrapped(column, 12 if narrow else 16, 4 if narrow else 3) for column in columns]
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


KIND = ChartKind("heatmap", "heat map", _suits, _refuses, _arrange, draw_cells, _native)
