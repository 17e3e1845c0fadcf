"""P-values and quantiles against slow and plain ways to the same numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import betaincinv, ndtr
from scipy.stats import chi2, f

from survey.estimates.precision import p_values, quantiles
from survey.estimates.precision.discovery import (
    CLEAR,
    NOISE,
    NOT_COMPARABLE,
    TESTED_FROM,
    TOO_FEW,
    adjusted,
    family_words,
    p_words,
    verdicts,
)
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.quantiles import (
    beta_quantile,
    normal_quantile_at,
    student_quantile,
)
from survey.estimates.precision.table_tests import (
    NOTHING,
    exchange_test,
    second_order,
    table_of_scores,
)
from tests.estimates.test_quantiles import student


def limits(share, size, z):
    """Wilson's limits at a normal quantile."""
    middle = share + z**2 / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    return (middle - half) / (1 + z**2 / size), (middle + half) / (1 + z**2 / size)


def p_by_halving(p1, n1, p2, n2, r):
    """Halve the quantile at which the interval of the difference reaches 0, sixty times."""
    p1, p2 = np.where(p1 > p2, 1 - p1, p1), np.where(p1 > p2, 1 - p2, p2)
    below, above = np.zeros(p1.shape), np.full(p1.shape, 12.0)
    for _ in range(60):
        z = (below + above) / 2
        down, up = p2 - limits(p2, n2, z)[0], limits(p1, n1, z)[1] - p1
        apart = p2 - p1 > np.sqrt(np.maximum(down**2 + up**2 - 2 * r * down * up, 0))
        below, above = np.where(apart, z, below), np.where(apart, above, z)
    return 2 * ndtr(-(below + above) / 2)


def grid(*sides):
    return tuple(each.ravel() for each in np.meshgrid(*sides))


SHARES, SIZES = [0.0, 0.003, 0.11, 0.4, 0.8, 1.0], [1.0, 7.5, 60.0, 4000.0]


@pytest.mark.parametrize("r", [-1.0, -0.6, 0.0, 0.3, 0.9, 0.999, 1.0])
def test_the_p_value_is_where_the_interval_reaches_0(r):
    p1, n1, p2, n2 = grid(SHARES, SIZES, SHARES, SIZES)
    apart = p1 != p2
    found = difference_p_value(p1, n1, p2, n2, r)
    assert (found[~apart] == 1).all()
    wanted = p_by_halving(p1, n1, p2, n2, r)
    assert_allclose(found[apart], wanted[apart], rtol=1e-7, atol=1e-30)
    settled = apart & (np.abs(wanted - 2 * ndtr(-12)) > 1e-33)
    assert_allclose(found[settled], wanted[settled], rtol=2e-9)


def test_shares_of_random_counts():
    random = np.random.default_rng(8)
    n1, n2 = random.integers(1, 300, (2, 3000))
    p1, p2 = random.integers(0, n1 + 1) / n1, random.integers(0, n2 + 1) / n2
    r = random.uniform(-1, 1, 3000)
    found, apart = difference_p_value(p1, n1, p2, n2, r), p1 != p2
    assert_allclose(found[apart], p_by_halving(p1, n1, p2, n2, r)[apart], rtol=1e-9, atol=1e-25)


def test_shares_that_go_together_and_never_settle():
    """Newton's method leaves a sixth of these to the halving that goes on."""
    random = np.random.default_rng(3)
    p1 = random.uniform(0, 1, 2000)
    p2 = np.clip(p1 + random.normal(0, 0.2, 2000), 0, 1)
    n1, n2, r = *random.uniform(2, 500, (2, 2000)), random.uniform(0.5, 0.9999, 2000)
    found, apart = difference_p_value(p1, n1, p2, n2, r), p1 != p2
    wanted = p_by_halving(p1, n1, p2, n2, r)
    assert_allclose(found[apart], wanted[apart], rtol=1e-7, atol=1e-30)


