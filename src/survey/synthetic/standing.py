"""How large a cloud is, how old, and how it is run, in one year.

Sizes hang together: large clouds have more nodes, instances, users and people; they are older,
and older clouds are more often in production and on older releases.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from survey.codebook import Edition
from survey.dataclass import dataclass
from survey.synthetic.latent import Hidden, Numbers, Slots, blend, deviate
from survey.synthetic.marginals import marginal
from survey.synthetic.population import Cloud, Organization

__all__ = ["Standing", "moment_of", "standing"]

_AGE_RATE = 0.19
_FIRST_CLOUDS = 2010.8
_MOST_CORES = 6.9e6
_SIZE = np.array([0.45, 0.55, 0.6, 0.36])
_AGE_AND_SIZE = 0.6
_BREADTH = np.array([0.5, 0.866])
_LOADS: Mapping[str, Mapping[str, float]] = {
    "deployment_stage": {"age": 0.4, "size": 0.25},
    "releases_in_use": {"age": 0.4, "upgrades": 0.5},
    "upgrade_policy": {"upgrades": 0.6},
    "stable_branch_use": {"upgrades": 0.4},
    "deployment_type": {"size": 0.25},
}


@dataclass(frozen=True)
class Standing:
    """State of one cloud in one edition.

    Attributes
    ----------
    numbers
        Concept -> number behind a banded answer: cores, nodes, people and so on.
    hidden
        Standing on everything else.
    """

    cloud: Cloud
    owner: Organization
    numbers: Mapping[str, float]
    hidden: Hidden


def moment_of(edition: str) -> float:
    """Return the middle of an edition's fieldwork, as a number of years.

    Examples
    --------
    >>> moment_of("2021")
    2021.5
    """
    return (int(edition) if edition.isdigit() else 2021) + 0.5


def standing(
    seed: int, slots: Slots, edition: Edition, owner: Organization, cloud: Cloud
) -> Standing:
    """Return the state of ``cloud`` in the year of ``edition``."""
    drawn = blend(seed, slots, owner.number, ("cloud", cloud.number), edition.name)
    hidden = _with_factors(drawn, owner, cloud, moment_of(edition.name))
    return Standing(cloud, owner, _numbers(hidden, edition), hidden)


def _with_factors(drawn: Hidden, owner: Organization, cloud: Cloud, now: float) -> Hidden:
    """Work size, age and habits into the questions that they touch."""
    place, numbers = drawn.slots.place, drawn.numbers.copy()
    age = _aged(cloud.built, now)
    size = float(np.array([owner.scale, cloud.shift, age, drawn.factor("size")]) @ _SIZE)
    numbers[place["", "age"]] = age
    numbers[place["", "size"]] = size
    numbers[place["", "breadth"]] = np.array([size, drawn.factor("breadth")]) @ _BREADTH
    for concept, loads in _LOADS.items():
        _mix(numbers, place, concept, loads)
    return Hidden(drawn.slots, numbers)


def _mix(
    numbers: Numbers,
    place: Mapping[tuple[str, str], int],
    concept: str,
    loads: Mapping[str, float],
) -> None:
    """Replace a question's number by a blend with the factors that it depends on."""
    if (concept, "") not in place:
        return
    shared = sum(load * numbers[place["", factor]] for factor, load in loads.items())
    joint = 2 * _AGE_AND_SIZE * loads.get("age", 0.0) * loads.get("size", 0.0)
    own = np.sqrt(1 - joint - sum(load**2 for load in loads.values()))
    numbers[place[concept, ""]] = shared + own * numbers[place[concept, ""]]


def _aged(built: float, now: float) -> float:
    """Return the standing of a cloud's age among clouds that leave at a steady rate."""
    longest = -np.expm1(-_AGE_RATE * max(0.5, now - _FIRST_CLOUDS))
    share = -np.expm1(-_AGE_RATE * max(0.0, now - built)) / longest
    return deviate(float(np.clip(share, 0.01, 0.985)))


def _numbers(hidden: Hidden, edition: Edition) -> dict[str, float]:
    """Return the counts behind the banded answers."""
    noise, years = hidden.number, moment_of(edition.name) - 2021.5
    size = float(hidden.alone[hidden.slots.place["", "size"]])
    cores = float(np.log10(_cores(edition, size)))
    objects = 0.8 * cores - 1.0 + 0.8 * noise("object_storage")
    powers = {
        "compute_cores": cores,
        "compute_nodes": cores - 1.5 - 0.02 * years + 0.22 * noise("compute_nodes"),
        "compute_instances": cores - 0.3 + 0.35 * noise("compute_instances"),
        "cloud_users": 0.25 + 0.55 * cores + 0.7 * noise("cloud_users"),
        "ip_addresses": cores - 0.35 + 0.45 * noise("ip_addresses"),
        "block_storage": 0.78 * cores - 0.9 + 0.55 * noise("block_storage"),
        "object_storage": objects,
        "object_count": objects + 4.6 + 0.7 * noise("object_count"),
        "nova_cells": 0.16 * (cores - 2.6) + 0.18 * noise("nova_cells"),
        "team_size": 0.22 + 0.2 * cores - 0.035 * years + 0.27 * noise("team_size"),
    }
    may_be_less = {"block_storage", "object_storage", "object_count"}
    return {
        concept: max(0.0 if concept in may_be_less else 1.0, round(10**power))
        for concept, power in powers.items()
    }


def _cores(edition: Edition, share: float) -> float:
    """Return the cores that a ``share`` of the edition's clouds stays below."""
    question = edition.by_concept.get("compute_cores")
    if question is None or not question.banded:
        return float(10 ** (1 + 4 * share))
    shares = marginal(question, edition.name).shares
    starts = [max(1.0, question.bands[label].low) for label in shares]
    reached = np.concatenate([[0.0], np.cumsum(list(shares.values()))])
    edges = np.log10([*starts, _MOST_CORES])
    return float(10 ** np.interp(share * reached[-1], reached, edges))
