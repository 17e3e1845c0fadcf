"""Sensitivity cards: what each headline depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from survey.checked import checked
from survey.errors import EstimateError
from survey.estimates import Estimates, median, nps, share, total
from survey.estimates import sensitivity as asked_again
from survey.estimates.shares.nps import is_scored
from survey.responses import Responses
from survey.topics.words import worded

__all__ = ["sensitivity"]

_TITLES: Final = {
    "compute_cores_total": "Compute cores in the {units} that answered",
    "compute_cores_median": "Compute cores of the median {unit}",
    "production": "{Units} in production",
    "team_size_median": "People who operate the median {unit}",
    "nps": "Net promoter score",
}
_PRODUCTION: Final = "Production / Full Operational Use"


@checked(EstimateError)
@worded
def sensitivity(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield, for every headline, the number with one decision behind it made otherwise.

    Without the largest answer, with copies, on another base or unit, with another rule for the
    open band, with another family: see :func:`survey.estimates.sensitivity`.
    """
    now = answers.in_edition(edition)
    for name, headline in _headlines(now):
        card = asked_again(now, headline)
        yield replace(card, notes=(_verdict(card), *card.notes)).named(
            f"{name}_depends_on", "sensitivity", f"{_TITLES[name]}: what it depends on"
        )


def _verdict(card: Estimates) -> str:
    """Say which decisions move the headline out of its own interval."""
    first, others = card.frame.iloc[0], card.frame.iloc[1:]
    told = others[others["value"].notna()]
    outside = told[(told["value"] < first["low"]) | (told["value"] > first["high"])]
    if not len(outside):
        return "No choice moves the headline outside its interval."
    return f"These choices move the headline outside its interval: {', '.join(outside['answer'])}."


def _headlines(now: Responses) -> Iterator[tuple[str, Estimates]]:
    asked = now.concepts
    if "compute_cores" in asked:
        yield "compute_cores_total", total(now, "compute_cores")
        yield "compute_cores_median", median(now, "compute_cores")
    if _PRODUCTION in _choices(now, "deployment_stage"):
        yield "production", share(now, "deployment_stage", items=[_PRODUCTION])
    if "team_size" in asked:
        yield "team_size_median", median(now, "team_size")
    if is_scored(now, "likelihood_to_recommend"):
        yield "nps", nps(now)


def _choices(now: Responses, concept: str) -> Sequence[str]:
    return now.question(concept).labels if concept in now.concepts else ()
