"""Why an answer is missing: the kinds that must not be mixed up.

An exported blank means any of: the edition did not ask, the form did not show the question,
it was left open, or the exporter lost the answer. Some listed choices decline to answer. Each
is told apart here as far as the file allows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Missing, Question, Unit
from survey.errors import ResponsesError
from survey.responses.answer_set import AnswerSetArray
from survey.responses.responses import Responses
from survey.responses.routing import shown

__all__ = ["Answered", "answered", "zero_is_blank"]

_ZERO = "0"
_SAME_AS_ZERO = frozenset({"is_public"})  # a blank says what 0 says: confidential
Mask = npt.NDArray[np.bool_]


class Answered(StrEnum):
    """Whether a question was answered, and if not, why."""

    ANSWERED = "answered"
    NOT_OFFERED = "not offered"  # this edition does not ask it
    NOT_AVAILABLE = "not available"  # it does, but its files have no column for it
    NOT_ASKED = "not asked"  # the form shows it only after another answer
    NOT_ANSWERED = "not answered"
    REFUSED = "refused"
    UNKNOWN = "do not know"
    LOST = "lost by the exporter"


@checked(ResponsesError)
def answered(answers: Responses, concept: str, unit: Unit | None = None) -> pd.Series[Any]:
    """Return for each unit whether ``concept`` was answered, and if not, why.

    Returns
    -------
    pandas.Series
        Categories of :class:`Answered`, one per row of ``answers.frame(unit)``.

    Raises
    ------
    ResponsesError
        If the concept is unknown, or cannot be asked per ``unit``.

    Examples
    --------
    >>> answered(answers, "compute_cores").value_counts()  # doctest: +SKIP
    """
    question = answers.question(concept)
    counted = unit or question.unit
    column = answers.column(concept, counted)
    editions = answers.frame(counted)["edition"].astype(str)
    kinds = np.full(len(column), Answered.NOT_ANSWERED.value, dtype=object)
    kinds[~column.isna().to_numpy()] = Answered.ANSWERED.value
    blank = column.isna().to_numpy()
    kinds[blank & ~shown(answers, concept, counted).to_numpy()] = Answered.NOT_ASKED.value
    kinds[_lost(answers, question, counted, blank)] = Answered.LOST.value
    for edition in answers.editions:
        here = (editions == edition).to_numpy()
        asked = answers.codebook.edition(edition).by_concept.get(concept)
        if asked is None:
            kinds[here] = Answered.NOT_OFFERED.value
        elif not answers.available(concept, edition):
            kinds[here] = Answered.NOT_AVAILABLE.value
        else:
            _decline(kinds, column, asked, here)
    categories = [kind.value for kind in Answered]
    return pd.Series(pd.Categorical(kinds, categories=categories), index=column.index, name=concept)


def _decline(
    kinds: npt.NDArray[np.object_], column: pd.Series[Any], question: Question, here: Mask
) -> None:
    """Mark answers that name nothing but a choice which declines to answer."""
    meaning = {Missing.REFUSED: Answered.REFUSED, Missing.UNKNOWN: Answered.UNKNOWN}
    for missing, kind in meaning.items():
        labels = {choice.label for choice in question.choices if choice.missing is missing}
        if missing is Missing.REFUSED and not question.choices:
            labels = {"Prefer not to say"}
        if labels:
            kinds[here & _only(column, labels)] = kind.value


def _only(column: pd.Series[Any], labels: set[str]) -> Mask:
    """Whether every answer given is one of ``labels``."""
    values = column.array
    if isinstance(values, AnswerSetArray):
        inside = np.array([item in labels for item in values.items], dtype=bool)
        chosen = values.chosen
        return np.asarray(chosen[:, inside].any(axis=1) & ~chosen[:, ~inside].any(axis=1))
    return np.asarray(column.isin(labels), dtype=bool)


def zero_is_blank(question: Question) -> bool:
    """Whether a blank can stand for the answer ``0``, which then cannot be told from none."""
    return question.concept not in _SAME_AS_ZERO and _zero_is_a_choice(question)


def _zero_is_a_choice(question: Question) -> bool:
    return question.unit is Unit.DEPLOYMENT and any(
        choice.value == _ZERO for choice in question.choices
    )


def _lost(answers: Responses, question: Question, unit: Unit, blank: Mask) -> Mask:
    """Whether a blank stands for an answer that the exporter can only have lost or hidden.

    A deployment's stored ``0`` is written as nothing: where ``0`` is a choice, a blank cannot
    be told from it.
    """
    zero = _zero_is_a_choice(question)
    flags = answers.flags
    flagged = flags[
        (flags["unit"] == question.unit.value)
        & ((flags["concept"] == question.concept) | (flags["concept"] == "*"))
    ]
    key = question.unit.value
    frame = answers.frame(unit)
    if key not in frame or not len(flagged):
        return blank & zero
    doubtful = set(zip(flagged["edition"].astype(str), flagged["id"].astype(int), strict=True))
    rows = zip(frame["edition"].astype(str), frame[key].astype(int), strict=True)
    return blank & (zero | np.array([row in doubtful for row in rows], dtype=bool))
