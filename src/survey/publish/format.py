"""Numbers as people read them, the same wherever they are printed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from survey.estimates.table import Estimates, Measure

__all__ = ["compact", "count_text", "interval", "percent", "points", "score", "value_text"]

_HARD_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def percent(share: float, digits: int = 0) -> str:
    r"""Return a share as per cent; what is not quite 0 or 1 does not read like it.

    Examples
    --------
    >>> [percent(share).replace("\xa0", " ") for share in (0, 0.002, 0.284, 0.999, 1)]
    ['0 %', '<1 %', '28 %', '>99 %', '100 %']
    """
    least = 10.0**-digits
    shown = round(share * 100, digits)
    if share > 0 and shown < least:
        return f"<{least:.{digits}f}{_HARD_SPACE}%"
    if share < 1 and shown > 100 - least:
        return f">{100 - least:.{digits}f}{_HARD_SPACE}%"
    return f"{shown:.{digits}f}{_HARD_SPACE}%"


def points(difference: float) -> str:
    r"""Return a difference of shares in percentage points, always with its sign.

    Examples
    --------
    >>> points(-0.0342).replace("\xa0", " ")
    '−3.4 points'
    """
    return f"{_signed(difference * 100, 1)}{_HARD_SPACE}points"


def compact(value: float) -> str:
    r"""Return a number with three significant digits and, from a million on, a word.

    Examples
    --------
    >>> [compact(value).replace("\xa0", " ") for value in (45_234_567, 12_345, 999.6, 7.5, 0)]
    ['45.2 million', '12,300', '1,000', '7.5', '0']
    """
    if not math.isfinite(value):
        return "no limit"
    for scale, word in _SCALES:
        if abs(value) >= scale * 0.9995:
            return f"{_plain(value / scale)}{_HARD_SPACE}{word}"
    return _plain(value)


def score(value: float) -> str:
    """Return a net promoter score, always with its sign.

    Examples
    --------
    >>> score(36.4), score(-3)
    ('+36', '−3')
    """
    return _signed(value, 0)


_PRINT: Mapping[Measure, Callable[[float], str]] = MappingProxyType(
    {
        Measure.SHARE: percent,
        Measure.DIFFERENCE: points,
        Measure.NUMBER: compact,
        Measure.SCORE: score,
        Measure.RATIO: compact,
    }
)


def value_text(table: Estimates, value: float) -> str:
    r"""Return one of the table's values as its measure is printed.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> value_text(share(answers(), "compute_cores"), 0.284).replace("\xa0", " ")
    '28 %'
    """
    text = _PRINT[table.measure](value)
    counted = table.measure is Measure.NUMBER and table.spec.counts
    return f"{text} {table.spec.counts}" if counted else text


def interval(table: Estimates, low: float | None, high: float | None) -> str:
    r"""Return an interval in words, the unit once; empty where there is none.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "compute_cores")
    >>> interval(table, 0.23, 0.34).replace("\xa0", " ")
    '23 to 34 %'
    >>> interval(table, 0.23, None).replace("\xa0", " ")
    'at least 23 %'
    """
    shown = _PRINT[table.measure]
    least, most = _limit(low), _limit(high)
    if least is None or most is None:
        known = least if most is None else most
        return "" if known is None else f"at {'least' if most is None else 'most'} {shown(known)}"
    first, last = shown(least), shown(most)
    if first == last:
        return first
    plain, _, unit = first.partition(_HARD_SPACE)
    return f"{plain if unit and last.endswith(_HARD_SPACE + unit) else first} to {last}"


def _limit(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def count_text(count: float, unit: str) -> str:
    """Return a count of units.

    Examples
    --------
    >>> count_text(1267, "deployment"), count_text(1, "deployment")
    ('1,267 deployments', '1 deployment')
    """
    shown = f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}"
    return f"{shown} {unit}" if count == 1 else f"{shown} {unit}s"


def _plain(value: float) -> str:
    """Print with three significant digits and no exponent."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.2e}")
    places = max(0, 2 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", _MINUS)


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    sign = "+" if rounded > 0 else _MINUS if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.{digits}f}"
