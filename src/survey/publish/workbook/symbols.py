"""What stands in a cell that has no value, and how a status is said in words.

The symbols are the shorthand of the United Kingdom's Government Statistical Service ("Symbols in
tables: definitions and help"). A symbol stands alone in its cell; it is never a number.
"""

from __future__ import annotations

import math

import pandas as pd

from survey.estimates.table import Status

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

WITHHELD, IMPRECISE, UNAVAILABLE, NOT_COMPARABLE, NOBODY = "[c]", "[u]", "[x]", "[z]", "[w]"
NO_LIMIT = "no limit"

NAMES = {
    WITHHELD: "withheld",
    IMPRECISE: "imprecise",
    UNAVAILABLE: "not available",
    NOT_COMPARABLE: "not comparable",
    NOBODY: "nobody answered",
}
MEANINGS = {
    WITHHELD: "withheld, so that nobody can be recognised",
    IMPRECISE: "imprecise: rests on few answers or has a wide interval; use with care",
    UNAVAILABLE: "not available: not offered in that edition, or there is no such figure",
    NOT_COMPARABLE: "not comparable: the question or its answers changed",
    NOBODY: "nobody answered",
}

_SYMBOLS = {
    Status.SUPPRESSED: WITHHELD,
    Status.IMPRECISE: IMPRECISE,
    Status.NOT_OFFERED: UNAVAILABLE,
    Status.NOT_COMPARABLE: NOT_COMPARABLE,
    Status.EMPTY: NOBODY,
}
_WORDS = {
    Status.SUPPRESSED: "withheld",
    Status.EMPTY: "nobody answered",
}


def symbol_of(status: object) -> str:
    """Return the symbol of a status, empty for ``ok``.

    Examples
    --------
    >>> symbol_of("suppressed"), symbol_of("ok")
    ('[c]', '')
    """
    return _SYMBOLS.get(Status(str(status)), "")


def words_of(status: object) -> str:
    """Return a status in words, with its symbol.

    Examples
    --------
    >>> words_of("suppressed"), words_of("ok")
    ('withheld [c]', 'ok')
    """
    state = Status(str(status))
    return f"{_WORDS.get(state, str(state))} {symbol_of(state)}".strip()


def shown(value: float | None, status: object, *, protected: bool = True) -> str | float | int:
    """Return what a cell holds for ``value`` in a row of ``status``: a number or a symbol.

    A withheld row shows its symbol whatever the frame holds, so that a slip upstream cannot
    leak here. With ``protected=False`` (for the base) a number is shown when there is one.

    Examples
    --------
    >>> shown(0.28, "ok"), shown(float("nan"), "not offered"), shown(0.28, "suppressed")
    (0.28, '[x]', '[c]')
    """
    state = Status(str(status))
    if (protected and not state.has_value) or value is None or pd.isna(value):
        return symbol_of(state) if not state.has_value else UNAVAILABLE
    number = float(value)
    if math.isinf(number):
        return NO_LIMIT
    return int(number) if number.is_integer() else number
