"""The pieces of a regression on intervals, each against arithmetic written out."""

from __future__ import annotations

from math import erf

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from survey.errors import EstimateError
from survey.estimates.numbers import interval_regression as own
from survey.estimates.numbers.interval_regression import fit_intervals

INF = np.inf
ENDS = [(-INF, 0.3), (0.3, 0.9), (-1.5, 2.5), (1.1, INF), (0.7, 0.7), (2.0, 2.0), (6.0, 7.0)]
START, END = np.array(ENDS).T
INTERVALS = own._Intervals(START, END)
X = np.column_stack([np.ones(7), [0.0, 1.0, -1.0, 0.5, 2.0, -0.5, 0.25]])
THETA = np.array([0.4, 0.6, np.log(0.8)])
WEIGHT = np.array([1.0, 2.0, 0.5, 1.5, 1.0, 0.25, 3.0])


def likelihood(theta, row):
    """Return the log-likelihood of one unit."""
    centre, scale = X[row] @ theta[:-1], np.exp(theta[-1])
    if START[row] == END[row]:
        return norm.logpdf(START[row], centre, scale)
    lower, upper = (START[row] - centre) / scale, (END[row] - centre) / scale
    if lower > 0:
        lower, upper = -upper, -lower
    return np.log(norm.cdf(upper) - norm.cdf(lower))


def test_derivatives_are_those_of_the_likelihood():
    each = own._derivatives(INTERVALS, X, THETA)
    step = 1e-5

    def moved(row, mean, scale):
        """Return the likelihood of a unit whose prediction or log scale is another."""
        return likelihood(THETA + np.array([mean, 0, scale]), row)

    for row in range(7):
        here = moved(row, 0, 0)
        assert each.value[row] == pytest.approx(here, rel=1e-12)
        first = (moved(row, step, 0) - moved(row, -step, 0)) / (2 * step)
        second = (moved(row, 0, step) - moved(row, 0, -step)) / (2 * step)
        assert (each.mean[row], each.scale[row]) == pytest.approx((first, second), abs=1e-8)
        wide = 1e-3
        bends = [
            (moved(row, wide, 0) + moved(row, -wide, 0) - 2 * here) / wide**2,
            (moved(row, 0, wide) + moved(row, 0, -wide) - 2 * here) / wide**2,
            (
                moved(row, wide, wide)
                + moved(row, -wide, -wide)
                - moved(row, wide, -wide)
                - moved(row, -wide, wide)
            )
            / (4 * wide**2),
        ]
        found = each.mean_mean[row], each.scale_scale[row], each.mean_scale[row]
        assert found == pytest.approx(bends, rel=2e-5, abs=2e-5)


def test_totals_add_derivatives_of_all_units_up():
    each = own._derivatives(INTERVALS, X, THETA)
    slope, curvature, value = own._totals(INTERVALS, X, THETA, WEIGHT)
    assert value == pytest.approx(sum(WEIGHT * each.value))
    wanted, bends = np.zeros(3), np.zeros((3, 3))
    for row in range(7):
        wanted += WEIGHT[row] * np.array([*(X[row] * each.mean[row]), each.scale[row]])
        block = np.outer(X[row], X[row]) * each.mean_mean[row]
        cross = (X[row] * each.mean_scale[row])[:, None]
        bends += WEIGHT[row] * np.block([[block, cross], [cross.T, each.scale_scale[row]]])
    assert_allclose(slope, wanted, rtol=1e-12)
    assert_allclose(curvature, bends, rtol=1e-12)


def test_the_sandwich_holds_scores_added_up_by_cluster():
    cluster = np.array([4, 4, 7, 1, 1, 1, 9])
    each = own._derivatives(INTERVALS, X, THETA)
    scores = np.column_stack([X * each.mean[:, None], each.scale]) * WEIGHT[:, None]
    _, curvature, _ = own._totals(INTERVALS, X, THETA, WEIGHT)
    found, clusters = own._sandwich(INTERVALS, X, THETA, WEIGHT, cluster, curvature)
    sums = [scores[cluster == one].sum(axis=0) for one in (1, 4, 7, 9)]
    bread = np.linalg.inv(curvature)
    wanted = 4 / 3 * bread @ sum(np.outer(one, one) for one in sums) @ bread
    assert clusters == 4
    assert_allclose(found, wanted, rtol=1e-9)
    alone, one = own._sandwich(INTERVALS, X, THETA, WEIGHT, np.zeros(7, int), curvature)
    assert one == 1
    assert np.isnan(alone).all()


