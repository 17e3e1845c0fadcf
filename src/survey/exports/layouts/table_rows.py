"""Records of another survey tool's file: which are answers, and by which number each is known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.codebook import LeaveOut, Unit
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.export import Export, Issue
from survey.exports.layouts.numbers import Numbers
from survey.exports.repair.column_editor import Distinct
from survey.exports.spelling import folded

__all__ = ["IMPORT_NUMBER", "answers_alone", "numbered"]

Marked = npt.NDArray[np.bool_]
_ROW = "(row)"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}").fullmatch
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+").fullmatch
_WHOLE = re.compile(r"([1-9]\d*)[.,]0+").fullmatch

# Qualtrics writes names, questions and import numbers under each other, and a status of each
# record: https://www.qualtrics.com/support/survey-platform/data-and-analysis-module/data
IMPORT_NUMBER = re.compile(r'\s*\{\s*"ImportId"\s*:')
_MOST_HEADING_LINES = 2  # below the first
_STATUS = "Status"
_STATUSES = frozenset(
    map(
        folded,
        ("IP Address", "Survey Preview", "Survey Test", "Imported", "Spam", "Offline",
         "Possible Spam", "SPSS Static Upload", "Preview", "Synthetic"),
    )
)  # fmt: skip
_TOTALS = frozenset(("total", "totals", "grand total", "sum", "average", "mean", "gesamt", "summe"))
_TESTS = frozenset(map(folded, ("Survey Preview", "Survey Test", "Preview")))


def answers_alone(export: Export) -> Export:
    """Return an export without heading lines among its records, tests, and blank records."""
    for code, reason, marked in _left_out(export):
        if marked.any():
            export = _without(export, marked, code, reason)
    return export


def _left_out(export: Export) -> Iterator[tuple[str, str, Marked]]:
    """Yield code, reason and records; every record falls under the first that fits it."""
    fitting = np.zeros(len(export), dtype=bool)
    for code, reason, test in (
        ("heading line", "another heading line below the first", _heading_lines),
        ("blank record", "nothing but delimiters", _blank),
        ("total line", "a sum below the records", _totals),
        *_conditions(export),
        ("preview", f"a test of the survey, as its column {_STATUS!r} says", _previews),
    ):
        marked = test(export) & ~fitting
        if marked.any():
            yield code, reason, marked[~fitting]
            fitting |= marked


def _without(export: Export, marked: Marked, code: str, reason: str) -> Export:
    number = int(marked.sum())
    records = "1 record is" if number == 1 else f"{number} records are"
    message = f"{records} left out: {reason}"
    first = int(export.lines[np.flatnonzero(marked)[0]])
    place = np.cumsum(~marked) - 1
    counts = {**export.counts, "kept": export.counts["kept"] - number}
    counts[code] = counts.get(code, 0) + number
    return replace(
        export,
        table=export.table.filter(~marked),
        lines=export.lines[~marked],
        uncertain=tuple(
            (int(place[row]), columns) for row, columns in export.uncertain if not marked[row]
        ),
        counts=counts,
        log=export.log.plus(issues=[Issue(export.name, first, "", code, message, 0)]),
    )


def _marks(export: Export, column: int, test: Callable[[str], bool]) -> Marked:
    found = Distinct.of(export.table.stored(column))
    return np.array([test(text) for text in found.texts], dtype=bool)[found.codes]


def _heading_lines(export: Export) -> Marked:
    """Return the records down to the one that holds import numbers, if that is near the top."""
    marked = np.zeros(len(export), dtype=bool)
    for row in range(min(_MOST_HEADING_LINES, len(export))):
        if any(IMPORT_NUMBER.match(cell) for cell in export.table.row(row)):
            marked[: row + 1] = True
    if not marked.any() and _is_label_line(export):
        marked[0] = True
    return marked


def _is_label_line(export: Export) -> bool:
    """Whether the first record has a text where all others have a number: the questions' words."""
    numbers = export.key("respondent")
    texts = [] if numbers is None else [text.strip() for text in numbers.to_pylist()]
    below = [text for text in texts[1:] if text]
    numeric = len(below) > 1 and all(map(str.isdecimal, below))
    return numeric and bool(texts[0]) and not any(map(str.isdigit, texts[0]))


def _blank(export: Export) -> Marked:
    marked = np.ones(len(export), dtype=bool)
    for column in range(len(export.headings)):
        if marked.any():
            marked &= _marks(export, column, lambda text: not text.strip())
    return marked


def _totals(export: Export) -> Marked:
    """Return the last record, if it is called a sum where others have their number."""
    marked = np.zeros(len(export), dtype=bool)
    heading = export.keys.get("respondent", export.headings[0] if export.headings else "")
    cells = export.column(heading)
    if cells is not None and len(export) > 1:
        marked[-1] = folded(cells[-1].as_py()) in _TOTALS
    return marked


