"""How the files of an edition are laid out: the ``[layout]`` table of a codebook file.

The survey system's own layouts need no description. Files of another survey tool do, and a
codebook file that has one is all that it takes to read them::

    [layout]
    family = "table"
    delimiter = ";"
    respondent = "ResponseId"      # without one, respondents are numbered as they come
    separator = ","                # joins the answers of a multiple response
    missing = ["NA"]

    [[layout.leave_out]]           # records that are no answers
    column = "Status"
    is = ["Survey Preview"]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any

from survey.codebook.fields import Fields
from survey.codebook.question import Unit
from survey.dataclass import dataclass

__all__ = ["SURVEY_SYSTEM", "Family", "FileLayout", "LeaveOut", "read_layout"]

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_UNITS = (Unit.RESPONDENT, Unit.DEPLOYMENT)


class Family(StrEnum):
    """What kind of system wrote the files of an edition."""

    SURVEY_BUILDER = "survey builder"  # the survey system since the autumn of 2015
    OLD_MODEL = "old model"  # the survey system before
    TABLE = "table"  # any other tool: one row per respondent or deployment


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Which records of a file are no answers: all that is said here must be true of them.

    Attributes
    ----------
    column
        Heading of the column that tells.
    one_of, not_one_of
        Texts that it holds in such a record, or in every other one (``is`` and ``is_not``).
    below, above
        Numbers that it lies below, or above.
    blank
        Whether it holds nothing; None if that does not matter.
    because
        What the count of these records is called.
    """

    column: str
    one_of: tuple[str, ...] = ()
    not_one_of: tuple[str, ...] = ()
    below: float | None = None
    above: float | None = None
    blank: bool | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class FileLayout:
    """How files are laid out.

    Attributes
    ----------
    family
        What kind of system wrote them; everything else is for ``Family.TABLE`` alone.
    delimiter
        What stands between two cells; empty if the file tells: a comma, a semicolon or a tab.
    header_rows
        Number of heading lines: ``1``, ``2`` where a second line names the choices under their
        question, or ``3`` where names, questions and import numbers stand under each other.
    heading_row
        Which of the heading lines has the headings that questions name. By default two lines
        are joined, and of three the first is used.
    quoted
        Whether cells can stand in quotes; if not, a quote is a character like any other.
    unit
        What one row is about.
    respondent, deployment
        Headings of the columns with the number or name of the record, if there are any.
    created, edited, language, member
        Headings of the columns that the survey system's own exports have, if there are any.
    time_format
        How times are written, in the codes of ``strftime``.
    separator
        What joins several answers in one cell.
    checked, unchecked
        What stands in a choice's own column when it was chosen (besides its own text), and when
        it was not, in small or capital letters.
    nothing_ticked
        What counts as the answer of somebody in whose columns the tool wrote for every choice
        that it was not chosen; empty if the tool also writes that where it did not ask.
    write_ins
        Whether a text that is no listed choice was written beside "Other", where a question
        has such a choice. If not, it is an answer that the codebook does not list.
    missing
        Texts that mean that nothing was answered.
    decimal
        What stands before the decimals of a number, ``"."`` or ``","``; by default it is told
        by the numbers of the column, where they can tell.
    leave_out
        Records that are no answers, such as tests: those of which any of these is true.
    plain
        Second headings that name no choice, such as ``"Response"``.
    """

    family: Family = Family.SURVEY_BUILDER
    delimiter: str = ""
    header_rows: int = 1
    heading_row: int = 0
    quoted: bool = True
    unit: Unit = Unit.RESPONDENT
    respondent: str = ""
    deployment: str = ""
    created: str = ""
    edited: str = ""
    language: str = ""
    member: str = ""
    time_format: str = "%Y-%m-%d %H:%M:%S"
    separator: str = ";"
    checked: tuple[str, ...] = ("1", "Yes", "Y", "True", "X", "Checked", "Selected", "✓", "✔", "☑")
    unchecked: tuple[str, ...] = ("0", "No", "N", "False", "Unchecked", "Not selected", "☐")
    nothing_ticked: str = "None of these"
    write_ins: bool = True
    missing: tuple[str, ...] = ()
    decimal: str = ""
    leave_out: tuple[LeaveOut, ...] = ()
    plain: tuple[str, ...] = ("Response", "Open-Ended Response")


