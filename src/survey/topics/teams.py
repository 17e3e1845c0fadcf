"""How many people operate a cloud."""

from __future__ import annotations

from collections.abc import Iterator

from survey.estimates import Estimates, median
from survey.responses import Responses
from survey.topics.footprint import in_classes, sizes

__all__ = ["teams"]


def teams(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables on team size; editions before 2020 did not ask."""
    if "team_size" not in answers.concepts:
        return
    now = answers.in_edition(edition)
    if "team_size" in now.concepts:
        yield sizes(now, "team_size").named("team_size", "teams")
        yield in_classes(now, "team_size", by="compute_cores").named(
            "team_size_by_cores", "teams", "Team size, by compute cores of the cloud"
        )
    yield sizes(answers, "team_size", by="edition").named(
        "team_size_by_edition", "teams", "Team size, over the editions"
    )
    yield median(answers, "team_size", by="edition").named(
        "team_size_median", "teams", "Team size: the median cloud"
    )
