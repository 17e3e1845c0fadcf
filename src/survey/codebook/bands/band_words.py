"""The words of bands: separators, units and multipliers, and commas that the exporter lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from types import MappingProxyType
from typing import Final

__all__ = ["CONTINUOUS", "FACTORS", "MULTIPLIERS", "plain", "spellings", "with_commas"]

MULTIPLIERS: Final = MappingProxyType(
    {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
)
FACTORS: Final = MappingProxyType(
    {
        "gb": ("TB", 0.001),
        "tb": ("TB", 1.0),
        "pb": ("TB", 1e3),
        "eb": ("TB", 1e6),
        "zb": ("TB", 1e9),
        "month": ("months", 1.0),
        "year": ("months", 12.0),
        "hour": ("hours", 1.0),
        "day": ("hours", 24.0),
        "week": ("hours", 168.0),
        "%": ("percent", 1.0),
        "percent": ("percent", 1.0),
    }
)
"""Unit as written -> the unit in which it is counted, and how many of those it is."""
CONTINUOUS: Final = frozenset({"TB", "percent", "months", "hours"})
"""What can lie between two whole numbers, so that neighbouring bands share an edge."""
_LOST = re.compile(r"(?<=\d)-(?=\d{3}(?!\d))")
_LOST_IN_TEXT = re.compile(r"(?<=[^\W\d_)])- (?=\S)")
_MOST_HYPHENS = 6


def plain(text: str) -> str:
    """Return a text in small letters, with usual hyphens and spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[‐‑‒–—−]", "-", folded).replace("’", "'")
    return " ".join(folded.split())


def spellings(text: str) -> Iterator[str]:
    """Yield what a text can have been before the exporter made every comma a hyphen.

    Examples
    --------
    >>> list(spellings("100-999 cores"))
    ['100-999 cores', '100,999 cores']
    """
    places = [match.start() for match in _LOST.finditer(text)]
    if len(places) > _MOST_HYPHENS:
        places = []
    for commas in product((False, True), repeat=len(places)):
        letters = list(text)
        for place, comma in zip(places, commas, strict=True):
            if comma:
                letters[place] = ","
        yield "".join(letters)


def with_commas(text: str) -> str:
    """Return a text whose commas the exporter made hyphens, as far as that can be told.

    A hyphen between a word and a space was a comma.

    Examples
    --------
    >>> with_commas("Yes- but only in part"), with_commas("Self-service")
    ('Yes, but only in part', 'Self-service')
    """
    return _LOST_IN_TEXT.sub(", ", text)
