"""The survey system's exporter: true answers in, the bytes of its three files out.

A model, statement by statement, of what the real exporter does, faults included: the last
survey loses its deployments, a deployment's ``0`` becomes blank, lists are cut, rows with an
answer that the heading line does not know grow longer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from survey.checked import checked
from survey.codebook import Question, Unit
from survey.errors import SurveyError
from survey.synthetic.answers import (
    Answer,
    TrueAnswers,
    TrueDeployment,
    TrueRespondent,
    exported_deployments,
)
from survey.synthetic.countries import continent_of, country_names
from survey.synthetic.database_texts import SEPARATOR, cut, matrix_cells, text_of
from survey.synthetic.dialect import csv_bytes

__all__ = ["FIXED", "by_company", "by_heading", "flat"]

FIXED = ("SurveyID", "CreatedByID", "Email", "Created", "LastEdited", "Language")
_ALWAYS = "9999-12-31"
Row = dict[str, str]
_Spread = Callable[[Question], bool]


@checked(SurveyError)
def by_heading(answers: TrueAnswers, until: str = _ALWAYS) -> bytes:
    """Return the file ``Survey_*.csv``: one row per deployment, one column per question.

    Parameters
    ----------
    until
        Last day of the export's date window.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> from survey.synthetic.answers import TrueAnswers
    >>> by_heading(TrueAnswers(read_codebook().edition("2019"), ()))
    b''
    """
    return csv_bytes(list(_rows(answers, until, lambda question: False)))


@checked(SurveyError)
def flat(answers: TrueAnswers, until: str = _ALWAYS) -> bytes:
    """Return the file ``Survey_Flat_*.csv``: some questions get one column per choice."""
    return csv_bytes(list(_rows(answers, until, lambda question: question.flat)))


@checked(SurveyError)
def by_company(answers: TrueAnswers, until: str = _ALWAYS) -> bytes:
    """Return the file ``Survey_by_companies*.csv``: organizations as typed, account e-mails."""
    asked = [q for q in answers.edition.questions if q.kind.names_organization]
    rows = [
        {
            "SurveyID": str(each.respondent),
            "Org": str(each.answers[question.heading]),
            "Email": each.account_email,
        }
        for each in answers.exported(until)
        for question in asked
        if question.heading in each.answers
    ]
    return csv_bytes(sorted(rows, key=lambda row: _collated(row["Org"])))


def _collated(text: str) -> str:
    """Return what the database sorts by: no case, no accents, no trailing blanks."""
    plain = unicodedata.normalize("NFD", text.rstrip(" ").upper())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _rows(answers: TrueAnswers, until: str, spread: _Spread) -> Iterator[Row]:
    blank = dict.fromkeys(_deployment_headings(answers, spread), "")
    template = dict.fromkeys(_survey_headings(answers, spread), "")
    respondents = answers.exported(until)
    for respondent in respondents:
        first = _survey_cells(answers, respondent, template, spread)
        clouds = exported_deployments(respondent) if respondent is not respondents[-1] else ()
        for cloud in clouds:
            yield {**first, **_deployment_cells(answers, cloud, blank, spread)}
        if not clouds:
            yield {**first, **blank}


def _survey_headings(answers: TrueAnswers, spread: _Spread) -> Iterator[str]:
    yield from FIXED
    for question in answers.edition.of_unit(Unit.RESPONDENT):
        if spread(question) and question.choices:
            yield from _choice_headings(answers, question)
            continue
        if "Country" in question.heading:
            yield "Continent"
        yield question.heading


def _deployment_headings(answers: TrueAnswers, spread: _Spread) -> Iterator[str]:
    yield "DeploymentID"
    for question in answers.edition.of_unit(Unit.DEPLOYMENT):
        if question.kind.by_row or (spread(question) and question.choices):
            yield from _choice_headings(answers, question)
        else:
            yield question.heading


def _choice_headings(answers: TrueAnswers, question: Question) -> Iterator[str]:
    return (_heading(question, value) for value in answers.options(question))


def _heading(question: Question, value: str) -> str:
    return f"{question.heading} - {value}".replace(",", "-")


def _survey_cells(
    answers: TrueAnswers, respondent: TrueRespondent, template: Mapping[str, str], spread: _Spread
) -> Row:
    row = dict(template)
    row.update(
        zip(
            FIXED,
            (
                str(respondent.respondent),
                str(respondent.member),
                respondent.account_email,
                respondent.created,
                respondent.edited,
                respondent.language,
            ),
            strict=True,
        )
    )
    for question, answer in _stored(answers, Unit.RESPONDENT, respondent.answers):
        text = text_of(question, answer, answers.options(question))
        if spread(question):
            row.update(_survey_choices(answers, question, text))
        elif "Country" in question.heading:
            row["Continent"] = continent_of(text)
            row[question.heading] = country_names().get(text, text)
        else:
            row[question.heading] = text
    return {**row, **_unasked(answers, respondent.answers)}


def _survey_choices(answers: TrueAnswers, question: Question, text: str) -> Row:
    chosen = text.split(SEPARATOR)
    if not question.kind.ranked:
        return {_heading(question, value): "1" for value in chosen}
    rank = {value: str(chosen.index(value) + 1) for value in chosen}
    return {_heading(question, v): rank.get(v, "0") for v in answers.options(question)}


def _deployment_cells(
    answers: TrueAnswers, cloud: TrueDeployment, blank: Mapping[str, str], spread: _Spread
) -> Row:
    row = {**blank, "DeploymentID": str(cloud.deployment)}
    for question, answer in _stored(answers, Unit.DEPLOYMENT, cloud.answers):
        text = text_of(question, answer, answers.options(question))
        if text in ("", "0"):
            continue
        if isinstance(answer, Mapping):
            found = matrix_cells(question, answer)
        elif spread(question):
            found = {_heading(question, value): "1" for value in text.split(SEPARATOR)}
        else:
            row[question.heading] = text
            continue
        row.update({heading: cell for heading, cell in found.items() if heading in blank})
    return {**row, **_unasked(answers, cloud.answers)}


def _stored(
    answers: TrueAnswers, unit: Unit, given: Mapping[str, Answer]
) -> Iterator[tuple[Question, Answer]]:
    """Yield questions with stored answers in form order."""
    for question in answers.edition.of_unit(unit):
        answer = given.get(question.heading)
        if answer is not None:
            yield question, answer


def _unasked(answers: TrueAnswers, given: Mapping[str, Answer]) -> Row:
    """Return the cells of answers to questions that the heading line does not have."""
    known = answers.edition.by_heading
    return {
        name: answer if isinstance(answer, str) else cut(SEPARATOR.join(answer))
        for name, answer in given.items()
        if name not in known
    }
