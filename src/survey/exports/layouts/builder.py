"""Answers as the survey system has exported them since the autumn of 2015.

``Survey_*.csv`` has one column per question, and so has the export of the statistics page with
its filters; ``Survey_Flat_*.csv`` has one per choice of some questions; ``Survey_by_companies*``
lists organizations and the e-mail addresses of the accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from survey.codebook import Edition, Question, Unit
from survey.exports.export import Layout, Placement
from survey.exports.layouts.heading_plan import Plan
from survey.exports.repair.history import note_texts, note_version

__all__ = ["FIXED", "PLANS"]

FIXED = ("SurveyID", "CreatedByID", "Email", "Created", "LastEdited", "Language")
_BY_COMPANY = ("SurveyID", "Org", "Email")


def _whole_answers(question: Question) -> tuple[str, ...]:
    return question.matrix_headings if question.kind.by_row else (question.heading,)


def _flat_answers(question: Question) -> tuple[str, ...]:
    return question.flat_headings if _spread(question) else _whole_answers(question)


def _spread(question: Question) -> bool:
    """Whether the flat export writes one column per choice."""
    return question.flat and not question.kind.by_row


def _headings(edition: Edition, answers: Callable[[Question], tuple[str, ...]]) -> tuple[str, ...]:
    survey = [h for question in edition.of_unit(Unit.RESPONDENT) for h in answers(question)]
    deployment = [h for question in edition.of_unit(Unit.DEPLOYMENT) for h in answers(question)]
    country = next((at for at, heading in enumerate(survey) if "Country" in heading), None)
    if country is not None:
        survey.insert(country, "Continent")  # worked out from the countries
    return tuple(dict.fromkeys((*FIXED, *survey, "DeploymentID", *deployment)))


def _place_whole(edition: Edition, headings: Sequence[str]) -> tuple[Placement, ...]:
    return _place(edition, headings, flat=False)


def _place_flat(edition: Edition, headings: Sequence[str]) -> tuple[Placement, ...]:
    return _place(edition, headings, flat=True)


def _place(edition: Edition, headings: Sequence[str], *, flat: bool) -> tuple[Placement, ...]:
    position = {heading: column for column, heading in enumerate(headings)}
    found = (_place_one(question, position, flat=flat) for question in edition.questions)
    return tuple(placement for placement in found if placement is not None)


def _place_one(question: Question, position: Mapping[str, int], *, flat: bool) -> Placement | None:
    if question.kind.by_row:
        pairs = zip(question.matrix_headings, question.row_labels, strict=True)
    elif flat and _spread(question):
        pairs = zip(question.flat_headings, question.labels, strict=True)
    else:
        column = position.get(question.heading)
        return None if column is None else Placement(question, (column,))
    present = [(position[heading], label) for heading, label in pairs if heading in position]
    if not present:
        return None
    columns, items = zip(*present, strict=True)
    return Placement(question, columns, items)


def _place_companies(edition: Edition, headings: Sequence[str]) -> tuple[Placement, ...]:
    organization = edition.by_concept.get("organization_name")
    if organization is None or "Org" not in headings:
        return ()
    return (Placement(organization, (list(headings).index("Org"),)),)


PLANS = (
    Plan(
        Layout.BY_HEADING,
        lambda edition: _headings(edition, _whole_answers),
        _place_whole,
        exporter=True,
        ordered=True,
        finish=note_version,
    ),
    Plan(
        Layout.FLAT,
        lambda edition: _headings(edition, _flat_answers),
        _place_flat,
        exporter=True,
        ordered=True,
        finish=note_version,
    ),
    Plan(
        Layout.BY_COMPANY,
        lambda edition: _BY_COMPANY,
        _place_companies,
        keys=lambda edition: {"respondent": "SurveyID", "account_email": "Email"},
        enough=0.75,
        whole=False,
        names_edition=False,
        ordered=True,
        finish=note_texts,
    ),
)
