"""Small multiples: one strip per answer over the editions, all on the same scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import reading_of, value_at_the_right
from survey.publish.charts.canvas import annotation, rows_for
from survey.publish.charts.labels import plain
from survey.publish.charts.order import by_value, in_order, names_bands
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, PlotRow, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.statuses import words_of
from survey.publish.theme import LIGHT

__all__ = ["KIND"]

_STRIP, _INNER = 62.0, 46.0  # pixels of a strip, and of the scale inside it
_MOST_STRIPS = 40
_MEASURES = (Measure.SHARE, Measure.NUMBER, Measure.RATIO, Measure.SCORE)


def _suits(shape: Shape) -> bool:
    return False  # a heat map or lines come first; a page offers strips beside them


def _offered(shape: Shape, table: Estimates) -> bool:
    many = 6 < shape.answers <= _MOST_STRIPS
    return shape.statistic == "share" and shape.over_editions and many


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure not in _MEASURES or not shape.over_editions:
        return "shares or numbers by edition, of two editions or more"
    few = shape.answers <= _MOST_STRIPS
    return "" if few else f"at most {_MOST_STRIPS} answers, one strip each"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return editions as labels, and a series per answer: bands in order, others by size."""
    rows = rows_of(table)
    editions = in_order(row.group[0] for row in rows)
    answers = in_order(row.answer for row in rows)
    newest = [row for row in rows if row.group[0] == editions[-1]]
    if not table.ordered and not names_bands(answers):
        answers = tuple(by_value(newest)) or answers
    found = {(row.answer, row.group[0]): row for row in rows}
    return editions, tuple(
        Series(answer, LIGHT.lead, tuple(found.get((answer, edition)) for edition in editions))
        for answer in answers
    )


def _draw(plan: ChartPlan) -> Drawing:
    """Draw a strip per answer: a line with its band, from zero at the strip's lower edge."""
    rows = rows_for([series.name for series in plan.series], least=_STRIP)
    reach = max([row.high or row.value or 0.0 for row in plan.rows if row.has_value], default=1.0)
    least = min([row.low or row.value or 0.0 for row in plan.rows if row.has_value], default=0.0)
    scale = (min(0.0, least), reach if reach > 0 else 1.0)
    traces, notes = [], []
    for row, series in zip(rows.each, plan.series, strict=True):
        traces += list(_strip(plan.table, row, series, scale))
        notes += list(_notes(plan.table, row, series))
    ends = f"0 to {said(plan.table, _at(reach))}"
    return Drawing(
        KIND.words,
        tuple(traces),
        {
            "margin": {"l": rows.margin, "r": 64, "t": 30, "b": 8},
            "height": rows.height + 38,
            "xaxis": {
                "side": "top", "range": [-0.15, len(plan.labels) - 0.85], "tickmode": "array",
                "tickvals": list(range(len(plan.labels))),
                "ticktext": [plain(label) for label in plan.labels],
                "showgrid": True, "ticks": "",
            },
            "yaxis": rows.axis(),
            "shapes": [_edge(row) for row in rows.each],
            "annotations": notes,
        },
        reading_of(
            plan.rows,
            f"One strip per answer, all on the same scale ({ends}). Band: interval. At the right: "
            "the newest value.",
            "Hollow dot: imprecise.",
        ),
        rows=rows.each,
    )  # fmt: skip


def _at(value: float) -> Row:
    return Row((), "", Status.OK, value, None, None, None, None, {})


def _strip(
    table: Estimates, row: PlotRow, series: Series, scale: tuple[float, float]
) -> Iterator[Trace]:
    low, high = scale

    def at(value: float | None) -> float | None:
        if value is None:
            return None
        return float(f"{row.y + _INNER / 2 - (value - low) / (high - low) * _INNER:.6g}")

    for run in _runs(series.rows):
        xs = [place for place, _ in run]
        if len(run) == 1:
            xs = [xs[0] - 0.04, xs[0] + 0.04]
        marks = [mark for _, mark in run] * (2 if len(run) == 1 else 1)
        yield scatter(
            x=xs + xs[::-1],
            y=[at(mark.high) for mark in marks] + [at(mark.low) for mark in marks[::-1]],
            mode="lines", fill="toself", fillcolor=LIGHT.pale, opacity=0.6,
            line={"width": 0, "color": LIGHT.pale}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    shown = [(place, mark) for place, mark in enumerate(series.rows) if mark is not None]
    marks = [mark for _, mark in shown]
    yield scatter(
        x=[place for place, _ in shown],
        y=[at(mark.value) for mark in marks],
        mode="lines+markers",
        name=plain(series.name),
        connectgaps=False,
        line={"color": series.colour, "width": 2},
        marker={
            "size": 6,
            "color": [LIGHT.paper if mark.imprecise else series.colour for mark in marks],
            "line": {"color": series.colour, "width": 1.5},
        },
        hovertext=[hover_of(table, mark) if mark.has_value else "" for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        showlegend=False,
    )


def _runs(rows: Sequence[Row | None]) -> Iterator[list[tuple[float, Row]]]:
    """Yield the editions in a row that have an interval."""
    run: list[tuple[float, Row]] = []
    for place, row in enumerate([*rows, None]):
        if row is not None and row.low is not None and row.high is not None:
            run.append((place, row))
        elif run:
            yield run
            run = []


def _notes(table: Estimates, row: PlotRow, series: Series) -> Iterator[dict[str, Any]]:
    known = [mark for mark in series.rows if mark is not None]
    last = known[-1] if known else None
    if last is None or not any(mark.has_value for mark in known):
        reason = words_of(last.status).reason if last is not None else ""
        yield annotation(f"<i>{plain(reason or 'no value')}</i>", x=0, xref="x", y=row.y, yref="y")
    elif last.has_value:
        yield value_at_the_right(said(table, last), row.y)
    else:
        reason = words_of(last.status).reason or "no value"
        yield value_at_the_right(words_of(last.status).sign or reason, row.y)


def _edge(row: PlotRow) -> dict[str, Any]:
    top = row.y - row.height / 2
    return {"type": "line", "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": top,
            "y1": top, "line": {"color": LIGHT.line, "width": 1}, "layer": "below"}  # fmt: skip


def _native(plan: ChartPlan) -> Native:
    return Native.LINES


KIND = ChartKind(
    "multiples", "small multiples", _suits, _refuses, _arrange, _draw, _native,
    beside="Each answer", offered=_offered,
)  # fmt: skip
