"""Audit of cells that hold a count with its percentage, and of shares in words.

A cell such as ``32 (40 %)`` follows from the base that its column's heading names, as in
"Public (n = 80)"; where it names none, from the number that explains most of the column: one that
the section names, or the sum of the column. A share in words, such as "two thirds (160 of 240)",
is held to five points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from survey.dataclass import dataclass
from survey.publish.documents import Document, FoundTable

__all__ = ["Cell", "SaidShare", "cells_of", "heading_base", "said_shares"]

_COUNT, _SHARE = r"(\d{1,3}(?:,\d{3})+|\d+)", r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)"
_BOTH = re.compile(rf"^{_COUNT}\s*[(\[]\s*{_SHARE}\s*[)\]]$", re.IGNORECASE)
_TURNED = re.compile(rf"^{_SHARE}\s*[(\[]\s*(?:n\s*=\s*)?{_COUNT}\s*[)\]]$", re.IGNORECASE)
_HEADING = re.compile(r"\b(?:n|base)\s*[=:]\s*(\d[\d,]*)", re.IGNORECASE)

_NAMED = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4),
          "fifth": Fraction(1, 5)}  # fmt: skip
_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED = {word: number for number, word in enumerate(_DIGITS, 1)}
_NUMBERS = "|".join(_COUNTED)
_WORDS = re.compile(
    r"\b(?P<turn>more than|over|at least|less than|fewer than|under|at most)?\s*(?:about|around|"
    r"roughly|nearly|almost|some)?\s*(?P<said>half|(?:a|one|two|three|four)\s+(?:third|quarter|"
    rf"fifth)s?|(?P<part>{_NUMBERS})\s+(?:in|out\s+of)\s+(?P<whole>{_NUMBERS}))"
    r"\s*(?:of\s+(?:[a-z-]+\s+){0,4}[a-z-]+)?\s*[,(]\s*(?:or\s+|that\s+is\s+)?"
    rf"{_COUNT}\s+(?:of|out\s+of)\s+(?:the\s+|all\s+)?{_COUNT}(?!\d)",
    re.IGNORECASE,
)
_ROUGH = Fraction(5, 100)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a count and its percentage."""

    line: int
    label: str
    count: int
    printed: str


@dataclass(frozen=True, slots=True)
class SaidShare:
    """A share in words that is not that of the counts beside it.

    Attributes
    ----------
    line
        Line of the document.
    label
        The words.
    count, base
        What stands beside them.
    """

    line: int
    label: str
    count: int
    base: int

    def __str__(self) -> str:
        share = f"{self.count * 100 / self.base:.0f}"
        return f"line {self.line}: {self.label!r}: {self.count:,} of {self.base:,} is {share} %"


def heading_base(heading: str) -> int | None:
    """Return the base that a column's heading names.

    Examples
    --------
    >>> heading_base("Public (n = 1,080)"), heading_base("Public clouds")
    (1080, None)
    """
    found = _HEADING.search(heading)
    return int(found[1].rstrip(",").replace(",", "")) if found else None


def cells_of(table: FoundTable) -> Iterator[tuple[str, Sequence[Cell]]]:
    """Yield the heading and cells of each column that holds counts with their percentages."""
    for place, heading in enumerate(table.heading):
        cells = [
            Cell(line, cells[0], int(count.replace(",", "")), printed)
            for line, cells in table.rows
            if 0 < place < len(cells)
            for count, printed in _parts(cells[place].strip())
        ]
        if cells:
            yield heading, cells


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield count and percentage of a cell that holds both."""
    if found := _BOTH.match(text):
        yield found[1], found[2]
    elif found := _TURNED.match(text):
        yield found[2], found[1]


def said_shares(document: Document) -> Iterator[SaidShare]:
    """Yield shares in words that differ from the counts beside them by more than five points."""
    for line in document.lines:
        for match in _WORDS.finditer(" ".join(line.text.split())):
            count, base = (int(n.replace(",", "")) for n in match.groups()[-2:])
            if base > 0 and count <= base and not _agrees(match, Fraction(count, base)):
                yield SaidShare(line.number, match[0], count, base)


def _agrees(match: re.Match[str], share: Fraction) -> bool:
    said, turn = _fraction(match), (match["turn"] or "").lower()
    if turn in ("more than", "over", "at least"):
        return said <= share
    if turn:
        return share <= said
    return abs(share - said) <= _ROUGH


def _fraction(match: re.Match[str]) -> Fraction:
    """Return the share that words name."""
    if match["part"]:
        return Fraction(_COUNTED[match["part"].lower()], _COUNTED[match["whole"].lower()])
    *number, unit = match["said"].lower().split()
    times = _COUNTED.get(number[0], 1) if number else 1
    return times * _NAMED[unit if unit in _NAMED else unit.removesuffix("s")]
