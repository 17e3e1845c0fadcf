"""What a person really fills in: some questions only, some a little wrong, some in own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.codebook import Edition, Kind, Question, Unit
from survey.synthetic import names
from survey.synthetic.answers import Answer
from survey.synthetic.free_text import comment, write_in
from survey.synthetic.marginals import answer_rate
from survey.synthetic.population import Cloud, Member, Organization

__all__ = ["Visit", "cloud_told", "person_told"]

_FATIGUE = 0.18
_SLIP = 0.03
_UNSURE: Mapping[str, float] = {
    "deployment_year": 0.04,
    "organization_size": 0.05,
    "team_size": 0.05,
}
_OTHER_ADDRESS = 0.15
_CLAIMS_NEW_NAME = 0.75
_NEVER = 2.0


@dataclass(frozen=True)
class Visit:
    """One person filling in one edition.

    Attributes
    ----------
    name, former_name
        What the organization is called now, and was called before it was renamed or taken over.
    stops
        Position in the form, from 0 to 1, after which the person fills in nothing more about a
        cloud; 2 for those who reach the end.
    draw
        Source of this visit's accidents.
    """

    owner: Organization
    member: Member
    name: str
    former_name: str
    stops: float
    draw: np.random.Generator


def person_told(edition: Edition, visit: Visit, closed: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return concept -> answer for the part about the person and the organization."""
    own = {**closed, **_identity(visit)}
    return _told(edition, edition.of_unit(Unit.RESPONDENT), visit, own, _NEVER)


def cloud_told(
    edition: Edition, visit: Visit, cloud: Cloud, closed: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Return concept -> answer for one cloud."""
    style = int(visit.draw.integers(6)) if visit.draw.random() < 0.15 else visit.member.number % 6
    number = cloud.label + (0 if cloud.number == 0 else 3 * cloud.number)
    own = {**closed, "deployment_label": names.cloud_label(number, style)}
    return _told(edition, edition.of_unit(Unit.DEPLOYMENT), visit, own, visit.stops)


def _identity(visit: Visit) -> dict[str, Answer]:
    """Return the answers that say who fills in the form."""
    draw, member = visit.draw, visit.member
    habit = member.spelling if draw.random() < 0.85 else int(draw.integers(9))
    current = draw.random() < _CLAIMS_NEW_NAME
    other = draw.random() < _OTHER_ADDRESS
    given = 'O\'Brien, "Pat"' if draw.random() < 0.01 else member.given
    return {
        "first_name": given,
        "surname": member.surname,
        "email": f"{names.slug(given)}+survey@mail.example" if other else member.address,
        "organization_name": names.spelled(visit.name if current else visit.former_name, habit),
        "primary_city": names.place(draw.random()),
        "primary_state": names.place(draw.random()),
    }


def _told(
    edition: Edition,
    asked: Sequence[Question],
    visit: Visit,
    own: Mapping[str, Answer],
    stops: float,
) -> dict[str, Answer]:
    told: dict[str, Answer] = {}
    for place, question in enumerate(asked):
        chance = visit.draw.random()
        progress = place / len(asked)
        if progress > stops or chance > answer_rate(question) * (1 - _weary(question, progress)):
            continue
        answer = _given(question, visit.draw, own, edition, told)
        if answer:
            told[question.concept] = answer
    return told


def _weary(question: Question, progress: float) -> float:
    return 0.0 if question.required or question.write_in_of else _FATIGUE * progress


def _given(
    question: Question,
    draw: np.random.Generator,
    own: Mapping[str, Answer],
    edition: Edition,
    told: Mapping[str, Answer],
) -> Answer:
    if question.write_in_of:
        return _written(question, draw, edition, told)
    if question.concept not in own:
        return comment(draw) if question.kind is Kind.TEXT else ""
    return _slipped(question, draw, own[question.concept])


def _written(
    question: Question, draw: np.random.Generator, edition: Edition, told: Mapping[str, Answer]
) -> Answer:
    """Return the text beside "Other", nearly only where it was ticked."""
    explained = edition.by_concept.get(question.write_in_of)
    chosen = told.get(question.write_in_of, ())
    ticked = {chosen} if isinstance(chosen, str) else set(chosen)
    others = (
        {c.value for c in explained.choices if c.label.startswith("Other")} if explained else set()
    )
    return write_in(draw, question.write_in_of) if ticked & others else ""


def _slipped(question: Question, draw: np.random.Generator, answer: Answer) -> Answer:
    """Return the answer with the slips that people make: a band off, a tick forgotten."""
    chance = draw.random()
    if question.missing_labels and chance < _UNSURE.get(question.concept, 0.0):
        return question.value_of[next(iter(sorted(question.missing_labels)))]
    if chance > _SLIP:
        return answer
    bands = [question.value_of[label] for label in question.bands]
    if answer in bands:
        near = bands.index(str(answer)) + (1 if draw.random() < 0.5 else -1)
        return bands[min(max(near, 0), len(bands) - 1)]
    if question.kind is Kind.MULTIPLE and len(answer) > 1:
        dropped = int(draw.integers(len(answer)))
        return tuple(value for place, value in enumerate(answer) if place != dropped)
    return answer
