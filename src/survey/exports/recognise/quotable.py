"""Whether a first line is a line of headings, which a message may quote, or a record.

A file that lost its heading line starts with somebody's answers. Their name, address and
organization must not stand in a message, so that nothing of such a line is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["quotable", "too_long"]

_DATA = re.compile(r"-?\d+([.,]\d+)?|\d{4}-\d\d-\d\d.*|.*@.*\..*", re.DOTALL)
_LONGEST = 200  # letters of a heading that a message shows


def quotable(headings: Iterable[str]) -> bool:
    """Whether no cell of a first line looks like an answer: a number, a date, an address.

    Examples
    --------
    >>> quotable(["name", "price"]), quotable(["17", "Example Ltd", "ada@a.example"])
    (True, False)
    """
    return _quotable(tuple(headings))


@lru_cache(maxsize=1 << 8)
def _quotable(headings: tuple[str, ...]) -> bool:
    return not any(_DATA.fullmatch(heading.strip()) for heading in headings)


def too_long(heading: str) -> bool:
    """Whether a heading has so many letters that a message does not quote it."""
    return len(heading.strip()) >= _LONGEST
