"""Weights say how much answers count beside each other: a hundredth of each is the same survey."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from survey.errors import EstimateError
from survey.estimates import Estimates, mean, median, share, total
from survey.responses import Responses
from tests.estimates import builders as make

VERBS: dict[str, Callable[..., Estimates]] = {
    "share": lambda answers, **how: share(answers, "stage", "edition", **how),
    "median": lambda answers, **how: median(answers, "size", "stage", **how),
    "mean": lambda answers, **how: mean(answers, "score", "stage", **how),
}
NUMBERS = ["value", "low", "high"]


@pytest.fixture(scope="module")
def weighted() -> Responses:
    answers = make.invented(5, 60)
    drawn = np.random.default_rng(2).uniform(0.4, 1.6, len(answers.deployments))
    return answers.attach(pd.DataFrame({"w": drawn, "small": drawn / 100}), unit="deployment")


@pytest.mark.parametrize("verb", VERBS)
def test_a_hundredth_of_each_weight_changes_nothing(weighted: Responses, verb: str) -> None:
    one, hundredth = (
        VERBS[verb](weighted, weights=column).frame[NUMBERS].to_numpy(dtype=float)
        for column in ("w", "small")
    )
    assert np.isfinite(one).any()
    np.testing.assert_allclose(hundredth, one, rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize("verb", [mean, total])
def test_models_of_bands_refuse_weights_that_do_not_count_clouds(
    weighted: Responses, verb: Callable[..., Estimates]
) -> None:
    assert len(verb(weighted, "size", weights="w"))
    with pytest.raises(EstimateError, match=r"a mean of 0.01.*; expected.* about 1 .*divide them"):
        verb(weighted, "size", weights="small")
