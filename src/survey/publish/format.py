"""Numbers and labels as people read them; the same in charts, dashboard and text."""

from __future__ import annotations

import math
import textwrap
from html import escape

from survey.estimates.table import Estimates, Measure

__all__ = ["compact", "interval", "label", "percent", "value_text"]

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_NARROW = "\u202f"


def percent(share: float, *, digits: int | None = None) -> str:
    r"""Return a share as per cent; small shares keep a digit.

    Examples
    --------
    >>> percent(0.284), percent(0.004), percent(0.0)
    ('28\u202f%', '0.4\u202f%', '0\u202f%')
    """
    shown = share * 100
    places = digits if digits is not None else (1 if 0 < abs(shown) < 0.95 else 0)
    return f"{shown:.{places}f}{_NARROW}%"


def compact(number: float) -> str:
    """Return a number with three significant figures and a word for its scale.

    Examples
    --------
    >>> compact(45_230_000), compact(5310), compact(12.34), compact(0.256)
    ('45.2 million', '5,310', '12.3', '0.256')
    """
    for scale, word in _SCALES:
        if abs(number) >= scale:
            return f"{number / scale:.3g} {word}"
    if abs(number) >= 1000:
        digits = 10 ** max(math.floor(math.log10(abs(number))) - 2, 0)
        return f"{round(number / digits) * digits:,.0f}"
    return f"{number:.3g}"


def value_text(table: Estimates, value: float) -> str:
    """Return one of the table's values as text."""
    match table.measure:
        case Measure.SHARE:
            return percent(value)
        case Measure.DIFFERENCE:
            return f"{value * 100:+.1f} points".replace("-", "−")
        case Measure.SCORE:
            return f"{value:.0f}".replace("-", "−")
        case _:
            counts = f" {table.spec.counts}" if table.spec.counts else ""
            return compact(value) + counts


def interval(table: Estimates, low: float, high: float) -> str:
    """Return the two limits of an interval as text."""
    if math.isnan(low) or math.isnan(high):
        return ""
    if table.measure is Measure.SHARE:
        return f"{percent(low)} to {percent(high)}"
    if table.measure is Measure.DIFFERENCE:
        return f"{low * 100:+.1f} to {high * 100:+.1f} points".replace("-", "−")
    if table.measure is Measure.SCORE:
        return f"{low:.0f} to {high:.0f}".replace("-", "−")
    return f"{compact(low)} to {compact(high)}"


def label(text: str, *, width: int = 34, lines: int = 3) -> str:
    """Return a label for a chart: escaped, and wrapped with a mark where it is cut.

    Examples
    --------
    >>> label("<b>bold</b> claims")
    '&lt;b&gt;bold&lt;/b&gt; claims'
    """
    wrapped = textwrap.wrap(str(text), width) or [""]
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], wrapped[lines - 1][: width - 1].rstrip() + "…"]
    return "<br>".join(escape(line, quote=False) for line in wrapped)
