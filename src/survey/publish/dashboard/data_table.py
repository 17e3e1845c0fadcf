"""A protected table as an HTML table: figures to read, with the exact ones behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from survey.estimates.table import Estimates, Measure
from survey.publish.charts.words import limit_text
from survey.publish.format import integer, percent, value_text
from survey.publish.html import HTML, element, joined
from survey.publish.rows import Row, bounds_of, rows_of
from survey.publish.statuses import words_of

__all__ = ["data_table"]

_VALUE = {
    Measure.SHARE: "Share",
    Measure.DIFFERENCE: "Change",
    Measure.SCORE: "Score",
    Measure.NUMBER: "Value",
    Measure.RATIO: "Ratio",
}
_Figure = Callable[[Row], float | None]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: its heading, its figure and how it is printed."""

    key: str
    heading: str
    figure: _Figure
    shown: Callable[[float], str]


def data_table(table: Estimates) -> HTML:
    """Return the rows of a table: groups, answer, value, interval, count, base and remark.

    Each figure is a ``<data>`` element, which holds the exact number beside the printed one, so
    that a download gives numbers and not their rounded words.
    """
    marks = rows_of(table)
    columns = [column for column in _columns(table) if _used(column, marks)]
    remarks = [_remark(table, mark) for mark in marks]
    head = element("tr", *_head(table, columns, remarks=any(remarks)))
    rows = [
        _row(mark, columns, remark if any(remarks) else None)
        for mark, remark in zip(marks, remarks, strict=True)
    ]
    caption = element("caption", table.title)
    body = element("tbody", *rows)
    return element(
        "div",
        element("table", caption, element("thead", head), body),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label=f"Data: {table.title}",
    )


def _columns(table: Estimates) -> Iterator[_Column]:
    level = f"{table.spec.level * 100:g}\N{NO-BREAK SPACE}%"

    def printed(number: float) -> str:
        return percent(number, 1) if table.measure is Measure.SHARE else value_text(table, number)

    yield _Column("value", _VALUE[table.measure], lambda m: m.value, printed)
    yield _Column("low", f"Low ({level})", lambda m: m.low if m.has_value else None, printed)
    yield _Column("high", f"High ({level})", lambda m: m.high if m.has_value else None, printed)
    yield _Column("bound_low", "At least", lambda m: (bounds_of(m) or (None,))[0], printed)
    yield _Column("bound_high", "At most", lambda m: (bounds_of(m) or (None, None))[1], printed)
    yield _Column("count", "Count", lambda m: m.count, integer)
    yield _Column("base", "Base", lambda m: m.base, integer)


def _used(column: _Column, marks: Sequence[Row]) -> bool:
    return column.key == "value" or any(column.figure(mark) is not None for mark in marks)


def _head(table: Estimates, columns: Sequence[_Column], *, remarks: bool) -> Iterator[HTML]:
    for group in table.groups:
        words = group.replace("_", " ")
        yield element("th", words[:1].upper() + words[1:], scope="col", data_key=group)
    yield element("th", "Answer", scope="col", data_key="answer")
    for column in columns:
        yield element("th", column.heading, scope="col", class_="number", data_key=column.key)
    if remarks:
        yield element("th", "Remark", scope="col", data_key="remark")


def _row(mark: Row, columns: Sequence[_Column], remark: str | None) -> HTML:
    return element(
        "tr",
        *(element("td", group) for group in mark.group),
        element("th", mark.answer, scope="row"),
        *(_number(column.figure(mark), column.shown) for column in columns),
        *([] if remark is None else [element("td", remark)]),
    )


def _number(figure: float | None, shown: Callable[[float], str]) -> HTML:
    if figure is None:
        return element("td", class_="number")
    exact = f"{figure:.10g}"
    return element("td", element("data", shown(figure), value=exact), class_="number")


def _remark(table: Estimates, mark: Row) -> HTML | str:
    if not mark.has_value:
        return limit_text(table, mark) or words_of(mark.status).reason or "no value"
    imprecise = "imprecise" + (f": {mark.word('rule')}" if mark.word("rule") else "")
    parts = (mark.word("band"), mark.word("verdict"), imprecise if mark.imprecise else "")
    return joined("; ".join(part for part in parts if part))
