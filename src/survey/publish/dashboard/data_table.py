"""A protected table as columns and cells: the same for the page, its script and its download."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from survey.dataclass import dataclass
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.words import limit_text
from survey.publish.format import integer, interval, value_text
from survey.publish.html import HTML, element
from survey.publish.rows import Row, bounds_of, rows_of
from survey.publish.statuses import words_of
from survey.publish.words import humanised

__all__ = ["data_table", "table_record"]

_VALUE = {
    Measure.SHARE: "Share",
    Measure.DIFFERENCE: "Change",
    Measure.SCORE: "Score",
    Measure.NUMBER: "Value",
    Measure.RATIO: "Ratio",
}
_Cell = list[Any]  # the exact number and how it is printed


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: its key, its heading, its figure and how it is printed."""

    key: str
    heading: str
    figure: Callable[[Row], float | None]
    shown: Callable[[float], str]


def table_record(table: Estimates) -> dict[str, Any]:
    """Return ``columns`` and ``rows``: groups, answer, value, interval, count, base and remark.

    A cell of a figure is ``[exact number, printed]``, or ``null`` where there is none; other
    cells are text.
    """
    rows = rows_of(table)
    columns = [column for column in _columns(table) if _used(column, rows)]
    remarks = [_remark(table, row) for row in rows]
    head: list[dict[str, Any]] = [
        {"key": group, "heading": humanised(group)} for group in table.groups
    ]
    head.append({"key": "answer", "heading": "Answer"})
    head += [{"key": c.key, "heading": c.heading, "number": True} for c in columns]
    head += [{"key": "status", "heading": "Status"}, {"key": "remark", "heading": "Remark"}]
    body = [
        [*row.group, row.answer, *(_cell(column, row) for column in columns), str(row.status), said]
        for row, said in zip(rows, remarks, strict=True)
    ]
    return {"columns": head, "rows": body}


def _cell(column: _Column, row: Row) -> _Cell | None:
    figure = column.figure(row)
    return None if figure is None else [float(f"{figure:.10g}"), column.shown(figure)]


def _columns(table: Estimates) -> Iterator[_Column]:
    level = f"{table.spec.level * 100:g}\N{NO-BREAK SPACE}%"

    def printed(number: float) -> str:
        return value_text(table, number)

    yield _Column("value", _VALUE[table.measure], lambda row: row.value, printed)
    yield _Column("low", f"Low ({level})", lambda row: row.low, printed)
    yield _Column("high", f"High ({level})", lambda row: row.high, printed)
    yield _Column("bound_low", "At least", lambda row: (bounds_of(row) or (None,))[0], printed)
    yield _Column("bound_high", "At most", lambda r: (bounds_of(r) or (None, None))[1], printed)
    yield _Column("count", "Count", lambda row: row.count, integer)
    yield _Column("base", "Base", lambda row: row.base, integer)


def _used(column: _Column, rows: Sequence[Row]) -> bool:
    return column.key == "value" or any(column.figure(row) is not None for row in rows)


def _remark(table: Estimates, row: Row) -> str:
    if not row.has_value:
        return limit_text(table, row) or words_of(row.status).reason or "no value"
    rule = row.word("imprecise_because")
    imprecise = "imprecise" + (f": {rule}" if rule else "")
    parts = (row.word("band"), row.word("verdict"), imprecise if row.imprecise else "")
    return "; ".join(part for part in parts if part)


def data_table(table: Estimates) -> HTML:
    """Return the table as HTML, for readers without scripts and for print.

    Each figure is a ``<data>`` element, which holds the exact number beside the printed one. The
    interval stands in one column.
    """
    rows = rows_of(table)
    remarks = [_remark(table, row) for row in rows]
    names = [*map(humanised, table.groups), "Answer", _VALUE[table.measure]]
    limits = any(row.low is not None for row in rows if row.has_value)
    level = f"{table.spec.level * 100:g}\N{NO-BREAK SPACE}% interval"
    head = [element("th", name, scope="col") for name in names]
    head += [element("th", level, scope="col", class_="number")] if limits else []
    head += [element("th", "Base", scope="col", class_="number")]
    head += [element("th", "Remark", scope="col")] if any(remarks) else []
    body = [
        _row(table, row, limits=limits, remark=said if any(remarks) else None)
        for row, said in zip(rows, remarks, strict=True)
    ]
    return element(
        "table",
        element("caption", table.title, class_="unseen"),
        element("thead", element("tr", *head)),
        element("tbody", *body),
    )


def _row(table: Estimates, row: Row, *, limits: bool, remark: str | None) -> HTML:
    cells = [element("td", group) for group in row.group]
    cells.append(element("th", row.answer, scope="row"))
    cells.append(_number(row.value, value_text(table, row.value) if row.value is not None else ""))
    if limits:
        text = interval(table, row.low, row.high) if row.has_value else ""
        cells.append(element("td", text, class_="number"))
    cells.append(_number(row.base, "" if row.base is None else integer(row.base)))
    cells += [] if remark is None else [element("td", remark)]
    return element("tr", *cells)


def _number(figure: float | None, shown: str) -> HTML:
    if figure is None:
        return element("td", class_="number")
    return element("td", element("data", shown, value=f"{figure:.10g}"), class_="number")
