"""The standing questions, a few lines each over estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import Estimates, Measure
from survey.renamed import missing_name
from survey.responses import Responses
from survey.topics.changes import changes
from survey.topics.footprint import footprint
from survey.topics.headline import PublishedTotal
from survey.topics.landscape import landscape, respondents
from survey.topics.own_questions import own_questions
from survey.topics.progress import Progress, progress
from survey.topics.registry import TOPICS, Request
from survey.topics.releases import releases
from survey.topics.sensitivity import sensitivity
from survey.topics.teams import teams

__all__ = [
    "TOPICS",
    "Progress",
    "PublishedTotal",
    "changes",
    "footprint",
    "landscape",
    "own_questions",
    "progress",
    "releases",
    "respondents",
    "sensitivity",
    "standing_tables",
    "teams",
]


@checked(EstimateError)
def standing_tables(
    answers: Responses,
    edition: str | None = None,
    published_figures: Sequence[PublishedFigure] = (),
    published: Sequence[PublishedTotal] = (),
) -> tuple[Estimates, ...]:
    """Return every table of the yearly publication, in reading order.

    Parameters
    ----------
    answers
        Answers of one or several editions; earlier ones give the trends.
    edition
        The edition to publish; the newest by default.
    published_figures
        Figures that replace the bands of their organizations in totals, see
        :func:`survey.estimates.total`.
    published
        Earlier public totals, which the headline is held against.

    Raises
    ------
    ResponsesError
        If the edition is not among the answers.

    Examples
    --------
    >>> tables = standing_tables(answers)  # doctest: +SKIP
    >>> tables[0].name  # doctest: +SKIP
    'compute_cores'
    """
    chosen = edition or answers.editions[-1]
    upto = answers.in_edition(*(name for name in answers.editions if name <= chosen))
    figures = tuple(published_figures)
    asked = Request(upto, chosen, figures, tuple(published))
    tables = [
        *(table for topic in TOPICS.values() for table in topic(asked)),
        *own_questions(upto, chosen),
    ]
    seen = frozenset(
        table.spec.concept for table in tables if table.measure is not Measure.DIFFERENCE
    )
    return (*tables, *landscape(upto, chosen, seen=seen), *sensitivity(upto, chosen, figures))


if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there

    def __getattr__(name: str) -> NoReturn:
        missing_name(__name__, name)
