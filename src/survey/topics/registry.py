"""Every topic of the yearly report: a new one is its file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from survey.codebook import PublishedFigure
from survey.dataclass import dataclass
from survey.estimates import Estimates
from survey.responses import Responses
from survey.topics.changes import changes
from survey.topics.footprint import footprint
from survey.topics.headline import PublishedTotal
from survey.topics.landscape import respondents
from survey.topics.releases import releases
from survey.topics.teams import teams

__all__ = ["TOPICS", "Request", "Topic"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a report asks of a topic.

    Attributes
    ----------
    answers
        Answers of the edition to publish and of those before it.
    edition
        The edition to publish.
    published_figures, published
        See :func:`survey.topics.standing_tables`.
    """

    answers: Responses
    edition: str
    published_figures: tuple[PublishedFigure, ...] = ()
    published: tuple[PublishedTotal, ...] = ()


Topic: TypeAlias = Callable[[Request], Iterable[Estimates]]

TOPICS: Final[Mapping[str, Topic]] = MappingProxyType(
    {
        "footprint": lambda asked: footprint(
            asked.answers, asked.edition, asked.published_figures, asked.published
        ),
        "releases": lambda asked: releases(asked.answers, asked.edition),
        "teams": lambda asked: teams(asked.answers, asked.edition),
        "changes": lambda asked: changes(asked.answers, asked.edition, asked.published_figures),
        "respondents": lambda asked: respondents(asked.answers, asked.edition),
    }
)
"""Name -> its tables, in reading order. Own questions, the landscape of all others and the
sensitivity of the headlines follow: they depend on what these show."""
