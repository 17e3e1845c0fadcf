"""A waterfall: how the parts of a change add up to it, from the earlier total to the later."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import margins, reading_of, value_at_the_right
from survey.publish.charts.canvas import rows_for, value_axis
from survey.publish.charts.gaps import hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.traces import Trace, bar, customdata, scatter
from survey.publish.charts.words import hover_of
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
from survey.publish.words import capital

__all__ = ["KIND"]

_STATISTIC = "decompose_change"
_TOTAL = "total"
_THICKNESS = 18
_APART = 0.005  # of the total's parts: printed numbers add up but for their rounding
_KEYS = (
    Key("adds", LIGHT.up),
    Key("takes away", LIGHT.down),
    Key("all together", LIGHT.same),
)


class _Step(NamedTuple):
    """A part of the change: its row, and where its bar begins and ends."""

    mark: Row
    row: PlotRow
    start: float
    end: float

    @property
    def key(self) -> Key:
        if self.mark.answer == _TOTAL:
            return _KEYS[2]
        return _KEYS[0] if self.end >= self.start else _KEYS[1]


def _suits(shape: Shape) -> bool:
    return shape.statistic == _STATISTIC and shape.measure is Measure.NUMBER


def _refuses(shape: Shape, table: Estimates) -> str:
    if not _suits(shape) or shape.groups != 1:
        return "a decomposition of a change, of one group"
    rows = rows_of(table)
    totals = [row for row in rows if row.answer == _TOTAL]
    parts = [row for row in rows if row.answer != _TOTAL]
    if len(totals) != 1 or not parts:
        return "parts of a change, and one row that is their total"
    known = [row.value for row in rows if row.value is not None]
    if len(known) == len(rows):
        whole = sum(abs(row.value or 0.0) for row in parts)
        away = abs(sum(row.value or 0.0 for row in parts) - (totals[0].value or 0.0))
        if away > _APART * max(whole, 1.0):
            return "parts that add up to the total"
    return ""


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    ordered = (*(r for r in rows if r.answer != _TOTAL), *(r for r in rows if r.answer == _TOTAL))
    return tuple(capital(row.answer) for row in ordered), (Series("", LIGHT.lead, ordered),)


def _draw(plan: ChartPlan) -> Drawing:
    """Draw a bar per part that begins where the part before ended, and the total from zero.

    Where a part is withheld no sum is known: each bar begins at zero, and the reading says so.
    """
    table, rows = plan.table, rows_for(plan.labels, least=36)
    steps = _steps(plan.rows, rows.each)
    hidden = [(m, r.y) for m, r in zip(plan.rows, rows.each, strict=True) if not m.has_value]
    withheld = [(mark, y) for mark, y in hidden if mark.status is Status.SUPPRESSED]
    ends = [end for step in steps for end in _ends(step)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    pad = 0.04 * (high - low) or 1.0
    traces = [_bars(table, steps), *_lines(steps)] if steps else []
    if withheld:
        marks, ys = [m for m, _ in withheld], [y for _, y in withheld]
        traces.append(hatched_rows(table, marks, ys, width=_THICKNESS))
    said = "Each bar begins where the one before ends; the last is their sum."
    if hidden:
        said = "A part has no number: bars begin at zero and do not add up."
    used = [step.key for step in steps]
    return Drawing(
        KIND.words,
        tuple(traces),
        {
            **margins(rows, right=112),
            "xaxis": value_axis(rows, range=[low - pad * (low < 0), high + pad],
                                tickformat="~s", zerolinewidth=1.5),
            "xaxis2": no_unit(),
            "yaxis": rows.axis(),
            "barmode": "overlay",
            "annotations": [
                *(value_at_the_right(_signed(step.mark.value or 0.0), step.row.y)
                  for step in steps),
                *reasons_in_rows(table, [m for m, _ in hidden], [y for _, y in hidden]),
            ],
        },
        reading_of(plan.rows, f"{said} Thin line: the part's interval.", "Faint bar: imprecise."),
        tuple(key for key in _KEYS if key in used),
        rows.each,
    )  # fmt: skip


def _steps(marks: Sequence[Row], rows: Sequence[PlotRow]) -> list[_Step]:
    whole = all(mark.has_value for mark in marks)
    parts = [(mark.value or 0.0) * (mark.answer != _TOTAL) for mark in marks]
    starts = [0.0, *accumulate(parts)] if whole else [0.0] * (len(marks) + 1)
    found = []
    for mark, row, start in zip(marks, rows, starts, strict=False):
        if mark.value is not None:
            begin = 0.0 if mark.answer == _TOTAL else float(f"{start:.10g}")
            found.append(_Step(mark, row, begin, float(f"{begin + mark.value:.10g}")))
    return found


def _ends(step: _Step) -> list[float]:
    limits = [step.start + end for end in (step.mark.low, step.mark.high) if end is not None]
    return [step.start, step.end, *(end for end in limits if math.isfinite(end))]


def _bars(table: Estimates, steps: Sequence[_Step]) -> Trace:
    return bar(
        orientation="h",
        base=[step.start for step in steps],
        x=[step.mark.value for step in steps],
        y=[step.row.y for step in steps],
        width=[_THICKNESS] * len(steps),
        marker={
            "color": [LIGHT.pale if step.mark.imprecise else step.key.colour for step in steps],
            "line": {"color": [step.key.colour for step in steps], "width": 1},
        },
        hovertext=[hover_of(table, step.mark) for step in steps],
        hoverinfo="text",
        customdata=customdata([step.mark for step in steps]),
        showlegend=False,
    )


def _lines(steps: Sequence[_Step]) -> list[Trace]:
    """Return the interval of each part, at the end of its bar."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for step in steps:
        if step.mark.low is not None and step.mark.high is not None:
            xs += [step.start + step.mark.low, step.start + step.mark.high, None]
            ys += [step.row.y, step.row.y, None]
    look: dict[str, Any] = {"color": LIGHT.whisker, "width": 1.5}
    return [scatter(x=xs, y=ys, mode="lines", line=look, hoverinfo="skip", showlegend=False,
                    connectgaps=False)] if xs else []  # fmt: skip


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{compact(abs(value))}"


def _native(plan: ChartPlan) -> Native:
    return Native.BARS


KIND = ChartKind("waterfall", "waterfall chart", _suits, _refuses, _arrange, _draw, _native)
