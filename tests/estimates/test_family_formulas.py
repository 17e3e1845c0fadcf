"""Families of distributions against scipy's, and the climb to the top of a likelihood."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from scipy.special import digamma

from survey.estimates.numbers import models
from survey.estimates.numbers.models import FAMILIES, fit

SCIPYS = {
    "lognormal": lambda m, s: stats.lognorm(s, scale=np.exp(m)),
    "weibull": lambda m, s: stats.weibull_min(1 / s, scale=np.exp(m)),
    "gamma": lambda m, s: stats.gamma(1 / s, scale=np.exp(m)),
}
PLACES = [(0.0, 0.4), (2.0, 1.5), (-1.0, 0.9), (5.0, 0.7)]
LOW = np.array([0.0, 2.0, 10.0, 40.0, 300.0])
REACH = np.array([2.0, 10.0, 40.0, 300.0, np.inf])


def mean_between(known, low: float, reach: float) -> float:
    """Return the integral of number times density, in steps that no peak hides in."""
    edges = np.unique(np.clip([*known.ppf(np.linspace(0, 1, 30)), low, reach], low, reach))
    ends = np.where(np.isinf(edges), known.isf(1e-15), edges)
    steps = itertools.pairwise(ends)
    return sum(quad(lambda x: x * known.pdf(x), *step, epsabs=0)[0] for step in steps)


@pytest.mark.parametrize(("location", "spread"), PLACES)
@pytest.mark.parametrize("name", SCIPYS)
def test_probabilities_quantiles_and_means_are_scipys(name, location, spread):
    family, known = FAMILIES[name], SCIPYS[name](location, spread)
    m, s = np.array([location]), np.array([spread])
    number = known.ppf(np.array([1e-6, 0.02, 0.3, 0.5, 0.8, 0.999]))
    at = np.log(number)
    assert_allclose(family.below(at, m, s), known.cdf(number), rtol=1e-9)
    assert_allclose(family.above(at, m, s), known.sf(number), rtol=1e-9)
    assert_allclose(family.upper(np.array([0.001, 0.4, 0.97]), m, s), known.isf([0.001, 0.4, 0.97]))
    assert_allclose(np.exp(family.log_mean(m, s)), known.mean(), rtol=1e-12)
    part = np.array([mean_between(known, 0.0, each) for each in number]) / known.mean()
    assert_allclose(family.mean_below(at, m, s), part, rtol=1e-6, atol=1e-12)
    assert_allclose(family.mean_above(at, m, s), 1 - part, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("location", "spread"), PLACES)
@pytest.mark.parametrize("name", SCIPYS)
def test_cells_have_their_probability_and_their_mean(name, location, spread):
    known = SCIPYS[name](location, spread)
    theta = np.array([[location, np.log(spread)], [location + 0.1, np.log(spread)]])
    chance, mean = (
        each(LOW, REACH, theta) for each in (FAMILIES[name].between, FAMILIES[name].means)
    )
    assert_allclose(chance.sum(axis=1), 1.0, rtol=1e-12)
    for cell, (low, reach) in enumerate(zip(LOW, REACH, strict=True)):
        upper = known.sf(low) - known.sf(reach)
        inside = upper if known.sf(low) < 0.5 else known.cdf(reach) - known.cdf(low)
        assert chance[0, cell] == pytest.approx(inside, rel=1e-10)
        assert low <= mean[0, cell] <= reach
        if inside > 1e-6:
            assert mean[0, cell] == pytest.approx(
                mean_between(known, low, reach) / inside, rel=1e-6
            )


@pytest.mark.parametrize("name", SCIPYS)
def test_a_share_of_a_cells_numbers_lies_above_what_is_drawn(name):
    theta = np.array([[1.0, 0.0], [2.0, 0.3]])
    rows, cells = np.array([0, 1, 1, 0, 1]), np.array([0, 1, 4, 3, 2])
    share = np.array([0.1, 0.5, 0.9, 0.3, 0.999])
    drawn = FAMILIES[name].values(share, LOW, REACH, theta, rows, cells)
    for number, part, row, cell in zip(drawn, share, rows, cells, strict=True):
        known = SCIPYS[name](theta[row, 0], np.exp(theta[row, 1]))
        bottom, top = known.sf(REACH[cell]), known.sf(LOW[cell])
        assert known.sf(number) == pytest.approx(bottom + part * (top - bottom), rel=1e-9)


def test_where_nothing_is_left_a_number_stays_in_its_cell():
    far = np.array([[-60.0, -1.0]])
    for family in FAMILIES.values():
        place = np.array([0])
        value = family.values(np.array([0.5]), LOW[3:4], REACH[3:4], far, place, place)
        assert LOW[3] <= value[0] <= REACH[3]
        assert LOW[3] <= family.means(LOW[3:4], REACH[3:4], far)[0, 0] <= REACH[3]


@pytest.mark.parametrize("sd", [0.5, 1.0, 2.0])
def test_the_first_guess_has_the_mean_and_spread_of_the_logarithm(sd):
    mean = np.array([3.0])
    lognormal, weibull, gamma = (
        [float(each[0]) for each in FAMILIES[name].start(mean, np.array([sd]))] for name in SCIPYS
    )
    assert lognormal == pytest.approx([3.0, np.log(sd)])
    numbers = stats.weibull_min(1 / np.exp(weibull[1]), scale=np.exp(weibull[0]))
    logs = np.log(numbers.ppf((np.arange(200_000) + 0.5) / 200_000))
    assert (logs.mean(), logs.std()) == pytest.approx((3.0, sd), rel=1e-3)
    spread = np.exp(gamma[1])
    assert spread == pytest.approx(sd if sd > 1 else sd**2)
    assert gamma[0] + digamma(1 / spread) == pytest.approx(3.0)


def test_moments_put_each_answer_in_the_middle_of_its_band():
    counts = np.array([[1.0, 2.0, 3.0, 1.0, 1.0], [0.0, 4.0, 0.0, 0.0, 0.0], [0.0] * 5])
    mean, sd = models._log_moments(LOW, REACH, counts)
    ends = [(0.2, 2), (2, 10), (10, 40), (40, 300), (300, 3000)]
    middle = np.log([np.sqrt(low * reach) for low, reach in ends])
    each = np.repeat(middle, [1, 2, 3, 1, 1])
    assert mean.tolist() == pytest.approx([each.mean(), middle[1], 0.0])
    assert sd.tolist() == pytest.approx([each.std(), np.sqrt(0.3), np.sqrt(0.3)])
    mean, _ = models._log_moments(np.array([0.0]), np.array([np.inf]), np.ones((1, 1)))
    assert mean[0] == pytest.approx(np.log(10) / 2)  # a decade from 1, where nothing else is known


@pytest.mark.parametrize("name", SCIPYS)
def test_no_neighbour_is_likelier_than_the_fit(name):
    counts = np.array([[3.0, 9, 14, 8, 2], [1.0, 1, 7, 9, 6]])
    found = fit(name, LOW, REACH, counts)
    assert found.settled.all()
    for row in range(2):

        def likelihood(first: float, second: float, row: int = row) -> float:
            known = SCIPYS[name](first, np.exp(second))
            return float(counts[row] @ np.log(known.cdf(REACH) - known.cdf(LOW)))

        here = found.theta[row]
        assert found.log_likelihood[row] == pytest.approx(likelihood(*here), rel=1e-11)
        assert found.aic[row] == pytest.approx(2 * 2 - 2 * likelihood(*here), rel=1e-11)
        step = 1e-5
        for move in ((step, 0), (0, step)):
            slope = likelihood(*(here + move)) - likelihood(*(here - np.array(move)))
            assert abs(slope) / (2 * step) < 2e-6


def test_a_fit_settles_inside_its_region_alone():
    pairs = [(59.9, 0.0), (60.0, 0.0), (-60.0, 0.0), (-59.9, 0.0), (70.0, 9.0), (-70.0, -9.0)]
    for sd in (0.25, 0.26, 11.9, 12.0):
        pairs.append((0.0, np.log(sd)))
    theta = np.array(pairs)
    within = [True, False, False, True, False, False, False, True, True, False]
    assert models._within(theta).tolist() == within
    nearest = models._inside(theta)
    assert nearest[4].tolist() == [60.0, np.log(12.0)]
    assert nearest[5].tolist() == [-60.0, np.log(0.25)]
    assert_allclose(nearest[:4], theta[:4])
    assert not fit("lognormal", LOW, REACH, np.zeros((1, 5))).settled[0]
    assert not fit("lognormal", LOW, REACH, np.array([0.0, 0, 9, 0, 0])).settled[0]
    assert fit("lognormal", LOW, REACH, np.array([1.0, 2, 9, 2, 1])).settled[0]


def hill(top, shape):
    """Return a parabola with its top there, as an objective of many points."""

    def height(rows, theta):
        away = theta - np.array(top)
        return -np.einsum("ri,ij,rj->r", away, np.array(shape), away) / 2

    return height


def test_a_step_leads_to_the_top_of_a_parabola():
    shape = [[3.0, 1.0], [1.0, 2.0]]
    height = hill((1.0, 0.5), shape)
    start = np.array([[0.3, 0.1], [1.0, 0.5]])
    rows = np.arange(2)
    step = models._newton_step(lambda theta: height(rows, theta), start, height(rows, start))
    assert_allclose(start + step, [[1.0, 0.5], [1.0, 0.5]], atol=1e-6)
    far = np.array([[20.0, -30.0]])
    step = models._newton_step(lambda theta: height(rows[:1], theta), far, height(rows[:1], far))
    assert step.tolist() == [[-2.0, 2.0]]  # no step is longer


@pytest.mark.parametrize(
    "shape", [[[-1.0, 0.0], [0.0, -2.0]], [[1.0, 3.0], [3.0, 1.0]], [[0.0, 0.0], [0.0, 1.0]]]
)
def test_where_there_is_no_top_a_step_goes_uphill(shape):
    height = hill((0.0, 0.0), shape)
    rows = np.arange(2)
    start = np.array([[0.2, 0.1], [3.0, 1.0]])
    step = models._newton_step(lambda theta: height(rows, theta), start, height(rows, start))
    slope = -start @ np.array(shape)
    length = np.linalg.norm(slope, axis=1, keepdims=True)
    assert_allclose(step, slope / np.maximum(length, 1.0), atol=1e-6)


def test_a_climb_ends_at_the_top_or_at_the_border():
    shape = [[3.0, 1.0], [1.0, 2.0]]
    found = models._climb(hill((9.0, 1.5), shape), np.array([[0.0, 0.0], [50.0, -1.0]]))
    assert_allclose(found, [[9.0, 1.5]] * 2, atol=1e-8)
    beyond = models._climb(hill((9.0, 5.0), [[3.0, 0.0], [0.0, 2.0]]), np.zeros((1, 2)))
    assert beyond[0].tolist() == pytest.approx([9.0, np.log(12.0)])
