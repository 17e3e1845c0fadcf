"""The headings of a file, without reading its records or recognizing its edition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from survey.errors import ExportError, Problem
from survey.exports.export import KEYS
from survey.exports.recognise.quotable import quotable
from survey.exports.source import workbook
from survey.exports.source.first_bytes import is_workbook
from survey.exports.source.raw_file import read_raw, text_of
from survey.exports.source.raw_table import Page, TextPage

__all__ = ["read_headings"]

_DELIMITERS = (",", ";", "\t", "|")


def read_headings(path: str | Path) -> tuple[str, ...]:
    """Return the headings of an export of the survey system, whatever its questionnaire.

    Raises
    ------
    ExportError
        If the file has no column with the number of the respondent.

    Examples
    --------
    >>> read_headings("data/raw/Survey_20240831120000.csv")[0]  # doctest: +SKIP
    'SurveyID'
    """
    raw = read_raw(Path(path))
    pages: Sequence[Page] = (
        workbook.read_sheets(raw) if is_workbook(raw) else (TextPage(text_of(raw)),)
    )
    for page in pages:
        for delimiter in page.delimiters(_DELIMITERS):
            for headings in page.headings(delimiter, 1):
                if KEYS["respondent"] in headings and quotable(headings):
                    return headings
    problem = Problem(
        f"{raw.name}, line 1",
        f"no heading {KEYS['respondent']!r}",
        "the headings of a Survey_*.csv export",
        "export it with 'Deployment Survey CSV Download'",
    )
    raise ExportError(f"Cannot read the headings of {raw.name}", [problem])
