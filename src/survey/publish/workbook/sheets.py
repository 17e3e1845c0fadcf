"""Putting text lines and grids onto worksheets, the same way everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from openpyxl.cell import Cell as WorksheetCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from survey.publish.workbook import styles, text
from survey.publish.workbook.body import Body, Looks, body_of
from survey.publish.workbook.grid import Cell, Grid
from survey.publish.workbook.measure import lines_in, width_of

__all__ = ["Sheet"]

_NARROWEST, _WIDEST, _WIDEST_PLAIN = 7.0, 38.0, 48.0
_LINE_HEIGHT, _AIR = 15.5, 3.5
_MOST_IN_MARGIN = 150  # letters: a page takes 255 with font and size, and this many are one line
_PADDING, _INDENT, _BOLD = 1.6, 1.4, 1.18


@dataclass
class Sheet:
    """A worksheet being filled from the top: lines of text first, then one table.

    ``row`` is the last row written; a sheet on ``one_page`` prints upright and whole, so that no
    chart is cut. The rows of its table are the ``body``, which the file gets at the end.
    """

    worksheet: Worksheet
    looks: Looks = field(default_factory=Looks)
    row: int = 0
    one_page: bool = False
    body: Body | None = None
    wider: dict[str, float] = field(default_factory=dict)
    measured: tuple[Grid, list[float]] | None = None

    def line(
        self, value: object, font: Font = styles.BODY, *, to: str = "", wrap: bool = False
    ) -> WorksheetCell:
        """Write one line in column A, as a link when ``to`` names a sheet; return its cell."""
        self.row += 1
        cell = _write(self.worksheet, self.row, 1, Cell(text.clean(value), sheet=to))
        cell.font = styles.HYPERLINK if to else font
        cell.quotePrefix = text.reads_as_formula(cell.value)
        cell.alignment = styles.LEFT if wrap else styles.LINE
        scale = cell.font.size / styles.BODY.size
        width = self.worksheet.column_dimensions["A"].width / scale
        lines = lines_in(cell.value, width) if wrap else 1
        self.worksheet.row_dimensions[self.row].height = round(
            (lines * _LINE_HEIGHT + _AIR) * scale, 1
        )
        return cell

    def table(
        self,
        grid: Grid,
        name: str,
        *,
        filters: bool = False,
        widths: Mapping[str, float] = MappingProxyType({}),
    ) -> int:
        """Write the grid as a native table called ``name``; return its header row.

        Columns get the width that their content needs, or the one that ``widths`` gives.
        """
        header = self.row + 1
        self.fit(grid, widths)
        letters = [get_column_letter(index + 1) for index in range(len(grid.headings))]
        _write_header(self.worksheet, header, grid)
        height = _height(self.worksheet, grid.headings, letters)
        self.worksheet.row_dimensions[header].height = height
        self.row = header + len(grid.rows)
        if grid.rows:
            self._add_rows(grid, header + 1, letters)
            # add_table() compares the name with those of all tables; the index made it unique
            self.worksheet.tables.add(_native(grid, name, header, filters=filters))
        self.worksheet.freeze_panes = f"{get_column_letter(grid.fixed + 1)}{header + 1}"
        self.worksheet.print_title_rows = f"{header}:{header}"
        return header

    def _add_rows(self, grid: Grid, first: int, letters: Sequence[str]) -> None:
        """Keep the rows, which the sheet gets as text when it is written."""
        heights = [] if grid.plain else self._heights(grid, letters)
        self.body = body_of(self.worksheet, grid, first, self.looks, heights)

    def _heights(self, grid: Grid, letters: Sequence[str]) -> list[float]:
        return [_height(self.worksheet, (c.value for c in row), letters) for row in grid.rows]

    def fit(self, grid: Grid, widths: Mapping[str, float]) -> None:
        """Set the widths of columns."""
        if self.measured is None or self.measured[0] is not grid:
            self.measured = grid, [_width(grid, index) for index in range(len(grid.headings))]
        for index, heading in enumerate(grid.headings):
            width = widths.get(heading, self.measured[1][index])
            letter = get_column_letter(index + 1)
            self.worksheet.column_dimensions[letter].width = width + self.wider.get(letter, 0.0)

    def widen(self, letter: str, width: float) -> None:
        """Give a column more room than its content needs, for what stands above and below it."""
        self.worksheet.column_dimensions[letter].width += width
        self.wider[letter] = width

    def set_up_page(self, footer: str, warning: str = "", *, upright: bool = False) -> None:
        """Set A4, one page wide, with page numbers below and a warning above."""
        sheet = self.worksheet
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.zoomScale = 100
        sheet.page_setup.orientation = "portrait" if upright or self.one_page else "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 1 if self.one_page else 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.oddFooter.left.text = _printable(footer)
        sheet.oddFooter.right.text = "Page &P of &N"
        if warning:
            sheet.oddHeader.center.text = _printable(warning)
        for part in (sheet.oddHeader.center, sheet.oddFooter.left, sheet.oddFooter.right):
            part.font, part.size = f"{styles.FACE},Regular", 10


def _write(sheet: Worksheet, row: int, column: int, content: Cell) -> WorksheetCell:
    """Write a value as a number or as text, whatever the text looks like."""
    cell = sheet.cell(row, column)
    if content.value is None:
        return cell
    cell.value = content.value
    if isinstance(content.value, str):
        cell.data_type = "s"
    if content.sheet:
        cell.hyperlink = Hyperlink(
            ref=cell.coordinate, location=text.link_to(content.sheet), display=str(content.value)
        )
    return cell


def _write_header(sheet: Worksheet, row: int, grid: Grid) -> None:
    looks: dict[tuple[bool, bool, bool], Any] = {}  # few, and setting one takes long
    for index, heading in enumerate(grid.headings):
        cell = _write(sheet, row, index + 1, Cell(heading))
        right = any(each.right for each in grid.column(index))
        look = index > 0, right, text.reads_as_formula(heading)
        if look not in looks:
            cell.font, cell.fill = styles.BOLD, styles.HEADER_FILL
            cell.border = styles.HEADER_BORDER
            cell.alignment = styles.HEAD_INDENTED if index else styles.HEAD_LEFT
            if right:
                cell.alignment = styles.HEAD_RIGHT
            cell.quotePrefix = look[-1]
            looks[look] = cell._style
        cell._style = copy(looks[look])


def _height(sheet: Worksheet, values: Iterable[object], letters: Sequence[str]) -> float:
    """Return the height that the wrapped text of a row needs; not all programs set that on loading.

    ``letters`` are those of the columns.
    """
    lines = 1
    for index, value in enumerate(values):
        if isinstance(value, str):
            width = sheet.column_dimensions[letters[index]].width
            lines = max(lines, lines_in(value, width - (_INDENT if index else 0)))
    return min(lines * _LINE_HEIGHT + _AIR, 400)


def _native(grid: Grid, name: str, header: int, *, filters: bool) -> Table:
    last = get_column_letter(len(grid.headings))
    table = Table(displayName=name, ref=f"A{header}:{last}{header + len(grid.rows)}")
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, grid.headings, strict=True):
        column.name = heading
    if not filters:
        table.autoFilter = None
    table.tableStyleInfo = TableStyleInfo(showRowStripes=False)
    return table


def _width(grid: Grid, index: int) -> float:
    """Return the width that a column's content asks for, within limits."""
    heading = _BOLD * _two_lines(grid.headings[index].split())
    content = max((width_of(_as_shown(cell)) for cell in grid.column(index)), default=0.0)
    width = max(heading, content) + (_PADDING + _INDENT if index else _PADDING)
    widest = _WIDEST_PLAIN if grid.plain else _WIDEST
    return round(min(max(width, _NARROWEST), widest), 1)


def _two_lines(words: Sequence[str]) -> float:
    """Return the width on which words come to stand on two lines at most."""
    return min(
        max(width_of(" ".join(words[:cut])), width_of(" ".join(words[cut:])))
        for cut in range(len(words) + 1)
    )


def _as_shown(cell: Cell) -> str:
    """Return about what a reader sees of a cell, for its width."""
    if not isinstance(cell.value, int | float):
        return str(cell.value or "")
    if "%" in cell.format:
        return "100%" + (" [u]" if "u" in cell.format else "")
    if cell.format == "General":
        return f"{cell.value:.8g}"
    return f"{cell.value:,.2f}" if cell.format == styles.PLAIN_FORMAT else f"{cell.value:,.0f}"


def _printable(line: str) -> str:
    """Return a line for a page's head or foot, where ``&`` begins a command."""
    return text.clean(line, _MOST_IN_MARGIN).replace("&", "&&")
