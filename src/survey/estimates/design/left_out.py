"""What was left out of a table, as a note that knows its number."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from survey.codebook import Unit
from survey.estimates.exact_note import ExactNote

__all__ = ["LeftOut", "Why"]


class Why(StrEnum):
    """Why rows do not count."""

    COPIES = "untouched copies of earlier answers"
    SAME_CLOUD = "a colleague's description of the same one counts instead"


class LeftOut(ExactNote):
    """A note on how many rows a table leaves out; a plain string never is one.

    Attributes
    ----------
    rows, unit, editions, why
        How many rows of which table and editions, and why they do not count.
    names
        What one row and several are called.

    Examples
    --------
    >>> note = LeftOut(7, Unit.DEPLOYMENT, ("2023", "2024"), Why.COPIES)
    >>> print(note)
    7 deployments in 2023 and 2024 are left out: untouched copies of earlier answers.
    """

    rows: int
    unit: Unit
    editions: tuple[str, ...]
    why: Why
    names: tuple[str, ...]

    def __new__(
        cls,
        rows: int,
        unit: Unit,
        editions: Sequence[str],
        why: Why,
        names: tuple[str, ...] = (),
    ) -> Self:
        """Put the note into words."""
        one, several = names or (unit.value, f"{unit.value}s")
        units, verb = (one, "is") if rows == 1 else (several, "are")
        words = f"{rows:,} {units} in {_listed(editions)} {verb} left out: {why}."
        note = super().__new__(cls, words)
        note.rows, note.unit, note.editions = rows, unit, tuple(editions)
        note.why, note.names = why, names
        return note

    def __reduce__(self) -> tuple[type[LeftOut], tuple[object, ...]]:
        kept = (self.rows, self.unit, self.editions, self.why, self.names)
        return LeftOut, kept


def _listed(editions: Sequence[str]) -> str:
    """Return editions in words: the first and the last of three and more."""
    if len(editions) > 2:
        return f"{editions[0]} to {editions[-1]}"
    return " and ".join(editions) or "no edition"
