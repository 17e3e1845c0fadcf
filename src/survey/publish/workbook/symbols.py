"""What stands in a cell that has no value, and how a status is said in words.

A symbol stands alone in its cell; it is never a number. Words and symbols are those of
:mod:`survey.publish.statuses`.
"""

from __future__ import annotations

import math

import pandas as pd

from survey.estimates.table import Status
from survey.publish.statuses import STATUSES
from survey.publish.statuses import words_of as status_words

__all__ = [
    "IMPRECISE",
    "MEANINGS",
    "NAMES",
    "NO_LIMIT",
    "UNAVAILABLE",
    "shown",
    "symbol_of",
    "words_of",
]

IMPRECISE, UNAVAILABLE = status_words("imprecise").symbol, status_words("not offered").symbol
NO_LIMIT = "no limit"

_BY_SYMBOL = {words.symbol: (status, words) for status, words in STATUSES.items() if words.symbol}
NAMES = {symbol: words.reason or status for symbol, (status, words) in _BY_SYMBOL.items()}
NAMES[UNAVAILABLE] = "not available"
MEANINGS = {
    symbol: f"{NAMES[symbol]}: {words.meaning}" for symbol, (_, words) in _BY_SYMBOL.items()
}
MEANINGS[UNAVAILABLE] = "not available: not offered in that edition, or there is no such figure"


def symbol_of(status: object) -> str:
    """Return the symbol of a status, empty for ``ok``.

    Examples
    --------
    >>> symbol_of("suppressed"), symbol_of("ok")
    ('[c]', '')
    """
    return status_words(status).symbol


def words_of(status: object) -> str:
    """Return a status in words, with its symbol.

    Examples
    --------
    >>> words_of("suppressed"), words_of("ok")
    ('withheld [c]', 'ok')
    """
    words = status_words(status)
    return f"{words.reason or status!s} {words.symbol}".strip()


def shown(value: float | None, status: object, *, protected: bool = True) -> str | float | int:
    """Return what a cell holds for ``value`` in a row of ``status``: a number or a symbol.

    A withheld row shows its symbol whatever the frame holds, so that a slip upstream cannot
    leak here. With ``protected=False`` (for the base) a number is shown when there is one. Of a
    row that is below or above a limit the limit is shown, and the symbol elsewhere.

    Examples
    --------
    >>> shown(0.28, "ok"), shown(float("nan"), "not offered"), shown(0.28, "suppressed")
    (0.28, '[x]', '[c]')
    """
    state = Status(str(status))
    limit = str(status) in ("below", "above")
    if (protected and not (state.has_value or limit)) or value is None or pd.isna(value):
        return symbol_of(state) if not state.has_value else UNAVAILABLE
    number = float(value)
    if math.isinf(number):
        return NO_LIMIT
    return int(number) if number.is_integer() else number
