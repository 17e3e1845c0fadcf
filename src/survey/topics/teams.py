"""How many people operate a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from survey.checked import checked
from survey.errors import EstimateError
from survey.estimates import Estimates, association, median, ratio, share, share_where
from survey.responses import Responses
from survey.topics.footprint import in_classes
from survey.topics.words import worded

__all__ = ["FEW", "LARGE", "teams"]

FEW: Final = 10
"""How many people are a small team."""
LARGE: Final = 1_000
"""From how many cores on a cloud is large."""


@checked(EstimateError)
@worded
def teams(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables on team size; editions before 2020 did not ask."""
    if "team_size" not in answers.concepts:
        return
    now = answers.in_edition(edition)
    if "team_size" in now.concepts:
        yield share(now, "team_size").named("team_size", "teams")
        if "compute_cores" in now.concepts:
            yield in_classes(now, "team_size", by="compute_cores").named(
                "team_size_by_cores", "teams", "Team size, by compute cores of the {unit}"
            )
    yield share(answers, "team_size", by="edition").named(
        "team_size_by_edition", "teams", "Team size, over the editions"
    )
    yield median(answers, "team_size", by="edition").named(
        "team_size_median", "teams", "Team size: the median {unit}"
    )
    if "compute_cores" in answers.concepts:
        yield from _teams_and_cores(answers, now)


def _teams_and_cores(answers: Responses, now: Responses) -> Iterator[Estimates]:
    """Yield how few people run how large a cloud."""
    yield share_where(
        answers, "edition", among_at_least={"compute_cores": LARGE}, at_most={"team_size": FEW}
    ).named(
        "small_teams_of_large_clouds",
        "teams",
        f"{{Units}} of {LARGE:,} or more cores that at most {FEW} people operate",
    )
    yield ratio(answers, "compute_cores", "team_size", "edition").named(
        "cores_per_person", "teams", "Compute cores per person who operates the {unit}"
    )
    if {"team_size", "compute_cores"} <= set(now.concepts):
        yield association(now, "compute_cores", "team_size").named(
            "team_size_and_cores", "teams", "Do larger {units} have larger teams?"
        )