def test_newtons_method_settles_for_usual_shares(monkeypatch):
    """Without the halving that goes on where it does not, the p-values stay what they are."""
    monkeypatch.setattr(p_values, "_HALVINGS", p_values._BRACKETING)
    p1, n1, p2, n2 = grid([0.1, 0.35, 0.62, 0.9], [25.0, 130.0], [0.05, 0.4, 0.85], [40.0, 900.0])
    for r in (-0.5, 0.0, 0.3):
        found, wanted = difference_p_value(p1, n1, p2, n2, r), p_by_halving(p1, n1, p2, n2, r)
        reached = wanted > 2 * ndtr(-11.9)
        assert reached.mean() > 0.7
        assert_allclose(found[reached], wanted[reached], rtol=1e-9)


def test_slopes_are_those_of_small_steps():
    p1, n1, p2, n2 = grid([0.1, 0.35, 0.62], [25.0, 130.0], [0.7, 0.85, 1.0], [40.0, 900.0])
    sides = p_values._Side.of(p2, n2), p_values._Side.of(1 - p1, n1)
    for z in (0.3, 1.2, 5.0):
        for side, share, size in ((sides[0], p2, n2), (sides[1], 1 - p1, n1)):
            assert_allclose(side.reach(z)[0], share - limits(share, size, z)[0], rtol=1e-12)
            above, below = side.reach(z + 1e-5)[0], side.reach(z - 1e-5)[0]
            assert_allclose(side.slope(z, *side.reach(z)), (above - below) / 2e-5, rtol=1e-7)
        for r in (-0.7, 0.0, 0.4):
            slope = p_values._length(sides, r, np.full(p1.shape, z))[1]
            above, below = (p_values._length(sides, r, z + h)[0] for h in (1e-5, -1e-5))
            assert_allclose(slope, (above - below) / 2e-5, rtol=1e-7)


def test_shares_that_are_as_far_apart_as_can_be():
    assert difference_p_value(0.0, 1e6, 1.0, 1e6) == pytest.approx(2 * ndtr(-12), rel=1e-6)
    assert difference_p_value(1.0, 1e6, 0.0, 1e6) == pytest.approx(2 * ndtr(-12), rel=1e-6)


def test_what_cannot_be_compared_has_no_p_value():
    given = [[0.2, 50, 0.5, 50, 0.0]] * 8
    for row, column, value in (
        (1, 0, np.nan),
        (2, 1, 0),
        (3, 2, np.nan),
        (4, 3, -1),
        (5, 4, np.nan),
    ):
        given[row] = [*given[row][:column], value, *given[row][column + 1 :]]
    given[6], given[7] = [0.2, np.nan, 0.5, 50, 0.0], [0.2, 1, 0.2, 1, 0.0]
    found = difference_p_value(*np.array(given).T)
    assert np.isnan(found[1:7]).all()
    assert found[0] == pytest.approx(p_by_halving(*np.array(given[0])[:, None])[0])
    assert found[7] == 1
    assert difference_p_value(0.2, 50, 0.5, 50).shape == ()


# ---------------------------------------------------------------- quantiles


