"""Weights say how much answers count beside each other: a hundredth of each is the same survey."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from survey.estimates import (
    Estimates,
    compare,
    compare_families,
    distribution,
    influence,
    mean,
    median,
    share,
    tabulate_again,
    total,
)
from survey.estimates.statistic import Noise
from survey.responses import Responses
from tests.estimates import builders as make

PAIR = ("2018", "2019")
SUMS = {
    "total": lambda answers, **how: total(answers, "size", "edition", replicates=200, **how),
    "change of the total": lambda answers, **how: compare(
        answers, "size", *PAIR, statistic="total", **how
    ),
    "influence": lambda answers, **how: influence(answers.in_edition("2019"), "size", **how),
    "families": lambda answers, **how: compare_families(answers, "size", **how),
}
OTHERS = {
    "share": lambda answers, **how: share(answers, "stage", "edition", **how),
    "median": lambda answers, **how: median(answers, "size", "stage", **how),
    "mean of numbers": lambda answers, **how: mean(answers, "score", "stage", **how),
    "mean of bands": lambda answers, **how: mean(answers, "size", "stage", **how),
    "change of the mean": lambda answers, **how: compare(
        answers, "size", *PAIR, statistic="mean", **how
    ),
    "distribution": lambda answers, **how: distribution(answers, "size", "stage", **how),
}
VERBS: dict[str, Callable[..., Estimates]] = {**SUMS, **OTHERS}
SMALL = 100
SUMMED = {
    "value", "low", "high", "lower_bound", "upper_bound", "upper_closed", "draw_low", "draw_high",
    "models_low", "models_high", "earlier", "later", "without",
}  # fmt: skip


@pytest.fixture(scope="module")
def weighted() -> Responses:
    answers = make.invented(5, 60)
    drawn = np.random.default_rng(2).uniform(0.4, 1.6, len(answers.deployments))
    return answers.attach(pd.DataFrame({"w": drawn, "small": drawn / SMALL}), unit="deployment")


@pytest.mark.parametrize("verb", VERBS)
def test_a_hundredth_of_each_weight_changes_nothing(weighted: Responses, verb: str) -> None:
    """But for sums of weights, which are a hundredth."""
    one, hundredth = (VERBS[verb](weighted, weights=name).frame for name in ("w", "small"))
    numbers = [name for name in one if one[name].dtype.kind in "fi"]
    assert "value" in numbers
    for name in numbers:
        found, wanted = hundredth[name].to_numpy(float), one[name].to_numpy(float)
        summed = name.startswith("weighted_") or (verb in SUMS and name in SUMMED)
        factor = SMALL if summed else 1
        np.testing.assert_allclose(found * factor, wanted, rtol=1e-6, err_msg=name)
    assert (hundredth["status"] == one["status"]).all()


def test_a_public_total_of_small_weights_is_a_hundredth(weighted: Responses) -> None:
    found = []
    for name in ("w", "small"):
        table = total(weighted, "size", "edition", weights=name)
        (cells,) = tabulate_again(table)
        point = table.statistic.point(cells, table.arguments).columns
        limits = table.statistic.public.limits(cells, table.arguments, Noise(2.5, 1.4))
        found.append([point["value"].ravel(), limits.low.ravel(), limits.high.ravel()])
    np.testing.assert_allclose(SMALL * np.array(found[1]), found[0], rtol=1e-6)
