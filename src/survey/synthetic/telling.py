"""What a person really fills in: some questions only, some a little wrong, some in own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from survey.codebook import Edition, Question, Unit
from survey.dataclass import dataclass
from survey.synthetic import invented_names as names
from survey.synthetic.answers import Answer
from survey.synthetic.free_text import comment, write_in
from survey.synthetic.latent import ANSWERS, SLIPS, Slots
from survey.synthetic.marginals import answer_rate
from survey.synthetic.population import Cloud, Member
from survey.synthetic.streams import chances, stream

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
_PERSON = 999


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
    """

    seed: int
    slots: Slots
    edition: Edition
    member: Member
    name: str
    former_name: str
    stops: float

    def draw(self, *purpose: int | str) -> np.random.Generator:
        """Return the source of one of this visit's accidents."""
        return stream(self.seed, "visit", self.member.number, self.edition.name, *purpose)

    def chances(self, about: int) -> npt.NDArray[np.float64]:
        """Return this visit's chances by slot, ``about`` one cloud or the person."""
        keys, name = self.slots.keys, self.edition.name
        return chances(keys, self.seed, "visit", self.member.number, name, about)


def person_told(visit: Visit, closed: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return concept -> answer for the part about the person and the organization."""
    asked = visit.edition.of_unit(Unit.RESPONDENT)
    return _told(asked, visit, {**closed, **_identity(visit)}, _PERSON)


def cloud_told(visit: Visit, cloud: Cloud, closed: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return concept -> answer for one cloud."""
    draw = visit.draw("label", cloud.number)
    style = int(draw.integers(6)) if draw.random() < 0.15 else visit.member.number % 6
    label = names.cloud_label(cloud.label + 3 * cloud.number, style)
    asked = visit.edition.of_unit(Unit.DEPLOYMENT)
    return _told(asked, visit, {**closed, "deployment_label": label}, cloud.number)


def _identity(visit: Visit) -> dict[str, Answer]:
    """Return the answers that say who fills in the form."""
    draw, member = visit.draw("identity"), visit.member
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
    asked: Sequence[Question], visit: Visit, own: Mapping[str, Answer], about: int
) -> dict[str, Answer]:
    """Return the answers to those questions that the person answers, in form order."""
    told: dict[str, Answer] = {}
    chance, place = visit.chances(about), visit.slots.place
    stops = _NEVER if about == _PERSON else visit.stops
    for position, question in enumerate(asked):
        progress = position / len(asked)
        rate = answer_rate(question) * (1 - _weary(question, progress))
        if progress > stops or chance[place[question.concept, ANSWERS]] > rate:
            continue
        slip = float(chance[place[question.concept, SLIPS]])
        answer = _given(
            question, visit, about, slip, {**own, **told} if question.write_in_of else own
        )
        if answer:
            told[question.concept] = answer
    return told


def _weary(question: Question, progress: float) -> float:
    return 0.0 if question.required or question.write_in_of else _FATIGUE * progress


def _given(
    question: Question, visit: Visit, about: int, slip: float, own: Mapping[str, Answer]
) -> Answer:
    if question.write_in_of:
        return _written(question, visit, about, own)
    if question.concept in own:
        return _slipped(question, visit, about, slip, own[question.concept])
    return comment(visit.draw(about, question.concept)) if question.kind.free_text else ""


def _written(question: Question, visit: Visit, about: int, own: Mapping[str, Answer]) -> Answer:
    """Return the text beside "Other", where that was ticked."""
    explained = visit.edition.by_concept.get(question.write_in_of)
    chosen = own.get(question.write_in_of, ())
    ticked = {chosen} if isinstance(chosen, str) else set(chosen)
    choices = explained.choices if explained else ()
    if not ticked & {choice.value for choice in choices if choice.label.startswith("Other")}:
        return ""
    return write_in(visit.draw(about, question.concept), question.write_in_of)


def _slipped(question: Question, visit: Visit, about: int, slip: float, answer: Answer) -> Answer:
    """Return the answer with the slips that people make: a band off, a tick forgotten."""
    if question.missing_labels and slip < _UNSURE.get(question.concept, 0.0):
        return question.value_of[min(question.missing_labels)]
    if slip < 1 - _SLIP:
        return answer
    draw = visit.draw(about, question.concept)
    bands = [question.value_of[label] for label in question.bands]
    if answer in bands:
        near = bands.index(str(answer)) + (1 if draw.random() < 0.5 else -1)
        return bands[min(max(near, 0), len(bands) - 1)]
    if question.kind.multiple_choice and len(answer) > 1:
        dropped = int(draw.integers(len(answer)))
        return tuple(value for place, value in enumerate(answer) if place != dropped)
    return answer
