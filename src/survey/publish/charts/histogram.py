"""A histogram of bands on a logarithmic axis, with the curve that the bands determine.

The area of a bar is the share of its band: its height is the share per power of ten. The curve is
a log-normal distribution fitted to the published shares by maximum likelihood, so that it says
nothing that the shares do not say; a band without an edge is hatched and ends where it is put.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from survey.estimates.numbers.models import fit
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.bands import Stretch, power, stretches_of, unit_of
from survey.publish.charts.bars import reading_of
from survey.publish.charts.canvas import value_axis
from survey.publish.charts.gaps import draw_nothing
from survey.publish.charts.traces import Trace, bar, customdata, scatter
from survey.publish.charts.words import hover_of
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT

__all__ = ["KIND"]

_HEIGHT, _MARGIN = 320, {"l": 52, "r": 24, "t": 14, "b": 46}
_FEWEST = 4
_POINTS = 81
_MOST_TICKS = 7  # as many as fit on a phone


def _suits(shape: Shape) -> bool:
    return False  # bars name the bands; a page offers this beside them


def _offered(shape: Shape, table: Estimates) -> bool:
    return shape.measure is Measure.SHARE and not _refuses(shape, table)


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or shape.groups != 1 or not shape.whole:
        return "shares of one group that add up to 1"
    rows = rows_of(table)
    if len(rows) < _FEWEST or not stretches_of([row.answer for row in rows]):
        return f"{_FEWEST} or more bands of a number, in ascending order"
    return "" if all(row.has_value for row in rows) else "a share for every band"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    return tuple(row.answer for row in rows), (Series("", LIGHT.lead, rows),)


def _draw(plan: ChartPlan) -> Drawing:
    """Draw a bar per band between its edges, and the fitted curve over them."""
    bands = stretches_of(plan.labels)
    if not bands:
        return draw_nothing(plan.table)
    curve = _curve(bands, plan.rows)
    heights = [_height(band, row) for band, row in zip(bands, plan.rows, strict=True)]
    reach = max([*heights, *(curve["y"] if curve else ()), 1.0]) * 1.08
    ends = [math.log10(bands[0].low), math.log10(bands[-1].high)]
    every = range(math.ceil(ends[0]), math.floor(ends[1]) + 1)
    steps = every[:: math.ceil(len(every) / _MOST_TICKS)]
    pairs = list(zip(bands, plan.rows, strict=True))
    divided = {kind: [pair for pair in pairs if pair[0].open == kind] for kind in (False, True)}
    traces = [_bars(plan.table, own, endless=kind) for kind, own in divided.items() if own]
    return Drawing(
        KIND.words,
        (*traces, curve) if curve else tuple(traces),
        {
            "margin": dict(_MARGIN),
            "height": _HEIGHT + _MARGIN["t"] + _MARGIN["b"],
            "xaxis": {
                "range": ends, "tickmode": "array", "showgrid": False, "ticks": "outside",
                "tickvals": [float(step) for step in steps],
                "ticktext": [power(step) for step in steps],
                "tickangle": 0,
                "title": {"text": f"{unit_of(bands)}, on a logarithmic scale",
                          "standoff": 8},
            },
            "yaxis": value_axis(range=[0, reach], ticksuffix="\N{NO-BREAK SPACE}%", nticks=6),
            "barmode": "overlay",
        },
        reading_of(
            plan.rows,
            "Bar: a band between its edges; its area is its share, its height the share per power "
            "of ten. Hatched: a band without an edge, drawn over one power of ten. "
            + ("Curve: the log-normal distribution that fits the shares best." if curve else
               "No curve: the bands do not determine one."),
            "Faint: imprecise.",
        ),
    )  # fmt: skip


def _width(band: Stretch) -> float:
    return math.log10(band.high / band.low)


def _height(band: Stretch, row: Row) -> float:
    return float(f"{(row.value or 0.0) / _width(band):.10g}")


def _bars(table: Estimates, pairs: Sequence[tuple[Stretch, Row]], *, endless: bool) -> Trace:
    rows = [row for _, row in pairs]
    colours = [LIGHT.pale if row.imprecise else LIGHT.lead for row in rows]
    hatch = {"shape": "/", "fgcolor": LIGHT.lead, "bgcolor": LIGHT.paper, "fillmode": "overlay",
             "size": 8, "solidity": 0.35}  # fmt: skip
    return bar(
        x=[float(f"{math.log10(band.low * band.high) / 2:.10g}") for band, _ in pairs],
        y=[_height(band, row) for band, row in pairs],
        width=[float(f"{_width(band):.10g}") for band, _ in pairs],
        marker={
            "color": LIGHT.paper if endless else colours,
            "line": {"color": LIGHT.lead if endless else LIGHT.paper, "width": 1},
            "pattern": hatch if endless else None,
        },
        hovertext=[hover_of(table, row) for row in rows],
        hoverinfo="text",
        customdata=customdata(rows),
        showlegend=False,
    )


def _curve(bands: Sequence[Stretch], rows: Sequence[Row]) -> Trace:
    """Return the density of the fitted distribution per power of ten, in per cent."""
    low = np.array([0.0 if place == 0 and band.open else band.low
                    for place, band in enumerate(bands)])  # fmt: skip
    high = np.array([*(band.high for band in bands[:-1]),
                     np.inf if bands[-1].open else bands[-1].high])  # fmt: skip
    base = max([row.base or 0.0 for row in rows], default=0.0) or 100.0
    counts = np.array([(row.value or 0.0) / 100 * base for row in rows])
    if np.count_nonzero(counts) < 3:
        return {}
    fitted = fit("lognormal", low, high, counts)
    if not fitted.settled[0]:
        return {}
    edges = np.linspace(math.log10(bands[0].low), math.log10(bands[-1].high), _POINTS)
    inside = fitted.family.between(10 ** edges[:-1], 10 ** edges[1:], fitted.theta)[0]
    density = 100 * inside / np.diff(edges)
    middles = (edges[:-1] + edges[1:]) / 2
    look: dict[str, Any] = {"color": LIGHT.down, "width": 2.5}
    return scatter(
        x=[float(f"{x:.6g}") for x in middles],
        y=[float(f"{y:.6g}") for y in density],
        mode="lines",
        line=look,
        hoverinfo="skip",
        showlegend=False,
    )


def _native(plan: ChartPlan) -> Native:
    return Native.BARS


KIND = ChartKind(
    "histogram", "histogram of bands", _suits, _refuses, _arrange, _draw, _native,
    beside="Distribution", offered=_offered,
)  # fmt: skip
