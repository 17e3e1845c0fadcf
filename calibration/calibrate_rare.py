"""Rare answers, and clusters of unequal size: what is called precise, and how often it holds.

``rare`` compares the rule for rare answers with the one that it replaced: the relative width by
the answer's own variance, and an interval by that variance with the number of clusters less one
as degrees of freedom. Of rare answers that are ``ok`` at least 90 % should be covered, with at
most a tenth more answers ``imprecise`` than before; the row "up to 0.1" takes the four rare answers
of a question together. ``exclusive`` does the same for questions of two answers that exclude each
other, which have no other answer to take a design effect from.

``unequal`` compares degrees of freedom where one organization holds a fifth of the clouds, or
sizes follow Zipf's law: clusters less one, the effective number of clusters less one (Kish),
Bell and McCaffrey's (2002) for independent units, and Satterthwaite's for clusters whose clouds
answer alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from population import Draw, draw

from survey.estimates.precision.imprecision import judge
from survey.estimates.precision.intervals import Limits, effective_size, logit, t_quantile, wilson
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import precision_of
from survey.estimates.tabulation.sums import Cells, Groups, Sums, cells, summed

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SEED = 20261129
LEVEL = 0.95
SHARES = np.array([0.5, 0.25, 0.1, 0.05, 0.03, 0.02])
RAREST = 0.1
WORLDS = {
    "alone": ("", 0.3),
    "pairs": ("pairs", 0.3),
    "alike": ("", 0.3),
    "very alike": ("", 0.6),
    "Zipf": ("zipf", 0.3),
    "giant": ("giant", 0.3),
}
EXCLUSIVE = (0.25, 0.1, 0.05, 0.03, 0.02)
NUMBERS = (20, 30, 40, 50, 52, 60, 80, 100, 150, 300, 1000)
UNEQUAL = (100, 300, 1000)
SAMPLES = 4000


def calibrate(samples: int = SAMPLES, seed: int = SEED) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables of rare answers and of degrees of freedom."""
    tables: dict[str, list[dict[str, object]]] = {"rare": [], "unequal": [], "exclusive": []}
    for world, (sizes, correlation) in WORLDS.items():
        for size in NUMBERS:
            random = np.random.default_rng([seed, size, len(world)])
            many = samples if size < 1000 else samples // 2
            sample = draw(size, many, random, unequal=sizes, alone=world == "alone")
            sums = _sums(sample, _answers(sample, correlation, random))
            found = _alone(cells(sums))
            key = {"clusters": world, "n": size, "samples": many}
            tables["rare"] += [{**key, **row} for row in _rare(found, SHARES)]
            if size in UNEQUAL:
                tables["unequal"] += [{**key, **row} for row in _unequal(found, sums)]
            for share in EXCLUSIVE:
                two = _alone(cells(_sums(sample, _either(sample, share, correlation, random))))
                rows = _rare(two, np.array([share, 1 - share]))
                tables["exclusive"] += [{**key, **next(rows)}]
    for name, made in tables.items():
        yield name, pd.DataFrame(made)


def _answers(sample: Draw, correlation: float, random: np.random.Generator) -> Flags:
    """Return the answers to one question with several; organizations have a taste for each."""
    return np.column_stack([_answer(sample, share, correlation, random) for share in SHARES])


def _either(sample: Draw, share: float, correlation: float, random: np.random.Generator) -> Flags:
    """Return two answers that exclude each other, the first with this share."""
    first = _answer(sample, share, correlation, random)
    return np.column_stack([first, ~first])


def _answer(sample: Draw, share: float, correlation: float, random: np.random.Generator) -> Flags:
    taste = random.random(int(sample.organization.max()) + 1)[sample.organization]
    return replace(sample, place=taste).answers(share, correlation, random)


def _sums(sample: Draw, chosen: Flags) -> Sums:
    everyone = np.ones(len(chosen), dtype=bool)
    clusters = int(sample.organization.max()) + 1
    groups = Groups(sample.sample, sample.samples)
    return summed(chosen, everyone, groups, sample.organization, clusters)


def _alone(found: Cells) -> Cells:
    """Correct variances for the number of clusters in each sample by itself."""
    return replace(found, variance=found.variance * found.clusters / (found.clusters - 1))


def _rare(found: Cells, shares: Floats) -> Iterator[dict[str, object]]:
    now = precision_of(found, LEVEL, "auto", pooled_effect(found))
    own = effective_size(found.share, found.variance, found.base, found.voices)
    df = found.clusters - 1
    before = _limits(found, own, df)
    rules = {"before": judge(found.share, found.base, own, df).rule, "now": now.rule}
    parts = {str(share): np.array([place]) for place, share in enumerate(shares)}
    for share, places in {**parts, "up to 0.1": np.flatnonzero(shares <= RAREST)}.items():
        row: dict[str, object] = {"share": share}
        for name, limits in (("before", before), ("now", now.limits)):
            covered = ((limits.low <= shares) & (limits.high >= shares))[:, places]
            ok = rules[name][:, places] == 0
            row |= {
                f"{name} covers": _percent(covered),
                f"{name} length": round(float((limits.high - limits.low)[:, places].mean()), 4),
                f"{name} imprecise": _percent(~ok),
                f"{name} ok covers": _percent(covered[ok]),
                f"{name} ok give or take": _give_or_take(covered[ok]),
            }
        yield row


def _limits(found: Cells, own: Floats, df: npt.ArrayLike) -> Limits:
    """Return logit limits by the answer's own variance; Wilson's where it has none."""
    curved = logit(found.share, np.sqrt(found.variance), t_quantile(LEVEL, df))
    plain = wilson(found.share, own, LEVEL)
    return Limits(*np.where(found.variance > 1e-12, curved, plain))


def _unequal(found: Cells, sums: Sums) -> Iterator[dict[str, object]]:
    own = effective_size(found.share, found.variance, found.base, found.voices)
    powers = {power: sums.per_group(sums.domain**power) for power in (1, 2, 3, 4)}
    size = powers[1]
    trace = size - powers[2] / size
    square = powers[2] - 2 * powers[3] / size + powers[2] ** 2 / size**2
    rules = {
        "clusters": found.clusters - 1.0,
        "Kish": found.freedom,
        "Bell-McCaffrey": trace**2 / square,
        "Satterthwaite": np.maximum(powers[2] ** 2 / powers[4], 1.0),
    }
    limits = {name: _limits(found, own, df) for name, df in rules.items()}
    limits["the default"] = precision_of(found, LEVEL, "auto", pooled_effect(found)).limits
    for place, share in enumerate(SHARES):
        row: dict[str, object] = {"share": share}
        for name, (low, high) in limits.items():
            row[f"{name} covers"] = _percent((low <= share)[:, place] & (share <= high)[:, place])
            row[f"{name} length"] = round(float((high - low)[:, place].mean()), 4)
        yield row | {f"{name} df": round(float(df.mean()), 1) for name, df in rules.items()}


def _percent(flags: Flags) -> float:
    return round(100 * float(np.mean(flags)), 1) if len(flags) else np.nan


def _give_or_take(flags: Flags) -> float:
    """Return the Monte Carlo standard error of a percentage."""
    share = float(np.mean(flags)) if len(flags) else np.nan
    return round(100 * float(np.sqrt(share * (1 - share) / max(len(flags), 1))), 1)
