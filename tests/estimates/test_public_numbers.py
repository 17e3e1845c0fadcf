"""Public numbers from counts, worked by hand: scores, quantiles, totals, shares with bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.estimates import (
    compare,
    distribution,
    median,
    nps,
    ratio,
    share,
    share_where,
    tabulate_again,
    total,
)
from survey.estimates.examples import answers
from survey.estimates.numbers import total_of_counts
from survey.estimates.precision.bootstrap import generator
from survey.estimates.precision.intervals import Limits, difference, wilson
from survey.estimates.statistic import Noise
from tests.estimates import builders as make

CORES, STAGE = "compute_cores", "deployment_stage"
EXACT = Noise(0.0, 1.0)
MISSING = (np.nan, np.nan)


def counted(table, rows):
    """Return the tabulation of a table with other counts, of answers that divide their base."""
    (cells,) = tabulate_again(table)
    count = np.array(rows, dtype=np.int64)
    base = np.broadcast_to(count.sum(axis=1, keepdims=True), count.shape)
    return cells.with_counts(count, base)


def test_a_score_is_promoters_less_detractors_in_per_cent():
    table = nps(answers())
    cells = counted(table, [[50, 30, 20]])
    point = table.statistic.point(cells, table.arguments)
    assert point.value.tolist() == [[pytest.approx(30.0)]]
    assert point.columns["passives"].tolist() == [[30]]


def test_the_noise_of_a_score_is_what_simulation_finds():
    table = nps(answers())
    cells = counted(table, [[500, 300, 200]])
    random = np.random.default_rng(5)
    drawn = np.array([500, 300, 200]) + random.integers(-3, 4, (40_000, 3))
    scores = 100 * (drawn[:, 0] - drawn[:, 2]) / drawn.sum(axis=1)
    limits = table.statistic.public.limits(cells, table.arguments, Noise(4.0, 1e-9))
    half = (limits.high - limits.low)[0, 0] / 2
    assert half == pytest.approx(1.96 * scores.std(), rel=0.05)


def test_a_score_without_noise_has_the_interval_of_a_random_sample():
    table = nps(answers())
    limits = table.statistic.public.limits(counted(table, [[50, 30, 20]]), table.arguments, EXACT)
    p, d, n = 0.5, 0.2, 100
    variances = p * (1 - p) / n, d * (1 - d) / n
    correlation = -p * d / n / np.sqrt(variances[0] * variances[1])
    low, high = difference(d, wilson(d, n), p, wilson(p, n), correlation)
    assert limits.low[0, 0] == pytest.approx(100 * float(low))
    assert limits.high[0, 0] == pytest.approx(100 * float(high))


def test_a_median_lies_in_the_band_that_counts_say():
    table = median(answers(), CORES)
    point = table.statistic.point(counted(table, [[10, 60, 30]]), table.arguments)
    assert point.columns["band"].tolist() == [["100 to 999 cores"]]
    assert point.columns["lower_bound"][0, 0] == 100
    assert point.columns["upper_bound"][0, 0] == 999
    assert not point.columns["open_top"][0, 0]
    assert 100 < point.value[0, 0] < 999


def test_the_limits_of_a_median_invert_those_of_the_share_below():
    table = replace(median(answers(), CORES, interpolation="log"), name="")
    cells = counted(table, [[50, 30, 20]])
    low, high = table.statistic.public.limits(cells, table.arguments, EXACT)
    below = wilson(0.5, 100)  # of numbers below 100 cores
    upper = wilson(0.8, 100)
    part = 0.5 / float(below.high)  # of the first band, from 1 to 100 on the log scale
    assert low[0, 0] == pytest.approx(100**part)
    start = float(below.low)
    reached = (0.5 - start) / (float(upper.low) - start)
    assert high[0, 0] == pytest.approx(100 * 10**reached)


def test_more_noise_and_a_larger_design_effect_make_intervals_longer():
    for verb in (median, total):
        table = verb(answers(), CORES)
        cells = counted(table, [[40, 70, 20]])
        widths = []
        for noise in (EXACT, Noise(30.0, 1.0), Noise(30.0, 4.0)):
            low, high = table.statistic.public.limits(cells, table.arguments, noise)
            widths.append(float((high - low)[0, 0]))
        assert widths == sorted(widths)
        assert widths[0] < widths[1] < widths[2]


def test_a_total_adds_the_expected_numbers_of_its_bands():
    table = total(answers(), CORES, family="turnbull", open_band="lower edge", replicates=100)
    point = table.statistic.point(counted(table, [[10, 20, 5]]), table.arguments)
    first, second = 99 / np.log(100), 900 / np.log(10)  # even on the log scale; 1,000 when open
    assert point.value[0, 0] == pytest.approx(10 * first + 20 * second + 5 * 1000)
    assert point.columns["lower_bound"][0, 0] == 10 + 20 * 100 + 5 * 1000
    assert np.isnan(point.columns["upper_bound"][0, 0])
    closed = table.statistic.point(counted(table, [[10, 20, 0]]), table.arguments)
    assert closed.columns["upper_bound"][0, 0] == 10 * 99 + 20 * 999


def test_published_numbers_are_added_under_every_model():
    table = total(answers(), CORES, replicates=100)
    cells = counted(table, [[10, 20, 5]])
    columns = ("value", "lower_bound", "models_low", "models_high")
    small, large = (
        table.statistic.point(
            replace(cells, figures={cells.groups[0]: (cores, (0.0, 0.0, 1.0))}), table.arguments
        ).columns
        for cores in (50_000.0, 90_000.0)
    )
    for name in columns:
        assert large[name][0, 0] - small[name][0, 0] == pytest.approx(40_000), name
    assert small["models_low"] < small["value"] < small["models_high"]


def test_groups_without_a_whole_are_fitted_to_their_sum():
    table = total(answers(), CORES, STAGE, replicates=100)
    cells = counted(table, [[10, 20, 5], [5, 10, 15], [30, 5, 5]])
    alone = total(answers(), CORES, replicates=100)
    whole = counted(alone, [[45, 35, 25]])
    parts = table.statistic.point(cells, table.arguments).value
    assert parts.sum() == pytest.approx(alone.statistic.point(whole, alone.arguments).value[0, 0])


def test_a_share_with_bounds_counts_what_is_certain_and_what_is_possible():
    table = share_where(answers(), among_at_least={CORES: 50}, at_most={CORES: 500})
    (cells,) = tabulate_again(table)
    point = table.statistic.point(cells, table.arguments)
    first, second, third = 18, 17, 15  # answers in the three bands, see the examples
    assert cells.base[0, 0] == first + second + third
    assert point.columns["base"][0, 0] == first + second + third
    assert point.columns["count"][0, 0] == 0
    assert point.columns["lower_bound"][0, 0] == 0
    assert point.columns["upper_bound"][0, 0] == pytest.approx((first + second) / 50)
    assert point.columns["undecided"][0, 0] == first + second


def test_a_change_is_the_difference_of_both_editions():
    table = compare(answers(), STAGE, "2018", "2019")
    cells = counted(table, [[60, 30, 10], [40, 50, 10]])
    point = table.statistic.point(cells, table.arguments)
    np.testing.assert_allclose(point.value, [[-0.2, 0.2, 0.0]], atol=1e-12)
    assert point.columns["earlier_count"].tolist() == [[60, 30, 10]]
    assert point.columns["count"].tolist() == [[40, 50, 10]]
    limits = table.statistic.public.limits(cells, table.arguments, EXACT)
    expected = difference(0.6, wilson(0.6, 100), 0.4, wilson(0.4, 100))
    assert limits.low[0, 0] == pytest.approx(float(expected.low))
    assert limits.high[0, 0] == pytest.approx(float(expected.high))
    verdicts = table.statistic.public.further(point, limits, table.arguments, EXACT)["verdict"]
    assert verdicts.tolist() == [["clear change", "clear change", "could be noise"]]


def test_an_interval_that_ends_at_zero_is_no_clear_change():
    table = compare(answers(), STAGE, "2018", "2019")
    point = table.statistic.point(counted(table, [[60, 30, 10], [40, 50, 10]]), table.arguments)
    ends = ((0.0, 0.2), (-0.2, 0.0), (1e-6, 0.2), (-0.2, -1e-6), (-0.1, 0.1), (-0.3, -0.1))
    clear, noise = "clear change", "could be noise"
    for (low, high), word in zip(ends, (noise, noise, clear, clear, noise, clear), strict=True):
        limits = Limits(np.array([[low, *MISSING]]), np.array([[high, *MISSING]]))
        found = table.statistic.public.further(point, limits, table.arguments, EXACT)["verdict"]
        assert found.tolist()[0][0] == word, "nothing else is compared"


def test_a_verdict_allows_for_all_comparisons_that_are_printed():
    """Of twenty intervals that test nothing one leaves out 0: that alone is no clear change."""
    table = compare(answers(), STAGE, "2018", "2019")
    point = table.statistic.point(counted(table, [[60, 30, 10], [40, 50, 10]]), table.arguments)

    def words(*ends: tuple[float, float]) -> list[str]:
        limits = Limits(*(np.array([side]) for side in zip(*ends, strict=True)))
        further = table.statistic.public.further(point, limits, table.arguments, EXACT)
        return further["verdict"].tolist()[0]

    noise, clear, nothing = (0.005, 0.135), (0.1, 0.3), (-0.1, 0.1)
    assert words(noise, nothing, nothing) == ["could be noise"] * 3
    assert words(noise, MISSING, MISSING)[0] == "clear change", "nothing else is compared"
    assert words(clear, nothing, nothing)[0] == "clear change"
    assert words(clear, noise, MISSING)[:2] == ["clear change"] * 2


@pytest.mark.parametrize("rows", [[[6, 3, 1], [0, 0, 0]], [[0, 0, 0], [6, 3, 1]]])
def test_a_change_from_or_to_nobody_is_empty(rows):
    table = compare(answers(), STAGE, "2018", "2019")
    point = table.statistic.point(counted(table, rows), table.arguments)
    assert set(point.columns["status"].ravel()) == {"empty"}
    assert np.isnan(point.value).all()


def test_a_change_of_what_one_edition_did_not_offer_says_so():
    table = compare(answers(), "deployment_tools", "2018", "2019")
    (cells,) = tabulate_again(table)
    point = table.statistic.point(cells, table.arguments)
    status = dict(zip(point.answers, point.columns["status"][0], strict=True))
    assert status == {"Ansible": "ok", "Puppet": "ok", "Kolla": "ok", "Juju": "not offered"}


def test_shares_of_perturbed_counts_keep_the_mean_weight_of_their_group():
    (cells,) = tabulate_again(share(answers(), STAGE))
    weighted = replace(cells, weighted_base=2.0 * cells.base, weighted_count=cells.count * 3.0)
    other = weighted.with_counts(cells.count + 1, cells.base + 3)
    np.testing.assert_allclose(other.weighted_count, 2.0 * (cells.count + 1))
    np.testing.assert_allclose(other.weighted_base, 2.0 * (cells.base + 3))
    assert not other.count_keys.any()


def test_a_base_of_nothing_is_empty_and_what_was_not_offered_stays_so():
    (cells,) = tabulate_again(share(answers(), "deployment_tools", "edition"))
    gone = cells.with_counts(np.zeros_like(cells.count), np.zeros_like(cells.base))
    assert set(gone.presence[gone.presence != "not offered"]) == {"empty"}
    assert (gone.presence == "not offered").sum() == (cells.presence == "not offered").sum() > 0


# ---------------------------------------------------------------- when there is too little


def alike(organizations: int, clouds: int):
    """Return answers of organizations that answer nearly alike, with clouds of every kind."""
    rows = [
        {
            "edition": "2019",
            "organization": f"o{number}",
            "respondent": f"r{number}-{cloud}",
            "score": make.SCORES[(cloud * 3 + (number % 2) * (cloud == 2)) % 11],
            "stage": make.STAGES[int(cloud % 6 > 2 + (number % 2) * (cloud < 6))],
            "size": make.SIZES[(cloud + (number % 2) * (cloud < 2)) % 3],
        }
        for number in range(organizations)
        for cloud in range(clouds)
    ]
    return make.build(rows, make.book(("2019",)))


STATISTICS = {
    "share": lambda who: share(who, "stage", items=["Production"]),
    "nps": lambda who: nps(who, concept="score"),
    "median": lambda who: median(who, "size"),
    "distribution": lambda who: distribution(who, "size"),
    "ratio": lambda who: ratio(who, "size", "size", replicates=100),
    "share of": lambda who: share_where(who, at_most={"size": 9}),
}


@pytest.mark.parametrize("name", STATISTICS)
def test_eight_degrees_of_freedom_are_enough(name):
    rules = [
        STATISTICS[name](alike(number, 24)).frame["imprecise_because"].iloc[0] for number in (8, 9)
    ]
    assert rules[0] == "fewer than 8 degrees of freedom"
    assert rules[1] != rules[0]


@pytest.mark.parametrize("name", STATISTICS)
def test_thirty_units_are_enough(name):
    rules = [
        STATISTICS[name](alike(number, 1)).frame["imprecise_because"].iloc[0] for number in (29, 30)
    ]
    assert rules[0] == "fewer than 30 units"
    assert rules[1] != rules[0]


FAMILIES = ["average", "lognormal", "best", "turnbull", "pareto"]


@pytest.mark.parametrize("family", FAMILIES)
def test_totals_of_other_draws_are_those_fitted_draw_by_draw(family, monkeypatch):
    """Of these the limits of a published change are made."""
    monkeypatch.setattr(total_of_counts, "_DRAWS", 30)
    table = total(answers(), CORES, by="edition", family=family, replicates=100)
    (cells,) = tabulate_again(table)
    public = cells.with_counts(cells.count, cells.base)
    found, _ = total_of_counts.drawn_totals(public, table.arguments, EXACT)
    counts = public.count.astype(float)
    values = []
    for normal in generator(0).standard_normal((30, *counts.shape)):
        drawn = np.maximum(counts + np.sqrt(counts) * normal, 0.0)
        values.append(table.statistic.point(replace(public, weighted_count=drawn), table.arguments))
    assert found == pytest.approx(np.array([each.value[:, 0] for each in values]), rel=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_limits_of_a_total_are_about_those_that_answered(family):
    """Without noise they hold what the bands hide: the value, within the certain bounds."""
    table = total(answers(), CORES, by="edition", family=family, replicates=100)
    (cells,) = tabulate_again(table)
    public = cells.with_counts(cells.count, cells.base)
    found = table.statistic.public.limits(public, table.arguments, EXACT)
    point = table.statistic.point(public, table.arguments)
    assert (found.low <= point.value).all()
    assert (point.value <= found.high).all()
    assert (found.low >= point.columns["lower_bound"]).all()
    if family in ("average", "lognormal"):
        assert (found.high > found.low).all()
    noisy = table.statistic.public.limits(public, table.arguments, Noise(2.0, 1.0, 0.95))
    assert (noisy.high >= found.high * 0.98).all()
