"""Grid: the cells of one table as they will stand in a sheet, before any spreadsheet exists."""

from __future__ import annotations

import math
from numbers import Real

import numpy as np
import pandas as pd

from survey.dataclass import dataclass
from survey.publish.workbook import text
from survey.publish.workbook.styles import COUNT_FORMAT, PLAIN_FORMAT

__all__ = ["BLANK", "Cell", "Grid", "any_cell", "number", "word"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a number with its format, or text.

    ``right`` aligns with numbers, as symbols in place of numbers do. ``sheet`` makes the text
    a link to the first cell of that sheet.
    """

    value: str | float | int | None
    format: str = ""
    right: bool = False
    sheet: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the cell holds a number."""
        return isinstance(self.value, int | float)


BLANK = Cell(None)


@dataclass(frozen=True)
class Grid:
    """A header row and the rows under it.

    Attributes
    ----------
    headings
        One unique text per column.
    rows
        As many cells each as there are headings.
    fixed
        How many columns at the left name a row; they stay in view while scrolling.
    printed
        How many columns at the left are printed; all, if 0.
    plain
        Whether long text is kept on one line, for sheets made for machines.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fixed: int = 1
    printed: int = 0
    plain: bool = False

    def column(self, index: int) -> list[Cell]:
        """Return the cells under one heading."""
        return [row[index] for row in self.rows]


def word(value: object, *, right: bool = False, sheet: str = "") -> Cell:
    """Return a cell of safe text; nothing at all is said as ``(no label)``.

    Examples
    --------
    >>> word(" =cmd() ").value
    '=cmd()'
    """
    return Cell(text.clean(value) or "(no label)", right=right, sheet=sheet)


def number(value: str | float | int, number_format: str) -> Cell:
    """Return a cell of a number, or of the symbol that stands in its place.

    Examples
    --------
    >>> number("[c]", "0%")
    Cell(value='[c]', format='', right=True, sheet='')
    """
    if isinstance(value, str):
        return Cell(value, right=True)
    return Cell(value, number_format, right=True)


def any_cell(value: object) -> Cell:
    """Return a cell for a value of any type, as plain frames hold them."""
    if isinstance(value, bool | np.bool_):
        return word("yes" if value else "no")
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return word("not applicable")
    if isinstance(value, Real):
        as_float = float(value)
        whole = as_float.is_integer()
        return number(int(as_float) if whole else as_float, COUNT_FORMAT if whole else PLAIN_FORMAT)
    return word(value)
