"""Every kind of question, by what its answers are: a new one is a line here.

Code asks a kind what holds for its answers and knows none by name, so that a kind with another
mixture of the same traits is read, counted and drawn as it comes. One whose answers come from
elsewhere needs, besides, a parser of its cells, a reader for counting, and a guess for drafts.
"""

from __future__ import annotations

from enum import StrEnum

from survey.dataclass import dataclass

__all__ = ["Kind", "Source", "Traits"]


class Source(StrEnum):
    """Where the answers to a question come from."""

    CHOICES = "choices"
    COUNTRIES = "countries"
    TICK = "a tick"
    ORGANIZATIONS = "organizations"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Traits:
    """What holds for the answers of a kind.

    Attributes
    ----------
    source
        Where answers come from.
    several
        Whether one respondent can give several answers.
    ranked
        Whether the order of the answers is an answer.
    by_row
        Whether each row of a matrix is answered for itself.
    """

    source: Source
    several: bool = False
    ranked: bool = False
    by_row: bool = False


class Kind(StrEnum):
    """How a question is answered.

    Examples
    --------
    >>> Kind("ranking").joined, Kind("matrix").joined, Kind("text").closed
    (True, False, False)
    """

    traits: Traits

    SINGLE = "single", Traits(Source.CHOICES)
    MULTIPLE = "multiple", Traits(Source.CHOICES, several=True)
    MATRIX = "matrix", Traits(Source.CHOICES, several=True, by_row=True)
    RANKING = "ranking", Traits(Source.CHOICES, several=True, ranked=True)
    COUNTRY = "country", Traits(Source.COUNTRIES)
    COUNTRIES = "countries", Traits(Source.COUNTRIES, several=True)
    CHECKBOX = "checkbox", Traits(Source.TICK)
    ORGANIZATION = "organization", Traits(Source.ORGANIZATIONS)
    TEXT = "text", Traits(Source.WORDS)

    def __new__(cls, value: str, traits: Traits) -> Kind:
        """Return the kind that files call ``value``."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.traits = traits
        return kind

    @property
    def closed(self) -> bool:
        """Whether answers come from a list that the questionnaire gives."""
        return self.traits.source in (Source.CHOICES, Source.COUNTRIES, Source.TICK)

    @property
    def listed(self) -> bool:
        """Whether the codebook lists the choices."""
        return self.traits.source is Source.CHOICES

    @property
    def several(self) -> bool:
        """Whether one respondent can give several answers."""
        return self.traits.several

    @property
    def ranked(self) -> bool:
        """Whether the order of the answers is an answer."""
        return self.traits.ranked

    @property
    def by_row(self) -> bool:
        """Whether each row of a matrix is answered for itself."""
        return self.traits.by_row

    @property
    def single_choice(self) -> bool:
        """Whether an answer is one of the choices."""
        return self.listed and not self.several

    @property
    def multiple_choice(self) -> bool:
        """Whether an answer is any of the choices, in no order."""
        return self.joined and not self.ranked

    @property
    def joined(self) -> bool:
        """Whether one cell can hold several choices."""
        return self.listed and self.several and not self.by_row

    @property
    def names_countries(self) -> bool:
        """Whether answers are countries."""
        return self.traits.source is Source.COUNTRIES

    @property
    def ticked(self) -> bool:
        """Whether an answer is a tick or nothing."""
        return self.traits.source is Source.TICK

    @property
    def names_organization(self) -> bool:
        """Whether the answer names the respondent's organization."""
        return self.traits.source is Source.ORGANIZATIONS

    @property
    def free_text(self) -> bool:
        """Whether the answer is in a person's own words."""
        return self.traits.source is Source.WORDS

    @property
    def one_label(self) -> bool:
        """Whether an answer is one choice or one country."""
        return (self.listed or self.names_countries) and not self.several

    @property
    def picked(self) -> bool:
        """Whether choices are picked, one or several, in no order."""
        return self.listed and not (self.ranked or self.by_row)

    @property
    def one_country(self) -> bool:
        """Whether the answer is one country."""
        return self.names_countries and not self.several

    @property
    def country_set(self) -> bool:
        """Whether the answer is any number of countries."""
        return self.names_countries and self.several
