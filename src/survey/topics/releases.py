"""Which releases clouds run, and how that moves over the editions."""

from __future__ import annotations

from collections.abc import Iterator

from survey.estimates import Estimates, share
from survey.responses import Responses

__all__ = ["releases"]


def releases(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables on release adoption; one cloud can run several releases."""
    if "releases_in_use" not in answers.concepts:
        return
    now = answers.in_edition(edition)
    yield share(now, "releases_in_use").named("releases_in_use", "releases", "Releases in use")
    yield share(answers, "releases_in_use", by="edition").named(
        "releases_by_edition", "releases", "Releases in use, over the editions"
    )
    yield share(now, "releases_in_use", by="deployment_stage").named(
        "releases_by_stage", "releases", "Releases in use, by stage of the deployment"
    )
