"""Lines over editions: how shares or scores moved, with gaps where there is no number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from survey.dataclass import dataclass
from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bars import reading_of, whiskers
from survey.publish.charts.canvas import annotation, value_axis
from survey.publish.charts.labels import plain, spread_apart, wrapped
from survey.publish.charts.order import in_order
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, rows_of, scale_of
from survey.publish.statuses import words_of
from survey.publish.theme import LIGHT, SMALL_SIZE, TEXT_SIZE

__all__ = ["KIND"]

_PLOT, _TOP, _BOTTOM, _LEFT, _RIGHT, _RIGHT_OF_LABELS = 300, 22, 34, 52, 30, 142  # pixels
_LABEL_LINES, _LABEL_WIDTH, _LABEL_GAP = 2, 17, 30
_DODGE = 0.05  # of an edition, between the intervals of neighbouring lines
_SUFFIX = {Measure.SHARE: "\N{NO-BREAK SPACE}%"}
_BREAK = words_of(Status.NOT_COMPARABLE).reason
_MOST_LINES = len(LIGHT.qualitative)


def _suits(shape: Shape) -> bool:
    fits = shape.over_editions and shape.answers <= _MOST_LINES
    return fits and shape.measure in (Measure.SHARE, Measure.SCORE)


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is Measure.DIFFERENCE:
        return "a table of shares or numbers"
    if "edition" not in table.groups:
        return "a table by edition"
    lines = len(_arrange(table)[1])
    return "" if lines <= _MOST_LINES else f"at most {_MOST_LINES} lines, not {lines}"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return editions as labels and one series per answer, and other group, over them."""
    rows, place = rows_of(table), table.groups.index("edition")
    editions = in_order(row.group[place] for row in rows)
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        others = [value for number, value in enumerate(row.group) if number != place]
        found.setdefault(": ".join((*others, row.answer)), {})[row.group[place]] = row
    colours = (LIGHT.lead,) if len(found) == 1 else LIGHT.qualitative
    return editions, tuple(
        Series(
            name,
            colours[number % len(colours)],
            tuple(own.get(edition) for edition in editions),
        )
        for number, (name, own) in enumerate(found.items())
    )


def _draw(plan: ChartPlan) -> Drawing:
    """Draw one line per answer over the editions, with its intervals.

    A line is never drawn across an edition that has no value: it did not ask, did not offer
    the answer, or the value is withheld. Where answers cannot be compared the line breaks at a
    dotted line that says so.
    """
    plot = _Plot(plan)
    band = "Band" if plot.alone else "Upright line"
    return Drawing(
        KIND.words,
        tuple(plot.traces()),
        plot.layout(),
        reading_of(plot.marks, f"{band}: interval.", "Hollow dot: imprecise."),
    )


def _native(plan: ChartPlan) -> Native:
    return Native.LINES


