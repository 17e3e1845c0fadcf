"""Medians, totals and their like on answers whose result is known beforehand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator
from scipy.stats import norm

from survey.codebook import PublishedFigure, Unit, read_codebook, read_footprints
from survey.errors import EstimateError, ResponsesError
from survey.estimates import (
    CORE_COLUMNS,
    Weights,
    association,
    compare_families,
    decompose_change,
    distribution,
    median,
    moves,
    new_clouds,
    quantile,
    ratio,
    sensitivity,
    share,
    share_where,
    total,
)
from survey.estimates.numbers.smooth import smooth_part
from tests.estimates import band_builders as make

CORES, NODES, TEAM, STAGE = "compute_cores", "compute_nodes", "team_size", "deployment_stage"
PUBLISHED_2021 = (6, 17, 28, 29, 13, 6, 1)  # per cent of clouds by band of cores


def repeated(counts):
    return [band for band, count in enumerate(counts) for _ in range(count)]


@pytest.fixture(scope="module")
def published():
    """300 clouds in the shares that the survey of 2021 published."""
    return make.banded(CORES, repeated(3 * share for share in PUBLISHED_2021), edition="2021")


# ---------------------------------------------------------------- what 2021's figures allow


def test_the_bounds_of_the_published_distribution(published):
    row = total(published, CORES).frame.iloc[0]
    lows = [10**band for band in range(7)]
    assert row["lower_bound"] == sum(
        3 * share * low for share, low in zip(PUBLISHED_2021, lows, strict=True)
    )
    assert row["lower_bound"] == 5_285_928
    assert row["upper_closed"] == 22_858_983
    assert row["open_top"] == 3
    assert np.isnan(row["upper_bound"])
    assert row["status"] == "ok"  # by the interval that is printed: that given the answers
    assert row["draw_high"] - row["draw_low"] > row["high"] - row["low"]


def test_the_published_total_rests_on_the_open_band(published):
    row = total(published, CORES).frame.iloc[0]
    assert row["draw_low"] < 25_000_000 < row["draw_high"]
    assert row["open_top_share"] > 0.5
    cautious = total(published, CORES, open_band="lower edge").frame.iloc[0]
    closed = row["value"] * (1 - row["open_top_share"])
    assert cautious["value"] == pytest.approx(closed + 1_000_000 * row["open_top"])


def test_the_median_cloud_of_the_published_distribution(published):
    row = median(published, CORES).frame.iloc[0]
    assert row["band"] == "100 to 999 cores"
    assert (row["lower_bound"], row["upper_bound"]) == (100, 999)
    even = median(published, CORES, interpolation="log").frame.iloc[0]
    assert even["value"] == pytest.approx(100 * 10 ** (27 / 28))


def test_lognormal_fits_the_published_distribution_best(published):
    frame = compare_families(published, CORES, replicates=100).frame.set_index("answer")
    assert frame["aic_above_best"].idxmin() == "lognormal"
    assert frame.loc["lognormal", "fit_p"] > 0.05
    assert (frame.loc[["weibull", "gamma"], "fit_p"] < 0.05).all()
    assert frame["lower_bound"].nunique() == 1


@given(
    st.lists(st.integers(1, 30), min_size=7, max_size=7), st.floats(0.02, 0.98), st.integers(0, 6)
)
def test_the_smooth_curve_is_the_monotone_cubic_of_scipy(counts, q, empty):
    counts[empty] = 0
    low = 10.0 ** np.arange(7)
    reach = np.append(low[1:], np.inf)
    below = np.cumsum(counts) / np.sum(counts)
    cell = int(np.argmax(below >= q))
    found = smooth_part(low, reach, below[None], np.full(1, sum(counts)), np.array([cell]), q)[0]
    if cell in (0, 6):
        assert np.isnan(found)
        return
    least = 0.25 / sum(counts)
    assume(least <= q <= 1 - least)
    scores = norm.ppf(np.clip(below[:6], least, 1 - least))
    edges = np.log(reach[:6])
    curve = PchipInterpolator(edges, scores)
    at = edges[cell - 1] + found * (edges[cell] - edges[cell - 1])
    assert curve(at) == pytest.approx(norm.ppf(q), abs=1e-9)


# ---------------------------------------------------------------- shape and status


TABLES = {
    "median": lambda a, by: median(a, CORES, by),
    "total": lambda a, by: total(a, CORES, by, replicates=100),
    "distribution": lambda a, by: distribution(a, CORES, by),
    "ratio": lambda a, by: ratio(a, CORES, NODES, by, replicates=100),
    "association": lambda a, by: association(a, CORES, NODES, by),
    "share_where": lambda a, by: share_where(
        a, by, among_at_least={CORES: 100}, at_most={NODES: 99}
    ),
}
HELD = {
    "nothing": [],
    "one": [(2, 1)],
    "alike": [(3, 2)] * 12,
    "unanswered": [(None, None)] * 4,
    "half": [(1, None), (None, 2), (4, 3)],
    "open": [(6, 6)] * 9,
    "far apart": [(0, 6)] * 3 + [(6, 0)] * 3,
}


def held(shape, **same):
    return [
        {CORES: make.label(CORES, cores), NODES: make.label(NODES, nodes), **same}
        for cores, nodes in HELD[shape]
    ]


@pytest.mark.parametrize("shape", HELD)
@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_its_columns_and_no_number_without_a_status(name, shape):
    production, poc, *_ = make.codebook().question(STAGE, make.EDITION).labels
    rows = held(shape, **{STAGE: production}) + held("far apart", **{STAGE: poc})
    for by in (None, STAGE):
        table = TABLES[name](make.answers_of(rows), by)
        frame = table.frame
        first = len(table.groups)
        assert tuple(frame.columns[first : first + len(CORE_COLUMNS)]) == CORE_COLUMNS
        has_value = frame["status"].isin(["ok", "imprecise"])
        assert (frame["value"].notna() == has_value).all()
        assert frame.loc[has_value, "low"].notna().all()
        no_high = has_value & frame["high"].isna()
        assert not no_high.any() or frame.loc[no_high, "open_top"].all()
        assert (frame["low"].fillna(-1) <= frame["high"].fillna(np.inf)).all()
        assert set(frame["status"]) <= {"ok", "imprecise", "empty"}
    assert len(frame) == len(table.frame)


@pytest.mark.parametrize("name", TABLES)
def test_editions_that_did_not_ask_have_no_number(name):
    asked, silent = "2023", "2099"
    book = make.book_without(silent, (CORES,))
    rows = [row | {"edition": year} for year in (asked, silent) for row in held("half")]
    frame = TABLES[name](make.answers_of(rows, book=book), "edition").frame
    missing = frame[frame["edition"] == silent]
    assert set(missing["status"]) == {"not offered"}
    assert missing[["value", "low", "high"]].isna().all(axis=None)
    assert set(frame[frame["edition"] == asked]["status"]) & {"ok", "imprecise", "empty"}


def test_a_single_cluster_is_imprecise():
    rows = [{CORES: make.label(CORES, band), "organization": "one"} for band in (1, 2, 3) * 20]
    answers = make.answers_of(rows)
    for table in (median(answers, CORES), total(answers, CORES, replicates=100)):
        row = table.frame.iloc[0]
        assert row["clusters"] == 1
        assert row["status"] == "imprecise"
        assert row["low"] <= row["value"] <= np.nan_to_num(row["high"], nan=np.inf)


def test_clusters_widen_intervals():
    bands = [band for band in (0, 1, 2, 3, 4, 5) for _ in range(20)]
    rows = [
        {CORES: make.label(CORES, b), "organization": f"o{n // 5}"} for n, b in enumerate(bands)
    ]
    answers = make.answers_of(rows)
    together, apart = (
        median(answers, CORES, cluster=cluster).frame.iloc[0] for cluster in ("organization", None)
    )
    assert together["value"] == apart["value"]
    assert together["low"] < apart["low"] < apart["high"] < together["high"]
    assert together["n_eff"] < apart["n_eff"]


# ---------------------------------------------------------------- options


def test_copies_count_only_on_demand():
    rows = [{CORES: make.label(CORES, 1)}] * 5 + [{CORES: make.label(CORES, 5), "copied": True}] * 9
    answers = make.answers_of(rows)
    assert median(answers, CORES).frame["base"].item() == 5
    assert median(answers, CORES, copies=True).frame["band"].item() == make.label(CORES, 5)
    assert any("copies of earlier" in note for note in total(answers, CORES, replicates=100).notes)


def test_one_voice_per_organization():
    rows = [{CORES: make.label(CORES, 5), "organization": "many"}] * 9
    rows += [{CORES: make.label(CORES, 1), "organization": f"one {n}"} for n in range(3)]
    answers = make.answers_of(rows)
    assert median(answers, CORES).frame["band"].item() == make.label(CORES, 5)
    voice = median(answers, CORES, unit="organization").frame.iloc[0]
    assert voice["band"] == make.label(CORES, 1)
    assert voice["count"] == 4
    summed = total(answers, CORES, unit="organization", replicates=100).frame.iloc[0]
    assert summed["lower_bound"] == 100_000 + 3 * 10


def test_who_did_not_answer_can_count_like_the_mean(published):
    rows = [{CORES: make.label(CORES, band)} for band in (1, 2, 3, 3, 4)] + [{CORES: None}] * 5
    answers = make.answers_of(rows)
    plain, grossed = (
        total(answers, CORES, gross_up=up, replicates=100).frame.iloc[0] for up in (False, True)
    )
    for name in ("value", "low", "high"):
        assert grossed[name] == pytest.approx(2 * plain[name])
    assert grossed["lower_bound"] == plain["lower_bound"]


def test_the_same_total_every_time(published):
    one, other = (total(published, CORES, by="edition").frame for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


def test_the_mean_of_the_open_band_can_be_given(published):
    row = total(published, CORES, open_band=4_000_000).frame.iloc[0]
    base = total(published, CORES, open_band="lower edge").frame.iloc[0]
    assert row["value"] == pytest.approx(base["value"] + 3 * 3_000_000)


# ---------------------------------------------------------------- known figures


def test_a_known_figure_replaces_the_bands_of_its_organization():
    rows = [{CORES: make.label(CORES, 6), "organization": "Example Telco"}]
    rows += [{CORES: make.label(CORES, 3), "organization": "Example Telco"}]
    rows += [{CORES: make.label(CORES, 2)}] * 10
    answers = make.answers_of(rows)
    known = [PublishedFigure("Example-Telco Ltd.", make.EDITION, 2_500_000, "a talk")]
    row = total(answers, CORES, published_figures=known).frame.iloc[0]
    assert row["lower_bound"] == 2_500_000 + 10 * 100
    assert row["upper_bound"] == 2_500_000 + 10 * 999
    assert (row["open_top"], row["known_count"], row["answered"]) == (0, 1, 12)
    assert row["largest_share"] > 0.99


def test_a_figure_that_is_a_lower_bound_narrows_the_band():
    rows = [{CORES: make.label(CORES, 6), "organization": "Example"}] + [{CORES: None}] * 3
    known = [PublishedFigure("Example", make.EDITION, 6_000_000, "a report", at_least=True)]
    row = total(make.answers_of(rows), CORES, published_figures=known, replicates=100).frame.iloc[0]
    assert row["lower_bound"] == 6_000_000
    assert row["open_top"] == 1
    other = [PublishedFigure("Example", "2021", 6_000_000, "a report")]
    table = total(make.answers_of(rows), CORES, published_figures=other)
    assert table.frame["lower_bound"].item() == 1_000_000
    assert any("No known figure belongs" in note for note in table.notes)


def test_a_lower_bound_ends_where_the_band_of_its_organization_ends():
    rows = [{CORES: make.label(CORES, 2), "organization": "Example"}]  # 100 to 999
    known = [PublishedFigure("Example", make.EDITION, 500, "a report", at_least=True)]
    found = total(
        make.answers_of(rows), CORES, family="turnbull", published_figures=known, replicates=100
    )
    row = found.frame.iloc[0]
    assert (row["lower_bound"], row["upper_bound"]) == (500, 999)
    assert row["value"] == pytest.approx(500 / np.log(2))  # even on the log scale, 500 to 1,000


def test_a_known_figure_answers_for_who_gave_no_band():
    rows = [{CORES: None, "organization": "Example"}] + [{CORES: make.label(CORES, 2)}] * 4
    known = [PublishedFigure("Example", make.EDITION, 50_000, "a report")]
    row = total(make.answers_of(rows), CORES, published_figures=known, replicates=100).frame.iloc[0]
    assert row["lower_bound"] == 50_400
    assert row["answered"] == 5


def test_names_of_organizations_stay_inside():
    rows = [{CORES: make.label(CORES, 6), "organization": "LINE"}] * 2
    answers = make.answers_of([row | {"edition": "2023"} for row in rows])
    table = total(answers, CORES, published_figures=read_footprints(), replicates=100)
    assert table.frame["known_count"].item() == 1
    said = f"{table.frame.to_csv()} {table.spec} {table.notes} {table.title}"
    assert "LINE" not in said


def test_a_cloud_that_two_colleagues_described_can_count_once():
    rows = [{CORES: make.label(CORES, band), "organization": "one"} for band in (4, 5)]
    answers = make.answers_of([*rows, {CORES: make.label(CORES, 1)}])
    answers.deployments["cloud"] = [7, 7, 8]
    twice, once = (
        total(each, CORES, replicates=100).frame["lower_bound"].item()
        for each in (answers, answers.one_per_cloud())
    )
    assert (twice, once) == (110_010, 10_010)
    assert any("colleague" in note for note in total(answers, CORES, replicates=100).notes)


# ---------------------------------------------------------------- editions with other bands


@pytest.fixture(scope="module")
def old_bands(tmp_path_factory):
    """The codebook with an invented edition that has the bands used before 2015."""
    path = tmp_path_factory.mktemp("book") / "2014.toml"
    path.write_text(
        """
        [edition]
        name = "2014"
        status = "observed"
        extends = "2017"
        [[questions]]
        concept = "compute_cores"
        choices = [
            { value = "1-100", low = 1, high = 100 },
            { value = "101-500", low = 101, high = 500 },
            { value = "501-1,000", low = 501, high = 1000 },
            { value = "1,001-5,000", low = 1001, high = 5000 },
            { value = "5,001-10,000", low = 5001, high = 10000 },
            { value = "More than 10,000", low = 10001, high = 50000 },
            { value = "More than 50,000", low = 50001 },
        ]
        """
    )
    return read_codebook(path)


def test_schemes_are_pooled_as_intervals(old_bands):
    labels = list(old_bands.question(CORES, "2014").bands)
    rows = [
        {"edition": "2014", CORES: labels[n], "organization": f"a{n}{k}"}
        for n, count in enumerate((12, 9, 6, 15, 5, 2, 1))
        for k in range(count)
    ]
    rows += [
        {"edition": "2017", CORES: make.label(CORES, n, "2017"), "organization": f"b{n}{k}"}
        for n, count in enumerate((8, 14, 22, 19, 7, 2, 0))
        for k in range(count)
    ]
    answers = make.answers_of(rows, book=old_bands)
    row = median(answers, CORES).frame.iloc[0]
    assert row["lower_bound"] <= row["value"] <= row["upper_bound"]
    assert row["low"] < row["value"] < row["high"]
    each = median(answers, CORES, by="edition").frame.set_index("edition")["value"]
    assert each.min() <= row["value"] <= each.max()
    sums = total(answers, CORES, by="edition", replicates=100).frame
    whole = total(answers, CORES, replicates=100).frame.iloc[0]
    assert sums["lower_bound"].sum() == whole["lower_bound"]
    for family in ("turnbull", "pareto", "weibull"):
        found = total(answers, CORES, family=family, replicates=100).frame.iloc[0]
        assert found["value"] > found["lower_bound"]


def test_an_old_edition_alone_is_read_by_its_own_bands(old_bands):
    labels = list(old_bands.question(CORES, "2014").bands)
    rows = [{"edition": "2014", CORES: labels[n]} for n in (0, 1, 1, 5)]
    row = total(make.answers_of(rows, book=old_bands), CORES, replicates=100).frame.iloc[0]
    assert (row["lower_bound"], row["upper_bound"]) == (1 + 202 + 10_001, 100 + 1000 + 50_000)


def test_overlapping_bands_of_one_edition():
    """The second largest band of users reaches into the largest one, as worded."""
    answers = make.banded("cloud_users", [1, 2, 2, 3, 7, 7, 8])
    row = quantile(answers, "cloud_users", 0.75).frame.iloc[0]
    assert (row["lower_bound"], row["upper_bound"]) == (1e7, 999_999_999)
    assert row["lower_bound"] <= row["value"] <= row["upper_bound"]


def test_percentages_are_interpolated_evenly():
    row = median(make.banded("it_share_on_openstack", [0, 0, 1, 1, 1, 4]), "it_share_on_openstack")
    assert row.frame["value"].item() == pytest.approx(21 + 20 / 3)


def test_whole_numbers_are_not_interpolated():
    cells = make.banded("nova_cells", [1, 1, 2, 2, 2, 5])
    row = median(cells, "nova_cells").frame.iloc[0]
    assert (row["value"], row["lower_bound"], row["upper_bound"]) == (2, 2, 2)


# ---------------------------------------------------------------- what depends on what


def test_the_sensitivity_card_asks_again(published):
    answers = published
    card = sensitivity(answers, total(answers, CORES)).frame.set_index("answer")
    assert card.loc["as published", "factor"] == 1
    for name, options in {
        "open band: lower edge": {"open_band": "lower edge"},
        "family: weibull": {"family": "weibull"},
        "base: everyone asked": {"gross_up": True},
    }.items():
        again = total(answers, CORES, **options).frame["value"].item()
        assert card.loc[name, "value"] == again
        assert card.loc[name, "difference"] == again - card.loc["as published", "value"]
    fewer = card.loc["without the largest answer"]
    assert fewer["count"] == 299
    assert fewer["value"] < card.loc["as published", "value"]


def test_the_sensitivity_card_of_groups_and_of_shares():
    production, poc, *_ = make.codebook().question(STAGE, make.EDITION).labels
    rows = held("far apart", **{STAGE: production}) + held("half", **{STAGE: poc})
    answers = make.answers_of(rows)
    card = sensitivity(answers, median(answers, CORES, by=STAGE)).frame
    kept = card.dropna(subset=["value"])
    assert set(kept[STAGE]) == {production, poc}
    largest = kept[kept["answer"] == "without the largest answer"].set_index(STAGE)["count"]
    assert largest.to_dict() == {production: 5, poc: 1}
    card = sensitivity(answers, share(answers, CORES)).frame
    assert {"as published", "with copies", "base: asked"} <= set(card["answer"])


def test_a_card_needs_a_question_that_can_be_asked_again(published):
    with pytest.raises(EstimateError, match="table of 'distribution'"):
        sensitivity(published, distribution(published, CORES))


# ---------------------------------------------------------------- wrong questions


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda a: total(a, "compute_coress"), "did you mean 'compute_cores'"),
        (lambda a: total(a, STAGE), "bands of a number"),
        (lambda a: median(a, "deployment_tools"), "bands of a number"),
        (lambda a: total(a, "it_share_on_openstack"), "ask for the median"),
        (lambda a: median(a, CORES, by="edition_"), "did you mean 'edition'"),
        (lambda a: quantile(a, CORES, 1.5), "between 0 and 1"),
        (lambda a: quantile(a, CORES, []), "between 0 and 1"),
        (lambda a: median(a, CORES, interpolation="flat"), "smooth, log, linear"),
        (lambda a: median(a, CORES, level=95), "level"),
        (lambda a: median(a, CORES, unit="respondent"), "respondent"),
        (lambda a: total(a, CORES, family="normal"), "did you mean 'lognormal'"),
        (lambda a: total(a, CORES, open_band="middle"), "lower edge"),
        (lambda a: total(a, CORES, open_band=-1.0), "a number above 0"),
        (lambda a: total(a, CORES, replicates=3), "a whole number from 100"),
        (lambda a: total(a, NODES, published_figures=read_footprints()), "'compute_cores'"),
        (lambda a: ratio(a, CORES, NODES, statistic="mode"), "median, mean, total"),
        (lambda a: ratio(a, CORES, STAGE), "bands of a number"),
        (lambda a: association(a, CORES, STAGE), "bands of a number"),
        (lambda a: share_where(a, at_most={}), "at_most="),
        (lambda a: share_where(a, at_most={TEAM: "five"}), "a number"),
        (lambda a: new_clouds(a, 0), "a whole number from 1"),
        (lambda a: new_clouds(a, 9, dated="sent"), "edited, created"),
        (lambda a: new_clouds(a, 9, as_of="soon"), "a day such as"),
        (lambda a: decompose_change(a, CORES, "2021", "2020"), "one of 2021"),
        (lambda a: moves(a, CORES, "2021", "2021"), "the older one first"),
        (lambda a: moves(a, CORES, "2021", "2021", more_than=-2), "above -1"),
    ],
)
def test_errors_say_what_to_do(ask, words):
    row = {CORES: make.label(CORES, 2), NODES: None, "deployment_year": "2019"}
    row |= {"it_share_on_openstack": None}
    with pytest.raises((EstimateError, ResponsesError)) as caught:
        ask(make.answers_of([row | {"edition": "2021"}]))
    assert words in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(published):
    with pytest.raises(EstimateError) as caught:
        total(published, CORES, family="normal", open_band="middle")
    assert len(caught.value.problems) == 2


def test_the_best_family_is_the_one_with_the_lowest_aic(published):
    best = total(published, CORES, family="best").frame
    pd.testing.assert_frame_equal(best, total(published, CORES, family="lognormal").frame)


def test_weights_count_as_many_equal_clouds():
    """A weight of 3 gives the value and the bounds of three clouds, where evidence decides nothing.

    In an average the weight of a family is evidence, and that is of five clouds, not fifteen.
    """
    bands = (1, 2, 3, 3, 4)
    answers = make.banded(CORES, bands)
    index = pd.MultiIndex.from_frame(answers.deployments[["edition", "deployment"]])
    heavy = Weights(pd.Series(3.0, index=index), Unit.DEPLOYMENT, "hand", pd.DataFrame())
    tripled = make.banded(CORES, bands * 3)
    tables = (
        lambda a, **options: median(a, CORES, interpolation="log", **options),
        lambda a, **options: total(a, CORES, family="lognormal", replicates=100, **options),
    )
    for table in tables:
        weighted = table(answers, weights=heavy).frame.iloc[0]
        plain = table(tripled).frame.iloc[0]
        for name in ("value", "lower_bound", "upper_bound"):
            assert weighted[name] == pytest.approx(plain[name], rel=1e-9)
        assert weighted["count"] == 5
