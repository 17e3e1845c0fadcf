"""Intervals against independent implementations, published examples and their own promises."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta, binom, binomtest

from survey.estimates.precision.discovery import adjusted
from survey.estimates.precision.imprecision import REVIEWS, RULES, judge
from survey.estimates.precision.intervals import (
    Limits,
    adjusted_size,
    difference,
    effective_size,
    jeffreys,
    korn_graubard,
    logit,
    normal_quantile,
    t_quantile,
    unified,
    wilson,
)
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.rounding import round_preserving
from tests.estimates.test_quantiles import student

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@given(counts, levels)
def test_wilson_and_clopper_pearson_are_those_of_scipy(count, level):
    k, n = count
    for ours, method in ((wilson, "wilson"), (korn_graubard, "exact")):
        theirs = binomtest(k, n).proportion_ci(level, method)
        got = ours(k / n, n, level)
        assert got.low == pytest.approx(theirs.low, abs=1e-12)
        assert got.high == pytest.approx(theirs.high, abs=1e-12)


@given(counts, levels)
def test_jeffreys_limits_are_quantiles_of_the_beta_distribution(count, level):
    k, n = count
    low, high = jeffreys(k / n, n, level)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if 0 < k < n:
        assert (low, high) == pytest.approx(tuple(beta.ppf(tails, k + 0.5, n - k + 0.5)))
    else:
        nobody = (1 - level) ** (1 / n)
        assert (low, high) == pytest.approx((0, 1 - nobody) if k == 0 else (nobody, 1))


@given(st.floats(1e-9, 1), st.floats(1e-3, 1e4), levels)
def test_jeffreys_limits_hold_the_share_whatever_its_weight(share, size, level):
    low, high = jeffreys(share, size, level)
    assert 0 <= low <= share <= high <= 1
    assert np.isnan(jeffreys(np.nan, size, level)).all()


@given(counts, levels)
def test_limits_hold_the_share_and_stay_inside_0_and_1(count, level):
    k, n = count
    for low, high in (wilson(k / n, n, level), korn_graubard(k / n, n, level)):
        assert 0 <= low <= k / n <= high <= 1
        assert low < high, "an interval is never a point"


@given(counts, st.floats(1, 400))
def test_more_units_make_an_interval_shorter(count, more):
    share = count[0] / count[1]
    wide, narrow = wilson(share, count[1]), wilson(share, count[1] + more)
    assert narrow.high - narrow.low < wide.high - wide.low


@given(counts, levels)
def test_yes_and_no_mirror_each_other(count, level):
    k, n = count
    for method in (wilson, korn_graubard):
        yes, no = method(k / n, n, level), method(1 - k / n, n, level)
        assert yes.low == pytest.approx(1 - no.high, abs=1e-9)


def test_korn_graubard_takes_a_size_that_is_no_whole_number():
    low, high = korn_graubard(0.2, 37.5, 0.95)
    assert low == pytest.approx(beta.ppf(0.025, 7.5, 31.0))
    assert high == pytest.approx(beta.ppf(0.975, 8.5, 30.0))


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.integers(1, 500))
def test_the_logit_interval_is_symmetric_on_its_scale(share, se, df):
    low, high = logit(share, se, t_quantile(0.95, df))
    assert 0 <= low <= share <= high <= 1
    assume(low > 1e-12 and high < 1 - 1e-12)  # one degree of freedom reaches 0 and 1 in floats
    middle = (np.log(low / (1 - low)) + np.log(high / (1 - high))) / 2
    assert middle == pytest.approx(np.log(share / (1 - share)), abs=1e-3)


@given(levels, st.integers(1, 1000))
def test_quantiles(level, df):
    assert t_quantile(level, df) == pytest.approx(student(df, 0.5 + level / 2), rel=1e-9)
    assert np.isnan(t_quantile(level, 0))


def test_differences_published_by_newcombe():
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10."""
    for (a, m, b, n), wanted in {
        (56, 70, 48, 80): (0.0524, 0.3339),
        (9, 10, 3, 10): (0.1705, 0.8090),
        (6, 7, 2, 7): (0.0582, 0.8062),
        (5, 56, 0, 29): (-0.0381, 0.1926),
        (0, 10, 0, 20): (-0.1611, 0.2775),
        (10, 10, 0, 20): (0.6791, 1.0000),
    }.items():
        found = difference(b / n, wilson(b / n, n), a / m, wilson(a / m, m))
        assert found == pytest.approx(wanted, abs=5e-5)


@given(counts, counts, st.floats(-0.9, 0.9), levels)
def test_interval_and_test_of_a_difference_never_disagree(first, second, correlation, level):
    (k1, n1), (k2, n2) = first, second
    p1, p2 = k1 / n1, k2 / n2
    low, high = difference(p1, wilson(p1, n1, level), p2, wilson(p2, n2, level), correlation)
    p = difference_p_value(p1, n1, p2, n2, correlation)
    assert low <= p2 - p1 <= high
    assert 0 <= p <= 1
    if abs(p - (1 - level)) > 1e-6:
        assert (p < 1 - level) == (low > 0 or high < 0)


