"""Totals, means and shares of totals from few clouds, added up by hand; published figures."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import compare_families, design, distribution, mean, total
from survey.estimates.numbers import distribution as spread_of
from survey.estimates.numbers import known as figures_of
from survey.estimates.numbers.banded import ask_bands, used_cells
from survey.estimates.numbers.known import Figures, apply_known, named_figures
from survey.estimates.numbers.resample_pool import pooled, resamples
from survey.estimates.numbers.sum_rules import published_sums
from survey.estimates.numbers.total_rows import _inside, _over_models
from survey.estimates.precision.bootstrap import generator
from tests.estimates import band_builders as make

CORES, TEAM, PERCENT = "compute_cores", "team_size", "it_share_on_openstack"
INF, NAN = np.inf, np.nan


def clouds(*given, **same):
    """Return clouds of (organization, band of cores), of which public ones may be named."""
    return make.answers_of(
        [
            {"organization": name, CORES: make.label(CORES, band), "is_public": public, **same}
            for name, band, public in (
                each if len(each) == 3 else (*each, "Public") for each in given
            )
        ]
    )


def figure(name, cores, edition=make.EDITION, **more):
    return PublishedFigure(name, edition, cores, "a talk", **more)


# ---------------------------------------------------------------- published figures


OWN = (("A", 2), ("A", 4), ("A", None), ("B", 3), ("C", 6), ("C", 1))


def replaced(*figures, given=OWN, among=None):
    banded = ask_bands(design(clouds(*given)), (CORES,))
    return apply_known(banded.sample, banded.only, Figures(figures), among)


def edges(found):
    return [found.bands.edge(name).tolist() for name in ("low", "high", "reach")]


def test_a_figure_stands_on_the_largest_cloud_and_covers_the_others():
    found = replaced(figure("A", 70_000))
    low, high, reach = edges(found)
    assert low[:3] == [0, 70_000, 0]
    assert high[:3] == [0, 70_000, 0]
    assert reach[:3] == [1, 70_001, 1]
    assert low[3:] == [1000, 1_000_000, 10]
    assert found.replaced.tolist() == [False, True, False, False, False, False]
    assert found.covered.tolist() == [True, False, True, False, False, False]
    assert found.has_open


def test_the_first_of_clouds_that_told_nothing_has_the_figure():
    found = replaced(figure("A", 7), given=(("A", None), ("A", None), ("B", 3)))
    assert found.replaced.tolist() == [True, False, False]
    assert edges(found)[0] == [7, 0, 1000]


@pytest.mark.parametrize(
    ("name", "cores", "wanted"),
    [
        ("A", 50_000, (50_000, 999 + 99_999, 999 + 99_999 + 1)),
        ("A", 9, (10_100, 100_998, 100_999)),  # its clouds have more by themselves
        ("A", 100_998, (100_998, 100_998, 100_999)),
        ("A", 100_999, (100_999, INF, INF)),
        ("C", 2_000_000, (2_000_000, INF, INF)),
        ("D", 5, (5, INF, INF)),
    ],
)
def test_a_lower_bound_lies_between_the_edges_of_its_clouds(name, cores, wanted):
    given = (*OWN, ("D", None))
    found = replaced(figure(name, cores, at_least=True), given=given)
    (row,) = np.flatnonzero(found.replaced)
    assert tuple(each[row] for each in edges(found)) == wanted


def test_a_figure_replaces_rows_of_its_organization_and_edition_alone():
    nothing = replaced(figure("A", 7, "2022"), figure("Nobody", 9))
    assert not nothing.replaced.any()
    assert edges(nothing)[0][0] == 100
    also = replaced(figure("The B", 5, also=("b",)))
    assert also.replaced.tolist() == [False] * 3 + [True] + [False] * 2
    among = replaced(figure("A", 7), among=np.array([True, False, True, True, True, True]))
    assert among.replaced.tolist() == [True] + [False] * 5
    assert among.covered.tolist() == [False, False, True, False, False, False]
    nobody = replaced(figure("A", 7), among=np.array([False] * 3 + [True] * 3))
    assert not nobody.replaced.any()


def test_figures_count_cores_alone():
    banded = ask_bands(design(make.banded(TEAM, [1, 2])), (TEAM,))
    found = apply_known(banded.sample, banded.only, Figures((figure("org 0", 7),)))
    assert not found.replaced.any()
    with pytest.raises(EstimateError) as caught:
        total(make.banded(TEAM, [1, 2]), TEAM, published_figures=[figure("org 0", 7)])
    assert str(caught.value).splitlines() == [
        "Cannot add 'team_size' up",
        "  - published_figures: got known figures with 'team_size'; expected 'compute_cores', "
        "which is what they count.",
    ]


def test_what_is_no_figure_is_refused():
    assert Figures.of(None) == Figures()
    given = Figures((figure("A", 1),))
    assert Figures.of(given) is given
    assert Figures.of([figure("A", 1)]) == given
    assert repr(given) == "Figures(1 known)"
    for wrong in (7, ["A"], [figure("A", 1), "B"]):
        with pytest.raises(EstimateError, match="figures from read_footprints"):
            Figures.of(wrong)


def named(*given, by=None, **options):
    banded = ask_bands(design(clouds(*given), **options), (CORES,), by)
    return named_figures(banded, Figures((figure("A", 70_000), figure("C", 9))))


def test_figures_of_organizations_that_agreed_are_published():
    found = named(*OWN)
    assert found == {(): (70_009.0, (0, 1, 1, 0, 1, 0, 1))}  # of A 2 and 4, of C 6 and 1
    hidden = [(*each, "Confidential") for each in OWN]
    assert named(*hidden) == {}
    one = [("A", 2, "Confidential"), ("A", 4, "Public"), ("B", 3, "Public")]
    assert named(*one) == {(): (70_000.0, (0, 0, 1, 0, 1, 0, 0))}
    assert named(("A", None), ("B", 3)) == {(): (70_000.0, (0.0,) * 7)}


def test_a_figure_is_added_in_the_group_of_its_largest_cloud():
    rows = [
        {"organization": name, CORES: make.label(CORES, band), "is_public": "Public", **stage}
        for name, band, stage in (
            ("A", 4, {"deployment_stage": "Proof of Concept"}),
            ("A", 2, {"deployment_stage": "Production / Full Operational Use"}),
            ("B", 2, {"deployment_stage": "Production / Full Operational Use"}),
        )
    ]
    banded = ask_bands(design(make.answers_of(rows)), (CORES,), "deployment_stage")
    found = named_figures(banded, Figures((figure("A", 5000),)))
    assert found == {
        ("Proof of Concept",): (5000.0, (0, 0, 0, 0, 1, 0, 0)),
        ("Production / Full Operational Use",): (0.0, (0, 0, 1, 0, 0, 0, 0)),
    }
    unasked = make.banded(CORES, [2, 3])
    assert named_figures(ask_bands(design(unasked), (CORES,)), Figures((figure("org 0", 5),))) == {}


def test_organizations_go_by_their_names():
    codes, names = figures_of.named_organizations(ask_bands(design(clouds(*OWN)), (CORES,)).sample)
    assert codes.tolist() == [0, 0, 0, 1, 2, 2]
    assert names == [{"a"}, {"b"}, {"c"}]


# ---------------------------------------------------------------- totals


def even(low, reach):
    return (reach - low) / np.log(reach / low)


GIVEN = [("A", 1), ("A", 2), ("B", 2), ("C", 0), ("D", None), ("D", 3), ("E", 6), ("E", 6)]
MEANS = [even(1, 10), even(10, 100), even(100, 1000), even(1000, 10_000), 0, 0, 1e6]
BANDS = [band for _, band in GIVEN if band is not None]


def test_a_total_by_hand():
    row = total(clouds(*GIVEN), CORES, family="turnbull", replicates=100).frame.iloc[0]
    numbers = [MEANS[band] for band in BANDS]
    assert row["value"] == pytest.approx(sum(numbers), abs=1e-4)
    assert row["lower_bound"] == sum(10**band for band in BANDS)
    assert row["upper_closed"] == 99 + 999 + 999 + 9 + 9999
    assert np.isnan(row["upper_bound"])
    assert (row["open_top"], row["count"], row["asked"], row["clusters"]) == (2, 7, 8, 5)
    assert row["open_top_share"] == pytest.approx(2e6 / sum(numbers))
    assert row["largest_share"] == pytest.approx(1e6 / sum(numbers))
    assert row["known_count"] == 0
    assert (row["status"], row["imprecise_because"]) == ("imprecise", "fewer than 10 units")
    gross = total(clouds(*GIVEN), CORES, family="turnbull", gross_up=True, replicates=100)
    for name in ("value", "low", "high", "draw_low", "draw_high", "models_low", "models_high"):
        assert gross.frame[name].iloc[0] == pytest.approx(row[name] * 8 / 7), name
    assert gross.frame["lower_bound"].iloc[0] == row["lower_bound"]
    closed = total(clouds(*GIVEN[:6]), CORES, replicates=100).frame.iloc[0]
    assert closed["upper_bound"] == closed["upper_closed"] == 99 + 999 + 999 + 9 + 9999


def test_a_model_is_settled_where_the_answers_settle_it():
    """Also where a draw of other organizations holds one band alone, as the first of these does."""
    for bands, family in (((2, 2, 3), "average"), ((2, 2, 2), "log-uniform")):
        row = total(make.banded(CORES, bands), CORES, replicates=100).frame.iloc[0]
        assert row["family"] == family


def test_intervals_hold_the_value_and_stay_within_the_bounds():
    bounds = {"lower_bound": 5.0, "upper_bound": 50.0}
    for model, wanted in (
        ((10.0, 8.0, 20.0), (10, 8, 20)),
        ((10.0, 12.0, 20.0), (10, 10, 20)),
        ((10.0, 2.0, 9.0), (10, 5, 10)),
        ((3.0, 1.0, 60.0), (5, 5, 50)),
        ((70.0, 60.0, 80.0), (50, 50, 50)),
    ):
        given = dict(zip(("value", "low", "high"), model, strict=True))
        found = _inside(given, bounds)
        assert (found["value"], found["low"], found["high"]) == wanted
        endless = _inside(given, bounds | {"upper_bound": NAN})
        assert endless["high"] == max(model[2], model[0], 5)
        assert endless["value"] == max(model[0], 5)


def test_other_models_and_the_chosen_one():
    models = np.array([[1.0, 10.0], [2.0, 20.0]])
    found = _over_models(np.array([3.0, 1.0]), models, 14.0)
    assert found == {"models_low": 13.0, "models_high": 26.0}
    assert _over_models(np.array([3.0, 1.0]), models, 30.0)["models_high"] == 30
    assert _over_models(np.array([3.0, 1.0]), models, 5.0)["models_low"] == 5


@pytest.mark.parametrize(
    ("value", "low", "high", "base", "imprecise"),
    [
        (100.0, 10.0, 170.0, 10, False),
        (100.0, 10.0, 170.1, 10, True),
        (-100.0, -170.0, -10.0, 10, False),
        (100.0, 90.0, 110.0, 9, True),
    ],
)
def test_a_published_sum_is_judged_by_its_interval(value, low, high, base, imprecise):
    printed = {"value": value, "low": low, "high": high, "base": base}
    arrays = {name: np.array([float(number)]) for name, number in printed.items()}
    assert published_sums(arrays, np.array([9.0])).tolist() == [imprecise]
    sides = {"earlier": np.array([50.0]), "later": np.array([abs(value)])}
    assert published_sums(arrays | sides, np.array([9.0])).tolist() == [imprecise]
    swapped = {"earlier": sides["later"], "later": sides["earlier"]}
    assert published_sums(arrays | swapped, np.array([9.0])).tolist() == [imprecise]
    few = arrays | {"earlier_base": np.array([9.0])}
    assert published_sums(few, np.array([9.0])).tolist() == [True]


def test_an_organization_counts_with_the_mean_of_its_clouds():
    who = clouds(*GIVEN)
    row = total(who, CORES, family="turnbull", unit="organization", replicates=100).frame.iloc[0]
    means = {"A": (MEANS[1] + MEANS[2]) / 2, "B": MEANS[2], "C": MEANS[0], "D": MEANS[3], "E": 1e6}
    assert row["value"] == pytest.approx(sum(means.values()), abs=1e-4)
    assert row["lower_bound"] == (10 + 100) / 2 + 100 + 1 + 1000 + 1e6


@pytest.mark.parametrize("bands", [(2, 3, 3), (0, 0, 1)])
def test_a_mean_of_bands_is_the_total_per_cloud(bands):
    who = make.banded(CORES, bands)
    row = mean(who, CORES, replicates=200).frame.iloc[0]
    assert row["value"] == pytest.approx(total(who, CORES).frame["value"].iloc[0] / 3, rel=1e-6)
    low = [10**band for band in bands]
    assert row["lower_bound"] == pytest.approx(np.mean(low))
    assert row["upper_bound"] == pytest.approx(np.mean([10 * each - 1 for each in low]))
    assert row["low"] <= row["value"] <= row["high"]
    assert (row["count"], row["base"], row["clusters"]) == (3, 3, 3)


def test_a_mean_with_an_open_band_has_no_upper_bound():
    row = mean(make.banded(CORES, [2, 3, 6]), CORES, replicates=100).frame.iloc[0]
    assert np.isnan(row["upper_bound"])
    assert row["lower_bound"] == pytest.approx((100 + 1000 + 1e6) / 3)


@pytest.mark.parametrize("verb", [total, mean])
def test_percentages_and_few_replicates_are_refused(verb):
    with pytest.raises(EstimateError, match="numbers that can be added up"):
        verb(make.banded(PERCENT, [1, 2]), PERCENT)
    for many in (99, 100_001):
        with pytest.raises(EstimateError, match="expected a whole number from 100 to 100,000"):
            verb(make.banded(CORES, [1, 2]), CORES, replicates=many)
    verb(make.banded(CORES, [1, 2]), CORES, replicates=100)


# ---------------------------------------------------------------- shares of a total


def test_each_bands_bounds_take_all_others_the_other_way():
    counts = np.array([[2.0, 3.0, 0.0], [1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    low, high = np.array([1.0, 10.0, 100.0]), np.array([9.0, 99.0, INF])
    least, most = spread_of._bounds(counts, low, high)
    assert_allclose(least[0], [2 / (2 + 297), 30 / (30 + 18), 0])
    assert_allclose(most[0], [18 / (18 + 30), 297 / (297 + 2), 0])
    assert_allclose(least[1], [0, 0, 200 / 209])
    assert_allclose(most[1], [9 / 209, 0, 1])
    assert_allclose((least[2], most[2]), 0)
    alone, all_of = spread_of._bounds(np.array([[0.0, 0, 2]]), low, high)
    assert (alone[0, 2], all_of[0, 2]) == (1.0, 1.0)
    two_open = spread_of._bounds(np.array([[1.0, 1.0]]), np.array([5.0, 7]), np.array([INF, INF]))
    assert two_open[0].tolist() == [[0, 0]]
    assert two_open[1].tolist() == [[1, 1]]


def test_shares_of_a_total_by_hand():
    frame = distribution(clouds(*GIVEN), CORES, family="turnbull").frame
    counts = np.bincount(BANDS, minlength=7)
    parts = counts * MEANS / (counts @ MEANS)
    assert_allclose(frame["share_of_total"], parts, rtol=1e-7)
    assert_allclose(frame["value"], counts / 7)
    assert frame["count"].tolist() == counts.tolist()
    assert np.isnan(frame["band_high"].iloc[-1])


# ---------------------------------------------------------------- families and resamples


def test_a_fit_is_tested_against_the_shares_of_the_bands():
    from scipy.stats import chi2

    bands = [0] * 9 + [1] * 14 + [2] * 25 + [3] * 26 + [4] * 12 + [5] * 8 + [6] * 2
    frame = compare_families(make.banded(CORES, bands), CORES, replicates=100).frame
    row = frame.set_index("answer").loc["lognormal"]
    counts = np.bincount(bands)
    best = counts @ np.log(counts / counts.sum())
    fitted = -(row["aic"] - 4) / 2
    assert row["fit_p"] == pytest.approx(chi2.sf(2 * (best - fitted), 7 - 3), rel=1e-6)
    assert frame["aic_above_best"].min() == 0
    assert frame["aic_above_best"].notna().sum() == 3
    none = compare_families(make.banded(CORES, [3, 3]), CORES, replicates=100).frame
    assert none[["aic", "fit_p", "location"]].isna().all(axis=None)


def test_resamples_scale_what_is_drawn_up():
    pool = pooled(ask_bands(design(clouds(*GIVEN)), (CORES,)))
    assert pool.size == 5
    assert pool.counts.tolist() == [np.bincount(BANDS, minlength=7).tolist()]
    found = resamples(pool, 300, generator())
    assert found.weight.shape == (301, 5)
    assert_allclose(found.weight.sum(axis=1), 5)
    assert set(np.round(found.weight[1:] / (5 / 4), 9).ravel()) <= {0, 1, 2, 3, 4}
    pair = pooled(ask_bands(design(clouds(("A", 1), ("B", 2))), (CORES,)))
    two = resamples(pair, 50, generator()).counts[1:, 1:3]
    assert {tuple(each) for each in two.tolist()} == {(2.0, 0.0), (0.0, 2.0)}
    single = pooled(ask_bands(design(clouds(("A", 1), ("A", 2))), (CORES,)))
    alone = resamples(single, 3, generator())
    assert alone.counts.tolist() == [[0, 1, 1, 0, 0, 0, 0]] * 4
    nobody = pooled(ask_bands(design(clouds(("A", None))), (CORES,)))
    assert resamples(nobody, 3, generator()).counts.tolist() == [[0] * 7] * 4


def test_only_bands_that_overlap_are_forgotten_where_nobody_chose_them():
    plain = ask_bands(design(clouds(*GIVEN)), (CORES,)).only
    assert used_cells(plain) is plain
    rows = [
        {"edition": edition, CORES: make.label(CORES, band, edition)}
        for edition, band in (("2014", 0), ("2023", 3), ("2023", None), ("2014", 0))
    ]
    both = ask_bands(design(make.answers_of(rows)), (CORES,)).only
    kept = used_cells(both)
    assert kept.cells.labels == (rows[0][CORES], rows[1][CORES])
    assert kept.code.tolist() == [0, 1, -1, 0]
    empty = [{**row, CORES: None} for row in rows]
    nobody = used_cells(ask_bands(design(make.answers_of(empty)), (CORES,)).only)
    assert len(nobody.cells) == 1
    assert nobody.code.tolist() == [-1] * 4
