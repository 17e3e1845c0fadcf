"""Capture and recapture, and the exchange of editions, with their formulas written out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import design, population_size
from survey.estimates.numbers import exchange
from survey.estimates.numbers.capture import chao_lower_bound, chapman
from survey.estimates.numbers.exchange import exchange_editions, exchange_slopes
from tests.estimates import band_builders as make

HALF = Fraction(1, 2)


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize(
    ("first", "second", "both"), [(10, 15, 5), (30, 8, 4), (7, 7, 7), (3, 4, 0), (0, 0, 0)]
)
def test_two_lists_by_sadinles_formulas(first, second, both, level):
    found = chapman(first, second, both, level)
    ones, twos, shared = (each + HALF for each in (first - both, second - both, both))
    odds = ones * twos / shared
    log_se = np.sqrt(float(1 / ones + 1 / twos + 1 / shared + shared / (ones * twos)))
    factor = np.exp(norm.ppf(0.5 + level / 2) * log_se)
    seen = first + second - both
    value = Fraction((first + 1) * (second + 1), both + 1) - 1
    low = float(seen - HALF) + float(odds) / factor
    assert found.value == pytest.approx(float(value), rel=1e-14)
    assert found.low == pytest.approx(min(max(low, seen), float(value)), rel=1e-12)
    assert found.high == pytest.approx(float(seen - HALF) + float(odds) * factor, rel=1e-12)
    assert found.observed == seen


def test_an_overlap_within_both_lists_is_possible():
    assert chapman(4, 6, 4).observed == 6
    for sizes in ((4, 6, 5), (6, 4, 5), (4, 6, -1)):
        with pytest.raises(EstimateError) as caught:
            chapman(*sizes)
        assert str(caught.value).splitlines() == [
            "Cannot estimate from two lists",
            f"  - lists: got {sizes[2]} on both of {sizes[0]} and {sizes[1]}; expected an overlap "
            "within both lists.",
        ]


@pytest.mark.parametrize("level", [0.95, 0.9])
@pytest.mark.parametrize(
    ("seen", "once", "twice"), [(76, 43, 16), (9, 9, 0), (12, 2, 10), (5, 3, 2), (8, 2, 0)]
)
def test_the_lower_bound_by_chaos_formulas(seen, once, twice, level):
    found = chao_lower_bound(seen, once, twice, level)
    unseen = Fraction(once * (once - 1), 2 * (twice + 1))
    variance = (
        unseen
        + Fraction(once * (2 * once - 1) ** 2, 4 * (twice + 1) ** 2)
        + Fraction(once**2 * twice * (once - 1) ** 2, 4 * (twice + 1) ** 4)
    )
    factor = np.exp(norm.ppf(0.5 + level / 2) * np.sqrt(np.log(float(1 + variance / unseen**2))))
    wanted = (
        seen + float(unseen),
        np.sqrt(float(variance)),
        seen + float(unseen) / factor,
        seen + float(unseen) * factor,
    )
    assert (found.value, found.se, found.low, found.high) == pytest.approx(wanted, rel=1e-12)
    assert found.observed == seen


@pytest.mark.parametrize(("once", "twice"), [(0, 4), (1, 3), (0, 0), (1, 0)])
def test_with_nobody_alone_all_were_seen(once, twice):
    found = chao_lower_bound(4, once, twice)
    assert (found.value, found.se, found.low, found.high) == (4.0, 0.0, 4.0, 4.0)


@pytest.mark.parametrize(("seen", "once", "twice"), [(4, 3, 2), (4, -1, 2), (4, 2, -1)])
def test_more_cannot_come_back_than_came(seen, once, twice):
    with pytest.raises(EstimateError) as caught:
        chao_lower_bound(seen, once, twice)
    assert str(caught.value).splitlines() == [
        "Cannot bound the number of members",
        f"  - counts: got {once} once and {twice} twice of {seen}; expected parts of those "
        "observed.",
    ]


# ---------------------------------------------------------------- which organizations are on lists


def answering(names, editions=("2023",), **same):
    return make.answers_of(
        [
            {"edition": edition, "organization": name, "compute_cores": None, **same}
            for edition in editions
            for name in names
        ]
    )


TEN = [f"Org {number}" for number in range(10)]


@pytest.mark.parametrize(("both", "status"), [(7, "ok"), (6, "imprecise")])
def test_two_lists_in_one_edition(both, status):
    listed = [*TEN[:both], "Far", "Further"]
    table = population_size(design(answering(TEN), level=0.9), listed)
    (row,) = table.frame.to_dict("records")
    wanted = chapman(10, both + 2, both, 0.9)
    assert (row["edition"], row["answer"]) == ("2023", "two lists")
    assert (row["value"], row["low"], row["high"]) == (wanted.value, wanted.low, wanted.high)
    assert (row["count"], row["base"], row["on_list"], row["on_both"]) == (12, 10, both + 2, both)
    assert row["status"] == status
    assert row["imprecise_because"] == ("" if both == 7 else "fewer than 7 on both lists")
    assert len(table.notes) == 2
    assert table.notes[1].startswith("Two lists: assumes")


def test_a_figure_counts_in_its_edition_and_a_name_in_all():
    listed = [PublishedFigure("Org 1", "2022", 5, "a talk"), "Org 2", "Far"]
    table = population_size(answering(TEN[:4], ("2022", "2023")), listed)
    rows = table.frame.set_index("edition")
    assert rows["on_list"].tolist()[:2] == [3, 2]
    assert rows["on_both"].tolist()[:2] == [2, 1]
    assert rows.loc["all", "base"] == 4
    assert rows.loc["all", "value"] == 4.0  # all came back
    assert len(table.notes) == 3
    assert table.notes[2].startswith("The lower bound takes the editions")
    assert len(population_size(answering(TEN, ("2022", "2023"))).notes) == 2


def test_nobody_on_a_list_of_an_edition_has_no_row():
    listed = [PublishedFigure("Org 1", "2022", 5, "a talk")]
    table = population_size(answering(TEN[:4], ("2022", "2023")), listed)
    assert table.frame["edition"].tolist() == ["2022", "all"]


def test_one_edition_without_a_list_is_refused():
    with pytest.raises(EstimateError) as caught:
        population_size(answering(TEN))
    assert str(caught.value).splitlines() == [
        "Cannot estimate how many organizations there are",
        "  - answers: got one edition and no other list; expected listed=, or several editions.",
    ]


def test_how_often_organizations_came_back():
    rows = [
        {"edition": edition, "organization": name, "compute_cores": None}
        for edition, names in (("2021", "ABCDE"), ("2022", "BCDXY"), ("2023", "BDZ"))
        for name in names
    ]
    row = population_size(make.answers_of(rows)).frame.iloc[0]
    wanted = chao_lower_bound(8, 5, 1)  # A, E, X, Y and Z once, C twice, B and D three times
    assert (row["value"], row["low"], row["high"]) == (wanted.value, wanted.low, wanted.high)
    assert (row["count"], row["base"], row["status"]) == (8, 8, "ok")


# ---------------------------------------------------------------- exchanging editions


RANDOM = np.random.default_rng(11)
EARLIER = np.round(np.exp(RANDOM.normal(2, 1, (12, 2))), 3)
LATER = np.round(EARLIER * np.exp(RANDOM.normal(0.5, 0.6, (12, 2))), 3)
MANY = tuple(RANDOM.integers(1, 5, (2, 12, 2)).astype(float))
SIGNS = np.random.default_rng(19350101).integers(0, 2, size=(1999, 12)) * 2.0 - 1.0


def in_order(earlier, later):
    """Return the order in which signs are dealt out: by the size of the change, then of both."""
    change, both = np.abs(later - earlier), earlier + later
    return sorted(range(len(earlier)), key=lambda place: (change[place], both[place]))


@pytest.mark.parametrize("level", [0.95, 0.9])
@pytest.mark.parametrize("group", [0, 1])
def test_the_change_of_a_total_by_exchanging_signs(group, level):
    found = exchange_editions(EARLIER, LATER, level)
    first, second = EARLIER[:, group], LATER[:, group]
    change = second - first
    turned = np.sort(np.abs(SIGNS @ change[in_order(first, second)]))
    beyond = (turned >= abs(change.sum()) - 1e-9 * np.abs(change).sum()).sum()
    assert found.p_value[group] == (beyond + 1) / 2000
    reach = turned[::-1][round((1 - level) * 2000) - 2]  # the largest but so many
    assert found.low[group] == pytest.approx(change.sum() - reach, rel=1e-12)
    assert found.high[group] == pytest.approx(change.sum() + reach, rel=1e-12)
    assert found.factor[group] == pytest.approx(second.sum() / first.sum(), rel=1e-14)
    assert found.value[group] == pytest.approx(change.sum())
    assert found.clusters[group] == 12
    for limit in (found.factor_low[group], found.factor_high[group]):
        order = in_order(first, second)

        def rejected(factor, order=order, first=first, second=second):
            scores = second / factor - first
            turned = np.sort(np.abs(SIGNS @ scores[order]))[::-1]
            return abs(scores.sum()) > turned[round((1 - level) * 2000) - 2] * (1 + 1e-12)

        inward = 1 + 1e-9 if limit < found.factor[group] else 1 - 1e-9
        assert not rejected(limit * inward)
        assert rejected(limit / inward)


@pytest.mark.parametrize("group", [0, 1])
def test_the_change_of_a_mean_by_exchanging_signs(group):
    found = exchange_editions(EARLIER, LATER, sizes=MANY)
    first, second = EARLIER[:, group], LATER[:, group]
    n1, n2 = (each[:, group] for each in MANY)
    one, two = first.sum() / n1.sum(), second.sum() / n2.sum()
    mean = (first.sum() + second.sum()) / (n1.sum() + n2.sum())
    scores = (second - mean * n2) / n2.sum() - (first - mean * n1) / n1.sum()
    assert scores.sum() == pytest.approx(two - one)
    turned = np.sort(np.abs(SIGNS @ scores[in_order(first, second)]))[::-1]
    assert (found.earlier[group], found.later[group]) == pytest.approx((one, two))
    assert found.low[group] == pytest.approx(two - one - turned[98], rel=1e-9)
    assert found.high[group] == pytest.approx(two - one + turned[98], rel=1e-9)
    beyond = (turned >= abs(scores.sum()) - 1e-9 * np.abs(scores).sum()).sum()
    assert found.p_value[group] == (beyond + 1) / 2000
    sides = exchange._Sides(first, second, (n1, n2))
    for factor in (1.0, 0.4, 3.0):
        parts = sides.parts()
        assert_allclose(sides.scores(factor), parts[:, 0] + parts[:, 1] / factor, atol=1e-12)
    plain = exchange._Sides(first, second, None)
    assert_allclose(plain.scores(2.0), second / 2 - first)
    assert_allclose(plain.parts(), np.column_stack([-first, second]))
    assert found.factor_low[group] < found.factor[group] < found.factor_high[group]


def test_who_took_part_in_neither_edition_changes_nothing():
    nobody = np.zeros((2, 2))
    wide = exchange_editions(np.vstack([nobody, EARLIER]), np.vstack([LATER * 0, LATER])[-14:])
    plain = exchange_editions(EARLIER, LATER)
    assert_allclose(wide.low, plain.low)
    assert_allclose(wide.factor_high, plain.factor_high)
    assert wide.p_value.tolist() == plain.p_value.tolist()
    sizes = tuple(np.vstack([[[0.0, 0]] * 2, each]) for each in MANY)
    means = exchange_editions(np.vstack([nobody, EARLIER]), np.vstack([nobody, LATER]), sizes=sizes)
    assert_allclose(means.low, exchange_editions(EARLIER, LATER, sizes=MANY).low)
    answered = (np.array([1.0, 0, 0]), np.array([0.0, 0, 2]))  # a size of 0 is an answer, too
    sides = exchange._Sides.of((np.zeros(3), np.zeros(3)), answered)
    assert sorted(sides.sizes[0]) == [0, 1]
    assert len(exchange._Sides.of((np.zeros(3), np.zeros(3)), None).first) == 0
    assert len(exchange._Sides.of((np.array([0.0, 2, 0]), np.array([1.0, 0, 0])), None).first) == 2


def test_from_and_to_nothing_have_no_factor():
    zero, some = np.zeros((4, 1)), np.array([[1.0], [2], [3], [4]])
    grown = exchange_editions(zero, some)
    assert np.isnan([grown.factor[0], grown.factor_low[0], grown.factor_high[0]]).all()
    assert grown.value[0] == 10
    gone = exchange_editions(some, zero)
    assert gone.factor[0] == 0
    assert np.isnan([gone.factor_low[0], gone.factor_high[0]]).all()
    none = exchange_editions(some, some, sizes=(zero, some))
    assert np.isnan(none.earlier[0])
    assert none.later[0] == 1
    assert np.isnan([none.low[0], none.high[0], none.p_value[0], none.factor[0]]).all()
    assert none.clusters[0] == 0


def test_few_organizations_have_no_end_of_the_factor():
    one = np.array([[4.0], [1.0]])
    found = exchange_editions(one, one * 1.5)
    assert (found.factor_low[0], found.factor_high[0]) == (0.0, np.inf)
    far = exchange._factor_limit(1.0, np.array([0.0, 1.0]), np.tile([0.0, 9.0], (20, 1)), 0.95, 1.0)
    assert far == np.inf
    close = exchange._factor_limit(2.0, np.array([-1.0, 2.0]), np.zeros((20, 2)), 0.95, -1.0)
    assert close == pytest.approx(2.0)


def test_organizations_that_did_not_change_are_not_counted():
    later = EARLIER.copy()
    later[:3] += 1
    assert exchange_editions(EARLIER, later).clusters.tolist() == [3, 3]
    same = exchange_editions(EARLIER, EARLIER)
    assert same.p_value.tolist() == [1.0, 1.0]
    assert same.low.tolist() == [0.0, 0.0]
    assert same.clusters.tolist() == [0, 0]


def test_a_usual_change_leaves_a_twentieth_beyond_it():
    turned = np.random.default_rng(3).permutation(np.arange(1999.0))
    assert exchange._usual(turned, 0.95) == 1900.0  # 98 are larger, and the observed one
    assert exchange._usual(turned, 0.90) == 1800.0
    assert exchange._usual(np.arange(3.0), 0.95) == 2.0
    assert exchange._usual(np.arange(39.0), 0.95) == 38.0
    assert exchange._usual(np.arange(59.0), 0.95) == 57.0


def test_slopes_are_tested_in_an_order_of_their_own():
    scores = (LATER - EARLIER) / 3
    both = EARLIER + LATER
    wide_scores = np.vstack([scores, [[9.0, np.nan]]])
    found = exchange_slopes(wide_scores, np.vstack([both, [[0.0, 0.0]]]), 0.9)
    order = sorted(range(12), key=lambda i: (abs(scores[i, 0]), both[i, 0]))
    turned = np.sort(np.abs(SIGNS @ scores[order, 0]))[::-1]
    value = scores[:, 0].sum()
    assert found.value[0] == pytest.approx(value)
    assert (found.low[0], found.high[0]) == pytest.approx(
        (value - turned[198], value + turned[198])
    )
    assert found.p_value[0] == ((turned >= abs(value) - 1e-9).sum() + 1) / 2000
    assert np.isnan([found.value[1], found.low[1], found.high[1], found.p_value[1]]).all()


def test_the_signs_of_so_many_are_the_same_every_time():
    assert_allclose(exchange._signs(12, 1999), SIGNS)
    assert not exchange._signs(12, 1999).flags.writeable