@pytest.mark.parametrize("tail", [1e-6, 0.0005, 0.025, 0.1])
@pytest.mark.parametrize("cells", [0, 1000, 10_000])
def test_beta_quantiles_over_all_parameters(tail, cells):
    first, second = grid(np.geomspace(0.5, 2e4, 14), np.geomspace(0.5, 2e4, 14))
    for probability in (tail, 1 - tail):
        assert_allclose(
            beta_quantile(first, second, probability, cells),
            betaincinv(first, second, probability),
            rtol=3e-12,
            atol=1e-15,
        )
    small = np.array([0.02, 0.05, 0.3])
    found = beta_quantile(small, np.array([0.5, 40, 1e4]), tail)
    assert_allclose(found, betaincinv(small, [0.5, 40, 1e4], tail), rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize(
    ("first", "second", "tail"),
    [(1e-3, 0.5, 0.025), (2.0, 1e-3, 0.025), (3e6, 40.0, 0.025), (40.0, 3e6, 0.025),
     (4.0, 9.0, 0.3), (4.0, 9.0, 1e-12), (300.0, 300.0, 0.49)],
)  # fmt: skip
def test_beta_quantiles_of_unusual_parameters(first, second, tail):
    given = np.array([first, 5.0]), np.array([second, 5.0])
    for cells in (0, 1000, 10_000):
        found = beta_quantile(*given, tail, cells)
        assert_allclose(found, betaincinv(*given, tail), rtol=1e-9, atol=1e-300)
        found = beta_quantile(*given, 1 - tail, cells)
        rest = 1 - (1 - tail)  # as far as floats have it
        assert_allclose(found, 1 - betaincinv(*given[::-1], rest), rtol=1e-9)


@pytest.mark.parametrize("tail", [1e-6, 0.005, 0.025, 0.05])
@pytest.mark.parametrize("cells", [0, 1000, 10_000])
def test_student_quantiles_over_all_degrees_of_freedom(tail, cells):
    freedom = np.geomspace(1, 2e4, 120)
    assert_allclose(
        student_quantile(freedom, 1 - tail, cells), student(freedom, 1 - tail), rtol=3e-12
    )
    for unusual in (0.05, 0.5, 3e5, 1e9):
        found = student_quantile(np.array([unusual, 4.0]), 1 - tail, cells)
        assert_allclose(found, student([unusual, 4.0], 1 - tail), rtol=2e-8)


def test_stirlings_series_has_bernoullis_numbers():
    """The terms are B(2k) / (2k (2k - 1) z^(2k - 1))."""
    numbers = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730)
    for z in (1.0, 3.0, 40.0):
        terms = [b / (2 * k * (2 * k - 1) * z ** (2 * k - 1)) for k, b in enumerate(numbers, 1)]
        assert quantiles._stirling(z) == pytest.approx(sum(terms), rel=1e-14)
    for p, q in ((0.5, 9), (0.5, 10), (9.0, 10), (3.5, 12), (10.5, 40_000), (1e-3, 700)):
        plain = -math.log(p) - math.fsum(math.log1p(p / k) for k in range(1, q))
        assert quantiles._log_beta(p, q) == pytest.approx(plain, rel=4e-15)
        assert quantiles._log_beta(q, p) == quantiles._log_beta(p, q)


def test_quantiles_below_the_middle_and_of_normal_tails():
    freedom = np.array([1.0, 6.0, np.inf])
    for cells in (0, 1000, 10_000):
        assert_allclose(
            student_quantile(freedom, 0.2, cells), -student_quantile(freedom, 0.8, cells)
        )
        assert student_quantile(freedom, 0.2, cells)[2] == normal_quantile_at(0.2) < 0
        assert_allclose(student_quantile(freedom[:1], 0.75, cells), 1)
    assert normal_quantile_at(0.5) == 0


# ---------------------------------------------------------------- tests of whole tables


def test_the_reference_is_a_multiple_of_chi_squared_or_f():
    found = second_order(12.0, 4.0, 6.4, np.inf)
    assert (found.statistic, found.df1, found.df2) == (3.0, 2.5, np.inf)
    assert found.p_value == pytest.approx(chi2.sf(12 * 4 / 6.4, 2.5), rel=1e-12)
    found = second_order(12.0, 4.0, 6.4, 9)
    assert (found.statistic, found.df1, found.df2, found.pearson) == (3.0, 2.5, 22.5, 12.0)
    assert found.p_value == pytest.approx(f.sf(3.0, 2.5, 22.5), rel=1e-12)
    assert second_order(12.0, 4.0, 6.4, 1).df2 == 2.5
    for trace, square, freedom in ((0, 1, 9), (-1, 1, 9), (1, 0, 9), (1, 1, 0.9), (np.nan, 1, 9)):
        assert second_order(12.0, trace, square, freedom) is NOTHING
    assert np.isnan(NOTHING.p_value)
    assert NOTHING.pearson == 0


