"""Sheets of an OpenDocument workbook (.ods), as LibreOffice saves them.

A cell says itself of which type it is; equal cells and rows beside each other are written once
with a count. Blank ones are counted by the million, and none is created for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.errors import ExportError
from survey.exports.source.raw_file import fault
from survey.exports.source.workbook.package import Events, Package
from survey.exports.source.workbook.sheet import MOST_CELLS, SheetPage
from survey.exports.source.workbook.values import Format, Restored, number_text

__all__ = ["CONTENT", "read_open_document"]

CONTENT = "content.xml"
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_MOST_REPEATS = 10_000  # of a cell or row that holds something
Changes = dict[tuple[int, str, str, str], list[int]]


@dataclass
class _Sheet:
    title: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    changes: Changes = field(default_factory=lambda: defaultdict(list))
    doubted: dict[tuple[int, int], str] = field(default_factory=dict)


def read_open_document(package: Package) -> tuple[SheetPage, ...]:
    """Return the sheets that hold anything.

    Raises
    ------
    ExportError
        If a sheet holds more cells than are bearable.
    """
    reading = _Reading(package.name)
    package.parse(CONTENT, Events(reading.start, reading.end, reading.text))
    filled = [sheet for sheet in reading.sheets if sheet.rows]
    if not filled:
        hint = "save the sheet with the export"
        raise fault(package.name, "an empty workbook", "a sheet of an export", hint)
    return tuple(
        SheetPage(package.name, (), sheet.rows, sheet.changes, sheet.doubted) for sheet in filled
    )


class _Reading:
    """The content while it is parsed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheets: list[_Sheet] = []
        self.row = self.column = self.count = self.depth = 0
        self.repeated = 1
        self.cells: dict[int, Restored] = {}
        self.attributes: Mapping[str, str] = {}
        self.pieces: list[str] | None = None
        self.paragraphs: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        bare = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(_Sheet(bare.get("name", "")))
                self.row = 0
        elif name == "table-row":
            self.cells, self.column = {}, 0
            self.repeated = _times(bare.get("number-rows-repeated"))
        elif name in _CELLS:
            self.attributes, self.paragraphs = bare, []
        elif name == "p":
            self.pieces = []
        elif name == "s" and self.pieces is not None:
            self.pieces.append(" " * min(_times(bare.get("c")), _MOST_REPEATS))
        elif name in ("line-break", "tab") and self.pieces is not None:
            self.pieces.append("\n" if name == "line-break" else "\t")

    def text(self, data: str) -> None:
        if self.pieces is not None:
            self.pieces.append(data)

    def end(self, name: str) -> None:
        if name == "p" and self.pieces is not None:
            self.paragraphs.append("".join(self.pieces))
            self.pieces = None
        elif name in _CELLS:
            self._close_cell()
        elif name == "table-row":
            self._close_row()
        elif name == "table":
            self.depth -= 1

    def _close_cell(self) -> None:
        times = _times(self.attributes.get("number-columns-repeated"))
        found = self._restored()
        if found.text:
            if times > _MOST_REPEATS:
                raise self._fault(f"one cell {times:,} times")
            self.cells |= {self.column + each: found for each in range(1, times + 1)}
        self.column += times
        self.attributes = {}

    def _restored(self) -> Restored:
        """Return the text of a cell, whatever the program took it for."""
        attributes, shown = self.attributes, "\n".join(self.paragraphs)
        value = attributes.get("value", "")
        match attributes.get("value-type", ""):
            case "float" | "currency":
                return number_text(value, Format.PLAIN)
            case "percentage":
                return number_text(value, Format.PERCENT)
            case "boolean":
                word = "TRUE" if attributes.get("boolean-value") == "true" else "FALSE"
                return Restored(word, "truth value restored", "", word.lower(), word)
            case "date":
                written = attributes.get("date-value", "")
                day = written.replace("T", " ").partition(".")[0].removesuffix("Z")
                return Restored(day, "date restored", "date", written, day)
            case _:
                return Restored(shown)

    def _close_row(self) -> None:
        if self.cells and self.sheets:
            if self.repeated > _MOST_REPEATS:
                raise self._fault(f"one row {self.repeated:,} times")
            for row in range(self.row + 1, self.row + self.repeated + 1):
                self._keep(row)
        self.row += self.repeated

    def _keep(self, row: int) -> None:
        sheet = self.sheets[-1]
        self.count += len(self.cells)
        if self.count > MOST_CELLS:
            raise self._fault(f"more than {MOST_CELLS:,} cells")
        sheet.rows[row] = {column: found.text for column, found in self.cells.items()}
        for column, found in self.cells.items():
            if found.rule:
                sheet.changes[column, found.before, found.after, found.rule].append(row)
            if found.doubt:
                sheet.doubted[row, column] = found.doubt

    def _fault(self, got: str) -> ExportError:
        hint = "delete what stands outside the table and save it again, or export it as CSV"
        return fault(self.name, got, "a sheet that is one table", hint)


def _times(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 1
