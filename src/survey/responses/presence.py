"""Presence: which questions, choices and rows the files had a column for.

A column that a file lacks says nothing about its question: nobody could have answered in it.
That is not the same as a question which nobody answered, so it travels with the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from survey.codebook import Edition, Kind, Question
from survey.exports import Export, Placement

__all__ = ["PRESENCE_COLUMNS", "Presence", "presence_of"]

PRESENCE_COLUMNS = ("edition", "concept", "item")
_WHOLE: tuple[str, ...] = ()


def _nothing() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Presence:
    """What the files of each edition had no column for.

    Attributes
    ----------
    absent
        Edition -> concept -> labels of the choices or matrix rows without a column; an empty
        tuple stands for the whole question. What is not named was there.

    Examples
    --------
    >>> presence = Presence({"2024": {"team_size": (), "projects_used": ("Nova",)}})
    >>> presence.has("2024", "team_size"), presence.has("2024", "projects_used")
    (False, True)
    >>> presence.has("2024", "projects_used", "Nova"), presence.has("2023", "team_size")
    (False, True)
    """

    absent: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=_nothing)

    def has(self, edition: str, concept: str, item: str | None = None) -> bool:
        """Whether the files of ``edition`` had a column for a question, or for one item of it."""
        lacking = self.absent.get(edition, {}).get(concept)
        if lacking is None:
            return True
        return lacking != _WHOLE and item not in lacking

    def lacking(self, edition: str, concept: str) -> tuple[str, ...]:
        """Return the items of a present question that had no column of their own."""
        return self.absent.get(edition, {}).get(concept, _WHOLE)

    def following(self, source: str, concepts: Iterable[str]) -> Presence:
        """Return a copy in which questions derived from ``source`` are absent where it is."""
        names, known = tuple(concepts), dict(self.absent)
        for edition, questions in self.absent.items():
            if questions.get(source) == _WHOLE:
                lost = dict.fromkeys(names, _WHOLE)
                known[edition] = MappingProxyType({**questions, **lost})
        return Presence(MappingProxyType(known))

    def merge(self, others: Iterable[Presence]) -> Presence:
        """Return what this and others, of other editions, say."""
        known = {name: items for each in (self, *others) for name, items in each.absent.items()}
        return Presence(MappingProxyType(known))

    @property
    def frame(self) -> pd.DataFrame:
        """One row per question or item without a column: edition, concept, item (or empty)."""
        rows = [
            (edition, concept, item)
            for edition, questions in self.absent.items()
            for concept, items in questions.items()
            for item in (items or ("",))
        ]
        return pd.DataFrame(rows, columns=list(PRESENCE_COLUMNS), dtype=object)


def presence_of(exports: Sequence[Export], edition: Edition) -> Presence:
    """Return what none of the exports of one edition has a column for."""
    placed: dict[str, list[Placement]] = {}
    for export in exports:
        for placement in export.placements:
            placed.setdefault(placement.question.concept, []).append(placement)
    absent = {
        question.concept: lacking
        for question in edition.questions
        if not question.coded_from
        and (lacking := _lacking(question, placed.get(question.concept, []))) is not None
    }
    return Presence(MappingProxyType({edition.name: MappingProxyType(absent)} if absent else {}))


def _lacking(question: Question, placements: Sequence[Placement]) -> tuple[str, ...] | None:
    """Return what is lacking of a question: items, everything (no item named), or None."""
    if not placements:
        return _WHOLE
    if not all(placement.items for placement in placements):
        return None
    there = {item for placement in placements for item in placement.items}
    expected = question.row_labels if question.kind is Kind.MATRIX else question.labels
    return tuple(item for item in expected if item not in there) or None
