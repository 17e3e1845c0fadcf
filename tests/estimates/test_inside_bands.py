"""What lies inside bands: means and draws against integrals, simulation and small cases by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from survey.errors import EstimateError
from survey.estimates.numbers import filling as own
from survey.estimates.numbers.filling import fill, fit_edges
from survey.estimates.numbers.models import FAMILIES, fit
from survey.estimates.precision.bootstrap import generator
from survey.estimates.tabulation.banded_answers import Cells

INF = np.inf
NEAR = 2.0**-21  # means are rounded to a millionth
DECADE = np.log(10.0)


def cells(*bands):
    """Return bands of (low, high, reach)."""
    low, high, reach = (np.array(each, dtype=float) for each in zip(*bands, strict=True))
    return Cells(low, high, reach, tuple(f"{one:g}" for one in low))


CORES = cells((1, 9, 10), (10, 99, 100), (100, 999, 1000), (1000, INF, INF))
TEAM = cells((0, 0, 1), (1, 1, 2), (2, 5, 6), (6, 10, 11), (11, INF, INF))
CROSSED = cells((1, 9, 10), (1, 99, 100), (10, 49, 50), (50, INF, INF))
COUNTS = np.array([[6.0, 17, 28, 9], [2.0, 5, 9, 0], [0.0, 12, 0, 0]])


def even_mean(low, reach):
    return quad(lambda x: x / (x * np.log(reach / low)), low, reach)[0]


@pytest.mark.parametrize(
    ("low", "reach", "mean"),
    [(1, 10, 9 / DECADE), (5, 50, even_mean(5, 50)), (0, 8, 4.0), (7, INF, 7.0), (0, INF, 0.0)],
)
def test_numbers_spread_evenly_on_a_logarithm_have_this_mean(low, reach, mean):
    found = own._log_means(np.array([float(low)]), np.array([float(reach)]))
    assert found[0] == pytest.approx(mean)


def test_draws_are_spread_evenly_on_a_logarithm():
    share = np.array([0.0, 0.5, 1.0])
    for low, reach, wanted in (
        (1.0, 100.0, [1, 10, 100]),
        (0.0, 8.0, [0, 4, 8]),
        (7.0, INF, [7, 7, 7]),
    ):
        found = own._log_values(share, np.full(3, low), np.full(3, reach))
        assert found.tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("alpha", [0.0, 1e-9, 0.3, 1.0, 1.0 + 1e-9, 2.5, 5.0])
def test_a_power_law_that_is_cut_has_the_mean_of_its_density(alpha):
    whole = quad(lambda x: x ** -(alpha + 1), 1, 10)[0]
    mean = quad(lambda x: x**-alpha, 1, 10)[0] / whole
    assert own._cut_pareto_mean(np.array([alpha]))[0] == pytest.approx(mean, rel=1e-7)
    for share in (0.0, 0.3, 0.9, 1.0):
        drawn = own._cut_pareto_draw(np.array([share]), np.array([alpha]))[0]
        below = quad(lambda x: x ** -(alpha + 1), 1, drawn)[0] / whole
        assert below == pytest.approx(share, abs=1e-7)


@pytest.mark.parametrize(
    ("bands", "counts", "alpha"),
    [
        (CORES, [9.0, 9, 20, 5], np.log(25 / 5) / np.log(10)),
        (CORES, [9.0, 9, 0, 5], 0.0),
        (CORES, [9.0, 9, 20, 0], 1 / np.log(10)),  # nobody in it: as if e times as many were near
        (CORES, [0.0, 0, 900_000, 1], 5.0),
        (TEAM, [1.0, 1, 1, 3, 3], np.log(2) / np.log(11 / 6)),
        (CROSSED, [1.0, 1, 8, 4], np.log(12 / 4) / np.log(50 / 10)),
        (cells((0, 0, 1), (1, INF, INF)), [4.0, 4], 0.0),  # no power law begins at 0
        (cells((1, INF, INF)), [4.0], 0.0),
        (cells((1, 1, 2), (2, INF, INF)), [4.0, 4], 1.0),
    ],
)
def test_the_tail_goes_through_the_two_highest_bands(bands, counts, alpha):
    found = own._tail_slope(bands, np.array([counts]))
    assert found.shape == (1, 1)
    assert found[0, 0] == pytest.approx(alpha, rel=1e-12)


def test_a_likelihood_begins_at_nothing_and_widens_single_numbers():
    low, reach = fit_edges(cells((1, 9, 10), (10, 99, 100), (500, 500, 501), (1000, INF, INF)))
    assert_allclose(low, [0, 10, 500 / 1.1, 1000])
    assert_allclose(reach, [10, 100, 501 * 1.1, INF])
    low, reach = fit_edges(cells((0, 0, 1), (1, 1, 2), (5, 5, 6), (10, 11, 12), (20, INF, INF)))
    assert_allclose(low, [0, 1, 5, 10, 20])
    assert_allclose(reach, [1, 2, 6, 12, INF])  # 12 is 1.2 times 10
    assert fit_edges(cells((2, 9, 10), (10, INF, INF)))[0].tolist() == [2, 10]
    assert own._fitted_cells(TEAM).tolist() == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_fills_cells_with_its_own_means(name):
    found = fill(name, CORES, COUNTS[:1], "model")
    fitted = fit(name, *fit_edges(CORES), COUNTS[:1])
    means = fitted.family.means(*fit_edges(CORES), fitted.theta)[0]
    wanted = np.clip(means, CORES.low, [9, 99, 999, 1_000_000])
    assert found.settled.tolist() == [True]
    assert_allclose(found.means[0], wanted, atol=NEAR)
    assert (found.means * 2**20 % 1 == 0).all()


def test_no_open_band_has_a_mean_of_more_than_a_thousand_times_its_edge():
    found = fill("lognormal", CORES, np.array([[10.0, 4, 3, 8]]), "model")
    assert found.settled[0]
    assert found.means[0, 3] == 1_000_000


def test_what_no_family_settles_is_even():
    found = fill("lognormal", CORES, COUNTS[2:], "model")
    assert found.settled.tolist() == [False]
    wanted = [9 / DECADE, 90 / DECADE, 900 / DECADE, 1000]
    assert_allclose(found.means[0], wanted, atol=NEAR)
    drawn = found.values(np.full(4, 0.5), np.zeros(4, int), np.arange(4))
    assert_allclose(drawn, [10**0.5, 10**1.5, 10**2.5, 1000])
    highest = found.values(np.ones(4), np.zeros(4, int), np.arange(4))
    assert_allclose(highest, [9, 99, 999, 1000])


def test_single_numbers_are_what_they_are():
    for name in ("lognormal", "turnbull", "average"):
        found = fill(name, TEAM, np.array([[3.0, 5, 9, 4, 2]]))
        assert found.means[0, :2].tolist() == [0, 1]
        drawn = found.values(np.full(2, 0.7), np.zeros(2, int), np.arange(2))
        assert drawn.tolist() == [0, 1]
        assert 2 < found.means[0, 2] < 5


def test_draws_of_a_family_stay_in_their_cells():
    found = fill("weibull", CORES, COUNTS[:1], "model")
    for share in (1e-12, 0.5, 1 - 1e-12):
        drawn = found.values(np.full(4, share), np.zeros(4, int), np.arange(4))
        assert (drawn >= CORES.low).all()
        assert (drawn <= [9, 99, 999, 1e7]).all()
    low, high = (found.values(np.array([share]), np.array([0]), np.array([1])) for share in (1, 0))
    assert (low[0], high[0]) == pytest.approx((10.0, 99.0))
    assert found.values(np.array([0.0]), np.array([0]), np.array([3]))[0] == 1e7  # ten times most


@pytest.mark.parametrize(
    ("top", "mean"),
    [("lower edge", 1000.0), (5000.0, 5000.0), (400, 1000.0), ("pareto", None), ("model", None)],
)
@pytest.mark.parametrize("name", ["lognormal", "average", "turnbull"])
def test_the_open_band_holds_what_its_rule_says(name, top, mean):
    found = fill(name, CORES, COUNTS[:2], top)
    slope = np.clip(np.log([37 / 9, np.e]) / DECADE, 0, 5)
    pareto = 1000 * own._cut_pareto_mean(slope)
    if top == "pareto":
        assert_allclose(found.means[:, 3], pareto, atol=NEAR)
        drawn = found.values(np.array([0.4, 0.4]), np.array([0, 1]), np.array([3, 3]))
        assert_allclose(drawn, 1000 * own._cut_pareto_draw(np.array([0.4, 0.4]), slope))
    elif mean is not None:
        assert_allclose(found.means[:, 3], mean, atol=NEAR)
        assert found.values(np.array([0.4]), np.array([1]), np.array([3]))[0] == mean
    elif name == "turnbull":
        assert found.means[:, 3].tolist() == [1000, 1000]
    closed = fill(name, CORES, COUNTS[:2], "model").means[:, :3]
    assert_allclose(found.means[:, :3], closed)


def test_the_usual_rule_of_each_model():
    for name, same in (("lognormal", "pareto"), ("turnbull", "lower edge"), ("pareto", "model")):
        assert_allclose(fill(name, CORES, COUNTS).means, fill(name, CORES, COUNTS, same).means)
    usual, pareto = (fill("pareto", CORES, COUNTS, top).means for top in (None, "pareto"))
    assert_allclose(usual, pareto)
    assert fill("turnbull", CORES, COUNTS, "pareto").means[0, 3] > 1000


def test_the_average_weighs_families_by_their_evidence():
    families = [fill(name, CORES, COUNTS[:1], "model") for name in ("lognormal", "weibull")]
    aic = np.array([each.fitted.aic[0] for each in families])
    weight = np.exp(-aic / 2 + aic.min() / 2)
    weight /= weight.sum()
    wanted = weight[0] * families[0].means[0] + weight[1] * families[1].means[0]
    assert_allclose(fill("average", CORES, COUNTS[:1], "model").means[0], wanted, rtol=1e-6)


def test_in_the_average_the_weibull_family_keeps_a_lighter_tail():
    light = np.array([[20.0, 30, 12, 1]])
    lognormal, weibull = (fill(name, CORES, light, "pareto") for name in ("lognormal", "weibull"))
    own_tail = fill("weibull", CORES, light, "model").means[0, 3]
    assert own_tail < weibull.means[0, 3]
    aic = np.array([lognormal.fitted.aic[0], weibull.fitted.aic[0]])
    part = 1 / (1 + np.exp((aic[1] - aic[0]) / 2))  # of the Weibull family
    wanted = part * own_tail + (1 - part) * lognormal.means[0, 3]
    assert fill("average", CORES, light).means[0, 3] == pytest.approx(wanted, rel=1e-6)
    kept = own._in_average(own._family("weibull", CORES, light), CORES, light)
    drawn = kept.values(np.array([0.3]), np.array([0]), np.array([3]))
    assert drawn[0] == fill("weibull", CORES, light, "model").values(
        np.array([0.3]), np.array([0]), np.array([3])
    )
    heavy = np.array([[1.0, 1, 3, 40]])
    assert fill("weibull", CORES, heavy, "model").means[0, 3] > 4000
    kept = own._in_average(own._family("weibull", CORES, heavy), CORES, heavy)
    assert kept.means[0, 3] == pytest.approx(fill("weibull", CORES, heavy).means[0, 3], abs=NEAR)


def test_replicates_of_the_average_are_drawn_from_one_family_each():
    many = np.repeat(COUNTS[:1], 400, axis=0)
    average = fill("average", CORES, many, "model")
    rows, places = np.arange(400), np.full(400, 2)
    drawn = average.values(np.full(400, 0.5), rows, places)
    each = [
        fill(name, CORES, many[:1], "model").values(np.array([0.5]), np.array([0]), np.array([2]))
        for name in ("lognormal", "weibull")
    ]
    aic = [fill(name, CORES, many[:1]).fitted.aic[0] for name in ("lognormal", "weibull")]
    part = 1 / (1 + np.exp((aic[0] - aic[1]) / 2))  # of the lognormal family
    first = np.isclose(drawn, each[0][0])
    assert (first | np.isclose(drawn, each[1][0])).all()
    places = (np.arange(400) + 0.5) * (5**0.5 - 1) / 2 % 1
    assert (first == (places < part)).all()
    assert first.mean() == pytest.approx(part, abs=0.01)


def test_bands_that_overlap_are_filled_as_turnbull_spreads_them():
    counts = np.array([[4.0, 6, 3, 2]])
    found = fill("turnbull", CROSSED, counts)
    means = np.array([even_mean(1, 10), even_mean(10, 50), even_mean(50, 100)])
    wide = np.array([4, 3, 2]) / 9 @ means  # those below 100 are spread as all others are
    assert_allclose(found.means[0], [means[0], wide, means[1], 50], atol=1e-5)
    model = own._pooled_means(CROSSED, counts)
    assert model[0, 3] == pytest.approx(means[2])
    alone = fill("turnbull", CROSSED, np.array([[4.0, 0, 3, 2]]))
    wide = np.array([4, 3]) / 7 @ means[:2]
    assert_allclose(alone.means[0], [means[0], wide, means[1], 50], atol=1e-5)
    nobody = own._pooled_means(CROSSED, np.array([[0.0, 0, 3, 2]]))
    assert_allclose(nobody[0], [means[0], means[1], means[1], 50])


def test_totals_are_drawn_number_by_number():
    found = fill("lognormal", CORES, COUNTS[:1], "model")
    counts = np.array([[3.0, 1, 0, 0]])
    random = generator()
    drawn = found.drawn_totals(counts, generator())[0]
    uniform = random.random((1, 4, 32))
    places = np.zeros(3, int)
    three = found.values(uniform[0, 0, :3], places, places)
    one = found.values(uniform[0, 1, :1], places[:1], places[:1] + 1)
    assert drawn == pytest.approx(three.sum() + one.sum())
    part = found.drawn_totals(np.array([[2.5, 0, 0, 0]]), generator())[0]
    assert part == pytest.approx(2.5 * three.mean())
    more = found.drawn_totals(np.array([[128.0, 0, 0, 0]]), generator())[0]
    zeros = np.zeros(32, int)
    mean = found.values(uniform[0, 0], zeros, zeros).mean()
    narrower = np.sqrt(32 / 128)
    wanted = narrower * mean + (1 - narrower) * found.means[0, 0]
    assert more == pytest.approx(128 * wanted)
    assert found.drawn_totals(np.zeros((1, 4)), generator())[0] == 0


def test_random_numbers_are_passed_over():
    first, second = generator(), generator()
    found = fill("turnbull", CORES, COUNTS[:1])
    found.drawn_totals(COUNTS, first)
    found.pass_over(COUNTS.size, second)
    assert first.random() == second.random()


@pytest.mark.parametrize(
    ("name", "top", "said"),
    [
        ("normal", None, "family: got 'normal'; expected one of lognormal, weibull, gamma"),
        ("gamma", "paretto", "Hint: did you mean 'pareto'?"),
        ("gamma", "edge", "expected one of model, lower edge, pareto, or the mean of the open"),
        ("gamma", 0, "open_band: got 0; expected a number above 0."),
        ("gamma", -1.5, "open_band: got -1.5; expected a number above 0."),
    ],
)
def test_a_model_or_rule_that_is_none_is_refused(name, top, said):
    with pytest.raises(EstimateError) as caught:
        fill(name, CORES, COUNTS, top)
    assert str(caught.value).startswith("Cannot model what lies inside the bands\n")
    assert said in str(caught.value)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(EstimateError) as caught:
        fill("normal", CORES, COUNTS, "edge")
    assert len(caught.value.problems) == 2
