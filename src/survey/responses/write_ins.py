"""What was written in a write-in column is an answer: it counts as "Other"."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Question, Unit
from survey.responses.answer_set import AnswerSetArray
from survey.responses.coding.wording import says_nothing
from survey.responses.column import ANOTHER
from survey.responses.responses import Responses

__all__ = ["written_labels"]

Mask = npt.NDArray[np.bool_]


def written_labels(answers: Responses, concept: str, unit: Unit) -> dict[str, Mask]:
    """Return which units wrote an answer of their own without ticking what stands for it.

    A text counts where it says something and nothing of it was recoded. Of a single choice it
    counts only where no choice was ticked: whoever ticked one may explain it.

    Returns
    -------
    dict
        The label that counts -> per row of ``answers.frame(unit)``, whether it does: the
        question's "Other" or, where an edition lists none, "Another answer".

    Examples
    --------
    >>> written_labels(answers, "hypervisors", Unit.DEPLOYMENT)  # doctest: +SKIP
    """
    found: dict[str, Mask] = {}
    editions = answers.frame(unit)["edition"].astype(str).to_numpy()
    for text, parent, edition in _write_ins(answers, concept):
        if text not in answers.frame(Unit.RESPONDENT) and text not in answers.frame(
            Unit.DEPLOYMENT
        ):
            continue
        rows = (editions == edition) & _written(answers, text, concept, unit)
        rows &= ~_ticked(answers, parent, unit)
        if rows.any():
            label = next((each for each in parent.labels if each in parent.other_labels), ANOTHER)
            found[label] = found.get(label, np.zeros(len(rows), dtype=bool)) | rows
    return found


def _write_ins(answers: Responses, concept: str) -> Iterator[tuple[str, Question, str]]:
    for edition in answers.editions:
        book = answers.codebook.edition(edition)
        parent = book.by_concept.get(concept)
        if parent is None or not answers.available(concept, edition):
            continue
        for question in book.questions:
            if question.write_in_of == concept:
                yield question.concept, parent, edition


def _written(answers: Responses, text: str, concept: str, unit: Unit) -> Mask:
    """Return who wrote something, apart from what was recoded as a listed answer."""
    column = answers.column(text, unit)
    codes, texts = pd.factorize(column)
    says = np.array([*(not says_nothing(str(each)) for each in texts), False], dtype=bool)
    written = np.asarray(says[codes], dtype=bool)
    log = answers.recoded
    own = log[(log["concept"] == concept) & (log["source"] == text)]
    if len(own):
        key = str(own["unit"].iloc[0])
        frame = answers.frame(unit)
        done = set(zip(own["edition"].astype(str), own["id"].astype(int), strict=True))
        rows = zip(frame["edition"].astype(str), frame[key].astype(int), strict=True)
        written &= ~np.array([row in done for row in rows], dtype=bool)
    return written


def _ticked(answers: Responses, parent: Question, unit: Unit) -> Mask:
    """Return who needs no tick: "Other" is ticked or, of a single choice, anything is."""
    column = answers.column(parent.concept, unit)
    values = column.array
    if not isinstance(values, AnswerSetArray):
        return np.asarray(column.notna(), dtype=bool)
    others = [place for place, item in enumerate(values.items) if item in parent.other_labels]
    return np.asarray(values.chosen[:, others].any(axis=1), dtype=bool)
