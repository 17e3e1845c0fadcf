"""Times of records: as the survey system writes them, or said to be unreadable."""

from __future__ import annotations

import re

import pyarrow.compute as pc

from survey.exports.cells import Rewriting
from survey.exports.export import Export

__all__ = ["check_times", "looks_like_time"]

_FINE = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?$"
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").fullmatch
_WITHOUT_SECONDS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d").fullmatch
_WITHOUT_TIME = re.compile(r"\d{4}-\d\d-\d\d").fullmatch


def check_times(export: Export) -> Export:
    """Complete times that a spreadsheet cut, and report those that cannot be read.

    A spreadsheet that saves an export as CSV writes times as it shows them, without seconds.
    """
    work = Rewriting(export)
    for role in ("created", "edited"):
        heading = export.keys.get(role)
        if heading is not None and heading in export.headings:
            column = export.headings.index(heading)
            if pc.all(pc.match_substring_regex(export.table.column(column), _FINE)).as_py():
                continue
            work.map(column, _completed, "time completed")
            _report_unreadable(work, column)
    return work.done() if work.columns or work.issues else export


def looks_like_time(text: str) -> bool:
    """Whether ``text`` is written like a time, which does not make it one.

    Examples
    --------
    >>> looks_like_time("2018-05-01 10:00:00"), looks_like_time("0000-00-00 00:00:00")
    (True, True)
    """
    return bool(_TIME(text))


def _completed(text: str) -> str:
    if _WITHOUT_SECONDS(text):
        return f"{text}:00"
    return f"{text} 00:00:00" if _WITHOUT_TIME(text) else text


def _report_unreadable(work: Rewriting, column: int) -> None:
    distinct = work.distinct(column)
    for code, text in enumerate(distinct.texts):
        if text and not _TIME(text):
            work.doubt(
                column,
                distinct.rows(code).tolist(),
                "unreadable time",
                f"{text!r} is not a time such as 2018-05-01 10:00:00; it counts as missing",
            )
