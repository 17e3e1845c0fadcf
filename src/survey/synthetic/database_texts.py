"""What the exporter reads from its database for one answer, before it writes a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey.codebook import Question, Unit
from survey.synthetic.answers import Answer

__all__ = ["LONGEST", "SEPARATOR", "cut", "joined", "matrix_cells", "text_of"]

LONGEST = 1024
"""Bytes after which the database cuts a list of choices."""
SEPARATOR = "|"


def cut(text: str) -> str:
    """Return ``text`` as far as the database lets a joined list grow.

    Examples
    --------
    >>> len(cut("x" * 2000))
    1024
    """
    return text.encode("utf-8")[:LONGEST].decode("utf-8", errors="ignore")


def joined(question: Question, answer: Sequence[str], options: Sequence[str]) -> str:
    """Return several choices as one text: option order, rank order for respondents' rankings."""
    if question.kind.ranked and question.unit is Unit.RESPONDENT:
        return cut(SEPARATOR.join(answer))
    place = {value: position for position, value in enumerate(options)}
    return cut(SEPARATOR.join(sorted(answer, key=lambda value: place.get(value, len(place)))))


def text_of(question: Question, answer: Answer, options: Sequence[str]) -> str:
    """Return one answer as the text that the database hands to the exporter.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> releases = read_codebook().question("releases_in_use", "2019")
    >>> text_of(releases, ("Queens", "Stein"), [choice.value for choice in releases.choices])
    'Stein|Queens'
    """
    if isinstance(answer, str):
        return answer
    if isinstance(answer, Mapping):
        return _option_numbers(question, answer)
    if question.kind.country_set:
        return ",".join(answer)
    return joined(question, answer, options)


def matrix_cells(question: Question, answer: Mapping[str, str]) -> dict[str, str]:
    """Return heading -> cell of a deployment's matrix; texts with a colon are dropped."""
    return {
        f"{question.heading} - {row}".replace(",", "-"): column
        for row, column in answer.items()
        if ":" not in row and ":" not in column
    }


def _option_numbers(question: Question, answer: Mapping[str, str]) -> str:
    """Return a matrix as pairs of option numbers, the only form it has for respondents.

    The real numbers come from a database; here rows and columns are counted as in the form.
    """
    rows = {row.value: number for number, row in enumerate(question.rows, start=1)}
    columns = {column.value: number for number, column in enumerate(question.choices, start=1)}
    return ",".join(f"{rows[row]}:{columns[column]}" for row, column in answer.items())
