"""The rows that are written as text are those that openpyxl would write, to the byte."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.writer.excel import ExcelWriter

from survey.publish.workbook import styles, text
from survey.publish.workbook.body import Looks, body_of
from survey.publish.workbook.grid import BLANK, Cell, Grid, number, word

LINES = "Back to contents"
CELLS = st.one_of(
    st.text(max_size=12).map(word),
    st.sampled_from(["=1+1", "+1", "#N/A", 'a "b" <c> & d\'', " x ", "1"]).map(Cell),
    st.integers(-(10**12), 10**12).map(lambda value: number(value, "#,##0")),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: number(value, "0%")),
    st.sampled_from([BLANK, Cell("", right=True), Cell("Notes", sheet="A 'b' & <c>")]),
)


def sheet_xml(workbook: Workbook) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        ExcelWriter(workbook, archive).write_data()
    with zipfile.ZipFile(file) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def line_on(workbook: Workbook, *, linked: bool) -> None:
    cell = workbook.active.cell(1, 1, LINES)
    if linked:
        cell.hyperlink = Hyperlink(ref="A1", location="'Cover'!A1", display=LINES)
        cell.font, cell.alignment = styles.HYPERLINK, styles.LINE
    assert cell.style_id >= 0  # its look gets its number before those of the rows


def by_openpyxl(grid: Grid, heights: list[float], *, linked: bool) -> bytes:
    """Return the sheet with a cell of openpyxl for each cell of the grid."""
    workbook = Workbook()
    line_on(workbook, linked=linked)
    sheet = workbook.active
    for place, row in enumerate(grid.rows):
        for column, content in enumerate(row):
            cell = sheet.cell(place + 2, column + 1)
            if content.value is not None:
                cell.value = content.value
            if isinstance(content.value, str):
                cell.data_type = "s"
            if content.sheet:
                target = text.link_to(content.sheet)
                cell.hyperlink = Hyperlink(
                    ref=cell.coordinate, location=target, display=str(content.value)
                )
            last = place == len(grid.rows) - 1
            left = styles.INDENTED if column else styles.LEFT
            plain = styles.PLAIN_INDENTED if column else styles.PLAIN
            cell.font = styles.HYPERLINK if content.sheet else styles.BODY
            cell.alignment = styles.RIGHT if content.right else plain if grid.plain else left
            edge = styles.LAST_BORDER if last else styles.ROW_BORDER
            cell.border = styles.NO_BORDER if grid.plain else edge
            cell.number_format = content.format or "General"
            written = content.value if isinstance(content.value, str) else ""
            cell.quotePrefix = written.startswith(("=", "+", "-", "@"))
        if heights:
            sheet.row_dimensions[place + 2].height = heights[place]
    return sheet_xml(workbook)


def as_text(grid: Grid, heights: list[float], *, linked: bool) -> bytes:
    """Return the sheet with the rows put in as text."""
    workbook = Workbook()
    line_on(workbook, linked=linked)
    dimension = workbook.active.calculate_dimension()
    body = body_of(workbook.active, grid, 2, Looks(), heights)
    return body.within(sheet_xml(workbook), dimension)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("linked", [False, True])
@settings(max_examples=25)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_rows_as_text_are_those_of_openpyxl(
    plain: bool, linked: bool, rows: list[tuple[Cell, ...]]
) -> None:
    grid = Grid(("a", "b", "c"), tuple(rows), plain=plain)
    heights = [] if plain else [19.0 + 15.5 * place for place in range(len(rows))]
    expected = by_openpyxl(grid, heights, linked=linked)
    assert as_text(grid, heights, linked=linked) == expected
