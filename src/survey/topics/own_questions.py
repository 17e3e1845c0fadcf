"""Questions that a project's codebook adds: each stands in its topic, with its years."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from survey.checked import checked
from survey.codebook import Question
from survey.errors import EstimateError
from survey.estimates import Estimates, median, share
from survey.responses import Responses
from survey.topics.registry import TOPICS

__all__ = ["own_concepts", "own_questions"]

_ELSEWHERE: Final = "landscape"


def own_concepts(answers: Responses) -> dict[str, Question]:
    """Return the closed questions that a codebook puts into a topic, as last asked."""
    found: dict[str, Question] = {}
    for edition in answers.editions:
        for question in answers.codebook.edition(edition).questions:
            if question.topic and question.kind.closed and not question.personal:
                found[question.concept] = question
    return {name: each for name, each in found.items() if name in answers.concepts}


@checked(EstimateError)
def own_questions(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables of the questions that a project's codebook adds.

    A question whose topic is not in the registry stands in the landscape. It has a table of its
    answers; once two editions ask it, or an edition has dropped
    it, also one over the editions, in which an edition that does not ask it has a gap. Bands
    have their median over the editions besides.
    """
    now = answers.in_edition(edition)
    for concept, question in own_concepts(answers).items():
        topic = question.topic if question.topic in TOPICS else _ELSEWHERE
        if concept in now.concepts:
            yield share(now, concept).named(concept, topic)
        asked = [name for name in answers.codebook.asked_in(concept) if name in answers.editions]
        if len(asked) < 2 and edition in asked:
            continue
        yield share(answers, concept, by="edition").named(
            f"{concept}_by_edition", topic, f"{question.title}: over the editions"
        )
        if question.banded:
            yield median(answers, concept, by="edition").named(
                f"{concept}_median", topic, f"{question.title}: in the median"
            )
