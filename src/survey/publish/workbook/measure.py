"""How wide text is in a cell, so that columns and rows fit without opening the file."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["lines_in", "width_of"]

_PER_EM = 16 / 9  # the body font's 12 points are 16 pixels; its digits, a column's unit, 9
_NARROW, _WIDE = frozenset(" .,:;'|!()[]/\\-ijltfrI"), frozenset("mwMW@%…—")


@lru_cache(maxsize=8192)
@lru_cache(maxsize=8192)
def width_of(text: str) -> float:
    """Return about how wide ``text`` is in the body font, in a column's units.

    Examples
    --------
    >>> width_of("iii") < width_of("aaa") < width_of("中国移")
    True
    """
    return sum(map(_em, text)) * _PER_EM


@lru_cache(maxsize=8192)
def lines_in(text: str, width: float) -> int:
    """Return on how many lines ``text`` comes to stand in a column of ``width``.

    Examples
    --------
    >>> lines_in("one two", 40), lines_in("one two", 6)
    (1, 2)
    """
    lines, used = 1, 0.0
    room = max(width - 1.0, 1.0)
    for word in text.split(" "):
        wide = width_of(word)
        if used and used + wide > room:
            lines, used = lines + 1, 0.0
        lines += int(used + wide) // int(room + 1)
        used = (used + wide) % (room + 1) + width_of(" ")
    return lines


@lru_cache(maxsize=4096)
def _em(sign: str) -> float:
    """Return the width of a sign in a sans serif face, in parts of the font's size."""
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.28
    if sign in _WIDE:
        return 0.89
    return 0.7 if sign.isupper() else 0.55