SURVEY_SYSTEM = FileLayout()
_TEXTS = (
    "respondent",
    "deployment",
    "created",
    "edited",
    "language",
    "member",
    "time_format",
    "separator",
    "nothing_ticked",
)
_FLAGS = ("quoted", "write_ins")
_LISTS = ("checked", "unchecked", "missing", "plain")


def read_layout(given: Fields, inherited: FileLayout) -> FileLayout:
    r"""Return the layout that a ``[layout]`` table describes.

    Examples
    --------
    >>> problems = []
    >>> table = Fields("mine.toml", {"family": "table", "delimiter": "tab"}, problems)
    >>> layout = read_layout(table, FileLayout())
    >>> layout.family.value, layout.delimiter, problems
    ('table', '\t', [])
    """
    given.only(field.name for field in fields(FileLayout))
    values: dict[str, Any] = {key: given.text(key) for key in _TEXTS if key in given}
    values |= {key: given.texts(key) for key in _LISTS if key in given}
    values |= {key: given.flag(key) for key in _FLAGS if key in given}
    if "family" in given:
        values["family"] = given.member("family", Family) or inherited.family
    if "unit" in given:
        values["unit"] = _unit(given)
    if "delimiter" in given:
        values["delimiter"] = _delimiter(given)
    if "header_rows" in given:
        values["header_rows"] = _header_rows(given)
    if "heading_row" in given:
        rows = values.get("header_rows", inherited.header_rows)
        values["heading_row"] = _heading_row(given, rows)
    if "decimal" in given:
        values["decimal"] = _decimal(given)
    if "leave_out" in given:
        values["leave_out"] = tuple(_leave_out(given))
    return replace(inherited, **values)


def _unit(given: Fields) -> Unit:
    unit = given.member("unit", Unit)
    if unit is not None and unit not in _UNITS:
        given.wrong(f"unit = {unit.value!r}", " or ".join(repr(each.value) for each in _UNITS))
    return unit if unit in _UNITS else Unit.RESPONDENT


def _delimiter(given: Fields) -> str:
    text = given.text("delimiter")
    delimiter = _DELIMITERS.get(text, text)
    if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii():
        given.wrong(f"delimiter = {text!r}", f"one character or one of {', '.join(_DELIMITERS)}")
        return ","
    return delimiter


def _header_rows(given: Fields) -> int:
    rows = given.number("header_rows")
    if rows not in (1, 2, 3):
        given.wrong(f"header_rows = {rows!r}", "1, 2 or 3")
        return 1
    return int(rows)


def _heading_row(given: Fields, rows: int) -> int:
    row = given.number("heading_row")
    if row is None or row not in range(1, rows + 1):
        given.wrong(f"heading_row = {row!r}", f"one of the {rows} heading lines: 1 to {rows}")
        return 0
    return int(row)


def _decimal(given: Fields) -> str:
    mark = given.text("decimal")
    if mark not in (".", ","):
        given.wrong(f"decimal = {mark!r}", "'.' or ','")
        return ""
    return mark


_LEAVE_OUT = ("column", "is", "is_not", "below", "above", "blank", "because")


def _leave_out(given: Fields) -> Iterator[LeaveOut]:
    for number, entry in enumerate(given.items("leave_out"), start=1):
        fields = Fields(f"{given.where}, leave_out {number}", entry, given.problems)
        fields.only(_LEAVE_OUT)
        if not fields.text("column"):
            fields.wrong("no column", 'column = "Status", the heading of the column that tells')
        if not any(key in fields for key in ("is", "is_not", "below", "above", "blank")):
            fields.wrong("no condition", 'is = ["Survey Preview"], is_not, below, above or blank')
        yield LeaveOut(
            fields.text("column"),
            fields.texts("is"),
            fields.texts("is_not"),
            fields.number("below"),
            fields.number("above"),
            fields.flag("blank") if "blank" in fields else None,
            fields.text("because"),
        )
