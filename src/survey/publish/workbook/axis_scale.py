"""The scale of a chart's values: round ends, round steps, every interval in view.

Spreadsheets choose a scale by the values alone, so that long error bars run out of the chart.
"""

from __future__ import annotations

import math

from survey.dataclass import dataclass
from survey.publish.plan import Native
from survey.publish.workbook.plans import NativePlan

__all__ = ["Scale", "scale_of"]

_STEPS = 6
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Ends and step of an axis, the format of its numbers, and what to add to its title."""

    low: float
    high: float
    step: float
    number_format: str
    words: str = ""


def scale_of(plan: NativePlan) -> Scale:
    """Return the scale of a chart: from 0 or below, up to the highest end of an interval."""
    percent = "%" in plan.number_format
    if plan.kind is Native.STACKED:
        return Scale(0.0, 1.0, 0.2, "0%")
    edges = [
        edge
        for series in plan.series
        for point in series.points
        for edge in (point.value, *((point.low, point.high) if plan.intervals else ()))
        if edge is not None
    ]
    bottom, top = min(0.0, *edges), max(0.0, *edges)
    step = _round_step((top - bottom) / _STEPS)
    low = round(math.floor(bottom / step) * step, 9)
    high = round(math.ceil(top / step) * step, 9)
    if percent:
        return Scale(low, min(high, 1.0), step, "0%" if step >= 0.01 else "0.0%")
    if step >= _MILLION:
        return Scale(low, high, step, "#,##0,,", ", in millions")
    return Scale(low, high, step, "#,##0" if step >= 1 else "0.0#")


def _round_step(step: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not below ``step``.

    Examples
    --------
    >>> _round_step(0.03), _round_step(7.0), _round_step(0.0)
    (0.05, 10.0, 1.0)
    """
    if step <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= step * (1 - 1e-9))
