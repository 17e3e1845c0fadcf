"""What is in the workbook: a number, a sheet name and note numbers for each table."""

from __future__ import annotations

import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.disclosure.publication import Publication
from survey.estimates.notes import RANDOM_DRAW
from survey.estimates.table import Base, Estimates
from survey.publish.workbook import text

__all__ = [
    "CONTENTS",
    "COVER",
    "DATA",
    "INVENTED",
    "METHOD",
    "NOTES",
    "WITHHELD",
    "Entry",
    "Index",
    "index_of",
]

COVER, CONTENTS, NOTES = "Cover", "Contents", "Notes"
DATA, METHOD, WITHHELD = "Data", "Method and sources", "Withheld figures"
INVENTED = "INVENTED DATA: these answers were made up by a program and describe nobody."

_WHO = {
    Base.ANSWERED: "{} answered the question",
    Base.ASKED: "{} were asked the question",
    Base.ALL: "in the survey, whether they answered or not",
}


@dataclass(frozen=True)
class Entry:
    """One table and its place in the workbook."""

    number: int
    table: Estimates
    sheet: str
    notes: tuple[int, ...]

    @property
    def title(self) -> str:
        """The title as the sheet, the contents and the chart say it."""
        return text.clean(self.table.title or text.humanised(self.table.name), 500)

    @property
    def counted(self) -> str:
        """What is counted: ``deployments that answered the question``."""
        spec = self.table.spec
        pronoun = "who" if spec.unit is Unit.RESPONDENT else "that"
        units = self.table.vocabulary.noun(spec.unit, 2)
        return f"{units} {_WHO[spec.base].format(pronoun)}"

    @property
    def base(self) -> str:
        """The size of the base, or its range over the rows."""
        known = [float(base) for base in self.table.frame["base"] if pd.notna(base)]
        if not known:
            return "not given"
        low, high = f"{min(known):,.0f}", f"{max(known):,.0f}"
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True)
class Index:
    """All tables in reading order, and all notes, each once, in order of first use.

    That the sample chose itself is said once, on the cover, and not among the notes.
    """

    publication: Publication
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]

    def using(self, note: int) -> tuple[Entry, ...]:
        """Return the tables that refer to a note."""
        return tuple(entry for entry in self.entries if note in entry.notes)

    @property
    def warning(self) -> str:
        """What a draft says first, and that answers are made up, if they are."""
        tables = (entry.table.provenance.invented for entry in self.entries)
        invented = self.publication.provenance.invented or any(tables)
        said = (self.publication.stamp, INVENTED if invented else "")
        return " ".join(part for part in said if part)


def index_of(publication: Publication) -> Index:
    """Give numbers to the tables and the notes of a publication."""
    numbers: dict[str, int] = {}
    entries = []
    for position, (name, table) in enumerate(publication.tables.items(), 1):
        said = [text.clean(note) for note in table.notes if note != RANDOM_DRAW]
        notes = [numbers.setdefault(note, len(numbers) + 1) for note in said]
        sheet = text.sheet_name(position, table.name or name)
        entries.append(Entry(position, table, sheet, tuple(sorted(set(notes)))))
    return Index(publication, tuple(entries), tuple(numbers))
