"""Cases of the arithmetic of uncertainty, below the verbs, on cells of every kind.

``python -m tests.estimates.record_precision`` puts their results on record.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from survey.estimates import share, tabulate_again
from survey.estimates.design import design
from survey.estimates.design.strata import Strata
from survey.estimates.precision.contrast import correlation_of, scores_of
from survey.estimates.precision.pooled import pooled_effect, pooled_effects
from survey.estimates.precision.precision import effective_of, precision_of, wilson_size
from survey.estimates.precision.public_limits import limits_of_shares, limits_with_noise
from survey.estimates.precision.replicates import draws, measured_each, resampled_shares
from survey.estimates.precision.strength import strength_of
from survey.estimates.shares.share import count_questions
from survey.estimates.statistic import Arguments, Noise
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tabulation.sums import Cells, Groups, cells, summed
from tests.estimates import builders as make
from tests.estimates import records
from tests.estimates.shapes import alone, clustered, few

THEME = "precision"


def cells_of(finite: bool = False) -> Cells:
    """Return six groups: usual, rare answers, one cluster, single voices, empty, one large one."""
    share = np.array(
        [
            [0.5, 0.28, 0.02, 0.2, 0.0],
            [0.9, 0.004, 0.05, 0.046, 0.3],
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [0.6, 0.1, 0.0, 1.0, 0.3],
            [np.nan] * 5,
            [0.45, 0.1, 0.9, 0.45, 0.02],
        ]
    )
    base = np.array([[200], [120], [8], [60], [0], [90]])
    effect = np.array([[2.0, 1.5, 0.6, 2.6, 1.0]])
    variance = share * (1 - share) / np.maximum(base, 1) * effect
    variance[2] = 0.0
    variance[5, 1] = 0.0  # all of one size: no variance although some gave it
    clusters = np.array([[40], [30], [1], [60], [0], [9]])
    voices = np.array([[31.5], [12.25], [1.0], [60.0], [np.nan], [4.5]])
    wide = share.shape
    return Cells(
        count=np.nan_to_num(share * base).round().astype(np.intp),
        base=np.broadcast_to(base, wide),
        share=share,
        variance=variance,
        clusters=np.broadcast_to(clusters, wide),
        voices=np.broadcast_to(voices, wide),
        alone=np.broadcast_to(clusters == base, wide),
        weighted_base=np.broadcast_to(base * 1.0, wide),
        finite=finite,
    )


def two() -> Cells:
    """Return two answers that exclude each other: they have no design effect of a question."""
    whole = cells_of().at(slice(0, 2))
    share = np.column_stack([whole.share[:, 1], 1 - whole.share[:, 1]])
    return replace(whole, share=share, variance=whole.variance[:, [1, 1]])


def told(found):
    return {
        "low": found.limits.low, "high": found.limits.high, "effective": found.effective,
        "size": found.size, "wilson": found.wilson, "se": found.se, "rule": found.rule,
        "review": found.review,
    }  # fmt: skip


def precise(given: Cells, method: str = "auto", level: float = 0.95, *, pool: bool = True):
    return told(precision_of(given, level, method, pooled_effect(given) if pool else None))


@cache
def sums(weighted: bool = False, strata: bool = False):
    """Return sums of three answers of sixty units in twelve clusters and two groups by edition."""
    place = np.arange(60)
    chosen = (place[:, None] * [3, 5, 7] % 11 < [4, 6, 2]).astype(float)
    domain = np.column_stack([place % 5 > 0, place % 7 > 0, place % 13 > 0])
    cluster = (place * place + place // 7) % 12
    return summed(
        chosen, domain, Groups((place // 15) % 4, 4), cluster, 12,
        weight=1 + place % 3 / 2 if weighted else None,
        strata=STRATA if strata else None,
    )  # fmt: skip


STRATA = Strata(np.arange(12) % 2, np.array([6.0, 6.0]), np.array([0.0, 0.25]))


def contrast(given, coefficients, support=None):
    """Return everything of the change of two groups between two editions."""
    found = cells(given)
    coefficient = np.repeat(np.array(coefficients, dtype=float)[:, None], 3, axis=1)
    scores = scores_of(given, found.share, coefficient, 2, support)
    return {
        "variance": scores.variance, "clusters": scores.cluster_count, "freedom": scores.freedom,
        "concentration": scores.concentration, "covariance": scores.covariance(1),
        "group": scores.group, "cluster": scores.cluster, "size": scores.size,
    }  # fmt: skip


def counted(answers, *concepts, by=("edition",)):
    plain = {"items": None, "nets": None, "top": None}
    asked = [Arguments(each, by, plain) for each in concepts]
    return [each.counted for each in count_questions(design(answers), asked)]


def strength(answers, first, second, level=0.95):
    made = design(answers, unit="deployment")
    sample = made.sample(made.asked((first,)))
    sides = (read_indicator(sample, name).substantive() for name in (first, second))
    return vars(strength_of(*sides, sample.cluster, level))


def public(answers, concept, noise, **options):
    table = share(answers, concept, "edition", **options)
    (found,) = tabulate_again(table)
    low, high = limits_of_shares(found, table.arguments, noise)
    return {"low": low, "high": high}


NOISE = Noise(3.0, 1.4)
PART = ("Testing", "Production")
PARTS = np.array([0.0, 0.2, 0.5, 1.0, np.nan]), np.array([9.0, 20, 50, 9, 0])
CASES = {
    **{
        f"cells, {method}": lambda method=method: precise(cells_of(), method)
        for method in ("auto", "wilson", "logit", "beta")
    },
    **{
        f"cells alone, {method}": lambda method=method: precise(cells_of(), method, 0.9, pool=False)
        for method in ("auto", "wilson", "logit", "beta")
    },
    **{f"two answers, {m}": lambda m=m: precise(two(), m) for m in ("auto", "logit", "beta")},
    "cells, finite": lambda: precise(cells_of(finite=True), level=0.8),
    "two answers, finite": lambda: precise(replace(two(), finite=True)),
    "sizes": lambda: {
        "effective": effective_of(cells_of(), pooled_effect(cells_of())),
        "effective of two": effective_of(two(), pooled_effect(two())),
        "wilson": wilson_size(cells_of()),
        "wilson at 80": wilson_size(cells_of(), 0.8),
        "pooled": pooled_effect(cells_of()),
        "pooled over some": pooled_effect(cells_of(), [0, 1, 3]),
        "pooled over two": pooled_effect(cells_of(), [0, 3]),
        "pooled by question": pooled_effects(cells_of(), np.array([0, 1, 1, 1, -1]), 2),
    },
    "change": lambda: contrast(sums(), [-1, -1, 1, 1]),
    "change, weighted": lambda: contrast(sums(weighted=True), [-1, 0, 0.5, 1]),
    "change, strata": lambda: contrast(sums(strata=True), [-1, -1, 1, 1]),
    "change, supported": lambda: contrast(
        sums(), [-1, 0, 0, 1], np.array([[True] * 3, [True, False, True], [True] * 3, [False] * 3])
    ),
    "change of nobody": lambda: contrast(
        summed(np.zeros((0, 3)), np.zeros(0, dtype=bool), Groups(np.zeros(0, dtype=np.intp), 4),
               np.zeros(0, dtype=np.intp), 0), [-1, -1, 1, 1],
    ),
    "change of one cluster": lambda: contrast(
        summed(np.eye(3), np.ones(3, dtype=bool), Groups(np.array([0, 2, 1]), 4),
               np.zeros(3, dtype=np.intp), 1), [-1, -1, 1, 1],
    ),
    "correlations": lambda: {
        "result": correlation_of(
            np.array([1.0, 4, 4, 1e-20, 0, np.nan]), np.array([1.0, 1, 9, 1e-20, 2, 1]),
            np.array([0.5, 9.5, 0.9, 1e-20, 2, 1]),
        )
    },
    "variances between strata": lambda: {
        "result": STRATA.between(
            np.arange(24.0).reshape(12, 2) ** 1.5, np.repeat([0, 1], 6), 2, np.arange(12)
        ),
        "factor": STRATA.factor,
    },
    "drawn": lambda: {
        "result": draws(6, 5), "one": draws(1, 2), "other": draws(4, 3, 8),
        "sizes": draws(30).sum(axis=1).mean(),
    },
    "resampled": lambda: {
        "shares": resampled_shares(sums(), 4),
        "weighted": resampled_shares(sums(weighted=True), 2, 5),
    },
    "side by side": lambda: told(
        measured_each(counted(clustered(), "stage", "size"), 0.95, "auto", [[0, 1, 2], [0, 1]])
    ),
    "side by side, resampled": lambda: told(
        measured_each(counted(few(), "stage", "size"), 0.9, "bootstrap")
    ),
    "strength": lambda: strength(clustered(), "stage", "size"),
    "strength, several": lambda: strength(clustered(), "tools", "projects", 0.8),
    "strength, one and several": lambda: strength(clustered(), "public", "tools", 0.9),
    "strength with itself": lambda: strength(clustered(), "stage", "stage"),
    "strength, alone": lambda: strength(alone(), "stage", "tools"),
    "strength of few": lambda: strength(few(), "stage", "tools"),
    "strength of rare answers": lambda: strength(alone(), "public", "public"),
    **{
        f"strength of an answer of {given}": lambda given=given: strength(
            make.build([
                {"tools": ["Ansible" if place < given else "Kolla"], "public": place % 3 == 0}
                for place in range(40)
            ]),
            "tools", "public",
        )
        for given in (9, 10, 30, 31)
    },
    "strength where nobody answered both": lambda: strength(
        make.build([{"tools": ["Kolla"]} if place % 2 else {"public": True} for place in range(8)]),
        "tools", "public",
    ),
    "strength of two organizations": lambda: strength(
        make.build([
            {"tools": [make.TOOLS[place % 2]], "stage": make.STAGES[place % 3], "organization": o}
            for place, o in enumerate(["a", "b"] * 12)
        ]),
        "tools", "stage",
    ),
    "public": lambda: public(clustered(), "stage", NOISE),
    "public, several": lambda: public(clustered(), "tools", Noise(12.0, 1.0, 0.8), top=2),
    "public, nets": lambda: public(clustered(), "stage", NOISE, nets={"N": list(PART)}),
    "public, few": lambda: public(few(), "size", Noise(0.5, 1.0), base="asked"),
    "public, parts": lambda: {
        name: limits_with_noise(*PARTS, NOISE, *terms)._asdict()
        for name, terms in {"one": (), "some": (np.arange(5.0), 5.0), "all": (3.0, 3.0)}.items()
    },
}  # fmt: skip

if __name__ == "__main__":
    records.write(THEME, CASES)
