"""Net promoter scores with what they are made of: detractors to the left, promoters right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import margins, reading_of, value_at_the_right, whiskers
from survey.publish.charts.canvas import rows_for, value_axis
from survey.publish.charts.gaps import hatched_rows, no_unit, reasons_in_rows
from survey.publish.charts.order import group_name
from survey.publish.charts.traces import Trace, bar, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.format import percent
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Key, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT, SMALL_SIZE, text_on

__all__ = ["KIND"]

_KINDS = ("detractors", "passives", "promoters")
_PARTS = {"detractors": LIGHT.down, "promoters": LIGHT.up}
_THICKNESS, _ABOVE, _BELOW = 17, 8, 11  # pixels: bars, and how far off the middle of a row


def _suits(shape: Shape) -> bool:
    return shape.measure is Measure.SCORE and set(_KINDS) <= shape.columns


def _refuses(shape: Shape, table: Estimates) -> str:
    return "" if _suits(shape) else "a net promoter score with its promoters and detractors"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    labels = tuple(group_name(row) or row.answer for row in rows)
    return labels, (Series("", LIGHT.ink, rows),)


def _draw(plan: ChartPlan) -> Drawing:
    """Draw one row per group: both parts as bars from zero, the score as a dot on the same axis."""
    table, rows = plan.table, rows_for(plan.labels, least=42)
    placed = [(mark, row.y) for mark, row in zip(plan.rows, rows.each, strict=True)]
    shown = [(mark, y) for mark, y in placed if mark.has_value]
    hidden = [(mark, y) for mark, y in placed if not mark.has_value]
    withheld = [(mark, y) for mark, y in hidden if mark.status is Status.SUPPRESSED]
    ends = [end for mark, _ in shown for end in _ends(mark)]
    reach = [1.06 * min([*ends, -10.0]), 1.06 * max([*ends, 10.0])]
    traces: list[Trace] = [_part(name, shown) for name in _PARTS] if shown else []
    traces += [_scores(table, shown)] if shown else []
    if withheld:
        marks, ys = [m for m, _ in withheld], [y for _, y in withheld]
        traces.append(hatched_rows(table, marks, ys, width=_THICKNESS))
    return Drawing(
        KIND.words,
        tuple(traces),
        {
            **margins(rows, right=56),
            "xaxis": value_axis(rows, range=reach, zerolinewidth=1.5, tickformat="d"),
            "xaxis2": no_unit(),
            "yaxis": rows.axis(),
            "barmode": "overlay",
            "annotations": [
                *(value_at_the_right(said(table, mark), y) for mark, y in shown),
                *reasons_in_rows(table, [m for m, _ in hidden], [y for _, y in hidden]),
            ],
        },
        reading_of(
            plan.rows,
            "Bars: per cent of detractors (0 to 6) and promoters (9, 10); the rest are passives. "
            "Dot below: the score, promoters less detractors. Line: its interval.",
            "Hollow dot: imprecise.",
        ),
        tuple(Key(name, colour) for name, colour in _PARTS.items()),
        rows.each,
    )


def _share(mark: Row, name: str) -> float | None:
    """Return per cent of one kind; nothing where a part is withheld."""
    counts = [mark.more.get(each) for each in _KINDS]
    known = [float(count) for count in counts if count is not None]
    if len(known) < len(_KINDS) or not sum(known):
        return None
    return float(f"{100 * known[_KINDS.index(name)] / sum(known):.10g}")


def _ends(mark: Row) -> list[float]:
    left, right = (_share(mark, name) for name in _PARTS)
    ends = (mark.value, mark.low, mark.high, right, None if left is None else -left)
    return [end for end in ends if end is not None]


def _part(name: str, shown: Sequence[tuple[Row, float]]) -> Trace:
    sign, colour = (-1 if name == "detractors" else 1), _PARTS[name]
    known = [(mark, y, part) for mark, y in shown if (part := _share(mark, name)) is not None]
    return bar(
        orientation="h",
        name=name,
        x=[sign * part for _, _, part in known],
        y=[y - _ABOVE for _, y, _ in known],
        width=[_THICKNESS] * len(known),
        marker={"color": colour, "line": {"width": 0}, "opacity": 1},
        text=[percent(part / 100) for _, _, part in known],
        textposition="inside",
        insidetextanchor="end",
        constraintext="none",
        textangle=0,
        textfont={"size": SMALL_SIZE, "color": text_on(colour, LIGHT)},
        hovertext=[f"{name.capitalize()}: {percent(part / 100)}" for _, _, part in known],
        hoverinfo="text",
    )


def _scores(table: Estimates, shown: Sequence[tuple[Row, float]]) -> Trace:
    marks: list[Row] = [mark for mark, _ in shown]
    look: dict[str, Any] = {"color": LIGHT.ink, "width": 2.5}
    return scatter(
        x=[mark.value for mark in marks],
        y=[y + _BELOW for _, y in shown],
        mode="markers",
        marker={
            "size": 10,
            "color": [LIGHT.paper if mark.imprecise else LIGHT.ink for mark in marks],
            "line": look,
        },
        error_x={**whiskers(marks, LIGHT.ink), "thickness": 2},
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        showlegend=False,
    )


def _native(plan: ChartPlan) -> Native:
    return Native.LINES if plan.table.groups == ("edition",) else Native.BARS


KIND = ChartKind("diverging", "diverging bar chart", _suits, _refuses, _arrange, _draw, _native)
