"""Which question of the edition before stands under a heading that the codebook does not know.

Three things speak for a pair: how well the answers fit the question, how alike heading and
question are worded, and whether the same questions stand before and after it. The answers
weigh most; where they decide nothing (free text, choices that several questions share), the
words must be alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey.codebook import Question
from survey.codebook.releases import Calendar
from survey.dataclass import dataclass
from survey.responses.drafting.facts import Column
from survey.responses.drafting.fit import fit, listed_answers
from survey.responses.drafting.likeness import heading_likeness, same_words

__all__ = ["Pair", "pair_headings"]

_WEIGHTS = (0.5, 0.35, 0.15)
_LEAST_SCORE = 0.5
_CLOSE = 0.06
_ALL_FIT = 0.9  # with so many listed answers whatever the heading is called
_ENOUGH_LISTED = 3
_NAMED = 0.9  # a text whose title the heading is, though its answers repeat


@dataclass(frozen=True)
class Pair:
    """A column and the question that it seems to hold.

    ``listed`` says how many different answers of the column the question lists; ``rivals`` are
    questions that fit nearly as well.
    """

    column: Column
    question: Question
    fit: float
    likeness: float
    neighbours: float
    listed: int = 0
    rivals: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """How much speaks for the pair, from 0 to 1."""
        parts = (self.fit, self.likeness, self.neighbours)
        return sum(weight * part for weight, part in zip(_WEIGHTS, parts, strict=True))

    @property
    def sure(self) -> bool:
        """Whether the heading differs in capitals and punctuation alone, and the answers fit."""
        return same_words(self.column.heading, self.question.heading) and self.fit >= 0.5

    @property
    def plausible(self) -> bool:
        """Whether enough speaks for it to propose it."""
        if not self.question.kind.closed:
            near = self.likeness >= 0.75 or (self.likeness >= 0.5 and self.neighbours >= 1)
            return self.likeness >= _NAMED or (self.fit > 0.3 and near)
        if self.fit < 0.45:
            return False
        if self.fit >= _ALL_FIT and self.listed >= _ENOUGH_LISTED:
            return True
        return self.score >= _LEAST_SCORE and (self.likeness >= 0.35 or self.neighbours > 0)


def pair_headings(
    columns: Sequence[Column],
    questions: Sequence[Question],
    known: Mapping[str, str],
    order: Sequence[str],
    calendar: Calendar,
) -> list[Pair]:
    """Return which columns hold which questions, best first; each stands in one pair at most.

    Parameters
    ----------
    columns
        Columns under headings that are not known.
    questions
        Questions whose headings the file lacks.
    known
        Heading -> concept, of the columns that are known.
    order
        Concepts in the order of the form.
    calendar
        Release series.
    """
    neighbours = _Neighbours(known, order)
    pairs = [
        Pair(
            column,
            question,
            fit(column, question, calendar),
            heading_likeness(column.heading, question),
            neighbours.agreement(column, question),
            listed_answers(column, question),
        )
        for column in columns
        for question in questions
        if column.unit is question.unit
    ]
    return list(_greedy(pairs))


def _greedy(pairs: Iterable[Pair]) -> Iterable[Pair]:
    """Yield the best pairs, one for each column and question, with their rivals."""
    ordered = sorted((p for p in pairs if p.plausible), key=lambda pair: -pair.score)
    columns: set[str] = set()
    concepts: set[str] = set()
    for pair in ordered:
        if pair.column.heading in columns or pair.question.concept in concepts:
            continue
        rivals = tuple(
            other.question.concept
            for other in ordered
            if other.column.heading == pair.column.heading
            and other.question.concept not in {pair.question.concept, *concepts}
            and other.score > pair.score - _CLOSE
        )
        columns.add(pair.column.heading)
        concepts.add(pair.question.concept)
        yield Pair(
            pair.column,
            pair.question,
            pair.fit,
            pair.likeness,
            pair.neighbours,
            pair.listed,
            rivals,
        )


class _Neighbours:
    """Which known questions stand around a column, and around a question in the form."""

    def __init__(self, known: Mapping[str, str], order: Sequence[str]) -> None:
        self._order = list(order)
        self._headings = list(known)
        self._concept = dict(known)

    def agreement(self, column: Column, question: Question) -> float:
        """Return 1 if the questions before and after are the same, ½ if one of them is."""
        around = self._around_column(column)
        return (
            sum(
                one is not None and one == other
                for one, other in zip(around, self._around_question(question), strict=True)
            )
            / 2
        )

    def _around_column(self, column: Column) -> tuple[str | None, str | None]:
        places = {heading: place for place, heading in enumerate(self._headings)}
        here = places.get(column.heading)
        if here is None:
            return None, None
        before = next((c for h in reversed(self._headings[:here]) if (c := self._concept[h])), None)
        after = next((c for h in self._headings[here + 1 :] if (c := self._concept[h])), None)
        return before, after

    def _around_question(self, question: Question) -> tuple[str | None, str | None]:
        """Return the neighbours in the form that the file has, too."""
        present = {concept for concept in self._concept.values() if concept}
        here = self._order.index(question.concept)
        before = next((c for c in reversed(self._order[:here]) if c in present), None)
        after = next((c for c in self._order[here + 1 :] if c in present), None)
        return before, after
