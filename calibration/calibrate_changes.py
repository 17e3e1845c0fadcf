"""Change of medians between two editions: coverage of the factor, level of the test.

Half of the organizations stay, with as many clouds; the scores of a cloud in two years are
correlated. Either nothing changes, or every cloud of the later edition is three times as large.
Means and totals have their own calibration, ``calibrate_exchange``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrate_bands import CODEBOOK, codes_of
from population import draw

from survey.estimates import compare_numbers
from survey.provenance import Provenance
from survey.responses import Responses

Floats = npt.NDArray[np.float64]

EDITIONS = ("2022", "2023")
CONCEPT = "compute_cores"
SIZES = {"median": (40, 100, 300, 1000)}
SAMPLES, SEED = 1000, 7
FACTORS = (1.0, 3.0)
MIDDLE, SPREAD = np.log(900), {"median": 2.8}
ALIKE = 0.4  # correlation of two clouds of one organization, in one year or in two


def calibrate(samples: int = SAMPLES, seed: int = SEED) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table."""
    yield "changes", pd.DataFrame(_rows(samples, seed))


def _rows(samples: int, seed: int) -> Iterator[dict[str, object]]:
    for of, sizes in SIZES.items():
        for size in sizes:
            for factor in FACTORS:
                random = np.random.default_rng([seed, size, len(of), int(factor)])
                many = samples if size < 1000 else samples // 2
                found = [_one(of, size, factor, random) for _ in range(many)]
                low, high, p = (np.array(each) for each in zip(*found, strict=True))
                inside = (low <= factor * (1 + 1e-9)) & (factor <= high * (1 + 1e-9))
                finite = np.isfinite(high) & (low > 0)
                yield {
                    "statistic": of,
                    "n": size,
                    "factor": factor,
                    "samples": many,
                    "covers": round(100 * float(inside.mean()), 1),
                    "median length log10": round(
                        float(np.median(np.log10(high[finite] / low[finite]))), 3
                    ),
                    "rejects": round(100 * float((p < 0.05).mean()), 1),
                }


def _one(
    of: str, size: int, factor: float, random: np.random.Generator
) -> tuple[float, float, float]:
    """Return the limits of the factor and the p-value in one pair of editions."""
    answers = _answers(size, factor, SPREAD[of], random)
    row = compare_numbers(answers, CONCEPT, *EDITIONS, statistic=of).frame.iloc[0]
    high = np.inf if np.isnan(row["factor_high"]) else row["factor_high"]
    return 0.0 if np.isnan(row["factor_low"]) else row["factor_low"], high, row["p"]


def _answers(size: int, factor: float, spread: float, random: np.random.Generator) -> Responses:
    both = draw(size, 1, random, editions=2)
    shared = random.normal(size=int(both.organization.max()) + 1)[both.organization]
    z = np.sqrt(ALIKE) * shared + np.sqrt(1 - ALIKE) * random.normal(size=len(shared))
    grown = np.where(both.edition == 1, np.log(factor), 0.0)
    cores = np.maximum(np.exp(MIDDLE + spread * z + grown), 1.0)
    labels = list(CODEBOOK.question(CONCEPT, EDITIONS[1]).bands)
    year = np.array(EDITIONS, dtype=object)[both.edition]
    owner = both.organization.astype(str)
    clouds = pd.DataFrame(
        {
            "edition": year,
            "respondent": owner,
            "organization": owner,
            "deployment": np.arange(len(owner)),
            "copied": False,
            CONCEPT: pd.Categorical.from_codes(codes_of(CONCEPT, cores), labels, ordered=True),
        }
    )
    people = clouds[["edition", "respondent", "organization", "copied"]]
    nothing = pd.DataFrame()
    return Responses(
        people.drop_duplicates(["edition", "respondent"]).reset_index(drop=True),
        clouds,
        CODEBOOK,
        nothing,
        nothing,
        Provenance(codebook=EDITIONS),
    )
