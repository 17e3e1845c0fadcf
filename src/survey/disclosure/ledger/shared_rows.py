"""Columns of different questions that have the same records behind an answer.

A variable that takes the answers of a question together has columns like that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from survey.disclosure.ledger.changed_records import DERIVED
from survey.disclosure.ledger.ledger_column import Column
from survey.responses import Responses

__all__ = ["SharedRows"]

_SOME: Final = 5
"""Fewer records can be behind answers of two questions by accident."""


class SharedRows:
    """The columns that were drawn, by the records behind their answers.

    Two questions of a form have no answer of the same records, so that one of the two is always
    made of another: a column of a form is looked for among those that are made, and the other way
    round. Names that no form has are taken for made ones.
    """

    def __init__(self) -> None:
        self._asked: frozenset[str] = frozenset()
        self._drawn: list[tuple[str, Column]] = []
        self._noted = 0
        self._of_all: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self._of_made: dict[int, list[tuple[str, int]]] = defaultdict(list)

    def learn(self, bodies: Iterable[Responses]) -> None:
        """Note which questions are those of a form."""
        books = {id(body.codebook): body.codebook for body in bodies}.values()
        editions = (edition for book in books for edition in book)
        questions = (each for edition in editions for each in edition.questions)
        asked = {q.concept for q in questions if not q.heading.endswith(DERIVED)}
        self._asked |= asked
        self._of_made.clear()
        for name, column in self._drawn:
            self._note_made(name, column)

    def lead(self, name: str, column: Column) -> None:
        """Note a column that is shown with numbers of its own."""
        self._drawn.append((name, column))
        self._note_made(name, column)

    def beside(self, name: str, column: Column) -> Iterator[tuple[str, int]]:
        """Yield name and units of the columns that share the records behind an answer."""
        made = self._is_made(name)
        if not (made or self._of_made):
            return
        if made:
            for other, each in self._drawn[self._noted :]:
                for row in _rows_of(each):
                    self._of_all[row].append((other, each.units))
            self._noted = len(self._drawn)
        known = self._of_all if made else self._of_made
        for row in _rows_of(column):
            yield from known.get(row, ())

    def _note_made(self, name: str, column: Column) -> None:
        if self._is_made(name):
            for row in _rows_of(column):
                self._of_made[row].append((name, column.units))

    def _is_made(self, name: str) -> bool:
        return name.split("|", 2)[1] not in self._asked


def _rows_of(column: Column) -> list[int]:
    """Return the sums of keys of those who gave an answer, and of those who did not.

    Those of one or two can be the same by accident, and who gave no rare answer is everybody.
    """
    gave, gave_not = (column.counts[:, side] >= _SOME for side in (3, 4))
    return [*column.keys[gave, 0].tolist(), *column.keys[gave & gave_not, 1].tolist()]
