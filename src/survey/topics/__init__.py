"""The standing questions, a few lines each over estimates."""

from __future__ import annotations

from survey.checked import checked
from survey.errors import EstimateError
from survey.estimates import Estimates, Measure
from survey.responses import Responses
from survey.topics.cards import cards
from survey.topics.footprint import footprint
from survey.topics.growth import growth
from survey.topics.landscape import landscape, respondents
from survey.topics.own_questions import own_questions
from survey.topics.releases import releases
from survey.topics.teams import teams

__all__ = [
    "cards",
    "footprint",
    "growth",
    "landscape",
    "own_questions",
    "releases",
    "respondents",
    "standing_tables",
    "teams",
]


@checked(EstimateError)
def standing_tables(answers: Responses, edition: str | None = None) -> tuple[Estimates, ...]:
    """Return every table of the yearly publication, in reading order.

    Parameters
    ----------
    answers
        Answers of one or several editions; earlier ones give the trends.
    edition
        The edition to publish; the newest by default.

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
    tables = [
        table
        for topic in (footprint, releases, teams, growth, respondents, own_questions)
        for table in topic(upto, chosen)
    ]
    seen = frozenset(
        table.spec.concept for table in tables if table.measure is not Measure.DIFFERENCE
    )
    return (*tables, *landscape(upto, chosen, seen=seen), *cards(upto, chosen))
