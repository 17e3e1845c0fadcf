"""The layouts of the survey system: which headings each has, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from survey.codebook import Edition, Kind, Question, Unit
from survey.exports.export import Layout, Placement

__all__ = ["FIXED", "LAYOUTS", "Plan", "placements"]

FIXED = ("SurveyID", "CreatedByID", "Email", "Created", "LastEdited", "Language")
_BY_COMPANY = ("SurveyID", "Org", "Email")
Plan = Callable[[Edition], tuple[str, ...]]


def _whole_answers(question: Question) -> tuple[str, ...]:
    return question.matrix_headings if question.kind is Kind.MATRIX else (question.heading,)


def _flat_answers(question: Question) -> tuple[str, ...]:
    return question.flat_headings if _spread(question) else _whole_answers(question)


def _spread(question: Question) -> bool:
    """Whether the flat export writes one column per choice."""
    return question.flat and question.kind is not Kind.MATRIX


def _headings(edition: Edition, answers: Callable[[Question], tuple[str, ...]]) -> tuple[str, ...]:
    survey = [h for question in edition.of_unit(Unit.RESPONDENT) for h in answers(question)]
    deployment = [h for question in edition.of_unit(Unit.DEPLOYMENT) for h in answers(question)]
    return tuple(dict.fromkeys((*FIXED, *survey, "Continent", "DeploymentID", *deployment)))


LAYOUTS: Mapping[Layout, Plan] = MappingProxyType(
    {
        Layout.BY_HEADING: lambda edition: _headings(edition, _whole_answers),
        Layout.FLAT: lambda edition: _headings(edition, _flat_answers),
        Layout.BY_COMPANY: lambda edition: _BY_COMPANY,
    }
)


def placements(layout: Layout, edition: Edition, headings: Sequence[str]) -> tuple[Placement, ...]:
    """Return where a file with these headings holds the answers to each question."""
    position = {heading: column for column, heading in enumerate(headings)}
    if layout is Layout.BY_COMPANY:
        return _by_company(edition, position)
    found = (_place(layout, question, position) for question in edition.questions)
    return tuple(placement for placement in found if placement is not None)


def _place(layout: Layout, question: Question, position: Mapping[str, int]) -> Placement | None:
    if question.kind is Kind.MATRIX:
        pairs = zip(question.matrix_headings, question.row_labels, strict=True)
    elif layout is Layout.FLAT and _spread(question):
        pairs = zip(question.flat_headings, question.labels, strict=True)
    else:
        column = position.get(question.heading)
        return None if column is None else Placement(question, (column,))
    present = [(position[heading], label) for heading, label in pairs if heading in position]
    if not present:
        return None
    columns, items = zip(*present, strict=True)
    return Placement(question, columns, items)


def _by_company(edition: Edition, position: Mapping[str, int]) -> tuple[Placement, ...]:
    organization = edition.by_concept.get("organization_name")
    if organization is None or "Org" not in position:
        return ()
    return (Placement(organization, (position["Org"],)),)
