"""Which releases clouds run, how old and how well supported they are, and how that moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from survey.checked import checked
from survey.codebook.release_questions import UNKNOWN
from survey.errors import EstimateError
from survey.estimates import Estimates, adoption, median, share, total
from survey.responses import Responses, matched_clouds, release_facts
from survey.topics.words import worded

__all__ = ["releases"]

_OVER_EDITIONS: Final = (
    ("newest_release_support", "How the newest release of a {unit} was supported"),
    ("oldest_release_support", "How the oldest release of a {unit} was supported"),
    ("releases_ended", "{Units} on releases that have reached their end of life"),
    ("slurp_in_use", "{Units} on a SLURP release"),
)
_UPGRADES: Final = (
    ("upgrade_step", "How far the same {units} were upgraded", None),
    ("slurp_upgrade", "Upgrades of the same {units} between SLURP releases", None),
    ("upgrade_path", "Most frequent upgrades of the same {units}", 8),
)
_NO_UPGRADE: Final = (
    "'No upgrade' is the same release or an older one; tables of steps and paths tell them apart."
)
_FOLLOWED: Final = (
    "{Units} that alone in their organization have a label in both editions, or that are its "
    "only {unit} both times. Two answers do not tell in how many steps a {unit} was upgraded."
)
_TOO_NEW: Final = (
    "Unknown: by the calendar of releases the release was not even in development on the day of "
    "the answer."
)
_SLURP: Final = (
    "SLURP, for Skip Level Upgrade Release Process: a release from which one may upgrade straight "
    "to the next such release, a year later."
)
_ONCE: Final = (
    "Each {unit} counts once, as in every total; the shares of {units} on ended releases count "
    "each description."
)
_IN_STEPS: Final = ("newest_release_lag", "oldest_release_lag", "release_spread")


@checked(EstimateError)
@worded
def releases(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables on release adoption; one cloud can run several releases."""
    if "releases_in_use" not in answers.concepts:
        return
    now = answers.in_edition(edition)
    if "releases_in_use" in now.concepts:
        yield share(now, "releases_in_use").named("releases_in_use", "releases", "Releases in use")
    yield share(answers, "releases_in_use", by="edition").named(
        "releases_by_edition", "releases", "Releases in use, over the editions"
    )
    if "deployment_stage" in now.concepts and "releases_in_use" in now.concepts:
        yield share(now, "releases_in_use", by="deployment_stage").named(
            "releases_by_stage", "releases", "Releases in use, by stage of the deployment"
        )
    yield adoption(answers).named(
        "releases_by_age", "releases", "Adoption: {units} on a release, by months since it came out"
    )
    yield from _facts(release_facts(answers), edition)
    yield from _upgrades(answers, edition)


def _facts(facts: Responses, edition: str) -> Iterator[Estimates]:
    """Yield how old and how well supported releases were on the day of the answer."""
    now = facts.in_edition(edition)
    for concept in _IN_STEPS:
        if concept in now.concepts:
            table = share(now, concept).named(concept, "releases")
            yield table.noted(*_on_unknown(now, concept))
    asked = [each for each in _OVER_EDITIONS if each[0] in facts.concepts]
    for concept, title in asked:
        table = share(facts, concept, by="edition").named(concept, "releases", title)
        lag = concept.replace("_support", "_lag")
        yield table.noted(*(_on_unknown(facts, lag) if lag != concept else ()), *_on_slurp(concept))
    yield median(facts, "oldest_release_age", by="edition").named(
        "oldest_release_age", "releases", "Age of the oldest release of the median {unit}"
    )
    if "compute_cores" in now.concepts and "releases_ended" in now.concepts:
        cores = total(now, "compute_cores", by="releases_ended", one_per_cloud=True).named(
            "cores_on_ended_releases",
            "releases",
            "Compute cores, by whether the releases of the {unit} have ended",
        )
        yield cores.noted(facts.vocabulary.fill(_ONCE))


def _on_unknown(facts: Responses, concept: str) -> Iterator[str]:
    """Say why a release has no lag: its day in the calendar is after the answer.

    Whether any release of these answers has none is no matter: a note tells nothing of them.
    """
    if UNKNOWN in facts.question(concept).labels:
        yield _TOO_NEW


def _on_slurp(concept: str) -> Iterator[str]:
    """Say what the letters mean, in the tables whose labels have them."""
    if concept.startswith("slurp"):
        yield _SLURP
    if concept == "slurp_upgrade":
        yield _NO_UPGRADE


def _upgrades(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield how far, and by which way, clouds went that both editions describe."""
    earlier = [name for name in answers.editions if name < edition]
    if not earlier:
        return
    moved = matched_clouds(answers, earlier[-1], edition)
    between = f"from {earlier[-1]} to {edition}"
    followed = answers.vocabulary.fill(_FOLLOWED)
    for concept, title, most in _UPGRADES:
        if concept in moved.concepts:
            table = share(moved, concept, top=most)
            table = replace(table, ordered=concept == "upgrade_step")
            yield table.named(concept, "releases", f"{title} {between}").noted(
                followed, *_on_slurp(concept)
            )
