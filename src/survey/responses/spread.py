"""Answers that several columns hold: one for each row of a matrix, or for each choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.codebook import Question
from survey.exports import Placement
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.column import (
    ANOTHER,
    Distinct,
    Parsed,
    Place,
    find_all,
    labelled,
    with_another,
)
from survey.responses.matching import Matcher

__all__ = ["matrix", "spread"]

_STRANGE = 255


def matrix(
    columns: Sequence[pa.ChunkedArray],
    placement: Placement,
    place: Place,
    others: Sequence[Question],
) -> Parsed:
    """Parse a matrix: one column per row, its cells name a level."""
    question = placement.question
    parsed = Parsed(None)
    matcher = Matcher.of(question, others)
    level = {label: number for number, label in enumerate((*question.labels, ANOTHER), start=1)}
    item = {label: number for number, label in enumerate(question.row_labels)}
    codes = np.zeros((len(columns[0]), len(item)), dtype=np.uint8)
    for cells, label, heading in zip(columns, placement.items, place.headings, strict=True):
        distinct = Distinct.of(cells)
        there = Place(place.file, heading, place.lines)
        found = find_all(distinct, matcher, there, parsed)
        of_text = np.array(
            [
                level[match.label] if match else level[ANOTHER] * (text != "")
                for match, text in zip(found, distinct.texts, strict=True)
            ]
            or [0],
            dtype=np.uint8,
        )
        codes[:, item[label]] = np.maximum(codes[:, item[label]], of_text[distinct.codes])
    levels = with_another(question.labels, bool((codes == level[ANOTHER]).any()))
    parsed.values = AnswerSetArray(codes, AnswerSetDtype(question.row_labels, levels))
    return parsed


def spread(columns: Sequence[pa.ChunkedArray], placement: Placement, place: Place) -> Parsed:
    """Parse a question whose choices have a column each."""
    several = placement.question.kind.several
    return (_spread_several if several else _spread_single)(columns, placement, place)


def _spread_several(
    columns: Sequence[pa.ChunkedArray], placement: Placement, place: Place
) -> Parsed:
    question = placement.question
    parsed = Parsed(None)
    ranked = question.kind.ranked
    item = {label: number for number, label in enumerate(question.labels)}
    codes = np.zeros((len(columns[0]), len(item)), dtype=np.uint8)
    strange = np.zeros(len(codes), dtype=np.uint8)
    for cells, label, heading in zip(columns, placement.items, place.headings, strict=True):
        there = Place(place.file, heading, place.lines)
        ticks = _ticks(cells, len(item) if ranked else 1, there, parsed)
        codes[:, item[label]] = np.maximum(codes[:, item[label]], ticks % _STRANGE)
        strange |= ticks == _STRANGE
    several = question.kind.multiple_choice and bool(strange.any())
    labels = with_another(question.labels, several)
    codes = np.column_stack([codes, strange]) if len(labels) > len(item) else codes
    parsed.values = AnswerSetArray(codes, AnswerSetDtype(labels, ranked=ranked))
    return parsed


def _ticks(
    cells: pa.ChunkedArray, highest: int, place: Place, parsed: Parsed
) -> npt.NDArray[np.uint8]:
    """Read ``1`` and blank, or ranks up to ``highest`` with ``0`` for "not ranked".

    Anything else is ``_STRANGE``: an answer, but nobody can say which.
    """
    distinct = Distinct.of(cells)
    meaning = {"": 0, **{str(number): number for number in range(highest + 1)}}
    for code, text in enumerate(distinct.texts):
        if text not in meaning:
            expected = "1 or nothing" if highest == 1 else f"a rank up to {highest}"
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown answer",
                f"{text!r} in a column of the flat layout; expected {expected}",
            )
    read = [meaning.get(text, _STRANGE) for text in distinct.texts]
    of_text = np.array(read or [0], dtype=np.uint8)
    return of_text[distinct.codes]


def _spread_single(
    columns: Sequence[pa.ChunkedArray], placement: Placement, place: Place
) -> Parsed:
    parsed = _spread_several(columns, placement, place)
    codes = parsed.values.codes
    twice = np.flatnonzero(codes.sum(axis=1) > 1)
    parsed.doubt(place, twice, "two answers", "more than one choice of a single-choice question")
    chosen = np.where(codes.sum(axis=1) == 1, codes.argmax(axis=1), -1)
    question = placement.question
    parsed.values = labelled(chosen, question)
    return parsed
