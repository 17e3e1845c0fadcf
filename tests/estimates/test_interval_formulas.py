"""Intervals by their definitions, written out with scipy, on either side of each limit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import betaincinv, ndtri

from survey.estimates.precision.bootstrap import generator, percentile_limits, resampled
from survey.estimates.precision.imprecision import (
    RULES,
    judge,
    judge_interval,
    near_width,
    too_few,
)
from survey.estimates.precision.intervals import (
    Limits,
    _distinct,
    adjusted_size,
    difference,
    effective_size,
    jeffreys,
    korn_graubard,
    logit,
    student_factor,
    t_quantile,
    unified,
    unified_low,
    wald,
    wilson,
)
from tests.estimates.test_quantiles import student

LEVELS = (0.8, 0.95, 0.99)
# shares and sizes, each with each: few, and more than are worth looking up one by one
FEW = tuple(
    each.ravel() for each in np.meshgrid([0.0, 0.004, 0.2, 0.75, 0.97, 1.0], [7.5, 40, 900])
)
MANY = tuple(
    each.ravel()
    for each in np.meshgrid(np.append(np.linspace(0, 1, 23), [0.3, 0.3]), [6, 33.25, 33.25, 5e3])
)


def exact(share, size, level):
    """Clopper and Pearson: the beta quantiles of cases and others, one more on either side."""
    cases, others, tail = share * size, (1 - share) * size, (1 - level) / 2
    with np.errstate(all="ignore"):
        low = np.where(share <= 0, 0, betaincinv(cases, others + 1, tail))
        high = np.where(share >= 1, 1, betaincinv(cases + 1, others, 1 - tail))
    low = np.where(share >= 1, tail ** (1 / size), low)
    return low, np.where(share <= 0, 1 - tail ** (1 / size), high)


def around(share, size, level):
    """Jeffreys: half a case and half another one added; one-sided where it can be missed once."""
    cases, others, tail = share * size + 0.5, (1 - share) * size + 0.5, (1 - level) / 2
    one_sided = (1 - level) ** (1 / size)
    low, high = betaincinv(cases, others, tail), betaincinv(cases, others, 1 - tail)
    low = np.where(share <= 0, 0, np.where(share >= 1, one_sided, np.minimum(low, share)))
    high = np.where(share >= 1, 1, np.where(share <= 0, 1 - one_sided, np.maximum(high, share)))
    return low, high


def near_end(share, size, level):
    """The lower unified limit: the one-sided one, as far as the upper limit of a share of 0."""
    cases, others = share * size + 0.5, (1 - share) * size + 0.5
    nobody = 1 - (1 - level) ** (1 / size)
    two_sided = betaincinv(cases, others, (1 - level) / 2)
    one_sided = np.minimum(betaincinv(cases, others, 1 - level), nobody)
    low = np.where(two_sided < nobody, np.maximum(two_sided, one_sided), two_sided)
    low = np.where(share >= 1, 1 - nobody, np.minimum(low, share))
    return np.where(share <= 0, 0, low)


def score(share, size, level):
    """Wilson: the roots of the squared distance in standard errors of the limit itself."""
    z = ndtri((1 + level) / 2)
    roots = [
        sorted(np.roots([1 + z**2 / n, -(2 * p + z**2 / n), p**2]).real)
        for p, n in zip(share, size, strict=True)
    ]
    low, high = np.array(roots).T
    return np.where(share <= 0, 0, low), np.where(share >= 1, 1, high)


@pytest.mark.parametrize("cells", [FEW, MANY], ids=["few", "many"])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("table", [0, 10_000], ids=["alone", "of a large table"])
def test_every_interval_is_that_of_its_definition(cells, level, table):
    share, size = cells
    for ours, theirs in (
        (korn_graubard(share, size, level, table), exact(share, size, level)),
        (jeffreys(share, size, level, table), around(share, size, level)),
        (wilson(share, size, level), score(share, size, level)),
        (
            unified(share, size, level, table),
            (near_end(share, size, level), 1 - near_end(1 - share, size, level)),
        ),
    ):
        assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)
    inside = (share > 0) & (share < 1)
    assert_allclose(
        unified_low(share[inside], size[inside], level, table),
        near_end(share[inside], size[inside], level),
        rtol=1e-9,
    )


@pytest.mark.parametrize("method", [wilson, korn_graubard, jeffreys, unified])
def test_no_units_and_less_than_one_have_limits_of_their_own(method):
    low, high = method([0.2, 0.2, np.nan, 0.0, 1.0, 0.2], [0, -1, 5, 0, 0, 0.4], 0.95)
    assert np.isnan(low[:5]).all()
    assert np.isnan(high[:5]).all()
    assert 0 <= low[5] <= 0.2 < high[5] <= 1


@pytest.mark.parametrize(("more", "fewer"), [(40, 3), (3, 40)])
def test_distinct_pairs_stand_for_every_entry(more, fewer):
    random = np.random.default_rng(6)
    first, second = random.integers(0, more, 500) / 7, random.integers(0, fewer, 500) / 3
    place, number = _distinct(first, second, 500)
    assert (first[place][number] == first).all()
    assert (second[place][number] == second).all()
    assert len(np.unique(np.stack([first[place], second[place]]), axis=1).T) == len(place)


def test_the_first_guess_of_few_cases_never_decides():
    """On either side of the 6.6 cases below which the one-sided limit is looked up at once."""
    for size in (20.0, 80.0, 3000.0):
        cases = np.array([5.9, 6.0, 6.05, 6.0999, 6.1, 6.1001, 6.2, 6.5, 6.9, 7.05, 7.15, 9.0])
        for level in (0.5, *LEVELS):
            assert_allclose(
                unified_low(cases / size, np.full(len(cases), size), level),
                near_end(cases / size, size, level),
                rtol=1e-9,
            )


def test_student_quantiles_of_one_column_repeated_and_of_many_cells():
    freedom = np.array([[1.0], [3.5], [0.0], [40.0], [-1.0]])
    wanted = np.array([student(each[0], 0.975) if each[0] > 0 else np.nan for each in freedom])
    for columns in (1, 2, 3, 200):
        found = t_quantile(0.95, np.broadcast_to(freedom, (5, columns)))
        assert found.shape == (5, columns)
        assert_allclose(found, np.repeat(wanted[:, None], columns, axis=1), rtol=1e-11)
        assert_allclose(t_quantile(0.95, np.repeat(freedom, columns, axis=1)), found, rtol=1e-11)
    mixed = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert_allclose(t_quantile(0.9, mixed), student(mixed, 0.95), rtol=1e-11)


def test_effective_sizes():
    """The spread over the variance; the voices where that is nothing; never more than all."""
    share = [0.5, 0.5, 0.2, 0.0, 1.0, 0.5, 0.5, np.nan, 0.5, 0.5]
    variance = [0.01, 0.0001, 0.002, 0.0, 0.0, 0.0, 0.25e-12, np.nan, 0.2501e-12, np.nan]
    size = [100, 100, 100, 100, 100, 100, 100, 0, 100, 100]
    found = effective_size(share, variance, size, 30.0)
    assert_allclose(found, [25, 100, 80, 30, 30, 30, 30, np.nan, 100, 30])
    assert effective_size(0.5, 1e-12, 1e13, 3) == pytest.approx(2.5e11)


def test_adjusted_sizes():
    found = adjusted_size([50, 50, 50, 50], [51, 101, 101, 5], [10, 50, 0, 400], 0.95)
    ratio = [(student(n, 0.975) / student(df, 0.975)) ** 2 for n, df in ((50, 10), (100, 50))]
    assert_allclose(found, [50 * ratio[0], 50 * ratio[1], 50, 50])
    factor = student_factor(np.array([student(7, 0.95), np.nan]), 0.9)
    assert_allclose(factor, [(ndtri(0.95) / student(7, 0.95)) ** 2, 1])


def test_symmetric_intervals():
    low, high = wald([3.0, -1.0, 2.0], [0.5, 0.0, 1.0], [4, 9, 0], 0.9)
    half = 0.5 * student(4, 0.95)
    assert_allclose(low, [3 - half, -1, np.nan])
    assert_allclose(high, [3 + half, -1, np.nan])
    low, high = logit([0.2, 0.2, 0.0, 1.0], [0.05, 0.0, 0.1, 0.1], 2.5)
    reach = 2.5 * 0.05 / 0.16
    odds = 0.25 * np.exp([-reach, reach])
    assert_allclose([low[0], high[0]], odds / (1 + odds))
    assert_allclose([low[1], high[1]], 0.2)
    assert np.isnan([low[2:], high[2:]]).all()


@pytest.mark.parametrize("r", [-0.9, 0.0, 0.4, 1.0])
def test_the_interval_of_a_difference_is_squared_and_added(r):
    a, b = (0.3, 0.2, 0.45), (0.6, 0.58, 0.7)
    down = (b[0] - b[1]) ** 2 + (a[2] - a[0]) ** 2 - 2 * r * (b[0] - b[1]) * (a[2] - a[0])
    up = (b[2] - b[0]) ** 2 + (a[0] - a[1]) ** 2 - 2 * r * (b[2] - b[0]) * (a[0] - a[1])
    found = difference(a[0], Limits(a[1], a[2]), b[0], Limits(b[1], b[2]), r)
    assert_allclose(found, [0.3 - down**0.5, 0.3 + up**0.5])
    edge = difference(0.0, Limits(0.0, 0.9), 1.0, Limits(0.1, 1.0), -1.0)
    assert_allclose(edge, [-0.8, 1.0])
    edge = difference(1.0, Limits(0.1, 1.0), 0.0, Limits(0.0, 0.9), -1.0)
    assert_allclose(edge, [-1.0, 0.8])


# ---------------------------------------------------------------- when a share is too imprecise


def test_the_quick_width_is_within_two_per_cent():
    share, size = (
        each.ravel() for each in np.meshgrid(np.linspace(0, 1, 41), [5, 12, 30, 99, 2e3])
    )
    low, high = exact(share, size, 0.95)
    ratio = near_width(share, size) / (high - low)
    ends = (share == 0) | (share == 1)
    assert abs(ratio[ends] - 1).max() < 0.006
    for units, furthest in ((5, 0.007), (12, 0.0032), (30, 0.0023), (99, 0.002), (2e3, 0.00015)):
        assert abs(ratio[~ends & (size == units)] - 1).max() < furthest
    share, size = np.array([0.5, 0.3, 0.02, 0.004]), np.array([40.0, 7, 300, 60])
    wanted = [0.324068446757964, 0.6826224653020605, 0.03568305538553485, 0.0671342212371679]
    assert_allclose(near_width(share, size), wanted, rtol=1e-12)
    assert np.isnan(near_width(np.array([0.5, 0.5]), np.array([0.0, -3.0]))).all()
    assert near_width(np.array([0.5]), np.array([0.5]))[0] > 0.9


def widths_of(share, size):
    low, high = exact(np.asarray(share, float), np.asarray(size, float), 0.95)
    return high - low


def test_rules_of_the_standard_change_where_exact_widths_cross_their_limits():
    """A fine grid of sizes around each limit: the first size that passes is the exact one."""
    sizes = np.arange(30, 20_000)
    for share, limit in (
        (0.5, 0.30),
        (0.35, 0.30),
        (0.2, 0.26),
        (0.1, 0.13),
        (0.04, 0.052),
        (0.02, 0.05),
        (0.004, 0.05),
    ):
        width = widths_of(share, sizes)
        near = sizes[np.abs(width - limit) < 0.04 * limit]
        found = judge(share, near, near, 60).rule
        wide = width[np.isin(sizes, near)]
        broken = (wide >= 0.30) | ((wide > 0.05) & (wide > 1.3 * share))
        assert 0 < broken.sum() < len(near)
        # with freedom of the number of units, so that nothing is adjusted
        found = judge(share, near, near, near - 1).rule
        assert ((found > 0) == broken).all()
        assert set(found) == {0, 3 if limit == 0.30 else 4}
        other = judge(1 - share, near, near, near - 1)
        if limit < 0.30:
            assert (other.rule == 0).all()
            assert ((other.review == 2) == broken).all()


# share, size, effective size, degrees of freedom, those of the variance, pooled size
@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        ((0.5, 29.99, 90, 60, None, 90), (1, 0)),
        ((0.5, 30, 90, 60, None, 29.99), (2, 0)),
        ((0.5, 30, 90, 60, None, 30), (0, 0)),
        ((0.5, 300, 20, 60, None, 80), (3, 0)),  # the own width, although enough by the question
        ((0.02, 300, 250, 60, None, 250), (0, 0)),  # no relative width in a table of shares
        ((0.02, 60, 60, 59, None, np.nan), (4, 0)),
        ((0.98, 60, 60, 59, None, 60), (0, 0)),
        ((0.98, 60, 60, 59, None, np.nan), (0, 2)),
        ((0.0, 300, 300, 299, None, 300), (0, 1)),
        ((1.0, 300, 300, 299, None, 300), (0, 1)),
        ((0.5, 300, 300, 7.99, None, 300), (5, 0)),
        ((0.5, 300, 300, 8, None, 300), (0, 0)),
        ((0.5, 300, 300, 8, 7.99, 300), (5, 0)),
        ((0.5, 300, 300, 2, 8, 300), (0, 0)),
        ((0.5, 300, 100, 300, None, 300), (0, 0)),
        ((0.5, 47, 47, 46, None, 47), (0, 0)),
        ((0.5, 46, 46, 45, None, 46), (3, 0)),
        ((0.5, 60, 60, 8, None, 60), (3, 0)),  # few clusters: the size is adjusted to 45
        ((0.5, 80, 80, 8, None, 80), (0, 0)),
    ],
)
def test_what_is_wrong_with_one_share(case, wanted):
    *given, freedom, pooled = case
    found = judge(*given, freedom=freedom, pooled=pooled)
    assert (int(found.rule), int(found.review)) == wanted


def test_shares_are_judged_one_by_one_whatever_stands_beside_them():
    random = np.random.default_rng(3)
    share = random.choice([0, 0.01, 0.05, 0.3, 0.5, 0.96, 1.0], (9, 8))
    size = np.array([[25.0], [32], [40], [50], [60], [75], [90], [120], [300]])
    effective = size * random.uniform(0.3, 1, (9, 8))
    df = np.array([[24], [30], [30], [12], [59], [40], [9], [20], [6]])
    pooled = np.where(random.random((9, 8)) < 0.5, np.nan, size * 0.7)
    found = judge(share, size, effective, df, pooled=pooled)
    assert len(np.unique(found.rule)) == len(RULES)
    assert len(np.unique(found.review)) == 3
    for row in range(9):
        for column in range(8):
            one = judge(
                share[row, column], size[row, 0], effective[row, column], df[row, 0],
                pooled=pooled[row, column],
            )  # fmt: skip
            assert one.rule == found.rule[row, column]
            assert one.review == found.review[row, column]


def test_shares_in_print_and_other_numbers():
    low, high = [0.005, 0.005, 0.1, 0.1, 0.1], [0.305, 0.304999, 0.2, 0.2, 0.2]
    found = judge_interval(low, high, [30, 30, 29, 30, 30], [30, 30, 30, 29, 30])
    assert found.tolist() == [3, 0, 1, 2, 0]
    found = too_few([29, 30, 30, 30], [30, 29.9, 30, 30], [8, 8, 7.9, 8])
    assert found.tolist() == [1, 2, 5, 0]


# ---------------------------------------------------------------- resampled clusters


def test_one_cluster_fewer_is_drawn_and_scaled_up():
    for clusters in (2, 3, 9):
        weights = resampled(clusters, 4000, generator())
        assert weights.shape == (4000, clusters)
        drawn = weights * (clusters - 1) / clusters
        assert_allclose(drawn, drawn.round(), atol=1e-12)
        assert_allclose(weights.sum(axis=1), clusters)
        # of a total of 1, 2, ...: the variance of a mean of as many, times their number squared
        values = np.arange(1.0, clusters + 1)
        wanted = clusters * values.var(ddof=1)
        assert (weights @ values).var() == pytest.approx(wanted, rel=0.1)
    assert resampled(1, 3, generator()).tolist() == [[1.0]] * 3
    assert resampled(0, 3, generator()).shape == (3, 0)
    assert generator().random() == generator(0).random() != generator(1).random()


def test_percentiles_leave_out_as_much_on_either_side():
    values = np.arange(1001.0)[:, None] * [1.0, 2.0]
    low, high = percentile_limits(values, 0.9)
    assert_allclose(low, [50, 100])
    assert_allclose(high, [950, 1900])
