"""Made-up populations of organizations that run several clouds and answer every year.

Sizes are roughly those of the survey: seven organizations in ten describe one cloud, few
describe more than four. The clouds of an organization resemble each other: each answers
with the organization's own probability, drawn from a beta distribution with the wanted mean
and intraclass correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

SIZES = np.array([1, 2, 3, 4, 6, 10])
CHANCES = np.array([0.72, 0.14, 0.06, 0.04, 0.03, 0.01])
_STEPS = 4000


@dataclass(frozen=True)
class Draw:
    """Clouds of many samples: sample, edition and organization of each, and a chance each.

    ``place`` is each cloud's quantile in the population of organizations; two organizations
    with the same quantile answer with the same probability.
    """

    sample: Ints
    edition: Ints
    organization: Ints
    place: Floats
    samples: int

    def answers(
        self, share: float | Floats, correlation: float, random: np.random.Generator
    ) -> npt.NDArray[np.bool_]:
        """Return an answer of each cloud; ``share`` may differ by edition."""
        means = np.atleast_1d(share)
        chance = np.empty(len(self.place))
        for edition, mean in enumerate(np.broadcast_to(means, self.edition.max() + 1)):
            own = self.edition == edition
            chance[own] = _chances(float(mean), correlation, self.place[own])
        return random.random(len(chance)) < chance


def draw(
    size: int,
    samples: int,
    random: np.random.Generator,
    *,
    editions: int = 1,
    staying: float = 0.5,
    alone: bool = False,
    unequal: str = "",
) -> Draw:
    """Draw samples of exactly ``size`` clouds in every edition.

    Parameters
    ----------
    size, samples, editions
        Clouds per sample and edition, samples, and editions.
    random
        Source of randomness.
    staying
        Chance that an organization answers in the next edition, too, with as many clouds.
    alone
        Whether every organization has one cloud.
    unequal
        ``"giant"``: one organization holds a fifth of the clouds; ``"zipf"``: the largest holds
        16 %, the second half as many, the third a third, and so on down to one; ``"pairs"``: every
        organization has two.
    """
    slots = (samples, size)
    clouds = _with_large(_sizes(slots, random, alone), unequal)
    place = random.random(slots)
    name = np.arange(samples * size).reshape(slots)
    parts = []
    for edition in range(editions):
        if edition:
            new = random.random(slots) >= staying
            clouds = _with_large(np.where(new, _sizes(slots, random, alone), clouds), unequal)
            place = np.where(new, random.random(slots), place)
            name = np.where(new, name + samples * size * editions, name)
        before = clouds.cumsum(axis=1) - clouds
        taken = np.clip(size - before, 0, clouds)
        sample, slot = np.nonzero(taken)
        times = taken[sample, slot]
        parts.append(
            [
                np.repeat(each, times)
                for each in (
                    sample,
                    np.full(len(sample), edition),
                    name[sample, slot],
                    place[sample, slot],
                )
            ]
        )
    joined = [np.concatenate(each) for each in zip(*parts, strict=True)]
    _, organization = np.unique(joined[2], return_inverse=True)
    return Draw(joined[0], joined[1], organization, joined[3], samples)


def _sizes(shape: tuple[int, int], random: np.random.Generator, alone: bool) -> Ints:
    if alone:
        return np.ones(shape, dtype=np.intp)
    return random.choice(SIZES, p=CHANCES, size=shape)


def _with_large(clouds: Ints, unequal: str) -> Ints:
    """Give the first organizations of each sample the sizes that ``unequal`` names."""
    size = clouds.shape[1]
    if unequal == "giant":
        return np.hstack([np.full((len(clouds), 1), size // 5), clouds[:, 1:]])
    if unequal == "pairs":
        return np.full_like(clouds, 2)
    if unequal == "zipf":
        ranked = np.maximum(np.round(0.16 * size / np.arange(1, size + 1)), 1).astype(np.intp)
        return np.broadcast_to(ranked, clouds.shape)
    return clouds


def _chances(mean: float, correlation: float, place: Floats) -> Floats:
    return _quantiles(mean, correlation)[(place * _STEPS).astype(int)]


@cache
def _quantiles(mean: float, correlation: float) -> Floats:
    from scipy.stats import beta

    strength = (1 - correlation) / correlation
    middle = (np.arange(_STEPS) + 0.5) / _STEPS
    return np.asarray(beta.ppf(middle, mean * strength, (1 - mean) * strength))