def _previews(export: Export) -> Marked:
    """Return the records that Qualtrics calls tests, where nobody said what to leave out."""
    said = {condition.column for condition in export.edition.layout.leave_out}
    asked = {question.heading for question in export.edition.questions}
    nothing = np.zeros(len(export), dtype=bool)
    if _STATUS not in export.headings or _STATUS in said | asked:
        return nothing
    column = export.headings.index(_STATUS)
    texts = {folded(text) for text in Distinct.of(export.table.stored(column)).texts}
    if not texts <= _STATUSES:
        return nothing
    return _marks(export, column, lambda text: folded(text) in _TESTS)


_Test = Callable[[Export], Marked]


def _conditions(export: Export) -> Iterator[tuple[str, str, _Test]]:
    layout = export.edition.layout
    _refuse_unknown_columns(export, layout.leave_out)
    for number, condition in enumerate(layout.leave_out, start=1):
        code = condition.because or f"left out by rule {number}"
        yield code, f"as [[layout.leave_out]] {number} says", _meets(condition, layout.decimal)


def _refuse_unknown_columns(export: Export, conditions: Sequence[LeaveOut]) -> None:
    """Refuse to read a file in which it cannot be told which records are no answers."""
    problems = [
        Problem(
            f"{export.name}, line 1",
            f"no heading {condition.column!r}",
            "the column by which [[layout.leave_out]] tells answers from others",
            did_you_mean(condition.column, export.headings),
        )
        for condition in conditions
        if condition.column not in export.headings
    ]
    if problems:
        raise ExportError(f"Cannot read {export.name}", problems)


def _meets(condition: LeaveOut, decimal: str) -> _Test:
    """Return the test of a record: all that a condition says must be true of it."""

    def test(export: Export) -> Marked:
        column = export.headings.index(condition.column)
        texts = Distinct.of(export.table.stored(column)).texts
        numbers = Numbers(decimal) if decimal else Numbers.told_by(texts)
        return _marks(export, column, lambda text: _is_met(condition, text.strip(), numbers))

    return test


def _is_met(condition: LeaveOut, text: str, numbers: Numbers) -> bool:
    found = numbers.readings(text)
    if condition.one_of and folded(text) not in map(folded, condition.one_of):
        return False
    if condition.not_one_of and folded(text) in map(folded, condition.not_one_of):
        return False
    if condition.blank is not None and bool(text) is condition.blank:
        return False
    if condition.below is not None and not (found and max(found) < condition.below):
        return False
    return condition.above is None or bool(found and min(found) > condition.above)


def numbered(export: Export) -> Export:
    """Give every record numbers: its own, or a number made from its name, or its place."""
    deployments = export.edition.layout.unit is Unit.DEPLOYMENT or "deployment" in export.keys
    for role in ("respondent", "deployment")[: 1 + deployments]:
        heading = export.keys.get(role)
        if heading is None or heading not in export.headings:
            export = _with_places(export, role)
            continue
        column = export.headings.index(heading)
        found = Distinct.of(export.table.stored(column))
        if any(_ROUNDED(text.strip()) for text in found.texts):
            export = _rounded(export, role, found)
        else:
            cells = found.cells([_as_number(text) for text in found.texts])
            export = replace(export, table=export.table.replaced(column, cells))
    return export


def _rounded(export: Export, role: str, found: Distinct) -> Export:
    """Number records by place whose own numbers an office program rounded."""
    heading = export.keys[role]
    if export.edition.layout.unit is Unit.DEPLOYMENT and role == "respondent":
        problem = Problem(
            f"{export.name}, column {heading!r}",
            "numbers such as 1.14083E+11",
            "the whole number of each respondent",
            "a spreadsheet rounded them, so that several respondents may have one: export the "
            "file again, and do not save it with a spreadsheet",
        )
        raise ExportError(f"Cannot read {export.name}", [problem])
    rows = np.isin(found.codes, [c for c, text in enumerate(found.texts) if _ROUNDED(text.strip())])
    message = (
        "a spreadsheet rounded these numbers, and several records may have one: all records are "
        "numbered by their place, so that the file cannot be joined with another one"
    )
    issue = Issue(export.name, 1, heading, "rounded number", message, int(rows.sum()))
    return _with_places(replace(export, log=export.log.plus(issues=[issue])), role)


def _as_number(text: str) -> str:
    """Return a number as it is, and for a name one that is always the same.

    Numbers with zeros in front are names: ``007`` and ``7`` are two respondents.

    Examples
    --------
    >>> _as_number("17"), _as_number("17.0"), _as_number("R_3PtWm")
    ('17', '17', '17412024531500261')
    """
    bare = text.strip()
    if _NUMBER(bare) or not bare:
        return bare
    as_it_was = _WHOLE(bare)
    if as_it_was and _NUMBER(as_it_was[1]):
        return as_it_was[1]
    return str(int.from_bytes(hashlib.sha256(bare.encode()).digest()[:7], "big"))


def _with_places(export: Export, role: str) -> Export:
    heading = f"{_ROW} {role}"
    places = pa.array(np.arange(1, len(export) + 1).astype(str).tolist(), pa.string())
    return replace(
        export,
        table=export.table.with_column(places),
        headings=(*export.headings, heading),
        keys={**export.keys, role: heading},
    )
