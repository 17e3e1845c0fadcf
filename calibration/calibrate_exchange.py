"""Level of the test of a changed total or mean, through bands, model and exchange of editions.

Nothing changes: 120 organizations run the survey's mix of numbers of clouds, each takes part in
either edition with a chance of .6, or all of them both times, and the numbers of a cloud in two
years are correlated. Sizes spread over four or over seven decades. Rejected should be 5 % of the
samples; ``error`` is one Monte Carlo standard error. A few samples in which every later cloud is
twice as large say how often a doubling is seen.

Where exactly as many clouds answer in both editions and they are not the same, the test of a total
is timid (1 to 2 % in place of 5): it expects their number to vary, as it does in every survey.

``slopes`` does the same for the slope of totals over five editions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrate_bands import CODEBOOK, codes_of
from population import CHANCES, SIZES

from survey.estimates.change.change_of_sums import Model, change_of_sums, edition_sums
from survey.estimates.design import design_of
from survey.estimates.numbers.exchange import exchange_slopes
from survey.provenance import Provenance
from survey.responses import Responses

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

CONCEPT, EDITIONS = "compute_cores", ("2022", "2023")
SAMPLES, ORGANIZATIONS, SEED = 2000, 120, 11
TAKES_PART = (0.6, 1.0)
ALIKE, MIDDLE = 0.7, np.log(900)
SPREADS = {"four decades": 1.5, "seven decades": 2.8}
FACTORS = (1.0, 2.0)
POWER = 10  # a doubling is tried on so many times fewer samples


def calibrate(
    samples: int = SAMPLES, size: int = ORGANIZATIONS, seed: int = SEED
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table."""
    yield "slopes", pd.DataFrame(_slopes(samples, size, seed))
    yield "exchange", pd.DataFrame(_rows(samples, size, seed))


def _slopes(samples: int, size: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield how often the slope of totals over five editions is called clear where there is none.

    Sums are of the numbers themselves: what lies inside bands is tried in ``exchange``.
    """
    years = np.arange(5.0) - 2
    for name, spread in SPREADS.items():
        for chance in TAKES_PART:
            random = np.random.default_rng([seed, 5, size, int(10 * spread), int(10 * chance)])
            rejected = 0
            for _ in range(samples):
                owner, takes_part, parts = _sizes(size, chance, spread, random, editions=5)
                sums = np.zeros((size, 5))
                for place, cores in enumerate(parts):
                    np.add.at(sums[:, place], owner, cores * takes_part[owner, place])
                scores = (sums @ (years / (years**2).sum()))[:, None]
                rejected += exchange_slopes(scores, sums.sum(axis=1)[:, None]).p_value[0] < 0.05
            yield {
                "statistic": "slope of totals",
                "sizes spread over": name,
                "takes part": _words(chance),
                "organizations": size,
                "samples": samples,
                **_level(rejected / samples, samples),
            }


def _words(chance: float) -> str:
    return "always" if chance == 1.0 else f"with a chance of {chance:g}"


def _level(rejected: float, samples: int) -> dict[str, float]:
    error = float(np.sqrt(rejected * (1 - rejected) / samples))
    return {"rejects": round(100 * rejected, 2), "error": round(100 * error, 2)}


def _rows(samples: int, size: int, seed: int) -> Iterator[dict[str, object]]:
    for (name, spread), chance in product(SPREADS.items(), TAKES_PART):
        for factor in FACTORS if chance < 1 else FACTORS[:1]:
            many = samples if factor == 1.0 else samples // POWER
            random = np.random.default_rng([seed, size, int(10 * spread), int(factor)])
            found: dict[str, list[tuple[float, bool]]] = {"total": [], "mean": []}
            for _ in range(many):
                answers = _answers(size, factor, (spread, chance), random)
                sums = edition_sums(design_of(answers), CONCEPT, EDITIONS, None, Model("average"))
                for statistic, rows in found.items():
                    moved = change_of_sums(sums, mean=statistic == "mean")
                    inside = moved.factor_low[0] <= factor <= moved.factor_high[0]
                    rows.append((float(moved.p_value[0]), bool(inside)))
            for statistic, rows in found.items():
                p, inside = (np.array(each) for each in zip(*rows, strict=True))
                yield {
                    "statistic": statistic,
                    "sizes spread over": name,
                    "takes part": _words(chance),
                    "organizations": size,
                    "factor": factor,
                    "samples": many,
                    **_level(float((p < 0.05).mean()), many),
                    "factor covered": round(100 * float(inside.mean()), 1),
                }


def _sizes(
    size: int, chance: float, spread: float, random: np.random.Generator, editions: int = 2
) -> tuple[Ints, Flags, list[Floats]]:
    """Return the owner of each cloud, who takes part in which edition, and cores by edition."""
    clouds = random.choice(SIZES, p=CHANCES, size=size)
    owner = np.repeat(np.arange(size), clouds)
    takes_part = random.random((size, editions)) < chance
    common = random.normal(size=len(owner))
    own = [random.normal(size=len(owner)) for _ in range(editions)]
    logs = [np.sqrt(ALIKE) * common + np.sqrt(1 - ALIKE) * each for each in own]
    return owner, takes_part, [np.maximum(np.exp(MIDDLE + spread * z), 1.0) for z in logs]


def _answers(
    size: int, factor: float, world: tuple[float, float], random: np.random.Generator
) -> Responses:
    spread, chance = world
    owner, takes_part, sizes = _sizes(size, chance, spread, random)
    parts = []
    for place, edition in enumerate(EDITIONS):
        here = takes_part[owner, place]
        cores = sizes[place] * factor**place
        labels = list(CODEBOOK.question(CONCEPT, EDITIONS[1]).bands)
        codes = codes_of(CONCEPT, cores[here])
        name = owner[here].astype(str)
        parts.append(
            pd.DataFrame(
                {
                    "edition": np.full(len(name), edition, dtype=object),
                    "respondent": name,
                    "organization": name,
                    "deployment": np.flatnonzero(here) + place * len(owner),
                    "copied": False,
                    CONCEPT: pd.Categorical.from_codes(codes, labels, ordered=True),
                }
            )
        )
    both = pd.concat(parts, ignore_index=True)
    people = both[["edition", "respondent", "organization", "copied"]]
    nothing = pd.DataFrame()
    return Responses(
        people.drop_duplicates(["edition", "respondent"]).reset_index(drop=True),
        both,
        CODEBOOK,
        nothing,
        nothing,
        Provenance(codebook=EDITIONS),
    )
