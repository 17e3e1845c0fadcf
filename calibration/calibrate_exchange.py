"""Level of the test of a changed total or mean, through bands, model and exchange of editions.

Nothing changes: half of the organizations stay with as many clouds, the others are new, and all
numbers of both editions come from one population, whose sizes spread over four or over seven
decades. Rejected should be 5 % of the samples; ``error`` is one Monte Carlo standard error.
The same with every cloud twice as large says how often a doubling is seen.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from calibrate_changes import CONCEPT, EDITIONS, _answers

from survey.estimates import compare_numbers

SAMPLES, SIZE, SEED = 2000, 150, 11
SPREADS = {"four decades": 1.5, "seven decades": 2.8}
FACTORS = (1.0, 2.0)
POWER = 4  # a doubling is tried on so many times fewer samples


def calibrate(
    samples: int = SAMPLES, size: int = SIZE, seed: int = SEED
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
                for statistic, rows in found.items():
                    row = compare_numbers(answers, CONCEPT, *EDITIONS, statistic=statistic).frame
                    low, high = row["factor_low"].iloc[0], row["factor_high"].iloc[0]
                    rows.append((row["p"].iloc[0], bool(low <= factor <= high)))
            for statistic, rows in found.items():
                p, inside = (np.array(each) for each in zip(*rows, strict=True))
                rejected = float((p < 0.05).mean())
                yield {
                    "statistic": statistic,
                    "sizes spread over": name,
                    "n": size,
                    "factor": factor,
                    "samples": many,
                    "rejects": round(100 * rejected, 2),
                    "error": round(100 * float(np.sqrt(rejected * (1 - rejected) / many)), 2),
                    "factor covered": round(100 * float(inside.mean()), 1),
                }
