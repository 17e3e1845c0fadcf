"""Evidence: published tables as claims read them, one usable row or a reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.disclosure import Publication
from survey.estimates.table import Estimates, Status
from survey.publish.describe import clear_changes
from survey.publish.format import integer, interval, percent
from survey.publish.rows import records_of, rows_of, says_nothing

__all__ = [
    "CannotSayError",
    "Claim",
    "Evidence",
    "Row",
    "base_text",
    "entry_of",
    "largest_base",
    "made",
    "number",
    "shown",
    "withheld",
]

Row = Mapping[str, Any]

_REASONS: Final = {
    Status.SUPPRESSED: "the number is withheld to protect those who answered",
    Status.NOT_AVAILABLE: "the files of this edition have no column for it",
    Status.NOT_OFFERED: "this edition did not ask for it",
    Status.NOT_COMPARABLE: "the question was worded differently",
    Status.EMPTY: "nobody answered",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence with what it rests on.

    Attributes
    ----------
    name
        Stable identifier.
    text
        The sentence; where it cannot be said, why not.
    said
        Whether it can be said.
    number, low, high
        The number in the sentence and its interval, in the table's own measure.
    base
        What the number rests on, in words.
    caveat
        What must be said with it.
    table
        Name of the table that it was read from.
    """

    name: str
    text: str
    said: bool
    number: float | None = None
    low: float | None = None
    high: float | None = None
    base: str = ""
    caveat: str = ""
    table: str = ""

    def __str__(self) -> str:
        rests = f" ({self.base})" if self.base else ""
        return f"{self.text}{rests}{' ' + self.caveat if self.caveat else ''}"


class CannotSayError(Exception):
    """Why a claim cannot be made."""


@dataclass(frozen=True)
class Evidence:
    """A publication as claims read it."""

    publication: Publication

    @property
    def edition(self) -> str:
        """The edition that claims are about."""
        return self.publication.edition

    def table(self, name: str) -> Estimates:
        """Return a table, or say that it is missing."""
        found = self.publication.tables.get(name)
        if found is None:
            raise CannotSayError(f"the publication has no table {name!r}")
        return found

    def row(self, name: str, edition: str = "", **where: str) -> tuple[Estimates, Row]:
        """Return the one row of a table that may be used, or say why there is none."""
        table = self.table(name)
        wanted = {"edition": edition or self.edition, **where}
        asked = {column: value for column, value in wanted.items() if column in table.frame}
        found = [
            (row, record)
            for row, record in zip(rows_of(table), records_of(table), strict=True)
            if all(str(record[column]) == value for column, value in asked.items())
        ]
        if not found:
            raise CannotSayError(f"the table {name!r} has no row for {_listed(wanted)}")
        row, record = found[0]
        if record["value"] is None:
            raise CannotSayError(_REASONS.get(record["status"], "there is no number"))
        if says_nothing(table, row):
            raise CannotSayError("the answers do not decide it: 0 to 100 % are possible")
        return table, record

    def changes(self, name: str) -> tuple[Estimates, list[Row]]:
        """Return a table of changes and its clear ones, largest first, or say why there is none."""
        table = self.table(name)
        known = [record for record in records_of(table) if record["value"] is not None]
        if "verdict" not in table.frame or not known:
            raise CannotSayError("no change of a single answer may be shown")
        rows = rows_of(table)
        clear = {id(row) for row in clear_changes(rows)}
        found = [
            record for row, record in zip(rows, records_of(table), strict=True) if id(row) in clear
        ]
        return table, sorted(found, key=lambda record: -record["value"])


def made(name: str, text: str, table: Estimates, row: Row, caveat: str = "") -> Claim:
    """Return a claim about the value of a row."""
    low, high = number(row.get("low")), number(row.get("high"))
    limits = interval(table, low, high)
    note = f"{percent(table.spec.level)} interval: {limits}. {caveat}" if limits else caveat
    if row["status"] == Status.IMPRECISE:
        note += " The number is imprecise."
    return Claim(
        name,
        text,
        True,
        float(row["value"]),
        low,
        high,
        base_text(table, row),
        note.strip(),
        table.name,
    )


def _counted(count: float, table: Estimates) -> str:
    """Return a count with the name of its unit in braces, for the words of the community."""
    name = "record" if table.spec.unit is Unit.DEPLOYMENT else table.spec.unit.value
    return f"{integer(count)} {{{name if count == 1 else f'{name}s'}}}"


def base_text(table: Estimates, row: Row) -> str:
    """Return what a row rests on, in words."""
    base = number(row.get("base"))
    return "" if base is None else f"base: {_counted(base, table)}"


def entry_of(claim: Claim) -> list[str]:
    """Return a claim as lines of a list in Markdown: what is said, and what it rests on."""
    details = [each for each in (claim.base, claim.caveat) if each]
    details += [f"table `{claim.table}`"] if claim.table else []
    below = [f"  {'; '.join(each.rstrip('.') for each in details)}."] if details else []
    return [f"- {claim.text}", *below]


def number(value: Any) -> float | None:
    """Return a finite number, or nothing."""
    return None if value is None or pd.isna(value) or math.isinf(value) else float(value)


def shown(table: Estimates) -> str:
    """Say that answers are missing from the table."""
    return " that is shown" if withheld(table) else ""


def largest_base(table: Estimates) -> str:
    """Return what a table rests on, in words: the largest of its bases."""
    bases = [record["base"] for record in records_of(table) if record["base"] is not None]
    return f"base: {_counted(max(bases), table)}" if bases else ""


def withheld(table: Estimates) -> str:
    """Say how many answers of a table are withheld; nothing when none is."""
    gone = int((table.frame["status"].astype(str) == Status.SUPPRESSED).sum())
    return f"{gone} of {len(table)} answers are withheld. " if gone else ""


def _listed(wanted: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in wanted.items())
