"""What each edition offered, and what its files have: who could have given an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Question
from survey.dataclass import dataclass
from survey.estimates.design.sample import Sample
from survey.estimates.tidy import Status
from survey.responses import ANOTHER, Responses
from survey.responses.routing import shown

__all__ = ["Offer", "lost", "offer_of", "questions_of", "read_questions", "shown_rows", "withdrawn"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Offer:
    """Who could have answered a question, and with what.

    Attributes
    ----------
    asked
        Per edition: whether it asked the question and its files have a column for it.
    offered
        Editions x answers: whether the answer could be given, and the files would have it.
    absent
        Editions x answers: whether the answer could be given but the files have no column for
        it, so that nothing is known of it.
    """

    asked: Flags
    offered: Flags
    absent: Flags

    def with_given(self, sample: Sample, chosen: Flags) -> Offer:
        """Count as offered what was given although the edition does not list it."""
        doubtful = ~self.offered[self.asked].all(axis=0) if self.asked.any() else np.array([], bool)
        places = np.flatnonzero(doubtful)
        if not len(places):
            return self
        given = self.offered.copy()
        times = sample.membership @ chosen[:, places].astype(np.float32)
        given[:, places] |= (times > 0) & self.asked[:, None] & ~self.absent[:, places]
        return replace(self, offered=given)


def questions_of(sample: Sample, concept: str) -> tuple[Question | None, ...]:
    """Return the question behind ``concept`` in each edition, ``None`` where it was not asked."""
    book = sample.answers.codebook
    return tuple(book.edition(name).by_concept.get(concept) for name in sample.editions)


def read_questions(sample: Sample, concept: str) -> tuple[Question | None, ...]:
    """Return the questions as :func:`questions_of` does, ``None`` where no file has them, too."""
    return tuple(
        question if question and sample.answers.available(concept, name) else None
        for name, question in zip(sample.editions, questions_of(sample, concept), strict=True)
    )


def lost(answers: Responses, concept: str, editions: Iterable[str]) -> bool:
    """Whether any of some editions asks a question that its files have no column for."""
    return any(
        concept in answers.codebook.edition(name).by_concept
        and not answers.available(concept, name)
        for name in editions
    )


def withdrawn(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table none of whose numbers is available: counts are 0, the rest is missing."""
    gone = {
        name: 0 if pd.api.types.is_integer_dtype(frame[name].dtype) else np.nan
        for name in frame.select_dtypes("number").columns
    }
    status = np.full(len(frame), Status.NOT_AVAILABLE.value, dtype=object)
    return frame.assign(**{**gone, "status": status})


def offer_of(
    sample: Sample, concept: str, labels: Sequence[str] | None, per_label: int = 1
) -> Offer:
    """Return what each edition offered, and of that what its files lack.

    Parameters
    ----------
    sample, concept
        Whose answers to which question.
    labels
        Labels of the choices or matrix rows; ``None`` where any answer can be given.
    per_label
        How many answers each label stands for: several in a matrix; without labels, all.
    """
    questions = questions_of(sample, concept)
    asked = np.array([each is not None for each in read_questions(sample, concept)], dtype=bool)
    table = np.zeros(
        (len(questions), per_label * (1 if labels is None else len(labels))), dtype=bool
    )
    there = np.ones_like(table)
    for row, (name, question) in enumerate(zip(sample.editions, questions, strict=True)):
        if question is None:
            continue
        if labels is None:
            table[row] = True
        else:
            listed = {*question.labels, *question.row_labels, ANOTHER}
            table[row] = np.repeat([label in listed for label in labels], per_label)
            lacking = sample.answers.presence.lacking(name, concept)
            lacking = (*lacking, *question.unconfirmed_labels)
            if lacking:
                there[row] = np.repeat([label not in lacking for label in labels], per_label)
        there[row] &= asked[row]
    return Offer(asked, table & there, table & ~there)


def shown_rows(sample: Sample, concept: str, asked: Flags) -> Flags:
    """Return which units were shown the question, as far as that is known."""
    here = asked[sample.edition]
    routed = any(q and (q.shown_if or q.write_in_of) for q in questions_of(sample, concept))
    if not (routed or _partly_absent(sample, concept)):
        return np.asarray(here)
    return np.asarray(here & sample.pick(shown(sample.answers, concept, sample.unit).to_numpy()))


def _partly_absent(sample: Sample, concept: str) -> bool:
    presence = sample.answers.presence
    return any(presence.without_column(name, concept) for name in sample.editions)
