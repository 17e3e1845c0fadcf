"""What a reader must know of what the files lack, and of answers that no choice stands for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from survey.codebook import Question
from survey.estimates.design.sample import Sample
from survey.estimates.exact_note import ExactNote
from survey.estimates.tabulation.offers import questions_of
from survey.responses import ANOTHER, routing_known
from survey.responses.routing import answered_unopened

__all__ = ["absent_notes", "answer_notes", "band_notes", "routing_notes"]


def absent_notes(sample: Sample, concept: str) -> Iterator[str]:
    """Yield which questions, choices and rows the files of each edition have no column for."""
    for name, question in zip(sample.editions, questions_of(sample, concept), strict=True):
        if question is None:
            continue
        if not sample.answers.available(concept, name):
            yield f"The files of {name} have no column for '{question.title}': not available."
            continue
        yield from _partly_absent(sample, question, name)
        lacking = sample.answers.presence.lacking(name, concept)
        if lacking:
            what = "row" if question.kind.by_row else "choice"
            yield (
                f"The files of {name} have no column for {_listed(what, lacking)}: not available, "
                "and who gave no other answer is not in the base."
            )
        if question.unconfirmed_labels:
            yield (
                f"Not confirmed: nobody gave {_listed('answer', question.unconfirmed_labels)} in "
                f"{name}, and whether the form offered it is not known: not available."
            )


def _partly_absent(sample: Sample, question: Question, edition: str) -> Iterator[str]:
    answers = sample.answers
    without = answers.presence.without_column(edition, question.concept)
    frame = answers.frame(question.unit) if without else None
    if frame is not None:
        here = frame[question.unit.value].isin(without) & (frame["edition"].astype(str) == edition)
        units, words = answers.vocabulary.noun(question.unit, 2), "have no column for this question"
        yield ExactNote(
            f"Some files of {edition} {words}: their {here.sum():,} {units} are not in the base.",
            f"Some files of {edition} {words}: their {units} are not in the base.",
        )


def answer_notes(unlisted: int, written: int, units: str) -> Iterator[str]:
    """Yield how many answers the codebook does not list, and how many were written."""
    if unlisted:
        yield ExactNote(
            f"{unlisted:,} {units} gave an answer that the codebook does not list: it counts as "
            f"'{ANOTHER}'."
        )
    if written:
        yield ExactNote(
            f"{written:,} {units} wrote an answer without ticking 'Other': it counts as that."
        )


def band_notes(sample: Sample, concept: str) -> Iterator[str]:
    """Yield how many answers to a banded question are in no band that the codebook lists."""
    values = sample.column(concept)
    if ANOTHER in values.categories:
        unlisted = int(np.sum(values == ANOTHER))
        if unlisted:
            yield ExactNote(
                f"{unlisted:,} {sample.answers.vocabulary.noun(sample.unit, 2)} gave an answer "
                "that the codebook does not list: it is in no band and does not count here."
            )


def routing_notes(sample: Sample, concept: str) -> Iterator[str]:
    """Say whom the base of a table includes that counts everybody who was asked."""
    if not routing_known(sample.answers, concept, sample.editions):
        yield "Whom the form showed the question is not known: everybody counts as asked."
        return
    yield "Who was not shown the question is not in the base."
    unopened = sample.pick(answered_unopened(sample.answers, concept, sample.unit))
    if unopened.any():
        yield ExactNote(
            f"{unopened.sum():,} {sample.answers.vocabulary.noun(sample.unit, 2)} answered it "
            "without the answer that opens it, and count."
        )


def _listed(what: str, labels: tuple[str, ...]) -> str:
    named = ", ".join(f"'{label}'" for label in labels[:3])
    if len(labels) > 3:
        return f"{len(labels)} {what}s, such as {named}"
    return f"the {what}{'s' * (len(labels) > 1)} {named}"
