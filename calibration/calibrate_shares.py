"""Coverage of the intervals of shares and differences.

Nominal 95 % intervals should cover between 93 and 97 % for shares between 0.05 and 0.95. Where
few answers are possible (5 % of 40 clouds are two) coverage jumps from one count to the next and
cannot be nominal; there it should be at least 93 %, with an interval no longer than the best
published one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from population import Draw, draw

from survey.estimates.precision.contrast import scores_of
from survey.estimates.precision.intervals import Limits, difference
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import precision_of
from survey.estimates.tabulation.sums import Cells, Groups, Sums, cells, summed

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
NUMBERS = (40, 100, 300, 1000)
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95)
PAIRS = ((0.05, 0.05), (0.1, 0.1), (0.3, 0.3), (0.5, 0.5), (0.1, 0.25), (0.3, 0.5), (0.8, 0.95))
CLUSTERS = {"alone": 0.3, "alike": 0.3, "very alike": 0.6}
SAMPLES, PAIRS_OF_SAMPLES = 8000, 5000


def calibrate() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables: coverage of shares and of differences."""
    yield "shares", pd.DataFrame(_shares())
    yield "differences", pd.DataFrame(_differences())


def _shares() -> Iterator[dict[str, object]]:
    for clusters, correlation in CLUSTERS.items():
        for size in NUMBERS:
            random = np.random.default_rng([1, size, len(clusters)])
            many = SAMPLES if size < 1000 else SAMPLES // 2
            sample = draw(size, many, random, alone=clusters == "alone")
            for share in SHARES:
                found = _each(sample, sample.answers(share, correlation, random))
                row: dict[str, object] = {"clusters": clusters, "n": size, "share": share}
                for method in ("auto", "wilson", "beta"):
                    low, high = precision_of(found, LEVEL, method, pooled_effect(found)).limits
                    row[f"{method} covers"] = _percent((low <= share) & (share <= high))
                    row[f"{method} length"] = round(float((high - low).mean()), 4)
                yield row


def _each(sample: Draw, chosen: npt.NDArray[np.bool_]) -> Cells:
    """Return one cell per sample, each as if it were the only one."""
    return _rescaled(cells(_sums(sample, chosen)))


def _sums(sample: Draw, chosen: npt.NDArray[np.bool_]) -> Sums:
    group = sample.edition * sample.samples + sample.sample
    groups = Groups(group, int(group.max()) + 1)
    everyone = np.ones(len(chosen), dtype=bool)
    clusters = int(sample.organization.max()) + 1
    return summed(chosen[:, None], everyone, groups, sample.organization, clusters)


def _rescaled(found: Cells, clusters: Floats | None = None) -> Cells:
    """Correct variances for the number of clusters in each sample by itself."""
    number = found.clusters if clusters is None else clusters
    return replace(found, variance=found.variance * number / (number - 1))


def _differences() -> Iterator[dict[str, object]]:
    for clusters, correlation in CLUSTERS.items():
        for size in NUMBERS:
            random = np.random.default_rng([2, size, len(clusters)])
            many = PAIRS_OF_SAMPLES if size < 1000 else PAIRS_OF_SAMPLES // 2
            sample = draw(size, many, random, editions=2, alone=clusters == "alone")
            for pair in PAIRS:
                chosen = sample.answers(np.array(pair), correlation, random)
                low, high, p_value = _difference(sample, chosen)
                truth = pair[1] - pair[0]
                yield {
                    "clusters": clusters,
                    "n": size,
                    "earlier": pair[0],
                    "later": pair[1],
                    "covers": _percent((low <= truth) & (truth <= high)),
                    "length": round(float((high - low).mean()), 4),
                    "rejects": _percent(p_value < 1 - LEVEL),
                }


def _difference(sample: Draw, chosen: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return the limits and the p-value of the change in each sample, as Change has them."""
    sums, half = _sums(sample, chosen), sample.samples
    plain = cells(sums)
    sign = np.repeat([-1.0, 1.0], half)[:, None]
    scores = scores_of(sums, plain.share, sign, half)
    number = scores.cluster_count
    variance = scores.variance * number / (number - 1)
    found = _rescaled(plain, np.vstack([number, number]))
    precision = precision_of(found, LEVEL, "wilson")
    first, second = found.variance[:half], found.variance[half:]
    spread = 2 * np.sqrt(first * second)
    joint = np.divide(
        first + second - variance, spread, out=np.zeros_like(spread), where=spread > 1e-15
    )
    correlation = np.clip(joint, -1, 1)
    p1, p2 = found.share[:half], found.share[half:]
    (l1, l2), (u1, u2) = ((each[:half], each[half:]) for each in precision.limits)
    low, high = difference(p1, Limits(l1, u1), p2, Limits(l2, u2), correlation)
    n1, n2 = precision.size[:half], precision.size[half:]
    return low, high, difference_p_value(p1, n1, p2, n2, correlation)


def _percent(flags: npt.NDArray[np.bool_]) -> float:
    return round(100 * float(np.mean(flags)), 1)
