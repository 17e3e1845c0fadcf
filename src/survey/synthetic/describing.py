"""What a cloud or a person would answer to every closed question, were all answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from survey.codebook import Edition, Question, Unit
from survey.synthetic import assumptions, choosing
from survey.synthetic.answers import Answer
from survey.synthetic.latent import Hidden, deviate, share_below
from survey.synthetic.marginals import marginal
from survey.synthetic.population import Organization
from survey.synthetic.standing import Standing

__all__ = ["describe_cloud", "describe_person"]

_ALONE = "None"
_INTERACTING = 0.66
_ABROAD = 0.07
_COUNTRIES = len(assumptions.COUNTRIES)
_TILTS: Mapping[tuple[str, str], float] = {
    ("Telecommunications", "Network Functions Virtualization"): 1.3,
    ("Telecommunications", "Telco"): 1.6,
    ("Telecommunications", "5G"): 1.2,
    (
        "Academic / Research",
        "Research computing (including High Performance and High Throughput Computing)",
    ): 1.7,
    ("Academic / Research", "HPC"): 1.2,
    ("Retail / ecommerce", "Web services and e-commerce"): 1.0,
    ("Healthcare", "Bio and medical"): 1.8,
}


def describe_cloud(edition: Edition, state: Standing) -> dict[str, Answer]:
    """Return concept -> answer for one cloud, in the stored values of the edition."""
    asked = edition.of_unit(Unit.DEPLOYMENT)
    found = {q.concept: _of_cloud(q, edition, state) for q in asked if q.kind.closed}
    answers = {concept: answer for concept, answer in found.items() if answer}
    production = str(answers.get("deployment_stage", "Production")).startswith("Production")
    answers.pop("projects_interest" if production else "projects_used", None)
    unmodified = answers.get("packages_used", ())
    if all(str(value).startswith("Unmodified") for value in unmodified):
        answers.pop("custom_package_reasons", None)
    return answers


def describe_person(edition: Edition, owner: Organization, hidden: Hidden) -> dict[str, Answer]:
    """Return concept -> answer to the closed questions about a person and organization."""
    asked = edition.of_unit(Unit.RESPONDENT)
    found = {q.concept: _of_person(q, edition, owner, hidden) for q in asked if q.kind.closed}
    answers = {concept: answer for concept, answer in found.items() if answer}
    industry = edition.by_concept.get("industry")
    if industry and answers.get("industry") != industry.value_of.get("Information Technology"):
        answers.pop("it_activities", None)
    return answers


def _of_cloud(question: Question, edition: Edition, state: Standing) -> Answer:
    special = _SPECIAL.get(question.concept)
    if special is not None:
        return special(question, edition, state)
    if question.banded and question.concept in state.numbers:
        return choosing.band(question, state.numbers[question.concept])
    if question.kind.country_set:
        return _countries(question, edition, state)
    return _plain(question, edition, state.owner, state.hidden)


def _of_person(question: Question, edition: Edition, owner: Organization, hidden: Hidden) -> Answer:
    if question.kind.one_country:
        chance = hidden.chance(question.concept) / _ABROAD
        away = question.concept == "user_country" and chance < 1
        return tuple(assumptions.COUNTRIES)[int(chance * _COUNTRIES)] if away else owner.country
    if question.concept == "industry":
        return question.value_of.get(owner.industry, "")
    if question.banded:
        return choosing.band(question, owner.employees)
    return _plain(question, edition, owner, hidden)


def _plain(question: Question, edition: Edition, owner: Organization, hidden: Hidden) -> Answer:
    """Return the answer to a question without rules of its own."""
    shares = _shares(question, edition, owner)
    if question.kind.single_choice:
        return choosing.single(question, shares, hidden.chance(question.concept))
    if question.kind.multiple_choice:
        return choosing.several(question, shares, hidden)
    if question.kind.ranked:
        return choosing.ranking(question, shares, hidden)
    if question.kind.by_row:
        return choosing.matrix(question, edition.name, hidden)
    if question.kind.ticked:
        return "1" if hidden.chance(question.concept) < 0.97 else ""
    return owner.country


def _shares(question: Question, edition: Edition, owner: Organization) -> Mapping[str, float]:
    shares = marginal(question, edition.name).shares
    tilts = {
        label: tilt for (industry, label), tilt in _TILTS.items() if industry == owner.industry
    }
    if not question.kind.multiple_choice or not tilts.keys() & shares.keys():
        return shares
    return {
        label: 100 * share_below(deviate(share / 100) + tilts.get(label, 0.0))
        for label, share in shares.items()
    }


def _releases(question: Question, edition: Edition, state: Standing) -> Answer:
    """Return one to three releases near the one that the cloud's habits point to."""
    shares = dict(marginal(question, edition.name).shares)
    trunk = shares.pop("Trunk", 0.0) / 100
    labels = [label for label in question.labels if label in shares]
    reached = np.cumsum([shares[label] for label in labels])
    wanted = 1 + int(np.searchsorted([0.67, 0.91], state.hidden.chance("packages_used")))
    chosen: dict[str, None] = {}
    near = state.hidden.number("releases_in_use")
    for turn in ("deployment_tools", "hypervisors", "databases", "workloads", "api_toolkits"):
        place = int(np.searchsorted(reached, share_below(near) * reached[-1], side="right"))
        chosen[labels[min(place, len(labels) - 1)]] = None
        if len(chosen) >= wanted:
            break
        near = 0.8 * state.hidden.number("releases_in_use") + 0.6 * state.hidden.number(turn)
    if state.hidden.chance(question.concept, "Trunk") < trunk:
        chosen["Trunk"] = None
    return choosing.values(question, chosen)


def _interacting(question: Question, edition: Edition, state: Standing) -> Answer:
    if _ALONE in question.labels and state.hidden.chance(question.concept) > _INTERACTING:
        return choosing.values(question, [_ALONE])
    shares = {**marginal(question, edition.name).shares, _ALONE: 0.0}
    return choosing.several(question, shares, state.hidden)


def _year(question: Question, edition: Edition, state: Standing) -> Answer:
    year = str(int(state.cloud.built))
    if year in question.value_of:
        return year
    return question.value_of.get("Older", "") if state.cloud.built < 2010 else ""


def _countries(question: Question, edition: Edition, state: Standing) -> Answer:
    """Return the countries of a cloud's sites: more of them for large clouds."""
    chance = state.hidden.chance("deployment_countries")
    refuse = question.labels[0] if question.labels else ""
    if refuse and chance < 0.03:
        return (question.value_of[refuse],)
    codes = tuple(assumptions.COUNTRIES)
    more = int(
        np.searchsorted([0.78, 0.9, 0.96], chance - 0.04 * (1 - state.hidden.factor("size")))
    )
    start = int(len(codes) * state.hidden.chance("interacting_clouds"))
    others = (codes[(start + 5 * step) % len(codes)] for step in range(more))
    return tuple(dict.fromkeys((state.owner.country, *others)))


_Special = Callable[[Question, Edition, Standing], Answer]
_SPECIAL: Mapping[str, _Special] = MappingProxyType(
    {
        "releases_in_use": _releases,
        "interacting_clouds": _interacting,
        "deployment_year": _year,
        "deployment_countries": _countries,
    }
)
