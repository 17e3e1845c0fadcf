"""A column of the ledger: a question in one group, and how two of them differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["ENOUGH", "Column", "changed_answers"]

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]
ENOUGH: Final = 20
"""A column is drawn anew when so many of its answers changed."""


@dataclass(frozen=True, eq=False)
class Column:
    """A question in one group.

    Attributes
    ----------
    answers
        Its answers.
    counts
        Answers x 5: the published count, the base that the share is a part of, the base that is
        printed beside it (the same for all answers of a question), and the true counts of those
        who gave the answer and of those who did not.
    keys
        Answers x 2: the sums of keys of those who gave the answer, and of those who did not.
    declined
        How many are published to have declined.
    hidden
        Whether the group is too small to show.
    exclusive
        Whether a unit gives one answer at most.
    units
        Who gave any answer, see :class:`survey.disclosure.ledger.near.Units`.
    like
        Name of the column whose numbers it has; empty for numbers of its own.
    weight
        Mean weight of its units; 0 where they are not weighted.
    figures
        Published figures of organizations in a total, added up, and how many answers of each band
        they stand in place of.
    """

    answers: tuple[str, ...]
    counts: Counts
    keys: Keys
    declined: int
    hidden: bool
    exclusive: bool
    units: int = 0
    like: str = ""
    weight: float = 0.0
    figures: tuple[float, tuple[float, ...]] | None = None

    def merged(self, other: Column) -> Column:
        """Return a column with the answers of another one that it lacks."""
        more = [p for p, answer in enumerate(other.answers) if answer not in self.places]
        if not more:
            return self
        return replace(
            self,
            answers=(*self.answers, *(other.answers[place] for place in more)),
            counts=np.concatenate([self.counts, other.counts[more]]),
            keys=np.concatenate([self.keys, other.keys[more]]),
        )

    def beside(self, other: Column) -> Column:
        """Return a column with weight and figures of another one where it has none."""
        weight, figures = self.weight or other.weight, self.figures or other.figures
        if (weight, figures) == (self.weight, self.figures):
            return self
        return replace(self, weight=weight, figures=figures)

    def agrees(self, other: Column) -> bool:
        """Return whether another column is of the same units, by the answers of both."""
        shared = tuple(answer for answer in other.answers if answer in self.places)
        own, others = self.ordered(shared), other.ordered(shared)
        same = (own.counts[:, 3] == others.counts[:, 3]) & (own.keys[:, 0] == others.keys[:, 0])
        return bool(same.all())

    def prints_more(self, known: Column) -> bool:
        """Return whether it prints an answer that a published one lacks."""
        new = np.array([answer not in known.places for answer in self.answers], dtype=bool)
        return bool(self.counts[new, 1].any())

    def with_numbers_of(
        self, other: Column, unions: Mapping[str, Collection[str]], given: Collection[str]
    ) -> tuple[Column, Flags]:
        """Return a column with the published numbers of another one, and which answers lack them.

        Parameters
        ----------
        other
            The column that was drawn.
        unions
            Of a single choice: answer -> the answers that it joins, whose numbers add up.
        given
            Answers that stand because somebody gave them: nobody did in a column without them.
        """
        counts, lack = self.counts.copy(), np.zeros(len(self.answers), dtype=bool)
        whole = other.counts[:, 1:3].max(axis=0, initial=0)
        rows = [other.places.get(answer, -1) for answer in self.answers]
        counts[:, :3] = other.counts[rows, :3]
        for place, answer in enumerate(self.answers):
            parts = {*unions.get(answer, ())}
            if rows[place] >= 0 and answer not in parts:
                continue
            if (parts - {answer}).isdisjoint(other.places):  # both join it, or neither knows it
                parts = {answer}
            known = [other.places[part] for part in parts if part in other.places]
            lack[place] = not parts <= {*other.places, *given}
            counts[place, 1:3] = other.counts[known, 1:3].max(axis=0, initial=0) if known else whole
            counts[place, 0] = other.counts[known, 0].sum()
        return replace(self, counts=counts, declined=other.declined), lack

    def without_new(self, known: Column, given: frozenset[str]) -> Column:
        """Return a column in which nobody could give an answer that a published one lacks.

        Only those of ``given``: answers that stand because somebody gave them.
        """
        new = np.array([a in given and a not in known.places for a in self.answers], dtype=bool)
        if not new.any() or not len(known.counts):
            return self
        counts, keys = self.counts.copy(), self.keys.copy()
        whole = known.counts[:, 3:].sum(axis=1)
        counts[new] = (0, 0, 0, 0, int(whole.max()))
        keys[new] = (0, known.keys[whole.argmax()].sum(dtype=np.uint64))
        return replace(self, counts=counts, keys=keys)

    def waiting(self, new: Flags, known: Column | None) -> Column:
        """Return a column in which some answers wait: -1 stands for their counts.

        Without a known column all of it waits, which is hidden then.
        """
        if not new.any():
            return self
        counts = self.counts.copy()
        counts[new, 0] = -1
        if known is None:
            return replace(self, counts=counts, hidden=True, declined=0)
        counts[new, 1:] = known.counts[:, 1:].max(axis=0, initial=0)
        return replace(self, counts=counts)

    def without_waiting(self) -> Column:
        """Return a column without the answers that wait, which are not noted."""
        kept = zip(self.answers, self.counts[:, 0].tolist(), strict=True)
        return self.ordered(tuple(answer for answer, count in kept if count >= 0))

    def but(self, gone: Flags) -> Column:
        """Return a column without some of its answers."""
        if not gone.any():
            return self
        kept = zip(self.answers, gone.tolist(), strict=True)
        return self.ordered(tuple(answer for answer, left_out in kept if not left_out))

    def ordered(self, answers: tuple[str, ...]) -> Column:
        """Return a column of some of its answers, in their order."""
        if answers == self.answers:
            return self
        rows = [self.places[answer] for answer in answers]
        return replace(self, answers=answers, counts=self.counts[rows], keys=self.keys[rows])

    @property
    def largest(self) -> int:
        """The largest base that is printed."""
        return int(self.counts[:, 2].max(initial=0))

    @property
    def whole(self) -> int:
        """The largest true base."""
        return int(self.counts[:, 3:].sum(axis=1).max(initial=0))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Answer -> its row."""
        return {answer: place for place, answer in enumerate(self.answers)}


