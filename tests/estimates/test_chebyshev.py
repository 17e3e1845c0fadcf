"""Quantiles that are read off polynomials, beside scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaincinv, stdtr

from survey.estimates.precision.chebyshev import (
    LEAST_TAIL,
    beta_quantiles,
    student_of_beta,
    student_quantiles,
)
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.quantiles import VERY_MANY, beta_quantile, student_quantile

TAILS = [LEAST_TAIL, 0.005, 0.025, 0.05, 0.3, 0.5]


def parameters(seed: int, low: float = 0.5, high: float = 3.5e4, size: int = 20_000):
    random = np.random.default_rng(seed)
    return np.exp(random.uniform(np.log(low), np.log(high), (2, size)))


@pytest.mark.parametrize("tail", TAILS)
def test_beta_quantiles_are_scipys(tail):
    first, second = parameters(1)
    np.testing.assert_allclose(
        beta_quantiles(first, second, tail), betaincinv(first, second, tail), rtol=1e-12
    )


@pytest.mark.parametrize("tail", [LEAST_TAIL, 0.025, 0.05])
def test_the_smallest_parameters_are_the_hardest(tail):
    first, second = parameters(2, high=2.0)
    np.testing.assert_allclose(
        beta_quantiles(first, second, tail), betaincinv(first, second, tail), rtol=1e-12
    )


def test_a_value_does_not_depend_on_those_beside_it():
    first, second = parameters(3, size=9000)
    together = beta_quantiles(first, second, 0.025)
    alone = np.concatenate(
        [beta_quantiles(*each, 0.025) for each in zip(*split(first, second), strict=True)]
    )
    np.testing.assert_allclose(together, alone, rtol=1e-14)


def split(first, second):
    return np.array_split(first, 7), np.array_split(second, 7)


def test_unusual_parameters_are_left_to_scipy():
    first = np.array([1e-3, 0.48, 3.0, 5e4, np.nan, 2.0, 7.0])
    second = np.array([2.0, 3.0, 9e5, 5e4, 1.0, np.nan, 8.0])
    found = beta_quantiles(first, second, 0.025)
    assert np.isnan(found).tolist() == [False] * 4 + [True, True, False]
    known = ~np.isnan(found)
    expected = betaincinv(first[known], second[known], 0.025)
    np.testing.assert_allclose(found[known], expected, rtol=1e-12)
    assert len(beta_quantiles(np.array([]), np.array([]), 0.025)) == 0


@pytest.mark.parametrize("tail", TAILS[:-1])
def test_student_quantiles_have_their_tail(tail):
    freedom = np.concatenate([1 / np.random.default_rng(4).uniform(1e-5, 1, 5000), [1.0, np.inf]])
    found = student_quantiles(freedom, tail)
    np.testing.assert_allclose(found, student_of_beta(freedom, 1 - tail), rtol=1e-12)
    np.testing.assert_allclose(stdtr(freedom, -found), tail, rtol=1e-7)


@pytest.mark.parametrize("probability", [0.025, 0.05, 0.95, 0.975, 1e-5])
def test_tables_of_every_size_have_the_same_quantiles(probability):
    first, second = parameters(5, size=300)
    many = beta_quantile(first, second, probability, VERY_MANY)
    np.testing.assert_allclose(many, beta_quantile(first, second, probability), rtol=1e-11)
    table = beta_quantile(first.reshape(30, 10), second.reshape(30, 10), probability, VERY_MANY)
    assert (table.ravel() == many).all()


@pytest.mark.parametrize("probability", [0.975, 0.025, 0.6, 1 - 1e-5])
def test_many_degrees_of_freedom(probability):
    freedom = np.concatenate([np.linspace(0.3, 3, 200), np.linspace(3, 9e3, 200), [np.nan]])
    many = student_quantile(freedom, probability, len(freedom))
    assert np.isnan(many).tolist() == [False] * 400 + [True]
    expected = student_of_beta(freedom[:-1], probability)
    np.testing.assert_allclose(many[:-1], expected, rtol=1e-12)


def test_many_p_values_are_those_of_each_alone():
    """Blocks, shares that agree, and shares that go together closely."""
    random = np.random.default_rng(6)
    first, second = random.uniform(0, 1, (2, 20_000))
    first[::50], second[::70], first[::90] = 0, 1, second[::90]
    sizes = np.exp(random.uniform(0, 6, (2, 20_000)))
    correlation = random.uniform(-1, 1, 20_000)
    together = difference_p_value(first, sizes[0], second, sizes[1], correlation)
    for start in (0, 8190, 19_990):
        some = slice(start, start + 10)
        alone = difference_p_value(
            first[some], sizes[0][some], second[some], sizes[1][some], correlation[some]
        )
        np.testing.assert_allclose(together[some], alone, rtol=1e-12)
    assert (together[::90] == 1).all()
