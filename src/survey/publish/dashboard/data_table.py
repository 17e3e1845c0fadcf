"""A protected table as an HTML table that a person and a screen reader can read."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from survey.estimates.table import Estimates, Measure
from survey.publish.charts.frame import reason, usable
from survey.publish.format import interval, value_text

__all__ = ["data_table"]

_VALUE = {
    Measure.SHARE: "Share",
    Measure.DIFFERENCE: "Change",
    Measure.SCORE: "Score",
    Measure.NUMBER: "Value",
    Measure.RATIO: "Ratio",
}


def data_table(table: Estimates) -> str:
    """Return the table's rows: groups, answer, value, interval, count, base, remark."""
    heads = [
        *(group.replace("_", " ").capitalize() for group in table.groups),
        "Answer",
        _VALUE[table.measure],
        "Interval",
        "Count",
        "Base",
        "Remark",
    ]
    words = len(table.groups) + 1
    head = "".join(
        f'<th scope="col"{_class(place >= words and place < words + 4)}>{escape(name)}</th>'
        for place, name in enumerate(heads)
    )
    body = "".join(
        _row(table, {str(key): value for key, value in row.items()})
        for row in table.frame.to_dict("records")
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.title)}">'
        f'<table data-name="{escape(table.name)}"><caption>{escape(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(table: Estimates, row: dict[str, Any]) -> str:
    good = usable(row)
    groups = "".join(f"<td>{escape(str(row[group]))}</td>" for group in table.groups)
    numbers = (
        value_text(table, row["value"]) if good else "",
        interval(table, row["low"], row["high"]) if good else "",
        _whole(row["count"]),
        _whole(row["base"]),
    )
    cells = "".join(f'<td class="number">{escape(text)}</td>' for text in numbers)
    remark = _remark(row) if good else reason(row)
    return (
        f'<tr>{groups}<th scope="row">{escape(str(row["answer"]))}</th>{cells}'
        f"<td>{escape(remark)}</td></tr>"
    )


def _remark(row: dict[str, Any]) -> str:
    said = [str(row["verdict"])] if isinstance(row.get("verdict"), str) else []
    return ", ".join([*said, *(["imprecise"] if row["status"] == "imprecise" else [])])


def _whole(number: Any) -> str:
    return f"{int(number):,}" if pd.notna(number) else ""


def _class(number: bool) -> str:
    return ' class="number"' if number else ""
