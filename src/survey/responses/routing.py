"""Routing: whom the form showed a question, as far as the codebook and the files tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Condition, Question, Unit
from survey.errors import ResponsesError
from survey.responses.answer_set import AnswerSetArray
from survey.responses.responses import Responses

__all__ = ["answered_unopened", "conditions_of", "routing_known", "shown"]

Mask = npt.NDArray[np.bool_]


@checked(ResponsesError)
def shown(answers: Responses, concept: str, unit: Unit | None = None) -> pd.Series[Any]:
    """Return for each unit whether the form showed it ``concept``, as far as that is known.

    Whoever answered was shown the question, whatever the routing says. Where the routing is
    not known, or the question on which it depends is not in the files, everybody counts as
    shown: see :func:`routing_known`. An edition that does not ask shows it to nobody, and of
    whom the file has no column for it, nothing is known: they do not count.

    Raises
    ------
    ResponsesError
        If the concept is unknown, or cannot be asked per ``unit``.

    Examples
    --------
    >>> shown(answers, "custom_package_reasons").sum()  # doctest: +SKIP
    159
    """
    counted = answers.question(concept).unit if unit is None else unit
    seen = _opened(answers, concept, counted)
    if answers.presence.partly:
        seen &= ~_without_column(answers, concept, counted)
    if not seen.all():
        seen |= _answered(answers, concept, counted)
    return pd.Series(seen, index=answers.frame(counted).index, name=concept)


def answered_unopened(answers: Responses, concept: str, unit: Unit) -> Mask:
    """Return who answered ``concept`` without the answer that opens it, as far as is known.

    Skip logic that shows too much, an earlier answer that was lost or changed: each happens.
    """
    return _answered(answers, concept, unit) & ~_opened(answers, concept, unit)


def _opened(answers: Responses, concept: str, unit: Unit) -> Mask:
    """Return to whom the form shows a question, by what was answered before."""
    editions = answers.frame(unit)["edition"].astype(str).to_numpy()
    seen = np.zeros(len(editions), dtype=bool)
    for edition in answers.editions:
        question = answers.codebook.edition(edition).by_concept.get(concept)
        if question is not None:
            seen |= (editions == edition) & _met(answers, question, edition, unit)
    return seen


def _without_column(answers: Responses, concept: str, unit: Unit) -> Mask:
    """Return the units of which the file has no column for a question that others have."""
    frame, key = answers.frame(unit), answers.question(concept).unit.value
    lost = np.zeros(len(frame), dtype=bool)
    for edition in answers.editions:
        numbers = answers.presence.without_column(edition, concept)
        if numbers:
            here = (frame["edition"].astype(str) == edition) & frame[key].isin(numbers)
            lost |= here.to_numpy(dtype=bool)
    return lost


def _answered(answers: Responses, concept: str, unit: Unit) -> Mask:
    """Return who answered a question, in an edition that asks it."""
    editions = answers.frame(unit)["edition"].astype(str)
    asked = editions.isin(answers.codebook.asked_in(concept)).to_numpy(dtype=bool)
    return np.asarray(answers.column(concept, unit).notna().to_numpy(dtype=bool) & asked)


@checked(ResponsesError)
def routing_known(answers: Responses, concept: str, editions: Iterable[str]) -> bool:
    """Whether it is known, in each of some editions that ask, whom the form showed ``concept``."""
    for name in editions:
        question = answers.codebook.edition(name).by_concept.get(concept)
        if question is not None and not _usable(answers, question, name):
            return False
    return True


def conditions_of(question: Question, edition: Any) -> tuple[Condition, ...]:
    """Return what must have been answered before: a write-in needs the "Other" of its question."""
    parent = edition.by_concept.get(question.write_in_of)
    if parent is None or not parent.other_labels:
        return question.shown_if
    labels = tuple(label for label in parent.labels if label in parent.other_labels)
    return (*question.shown_if, Condition(parent.concept, labels))


def _usable(answers: Responses, question: Question, edition: str) -> tuple[Condition, ...]:
    """Return the conditions of a question, none if any of them cannot be looked up."""
    book = answers.codebook.edition(edition)
    conditions = conditions_of(question, book)
    for condition in conditions:
        parent = book.by_concept.get(condition.concept)
        if parent is None or not answers.available(parent.concept, edition):
            return ()
        if parent.unit is Unit.DEPLOYMENT and question.unit is Unit.RESPONDENT:
            return ()
    return conditions


def _met(answers: Responses, question: Question, edition: str, unit: Unit) -> Mask:
    """Return, per row of a unit's table, whether every condition is met."""
    met = np.ones(len(answers.frame(unit)), dtype=bool)
    for condition in _usable(answers, question, edition):
        met &= _any_of(answers.column(condition.concept, unit), condition.answers)
    return met


def _any_of(column: pd.Series[Any], labels: tuple[str, ...]) -> Mask:
    values = column.array
    if isinstance(values, AnswerSetArray):
        wanted = [place for place, item in enumerate(values.items) if item in labels]
        return np.asarray(values.chosen[:, wanted].any(axis=1), dtype=bool)
    return np.asarray(column.isin(labels), dtype=bool)
