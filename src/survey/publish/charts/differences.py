"""Differences as dots with intervals around the line of no change, coloured by verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import margins, value_at_the_right, whiskers
from survey.publish.charts.canvas import PlotRows, rows_for, value_axis
from survey.publish.charts.gaps import hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.order import full_name
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.describe import CLEAR
from survey.publish.format import compact
from survey.publish.plan import (
    ChartKind,
    ChartPlan,
    Drawing,
    Key,
    Native,
    PlotRow,
    Series,
    Shape,
)
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT

__all__ = ["KIND"]

_KEYS = {
    LIGHT.up: Key("clear increase", LIGHT.up),
    LIGHT.down: Key("clear decrease", LIGHT.down),
    LIGHT.same: Key("could be noise", LIGHT.same),
}
_READING = (
    "Dot: difference. Line: its interval. An interval that crosses zero is consistent with no "
    "change. Colour: whether it is clear, allowing for all comparisons of the table."
)


def _suits(shape: Shape) -> bool:
    compared = shape.statistic.startswith("compare") and "verdict" in shape.columns
    return shape.measure is Measure.DIFFERENCE or compared


def _refuses(shape: Shape, table: Estimates) -> str:
    return "" if _suits(shape) else "a table of differences"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    return tuple(full_name(row) for row in rows), (Series("", LIGHT.lead, rows),)


def _draw(plan: ChartPlan) -> Drawing:
    table, marks = plan.table, plan.rows
    rows = rows_for(plan.labels)
    pairs = list(zip(marks, rows.each, strict=True))
    by_verdict = {
        colour: [(m, row) for m, row in pairs if m.has_value and _verdict_colour(m) == colour]
        for colour in _KEYS
    }
    found = {colour: pairs for colour, pairs in by_verdict.items() if pairs}
    traces = [_dots(table, pairs, colour) for colour, pairs in found.items()]
    return Drawing(
        KIND.words,
        (*traces, *_hatched(table, pairs)),
        _layout(table, pairs, rows),
        _READING,
        tuple(_KEYS[colour] for colour in found),
        rows.each,
    )


def _native(plan: ChartPlan) -> Native:
    return Native.BARS


def _verdict_colour(mark: Row) -> str:
    if mark.word("verdict") != CLEAR:
        return LIGHT.same
    return LIGHT.up if (mark.value or 0) > 0 else LIGHT.down


def _dots(table: Estimates, pairs: Sequence[tuple[Row, PlotRow]], colour: str) -> Trace:
    marks = [mark for mark, _ in pairs]
    return scatter(
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


def _hatched(table: Estimates, pairs: Sequence[tuple[Row, PlotRow]]) -> list[Trace]:
    hidden = [(mark, row.y) for mark, row in pairs if mark.status is Status.SUPPRESSED]
    if not hidden:
        return []
    return [hatched_rows(table, [m for m, _ in hidden], [y for _, y in hidden], width=14)]


def _layout(
    table: Estimates, pairs: Sequence[tuple[Row, PlotRow]], rows: PlotRows
) -> dict[str, Any]:
    ends = [each for mark, _ in pairs for each in (mark.low, mark.value, mark.high)
            if each is not None]  # fmt: skip
    reach = max([abs(end) for end in ends], default=1.0) * 1.05
    hidden = [(mark, row.y) for mark, row in pairs if not mark.has_value]
    shares = table.measure is Measure.DIFFERENCE
    return {
        **margins(rows, right=96 if shares else 104),
        "xaxis": value_axis(
            rows,
            range=[-reach, reach],
            zerolinewidth=1.5,
            tickformat=",.3~g" if shares else "~s",
            nticks=6 if shares else 4,
        ),
        "xaxis2": no_unit(),
        "yaxis": rows.axis(),
        "barmode": "overlay",
        "annotations": [
            *(value_at_the_right(_printed(table, m), row.y) for m, row in pairs if m.has_value),
            *reasons_in_rows(table, [mark for mark, _ in hidden], [y for _, y in hidden]),
        ],
    }


def _printed(table: Estimates, mark: Row) -> str:
    """Return a difference; of numbers without what they count, which the subtitle says."""
    if table.measure is Measure.DIFFERENCE or mark.value is None:
        return said(table, mark)
    return f"{'+' if mark.value > 0 else ''}{compact(mark.value)}"


KIND = ChartKind("differences", "dot plot", _suits, _refuses, _arrange, _draw, _native)
