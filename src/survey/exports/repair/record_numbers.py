"""Numbers of records as spreadsheets and programs leave them, and whole again.

A column of numbers with a blank in it becomes decimals (``1400002.0``); a spreadsheet groups
digits (``1,400,002``) or shows few of them (``1.4E+06``): then several people have one number,
and nothing gives them back their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from survey.errors import ExportError, Problem
from survey.exports.export import Repair
from survey.exports.parse.columns import Columns
from survey.exports.parse.csv_strict import Irregular
from survey.exports.spelling import unwrapped, visible
from survey.exports.usual_cells import only_numbers

__all__ = ["whole_number", "with_whole_keys"]

_ROLES = ("respondent", "deployment", "member", "answer")
_FINE = r"^\d*$"
_DECIMAL = re.compile(r"(\d+)[.,]0*").fullmatch
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+").fullmatch
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[Ee]\+?(\d{1,2})").fullmatch


def whole_number(text: str) -> str:
    r"""Return the digits of a whole number, however it is written; another text as it is.

    Examples
    --------
    >>> whole_number("1400002.0"), whole_number("1,400,002"), whole_number("1.400002E+06")
    ('1400002', '1400002', '1400002')
    >>> whole_number("1.4E+06"), whole_number("12.5"), whole_number("\ufeff 17")
    ('1.4E+06', '12.5', '17')
    """
    bare = unwrapped(visible(text)).strip("'\" ")
    if not bare:
        return ""
    scientific = _SCIENTIFIC(bare)
    if scientific:
        first, rest, power = scientific.group(1), scientific.group(2) or "", scientific.group(3)
        beyond = rest[int(power) :]
        whole = len(rest) >= int(power) and not beyond.strip("0")
        return first + rest[: int(power)] if whole else text
    grouped = _GROUPED(bare)
    if grouped:
        return re.sub(r"\D", "", bare)
    decimal = _DECIMAL(bare)
    digits = decimal.group(1) if decimal else bare
    return "".join(str(int(digit)) for digit in digits) if digits.isdecimal() else text


def with_whole_keys(name: str, columns: Columns, keys: Mapping[str, str]) -> Columns:
    """Return the records with whole numbers in the columns by which they are known.

    Raises
    ------
    ExportError
        If digits of numbers were lost, so that several records have one number.
    """
    for role in _ROLES:
        heading = keys.get(role)
        if heading in columns.headings and heading is not None:
            column = columns.headings.index(heading)
            if only_numbers(columns.records.table.column(column), least=0):
                continue
            texts = columns.records.text(column)
            if not pc.all(pc.match_substring_regex(texts, _FINE)).as_py():
                _refuse_lost_digits(name, heading, role, texts.to_pylist())
                columns = _rewritten(name, columns, column)
    return columns


def _refuse_lost_digits(name: str, heading: str, role: str, texts: Sequence[str]) -> None:
    lost = [text for text in texts if _SCIENTIFIC(visible(text)) and text == whole_number(text)]
    if lost and role != "member":
        problem = Problem(
            f"{name}, column {heading!r}",
            f"{len(lost)} numbers without their last digits, such as {lost[0]}",
            "the number by which each record is known",
            "a spreadsheet saved what it showed: widen the column, or export the file again",
        )
        raise ExportError(f"Cannot read {name}", [problem])


def _rewritten(name: str, columns: Columns, column: int) -> Columns:
    records = columns.records
    texts = records.text(column).to_pylist()
    whole = [whole_number(text) for text in texts]
    changed: dict[tuple[str, str], list[int]] = {}
    for row, pair in enumerate(zip(texts, whole, strict=True)):
        if pair[0] != pair[1]:
            changed.setdefault(pair, []).append(row)
    heading = columns.headings[column]
    repairs = [
        Repair(name, heading, before, after, "whole number", records.lines[np.array(rows)])
        for (before, after), rows in changed.items()
    ]
    table = records.table.set_column(column, str(column), pa.array(whole, pa.string()))
    irregular = tuple(
        Irregular(each.order, each.line, _with(each.cells, column)) for each in records.irregular
    )
    return replace(
        columns,
        records=replace(records, table=table, irregular=irregular),
        repairs=(*columns.repairs, *repairs),
    )


def _with(cells: tuple[str, ...], column: int) -> tuple[str, ...]:
    if column >= len(cells):
        return cells
    return (*cells[:column], whole_number(cells[column]), *cells[column + 1 :])
