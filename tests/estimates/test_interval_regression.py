"""Regressions on intervals against R's survreg, and against least squares; see intervals.R."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError
from survey.estimates.numbers.interval_regression import fit_intervals

ORACLE = Path(__file__).parents[1] / "oracle"
CASES = ("independent", "clustered", "weighted", "mixed", "exact", "small")


@cache
def fits():
    return pd.read_csv(ORACLE / "intervals_fits.csv")


@cache
def fitted(case):
    data = pd.read_csv(ORACLE / "intervals.csv").query("case == @case")
    kinds = [data["kind"] == kind for kind in (1, 2)]
    predictors = np.column_stack([np.ones(len(data)), data["x"], *kinds]).astype(float)
    columns = (data[name].to_numpy() for name in ("low", "reach", "cluster", "weight"))
    low, reach, cluster, weight = columns
    return fit_intervals(low, reach, predictors, cluster, weight)


@pytest.mark.parametrize("case", CASES)
def test_coefficients_scale_and_variance_are_those_of_r(case):
    found, wanted = fitted(case), fits().query("case == @case")
    assert found.converged
    estimates = np.append(found.coefficients, np.log(found.scale))
    np.testing.assert_allclose(estimates, wanted["estimate"], rtol=1e-8, atol=1e-8)
    errors = np.sqrt(np.diag(found.covariance))
    np.testing.assert_allclose(errors, wanted["se"], rtol=1e-6)


def test_the_variance_of_exact_numbers_is_survregs_own():
    errors = np.sqrt(np.diag(fitted("exact").covariance))
    np.testing.assert_allclose(errors, fits().query("case == 'exact'")["se_robust"], rtol=1e-8)


def test_exact_numbers_give_least_squares_of_the_logarithm():
    random = np.random.default_rng(1)
    predictors = np.column_stack([np.ones(80), random.normal(size=(80, 2))])
    logs = predictors @ [2.0, 0.5, -1.0] + random.normal(size=80)
    number = np.exp(logs)
    found = fit_intervals(number, number, predictors, np.arange(80))
    least = np.linalg.lstsq(predictors, logs, rcond=None)[0]
    np.testing.assert_allclose(found.coefficients, least, rtol=1e-8)
    assert found.scale == pytest.approx(np.sqrt(np.mean((logs - predictors @ least) ** 2)))


@given(st.floats(0.01, 1000), st.integers(0, 50))
def test_another_measure_moves_the_intercept_alone(factor, seed):
    """Counting in dozens changes no coefficient but the intercept, by the factor's logarithm."""
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(60), random.normal(size=60)])
    edges = np.array([0.0, 1, 10, 100, 1000, np.inf])
    value = np.exp(x @ [3.0, 0.8] + random.normal(size=60))
    band = np.searchsorted(edges, value, side="right") - 1
    low, reach = edges[band], edges[band + 1]
    first = fit_intervals(low, reach, x, np.arange(60))
    second = fit_intervals(low * factor, reach * factor, x, np.arange(60))
    moved = first.coefficients + np.array([np.log(factor), 0])
    np.testing.assert_allclose(second.coefficients, moved, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(second.covariance, first.covariance, rtol=1e-4, atol=1e-9)


def test_extreme_intervals_stay_finite():
    """Bands far from the prediction have a probability that no floating number holds."""
    low = np.array([1.0, 1.0, 1.0, 1e12])
    reach = np.array([2.0, 2.0, 2.0, np.inf])
    found = fit_intervals(low, reach, np.ones((4, 1)), np.arange(4))
    assert np.isfinite(found.coefficients).all()
    assert np.isfinite(found.log_likelihood)


def test_what_cannot_be_fitted_is_said_at_once():
    predictors = np.ones((3, 2))
    with pytest.raises(EstimateError) as caught:
        fit_intervals(np.array([5.0, 1, 1]), np.array([2.0, 2, 2]), predictors, np.arange(3))
    assert len(caught.value.problems) == 2
