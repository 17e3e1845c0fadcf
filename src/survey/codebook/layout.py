"""How the files of an edition are laid out: the ``[layout]`` table of a codebook file.

The survey system's own layouts need no description. Files of another survey tool do, and a
codebook file that has one is all that it takes to read them::

    [layout]
    family = "table"
    delimiter = ";"
    respondent = "ResponseId"      # without one, respondents are numbered as they come
    separator = ","                # joins the answers of a multiple response
    missing = ["NA"]
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from survey.codebook.fields import Fields
from survey.codebook.question import Unit

__all__ = ["SURVEY_SYSTEM", "Family", "FileLayout", "read_layout"]

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_UNITS = (Unit.RESPONDENT, Unit.DEPLOYMENT)


class Family(StrEnum):
    """What kind of system wrote the files of an edition."""

    SURVEY_BUILDER = "survey builder"  # the survey system since the autumn of 2015
    OLD_MODEL = "old model"  # the survey system before
    TABLE = "table"  # any other tool: one row per respondent or deployment


@dataclass(frozen=True, slots=True)
class FileLayout:
    """How files are laid out.

    Attributes
    ----------
    family
        What kind of system wrote them; everything else is for ``Family.TABLE`` alone.
    delimiter
        What stands between two cells.
    header_rows
        ``1``, or ``2`` where a second line names the choices under their question.
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
        it was not.
    missing
        Texts that mean that nothing was answered.
    plain
        Second headings that name no choice, such as ``"Response"``.
    """

    family: Family = Family.SURVEY_BUILDER
    delimiter: str = ","
    header_rows: int = 1
    unit: Unit = Unit.RESPONDENT
    respondent: str = ""
    deployment: str = ""
    created: str = ""
    edited: str = ""
    language: str = ""
    member: str = ""
    time_format: str = "%Y-%m-%d %H:%M:%S"
    separator: str = ";"
    checked: tuple[str, ...] = ("1", "Yes", "TRUE", "True", "true", "X", "x", "Checked", "Selected")
    unchecked: tuple[str, ...] = ("0", "No", "FALSE", "False", "false", "Unchecked", "Not selected")
    missing: tuple[str, ...] = ()
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
)
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
    if "family" in given:
        values["family"] = given.member("family", Family) or inherited.family
    if "unit" in given:
        values["unit"] = _unit(given)
    if "delimiter" in given:
        values["delimiter"] = _delimiter(given)
    if "header_rows" in given:
        values["header_rows"] = _header_rows(given)
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
    if rows not in (1, 2):
        given.wrong(f"header_rows = {rows!r}", "1 or 2")
        return 1
    return int(rows)
