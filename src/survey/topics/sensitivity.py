"""Sensitivity cards: what each headline depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import Estimates, Status, median, nps, share
from survey.estimates import sensitivity as asked_again
from survey.estimates.shares.nps import is_scored
from survey.responses import Responses
from survey.topics.headline import CORES, PRODUCTION, STAGE, headline_of
from survey.topics.words import worded

__all__ = ["sensitivity"]

_TITLES: Final = {
    "production_cores": "Compute cores in the {units} in production",
    "compute_cores_median": "Compute cores of the median {unit}",
    "production": "{Units} in production",
    "team_size_median": "People who operate the median {unit}",
    "nps": "Net promoter score",
}


@checked(EstimateError)
@worded
def sensitivity(
    answers: Responses, edition: str, figures: Sequence[PublishedFigure] = ()
) -> Iterator[Estimates]:
    """Yield, for every headline, the number with one decision behind it made otherwise.

    Without the largest answer, with copies, on another base or unit, with another rule for the
    open band, with another family: see :func:`survey.estimates.sensitivity`.
    """
    now = answers.in_edition(edition)
    for name, whose, headline in _headlines(answers, now, figures):
        card = asked_again(whose, headline)
        yield replace(card, notes=(_verdict(card), *card.notes)).named(
            f"{name}_depends_on", "sensitivity", f"{_TITLES[name]}: what it depends on"
        )


def _verdict(card: Estimates) -> str:
    """Say which decisions move the headline out of its own interval."""
    first, others = card.frame.iloc[0], card.frame.iloc[1:]
    told = others[others["value"].notna()]
    outside = told[(told["value"] < first["low"]) | (told["value"] > first["high"])]
    unknown = others.loc[others["status"] == Status.NOT_AVAILABLE.value, "answer"]
    open_yet = f" ({', '.join(unknown)}: not available)" if len(unknown) else ""
    if not len(outside):
        return f"No choice moves the headline outside its interval{open_yet}."
    moving = ", ".join(outside["answer"])
    return f"These choices move the headline outside its interval: {moving}{open_yet}."


def _headlines(
    answers: Responses, now: Responses, figures: Sequence[PublishedFigure]
) -> Iterator[tuple[str, Responses, Estimates]]:
    """Yield the name of each headline, the answers that it is of, and its table."""
    asked = now.concepts
    if CORES in asked and PRODUCTION in _choices(now, STAGE):
        yield "production_cores", answers, _production_cores(answers, now.editions[-1], figures)
    if CORES in asked:
        yield "compute_cores_median", now, median(now, CORES)
    if PRODUCTION in _choices(now, STAGE):
        yield "production", now, share(now, STAGE, items=[PRODUCTION])
    if "team_size" in asked:
        yield "team_size_median", now, median(now, "team_size")
    if is_scored(now, "likelihood_to_recommend"):
        yield "nps", now, nps(now)


def _production_cores(
    answers: Responses, edition: str, figures: Sequence[PublishedFigure]
) -> Estimates:
    """Return the headline as the report has it: one row of the totals by edition and stage."""
    table = headline_of(answers, figures)
    frame = table.frame
    kept = (frame["edition"].astype(str) == edition) & (frame[STAGE].astype(str) == PRODUCTION)
    return table.with_frame(frame[kept].reset_index(drop=True))


def _choices(now: Responses, concept: str) -> Sequence[str]:
    return now.question(concept).labels if concept in now.concepts else ()
