"""The parts of a questionnaire: questions, their choices and the bands behind choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from survey.checked import checked
from survey.codebook.kinds import Kind
from survey.codebook.view import html_table, html_title
from survey.dataclass import dataclass
from survey.errors import CodebookError

__all__ = ["Band", "Choice", "Condition", "Kind", "Missing", "Question", "Unit", "damaged"]

_OTHER = re.compile(r"other\b", re.IGNORECASE)


class Unit(StrEnum):
    """What an answer is about, and what is counted."""

    RESPONDENT = "respondent"
    DEPLOYMENT = "deployment"
    ORGANIZATION = "organization"


class Missing(StrEnum):
    """Why a listed choice is not a substantive answer."""

    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Band:
    """A range of whole numbers as worded: both edges belong to it; no ``high`` means open.

    Examples
    --------
    >>> Band(10, 99).contains(99), Band(1_000_000, None).contains(5e6)
    (True, True)
    """

    low: float
    high: float | None

    def contains(self, number: float) -> bool:
        """Whether ``number`` lies in the band."""
        return self.low <= number and (self.high is None or number <= self.high)

    def overlaps(self, other: Band) -> bool:
        """Whether both bands hold more than an edge in common.

        Examples
        --------
        >>> Band(10, 99).overlaps(Band(50, None)), Band(10, 99).overlaps(Band(20, 20))
        (True, True)
        >>> Band(0, 1).overlaps(Band(1, 9))
        False
        """
        low = max(self.low, other.low)
        highs = [high for high in (self.high, other.high) if high is not None]
        if not highs or low < min(highs):
            return True
        number = self.low == self.high or other.low == other.high
        return number and low == min(highs)

    def __str__(self) -> str:
        if self.high is None:
            return f"{self.low:,} or more"
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One listed answer.

    Attributes
    ----------
    value
        Text as the survey system stores it, commas included.
    label
        Text that outputs show; the same answer has the same label in every edition.
    band
        The numbers the choice stands for, if it is a band.
    missing
        Set where the choice declines to answer.
    column
        Heading of the choice's own column, in files of other survey tools that have one.
    renamed_from
        Labels of the choices of earlier editions that this one took the place of: several
        were merged into it, and one that several choices name was split.
    confirmed
        False where nobody has said whether the form offers the choice, which nobody gave: its
        share is not available then, rather than 0 %.
    """

    value: str
    label: str
    band: Band | None = None
    missing: Missing | None = None
    column: str = ""
    renamed_from: tuple[str, ...] = ()
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """An answer to an earlier question without which the form does not show a question.

    Attributes
    ----------
    concept
        The earlier question.
    answers
        Labels of its choices, any of which opens the question.
    """

    concept: str
    answers: tuple[str, ...]


def as_exported(text: str) -> str:
    """Return ``text`` as the exporter writes it; unchecked, as it is asked for every choice."""
    return text.replace(",", "-")


@checked(CodebookError)
def damaged(text: str) -> str:
    """Return ``text`` as the exporter writes it: every comma becomes a hyphen.

    Examples
    --------
    >>> damaged("1,000 to 9,999 cores")
    '1-000 to 9-999 cores'
    """
    return as_exported(text)


