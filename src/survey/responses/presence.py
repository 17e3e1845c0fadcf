"""Presence: which questions, choices and rows the files had a column for.

A column that a file lacks says nothing about its question: nobody could have answered in it.
That is not the same as a question which nobody answered, so it travels with the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from survey.codebook import Edition, Question, Unit
from survey.dataclass import dataclass
from survey.exports import Export, Layout, Placement

__all__ = ["PRESENCE_COLUMNS", "Presence", "presence_of"]

PRESENCE_COLUMNS = ("edition", "concept", "item")
_WHOLE: tuple[str, ...] = ()
_QUESTIONNAIRES = frozenset({Layout.BY_HEADING, Layout.FLAT, Layout.TABLE})


def _nothing() -> Mapping[str, Mapping[str, tuple[Any, ...]]]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Presence:
    """What the files of each edition had no column for.

    Attributes
    ----------
    absent
        Edition -> concept -> labels of the choices or matrix rows without a column; an empty
        tuple stands for the whole question. What is not named was there.
    partly
        Edition -> concept -> numbers of the units whose file had no column for a question that
        another file of the edition has.

    Examples
    --------
    >>> presence = Presence({"2024": {"team_size": (), "projects_used": ("Nova",)}})
    >>> presence.has("2024", "team_size"), presence.has("2024", "projects_used")
    (False, True)
    >>> presence.has("2024", "projects_used", "Nova"), presence.has("2023", "team_size")
    (False, True)
    """

    absent: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=_nothing)
    partly: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=_nothing)

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
        return replace(self, absent=MappingProxyType(known))

    def without_column(self, edition: str, concept: str) -> tuple[int, ...]:
        """Return the units whose file had no column for a question that other files have."""
        return self.partly.get(edition, {}).get(concept, ())

    def merge(self, others: Iterable[Presence]) -> Presence:
        """Return what this and others, of other editions, say."""
        every = (self, *others)
        absent = {name: items for each in every for name, items in each.absent.items()}
        partly = {name: items for each in every for name, items in each.partly.items()}
        return Presence(MappingProxyType(absent), MappingProxyType(partly))

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


def presence_of(
    exports: Sequence[Export], edition: Edition, numbers: Sequence[Mapping[Unit, pd.Index[int]]]
) -> Presence:
    """Return what the exports of one edition have no column for.

    A choice or a row that one of the files lacks is absent where that file has records of its
    own: its units would count as if they had not chosen it.

    Parameters
    ----------
    exports
        Files of the edition.
    edition
        What was asked.
    numbers
        For each export, the respondents and deployments that it has records of.
    """
    files = [_File.of(*pair) for pair in zip(exports, numbers, strict=True)]
    absent: dict[str, tuple[str, ...]] = {}
    partly: dict[str, tuple[int, ...]] = {}
    for question in edition.questions:
        if question.coded_from:
            continue
        lacking = _lacking(question, files)
        if lacking is not None:
            absent[question.concept] = lacking
        if lacking != _WHOLE and (without := _without_column(question, files)):
            partly[question.concept] = without
    return Presence(_of_edition(edition, absent), _of_edition(edition, partly))


def _of_edition(edition: Edition, known: dict[str, tuple[Any, ...]]) -> Mapping[str, Any]:
    return MappingProxyType({edition.name: MappingProxyType(known)} if known else {})


@dataclass(frozen=True, eq=False)
class _File:
    """Where one file has its answers, and whose they are; ``whole`` if it should have all."""

    placed: Mapping[str, Placement]
    numbers: Mapping[Unit, pd.Index[int]]
    whole: bool

    @classmethod
    def of(cls, export: Export, numbers: Mapping[Unit, pd.Index[int]]) -> _File:
        placed = {each.question.concept: each for each in export.placements}
        return cls(placed, numbers, export.layout in _QUESTIONNAIRES)


def _lacking(question: Question, files: Sequence[_File]) -> tuple[str, ...] | None:
    """Return what is lacking of a question: items, everything (no item named), or None."""
    having = [each for each in files if question.concept in each.placed]
    if not having:
        return _WHOLE
    expected = question.row_labels if question.kind.by_row else question.labels
    return tuple(item for item in expected if not _known_of_all(question, item, having)) or None


def _known_of_all(question: Question, item: str, files: Sequence[_File]) -> bool:
    """Whether every unit is in a file that has an item, or has the question in one column."""
    placed = [(each, each.placed[question.concept]) for each in files]
    having = [each for each, where in placed if not where.items or item in where.items]
    if not having:
        return False
    lacking = [each for each in files if each not in having]
    return not lacking or not len(_of_others(question, lacking, having))


def _without_column(question: Question, files: Sequence[_File]) -> tuple[int, ...]:
    having = [each for each in files if question.concept in each.placed]
    lacking = [each for each in files if each.whole and question.concept not in each.placed]
    return tuple(sorted(map(int, _of_others(question, lacking, having)))) if lacking else ()


def _of_others(
    question: Question, lacking: Sequence[_File], having: Sequence[_File]
) -> pd.Index[int]:
    """Return the units that only files without something have."""
    found: pd.Index[int] = pd.Index([], dtype="int64")
    if not lacking:  # as nearly always
        return found
    for each in lacking:
        found = found.union(each.numbers[question.unit])
    for each in having:
        found = found.difference(each.numbers[question.unit])
    return found
