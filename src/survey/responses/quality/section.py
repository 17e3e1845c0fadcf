"""One section of the quality page, and what its makers look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import pairwise
from typing import Any

import pandas as pd

from survey.codebook import Question, Unit
from survey.dataclass import dataclass
from survey.exports import Export
from survey.responses.responses import Responses

__all__ = ["Section", "Subject", "in_brief", "listed", "several", "span"]


@dataclass(frozen=True)
class Section:
    """One section: sentences, a table, and text to copy.

    Nothing personal may stand in one: no free text, no name, no address, no pseudonym.

    Attributes
    ----------
    name, title
        Stable name, and heading.
    says
        Sentences, most important first.
    table
        One record per row; columns are named in words with underscores.
    notable
        How much of it a person should look at; 0 where all is well.
    brief
        What a terminal shows of the table, see :func:`in_brief`; by default all of it.
    glance
        A number for the head of the page and what it counts, ``("repairs", 5181)``.
    text
        Lines to copy into a file or a terminal.
    """

    name: str
    title: str
    says: tuple[str, ...] = ()
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    notable: int = 0
    brief: pd.DataFrame | None = None
    glance: tuple[str, int] | None = None
    text: str = ""

    @property
    def shown(self) -> pd.DataFrame:
        """The part of the table that a terminal shows."""
        return self.table if self.brief is None else self.brief

    def record(self) -> list[dict[str, Any]]:
        """Return the table as plain values for JSON, nothing as ``None``."""
        plain = self.table.astype(object).where(self.table.notna(), None)
        return [
            {str(name): _plain(value) for name, value in row.items()}
            for row in plain.to_dict("records")
        ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


@dataclass(frozen=True)
class Subject:
    """What is looked at: the answers, and the exports that they came from where given."""

    answers: Responses
    exports: Sequence[Export] = ()

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Editions that somebody answered, oldest first."""
        present = set(self.answers.respondents["edition"].astype(str))
        found = tuple(name for name in self.answers.editions if name in present)
        return found or self.answers.editions

    @cached_property
    def edition_of(self) -> Mapping[str, str]:
        """File -> edition, as far as it is known."""
        logs = (self.answers.issues, self.answers.repairs)
        known = {
            str(file): str(edition)
            for log in logs
            if "edition" in log
            for file, edition in zip(log["file"], log["edition"], strict=True)
        }
        own = {export.name: export.edition.name for export in self.exports}
        if len(self.editions) == 1:
            only = self.editions[0]
            return dict.fromkeys((*self.answers.counts, *own, *known), only)
        return {**own, **known}

    def rows(self, unit: Unit, edition: str) -> pd.DataFrame:
        """Return one edition's respondents or deployments."""
        frame = self.answers.frame(unit)
        return frame[frame["edition"].astype(str) == edition]

    def has_answers(self, concept: str, edition: str) -> bool:
        """Whether a file of the edition has answers to a question that it asks."""
        unit = self.answers.codebook.edition(edition).by_concept[concept].unit
        frame = self.rows(unit, edition)
        return concept in frame and bool(frame[concept].notna().any())

    def asked_under(self, heading: str, edition: str = "") -> Question | None:
        """Return the question that a column of the file holds."""
        names = (edition,) if edition else tuple(reversed(self.answers.editions))
        for name in names:
            asked = self.answers.codebook.edition(name)
            found = asked.by_heading.get(heading) or next(
                (q for q in asked.questions if heading in (*q.matrix_headings, *q.flat_headings)),
                None,
            )
            if found is not None:
                return found
        return None


def in_brief(table: pd.DataFrame, columns: Sequence[str], rows: int = 12) -> pd.DataFrame:
    """Return the first rows of some columns."""
    return table[list(columns)].head(rows)


def span(editions: Iterable[object]) -> str:
    """Return editions in words, in the order given.

    Examples
    --------
    >>> span(["2019", "2020", "2021"]), span(["2019", "2024"]), span(["2019"])
    ('2019 to 2021', '2019, 2024', '2019')
    """
    names = list(dict.fromkeys(map(str, editions)))
    following = all(name.isdigit() for name in names) and all(
        int(after) - int(before) == 1 for before, after in pairwise(names)
    )
    return f"{names[0]} to {names[-1]}" if following and len(names) > 2 else ", ".join(names)


def several(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> several(1, "answer"), several(1200, "answer")
    ('1 answer', '1,200 answers')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Iterable[object], most: int = 3) -> str:
    """Return the first words, and how many more there are.

    Examples
    --------
    >>> listed("abcde")
    'a, b, c and 2 more'
    """
    found = [str(word) for word in words]
    more = len(found) - most
    return ", ".join(found[:most]) + (f" and {more} more" if more > 0 else "")
