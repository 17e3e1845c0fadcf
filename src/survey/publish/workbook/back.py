"""The sheets at the back: data for analysts, method and sources, disclosure audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pandas as pd

from survey.estimates.table import CORE_COLUMNS, Estimates, Status
from survey.publish.workbook import index as names
from survey.publish.workbook import styles, symbols, text
from survey.publish.workbook.charts import CHART_DATA, ChartData
from survey.publish.workbook.grid import BLANK, Cell, Grid, any_cell, grid_of_frame, number, word
from survey.publish.workbook.index import Entry, Index
from survey.publish.workbook.sheets import Sheet

__all__ = ["data_grid", "fill_audit", "fill_chart_data", "fill_data", "fill_method"]

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
        "A blank cell means that the column does not belong to the table. Symbols stand where a "
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
    for row in table.frame.to_dict("records"):
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


def _data_cell(row: dict[Any, Any], name: str) -> Cell:
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
        return any_cell(value)
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
    rows = tuple((word(a), word(b), any_cell(c)) for a, b, c in _facts(index))
    sheet.table(Grid(("Part", "Item", "Detail"), rows), "Method_and_sources", widths={"Detail": 84})


def _facts(index: Index) -> Iterator[tuple[str, str, Any]]:
    publication = index.publication
    origin = publication.provenance
    for rule in fields(publication.policy):
        yield (
            "Disclosure control",
            text.humanised(rule.name),
            getattr(publication.policy, rule.name),
        )
    for method in dict.fromkeys(entry.table.spec.method for entry in index.entries):
        used = [str(e.number) for e in index.entries if e.table.spec.method == method]
        if method:
            yield "Intervals", method, "tables " + ", ".join(used)
    for edition in origin.codebook:
        yield "Questionnaire", "Codebook edition", edition
    for source in origin.sources:
        made_up = "; made-up answers" if source.invented else ""
        yield "File read", source.name, f"{source.size:,} bytes; SHA-256 {source.sha256}{made_up}"
    for position, step in enumerate(origin.steps, 1):
        yield "Step", str(position), step


def fill_audit(sheet: Sheet, index: Index) -> None:
    """Write the audit of disclosure control, one row per table."""
    sheet.line("Disclosure audit", styles.TITLE)
    _warn(sheet, index)
    sheet.line("This sheet holds one table: how many cells of each table were withheld, and why.")
    sheet.line("Back to contents", to=names.CONTENTS)
    sheet.table(grid_of_frame(_plain_audit(index.publication.audit)), "Disclosure_audit")


def _plain_audit(audit: pd.DataFrame) -> pd.DataFrame:
    """Return the audit with a named index as its first column."""
    return audit.reset_index() if audit.index.name else audit


def _warn(sheet: Sheet, index: Index) -> None:
    if index.warning:
        sheet.line(index.warning, styles.WARNING)
