"""Text that a spreadsheet can hold: safe characters, valid names, links that resolve."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from survey.publish.words import humanised

__all__ = [
    "clean",
    "file_day",
    "humanised",
    "legal",
    "link_to",
    "reads_as_formula",
    "sheet_name",
    "shortened",
    "unique",
]

CELL_LIMIT = 32_767
HEADING_LIMIT = 255
SHEET_NAME_LIMIT = 31
_CUT = " … (cut)"
_REPLACED = "�"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[ \t\r\n\x85\u2028\u2029]+")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


def clean(value: object, limit: int = CELL_LIMIT) -> str:
    r"""Return ``value`` as text that a cell can hold.

    Characters that XML forbids become the replacement character, so that the loss is seen;
    line breaks and runs of spaces become one space; text beyond ``limit`` is cut with a mark.
    ``_x0041_`` is written as ``_x005F_x0041_``, the file format's way to mean it literally
    (ECMA-376 part 1, section 22.9.2.19).

    Examples
    --------
    >>> clean("Kolla\n\x07 Ansible")
    'Kolla � Ansible'
    >>> clean("_x0041_")
    '_x005F_x0041_'
    """
    return _cleaned(str(value), limit)


@lru_cache(maxsize=8192)
def _cleaned(value: str, limit: int) -> str:
    """Return text that a cell can hold; most stands in many cells."""
    return _fitted(_ESCAPE_LIKE.sub("_x005F_", legal(value)), limit, _CUT)


def legal(value: object) -> str:
    """Return ``value`` as one line of characters that XML allows, for charts and properties."""
    return _SPACES.sub(" ", _ILLEGAL.sub(_REPLACED, str(value))).strip()


def shortened(value: object, limit: int) -> str:
    """Return ``value`` as one legal line of at most ``limit`` signs, for labels of charts.

    Examples
    --------
    >>> shortened("one two three", 8)
    'one two…'
    """
    return _fitted(legal(value), limit, "…")


def reads_as_formula(text: str) -> bool:
    """Whether a spreadsheet would take typed ``text`` for a formula.

    Examples
    --------
    >>> reads_as_formula("=cmd()"), reads_as_formula("10-99 cores")
    (True, False)
    """
    return text.startswith(("=", "+", "-", "@"))


def sheet_name(number: int, name: str) -> str:
    """Return a valid sheet name that ``number`` makes unique.

    Examples
    --------
    >>> sheet_name(7, "sizes/compute_cores")
    '7 Sizes compute cores'
    >>> sheet_name(3, "ip_addresses")
    '3 IP addresses'
    """
    words = humanised(_NOT_IN_SHEET_NAMES.sub(" ", clean(name)))
    return _fitted(f"{number} {words}", SHEET_NAME_LIMIT, "…").strip("' ")


def link_to(sheet: str) -> str:
    """Return the place of a sheet's first cell, as a link inside the workbook names it.

    Examples
    --------
    >>> print(link_to("3 Operators' tools"))
    '3 Operators'' tools'!A1
    """
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!A1"


def unique(headings: Iterable[object]) -> tuple[str, ...]:
    """Return headings that a native table accepts: not blank, different but for their case.

    Examples
    --------
    >>> unique(["Answer", "answer", ""])
    ('Answer', 'answer (2)', 'Column 3')
    """
    taken: set[str] = set()
    found = []
    for number, heading in enumerate(headings, 1):
        text = clean(heading, HEADING_LIMIT - 8) or f"Column {number}"
        candidate, repeat = text, 1
        while candidate.casefold() in taken:
            repeat += 1
            candidate = f"{text} ({repeat})"
        taken.add(candidate.casefold())
        found.append(candidate)
    return tuple(found)


def file_day(edition: str) -> tuple[int, int, int]:
    """Return the day that stands in the file as its date: 1 January of the edition's year.

    A real clock would make two runs differ; this day claims nothing but the edition.

    Examples
    --------
    >>> file_day("2024"), file_day("first")
    ((2024, 1, 1), (1980, 1, 1))
    """
    year = re.search(r"(?:19[89]|20\d)\d", edition)
    return (int(year[0]) if year else 1980, 1, 1)


def _fitted(text: str, limit: int, mark: str) -> str:
    """Cut ``text`` to ``limit`` UTF-16 units, the unit that spreadsheets count in."""
    if _units(text) <= limit:
        return text
    while _units(text) + _units(mark) > limit:
        text = text[: -max(1, (_units(text) + _units(mark) - limit) // 2)]
    return text + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
