"""What changed since the edition before."""

from __future__ import annotations

from collections.abc import Iterator

from survey.estimates import Estimates, compare, end_classes
from survey.responses import Responses

__all__ = ["growth"]

_COMPARED = (
    "compute_cores",
    "deployment_stage",
    "releases_in_use",
    "team_size",
    "deployment_tools",
    "operating_system",
    "hypervisors",
)


def growth(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the changes against the edition before, with intervals and verdicts.

    Organizations that answered both times are not independent; the intervals allow for it.
    """
    earlier = [name for name in answers.editions if name < edition]
    if not earlier:
        return
    before = earlier[-1]
    for concept in _COMPARED:
        if edition in _asked_in(answers, concept) and before in _asked_in(answers, concept):
            title = answers.question(concept, edition).title
            ends = _ends(answers.in_edition(before, edition), concept)
            table = compare(answers, concept, before, edition, nets=ends or None)
            yield table.standing_in(*ends).named(
                f"{concept}_change", "growth", f"{title}: change from {before} to {edition}"
            )


def _ends(answers: Responses, concept: str) -> dict[str, tuple[str, ...]]:
    """Return classes that stand in for bands that hold too few; none where there are no bands."""
    banded = answers.question(concept).banded
    return end_classes(answers, concept, "edition") if banded else {}


def _asked_in(answers: Responses, concept: str) -> tuple[str, ...]:
    return tuple(
        name for name in answers.editions if concept in answers.codebook.edition(name).by_concept
    )