@pytest.mark.parametrize(
    ("lower", "upper"), [(-1.0, 0.5), (0.5, 2.0), (5.0, 5.5), (-9.0, -8.0), (8.0, 9.0), (20.0, INF)]
)
def test_a_small_probability_keeps_its_digits(lower, upper):
    found = own._log_probability(np.array([lower]), np.array([upper]))[0]
    if lower > 0:
        lower, upper = -upper, -lower
    wanted = norm.logcdf(upper) + np.log1p(-np.exp(norm.logcdf(lower) - norm.logcdf(upper)))
    assert found == pytest.approx(wanted, rel=1e-12)


def test_the_probability_of_what_is_certain_and_of_nothing():
    found = own._log_probability(np.array([-INF, 1.0]), np.array([INF, 1.0]))
    assert found.tolist() == [0.0, -700.0]
    half = own._log_probability(np.array([-0.5]), np.array([0.5]))[0]
    assert half == pytest.approx(np.log(erf(0.5 / 2**0.5)), rel=1e-13)


def test_it_starts_from_least_squares_of_the_middles():
    start = np.array([-INF, 0.0, 1.0, 3.0, 4.0])
    end = np.array([0.0, 1.0, 3.0, 4.0, INF])
    x = np.column_stack([np.ones(5), np.arange(5.0)])
    weight = np.array([1.0, 2.0, 1.0, 3.0, 1.0])
    middle = np.array([-0.5, 0.5, 2.0, 3.5, 4.5])  # the median width is 1
    found = own._start(own._Intervals(start, end), x, weight)
    root = np.sqrt(weight)
    wanted = np.linalg.lstsq(x * root[:, None], middle * root, rcond=None)[0]
    assert_allclose(found[:2], wanted, rtol=1e-12)
    left = middle - x @ wanted
    spread = np.sqrt((weight * left**2).sum() / weight.sum())
    assert found[2] == pytest.approx(np.log(max(spread, 0.3)))
    wide = own._start(own._Intervals(start * 9, end * 9), x, weight)
    assert wide[2] == pytest.approx(np.log(9 * spread))


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [
        ([0.0, 0.0], [INF, INF], 0.5),  # no width is known: one unit stands for it
        ([2.0, 2.0], [2.0, 2.0], 2.0),
        ([0.0, 1.0, 0.0], [3.0, 4.0, INF], (1.5 + 2.5 + 1.5) / 3),
    ],
)
def test_open_ends_lie_half_a_usual_width_away(start, end, middle):
    intervals = own._Intervals(np.array(start), np.array(end))
    found = own._start(intervals, np.ones((len(start), 1)), np.ones(len(start)))
    assert found[0] == pytest.approx(middle)
    spread = np.std([1.5, 2.5, 1.5]) if len(start) == 3 else 0.3
    assert found[1] == pytest.approx(np.log(spread))


def test_a_step_uphill_is_newtons_on_a_hill_and_mirrored_elsewhere():
    slope = np.array([1.0, -2.0])
    hill = np.array([[-3.0, 1.0], [1.0, -2.0]])
    assert_allclose(own._uphill(slope, hill), np.linalg.solve(-hill, slope), atol=1e-12)
    valley = own._uphill(slope, np.diag([2.0, -4.0]))
    assert_allclose(valley, [0.5, -0.5], rtol=1e-12)
    flat = own._uphill(slope, np.diag([-100.0, 0.0]))
    assert_allclose(flat, [0.01, -2.0 / 1e-6], rtol=1e-9)
    level = own._uphill(slope, np.zeros((2, 2)))
    assert_allclose(level, slope / 1e-8, rtol=1e-9)


