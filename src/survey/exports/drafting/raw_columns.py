"""The columns of a file of which nothing is known: heading lines, texts, what the tool adds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from survey.dataclass import dataclass
from survey.exports.frame_export import cell_text
from survey.exports.layouts.table_rows import IMPORT_NUMBER
from survey.exports.source.raw_table import Page, TextPage
from survey.exports.source.unquoted import looks_unquoted, with_quotes
from survey.exports.spelling import folded, visible

__all__ = ["Column", "Table", "read_table", "table_of_frame"]

_DELIMITERS = (",", ";", "\t", "|")
_PLAIN = ("response", "open-ended response")


@dataclass(frozen=True)
class Column:
    """One column: where it stands, its heading lines, and its cells in the order of the file.

    Attributes
    ----------
    place
        Position in the file, from 0.
    heading
        The text by which the codebook can name it.
    over, under
        What the first heading line says of the question, and the second of the choice.
    cells
        All cells, blank ones included.
    """

    place: int
    heading: str
    over: str
    under: str
    cells: tuple[str, ...]

    @cached_property
    def texts(self) -> Counter[str]:
        """Distinct texts that are not blank -> how often."""
        return Counter(cell for cell in self.cells if cell)

    @cached_property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(self.texts.values())


@dataclass(frozen=True)
class Table:
    """A file as a table of text, and how its heading lines stand."""

    name: str
    delimiter: str
    header_rows: int
    quoted: bool
    columns: tuple[Column, ...]
    size: int


def read_table(page: Page) -> Table:
    """Return the columns of a text file or sheet.

    Raises
    ------
    ExportError
        If its quotes do not pair up.
    """
    delimiter = _delimiter(page)
    unquoted = isinstance(page, TextPage) and looks_unquoted(page.text, delimiter)
    if isinstance(page, TextPage) and unquoted and b'"' in page.text.data:
        page = TextPage(with_quotes(page.text, delimiter))
    lines = next((found for n in (3, 2, 1) if (found := page.headings(delimiter, n))), ())
    if not lines:
        page.refuse_faulty_headings()
    rows = _heading_lines(lines)
    width = len(lines[0]) if lines else 0
    records = page.records(delimiter, width, rows, line_feeds=True)
    cells = [
        tuple(visible(text or "") for text in records.text(place).to_pylist())
        for place in range(width)
    ]
    headings = _named(lines, rows, width)
    columns = tuple(
        Column(place, heading, over, under, cells[place])
        for place, (heading, over, under) in enumerate(headings)
    )
    quoted = not (unquoted and b'"' in getattr(getattr(page, "text", None), "data", b""))
    return Table(page.name, delimiter, rows, quoted, columns, len(records.table))


def table_of_frame(frame: pd.DataFrame, name: str) -> Table:
    """Return the columns of a frame; several answers in a cell are joined by semicolons."""
    columns = tuple(
        Column(place, str(heading), str(heading), "", tuple(cell_text(v, ";") for v in values))
        for place, (heading, values) in enumerate(frame.items())
    )
    return Table(name, ",", 1, True, columns, len(frame))


def _delimiter(page: Page) -> str:
    """Return the delimiter that divides the first line into most cells."""
    found = page.delimiters(_DELIMITERS)
    return max(found, key=lambda each: len((page.headings(each, 1) or ((),))[0]))


def _heading_lines(lines: Sequence[tuple[str, ...]]) -> int:
    """Return how many heading lines there are."""
    for number, line in enumerate(lines, start=1):
        if any(IMPORT_NUMBER.match(cell) for cell in line):
            return number
    if len(lines) > 1 and _names_choices(lines[0], lines[1]):
        return 2
    return 1


def _names_choices(top: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a second line names choices under questions that span several columns."""
    both = zip(top, below, strict=False)
    spanned = sum(not over.strip() and bool(under.strip()) for over, under in both)
    plain = any(folded(under) in _PLAIN for under in below)
    keyless = bool(below) and not below[0].strip() and bool(top[0].strip())
    return plain or (spanned > 0 and keyless)


def _named(lines: Sequence[tuple[str, ...]], rows: int, width: int) -> list[tuple[str, str, str]]:
    """Return heading, question and choice of every column."""
    found, question = [], ""
    for place in range(width):
        over = lines[0][place] if place < len(lines[0]) else ""
        under = lines[1][place] if rows > 1 and place < len(lines[1]) else ""
        if rows == 2 and not any(IMPORT_NUMBER.match(cell) for cell in lines[1]):
            question = over.strip() or question
            none = not under.strip() or folded(under) in _PLAIN
            heading = question if none else f"{question} - {under.strip()}"
            found.append((heading, question, "" if none else under.strip()))
        else:
            found.append((over, re.sub(r"\s+", " ", under).strip() or over.strip(), ""))
    return found
