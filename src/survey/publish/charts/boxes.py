"""Two bands against each other: a box per pair of bands, on two logarithmic axes.

The stronger a box, the larger its share of the units in the same band across. Dotted lines join
places with the same ratio, such as cores per person.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.bands import Stretch, power, stretches_of, unit_of
from survey.publish.charts.canvas import annotation
from survey.publish.charts.gaps import KEY, signs_of
from survey.publish.charts.order import in_order
from survey.publish.charts.traces import Trace, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.format import compact
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, once, rows_of
from survey.publish.statuses import words_of
from survey.publish.theme import LIGHT, SMALL_SIZE

__all__ = ["KIND"]

_ROW, _MARGIN = 58, {"l": 92, "r": 12, "t": 14, "b": 62}
_SHADES = len(LIGHT.ordered)


def _suits(shape: Shape) -> bool:
    return False  # stacked bars come first; a page offers boxes beside them


def _offered(shape: Shape, table: Estimates) -> bool:
    return shape.measure is Measure.SHARE and not _refuses(shape, table)


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or len(table.groups) != 1 or shape.over_editions:
        return "shares of bands by the bands of another question"
    down, across = _bands(table)
    return "" if down and across else "bands of a number by bands of another number"


@once
def _bands(table: Estimates) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    rows = rows_of(table)
    return (
        stretches_of(in_order(row.answer for row in rows)),
        stretches_of(in_order(row.group[0] for row in rows)),
    )


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return the bands of answers as labels, and one series per band of the groups."""
    rows = rows_of(table)
    answers = in_order(row.answer for row in rows)
    found = {(row.group[0], row.answer): row for row in rows}
    return answers, tuple(
        Series(group, LIGHT.lead, tuple(found.get((group, answer)) for answer in answers))
        for group in in_order(row.group[0] for row in rows)
    )


def _draw(plan: ChartPlan) -> Drawing:
    """Draw a box per pair of bands with its share, and lines of equal ratio behind."""
    down = stretches_of(plan.labels)
    across = stretches_of([series.name for series in plan.series])
    cells = list(_cells(plan, down, across))
    reach = max([row.value or 0.0 for row in plan.rows], default=0.0) or 1.0
    xs, ys = _ends(across), _ends(down)
    height = _ROW * len(down)
    withheld = any(row.status is Status.SUPPRESSED for row in plan.rows)
    return Drawing(
        KIND.words,
        (
            *(_box(plan.table, row, wide, high, reach) for row, wide, high in cells),
            _texts(plan.table, cells, reach),
        ),
        {
            "margin": dict(_MARGIN),
            "height": height + _MARGIN["t"] + _MARGIN["b"],
            "xaxis": _axis(xs, across),
            "yaxis": _axis(ys, down),
            "shapes": [_ratio_line(step, xs, ys) for step in _ratios(xs, ys)],
            "annotations": [
                _ratio_name(step, xs, ys)
                for step in _ratios(xs, ys)
                if ys[1] + step <= xs[1] + 0.01  # its line ends at the top, above all texts
            ],
        },
        " ".join(
            [
                "Across and down: bands, on logarithmic axes. Stronger colour: larger share of "
                "those in the same band across. Dotted: places with the same ratio across to down.",
                *signs_of(plan.rows),
            ]
        ),
        (KEY,) if withheld else (),
    )


def _cells(
    plan: ChartPlan, down: Sequence[Stretch], across: Sequence[Stretch]
) -> Iterator[tuple[Row, Stretch, Stretch]]:
    for wide, series in zip(across, plan.series, strict=True):
        for high, row in zip(down, series.rows, strict=True):
            if row is not None:
                yield row, wide, high


def _ends(bands: Sequence[Stretch]) -> tuple[float, float]:
    return math.log10(bands[0].low), math.log10(bands[-1].high)


def _corners(band: Stretch) -> tuple[float, float]:
    return (float(f"{math.log10(band.low) + 0.012:.6g}"),
            float(f"{math.log10(band.high) - 0.012:.6g}"))  # fmt: skip


