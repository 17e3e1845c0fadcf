"""The sheets at the back: data for analysts, method and sources, withheld figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from survey.estimates.table import CORE_COLUMNS, Estimates, Status
from survey.provenance import Source
from survey.publish.rows import records_of
from survey.publish.words import merged
from survey.publish.workbook import index as names
from survey.publish.workbook import styles, symbols, text
from survey.publish.workbook.charts import CHART_DATA, ChartData
from survey.publish.workbook.grid import BLANK, Cell, Grid, any_cell, number, word
from survey.publish.workbook.index import Entry, Index
from survey.publish.workbook.sheets import Sheet
from survey.publish.workbook.styles import COUNT_FORMAT

__all__ = ["data_grid", "fill_chart_data", "fill_data", "fill_method", "fill_withheld"]

_KEYS = ("table", "topic", "statistic", "concept", "unit", "measure")


# -- data -----------------------------------------------------------------------------------


def fill_data(sheet: Sheet, index: Index) -> None:
    """Write the tidy union of all tables."""
    sheet.line("Data: every figure of every table, one estimate to a row", styles.TITLE)
    _warn(sheet, index)
    sheet.line(
        "This sheet holds one table, for analysts. Shares and differences of shares are fractions "
        "of 1. A grouping that a table does not have says 'all'."
    )
    sheet.line(
        "A blank cell means that the column has nothing to say on the row. Symbols stand where a "
        "figure is withheld or missing; the column 'status' says the same in words."
    )
    sheet.line("Back to contents", to=names.CONTENTS)
    sheet.table(data_grid(index), "Data", filters=True)


def data_grid(index: Index) -> Grid:
    """Return all rows of all tables under one header, groupings and extras as own columns."""
    tables = [entry.table for entry in index.entries]
    groups = list(dict.fromkeys(name for table in tables for name in table.groups))
    core = [name for name in CORE_COLUMNS if name != "answer"]
    known = {*groups, *CORE_COLUMNS}
    added = list(dict.fromkeys(str(c) for t in tables for c in t.frame.columns if c not in known))
    headings = text.unique([*_KEYS, *groups, "answer", *core, *added])
    rows = [row for entry in index.entries for row in _data_rows(entry, groups, core, added)]
    return Grid(headings, tuple(rows), fixed=1, plain=True)


def _data_rows(
    entry: Entry, groups: list[str], core: list[str], added: list[str]
) -> Iterator[tuple[Cell, ...]]:
    table = entry.table
    keys = (*_keys(entry.number, table),)
    for row in records_of(table):
        yield (
            *keys,
            *(word(row[name] if name in table.groups else "all") for name in groups),
            word(row["answer"]),
            *(_data_cell(row, name) for name in core),
            *(_added_cell(row, name) for name in added),
        )


def _keys(position: int, table: Estimates) -> tuple[Cell, ...]:
    spec = table.spec
    named = (table.topic or "other", spec.statistic, spec.concept, spec.unit, table.measure)
    return (number(position, "0"), *(word(str(value)) for value in named))


def _data_cell(row: dict[str, Any], name: str) -> Cell:
    if name == "status":
        return word(str(row["status"]))
    shown = symbols.shown(row[name], row["status"], protected=name != "base")
    return number(shown, "General")


def _added_cell(row: dict[Any, Any], name: str) -> Cell:
    if name not in row:
        return BLANK
    value = row[name]
    if Status(str(row["status"])) is Status.SUPPRESSED:
        return number(symbols.symbol_of(row["status"]), "")
    if isinstance(value, str | bool):
        return any_cell(value) if value != "" else BLANK
    if value is None or pd.isna(value):
        return BLANK
    return number(symbols.shown(value, row["status"], protected=False), "General")


def fill_chart_data(sheet: Sheet, index: Index, data: ChartData) -> int:
    """Write what the charts draw; return the row of the first value."""
    sheet.line("Chart data: the values that the charts draw", styles.TITLE)
    _warn(sheet, index)
    sheet.line(
        "This sheet holds one table. A blank cell means that the chart leaves a gap there, since a "
        "spreadsheet would draw a symbol as 0; the remark says why."
    )
    sheet.line("Back to contents", to=names.CONTENTS)
    return sheet.table(data.grid, CHART_DATA.replace(" ", "_"), filters=True) + 1


# -- method ---------------------------------------------------------------------------------


def fill_method(sheet: Sheet, index: Index) -> None:
    """Write the rules applied, the questionnaire editions, the files read and the steps."""
    sheet.line("Method and sources", styles.TITLE)
    _warn(sheet, index)
    sheet.line("This sheet holds one table.")
    sheet.line("Back to contents", to=names.CONTENTS)
    rows = tuple(tuple(word(part) for part in fact) for fact in _facts(index))
    sheet.table(Grid(("Part", "Item", "Detail"), rows), "Method_and_sources", widths={"Detail": 84})


def _facts(index: Index) -> Iterator[tuple[str, str, str]]:
    publication = index.publication
    origin = publication.provenance
    for name, rule in publication.policy.rules().items():
        yield "Disclosure control", text.humanised(name), rule
    for method in dict.fromkeys(entry.table.spec.method for entry in index.entries):
        used = [str(e.number) for e in index.entries if e.table.spec.method == method]
        if method:
            yield "Intervals", method, "tables " + ", ".join(used)
    for position, sentence in enumerate(merged(publication.left_out), 1):
        yield "What counts", str(position), sentence
    for edition in sorted(origin.codebook):
        yield "Questionnaire", "Codebook edition", edition
    for source in origin.sources:
        made_up = "; made-up answers" if source.invented else ""
        yield "File read", source.name, _content_of(source) + made_up
    for position, step in enumerate(origin.steps, 1):
        yield "Step", str(position), step


def _content_of(source: Source) -> str:
    """Say which content a file had; of confidential files a publication does not know it."""
    return f"{source.size:,} bytes; SHA-256 {source.sha256}" if source.sha256 else "confidential"


def fill_withheld(sheet: Sheet, index: Index) -> None:
    """Write how many rows of each table have a value, are imprecise, or are withheld.

    The counts are taken from the tables, hence known to every reader. The publication's audit
    stays inside: which cells were withheld only to protect others narrows those others down.
    """
    sheet.line("Withheld figures", styles.TITLE)
    _warn(sheet, index)
    sheet.line("This sheet holds one table: how many rows of each table are shown or withheld.")
    sheet.line("Back to contents", to=names.CONTENTS)
    headings = ("Sheet", "Rows", *(text.humanised(str(status)) for status in Status))
    rows = tuple(
        (
            word(entry.sheet, sheet=entry.sheet),
            number(len(entry.table), COUNT_FORMAT),
            *(number(times[status.value], COUNT_FORMAT) for status in Status),
        )
        for entry in index.entries
        for times in (Counter(map(str, entry.table.frame["status"].tolist())),)
    )
    sheet.table(Grid(headings, rows), "Withheld_figures")


def _warn(sheet: Sheet, index: Index) -> None:
    if index.warning:
        sheet.line(index.warning, styles.WARNING)
