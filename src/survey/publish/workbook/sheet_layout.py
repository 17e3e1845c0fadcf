"""How a table of estimates is laid out for reading.

Estimates come tidy, one number per row, which suits machines. A reader of a survey compares
answers within an edition and follows one answer over the editions. So there are two layouts:

*Across*, for shares of several answers in two to twelve groups. One row per answer; the shares of
all groups stand side by side first ("2019", "2020", ...), small enough for one screen and one
printed page. The low ends of the intervals, the high ends, counts and bases follow to the right,
each again group by group ("2019 low (95%)", ...). The table sorts and filters by any column. A
value that is imprecise says ``[u]`` beside its number, by the number's format. Only the shares
are printed.

*Down*, for everything else: one row per estimate, with value, low, high, count, base, status
and whatever else the statistic gives, side by side.

The alternatives were worse. Blocks under each other with a column that names the figure cannot be
sorted; two header rows with merged cells would say it shorter, but a screen reader loses its
way in merged cells, and neither filters nor native tables accept them. Two sheets per table
separate a value from its uncertainty, against the first rule of this package. A text such as
"28 (23 to 33)" is not a number.

Both layouts are one native table with one header row, no blank row or column, and no merged
cell. The tidy rows are in the sheet "Data".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from survey.dataclass import dataclass
from survey.estimates.table import Estimates, Measure, Status
from survey.publish.rows import rows_of
from survey.publish.workbook import figures, symbols, text
from survey.publish.workbook.figures import Record
from survey.publish.workbook.grid import Cell, Grid, word

__all__ = ["across_column", "grid_of"]

_MOST_ACROSS = 12


def across_column(table: Estimates) -> str:
    """Return the grouping column whose groups stand side by side, or ``""`` for a long table."""
    if table.measure is not Measure.SHARE or not table.groups:
        return ""
    column = "edition" if "edition" in table.groups else table.groups[-1]
    rows = rows_of(table)
    if len({row.answer for row in rows}) < 2:
        return ""
    if len({(row.group, row.answer) for row in rows}) < len(rows):
        return ""
    place = table.groups.index(column)
    return column if 2 <= len({row.group[place] for row in rows}) <= _MOST_ACROSS else ""


def grid_of(table: Estimates) -> Grid:
    """Return a table in the layout that suits it."""
    table = figures.for_reading(table)
    column = across_column(table)
    return _Across(table, column).grid() if column else _down(table)


def _down(table: Estimates) -> Grid:
    """Return one row per estimate."""
    rows = figures.records(table)
    names = [*table.groups, *(["answer"] if _answers_differ(table) else [])]
    shown, added = figures.figures(rows), figures.extras(table)
    texts = {name for name in added if any(isinstance(row[name], str) for row in rows)}
    headings = [
        *(text.humanised(name) for name in names),
        *(figures.heading(table, name) for name in shown),
        "Status",
        *(figures.extra_heading(table, name) for name in added),
    ]
    cells = tuple(
        (
            *(word(row[name]) for name in names),
            *(figures.figure(table, row, name) for name in shown),
            word(symbols.words_of(row["status"])),
            *(figures.extra(table, row, name, of_text=name in texts) for name in added),
        )
        for row in rows
    )
    return Grid(text.unique(headings), cells, fixed=len(names))


def _answers_differ(table: Estimates) -> bool:
    """Whether the answer column says anything that the groups do not."""
    return not table.groups or len({row.answer for row in rows_of(table)}) > 1


Place = tuple[Any, ...]  # the answer, then the groups that stay at the left


@dataclass(frozen=True)
class _Across:
    """A table with the groups of ``column`` side by side."""

    table: Estimates
    column: str

    def grid(self) -> Grid:
        """Return the shares of all groups, then every other figure of all groups."""
        names = figures.figures(self.rows)
        headings = ["Answer", *(text.humanised(name) for name in self.beside)]
        fixed = len(headings)
        for name in names:
            headings += [self._heading(group, name) for group in self.groups]
        cells = tuple(
            (
                *(word(part) for part in place),
                *(cell for name in names for cell in self._figures(by_group, name)),
            )
            for place, by_group in self.found.items()
        )
        return Grid(text.unique(headings), cells, fixed, printed=fixed + len(self.groups))

    def _heading(self, group: Any, name: str) -> str:
        if name == "value":
            return str(group)
        return f"{group} {uncapital(figures.heading(self.table, name))}"

    def _figures(self, by_group: dict[Any, Record], name: str) -> Iterator[Cell]:
        for group in self.groups:
            yield figures.figure(self.table, by_group.get(group), name, roomy=group in self._roomy)

    @cached_property
    def rows(self) -> list[Record]:
        return figures.records(self.table)

    @cached_property
    def groups(self) -> list[Any]:
        return list(dict.fromkeys(row[self.column] for row in self.rows))

    @cached_property
    def beside(self) -> list[str]:
        return [name for name in self.table.groups if name != self.column]

    @cached_property
    def found(self) -> dict[Place, dict[Any, Record]]:
        """Rows by place, then by group, in order of appearance."""
        places: dict[Place, dict[Any, Record]] = {}
        for row in self.rows:
            place = (row["answer"], *(row[name] for name in self.beside))
            places.setdefault(place, {})[row[self.column]] = row
        return places

    @cached_property
    def _roomy(self) -> set[Any]:
        """Groups with an imprecise value, which is marked beside its number."""
        imprecise = Status.IMPRECISE
        return {row[self.column] for row in self.rows if row["status"] == imprecise}


def uncapital(heading: str) -> str:
    """Return a heading as it stands inside another one.

    Examples
    --------
    >>> uncapital("Low (95%)")
    'low (95%)'
    """
    return heading[:1].lower() + heading[1:]
