"""The values of a table as people read them: by their measure, with unit and interval."""

from __future__ import annotations

import math

from survey.estimates.number_format import (
    WRITE,
    compact,
    integer,
    percent,
    points,
    probability,
    rounded,
    score,
)
from survey.estimates.table import Estimates, Measure

__all__ = [
    "compact",
    "count_text",
    "integer",
    "interval",
    "percent",
    "points",
    "probability",
    "rounded",
    "sample_size",
    "score",
    "value_text",
]

_HARD_SPACE = "\N{NO-BREAK SPACE}"


def value_text(table: Estimates, value: float) -> str:
    r"""Return one of the table's values as its measure is printed.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> value_text(share(answers(), "compute_cores"), 0.284).replace("\xa0", " ")
    '28 %'
    """
    text = WRITE[table.measure.value](value)
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
    shown = WRITE[table.measure.value]
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


def sample_size(least: float, most: float | None = None) -> str:
    r"""Return how many answered, or the range over several rows; the equals sign starts no line.

    Examples
    --------
    >>> sample_size(1267).replace("\xa0", " "), sample_size(12, 30).replace("\xa0", " ")
    ('n = 1,267', 'n = 12 to 30')
    """
    said = f"n{_HARD_SPACE}={_HARD_SPACE}{integer(least)}"
    return said if most in (None, least) else f"{said} to {integer(most or 0)}"


def count_text(count: float, unit: str, units: str = "") -> str:
    """Return a count of units; their plural is made with an s unless it is given.

    Examples
    --------
    >>> count_text(1267, "deployment"), count_text(1, "deployment")
    ('1,267 deployments', '1 deployment')
    >>> count_text(2, "bakery", "bakeries")
    '2 bakeries'
    """
    return f"{integer(count)} {unit if count == 1 else units or f'{unit}s'}"
