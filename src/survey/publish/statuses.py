"""How a row without an ordinary value is said: one word, symbol and sentence per status.

The symbols are the shorthand of the United Kingdom's Government Statistical Service ("Symbols in
tables: definitions and help"). A symbol stands alone in its cell; it is never a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from survey.dataclass import dataclass

__all__ = ["STATUSES", "StatusWords", "words_of"]


@dataclass(frozen=True, slots=True)
class StatusWords:
    """The words of one status.

    Attributes
    ----------
    reason
        What stands in place of a number, in charts and pages; empty where there is a number.
    symbol
        What stands in a cell of the workbook; empty for ``ok``.
    sign
        One character for a narrow cell of a heat map.
    meaning
        The sentence of a glossary.
    look
        Name of the look: ``value``, ``pale``, ``limit``, ``hatched``, ``missing`` or ``broken``.
    """

    reason: str
    symbol: str
    sign: str
    meaning: str
    look: str


STATUSES: Mapping[str, StatusWords] = MappingProxyType(
    {
        "ok": StatusWords("", "", "", "a number that can be used", "value"),
        "imprecise": StatusWords(
            "", "[u]", "", "rests on few answers or has a wide interval; use with care", "pale"
        ),
        "below": StatusWords(
            "below a limit", "[low]", "<",
            "a small group, of which only an upper limit may be shown", "limit",
        ),
        "above": StatusWords(
            "above a limit", "[high]", ">",
            "a small group, of which only a lower limit may be shown", "limit",
        ),
        "suppressed": StatusWords(
            "withheld", "[c]", "", "not shown, so that nobody can be recognised; it can be any "
            "value", "hatched",
        ),
        "not available": StatusWords(
            "not available", "[x]", "·", "the files of that edition do not hold the question; "
            "this is not 0\N{NO-BREAK SPACE}%", "missing",
        ),
        "not offered": StatusWords(
            "not offered", "[x]", "–", "that edition did not offer the answer; this is not "
            "0\N{NO-BREAK SPACE}%", "missing",
        ),
        "not comparable": StatusWords(
            "not comparable", "[z]", "≠", "the question or its answers changed, so that no line "
            "is drawn across", "broken",
        ),
        "empty": StatusWords("no answers", "[w]", "∅", "nobody answered the question", "missing"),
    }
)  # fmt: skip
"""Status -> its words, in the order of a glossary."""


def words_of(status: object) -> StatusWords:
    """Return the words of a status.

    Examples
    --------
    >>> words_of("suppressed").reason, words_of("not offered").symbol
    ('withheld', '[x]')
    """
    return STATUSES[str(status)]
