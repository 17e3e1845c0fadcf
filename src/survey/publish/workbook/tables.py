"""The sheet of one table: what it is, the table, and its chart under it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openpyxl.chart._chart import ChartBase
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from survey.estimates.table import Measure
from survey.publish.workbook import styles, symbols, text
from survey.publish.workbook.grid import Grid
from survey.publish.workbook.index import CONTENTS, NOTES, Entry
from survey.publish.workbook.layout import grid_of
from survey.publish.workbook.sheets import Sheet

__all__ = ["fill_table"]

_CHART_COLUMNS, _CHART_ROWS = 7, 26  # cells that a chart covers, generously
_MOST_ON_ONE_PAGE = 40  # rows; with more, letters become too small


def fill_table(sheet: Sheet, entry: Entry, chart: ChartBase | None, warning: str) -> None:
    """Write title, explanation, links, table and chart."""
    grid = grid_of(entry.table)
    sheet.line(f"Table {entry.number}: {entry.title}", styles.TITLE)
    if warning:
        sheet.line(warning, styles.WARNING)
    for line in _explanation(entry, grid, has_chart=chart is not None):
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
    if grid.printed:
        last = max(grid.printed, _CHART_COLUMNS if chart is not None else 0)
        rows = header + len(grid.rows) + (_CHART_ROWS if chart is not None else 0)
        sheet.worksheet.print_area = f"A1:{get_column_letter(last)}{rows}"


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