def changed_answers(before: Column, after: Column, own: frozenset[str] | None = None) -> int:
    """Return how many answers of a column changed at least.

    A sum of keys that differs beside a count that does not tells of one record for another.

    Parameters
    ----------
    before, after
        The column as published, and now.
    own
        Answers that divide a single choice; all by default. Unions of them would count a change
        twice.

    Examples
    --------
    >>> def column(counts, keys):
    ...     numbers = np.array([[0, 0, 0, *each] for each in counts])
    ...     return Column(("a", "b"), numbers, np.array(keys, np.uint64), 0, False, True)
    >>> before = column([(4, 6), (6, 4)], [(77, 1), (1, 77)])
    >>> changed_answers(before, column([(3, 7), (7, 3)], [(70, 8), (8, 70)]))
    1
    """
    pairs = (before.counts[:, 3:], after.counts[:, 3:]), (before.keys, after.keys)
    if before.answers == after.answers and all(np.array_equal(*pair) for pair in pairs):
        return 0  # nearly always
    shared = tuple(answer for answer in after.answers if answer in before.places)
    if not shared:
        return 0
    old, new = before.ordered(shared), after.ordered(shared)
    steps = new.counts[:, 3:] - old.counts[:, 3:]
    sides = np.where(steps == 0, old.keys != new.keys, np.abs(steps))
    parts = steps[[own is None or answer in own for answer in shared], 0]
    gains, losses = (int(np.maximum(sign * parts, 0).sum()) for sign in (1, -1))
    most = int(sides.max())
    return max(gains, losses, most) if after.exclusive else most
