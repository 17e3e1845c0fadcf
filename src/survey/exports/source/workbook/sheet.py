"""One sheet of a workbook: its cells as text, and what a person did to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import field

import numpy as np
import pyarrow as pa

from survey.dataclass import dataclass
from survey.errors import ExportError
from survey.exports.export import Issue, Repair
from survey.exports.parse.csv_strict import Irregular, Records
from survey.exports.source.raw_file import fault
from survey.exports.source.raw_table import Doubt, heading_again
from survey.exports.source.workbook.package import Events, Package
from survey.exports.source.workbook.values import Format, Restored, number_text, unescaped

__all__ = ["Book", "SheetPage", "read_sheet"]

MOST_CELLS = 20_000_000
SPARSE_AREA, SPARSE_TIMES = 1_000_000, 50
LONGEST_TEXT = 32_767
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})").fullmatch
_REFERS = re.compile(r"\$?\b[A-Z]{1,3}\$?\d+\b")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_MOST_MERGED = 10_000
_DOUBTS = {
    "digits lost": "a spreadsheet keeps 15 digits of a number; the others are lost",
    "cut text": f"a spreadsheet cuts texts at {LONGEST_TEXT:,} characters",
    "formula": "a spreadsheet took this text for a formula; the text is put back as far as "
    "it can be told",
    "computed": "a formula on other cells; what it came to is read",
    "error value": "a spreadsheet could not make sense of this text and kept an error instead",
    "date": "a spreadsheet took this text for a date",
    "merged cells": "merged with its neighbours: what it held is gone",
}
Position = tuple[int, int]


@dataclass(frozen=True)
class Book:
    """What cells refer to."""

    name: str
    texts: Sequence[str]
    formats: Sequence[Format]
    since_1904: bool


@dataclass
class SheetPage:
    """A sheet: only the cells that it holds, each a text."""

    name: str
    issues: tuple[Issue, ...]
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    changes: dict[tuple[int, str, str, str], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    doubted: dict[Position, str] = field(default_factory=dict)

    @property
    def sample(self) -> bytes:
        """The beginning of the content."""
        first = [self.rows[row] for row in sorted(self.rows)[:5_000]]
        return "\n".join(",".join(cells.values()) for cells in first).encode(
            "utf-8", "surrogatepass"
        )

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What the spreadsheet had changed and is text again."""
        headings = self.rows[min(self.rows)] if self.rows else {}
        whole = Repair(
            self.name, "", "", "a sheet of a workbook was read as text", "workbook", (1,)
        )
        return (
            whole,
            *(
                Repair(self.name, headings.get(column, ""), before, after, rule, tuple(lines))
                for (column, before, after, rule), lines in self.changes.items()
            ),
        )

    @property
    def doubts(self) -> Iterator[Doubt]:
        """Cells that the spreadsheet may have changed for good."""
        for (row, column), code in self.doubted.items():
            yield Doubt(row, column - 1, code, _DOUBTS[code])

    def divided(self, starts: Sequence[int]) -> Iterator[SheetPage]:
        """Yield the sheet in parts, of which each but the first begins with one of the rows."""
        ends = [*starts, _MOST_ROWS + 1]
        for first, end in zip([0, *starts], ends, strict=True):
            changes = {
                change: [row for row in rows if first <= row < end]
                for change, rows in self.changes.items()
            }
            yield SheetPage(
                self.name,
                (heading_again(self.name, first),) if first else self.issues,
                {row: cells for row, cells in self.rows.items() if first <= row < end},
                {change: rows for change, rows in changes.items() if rows},
                {(row, at): why for (row, at), why in self.doubted.items() if first <= row < end},
            )

    def delimiters(self, usual: Sequence[str]) -> tuple[str, ...]:
        """Return one: a sheet needs none."""
        return tuple(usual[:1])

    def headings(self, delimiter: str, count: int) -> tuple[tuple[str, ...], ...]:
        """Return the cells of the first rows that hold anything."""
        first = [self.rows[row] for row in sorted(self.rows)[:count]]
        if len(first) < count:
            return ()
        width = max(max(cells) for cells in first)
        return tuple(tuple(_cells(cells, width)) for cells in first)

    def refuse_faulty_headings(self) -> None:
        """Do nothing: a sheet has no quotes that could be wrong."""

    def records(self, delimiter: str, width: int, skip: int, *, line_feeds: bool) -> Records:
        """Return the rows below the headings; a row may end before the last column."""
        below = sorted(self.rows)[skip:]
        regular = [row for row in below if max(self.rows[row]) <= width]
        columns = zip(*(_cells(self.rows[row], width) for row in regular), strict=True)
        names = [str(column) for column in range(width)]
        filled = list(columns) or [()] * width
        table = pa.table([pa.array(cells, pa.string()) for cells in filled], names=names)
        order = {row: number for number, row in enumerate(below)}
        irregular = tuple(
            Irregular(order[row], row, tuple(_cells(self.rows[row], max(self.rows[row]))))
            for row in below
            if max(self.rows[row]) > width
        )
        return Records(
            table,
            np.array([order[row] for row in regular], dtype=np.int64),
            np.array(regular, dtype=np.int64),
            irregular,
            (),
            True,
        )