@given(counts, counts, st.floats(-0.9, 0.9))
def test_a_difference_the_other_way_round_has_the_other_sign(first, second, correlation):
    (k1, n1), (k2, n2) = first, second
    there = difference(k1 / n1, wilson(k1 / n1, n1), k2 / n2, wilson(k2 / n2, n2), correlation)
    back = difference(k2 / n2, wilson(k2 / n2, n2), k1 / n1, wilson(k1 / n1, n1), correlation)
    assert there.low == pytest.approx(-back.high, abs=1e-12)
    assert there.high == pytest.approx(-back.low, abs=1e-12)


def test_one_estimate_made_twice_does_not_differ():
    low, high = difference(0.3, wilson(0.3, 50), 0.3, wilson(0.3, 50), 1.0)
    assert (low, high) == pytest.approx((-0.0, 0.0), abs=0.05)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("size", [9, 31.5, 80, 400])
def test_the_unified_interval_rises_with_the_count_and_lies_inside_jeffreys(size, level):
    shares = np.linspace(0, 1, 257)[1:-1]
    low, high = unified(shares, size, level)
    usual = jeffreys(shares, size, level)
    assert (np.diff(low) >= -1e-12).all()
    assert (np.diff(high) >= -1e-12).all()
    assert (low >= usual.low - 1e-12).all()
    assert (high <= usual.high + 1e-12).all()
    assert (low <= shares).all()
    assert (high >= shares).all()
    np.testing.assert_allclose(unified(1 - shares, size, level).low, 1 - high, atol=1e-12)
    assert np.isnan(unified(np.nan, size, level)).all()


@pytest.mark.parametrize("size", [50, 70, 100])
def test_the_unified_interval_of_few_answers_covers_nominally(size):
    """Shares that a count of 0 covers, by the binomial distribution; Jeffreys' is at 97 %."""
    count = np.arange(size + 1)
    reached = float(unified(0.0, size).high)
    covered = {unified: [], jeffreys: []}
    for truth in np.linspace(0.5 / size, 0.95 * reached, 200):
        chance = binom.pmf(count, size, truth)
        for method, found in covered.items():
            low, high = method(count / size, size)
            found.append(chance @ ((low <= truth) & (truth <= high)))
    assert 0.94 < np.mean(covered[unified]) < 0.96
    assert np.mean(covered[jeffreys]) > 0.965


@given(st.floats(0, 1), st.floats(1e-6, 0.25), st.integers(1, 300), st.floats(1, 300))
def test_effective_sizes_are_never_more_than_the_units(share, variance, size, voices):
    found = effective_size(share, variance, size, min(voices, size))
    assert 0 < found <= size
    assert adjusted_size(found, size, 5, 0.95) <= found


@pytest.mark.parametrize(
    ("share", "size", "effective", "df", "rule", "review"),
    [
        (0.50, 29, 29, 28, "fewer than 30 units", ""),
        (0.50, 80, 29.9, 60, "effective sample below 30", ""),
        (0.50, 80, 30, 60, "interval of 30 points or more", ""),
        (0.50, 44, 44, 43, "interval of 30 points or more", ""),
        (0.50, 100, 100, 99, "", ""),
        (0.05, 100, 100, 99, "interval wider than 130 % of the share", ""),
        (0.95, 100, 100, 99, "", "complement: interval wider than 130 % of it"),
        (0.01, 2000, 2000, 1999, "", ""),
        (0.99, 2000, 2000, 1999, "", ""),  # at most 5 points wide: the complement is fine, too
        (0.00, 300, 300, 299, "", "share of exactly 0 or 1"),
        (1.00, 300, 300, 299, "", "share of exactly 0 or 1"),
        (0.00, 60, 60, 59, "interval wider than 130 % of the share", ""),
        (0.50, 900, 900, 7, "fewer than 8 degrees of freedom", ""),
        (0.50, 900, 900, 8, "", ""),
    ],
)
def test_presentation_standards(share, size, effective, df, rule, review):
    """Each case stands on one side of one threshold of the NCHS standard."""
    found = judge(share, size, effective, df)
    assert (RULES[int(found.rule)], REVIEWS[int(found.review)]) == (rule, review)


@given(st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=30))
def test_adjusted_p_values_are_those_of_the_definition(values):
    found = adjusted(values)
    p = sorted(value for value in values if value == value)
    for value, q in zip(values, found, strict=True):
        if value != value:
            assert np.isnan(q)
            continue
        best = min(p[i] * len(p) / (i + 1) for i in range(len(p)) if p[i] >= value)
        assert q == pytest.approx(min(best, 1.0))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(sum), st.integers(0, 2))
def test_rounding_keeps_the_sum_and_moves_nothing_by_a_whole_unit(parts, digits):
    exact = 100 * np.array(parts) / sum(parts)
    shown = round_preserving(exact, digits)
    assert shown.sum() == pytest.approx(100, abs=1e-9)
    assert (np.abs(shown - exact) < 10.0**-digits).all()
    assert ((shown == 0) | (exact > 0)).all(), "nothing is made of zero"


def test_rounding_leaves_out_what_is_missing():
    assert round_preserving([49.6, np.nan, 50.4]).tolist()[::2] == [50.0, 50.0]


def test_no_units_give_no_interval():
    for method in (wilson, korn_graubard):
        assert np.isnan(method(np.nan, 0)).all()
    assert np.isnan(logit(0.0, 0.0, 10)).all()
    assert isinstance(wilson(0.5, 10), Limits)
    assert normal_quantile(0.95) == pytest.approx(1.959963985)
