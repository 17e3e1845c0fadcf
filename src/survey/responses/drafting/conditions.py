"""Conditions on which questions are shown, after a draft has changed what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from survey.codebook import Edition, Question
from survey.codebook.question import Condition
from survey.responses.drafting.proposal import Proposal

__all__ = ["with_conditions"]


def with_conditions(
    base: Edition, proposals: Iterable[Proposal], not_asked: Mapping[str, str]
) -> tuple[Proposal, ...]:
    """Return proposals whose questions refer to questions and answers that there are.

    A condition on a question that is not asked, or on answers that it no longer lists, cannot be
    met. The question then counts as shown to all, which is doubtful: its base can be too large.
    """
    drafted = {each.question.concept: each for each in proposals}
    final = {q.concept: q for q in base.questions if q.concept not in not_asked}
    final |= {concept: each.question for concept, each in drafted.items()}
    for concept, question in final.items():
        kept = tuple(_reachable(question, final))
        if kept == question.shown_if:
            continue
        inherited = base.by_concept.get(concept)
        known = drafted.get(concept) or Proposal(question, inherited)
        doubt = "it was shown to those who gave answers that are no longer listed; to whom now?"
        drafted[concept] = replace(
            known,
            question=replace(question, shown_if=kept, confirmed=False),
            doubts=(*known.doubts, doubt),
        )
    return tuple(drafted.values())


def _reachable(question: Question, final: Mapping[str, Question]) -> Iterator[Condition]:
    """Yield the conditions that an answer can meet, with the answers that are listed."""
    for condition in question.shown_if:
        earlier = final.get(condition.concept)
        labels = earlier.labels if earlier is not None else ()
        answers = tuple(label for label in condition.answers if label in labels)
        if answers:
            yield replace(condition, answers=answers)
