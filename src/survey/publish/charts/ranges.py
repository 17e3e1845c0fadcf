"""Numbers with what is certain and what is modelled: totals, medians, ratios, scores."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from survey.codebook import Unit
from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import margins, reading_of, value_at_the_right
from survey.publish.charts.beside import diamonds, published_beside
from survey.publish.charts.canvas import PlotRows, rows_for, value_axis
from survey.publish.charts.gaps import hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.order import full_name, group_name
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of
from survey.publish.format import compact, score
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Limits, Row, bounds_of, rows_of
from survey.publish.theme import LIGHT

__all__ = ["KIND"]

_DECADES_FOR_LOGS = 1.5
_MEASURES = (Measure.NUMBER, Measure.SCORE, Measure.RATIO)


def _suits(shape: Shape) -> bool:
    return shape.measure in _MEASURES


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure in _MEASURES:
        return ""
    return " or ".join(f"a table of {each.value}s" for each in _MEASURES)


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    several = len({row.answer for row in rows}) > 1 or not table.groups
    named = full_name if several else group_name
    return tuple(named(row) for row in rows), (Series("", LIGHT.lead, rows),)


def _draw(plan: ChartPlan) -> Drawing:
    """Draw one row per number: a dot, its interval thick, and certain bounds thin.

    A bound without a limit ends in an arrow at the end of the axis. Where numbers span more than
    a power of ten and a half the axis is logarithmic, and the figure says so.
    """
    table, rows = plan.table, rows_for(plan.labels, least=34)
    placed = [(mark, row.y) for mark, row in zip(plan.rows, rows.each, strict=True)]
    shown = [(mark, y) for mark, y in placed if mark.has_value]
    beside = published_beside(table, placed)
    ends = [end for mark, _ in shown for end in _ends(mark)] + [each.value for each, _ in beside]
    logs = _needs_logs(ends)
    reach = _reach(ends, logs=logs)
    thin = [(y, _within(bounds, reach)) for m, y in shown if (bounds := bounds_of(m))]
    thick = [(y, (m.low, m.high)) for m, y in shown if m.low is not None and m.high is not None]
    traces = [_segments(thin, LIGHT.same, 1.5), _segments(thick, LIGHT.pale, 13)]
    marks = (_dots(table, shown), *_hatched(table, placed), *diamonds(table, beside))
    return Drawing(
        KIND.words,
        (*traces, *_arrows(shown, reach), *marks),
        _layout(table, placed, rows, reach, logs=logs),
        _reading(
            plan.rows,
            bounds=_on_bounds(table) if thin else "",
            arrows=bool(_open_ends(shown, reach)),
            beside=bool(beside),
            logs=logs,
        ),
        rows=rows.each,
    )


def _native(plan: ChartPlan) -> Native:
    over_editions = plan.table.groups == ("edition",) and len(set(plan.labels)) == len(plan.rows)
    return Native.LINES if over_editions and ":" not in "".join(plan.labels) else Native.BARS


def _ends(mark: Row) -> list[float]:
    found = (mark.value, mark.low, mark.high, *(bounds_of(mark) or ()))
    return [end for end in found if end is not None]


def _needs_logs(ends: Sequence[float]) -> bool:
    if not ends or min(ends) <= 0:
        return False
    return math.log10(max(ends) / min(ends)) > _DECADES_FOR_LOGS


def _reach(ends: Sequence[float], *, logs: bool) -> tuple[float, float]:
    """Return both ends of the axis."""
    if not ends:
        return 0.0, 1.0
    if logs:
        return min(ends) / 1.3, max(ends) * 1.3
    least, most = min(0.0, *ends), max(0.0, *ends)
    return least - 0.04 * (most - least) * (least < 0), most + 0.04 * (most - least)


def _within(bounds: Limits, reach: tuple[float, float]) -> Limits:
    """Return bounds to draw; what has no limit goes to the end of the axis."""
    low, high = bounds
    return (reach[0] if low is None else low), (reach[1] if high is None else high)


def _open_ends(
    shown: Sequence[tuple[Row, float]], reach: tuple[float, float]
) -> list[tuple[float, float, str]]:
    """Return where bounds have no limit: place on the axis, row, and symbol."""
    found = [(y, bounds) for mark, y in shown if (bounds := bounds_of(mark))]
    upper = [(reach[1], y, "triangle-right") for y, (_, high) in found if high is None]
    return upper + [(reach[0], y, "triangle-left") for y, (low, _) in found if low is None]


def _arrows(shown: Sequence[tuple[Row, float]], reach: tuple[float, float]) -> list[Trace]:
    ends = _open_ends(shown, reach)
    if not ends:
        return []
    return [scatter(
        x=[x for x, _, _ in ends], y=[y for _, y, _ in ends], mode="markers",
        marker={"size": 9, "symbol": [symbol for *_, symbol in ends], "color": LIGHT.whisker},
        hoverinfo="text", cliponaxis=False, showlegend=False,
        hovertext=[f"no {'upper' if symbol.endswith('right') else 'lower'} bound"
                   for *_, symbol in ends],
    )]  # fmt: skip


def _segments(ranges: Iterable[tuple[float, Limits]], colour: str, width: float) -> Trace:
    """Return one trace of separate horizontal lines."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for y, (low, high) in ranges:
        xs += [low, high, None]
        ys += [y, y, None]
    return scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
        showlegend=False,
        connectgaps=False,
    )