def test_exchanges_of_the_signs_of_two_clusters():
    """Two clusters: the sum is 1 + 2 or 1 - 2; by all four patterns 9 and 1, twice each."""
    found = exchange_test(np.array([[1.0], [2.0]]))
    assert found.pearson == 9
    assert found.statistic == pytest.approx(9 / 5)
    assert found.df1 == pytest.approx(2 * 5**2 / 16)
    assert found.df2 == pytest.approx(2 * found.df1)
    assert found.p_value == pytest.approx(f.sf(9 / 5, 50 / 16, 100 / 16))
    assert exchange_test(np.array([[1.0], [0.0]])) is NOTHING
    assert exchange_test(np.array([[1.0], [1e-5]])).df1 > 1e8
    assert exchange_test(np.array([[1.0], [1e-7]])) is NOTHING


def test_scores_add_up_to_pearsons_statistic():
    random = np.random.default_rng(2)
    later, answer = random.integers(0, 2, 60).astype(float), random.integers(0, 3, 60)
    chosen = (answer[:, None] == np.arange(4)).astype(float)
    scores = table_of_scores(later, chosen, np.ones(60), np.arange(60) // 4)
    assert scores.shape == (15, 3)
    seen = np.array([[(later == row) @ chosen[:, column] for column in range(3)] for row in (0, 1)])
    wanted = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0) / 60
    pearson = ((seen - wanted) ** 2 / wanted).sum()
    assert (scores.sum(axis=0) ** 2).sum() == pytest.approx(pearson)
    # a weight counts as units do: all weights doubled change nothing
    weight = random.uniform(0.5, 2, 60)
    found = [table_of_scores(later, chosen, times * weight, np.arange(60) // 4) for times in (1, 2)]
    assert_allclose(found[0], found[1])
    share, part = weight @ chosen / weight.sum(), weight @ later / weight.sum()
    first = (weight * (later - part))[:4] @ (chosen - share)[:4, :3]
    scale = weight.sum() * np.sqrt(share[:3] * part * (1 - part) / 60)
    assert_allclose(found[0][0], first / scale)
    assert table_of_scores(np.zeros(60), chosen, weight, np.arange(60)).tolist() == [[0.0] * 3] * 60
    for nobody in (np.zeros(60), np.zeros(60) * -1.0):
        assert table_of_scores(later, chosen, nobody, np.arange(60)).shape == (0, 0)


# ---------------------------------------------------------------- verdicts


def test_verdicts_and_words():
    given = np.array([[0.05, 0.0501], [np.nan, np.nan]])
    found = verdicts(given, 0.05, np.array([[True, True], [True, False]]))
    assert found.tolist() == [[CLEAR, NOISE], [TOO_FEW, NOT_COMPARABLE]]
    assert verdicts(given, 0.05).tolist() == [[CLEAR, NOISE], [NOT_COMPARABLE, NOT_COMPARABLE]]
    assert TESTED_FROM == 10
    assert adjusted([[0.5, 0.9], [np.nan, 0.8]]).tolist()[0] == [0.9, 0.9]
    assert adjusted([0.4, 0.4, 0.9]).tolist() == pytest.approx([0.6, 0.6, 0.9])
    assert adjusted([]).tolist() == []
    assert np.isnan(adjusted([np.nan])).all()
    assert p_words(0.001) == "p = 0.001"
    assert p_words(0.00099999) == "p < 0.001"
    assert p_words(0.05) == "p = 0.050"
    several = "Verdicts: of all changes called clear, 2.5 % may be false (Benjamini-Hochberg over "
    assert family_words(2, 0.025) == f"{several}the 2 comparisons in this table)."
    assert family_words(0, 0.025) == f"{several}the 0 comparisons in this table)."
    assert family_words(1, 0.025) == f"{several}1 comparison)."
