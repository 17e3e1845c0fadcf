"""Exports that a person opened in a spreadsheet and saved as a workbook.

Nothing is parsed before its size is known, nothing is fetched or run, and no cell is created
that the file does not hold: one far cell in a small file costs nothing. What the spreadsheet
made of the texts (dates, truth values, percentages, formulas, escapes) becomes text again.
"""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.exports.source.workbook.book import read_sheets
    from survey.exports.source.workbook.sheet import SheetPage

__all__ = ["SheetPage", "read_sheets"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "SheetPage": "sheet",
            "read_sheets": "book",
        },
    )
