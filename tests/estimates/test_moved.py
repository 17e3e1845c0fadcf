"""A number and its change: against percentiles and counts worked here, and tests against limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.estimates.change.number_change import (
    Pair,
    Scale,
    moved_by_limits,
    moved_by_resampling,
)


@given(st.integers(0, 10_000), st.integers(3, 60), st.sampled_from([0.8, 0.9, 0.95]))
def test_resampled_changes_have_the_percentiles_of_all_resamples_and_the_value(seed, many, level):
    drawn = np.random.default_rng(seed).lognormal(0, 1, (many, 4))
    lower, upper = drawn[0] * 0.5, drawn[0] * 2
    found = moved_by_resampling(drawn, (lower, upper), level)
    change, factor = drawn[:, 2:] - drawn[:, :2], drawn[:, 2:] / drawn[:, :2]
    assert found.earlier == pytest.approx(drawn[0, :2])
    assert found.later == pytest.approx(drawn[0, 2:])
    assert found.value == pytest.approx(change[0])
    assert found.factor == pytest.approx(factor[0])
    for values, low, high in (
        (change, found.low, found.high),
        (factor, found.factor_low, found.factor_high),
    ):
        for group in range(2):
            own = values[:, group]
            tails = np.quantile(own, [(1 - level) / 2, (1 + level) / 2])
            assert low[group] == pytest.approx(min(tails[0], own[0]))
            assert high[group] == pytest.approx(max(tails[1], own[0]))
    assert found.lower_bound == pytest.approx(lower[2:] - upper[:2])
    assert found.upper_bound == pytest.approx(upper[2:] - lower[:2])


@pytest.mark.parametrize(
    ("change", "p_value"),
    [
        ([1.0, 2.0, 3.0, 0.5], 2 / 4),  # none at or below 0: the observed one alone
        ([1.0, 2.0, 0.0, 0.5], 2 * 2 / 4),  # no change counts on both sides
        ([1.0, -0.5, 0.25, 0.5], 2 * 2 / 4),
        ([1.0, -0.5, -0.25, 0.5], 1.0),  # never above 1
        ([-1.0, -2.0, -3.0, -0.5, -0.1, -0.2, -0.3, -0.4], 2 / 8),
        ([1.0, np.nan, 2.0, 0.5], 2 / 3),  # resamples without a value do not count
    ],
)
def test_a_p_value_counts_resamples_beyond_no_change_and_the_observed_one(change, p_value):
    replicates = np.column_stack([np.full(len(change), 10.0), 10.0 + np.array(change)])
    bounds = (np.zeros(2), np.full(2, 99.0))
    assert moved_by_resampling(replicates, bounds, 0.95).p_value[0] == pytest.approx(p_value)


def test_a_number_that_is_not_there_has_no_change():
    replicates = np.array([[10.0, np.nan], [11.0, 12.0], [9.0, 13.0]])
    found = moved_by_resampling(replicates, (np.zeros(2), np.ones(2)), 0.95)
    assert np.isnan([found.low[0], found.high[0], found.p_value[0], found.value[0]]).all()


@given(
    st.lists(st.floats(1.0, 1e6), min_size=2, max_size=2),
    st.lists(st.floats(0.05, 0.9), min_size=4, max_size=4),
    st.floats(-0.5, 0.9),
    st.booleans(),
    st.integers(3, 80),
)
def test_a_test_and_an_interval_agree(value, width, correlation, relative, freedom):
    """At the level asked for, p is below its complement exactly where 0 lies outside."""
    v = np.array(value)
    pair = Pair(v, v * (1 - np.array(width[:2])), v * (1 + np.array(width[2:])), v / 2, v * 2)
    scale = Scale(0.95, np.array([freedom]), relative)
    found = moved_by_limits(pair, np.array([correlation]), scale)
    low, high = (
        (found.factor_low - 1, found.factor_high - 1) if relative else (found.low, found.high)
    )
    if min(abs(low[0]), abs(high[0])) < 1e-6 * abs(v).max():
        return
    assert (found.p_value[0] < 0.05) == (low[0] > 0 or high[0] < 0)
    assert found.low[0] <= found.value[0] <= found.high[0]
    assert found.factor_low[0] <= found.factor[0] <= found.factor_high[0]
    assert (found.lower_bound[0], found.upper_bound[0]) == pytest.approx(
        (v[1] / 2 - v[0] * 2, v[1] * 2 - v[0] / 2)
    )


def test_limits_of_a_change_are_those_of_the_method():
    """MOVER (Zou and Donner 2008), without correlation: roots of summed squared distances."""
    pair = Pair(
        *(np.array(each, dtype=float) for each in ([10, 20], [7, 16], [14, 25], [0, 0], [50, 50]))
    )
    found = moved_by_limits(pair, np.zeros(1), Scale(0.95, np.array([30]), relative=False))
    assert found.low[0] == pytest.approx(10 - np.hypot(20 - 16, 14 - 10))
    assert found.high[0] == pytest.approx(10 + np.hypot(25 - 20, 10 - 7))
