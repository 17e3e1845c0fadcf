"""What was left out of a table, as a note that knows its number."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from survey.codebook import Unit
from survey.estimates.rough import STEP, rough_number

__all__ = ["LeftOut", "Why"]


class Why(StrEnum):
    """Why rows do not count."""

    COPIES = "untouched copies of earlier answers"
    SAME_CLOUD = "a colleague's description of the same one counts instead"


class LeftOut(str):
    """A note on how many rows a table leaves out; a plain string never is one.

    Attributes
    ----------
    rows, unit, editions, why
        How many rows of which table and editions, and why they do not count.
    number
        How many, in other words than digits; empty where the count itself is said.
    names
        What one row and several are called.

    Examples
    --------
    >>> note = LeftOut(7, Unit.DEPLOYMENT, ("2023", "2024"), Why.COPIES)
    >>> print(note)
    7 deployments in 2023 and 2024 are left out: untouched copies of earlier answers.
    >>> print(note.coarse(10))
    Fewer than 10 deployments in 2023 and 2024 are left out: untouched copies of earlier answers.
    """

    rows: int
    unit: Unit
    editions: tuple[str, ...]
    why: Why
    number: str
    names: tuple[str, ...]

    def __new__(
        cls,
        rows: int,
        unit: Unit,
        editions: Sequence[str],
        why: Why,
        number: str = "",
        names: tuple[str, ...] = (),
    ) -> LeftOut:
        """Put the note into words."""
        one, several = names or (unit.value, f"{unit.value}s")
        units = one if rows == 1 and not number else several
        verb = "is" if rows == 1 and not number else "are"
        words = f"{number or f'{rows:,}'} {units} in {_listed(editions)} {verb} left out: {why}."
        note = super().__new__(cls, words)
        note.rows, note.unit, note.editions, note.why = rows, unit, tuple(editions), why
        note.number, note.names = number, names
        return note

    def coarse(self, threshold: int) -> LeftOut:
        """Return the note for publication: a number that neither tells nor can be subtracted."""
        rows = threshold - 1 if self.rows < threshold else STEP * round(self.rows / STEP)
        number = rough_number(self.rows, threshold)
        return LeftOut(rows, self.unit, self.editions, self.why, number, self.names)

    def __reduce__(self) -> tuple[type[LeftOut], tuple[object, ...]]:
        kept = (self.rows, self.unit, self.editions, self.why, self.number, self.names)
        return LeftOut, kept


def _listed(editions: Sequence[str]) -> str:
    """Return editions in words: the first and the last of three and more."""
    if len(editions) > 2:
        return f"{editions[0]} to {editions[-1]}"
    return " and ".join(editions) or "no edition"
