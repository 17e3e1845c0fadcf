"""Everything else that is asked: one table per closed question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.checked import checked
from survey.codebook import Question, Unit
from survey.errors import EstimateError
from survey.estimates import Estimates, nps, share
from survey.estimates.shares.each import shares_of_each
from survey.estimates.shares.nps import is_scored
from survey.responses import Responses

__all__ = ["landscape", "respondents"]

_OF_ORGANIZATIONS = ("industry", "organization_size")  # about the organization; the first asked
_NEVER = frozenset({"is_public", "ok_to_contact", "user_country", "likelihood_to_recommend"})


@checked(EstimateError)
def respondents(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables on who answered, and whether they recommend OpenStack."""
    now = answers.in_edition(edition)
    if "likelihood_to_recommend" in now.concepts:
        yield share(now, "likelihood_to_recommend").named("likelihood_to_recommend", "respondents")
        if is_scored(answers, "likelihood_to_recommend"):
            yield nps(answers, by="edition").named(
                "nps_by_edition", "respondents", "Net promoter score, over the editions"
            )
    yield from _each(
        now, [q.concept for q in _closed(now, edition, Unit.RESPONDENT)], "respondents"
    )
    yield from _organizations(now, edition)


def _organizations(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the organizations that took part, whether they answered the question or not."""
    asked = [q.concept for q in _closed(answers, edition, Unit.RESPONDENT)]
    for concept in [each for each in _OF_ORGANIZATIONS if each in asked][:1]:
        table = share(answers, concept, unit="organization", base="asked")
        title = f"{table.title.rstrip('.')}: all organizations that took part"
        yield table.named("organizations", "respondents", title)


@checked(EstimateError)
def landscape(answers: Responses, edition: str, *, seen: frozenset[str]) -> Iterator[Estimates]:
    """Yield one table per closed question about deployments that ``seen`` does not name."""
    now = answers.in_edition(edition)
    asked = [question.concept for question in _closed(now, edition, Unit.DEPLOYMENT)]
    yield from _each(now, [concept for concept in asked if concept not in seen], "landscape")


def _each(answers: Responses, concepts: Sequence[str], topic: str) -> Iterator[Estimates]:
    """Yield a table for each question; all have their intervals worked out at once."""
    for concept, table in zip(concepts, shares_of_each(answers, concepts), strict=True):
        yield table.named(concept, topic)


def _closed(answers: Responses, edition: str, unit: Unit) -> Iterator[Question]:
    for question in answers.codebook.edition(edition).of_unit(unit):
        standing = question.concept not in _NEVER and not question.topic
        if question.kind.closed and standing and not question.personal:
            yield question