def _box(table: Estimates, row: Row, wide: Stretch, high: Stretch, reach: float) -> Trace:
    (left, right), (low, top) = _corners(wide), _corners(high)
    colour = LIGHT.ordered[_shade(row, reach)] if row.has_value else LIGHT.paper
    return scatter(
        x=[left, right, right, left, left],
        y=[low, low, top, top, low],
        mode="lines",
        fill="toself",
        fillcolor=colour,
        line={"color": LIGHT.line if row.has_value else LIGHT.hatch, "width": 1,
              "dash": None if row.has_value else "dot"},
        hoveron="fills",
        hoverinfo="text",
        text=hover_of(table, row),
        customdata=customdata([row]),
        showlegend=False,
    )  # fmt: skip


def _shade(row: Row, reach: float) -> int:
    return min(_SHADES - 1, int((row.value or 0.0) / reach * _SHADES))


def _texts(table: Estimates, cells: Sequence[tuple[Row, Stretch, Stretch]], reach: float) -> Trace:
    inks = [LIGHT.on(LIGHT.ordered[_shade(row, reach)]) if row.has_value else LIGHT.quiet
            for row, _, _ in cells]  # fmt: skip
    return scatter(
        x=[float(f"{sum(_corners(wide)) / 2:.6g}") for _, wide, _ in cells],
        y=[float(f"{sum(_corners(high)) / 2:.6g}") for _, _, high in cells],
        mode="text",
        text=[said(table, row) if row.has_value else words_of(row.status).sign or "withheld"
              for row, _, _ in cells],
        textfont={"size": SMALL_SIZE, "color": inks},
        hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip


def _axis(ends: tuple[float, float], bands: Sequence[Stretch]) -> dict[str, Any]:
    """Return a logarithmic axis with a tick at each edge, in powers of ten by hand."""
    edges = [band.low for band in bands] + [bands[-1].high]
    open_ends = {0} if bands[0].open else set()
    open_ends |= {len(edges) - 1} if bands[-1].open else set()
    shown = [(place, edge) for place, edge in enumerate(edges) if place not in open_ends]
    return {
        "range": list(ends),
        "tickmode": "array",
        "tickvals": [float(f"{math.log10(edge):.6g}") for _, edge in shown],
        "ticktext": [compact(edge) for _, edge in shown],
        "title": {"text": unit_of(bands), "standoff": 8},
        "showgrid": False,
        "ticks": "outside",
    }


def _ratios(xs: tuple[float, float], ys: tuple[float, float]) -> range:
    """Return the powers of ten of ratios whose lines cross the plot well inside."""
    return range(math.ceil(xs[0] - ys[1] + 0.8), math.floor(xs[1] - ys[0] - 0.8) + 1)


def _line_ends(step: int, xs: tuple[float, float], ys: tuple[float, float]) -> tuple[float, float]:
    return max(xs[0], ys[0] + step), min(xs[1], ys[1] + step)


def _ratio_line(step: int, xs: tuple[float, float], ys: tuple[float, float]) -> dict[str, Any]:
    start, end = _line_ends(step, xs, ys)
    return {
        "type": "line", "xref": "x", "yref": "y", "x0": start, "y0": start - step, "x1": end,
        "y1": end - step, "line": {"color": LIGHT.zero, "width": 1, "dash": "dot"},
        "layer": "above",
    }  # fmt: skip


def _ratio_name(step: int, xs: tuple[float, float], ys: tuple[float, float]) -> dict[str, Any]:
    _, end = _line_ends(step, xs, ys)
    return annotation(
        f"{power(step)}:1", x=end - 0.12, y=end - step - 0.12, xref="x", yref="y",
        xanchor="right", yanchor="top", bgcolor=LIGHT.paper, borderpad=1,
    )  # fmt: skip


def _native(plan: ChartPlan) -> Native:
    return Native.NONE


KIND = ChartKind(
    "boxes", "boxes of two bands", _suits, _refuses, _arrange, _draw, _native,
    beside="Boxes", offered=_offered,
)  # fmt: skip
