"""A small reader of the exporter's files that knows the codebook: enough to check the exporter.

It shares no code with the exporter. It reads one file into question Name -> answer per survey
and per deployment, and fails where a cell cannot be what the exporter writes.
"""

from __future__ import annotations

from collections.abc import Callable

from survey.codebook import Edition, Kind, Question, Unit
from survey.synthetic.countries import country_names
from tests.synthetic.replay import table

_CODES = {name.replace(",", "-"): code for code, name in country_names().items()}
Found = dict[int, dict[str, object]]


def read(edition: Edition, content: bytes, *, flat: bool) -> tuple[Found, Found]:
    """Return survey number -> answers and deployment number -> answers."""
    lines = table(content)
    if not lines:
        return {}, {}
    header, rows = lines[0], lines[1:]
    surveys: Found = {}
    deployments: Found = {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        surveys[int(cells["SurveyID"])] = _answers(edition, Unit.RESPONDENT, cells, flat)
        if cells["DeploymentID"]:
            found = _answers(edition, Unit.DEPLOYMENT, cells, flat)
            deployments[int(cells["DeploymentID"])] = found
    return surveys, deployments


def _answers(edition: Edition, unit: Unit, cells: dict[str, str], flat: bool) -> dict[str, object]:
    found = {q.heading: _answer(q, cells, flat) for q in edition.of_unit(unit)}
    return {name: answer for name, answer in found.items() if answer}


def _answer(question: Question, cells: dict[str, str], flat: bool) -> object:
    if question.kind is Kind.MATRIX:
        pairs = zip(question.rows, question.matrix_headings, strict=True)
        return {row.value: cells[heading] for row, heading in pairs if cells[heading]}
    if flat and question.flat:
        return _spread(question, cells)
    cell = cells[question.heading]
    return _CLOSED[question.kind](question, cell) if cell and question.kind in _CLOSED else cell


def _values(question: Question) -> dict[str, str]:
    return {choice.value.replace(",", "-"): choice.value for choice in question.choices}


def _list(question: Question, cell: str) -> tuple[str, ...]:
    return tuple(_values(question).get(item, item) for item in cell.split("|"))


def _countries(question: Question, cell: str) -> tuple[str, ...]:
    return (cell,) if cell in _values(question) else tuple(cell.split("-"))


_CLOSED: dict[Kind, Callable[[Question, str], object]] = {
    Kind.COUNTRY: lambda question, cell: _CODES[cell],
    Kind.COUNTRIES: _countries,
    Kind.SINGLE: lambda question, cell: _values(question)[cell],
    Kind.MULTIPLE: _list,
    Kind.RANKING: _list,
}


def _spread(question: Question, cells: dict[str, str]) -> object:
    values = tuple(dict.fromkeys(choice.value for choice in question.choices))
    marks = {value: cells[f"{question.heading} - {value}".replace(",", "-")] for value in values}
    if question.kind is Kind.RANKING:
        ranked = [value for value in values if marks[value] not in ("", "0")]
        return tuple(sorted(ranked, key=lambda value: int(marks[value])))
    chosen = tuple(value for value in values if marks[value] == "1")
    return chosen[0] if chosen and question.kind is Kind.SINGLE else chosen