@dataclass(frozen=True)
class Question:
    """One question of one edition.

    Attributes
    ----------
    concept
        Name that stays the same over the years; what code asks for.
    heading
        Name in the survey system, hence the column heading of an export.
    title
        The question in this project's own words, for tables and charts.
    kind, unit
        How it is answered, and what the answer is about.
    choices
        Listed answers in display order; for a matrix its columns.
    rows
        Rows of a matrix, else empty.
    series
        Editions with the same series can be compared; a reworded question starts another.
    measure
        What bands count (``"cores"``), else empty.
    required
        Whether the form marks the question as mandatory.
    flat
        Whether the flat export writes one column per choice (or matrix row).
    personal
        Whether the answer identifies a person.
    write_in_of
        Concept whose "Other" this text explains.
    note
        What a reader must know to compare or interpret the answers.
    ordinal
        Whether the choices have an order though they are no bands, lowest or highest first.
    multiple
        Whether each row of a matrix can have several answers.
    separator
        What joins several answers in one cell, where files of another survey tool do not join
        this question's answers like those of the others.
    shown_if
        What must have been answered before for the form to show the question: every one of
        these. Empty where that is not known.
    coded_from
        Concept of the text whose codes by a coding frame these answers are; no questionnaire
        asks such a question.
    topic
        Topic whose tables it stands with, where it is not one of the standing questions.
    confirmed
        Whether a person has looked at it; what a draft guessed is unconfirmed, and tables that
        rest on it say so.
    """

    concept: str
    heading: str
    title: str
    kind: Kind
    unit: Unit
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    series: str = ""
    measure: str = ""
    required: bool = False
    flat: bool = False
    personal: bool = False
    write_in_of: str = ""
    note: str = ""
    separator: str = ""
    coded_from: str = ""
    ordinal: bool = False
    multiple: bool = False
    topic: str = ""
    confirmed: bool = True
    shown_if: tuple[Condition, ...] = ()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Labels of the choices in display order, each once."""
        return tuple(dict.fromkeys(choice.label for choice in self.choices))

    @cached_property
    def unconfirmed_labels(self) -> tuple[str, ...]:
        """Labels of choices of which nobody has said whether the form offers them."""
        return tuple(dict.fromkeys(c.label for c in self.choices if not c.confirmed))

    @cached_property
    def row_labels(self) -> tuple[str, ...]:
        """Labels of the matrix rows in display order."""
        return tuple(dict.fromkeys(row.label for row in self.rows))

    @cached_property
    def label_of(self) -> Mapping[str, str]:
        """Stored value -> label."""
        return {choice.value: choice.label for choice in self.choices}

    @cached_property
    def value_of(self) -> Mapping[str, str]:
        """Label -> stored value (the inverse within this edition)."""
        return {choice.label: choice.value for choice in self.choices}

    @cached_property
    def written_values(self) -> frozenset[str]:
        """The stored values, each also as the exporter writes it."""
        values = [choice.value for choice in self.choices]
        return frozenset((*values, *map(as_exported, values)))

    @cached_property
    def bands(self) -> Mapping[str, Band]:
        """Label -> band, for the choices that are bands."""
        return {choice.label: choice.band for choice in self.choices if choice.band}

    @cached_property
    def missing_labels(self) -> frozenset[str]:
        """Labels of choices that decline to answer."""
        return frozenset(choice.label for choice in self.choices if choice.missing)

    @cached_property
    def other_labels(self) -> frozenset[str]:
        """Labels of the choices that say no more than that it was something else."""
        return frozenset(label for label in self.labels if _OTHER.match(label))

    @property
    def banded(self) -> bool:
        """Whether the choices are bands of a number."""
        return bool(self.bands)

    @property
    def ordered(self) -> bool:
        """Whether the choices have an order: they are bands of a number, or a scale."""
        return self.banded or self.ordinal

    @cached_property
    def matrix_headings(self) -> tuple[str, ...]:
        """Export headings of a matrix, one per row, commas damaged as the exporter does."""
        return tuple(f"{self.heading} - {as_exported(row.value)}" for row in self.rows)

    @cached_property
    def flat_headings(self) -> tuple[str, ...]:
        """Headings of the flat export: one per choice, or per row of a matrix."""
        if self.kind.by_row:
            return self.matrix_headings
        values = dict.fromkeys(choice.value for choice in self.choices)
        return tuple(f"{self.heading} - {as_exported(value)}" for value in values)

    def __repr__(self) -> str:
        return f"<Question {self.concept}: {self._kind_in_words}, heading {self.heading!r}>"

    @property
    def _kind_in_words(self) -> str:
        size = f" of {len(self.rows)} rows" if self.rows else ""
        if self.choices:
            size += f" with {len(self.labels)} choices"
        counts = f" (bands of {self.measure})" if self.banded else ""
        return f"{self.kind} per {self.unit}{size}{counts}"

    def _repr_html_(self) -> str:
        about = f"{self.concept}: {self._kind_in_words}, heading {self.heading}"
        parts = [html_title(self.title, about, self.note)]
        if self.choices:
            parts.append(html_table(("choice", "stored as", self.measure), map(_row, self.choices)))
        if self.rows:
            parts.append(html_table(("row", "stored as"), ((r.label, r.value) for r in self.rows)))
        return "".join(parts)


def _row(choice: Choice) -> tuple[str, str, str]:
    """What a reader sees of a choice: label, stored value, the numbers it stands for."""
    return choice.label, choice.value, str(choice.band or choice.missing or "")
