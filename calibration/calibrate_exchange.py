"""Level of the test of a changed total or mean, through bands, model and exchange of editions.

Nothing changes: 120 organizations run the survey's mix of numbers of clouds, each takes part in
either edition with a chance of .6, and the numbers of a cloud in two years are correlated. Sizes
spread over four or over seven decades. Rejected should be 5 % of the samples; ``error`` is one
Monte Carlo standard error. A few samples in which every later cloud is twice as large say how often
a doubling is seen. Where exactly as many clouds answer in both editions, the test of a total
is timid (1 to 2 % in place of 5): it expects their number to vary.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from calibrate_bands import CODEBOOK, codes_of
from population import CHANCES, SIZES

from survey.estimates.change.change_of_sums import Model, change_of_sums, edition_sums
from survey.estimates.design import design_of
from survey.provenance import Provenance
from survey.responses import Responses

CONCEPT, EDITIONS = "compute_cores", ("2022", "2023")
SAMPLES, ORGANIZATIONS, SEED = 2000, 120, 11
TAKES_PART, ALIKE, MIDDLE = 0.6, 0.7, np.log(900)
SPREADS = {"four decades": 1.5, "seven decades": 2.8}
FACTORS = (1.0, 2.0)
POWER = 10  # a doubling is tried on so many times fewer samples


def calibrate(
    samples: int = SAMPLES, size: int = ORGANIZATIONS, seed: int = SEED
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table."""
    yield "exchange", pd.DataFrame(_rows(samples, size, seed))


def _rows(samples: int, size: int, seed: int) -> Iterator[dict[str, object]]:
    for name, spread in SPREADS.items():
        for factor in FACTORS:
            many = samples if factor == 1.0 else samples // POWER
            random = np.random.default_rng([seed, size, int(10 * spread), int(factor)])
            found: dict[str, list[tuple[float, bool]]] = {"total": [], "mean": []}
            for _ in range(many):
                answers = _answers(size, factor, spread, random)
                sums = edition_sums(design_of(answers), CONCEPT, EDITIONS, None, Model("average"))
                for statistic, rows in found.items():
                    moved = change_of_sums(sums, mean=statistic == "mean")
                    inside = moved.factor_low[0] <= factor <= moved.factor_high[0]
                    rows.append((float(moved.p_value[0]), bool(inside)))
            for statistic, rows in found.items():
                p, inside = (np.array(each) for each in zip(*rows, strict=True))
                rejected = float((p < 0.05).mean())
                yield {
                    "statistic": statistic,
                    "sizes spread over": name,
                    "organizations": size,
                    "factor": factor,
                    "samples": many,
                    "rejects": round(100 * rejected, 2),
                    "error": round(100 * float(np.sqrt(rejected * (1 - rejected) / many)), 2),
                    "factor covered": round(100 * float(inside.mean()), 1),
                }


def _answers(size: int, factor: float, spread: float, random: np.random.Generator) -> Responses:
    clouds = random.choice(SIZES, p=CHANCES, size=size)
    owner = np.repeat(np.arange(size), clouds)
    takes_part = random.random((size, 2)) < TAKES_PART
    common = random.normal(size=len(owner))
    parts = []
    for place, edition in enumerate(EDITIONS):
        here = takes_part[owner, place]
        own = random.normal(size=len(owner))
        z = np.sqrt(ALIKE) * common + np.sqrt(1 - ALIKE) * own
        cores = np.maximum(np.exp(MIDDLE + spread * z + place * np.log(factor)), 1.0)
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
