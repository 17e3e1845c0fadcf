"""Numbers as people read them, the same wherever they are printed.

Rounding is the ordinary one: half away from zero, of the shortest decimal number that stands for
the float. Python's ``round`` and ``format`` round half to even, and of the binary number: they
make 12 % of 0.125, and 2.67 of 2.675. Percentages of a table are rounded one by one, as the
published tables are; they need not add up to 100.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import Final

__all__ = [
    "WRITE",
    "compact",
    "integer",
    "percent",
    "points",
    "probability",
    "rounded",
    "score",
]

_HARD_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"),
           (Decimal(10) ** 6, "million"))  # fmt: skip
_SIGNIFICANT = 3
_ANY_SIZE = Context(prec=400)  # every float has fewer digits


def rounded(value: float | Decimal, digits: int = 0) -> Decimal:
    """Return a number rounded half away from zero to ``digits`` decimal places.

    Examples
    --------
    >>> [f"{rounded(*each):f}" for each in ((23.66,), (2.675, 2), (-0.5,), (12_345, -2))]
    ['24', '2.68', '-1', '12300']
    """
    shown = _decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _ANY_SIZE)
    return shown or abs(shown)  # no minus before zero


def _decimal(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def percent(share: float, digits: int = 0) -> str:
    r"""Return a share as per cent; what is not quite 0 or 1 does not read like it.

    Examples
    --------
    >>> [percent(share).replace("\xa0", " ") for share in (0, 0.002, 0.284, 0.999, 1)]
    ['0 %', '<1 %', '28 %', '>99 %', '100 %']
    """
    exact, least = _decimal(share) * 100, Decimal(1).scaleb(-digits)
    shown = rounded(exact, digits)
    if share > 0 and shown < least:
        return f"<{least:f}{_HARD_SPACE}%"
    if share < 1 and shown > 100 - least:
        return f">{100 - least:f}{_HARD_SPACE}%"
    return f"{shown:f}{_HARD_SPACE}%".replace("-", _MINUS)


def points(difference: float) -> str:
    r"""Return a difference of shares in percentage points, always with its sign.

    It has two significant digits: from ten points on there is no decimal place.

    Examples
    --------
    >>> [points(each).replace("\xa0", " ") for each in (-0.0342, 0.17, 0.0996)]
    ['−3.4 points', '+17 points', '+10 points']
    """
    exact = _decimal(difference) * 100
    digits = 1 if abs(rounded(exact, 1)) < 10 else 0
    return f"{_signed(exact, digits)}{_HARD_SPACE}points"


def compact(value: float) -> str:
    r"""Return a number with three significant digits and, from a million on, a word.

    Examples
    --------
    >>> [compact(value).replace("\xa0", " ") for value in (45_234_567, 12_345, 999.6, 7.5, 0)]
    ['45.2 million', '12,300', '1,000', '7.5', '0']
    """
    if not math.isfinite(value):
        return "no limit"
    exact = _decimal(value)
    for scale, word in _SCALES:
        if abs(exact) >= scale * Decimal("0.9995"):
            return f"{_plain(exact / scale)}{_HARD_SPACE}{word}"
    return _plain(exact)


def score(value: float) -> str:
    """Return a net promoter score, always with its sign.

    Examples
    --------
    >>> score(36.4), score(-3)
    ('+36', '−3')
    """
    return _signed(_decimal(value), 0)


def integer(value: float) -> str:
    """Return a count in full; a weighted one with one decimal place.

    Examples
    --------
    >>> integer(1267.0), integer(12.25)
    ('1,267', '12.3')
    """
    whole = float(value).is_integer()
    return f"{rounded(value, 0 if whole else 1):,f}".replace("-", _MINUS)


def probability(value: float) -> str:
    """Return a p-value with two or three decimal places.

    Examples
    --------
    >>> probability(0.0004), probability(0.0312), probability(0.5)
    ('<0.001', '0.031', '0.50')
    """
    if value < 0.001:
        return "<0.001"
    return f"{rounded(value, 3 if value < 0.1 else 2):f}"


WRITE: Final[Mapping[str, Callable[[float], str]]] = MappingProxyType(
    {
        "share": percent,
        "difference": points,
        "number": compact,
        "score": score,
        "ratio": compact,
    }
)
"""Name of a measure -> how its values are printed."""


def _plain(value: Decimal) -> str:
    """Print with three significant digits and no exponent."""
    if value == 0:
        return "0"
    shown = rounded(value, _SIGNIFICANT - 1 - value.adjusted())
    text = f"{shown:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", _MINUS)


def _signed(value: Decimal, digits: int) -> str:
    shown = rounded(value, digits)
    sign = "+" if shown > 0 else _MINUS if shown < 0 else "±"
    return f"{sign}{abs(shown):f}"