@dataclass(frozen=True)
class _Plot:
    """The rows of a plan as lines over editions."""

    plan: ChartPlan

    @property
    def table(self) -> Estimates:
        return self.plan.table

    @property
    def marks(self) -> Sequence[Row]:
        return self.plan.rows

    @property
    def editions(self) -> tuple[str, ...]:
        return self.plan.labels

    @property
    def series(self) -> tuple[Series, ...]:
        return self.plan.series

    @property
    def alone(self) -> bool:
        """Whether there is one line only."""
        return len(self.series) == 1

    @cached_property
    def reach(self) -> tuple[float, float]:
        """Both ends of the axis of values."""
        ends = [end for m in self.marks for end in (m.value, m.low, m.high) if end is not None]
        low, high = min([0.0, *ends]), max([*ends, 0.05 * scale_of(self.table.measure)])
        return low - (0.06 * (high - low) if low < 0 else 0.0), high + 0.06 * (high - low)

    def traces(self) -> Iterator[Any]:
        """Yield the band, if there is one line only, and each line."""
        for number, series in enumerate(self.series):
            points = [row or _blank(e) for e, row in zip(self.editions, series.rows, strict=True)]
            shift = (number - (len(self.series) - 1) / 2) * _DODGE
            xs = [float(f"{step + shift:.6g}") for step in range(len(self.editions))]
            if self.alone:
                yield from _bands(xs, points)
            yield self._line(series.name, xs, points, series.colour)

    def _line(self, name: str, xs: Sequence[float], points: Sequence[Row], colour: str) -> Trace:
        texts = [said(self.table, mark) if mark.has_value else "" for mark in points]
        return scatter(
            x=list(xs),
            y=[mark.value for mark in points],
            mode="lines+markers+text" if self.alone else "lines+markers",
            name=plain(name),
            connectgaps=False,
            line={"color": colour, "width": 2.5},
            marker=_markers(points, colour),
            text=texts if self.alone else None,
            textposition="top center",
            textfont={"size": TEXT_SIZE, "color": LIGHT.ink},
            cliponaxis=False,
            error_y=None if self.alone else {**whiskers(points, colour), "thickness": 1},
            hovertext=[hover_of(self.table, mark) if mark.has_value else "" for mark in points],
            hoverinfo="text",
            customdata=customdata(points),
            showlegend=False,
        )

    def layout(self) -> dict[str, Any]:
        """Return the axes, the names of lines, and what stands in gaps."""
        low, high = self.reach
        gaps = list(self._gaps())
        names = [] if self.alone else self._names()
        return {
            "margin": {"l": _LEFT, "r": _RIGHT if self.alone else _RIGHT_OF_LABELS, "t": _TOP,
                       "b": _BOTTOM},
            "height": _PLOT + _TOP + _BOTTOM,
            "xaxis": {
                "range": [-0.3, len(self.editions) - 0.7],
                "tickmode": "array",
                "tickvals": list(range(len(self.editions))),
                "ticktext": [plain(edition) for edition in self.editions],
                "showgrid": False,
                "showline": low >= 0,
                "ticks": "",
            },
            "yaxis": value_axis(range=[low, high], ticksuffix=_SUFFIX.get(self.table.measure, ""),
                                nticks=7, zerolinewidth=1.5 if low < 0 else 1),
            "annotations": [
                *names,
                *(_at_edition(text, x, last=len(self.editions) - 1) for text, x in gaps),
            ],
            "shapes": [_dotted(x) for text, x in gaps if text == _BREAK],
        }  # fmt: skip

    def _names(self) -> list[dict[str, Any]]:
        """Return names at the right end of lines, moved apart so that they can be read."""
        low, high = self.reach
        ends = [
            next((m.value for m in each.rows[::-1] if m is not None and m.has_value), low)
            for each in self.series
        ]
        gap = min(_LABEL_GAP, _PLOT / len(ends)) * (high - low) / _PLOT
        placed = spread_apart([end or 0.0 for end in ends], gap, low, high)
        return [
            note
            for series, y in zip(self.series, placed, strict=True)
            for note in _name_beside(series.name, float(f"{y:.6g}"), series.colour)
        ]

    def _gaps(self) -> Iterator[tuple[str, int]]:
        """Yield a word for each edition that cannot be compared or has no value at all."""
        for number in range(len(self.editions)):
            here = [row for each in self.series if (row := each.rows[number]) is not None]
            if any(mark.status is Status.NOT_COMPARABLE for mark in here):
                yield _BREAK, number
            elif here and not any(mark.has_value for mark in here):
                yield words_of(here[0].status).reason or "no value", number


def _blank(edition: str) -> Row:
    return Row((edition,), "", Status.EMPTY, None, None, None, None, None, {})


def _markers(points: Sequence[Row], colour: str) -> dict[str, Any]:
    return {
        "size": 8,
        "color": [LIGHT.paper if mark.imprecise else colour for mark in points],
        "line": {"color": colour, "width": 2},
    }


def _bands(xs: Sequence[float], points: Sequence[Row]) -> list[Trace]:
    """Return a band for each run of editions that have an interval."""
    runs: list[list[tuple[float, Row]]] = [[]]
    for x, mark in zip(xs, points, strict=True):
        if mark.low is None or mark.high is None:
            runs.append([])
        else:
            runs[-1].append((x, mark))
    return [_filled(run) for run in runs if run]


def _filled(run: Sequence[tuple[float, Row]]) -> Trace:
    if len(run) == 1:  # an edition alone: a short band, so that its interval is seen
        x, mark = run[0]
        run = [(x - 0.04, mark), (x + 0.04, mark)]
    xs, marks = [x for x, _ in run], [mark for _, mark in run]
    return scatter(
        x=xs + xs[::-1],
        y=[mark.high for mark in marks] + [mark.low for mark in marks[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=LIGHT.pale,
        opacity=0.55,
        line={"width": 0, "color": LIGHT.pale},
        hoverinfo="skip",
        showlegend=False,
    )


def _name_beside(name: str, y: float, colour: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the name of a line behind a dot of its colour: coloured text would be too pale."""
    at = {"xref": "paper", "x": 1, "yref": "y", "y": y, "yanchor": "middle"}
    text = wrapped(name, _LABEL_WIDTH, _LABEL_LINES)
    ink = {"color": LIGHT.ink, "size": SMALL_SIZE}
    return (
        annotation("●", xshift=2, font={"color": colour, "size": SMALL_SIZE}, **at),
        annotation(text, xshift=16, font=ink, **at),
    )


def _at_edition(text: str, x: int, *, last: int) -> dict[str, Any]:
    """Return a word at an edition; at the first and last it stays inside the plot."""
    return annotation(
        f"<i>{text}</i>",
        x=x,
        xref="x",
        y=1,
        yref="y domain",
        yanchor="top",
        xanchor={0: "left", last: "right"}.get(x, "center"),
        bgcolor=LIGHT.paper,
    )


def _dotted(x: float) -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "y domain", "x0": x, "x1": x, "y0": 0, "y1": 0.9,
        "line": {"color": LIGHT.zero, "width": 1, "dash": "dot"}, "layer": "below",
    }  # fmt: skip


KIND = ChartKind("lines", "line chart", _suits, _refuses, _arrange, _draw, _native)
