"""Editions for round trips: whole ones, and slices of them that are read in a few milliseconds.

A slice asks every n-th question of an edition, together with those that explain its "Other",
so that all slices of an edition ask all of its questions. The round trip of a slice costs a
tenth of that of the edition, and its cells are as damaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from survey.codebook import Codebook, Edition, Kind, Unit, read_codebook

__all__ = ["EDITIONS", "Asked", "asked"]

EDITIONS = ("2017", "2018", "2019", "2023")
"""Three editions as they were, and an assumed one."""
_PARTS = 8


@dataclass(frozen=True)
class Asked:
    """A questionnaire and the codebook to read its exports with."""

    edition: Edition
    codebook: Codebook

    def __repr__(self) -> str:
        return f"<{self.edition.name}: {len(self.edition.questions)} questions>"


@cache
def asked(name: str, *, whole: bool = False) -> tuple[Asked, ...]:
    """Return the slices of an edition, or only the edition itself."""
    book = read_codebook()
    edition = book.edition(name)
    if whole:
        return (Asked(edition, book),)
    return tuple(_slice(book, edition, part) for part in range(_PARTS))


def _slice(book: Codebook, edition: Edition, part: int) -> Asked:
    chosen = {
        question.concept
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)
        for question in edition.of_unit(unit)[part::_PARTS]
    }
    chosen |= {question.concept for question in edition.questions if question.kind in _ALWAYS}
    chosen |= {edition.by_concept[each].write_in_of for each in chosen}
    editions = {each.name: _only(each, chosen) for each in book if each.layout == edition.layout}
    return Asked(editions[edition.name], Codebook(_near(editions, edition.name)))


_ALWAYS = (Kind.ORGANIZATION,)


def _only(edition: Edition, concepts: set[str]) -> Edition:
    kept = tuple(each for each in edition.questions if each.concept in concepts)
    return replace(edition, questions=kept)


def _near(editions: Mapping[str, Edition], name: str) -> Mapping[str, Edition]:
    """Keep the edition before and the one after, whose spellings an answer can have."""
    names = list(editions)
    at = names.index(name)
    return MappingProxyType({each: editions[each] for each in names[max(0, at - 1) : at + 2]})
