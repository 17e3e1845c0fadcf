"""A closed question as numbers: which unit gave which answer, and who could have.

One reader per kind of question turns typed answers into an :class:`Indicator`; statistics
know indicators only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Kind, Question
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.labels import labels_of, merged_labels
from survey.estimates.places import REGION_OF, gathered, place_name, region_name, regions
from survey.estimates.sample import Sample
from survey.responses import AnswerSetArray

__all__ = ["Indicator", "any_of", "questions_of", "read_indicator"]

_DECLINING = frozenset({"Prefer not to say"})
_MOST_KEPT = 1 << 24  # units times answers
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Indicator:
    """The answers to one question as a table of zeros and ones.

    Attributes
    ----------
    answers
        Labels in the codebook's order.
    chosen
        Units x answers: whether the unit gave the answer.
    answered
        Per unit: whether it gave a substantive answer.
    declined
        Per unit: whether it chose to say that it does not know or will not say.
    offered
        Editions x answers: whether the edition offered the answer.
    asked
        Per edition: whether it asked the question.
    refusals
        Which of the answers decline to answer.
    several
        Whether a unit can give several answers.
    ranks
        Units x answers, for rankings: 0, or the rank.
    columns
        Further columns of a table of this question, one entry per answer.
    """

    answers: tuple[str, ...]
    chosen: Flags
    answered: Flags
    declined: Flags
    offered: Flags
    asked: Flags
    refusals: Flags
    several: bool = False
    ranks: Codes | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def pick(self, places: npt.NDArray[np.intp]) -> Indicator:
        """Return a copy with the answers at ``places``, in that order."""
        return replace(
            self,
            answers=tuple(self.answers[i] for i in places),
            chosen=self.chosen[:, places],
            offered=self.offered[:, places],
            refusals=self.refusals[places],
            ranks=None if self.ranks is None else self.ranks[:, places],
            columns={
                name: tuple(values[i] for i in places) for name, values in self.columns.items()
            },
        )

    def where_asked(self, sample: Sample) -> Indicator:
        """Return a copy without answers from editions that did not ask the question."""
        if self.asked.all():
            return self
        here = self.asked[sample.edition]
        return replace(
            self,
            chosen=self.chosen & here[:, None],
            answered=self.answered & here,
            declined=self.declined & here,
            ranks=None if self.ranks is None else self.ranks * here[:, None],
        )

    def substantive(self) -> Indicator:
        """Return a copy without the answers that decline to answer."""
        return self.pick(np.flatnonzero(~self.refusals)) if self.refusals.any() else self

    def beside(self, other: Indicator) -> Indicator:
        """Return a copy with the answers of ``other``, about the same units, appended."""
        ranks = None
        if self.ranks is not None and other.ranks is not None:
            ranks = np.column_stack([self.ranks, other.ranks])
        return replace(
            self,
            answers=(*self.answers, *other.answers),
            chosen=np.column_stack([self.chosen, other.chosen]),
            offered=np.column_stack([self.offered, other.offered]),
            refusals=np.append(self.refusals, other.refusals),
            ranks=ranks,
            columns={
                name: (*values, *other.columns[name]) for name, values in self.columns.items()
            },
        )

    def union(self, name: str, members: Iterable[str]) -> Indicator:
        """Return a copy with one more answer: any of ``members``, each unit once."""
        places = [self.answers.index(member) for member in members]
        ranks = self.ranks
        if ranks is not None:
            best = np.where(ranks[:, places] > 0, ranks[:, places], 255).min(axis=1)
            ranks = np.column_stack([ranks, np.where(best == 255, 0, best).astype(np.uint8)])
        return replace(
            self,
            answers=(*self.answers, name),
            chosen=np.column_stack([self.chosen, any_of(self.chosen[:, places])]),
            offered=np.column_stack([self.offered, self.offered[:, places].any(axis=1)]),
            refusals=np.append(self.refusals, False),
            ranks=ranks,
            columns={column: (*values, "") for column, values in self.columns.items()},
        )


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
    found = _read(sample, concept)
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
    reader = _READERS.get(newest.kind)
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


def questions_of(sample: Sample, concept: str) -> tuple[Question | None, ...]:
    """Return the question behind ``concept`` in each edition, ``None`` where it was not asked."""
    book = sample.answers.codebook
    return tuple(book.edition(name).by_concept.get(concept) for name in sample.editions)


def any_of(chosen: Flags) -> Flags:
    """Return, per row, whether anything is true; a product is faster than ``any`` on short rows.

    Examples
    --------
    >>> any_of(np.array([[True, False], [False, False]])).tolist()
    [True, False]
    """
    return np.asarray(chosen.astype(np.float32) @ np.ones(chosen.shape[1], np.float32) > 0)


def _one_hot(codes: npt.NDArray[np.integer], size: int) -> Flags:
    """Return which of ``size`` answers each code is; -1 is none.

    Rows of a small table are taken several times faster than codes are compared with a range.
    """
    table = np.zeros((size + 1, size), dtype=bool)
    np.fill_diagonal(table, True)
    return np.take(table, codes, axis=0)


def _asked(questions: Sequence[Question | None]) -> Flags:
    return np.array([question is not None for question in questions], dtype=bool)


def _offered(
    questions: Sequence[Question | None], labels: Sequence[str], per_label: int = 1
) -> Flags:
    """Return editions x labels; with ``per_label``, each label stands for that many answers."""
    table = np.zeros((len(questions), len(labels)), dtype=bool)
    for row, question in enumerate(questions):
        if question is not None:
            listed = {*question.labels, *question.row_labels}
            table[row] = [label in listed for label in labels]
    return np.repeat(table, per_label, axis=1)


def _refusals(questions: Sequence[Question | None], labels: Sequence[str]) -> Flags:
    declining = {label for question in questions if question for label in question.missing_labels}
    return np.array([label in declining for label in labels], dtype=bool)


def _given(sample: Sample, offered: Flags, asked: Flags, chosen: Flags) -> Flags:
    """Count as offered what was given although the edition does not list it (carried over)."""
    doubtful = np.flatnonzero(~offered[asked].all(axis=0)) if asked.any() else np.array([], int)
    if not len(doubtful):
        return offered
    given = offered.copy()
    times = sample.membership @ chosen[:, doubtful].astype(np.float32)
    given[:, doubtful] |= (times > 0) & asked[:, None]
    return given


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
    refusals, asked = _refusals(questions, labels), _asked(questions)
    declined = np.append(refusals, False)[column]
    offered = _given(sample, _offered(questions, labels), asked, chosen)
    return Indicator(labels, chosen, (column >= 0) & ~declined, declined, offered, asked, refusals)


def _set(sample: Sample, concept: str, questions: Sequence[Question | None]) -> Indicator:
    values: AnswerSetArray = sample.column(concept)
    labels = labels_of(questions, _unlisted(values, questions))
    codes = _arranged(values, labels)
    chosen = codes > 0
    refusals, asked = _refusals(questions, labels), _asked(questions)
    offered = _given(sample, _offered(questions, labels), asked, chosen)
    return _of_set(
        Indicator(
            labels,
            chosen,
            sample.answered(concept),
            np.zeros(len(chosen), dtype=bool),
            offered,
            asked,
            refusals,
            several=True,
            ranks=codes if values.dtype.ranked else None,
        )
    )


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
    asked = _asked(questions)
    offered = _given(sample, _offered(questions, items, len(levels)), asked, chosen)
    answers = tuple(f"{item} / {level}" for item in items for level in levels)
    return Indicator(
        answers,
        chosen,
        sample.answered(concept),
        np.zeros(len(codes), dtype=bool),
        offered,
        asked,
        np.zeros(len(answers), dtype=bool),
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
    asked = _asked(questions)
    declined = ~answered & ~np.asarray(values.isna())
    return Indicator(
        labels,
        chosen,
        answered,
        declined,
        np.repeat(asked[:, None], len(labels), axis=1),
        asked,
        np.array([label in _DECLINING for label in labels], dtype=bool),
        several,
    )


def _checkbox(sample: Sample, concept: str, questions: Sequence[Question | None]) -> Indicator:
    values = sample.column(concept)
    missing = np.asarray(pd.isna(values))
    ticked = np.asarray(values.fillna(False), dtype=bool)
    chosen = np.column_stack([ticked, ~ticked & ~missing])
    asked = _asked(questions)
    return Indicator(
        ("Yes", "No"),
        chosen,
        ~missing,
        np.zeros(len(missing), dtype=bool),
        np.repeat(asked[:, None], 2, axis=1),
        asked,
        np.zeros(2, dtype=bool),
    )


_Reader = Callable[[Sample, str, Sequence[Question | None]], Indicator]
_READERS: Mapping[Kind, _Reader] = MappingProxyType(
    {
        Kind.SINGLE: _single,
        Kind.MULTIPLE: _set,
        Kind.RANKING: _set,
        Kind.MATRIX: _matrix,
        Kind.CHECKBOX: _checkbox,
        Kind.COUNTRY: _countries,
        Kind.COUNTRIES: _countries,
    }
)