def _dots(table: Estimates, shown: Sequence[tuple[Row, float]]) -> Trace:
    marks = [mark for mark, _ in shown]
    return scatter(
        x=[mark.value for mark in marks],
        y=[y for _, y in shown],
        mode="markers",
        marker={
            "size": 11,
            "color": [LIGHT.paper if mark.imprecise else LIGHT.lead for mark in marks],
            "line": {"color": LIGHT.lead, "width": 2.5},
        },
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        showlegend=False,
    )


def _hatched(table: Estimates, placed: Sequence[tuple[Row, float]]) -> list[Trace]:
    hidden = [(mark, y) for mark, y in placed if mark.status is Status.SUPPRESSED]
    if not hidden:
        return []
    return [hatched_rows(table, [m for m, _ in hidden], [y for _, y in hidden], width=15)]


def _on_bounds(table: Estimates) -> str:
    """Say what bounds are: those of other sums than of who answered are certain for nobody."""
    others = "weights" in dict(table.spec.options) or table.spec.unit is Unit.ORGANIZATION
    if others:
        return " Thin line: bounds by the edges of the bands (see the notes)."
    return " Thin line: bounds that are certain for those who answered."


def _reading(marks: Sequence[Row], *, bounds: str, arrows: bool, beside: bool, logs: bool) -> str:
    always = "Dot: estimate. Thick line: its interval."
    always += bounds
    always += " Arrow: it has no such bound." if arrows else ""
    always += " Diamond: published earlier, made in another way (see the notes)." if beside else ""
    always += " The scale is logarithmic." if logs else ""
    return reading_of(marks, always, "Hollow dot: imprecise.")


def _layout(
    table: Estimates,
    placed: Sequence[tuple[Row, float]],
    rows: PlotRows,
    reach: tuple[float, float],
    *,
    logs: bool,
) -> dict[str, Any]:
    hidden = [(mark, y) for mark, y in placed if not mark.has_value]
    texts = [value_at_the_right(_printed(table, mark), y) for mark, y in placed if mark.has_value]
    axis = value_axis(rows, tickformat="~s" if table.measure is Measure.NUMBER else "~g")
    if logs:
        ends = [math.log10(end) for end in reach]
        axis |= {"type": "log", "range": ends, "dtick": 1, "zeroline": False}
    else:
        axis |= {"range": list(reach)}
    return {
        **margins(rows, right=98),
        "xaxis": axis,
        "xaxis2": no_unit(),
        "yaxis": rows.axis(),
        "barmode": "overlay",
        "annotations": [
            *texts,
            *reasons_in_rows(table, [mark for mark, _ in hidden], [y for _, y in hidden]),
        ],
    }


def _printed(table: Estimates, mark: Row) -> str:
    """Return a value without what it counts, which the subtitle says."""
    return (score if table.measure is Measure.SCORE else compact)(mark.value or 0.0)


KIND = ChartKind("ranges", "dot plot with ranges", _suits, _refuses, _arrange, _draw, _native)
