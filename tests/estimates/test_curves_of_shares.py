"""Curves through the shares below edges, their quantiles and limits: scipy and brute force."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq
from scipy.stats import norm

from survey.estimates.numbers import smooth
from survey.estimates.numbers.distribution_limits import Curve, curve_of
from survey.estimates.numbers.inversion import Axis, first_above, point, weighted_quantile
from survey.estimates.numbers.smooth import smooth_part
from survey.estimates.numbers.turnbull import _log_widths, innermost, turnbull
from survey.estimates.precision.intervals import Limits
from survey.estimates.tabulation.banded_answers import Cells

INF = np.inf
LOW = np.array([1.0, 10, 30, 400, 5000, 6000])
REACH = np.append(LOW[1:], INF)
COUNTS = np.array([[4.0, 9, 20, 11, 5, 1], [1.0, 1, 1, 30, 2, 9], [7.0, 0, 5, 5, 0, 0]])
BELOW = COUNTS.cumsum(axis=1) / COUNTS.sum(axis=1, keepdims=True)
SIZE = COUNTS.sum(axis=1)


def part_of(row, cell, q, limit=None):
    """Return how far into a cell the monotone cubic of normal scores reaches a share."""
    least = 0.25 / SIZE[row]
    edges = np.log(REACH[:-1])
    scores = norm.ppf(np.clip(BELOW[row, :-1], least, 1 - least))
    curve = PchipInterpolator(edges, scores)
    start, end = edges[cell - 1], edges[cell]

    def height(part):
        away = 0.0
        if limit is not None:
            moved = norm.ppf(np.clip(limit[row, cell - 1 : cell + 1], least, 1 - least))
            shift = moved - scores[cell - 1 : cell + 1]
            away = (1 - part) * shift[0] + part * shift[1]
        return curve(start + part * (end - start)) + away - norm.ppf(q)

    return brentq(height, 0, 1, xtol=1e-13)


@pytest.mark.parametrize("cell", [1, 2, 3, 4])
@pytest.mark.parametrize("row", [0, 1, 2])
def test_the_curve_is_scipys_monotone_cubic(row, cell):
    if BELOW[row, cell] - BELOW[row, cell - 1] < 1e-9:
        return
    q = 0.3 * BELOW[row, cell - 1] + 0.7 * BELOW[row, cell]
    q = min(q, 1 - 0.3 / SIZE[row])
    places = np.full(3, cell)
    found = smooth_part(LOW, REACH, BELOW, SIZE, places, q)
    assert found[row] == pytest.approx(part_of(row, cell, q), abs=1e-10)
    limit = np.clip(BELOW * 0.8 + 0.03, 0, 1)
    q = 0.6 * limit[row, cell - 1] + 0.4 * limit[row, cell]
    found = smooth_part(LOW, REACH, BELOW, SIZE, places, q, limit=limit)
    assert found[row] == pytest.approx(part_of(row, cell, q, limit), abs=1e-10)


def test_first_and_last_cells_and_gaps_have_no_curve():
    for cell in (0, 5):
        assert np.isnan(smooth_part(LOW, REACH, BELOW, SIZE, np.full(3, cell), 0.5)).all()
    apart = REACH.copy()
    apart[2] = 350.0  # the next band begins at 400
    for cell in (2, 3):
        assert np.isnan(smooth_part(LOW, apart, BELOW, SIZE, np.full(3, cell), 0.5)).all()
    assert not np.isnan(smooth_part(LOW, apart, BELOW, SIZE, np.full(3, 1), 0.5)).any()


def test_two_edges_have_a_straight_line_between_them():
    low, reach = np.array([1.0, 10, 100]), np.array([10.0, 100, INF])
    below, size, q = np.array([[0.2, 0.7, 1.0]]), np.array([50.0]), 0.6
    found = smooth_part(low, reach, below, size, np.array([1]), q)[0]
    ends = norm.ppf([0.2, 0.7])
    assert found == pytest.approx((norm.ppf(q) - ends[0]) / (ends[1] - ends[0]), abs=1e-12)


@pytest.mark.parametrize(
    ("widths", "slopes", "start"),
    [
        ((1.0, 1.0), (1.0, 1.0), 1.0),
        ((1.0, 2.0), (3.0, 1.0), ((2 * 1 + 2) * 3 - 1 * 1) / 3),
        ((1.0, 2.0), (0.2, 1.0), 0.0),  # it would fall
        ((1.0, 2.0), (0.25, 1.0), 0.0),
        ((1.0, 2.0), (0.0, 1.0), 0.0),
        ((1.0, np.nan), (3.0, np.nan), 3.0),
    ],
)
def test_the_slope_at_an_end_is_that_of_three_points(widths, slopes, start):
    own, other = (
        smooth._Segment(*map(np.array, each)) for each in zip(widths, slopes, strict=True)
    )
    assert smooth._at_end(own, other) == pytest.approx(start)


def test_the_slope_between_is_a_weighted_harmonic_mean():
    first = smooth._Segment(np.array([1.0, 1, 1, 1]), np.array([2.0, 0.0, 2.0, -1.0]))
    second = smooth._Segment(np.array([3.0, 3, 3, 3]), np.array([0.5, 1.0, 0.0, 1.0]))
    near, far = 2 * 3 + 1, 3 + 2 * 1
    wanted = (near + far) / (near / 2.0 + far / 0.5)
    assert_allclose(smooth._inner(first, second), [wanted, 0, 0, 0], rtol=1e-14)


def test_nobody_below_counts_as_a_quarter_of_one():
    _, scores = smooth._knots(LOW, REACH, np.array([[0.0, 0.5, 0.999, 1, 1, 1]]), np.array([40.0]))
    least = 0.25 / 40
    wanted = norm.ppf([least, 0.5, 1 - least, 1 - least, 1 - least])
    assert np.isnan(scores[0, [0, -1]]).all()
    assert_allclose(scores[0, 1:-1], wanted, rtol=1e-12)
    _, scores = smooth._knots(LOW, REACH, np.zeros((1, 6)), np.array([0.5]))
    assert scores[0, 1] == pytest.approx(norm.ppf(0.25))


# ---------------------------------------------------------------- steps and their inversion


def test_steps_are_reached_or_passed():
    heights = np.array([[0.2, 0.5, 0.5, 1.0], [0.5, 0.5, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]])
    for q, strictly, cells, parts in (
        (0.5, False, [1, 0, 3], [1, 1, 0]),
        (0.5, True, [3, 3, 3], [0, 0, 0]),
        (0.2, False, [0, 0, 3], [1, 0.4, 0]),
        (0.2, True, [1, 0, 3], [0, 0.4, 0]),
        (0.35, False, [1, 0, 3], [0.5, 0.7, 0]),
        (0.8, True, [3, 3, 3], [0.6, 0, 0]),
        (0.5 + 5e-10, False, [1, 0, 3], [1, 1, 0]),
        (0.5 - 5e-10, True, [3, 3, 3], [0, 0, 0]),
        (0.5 + 2e-9, False, [3, 3, 3], [0, 0, 0]),
        (0.5 - 2e-9, True, [1, 0, 3], [1, 1, 0]),
    ):
        cell, part = first_above(heights, q, strictly=strictly)
        assert cell.tolist() == cells, (q, strictly)
        assert part.tolist() == pytest.approx(parts, abs=1e-7), (q, strictly)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), min_size=1, max_size=9),
    st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]),
)
def test_a_weighted_quantile_is_that_of_repeated_values(pairs, q):
    values = np.array([float(value) for value, _ in pairs])
    weight = np.array([[float(many) for _, many in pairs]])
    found = [weighted_quantile(values, weight, q, upper=upper)[0] for upper in (False, True)]
    each = np.sort(np.repeat(values, weight[0].astype(int)))
    if not len(each):
        assert np.isnan(found).all()
        return
    place = q * len(each)
    if abs(place - round(place)) < 1e-9:
        wanted = each[round(place) - 1], each[min(round(place), len(each) - 1)]
    else:
        wanted = (each[int(place)],) * 2
    assert tuple(found) == wanted


def test_a_quantile_takes_what_rounding_left_for_what_it_was():
    values, weight = np.array([1.0, 2, 3]), np.array([[0.1, 0.2, 0.3]])  # .1 + .2 > .3
    assert weighted_quantile(values, weight, 0.5)[0] == 2
    assert weighted_quantile(values, weight, 0.5, upper=True)[0] == 3
    assert weighted_quantile(values, weight, 0.5 + 1e-8)[0] == 3
    assert weighted_quantile(values, weight, 0.5 - 1e-8, upper=True)[0] == 2
    assert weighted_quantile(values, weight, 1.0, upper=True)[0] == 3
    ends = np.array([[0.0, 1.0, 0.0]])
    assert [weighted_quantile(values, ends, q, upper=True)[0] for q in (0.0, 1.0)] == [2, 2]


def axis(spread="log", single=False, low=(1.0, 10.0, 100.0), reach=(10.0, 100.0, INF)):
    return Axis(np.array(low), np.array(reach), np.full(3, single), spread)


@pytest.mark.parametrize(
    ("spread", "low", "cell", "part", "wanted"),
    [
        ("log", 1.0, 0, 0.5, np.sqrt(10)),
        ("linear", 1.0, 0, 0.5, 5.5),
        ("smooth", 1.0, 0, 0.25, 10**0.25),
        ("log", 0.0, 0, 0.5, 5.0),
        ("log", 1.0, 2, 0.9, 100.0),
        ("linear", 1.0, 2, 0.9, 100.0),
    ],
)
def test_a_part_of_a_cell_is_a_number(spread, low, cell, part, wanted):
    own = axis(spread, low=(low, 10.0, 100.0))
    assert own.at(np.array([cell]), np.array([part]))[0] == pytest.approx(wanted)
    assert axis(spread, single=True).at(np.array([cell]), np.array([part]))[0] == own.low[1] ** cell


@pytest.mark.parametrize(
    ("spread", "single", "wanted"),
    [("log", False, np.sqrt(10 * 100)), ("linear", False, 55.0), ("log", True, 50.5)],
)
def test_where_a_whole_stretch_qualifies_its_middle_counts(spread, single, wanted):
    low, reach = (1.0, 10.0, 100.0), (10.0, 100.0, 1000.0)
    own = axis(spread, single, low, reach)
    below = np.array([[0.5, 0.5, 1.0]])
    expected = {True: (1 + 100) / 2}.get(single, wanted)
    assert point(own, below, np.array([8.0]), 0.5)[0] == pytest.approx(expected)


def test_numbers_below_one_have_a_middle_too():
    own = axis("log", False, (0.01, 0.1, 0.4), (0.1, 0.4, 0.9))
    below = np.array([[0.5, 0.5, 1.0]])
    assert point(own, below, np.array([8.0]), 0.5)[0] == pytest.approx(np.sqrt(0.1 * 0.4))


def test_from_nothing_the_middle_is_half_way():
    own = axis("log", False, (0.0, 0.5, 4.0), (0.5, 4.0, 9.0))
    assert point(own, np.array([[0.0, 0.0, 1.0]]), np.array([8.0]), 0.0)[0] == pytest.approx(2.0)


# ---------------------------------------------------------------- intervals that overlap


def by_hand(low, reach):
    """Return the intervals from a lower edge to the next upper one with no edge between."""
    found = []
    for begin in low:
        for end in reach:
            between = [edge for edge in (*low, *reach) if begin < edge < end]
            if begin < end and not between:
                found.append((begin, end))
    return sorted(set(found))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), min_size=1, max_size=7, unique=True)
)
def test_innermost_intervals_are_those_of_all_pairs(pairs):
    low = np.array([float(begin) for begin, _ in pairs])
    reach = np.array([float(begin + width) for begin, width in pairs])
    begin, end = innermost(low, reach)
    assert list(zip(begin, end, strict=True)) == by_hand(low.tolist(), reach.tolist())


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_shares_are_the_fixed_point_of_self_consistency(counts):
    low, reach = np.array([0.0, 10, 100, 5, 1]), np.array([10.0, 100, INF, 200, 50])
    weight = np.array(counts, dtype=float)
    if not weight.sum():
        return
    found = turnbull(low, reach, weight)
    used = weight > 0
    begin, end = innermost(low[used], reach[used])
    assert_allclose((found.low, found.reach), (begin, end))
    holds = (low[used, None] <= begin) & (end <= reach[used, None])
    share = found.share
    allowed = holds @ share
    again = share * ((weight[used] / allowed) @ holds) / weight.sum()
    assert_allclose(again, share, atol=1e-9)
    assert share.sum() == pytest.approx(1.0)
    slope = (weight[used] / allowed) @ holds / weight.sum()
    assert (slope <= 1 + 1e-6).all()  # no interval could carry more
    assert found.below[-1] == pytest.approx(1.0)


def test_what_all_answers_allow_carries_the_mass():
    on = np.array([0.0, 1, 2]), np.array([1.0, 2, 3])
    found = turnbull(np.array([0.0, 1.0]), np.array([2.0, 3.0]), np.array([3.0, 1.0]), on)
    assert_allclose(found.share, [0, 1, 0], atol=1e-4)


def test_several_replicates_are_fitted_each_alone():
    low, reach = np.array([0.0, 10, 5]), np.array([10.0, 100, 50])
    weights = np.array([[3.0, 2, 4], [1, 9, 1], [0, 0, 0]])
    found = turnbull(low, reach, weights)
    for row in range(2):
        alone = turnbull(low, reach, weights[row], (found.low, found.reach))
        assert_allclose(found.share[row], alone.share)
    assert np.isnan(found.share[2]).all()
    assert np.isnan(turnbull(low[:2], reach[:2], weights[:, :2]).share[2]).all()


def test_what_answers_cannot_tell_apart_is_even_on_a_logarithm():
    begin, end = np.array([0.0, 10.0, 100.0]), np.array([10.0, 100.0, INF])
    share = turnbull(np.array([0.0]), np.array([INF]), np.array([7.0]), (begin, end)).share
    assert_allclose(share, np.array([2.0, 1, 1]) / 4)  # from .1 on; the open one counts a decade
    assert_allclose(_log_widths(np.array([5.0]), np.array([5.0])), [1.0])
    widths = _log_widths(np.array([5.0, 5.0]), np.array([5.0, 50.0]))
    assert widths[0] / widths[1] == pytest.approx(np.log(1.001) / np.log(10))


# ---------------------------------------------------------------- the curve of a question


def cells(low, high, reach):
    names = tuple(f"{one:g}" for one in low)
    return Cells(np.array(low), np.array(high), np.array(reach), names)


def test_shares_below_edges_are_sums_of_counts():
    own = cells([1.0, 2, 6], [1.0, 5, INF], [2.0, 6, INF])
    curve = curve_of(own, np.array([[1.0, 2, 1], [0, 0, 0]]))
    assert curve.share[0].tolist() == [0.25, 0.75, 1.0]
    assert np.isnan(curve.share[1]).all()
    assert curve.single.tolist() == [True, False, False]
    assert curve.certain.tolist() == [False, False, True]
    assert not curve.pooled
    said = curve.settled(Limits(np.full((2, 3), 0.3), np.full((2, 3), 0.6)))
    assert said.low[0].tolist() == [0.3, 0.3, 1.0]
    assert said.high[0].tolist() == [0.6, 0.6, 1.0]
    assert np.isnan(said.low[1]).tolist() == [False, False, True]
    closed = replace_reach(curve, [2.0, 6.0, 9.0])
    assert closed.certain.tolist() == [False, False, True]
    assert replace_reach(curve, [2.0, INF, 9.0]).certain.tolist() == [False, True, True]


def replace_reach(curve, reach):
    return Curve(curve.low, np.array(reach), curve.top, curve.single, curve.share, curve.counts)


def test_bands_that_overlap_are_pooled_group_by_group():
    own = cells([1.0, 1, 5, 10], [9.0, 99, 49, 99], [10.0, 100, 50, 100])
    counts = np.array([[3.0, 4, 2, 1], [0, 0, 0, 0], [0, 5, 0, 2]])
    curve = curve_of(own, counts)
    assert curve.pooled
    ends = list(pairwise([1.0, 5, 10, 50, 100]))
    assert set(zip(curve.low, curve.reach, strict=True)) <= set(ends)
    assert np.isnan(curve.share[1]).all()
    for row in (0, 2):
        alone = turnbull(own.low, own.reach, counts[row], (curve.low, curve.reach))
        assert_allclose(curve.share[row], alone.below)
    assert curve.top.tolist() == curve.reach.tolist()
    touching = cells([1.0, 1, 2], [1.0, 2, 9], [2.0, 3, 10])
    assert curve_of(touching, np.ones((1, 3))).single.tolist()[0]