def _cells(cells: dict[int, str], width: int) -> list[str]:
    return [cells.get(column, "") for column in range(1, width + 1)]


def read_sheet(package: Package, part: str, book: Book, notes: Sequence[Issue]) -> SheetPage:
    """Return the cells of a sheet as text.

    Raises
    ------
    ExportError
        If there are too many, or one stands far from all others.
    """
    reading = _Reading(package.name, book)
    package.parse(part, Events(reading.start, reading.end, reading.text))
    reading.refuse_far_cells()
    issues = (*notes, *reading.notes())
    rows = {row: cells for row, cells in sorted(reading.rows.items()) if cells}
    return SheetPage(package.name, issues, rows, reading.changes, reading.doubted)


class _Reading:
    """A sheet while it is parsed: which cell is open, and what is known so far."""

    def __init__(self, name: str, book: Book) -> None:
        self.name, self.book = name, book
        self.rows: dict[int, dict[int, str]] = defaultdict(dict)
        self.changes: dict[tuple[int, str, str, str], list[int]] = defaultdict(list)
        self.doubted: dict[Position, str] = {}
        self.hidden = {"row": 0, "col": 0}
        self.merged = 0
        self.count = 0
        self.row = self.column = 0
        self.kind, self.style = "n", 0
        self.pieces: dict[str, list[str]] = {"v": [], "f": [], "t": []}
        self.open = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._open_cell(attributes)
        elif name in self.pieces:
            self.open = name
        elif name == "row":
            self.row = self._number(attributes.get("r"), self.row + 1, _MOST_ROWS)
            self.column = 0
            self.hidden["row"] += attributes.get("hidden") in ("1", "true")
        elif name == "col":
            self.hidden["col"] += attributes.get("hidden") in ("1", "true")
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "c":
            self._close_cell()
        elif name == self.open:
            self.open = ""

    def text(self, data: str) -> None:
        if self.open:
            self.pieces[self.open].append(data)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE(attributes.get("r", ""))
        if reference:
            self.column = column_number(reference.group(1))
            self.row = int(reference.group(2))
        else:
            self.column += 1
        if not (0 < self.row <= _MOST_ROWS and 0 < self.column <= _MOST_COLUMNS):
            raise self._fault(f"a cell in row {self.row}, column {self.column}")
        self.kind = attributes.get("t", "n")
        style = attributes.get("s", "")
        self.style = int(style) if style.isdigit() else 0
        self.pieces = {"v": [], "f": [], "t": []}

    def _close_cell(self) -> None:
        value, formula, inline = ("".join(self.pieces[each]) for each in ("v", "f", "t"))
        if not (value or formula or inline):
            return
        found = self._restored(value, formula, inline)
        if not found.text:
            return
        self.count += 1
        if self.count > MOST_CELLS:
            raise self._fault(f"more than {MOST_CELLS:,} cells")
        self.rows[self.row][self.column] = found.text
        if found.rule:
            self.changes[self.column, found.before, found.after, found.rule].append(self.row)
        if found.doubt:
            self.doubted[self.row, self.column] = found.doubt

    def _restored(self, value: str, formula: str, inline: str) -> Restored:
        if formula:
            return self._of_formula(formula, value)
        if self.kind in ("s", "inlineStr", "str"):
            return _text(self._shared(value) if self.kind == "s" else inline or value)
        if self.kind == "b":
            word = "TRUE" if value == "1" else "FALSE"
            return Restored(word, "truth value restored", "", value, word)
        if self.kind == "e":
            return Restored(value, "", "error value")
        if self.kind == "d":
            day = value.replace("T", " ").removesuffix("Z")
            return Restored(day, "date restored", "date", value, day)
        return number_text(value, self._format(), since_1904=self.book.since_1904)

    def _of_formula(self, formula: str, value: str) -> Restored:
        """Return the text that a spreadsheet took for a formula, or what one came to."""
        if not _REFERS.search(formula):
            return Restored(f"={formula}", "formula restored", "formula", "a formula", "its text")
        shared = self._shared(value) if self.kind == "s" else value
        return Restored(shared, "", "computed")

    def _shared(self, value: str) -> str:
        number = int(value) if value.isdigit() else -1
        if not 0 <= number < len(self.book.texts):
            raise self._fault(f"a cell that refers to text {value!r}, which is not there")
        return self.book.texts[number]

    def _format(self) -> Format:
        return (
            self.book.formats[self.style] if self.style < len(self.book.formats) else Format.PLAIN
        )

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        one, other = _REFERENCE(first), _REFERENCE(last)
        if one is None or other is None:
            return
        self.merged += 1
        rows = range(int(one.group(2)), int(other.group(2)) + 1)
        columns = range(column_number(one.group(1)), column_number(other.group(1)) + 1)
        if len(rows) * len(columns) > _MOST_MERGED:
            raise self._fault(f"a merged area of {len(rows) * len(columns):,} cells")
        for row in rows:
            for column in columns:
                if (row, column) != (rows[0], columns[0]):
                    self.doubted[row, column] = "merged cells"

    def refuse_far_cells(self) -> None:
        """Refuse a sheet whose cells stand so far apart that it cannot be a table."""
        filled = {row: cells for row, cells in self.rows.items() if cells}
        if not filled:
            return
        last = max(filled)
        widest = max(filled, key=lambda row: max(filled[row]))
        width = max(filled[widest])
        if last * width > max(SPARSE_AREA, SPARSE_TIMES * self.count):
            far = last if last > len(filled) * 2 + 100 else widest
            cell = f"{column_letters(max(filled[far]))}{far}"
            raise self._fault(f"a cell far from the others, {cell}")

    def notes(self) -> Iterator[Issue]:
        """Yield what a person did to the sheet."""
        for what, count in (("row", self.hidden["row"]), ("column", self.hidden["col"])):
            if count:
                message = f"hidden {what}s are read like the others ({count} of them)"
                yield Issue(self.name, 1, "", f"hidden {what}s", message, 0)

    def _number(self, text: str | None, otherwise: int, most: int) -> int:
        number = int(text) if text and text.isdigit() and len(text) < 9 else otherwise
        if not 0 < number <= most:
            raise self._fault(f"row {number}")
        return number

    def _fault(self, got: str) -> ExportError:
        hint = "delete what stands outside the table and save it again, or export it as CSV"
        return fault(self.name, got, "a sheet that is one table", hint)


def _text(written: str) -> Restored:
    text = unescaped(written)
    doubt = "cut text" if len(text) >= LONGEST_TEXT else ""
    escaped = text != written
    return Restored(
        text, "spreadsheet escape" if escaped else "", doubt, "_x...._", "the character"
    )


def column_number(letters: str) -> int:
    """Return the number of a column.

    Examples
    --------
    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> column_letters(16384)
    'XFD'
    """
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
