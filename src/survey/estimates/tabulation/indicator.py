"""A closed question as numbers: which unit gave which answer, and who could have.

One reader per kind of question turns typed answers into an :class:`Indicator`; statistics
know indicators only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Kind, Question
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.places import REGION_OF, gathered, place_name, region_name, regions
from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.answer_labels import labels_of, merged_labels
from survey.estimates.tabulation.answer_table import Indicator, any_of
from survey.estimates.tabulation.offers import Offer, offer_of, questions_of, shown_rows
from survey.estimates.tabulation.written import with_written
from survey.responses import AnswerSetArray

__all__ = ["Indicator", "any_of", "read_indicator"]

_DECLINING = frozenset({"Prefer not to say"})
_MOST_KEPT = 1 << 24  # units times answers
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]


def read_indicator(sample: Sample, concept: str) -> Indicator:
    """Return the answers to ``concept`` as zeros and ones.

    A sample keeps what was read of it while that is small, for the next table.

    Raises
    ------
    EstimateError
        If the question is not a closed one.
    ResponsesError
        If none of the editions asks it.
    """
    kept: dict[str, Indicator] = sample.indicators
    if concept in kept:
        return kept[concept]
    found = with_written(sample, concept, _read(sample, concept))
    for array in (found.chosen, found.answered, found.declined, found.offered):
        array.flags.writeable = False
    if found.chosen.size + sum(each.chosen.size for each in kept.values()) <= _MOST_KEPT:
        kept[concept] = found
    return found


def _read(sample: Sample, concept: str) -> Indicator:
    if concept in REGION_OF and concept not in sample.answers.concepts:
        source = REGION_OF[concept]
        found = _countries(sample, source, questions_of(sample, source), by_region=True)
        return found.where_asked(sample)
    newest = sample.answers.question(concept)
    reader = _reader(newest.kind)
    if reader is None:
        closed = [
            name for name in sample.answers.concepts if sample.answers.question(name).kind.closed
        ]
        raise EstimateError(
            f"{concept!r} has no shares",
            [
                Problem(
                    f"concept {concept!r}",
                    f"a question of kind {newest.kind.value!r}",
                    "a question whose answers come from a list",
                    did_you_mean(concept, closed) or "code the texts first, then count codes",
                )
            ],
        )
    return reader(sample, concept, questions_of(sample, concept)).where_asked(sample)


def _one_hot(codes: npt.NDArray[np.integer], size: int) -> Flags:
    """Return which of ``size`` answers each code is; -1 is none.

    Rows of a small table are taken several times faster than codes are compared with a range.
    """
    table = np.zeros((size + 1, size), dtype=bool)
    np.fill_diagonal(table, True)
    return np.take(table, codes, axis=0)


def _refusals(questions: Sequence[Question | None], labels: Sequence[str]) -> Flags:
    declining = {label for question in questions if question for label in question.missing_labels}
    return np.array([label in declining for label in labels], dtype=bool)


def _made(
    sample: Sample,
    concept: str,
    offer: Offer,
    answers: tuple[str, ...],
    chosen: Flags,
    **more: Any,
) -> Indicator:
    """Return an indicator from what could be answered and what was."""
    nobody = np.zeros(len(chosen), dtype=bool)
    given = {"declined": nobody, "refusals": np.zeros(len(answers), dtype=bool), **more}
    seen = shown_rows(sample, concept, offer.asked)
    return Indicator(answers, chosen, **vars(offer), shown=seen, **given)


def _single(sample: Sample, concept: str, questions: Sequence[Question | None]) -> Indicator:
    values = sample.column(concept)
    given = [str(name) for name in values.categories]
    codes = np.asarray(values.codes)
    listed = {label for question in questions if question for label in question.labels}
    used = np.bincount(codes[codes >= 0], minlength=len(given)) > 0
    labels = labels_of(
        questions,
        (name for name, is_used in zip(given, used, strict=True) if is_used and name not in listed),
    )
    place = {label: number for number, label in enumerate(labels)}
    places = [*(place.get(name, -1) for name in given), -1]
    column = np.array(places, dtype=np.intp)[codes]
    chosen = _one_hot(column, len(labels))
    refusals = _refusals(questions, labels)
    declined = np.append(refusals, False)[column]
    offer = offer_of(sample, concept, labels).with_given(sample, chosen)
    answered = (column >= 0) & ~declined
    scales = tuple(question.bands if question else {} for question in questions)
    more = {
        "answered": answered,
        "declined": declined,
        "refusals": refusals,
        "scales": scales if any(scales) else (),
    }
    return _made(sample, concept, offer, labels, chosen, **more)


def _set(sample: Sample, concept: str, questions: Sequence[Question | None]) -> Indicator:
    values: AnswerSetArray = sample.column(concept)
    labels = labels_of(questions, _unlisted(values, questions))
    codes = _arranged(values, labels)
    chosen = codes > 0
    offer = offer_of(sample, concept, labels).with_given(sample, chosen)
    more = {"answered": sample.answered(concept), "refusals": _refusals(questions, labels)}
    ranks = codes if values.dtype.ranked else None
    return _of_set(_made(sample, concept, offer, labels, chosen, **more, several=True, ranks=ranks))


def _unlisted(values: AnswerSetArray, questions: Sequence[Question | None]) -> tuple[str, ...]:
    """Return the items that were chosen although no edition lists them."""
    listed = {label for each in questions if each for label in (*each.labels, *each.row_labels)}
    others = [place for place, item in enumerate(values.items) if item not in listed]
    return tuple(values.items[place] for place in others if values.codes[:, place].any())


def _of_set(indicator: Indicator) -> Indicator:
    if not indicator.refusals.any():
        return indicator
    substantive = any_of(indicator.chosen[:, ~indicator.refusals])
    return replace(indicator, answered=substantive, declined=indicator.answered & ~substantive)


def _arranged(values: AnswerSetArray, labels: Sequence[str]) -> Codes:
    place = {item: number for number, item in enumerate(values.items)}
    if labels == values.items:
        return values.codes
    codes = np.zeros((len(values), len(labels)), dtype=np.uint8)
    known = [number for number, label in enumerate(labels) if label in place]
    codes[:, known] = values.codes[:, [place[labels[number]] for number in known]]
    return codes


def _matrix(sample: Sample, concept: str, questions: Sequence[Question | None]) -> Indicator:
    values: AnswerSetArray = sample.column(concept)
    asked_in = [question for question in questions if question is not None]
    listed = merged_labels([question.row_labels for question in asked_in])
    items = (*listed, *_unlisted(values, questions))
    levels = values.levels
    codes = _arranged(values, items)
    cells = _one_hot(codes.astype(np.intp) - 1, len(levels))
    chosen = cells.reshape(len(codes), len(items) * len(levels))
    offer = offer_of(sample, concept, items, len(levels)).with_given(sample, chosen)
    return _made(
        sample,
        concept,
        offer,
        tuple(f"{item} / {level}" for item in items for level in levels),
        chosen,
        answered=sample.answered(concept),
        several=True,
        columns={
            "item": tuple(item for item in items for _ in levels),
            "level": levels * len(items),
        },
    )


def _countries(
    sample: Sample, concept: str, questions: Sequence[Question | None], *, by_region: bool = False
) -> Indicator:
    values = sample.column(concept)
    if isinstance(values, AnswerSetArray):
        codes, chosen, several = values.items, values.chosen, True
    else:
        codes, several = tuple(values.categories.astype(str)), False
        chosen = _one_hot(np.asarray(values.codes), len(codes))
    declining = np.array([code in _DECLINING for code in codes], dtype=bool)
    answered = any_of(chosen[:, ~declining])
    if by_region:
        labels, chosen = gathered(chosen, [region_name(code) for code in codes], regions())
        answered = any_of(chosen)
    else:
        labels, chosen = gathered(chosen, [place_name(code) for code in codes])
    return _made(
        sample,
        concept,
        offer_of(sample, concept, None, len(labels)),
        labels,
        chosen,
        answered=answered,
        declined=~answered & ~np.asarray(values.isna()),
        refusals=np.array([label in _DECLINING for label in labels], dtype=bool),
        several=several,
    )


def _checkbox(sample: Sample, concept: str, questions: Sequence[Question | None]) -> Indicator:
    values = sample.column(concept)
    missing = np.asarray(pd.isna(values))
    ticked = np.asarray(values.fillna(False), dtype=bool)
    chosen = np.column_stack([ticked, ~ticked & ~missing])
    offer = offer_of(sample, concept, None, 2)
    return _made(sample, concept, offer, ("Yes", "No"), chosen, answered=~missing)


_Reader = Callable[[Sample, str, Sequence[Question | None]], Indicator]


def _reader(kind: Kind) -> _Reader | None:
    """Return what reads the answers of a kind, if they can be counted."""
    if kind.listed:
        return _matrix if kind.by_row else _set if kind.several else _single
    if kind.names_countries:
        return _countries
    return _checkbox if kind.ticked else None
