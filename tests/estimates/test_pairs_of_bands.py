"""Two banded numbers at once: the bivariate normal, correlations, and ratios with their bounds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal, norm

from survey.errors import EstimateError
from survey.estimates import design, ratio
from survey.estimates.numbers import bivariate
from survey.estimates.numbers import ratio as own
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.bivariate import bivariate_below, correlation
from survey.estimates.numbers.filling import fill, fit_edges
from tests.estimates import band_builders as make

CORES, TEAM = "compute_cores", "team_size"
INF = np.inf


@pytest.mark.parametrize("rho", [-0.9, -0.4, 0.0, 0.3, 0.85])
def test_the_bivariate_normal_is_scipys(rho):
    known = multivariate_normal(cov=[[1, rho], [rho, 1]])
    for h, k in product((-2.0, -0.3, 0.0, 1.2), repeat=2):
        found = bivariate_below(np.array([h]), np.array([k]), np.array([rho]))[0]
        assert found == pytest.approx(known.cdf([h, k]), abs=2e-6)
        angle = np.linspace(0, np.arcsin(rho), 20_001)
        sine = np.sin(angle)
        density = np.exp(-(h**2 + k**2 - 2 * h * k * sine) / (2 * (1 - sine**2)))
        added = (
            np.trapezoid(density, angle) if hasattr(np, "trapezoid") else np.trapz(density, angle)
        )
        wanted = norm.cdf(h) * norm.cdf(k) + added / (2 * np.pi)
        assert found == pytest.approx(wanted, abs=1e-9)


def test_far_limits_are_infinite_ones():
    rho, far = np.array([0.6]), np.array([INF])
    for h in (-1.0, 0.5):
        at = np.array([h])
        assert bivariate_below(at, far, rho)[0] == pytest.approx(norm.cdf(h), abs=1e-12)
        assert bivariate_below(-far, at, rho)[0] == pytest.approx(0.0, abs=1e-12)
    assert bivariate_below(np.array([8.5]), np.array([8.2]), rho)[0] == pytest.approx(
        1.0, abs=1e-14
    )


X_EDGES = np.array([[-INF, -0.7], [-0.7, 0.4], [0.4, 1.5], [1.5, INF]])
Y_EDGES = np.array([[-INF, 0.1], [0.1, 0.9], [0.9, INF]])
TABLES = np.array(
    [
        [[9.0, 3, 1], [6, 8, 3], [1, 5, 9], [0, 2, 6]],
        [[1.0, 3, 9], [3, 8, 3], [7, 2, 1], [5, 1, 0]],
        [[2.0, 1, 3], [4, 1, 2], [1, 3, 2], [2, 2, 1]],
    ]
)


def likelihood(rho, table):
    known = multivariate_normal(cov=[[1, rho], [rho, 1]])
    xs, ys = np.append(X_EDGES[:, 0], 9.0), np.append(Y_EDGES[:, 0], 9.0)
    below = np.array([[known.cdf([max(x, -9), max(y, -9)]) for y in ys] for x in xs])
    inside = np.diff(np.diff(below, axis=0), axis=1)
    return float((table * np.log(np.maximum(inside, 1e-300))).sum())


@pytest.mark.parametrize("place", range(3))
def test_the_correlation_is_the_most_likely_one(place):
    edges = X_EDGES[None], Y_EDGES[None]
    found = correlation(TABLES[place : place + 1], *edges)[0]
    best = minimize_scalar(lambda rho: -likelihood(rho, TABLES[place]), bounds=(-0.98, 0.98))
    assert found == pytest.approx(best.x, abs=2e-4)
    corners = bivariate._Corners(*bivariate._shared(edges[0]), *bivariate._shared(edges[1]))
    here = bivariate._fit(TABLES[place : place + 1], corners, np.array([found]))[0]
    assert here == pytest.approx(likelihood(found, TABLES[place]), abs=1e-3)
    for step in (-1e-4, 1e-4):
        moved = bivariate._fit(TABLES[place : place + 1], corners, np.array([found + step]))
        assert moved[0] < here


def test_several_tables_have_the_correlations_that_each_has_alone():
    edges = [np.repeat(each[None], 3, axis=0) for each in (X_EDGES, Y_EDGES)]
    together = correlation(TABLES, *edges)
    alone = [correlation(TABLES[[row]], X_EDGES[None], Y_EDGES[None])[0] for row in range(3)]
    assert_allclose(together, alone, atol=1e-7)
    assert together[0] > 0.5
    assert together[1] < -0.5


def test_no_correlation_is_beyond_the_largest():
    halves = np.array([[[-INF, 0.0], [0.0, INF]]])
    for table, sign in (([[5.0, 0], [0, 5]], 1), ([[0.0, 5], [5, 0]], -1)):
        found = correlation(np.array([table]), halves, halves)[0]
        assert found == pytest.approx(sign * 0.98, abs=1e-6)
    third = correlation(np.array([[[2.0, 1], [1, 2]]]), halves, halves)[0]
    assert third == pytest.approx(np.sin(np.pi / 2 * (2 / 3 - 1 / 3)), abs=1e-7)


# ---------------------------------------------------------------- ratios


def clouds(*pairs, **same):
    """Return clouds by their bands of cores and of people, organizations of two clouds each."""
    return make.answers_of(
        [
            {
                CORES: make.label(CORES, cores),
                TEAM: make.label(TEAM, people),
                "organization": f"org {place // 2}",
                **same,
            }
            for place, (cores, people) in enumerate(pairs)
        ]
    )


CLOSED = ((1, 0), (2, 1), (3, 3), (3, 1), (4, 4), (2, 2), (1, 1), (0, 0))
OPEN = ((1, 0), (2, 5), (6, 3), (3, 1))


def edges_of(pair):
    """Return the smallest and the largest ratio of one cloud."""
    ends = []
    for concept, band in zip((CORES, TEAM), pair, strict=True):
        bands = list(make.codebook().question(concept, make.EDITION).bands.values())
        high = bands[band].high
        ends.append((bands[band].low, INF if high is None else high))
    (low, high), (least, most) = ends
    return low / most, high / least, low, high, least, most


@pytest.mark.parametrize("pairs", [CLOSED, OPEN, CLOSED[:3]])
def test_bounds_are_those_of_all_that_the_bands_allow(pairs):
    banded = ask_bands(design(clouds(*pairs)), (CORES, TEAM))
    low, high, cores_low, cores_high, people_low, people_high = map(
        np.array, zip(*map(edges_of, pairs), strict=True)
    )
    bounds = {of: [each[0] for each in own.bounds_of(banded, of)] for of in own.OF}
    assert bounds["mean"] == pytest.approx([low.mean(), high.mean()])
    total = [cores_low.sum() / people_high.sum(), cores_high.sum() / people_low.sum()]
    assert bounds["total"] == pytest.approx(total)
    half = len(pairs) / 2
    middle = np.sort(low)[int(np.ceil(half)) - 1], np.sort(high)[int(half)]
    assert bounds["median"] == pytest.approx(middle)


def test_a_ratio_of_edges_that_are_nothing_or_endless():
    above = np.array([0.0, 3.0, INF, INF, 0.0, 6.0])
    below = np.array([0.0, 0.0, INF, 2.0, INF, 4.0])
    assert own._quotient(above, below).tolist() == [0.0, INF, INF, INF, 0.0, 1.5]


@pytest.mark.parametrize("of", own.OF)
def test_the_value_is_that_of_a_bivariate_lognormal(of):
    banded = ask_bands(design(clouds(*CLOSED)), (CORES, TEAM))
    sums = own.joint_sums(banded)
    above, below = banded.bands
    shape = (len(above.cells), len(below.cells))
    table = np.zeros(shape)
    for cores, people in CLOSED:
        table[cores, people] += 1
    assert_allclose(sums.chosen.sum(axis=0).reshape(shape), table)
    fits = [
        fill("lognormal", each.cells, table.sum(axis=axis)[None], "model")
        for axis, each in ((1, above), (0, below))
    ]
    (m1, s1), (m2, s2) = ((f.fitted.theta[0, 0], np.exp(f.fitted.theta[0, 1])) for f in fits)
    edges = [
        (np.log(np.maximum(np.column_stack(fit_edges(each.cells)), 1e-300)) - m) / s
        for each, m, s in ((above, m1, s1), (below, m2, s2))
    ]
    edges = [np.where(each < -100, -INF, each)[None] for each in edges]
    rho = correlation(table[None], *edges)[0]
    totals = [(table.sum(axis=axis) * f.means[0]).sum() for axis, f in ((1, fits[0]), (0, fits[1]))]
    wanted = {
        "median": np.exp(m1 - m2),
        "mean": np.exp(m1 - m2 + (s1**2 + s2**2 - 2 * rho * s1 * s2) / 2),
        "total": totals[0] / totals[1],
    }[of]
    found = own.ratios_of(banded, np.vstack([table.ravel(), 2 * table.ravel()]), of)
    assert_allclose(found.values, [wanted, wanted], rtol=1e-5)
    assert found.correlation == pytest.approx(rho, abs=1e-5)
    assert found.settled


def test_where_bands_settle_nothing_it_is_the_ratio_of_sums():
    banded = ask_bands(design(clouds((2, 1), (2, 1))), (CORES, TEAM))
    for of in own.OF:
        found = own.ratios_of(banded, own.joint_sums(banded).chosen, of)
        assert found.values[0] == pytest.approx(900 / np.log(10) / (4 / np.log(3)), rel=1e-5)
        assert np.isnan(found.correlation)
        assert not found.settled


@pytest.mark.parametrize(
    ("many", "kinds", "because"),
    [
        (15, 2, ""),
        (15, 1, "bands do not determine the model"),
        (14, 2, "fewer than 30 units"),
    ],
)
def test_thirty_clouds_whose_bands_differ_are_enough(many, kinds, because):
    pairs = [CLOSED[place % (4 * kinds)] if kinds > 1 else (2, 1) for place in range(2 * many)]
    row = ratio(clouds(*pairs), CORES, TEAM, replicates=100).frame.iloc[0]
    assert (row["imprecise_because"], row["base"]) == (because, 2 * many)
    assert row["status"] == ("imprecise" if because else "ok")
    assert row["clusters"] == many
    assert not row["open_top"]
    assert row["lower_bound"] <= row["low"] <= row["value"] <= row["high"]


@pytest.mark.parametrize(
    ("noun", "one"), [("people", "person"), ("cores", "core"), ("TB", "TB"), ("", "")]
)
def test_a_title_counts_per_one(noun, one):
    assert own._singular(noun) == one


def test_arguments_are_checked_together():
    with pytest.raises(EstimateError) as caught:
        ratio(clouds(*CLOSED), CORES, TEAM, statistic="medain", replicates=99)
    assert str(caught.value).splitlines() == [
        "Cannot compute the ratio",
        "  - statistic: got 'medain'; expected one of median, mean, total. Hint: did you mean "
        "'median' or 'mean'?",
        "  - replicates: got 99; expected a whole number from 100 to 100,000.",
    ]
