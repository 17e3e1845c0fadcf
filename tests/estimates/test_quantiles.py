"""Quantiles that are computed without scipy, beside scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv, ndtri

from survey.estimates.precision import quantiles
from survey.estimates.precision.quantiles import (
    beta_quantile,
    normal_quantile_at,
    student_quantile,
)

TAILS = st.floats(1e-6, 0.1)


def student(freedom, probability):
    """Student's quantile by scipy's beta quantile: its ``stdtrit`` had eight digits once."""
    freedom = np.asarray(freedom, dtype=float)
    rest = betaincinv(freedom / 2, 0.5, 2 * (1 - probability))
    return np.sqrt(freedom * (1 - rest) / rest)


def logarithmic(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(float(np.log(low)), float(np.log(high))).map(np.exp)


@given(st.floats(1e-6, 1 - 1e-6))
def test_normal_quantiles_are_scipys(probability):
    assert normal_quantile_at(probability) == pytest.approx(
        ndtri(probability), rel=1e-14, abs=1e-15
    )


@given(st.lists(logarithmic(1.0, 2e4), min_size=1, max_size=20), st.floats(1e-6, 0.05))
def test_student_quantiles_are_scipys(freedom, tail):
    found = student_quantile(np.array(freedom), 1 - tail)
    np.testing.assert_allclose(found, student(freedom, 1 - tail), rtol=2e-12)


@given(
    st.lists(st.tuples(logarithmic(0.5, 2e4), logarithmic(0.5, 2e4)), min_size=1, max_size=20),
    TAILS,
    st.booleans(),
)
def test_beta_quantiles_are_scipys(parameters, tail, upper):
    first, second = np.array(parameters).T
    probability = 1 - tail if upper else tail
    found = beta_quantile(first, second, probability)
    np.testing.assert_allclose(
        found, betaincinv(first, second, probability), rtol=2e-12, atol=1e-15
    )


@given(logarithmic(0.02, 0.5), logarithmic(0.5, 2e4), TAILS)
def test_the_limit_of_a_part_of_one_answer(first, second, tail):
    found = beta_quantile(np.array([first]), np.array([second]), tail)
    np.testing.assert_allclose(found, betaincinv(first, second, tail), rtol=1e-11, atol=1e-300)


def test_closed_forms():
    """A power, Cauchy's distribution, and Student's with two degrees of freedom."""
    power = beta_quantile(np.array([1.0, 4.0]), np.array([1.0, 1.0]), 0.025)
    np.testing.assert_allclose(power, [0.025, 0.025**0.25], rtol=1e-14)
    p = 0.975
    two = (2 * p - 1) * np.sqrt(2 / (4 * p * (1 - p)))
    expected = [np.tan(np.pi * (p - 0.5)), two]
    np.testing.assert_allclose(student_quantile(np.array([1.0, 2.0]), p), expected, rtol=1e-13)


def test_what_is_missing_stays_missing():
    given_, missing = np.array([2.0, np.nan]), np.array([np.nan, 3.0])
    assert np.isnan(beta_quantile(given_, missing, 0.025)).all()
    assert np.isnan(student_quantile(given_, 0.975)).tolist() == [False, True]
    assert student_quantile(np.array(np.nan), 0.975).shape == ()
    assert len(beta_quantile(np.array([]), np.array([]), 0.975)) == 0


@pytest.mark.parametrize(
    ("parameter", "probability"),
    [(0.3, 0.975), (5e4, 0.975), (np.inf, 0.975), (10.0, 0.6), (10.0, 1 - 1e-9)],
)
def test_scipy_is_asked_about_what_is_unusual(parameter, probability):
    found = student_quantile(np.array([parameter]), probability)
    if np.isinf(parameter):
        assert found == normal_quantile_at(probability)
    else:
        assert found == pytest.approx(student(parameter, probability), rel=1e-11)
        assert student_quantile(np.array([parameter]), 1 - probability) == pytest.approx(-found)
        found = beta_quantile(np.array([30.0]), np.array([parameter / 100]), probability)
        assert found == pytest.approx(betaincinv(30.0, parameter / 100, probability), abs=1e-15)


def test_few_and_many_values_agree(monkeypatch):
    first, second = np.linspace(0.5, 400, 60), np.linspace(900, 0.5, 60)
    few = beta_quantile(first, second, 0.975), student_quantile(second + 1, 0.975)
    monkeypatch.setattr(quantiles, "_FEW", 0)
    many = beta_quantile(first, second, 0.975), student_quantile(second + 1, 0.975)
    np.testing.assert_allclose(few[0], many[0], rtol=1e-12)
    np.testing.assert_allclose(few[1], many[1], rtol=1e-12)
