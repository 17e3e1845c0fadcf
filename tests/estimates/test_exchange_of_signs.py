"""Tests of whole distributions against all patterns of signs, written out."""

from itertools import product

import numpy as np
import pytest

from survey.estimates import compare, trend
from survey.estimates.precision.table_tests import exchange_test
from tests.estimates import builders as make


def all_patterns(scores):
    """Return the squared length of the sum for every pattern of signs."""
    signs = np.array(list(product([-1.0, 1.0], repeat=len(scores))))
    return ((signs @ scores) ** 2).sum(axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_mean_and_variance_are_those_of_all_patterns(seed):
    random = np.random.default_rng(seed)
    scores = random.normal(0, random.exponential(1, (11, 1)), (11, 3))
    found, reached = exchange_test(scores), all_patterns(scores)
    assert found.pearson == pytest.approx((scores.sum(axis=0) ** 2).sum())
    assert found.statistic == pytest.approx(found.pearson / reached.mean())
    assert found.df1 == pytest.approx(2 * reached.mean() ** 2 / reached.var())


@pytest.mark.parametrize("seed", range(6))
def test_the_p_value_is_near_that_of_many_patterns(seed):
    random = np.random.default_rng(seed)
    scores = random.normal(0.15, random.choice([0.5, 1, 3], (60, 1)), (60, 3))
    found = exchange_test(scores)
    signs = random.choice([-1.0, 1.0], (20_000, 60))
    wanted = np.mean(((signs @ scores) ** 2).sum(axis=1) >= found.pearson)
    assert found.p_value == pytest.approx(wanted, abs=0.02)


def test_one_cluster_and_nothing_that_varies_have_no_test():
    assert np.isnan(exchange_test(np.array([[2.0, 1.0]])).p_value)
    assert np.isnan(exchange_test(np.zeros((5, 2))).p_value)
    assert np.isnan(exchange_test(np.zeros((0, 0))).p_value)


def test_a_change_that_one_large_organization_makes_alone_is_no_change():
    """It describes thirty clouds in each edition; nobody else changed."""
    rows = []
    for edition, large in (("2018", "Testing"), ("2019", "Production")):
        rows += [{"edition": edition, "organization": "large", "stage": large}] * 30
        rows += [
            {"edition": edition, "organization": f"o{edition}{place}", "stage": stage}
            for place, stage in enumerate(["Testing", "Production"] * 20)
        ]
    answers = make.build(rows, make.book(("2018", "2019")))
    assert compare(answers, "stage", "2018", "2019").frame["joint_p"].iloc[0] > 0.2
    assert (trend(answers, "stage").frame["p"].dropna() > 0.2).all()
