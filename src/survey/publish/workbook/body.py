"""The rows of a table as a sheet's part of the file holds them.

A workbook has a hundred thousand cells, and an object for each of them takes several times as long
as its text. So openpyxl writes the sheet with its lines, header row, links, tables and charts, and
the rows under the header row are put in as text: in openpyxl's own words, which a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from openpyxl.cell import Cell as WorksheetCell
from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from survey.dataclass import dataclass
from survey.publish.workbook import styles, text
from survey.publish.workbook.grid import Cell, Grid

__all__ = ["Body", "Looks", "body_of"]


class Looks:
    """The looks of cells that a workbook knows, each registered once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, str, bool], int] = {}

    def number_of(
        self,
        sheet: Worksheet,
        *,
        font: str,
        alignment: str,
        border: str,
        number_format: str,
        quoted: bool,
    ) -> int:
        """Return the number by which cells of a look refer to it.

        Font, alignment and border are names of :mod:`survey.publish.workbook.styles`.
        """
        look = (font, alignment, border, number_format, quoted)
        if look not in self._known:
            cell = WorksheetCell(sheet, row=1, column=1)  # stands on no sheet
            cell.font = getattr(styles, font)
            cell.alignment = getattr(styles, alignment)
            cell.border = getattr(styles, border)
            cell.number_format = number_format
            cell.quotePrefix = quoted
            self._known[look] = cell.style_id
        return self._known[look]


@dataclass(frozen=True, slots=True)
class Body:
    """Rows as text, the last cell that they reach, and the links in them."""

    rows: str
    last: str
    links: str = ""

    def within(self, part: bytes, dimension: str) -> bytes:
        """Return the part of a sheet with these rows at its end.

        ``dimension`` are the cells that the part says it has.
        """
        first = dimension.partition(":")[0]
        said, now = (
            f'<dimension ref="{cells}" />' for cells in (dimension, f"{first}:{self.last}")
        )
        part = part.replace(said.encode(), now.encode(), 1)
        part = part.replace(b"</sheetData>", f"{self.rows}</sheetData>".encode(), 1)
        if not self.links:
            return part
        if b"</hyperlinks>" in part:
            return part.replace(b"</hyperlinks>", f"{self.links}</hyperlinks>".encode(), 1)
        links = f"<hyperlinks>{self.links}</hyperlinks><pageMargins"
        return part.replace(b"<pageMargins", links.encode(), 1)


def body_of(
    sheet: Worksheet, grid: Grid, first: int, looks: Looks, heights: Sequence[float] = ()
) -> Body:
    """Return the rows of a grid from the row ``first`` on; without ``heights`` as high as usual."""
    return _Rows(sheet, grid, looks).body(first, heights or [0.0] * len(grid.rows))


class _Rows:
    """Writes the rows of one grid."""

    def __init__(self, sheet: Worksheet, grid: Grid, looks: Looks) -> None:
        self._sheet, self._grid, self._looks = sheet, grid, looks
        self._letters = [get_column_letter(place + 1) for place in range(len(grid.headings))]

    def body(self, first: int, heights: Sequence[float]) -> Body:
        """Return all rows."""
        rows = (self._row(first + place, place, each) for place, each in enumerate(heights))
        written = "".join(part for row in rows for part in row)
        last = f"{self._letters[-1]}{first + len(heights) - 1}"
        return Body(written, last, "".join(self._links(first)))

    def _links(self, first: int) -> Iterator[str]:
        for number, row in enumerate(self._grid.rows, first):
            for letter, cell in zip(self._letters, row, strict=True):
                if cell.sheet:
                    target, shown = map(_quoted, (text.link_to(cell.sheet), str(cell.value)))
                    yield (
                        f'<hyperlink ref="{letter}{number}" location="{target}" '
                        f'display="{shown}" />'
                    )

    def _row(self, number: int, offset: int, height: float) -> Iterator[str]:
        high = f' ht="{safe_string(height)}" customHeight="1"' if height else ""
        yield f'<row r="{number}"{high}>'
        border = self._border(offset)
        for place, (letter, cell) in enumerate(
            zip(self._letters, self._grid.rows[offset], strict=True)
        ):
            yield f'<c r="{letter}{number}" s="{self._look(cell, border, place)}"{_content(cell)}'
        yield "</row>"

    def _border(self, offset: int) -> str:
        if self._grid.plain:
            return "NO_BORDER"
        return "LAST_BORDER" if offset == len(self._grid.rows) - 1 else "ROW_BORDER"

    def _look(self, cell: Cell, border: str, place: int) -> int:
        if cell.right:
            alignment = "RIGHT"
        elif self._grid.plain:
            alignment = "PLAIN_INDENTED" if place else "PLAIN"
        else:
            alignment = "INDENTED" if place else "LEFT"
        return self._looks.number_of(
            self._sheet,
            font="HYPERLINK" if cell.sheet else "BODY",
            alignment=alignment,
            border=border,
            number_format=cell.format or "General",
            quoted=isinstance(cell.value, str) and text.reads_as_formula(cell.value),
        )


def _content(cell: Cell) -> str:
    """Return type and value of a cell, up to its end: text is text, whatever it looks like."""
    value = cell.value
    if value is None:
        return ' t="n" />'
    if not isinstance(value, str):
        return f' t="n"><v>{safe_string(value)}</v></c>'
    if not value:
        return ' t="inlineStr" />'
    kept = ' xml:space="preserve"' if value != value.strip() != "" else ""
    return f' t="inlineStr"><is><t{kept}>{escape(value)}</t></is></c>'


def _quoted(value: str) -> str:
    """Return text as it stands between quotation marks."""
    return escape(value, {'"': "&quot;"})
