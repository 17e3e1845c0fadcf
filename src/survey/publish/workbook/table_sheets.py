"""The sheet of one table: what it is, the table, and its chart under it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from openpyxl.chart._chart import ChartBase
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from survey.estimates.table import Measure
from survey.publish.charts.labels import lines_of
from survey.publish.workbook import styles, symbols, text
from survey.publish.workbook.grid import Grid
from survey.publish.workbook.index import CONTENTS, NOTES, Entry
from survey.publish.workbook.sheet_layout import grid_of
from survey.publish.workbook.sheets import Sheet

__all__ = ["fill_table"]

_LETTERS_OF_A_CENTIMETRE, _ROWS_OF_A_CENTIMETRE = 5.3, 1.9  # generously
_LEAST_LETTERS, _DEFAULT_WIDTH = 72.0, 8.43
_BOLD = 0.92  # so many letters of the warning take the room of one
_MOST_ON_ONE_PAGE = 40  # rows; with more, letters become too small


def fill_table(sheet: Sheet, entry: Entry, chart: ChartBase | None, warning: str) -> None:
    """Write title, explanation, links, table and chart."""
    grid = grid_of(entry.table)
    sheet.fit(grid, {})
    last, wide = _printed_columns(sheet, grid, chart)
    scale = styles.TITLE.size / styles.BODY.size
    for line in lines_of(f"Table {entry.number}: {entry.title}", int(wide / scale)):
        sheet.line(line, styles.TITLE)
    for line in lines_of(warning, int(wide * _BOLD)) if warning else ():
        sheet.line(line, styles.WARNING)
    for sentence in _explanation(entry, grid, has_chart=chart is not None):
        for line in lines_of(sentence, int(wide)):
            sheet.line(line, styles.QUIET)
    if entry.notes:
        sheet.line("See " + ", ".join(f"[note {number}]" for number in entry.notes), to=NOTES)
    sheet.line("Back to contents", to=CONTENTS)
    header = sheet.table(grid, f"Table_{entry.number}", filters=True)
    _define(sheet, entry, grid, header)
    if chart is not None:
        chart.anchor = f"A{header + len(grid.rows) + 2}"  # under the table, so that it prints
        sheet.worksheet.add_chart(chart)
        sheet.one_page = len(grid.rows) <= _MOST_ON_ONE_PAGE
    below = math.ceil(chart.height * _ROWS_OF_A_CENTIMETRE) + 2 if chart is not None else 0
    rows = header + len(grid.rows) + below
    sheet.worksheet.print_area = f"A1:{get_column_letter(last)}{rows}"


def _printed_columns(sheet: Sheet, grid: Grid, chart: ChartBase | None) -> tuple[int, float]:
    """Return how many columns are printed, and how many letters are as wide as they are.

    They hold the table, or its part for reading, and the chart; text above is divided to fit.
    Where a part is printed, the first column becomes as wide as it takes: further columns hold
    figures that are not for print.
    """
    known = sheet.worksheet.column_dimensions
    needed = chart.width * _LETTERS_OF_A_CENTIMETRE if chart is not None else _LEAST_LETTERS
    last = grid.printed or len(grid.headings)
    wide = sum(known[get_column_letter(place)].width for place in range(1, last + 1))
    if grid.printed:
        sheet.widen("A", max(0.0, needed - wide))
        return last, max(wide, needed)
    while wide < needed:
        last, wide = last + 1, wide + _DEFAULT_WIDTH
    return last, wide


def _define(sheet: Sheet, entry: Entry, grid: Grid, header: int) -> None:
    """Give the table a name in the workbook, for formulas and other programs."""
    if not grid.rows:
        return
    name = "survey_" + re.sub(r"\W", "_", entry.table.name or f"table_{entry.number}")
    last = f"${get_column_letter(len(grid.headings))}${header + len(grid.rows)}"
    place = text.link_to(entry.sheet).removesuffix("!A1")
    names = sheet.worksheet.parent.defined_names
    if name not in names:
        names[name] = DefinedName(name, attr_text=f"{place}!$A${header}:{last}")


def _explanation(entry: Entry, grid: Grid, *, has_chart: bool) -> Iterator[str]:
    table = entry.table
    beside = " and, under it, one chart of it" if has_chart else ""
    yield f"This sheet holds one table{beside}. What is counted: {entry.counted}."
    if table.measure is Measure.SHARE and table.several:
        yield "One unit can count in several answers, so shares do not add up to 100%."
    method = table.spec.method
    if method:
        yield f"Low and High: {table.spec.level * 100:g}% confidence interval. Method: {method}."
    signs = [sign for sign in symbols.MEANINGS if _holds(grid, sign)]
    if signs:
        yield "Symbols: " + ", ".join(f"{sign} {symbols.NAMES[sign]}" for sign in signs) + "."
    if not grid.rows:
        yield "The table has no rows: nothing was left to show."


def _holds(grid: Grid, sign: str) -> bool:
    cells = (cell for row in grid.rows for cell in row)
    return any(sign in (cell.format if cell.is_number else str(cell.value)) for cell in cells)