@pytest.mark.parametrize("step", [[50.0, 0, 0], [0, -90.0, 0], [0.01, 0, 0], [0, 0, 40.0]])
def test_a_step_that_leads_down_is_halved_until_it_does_not(step):
    value = own._totals(INTERVALS, X, THETA, WEIGHT)[2] - 0.5
    found = own._shortened(INTERVALS, X, THETA, WEIGHT, np.array(step), value)
    for halving in range(20):
        there = THETA + np.array(step) / 2**halving
        there[2] = min(there[2], np.log(50.0))
        if own._totals(INTERVALS, X, there, WEIGHT)[2] >= value:
            break
    assert_allclose(found, there, rtol=1e-15)


def test_a_step_that_leads_neither_up_nor_down_is_taken():
    value = own._totals(INTERVALS, X, THETA, WEIGHT)[2]
    assert own._shortened(INTERVALS, X, THETA, WEIGHT, np.zeros(3), value) is not THETA


def test_no_step_leaves_the_allowed_region():
    nowhere = own._shortened(INTERVALS, X, THETA, WEIGHT, np.ones(3), INF)
    assert nowhere is THETA
    for step, scale in ((99.0, 50.0), (-99.0, 1e-3)):
        found = own._shortened(INTERVALS, X, THETA, WEIGHT, np.array([0, 0, step]), -INF)
        assert found[2] == np.log(scale)


LOW = np.array([1.0, 100, 10, 1, 1000, 100, 10, 100])
REACH = np.array([10.0, 1000, 100, 10, INF, 1000, 100, 1000])
TWO = np.column_stack([np.ones(8), [0.0, 0, 1, 1, 2, 2, 1, 2]])


def test_the_fit_is_a_top_to_ten_digits():
    found = fit_intervals(LOW, REACH, TWO, np.arange(8))
    theta = np.append(found.coefficients, np.log(found.scale))
    intervals = own._Intervals(np.log(LOW), np.log(REACH))
    slope, curvature, value = own._totals(intervals, TWO, theta, np.ones(8))
    assert np.abs(np.linalg.solve(curvature, slope)).max() < 1e-10
    assert found.log_likelihood == value
    assert (found.clusters, found.freedom, found.converged) == (8, 7.0, True)


def test_what_has_no_spread_ends_at_the_narrowest():
    same = fit_intervals(np.full(9, 10.0), np.full(9, 10.0), np.ones((9, 1)), np.arange(9))
    assert same.scale == pytest.approx(1e-3)
    assert not same.converged
    low = np.repeat([0.0, 1.0, np.exp(10)], [20, 1, 20])
    reach = np.repeat([1.0, np.exp(10), INF], [20, 1, 20])
    apart = fit_intervals(low, reach, np.ones((41, 1)), np.arange(41))
    assert apart.scale == pytest.approx(50.0)
    assert not apart.converged


@pytest.mark.parametrize(
    ("low", "reach", "wrong"),
    [
        ([1.0, 2.0], [1.0, 3.0], 0),
        ([0.0, 2.0], [1.0, INF], 0),
        ([2.0, 2.0], [1.0, 3.0], 1),
        ([-1.0, 2.0], [1.0, 3.0], 1),
        ([0.0, 5.0], [0.0, 3.0], 2),
        ([np.nan, 2.0], [3.0, 3.0], 1),
    ],
)
def test_intervals_that_no_number_lies_in_are_counted(low, reach, wrong):
    ask = (np.array(low), np.array(reach), np.ones((2, 1)))
    if not wrong:
        own._check(*ask)
        return
    with pytest.raises(EstimateError) as caught:
        own._check(*ask)
    assert str(caught.value).splitlines() == [
        "Cannot fit a regression",
        f"  - intervals: got {wrong} that are empty or below 0; expected low <= reach.",
    ]


@pytest.mark.parametrize(("columns", "rank"), [(np.ones((3, 2)), 1), (np.zeros((3, 1)), 0)])
def test_predictors_that_depend_on_each_other_are_refused(columns, rank):
    with pytest.raises(EstimateError) as caught:
        own._check(np.ones(3), np.ones(3), columns)
    assert str(caught.value).splitlines()[1] == (
        f"  - predictors: got {columns.shape[1]} columns of rank {rank}; expected columns that do "
        "not depend on each other. Hint: leave one of them out, or join rare answers."
    )


def test_nobody_has_no_rank():
    with pytest.raises(EstimateError, match="1 columns of rank 0"):
        own._check(np.ones(0), np.ones(0), np.ones((0, 1)))
