"""The answers to one question as zeros and ones, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from survey.codebook import Band
from survey.dataclass import dataclass
from survey.estimates.design.sample import Sample

__all__ = ["Indicator", "any_of"]

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
        Editions x answers: whether the answer could be given, and the files would have it.
    absent
        Editions x answers: whether the answer was offered, but the files have no column for it.
    asked
        Per edition: whether it asked the question and its files have it.
    shown
        Per unit: whether the form showed it the question, as far as that is known.
    refusals
        Which of the answers decline to answer.
    several
        Whether a unit can give several answers.
    ranks
        Units x answers, for rankings: 0, or the rank.
    columns
        Further columns of a table of this question, one entry per answer.
    unlisted
        How many units gave an answer that the codebook does not list.
    written
        How many units wrote an answer of their own without ticking "Other".
    scales
        Per edition, of a question with bands: label -> band.
    recut
        Net of bands -> positions of the editions whose bands lie partly inside it.
    """

    answers: tuple[str, ...]
    chosen: Flags
    answered: Flags
    declined: Flags
    offered: Flags
    absent: Flags
    asked: Flags
    shown: Flags
    refusals: Flags
    several: bool = False
    ranks: Codes | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unlisted: int = 0
    written: int = 0
    scales: tuple[Mapping[str, Band], ...] = ()
    recut: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def pick(self, places: npt.NDArray[np.intp]) -> Indicator:
        """Return a copy with the answers at ``places``, in that order."""
        return replace(
            self,
            answers=tuple(self.answers[i] for i in places),
            chosen=self.chosen[:, places],
            offered=self.offered[:, places],
            absent=self.absent[:, places],
            refusals=self.refusals[places],
            ranks=None if self.ranks is None else self.ranks[:, places],
            columns={
                name: tuple(values[i] for i in places) for name, values in self.columns.items()
            },
        )

    def without(self, answer: str) -> Indicator:
        """Return a copy in which nobody gave ``answer``, and who gave no other did not answer."""
        if answer not in self.answers:
            return self
        kept = self.pick(np.flatnonzero(np.array(self.answers, dtype=object) != answer))
        substantive = any_of(kept.chosen[:, ~kept.refusals])
        return replace(kept, answered=self.answered & substantive)

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
            shown=self.shown & here,
            ranks=None if self.ranks is None else self.ranks * here[:, None],
        )

    def substantive(self) -> Indicator:
        """Return a copy without the answers that decline to answer."""
        return self._substantive

    @cached_property
    def _substantive(self) -> Indicator:
        return self.pick(np.flatnonzero(~self.refusals)) if self.refusals.any() else self

    @cached_property
    def offered_alike(self) -> bool:
        """Whether every edition that asked offered every answer."""
        return bool((self.offered | self.absent)[self.asked].all())

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
            absent=np.column_stack([self.absent, other.absent]),
            refusals=np.append(self.refusals, other.refusals),
            ranks=ranks,
            columns={
                name: (*values, *other.columns[name]) for name, values in self.columns.items()
            },
        )

    def union(
        self, name: str, members: Iterable[str], recut: frozenset[int] = frozenset()
    ) -> Indicator:
        """Return a copy with one more answer: any of ``members``, each unit once.

        Where one of them is not in the files, nothing is known of any of them; in the editions
        ``recut`` it cannot be told who belongs to the union.
        """
        places = [self.answers.index(member) for member in members]
        lost = self.absent[:, places].any(axis=1)
        offered: Flags = np.array(self.offered[:, places].any(axis=1) & ~lost)
        offered[list(recut)] = False
        ranks = self.ranks
        if ranks is not None:
            best = np.where(ranks[:, places] > 0, ranks[:, places], 255).min(axis=1)
            ranks = np.column_stack([ranks, np.where(best == 255, 0, best).astype(np.uint8)])
        return replace(
            self,
            answers=(*self.answers, name),
            chosen=np.column_stack([self.chosen, any_of(self.chosen[:, places])]),
            offered=np.column_stack([self.offered, offered]),
            absent=np.column_stack([self.absent, lost]),
            refusals=np.append(self.refusals, False),
            ranks=ranks,
            columns={column: (*values, "") for column, values in self.columns.items()},
            recut={**self.recut, name: recut} if recut else self.recut,
        )


def any_of(chosen: Flags) -> Flags:
    """Return, per row, whether anything is true; a product is faster than ``any`` on short rows.

    Examples
    --------
    >>> any_of(np.array([[True, False], [False, False]])).tolist()
    [True, False]
    """
    return np.asarray(chosen.astype(np.float32) @ np.ones(chosen.shape[1], np.float32) > 0)
