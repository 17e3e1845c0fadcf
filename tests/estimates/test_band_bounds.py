"""Hard bounds hold whatever the numbers behind the bands are; values lie inside them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.estimates import distribution, median, quantile, ratio, share_where, total
from tests.estimates import band_builders as make

CORES, NODES, TEAM, STAGE = "compute_cores", "compute_nodes", "team_size", "deployment_stage"
STAGES = make.codebook().question(STAGE, make.EDITION).labels[:2]


def band_of(concept, number):
    """Return the label of the band that holds a number."""
    bands = make.codebook().question(concept, make.EDITION).bands
    return next(label for label, band in bands.items() if band.contains(number))


@st.composite
def clouds(draw, least=1, most=25):
    """True numbers of some clouds, each of one of a few organizations."""
    size = st.integers(0, 7).flatmap(lambda e: st.integers(10**e, 10 ** (e + 1) - 1))
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    CORES: size,
                    NODES: size,
                    TEAM: st.integers(1, 200),
                    STAGE: st.sampled_from(STAGES),
                    "organization": st.sampled_from("abcdefgh"),
                }
            ),
            min_size=least,
            max_size=most,
        )
    )


def as_answers(truth):
    return make.answers_of(
        [row | {c: band_of(c, row[c]) for c in (CORES, NODES, TEAM)} for row in truth]
    )


def numbers(truth, concept):
    return np.array([row[concept] for row in truth], dtype=float)


def upper(frame, name="upper_bound"):
    return frame[name].fillna(np.inf)


@given(clouds(), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_a_quantile_lies_between_its_bounds(truth, q):
    row = quantile(as_answers(truth), CORES, q).frame.iloc[[0]]
    for method in ("inverted_cdf", "averaged_inverted_cdf"):
        true = np.quantile(numbers(truth, CORES), q, method=method)
        assert row["lower_bound"].item() <= true <= upper(row).item()
    assert row["lower_bound"].item() <= row["value"].item() <= upper(row).item() + 1
    assert row["low_edge"].item() <= row["low"].item() <= row["value"].item()
    assert upper(row, "high").item() >= row["value"].item() * (1 - 1e-12)


@given(clouds())
def test_a_total_lies_between_its_bounds_and_groups_add_up(truth):
    answers = as_answers(truth)
    whole = total(answers, CORES, replicates=100).frame
    assert whole["lower_bound"].item() <= numbers(truth, CORES).sum() <= upper(whole).item()
    assert whole["lower_bound"].item() <= whole["value"].item() * (1 + 1e-12)
    assert whole["value"].item() <= upper(whole).item() * (1 + 1e-12)
    assert (whole["open_top"].item() > 0) == np.isinf(upper(whole).item())
    parts = total(answers, CORES, by=STAGE, replicates=100).frame
    for name in ("count", "lower_bound", "upper_closed", "open_top"):
        assert parts[name].sum() == whole[name].item()
    assert parts["value"].sum() == pytest.approx(whole["value"].item(), rel=1e-9)


@given(clouds(), st.sampled_from([None, STAGE]))
def test_a_value_lies_in_its_interval_and_the_interval_in_the_certain_bounds(truth, by):
    frame = total(as_answers(truth), CORES, by, replicates=100).frame
    for _, row in frame[frame["value"].notna()].iterrows():
        most = np.inf if np.isnan(row["upper_bound"]) else row["upper_bound"]
        assert row["lower_bound"] <= row["low"] <= row["value"] <= row["high"] <= most
        assert row["draw_low"] <= row["value"] <= row["draw_high"]
        assert row["models_low"] <= row["value"] <= row["models_high"]
        assert row["models_low"] >= row["lower_bound"] * (1 - 1e-12)
        assert row["models_high"] <= most * (1 + 1e-12)


@given(clouds())
def test_what_a_total_rests_on_is_a_part_of_it(truth):
    row = total(as_answers(truth), CORES, replicates=100).frame.iloc[0]
    assert 0 <= row["open_top_share"] <= 1
    assert 0 < row["largest_share"] <= 1


@given(clouds(), st.sampled_from(["median", "mean", "total"]))
def test_a_ratio_lies_between_its_bounds(truth, of):
    row = ratio(as_answers(truth), CORES, TEAM, statistic=of, replicates=100).frame.iloc[[0]]
    above, below = numbers(truth, CORES), numbers(truth, TEAM)
    true = {
        "median": np.median(above / below),
        "mean": np.mean(above / below),
        "total": above.sum() / below.sum(),
    }[of]
    assert row["lower_bound"].item() <= true * (1 + 1e-12)
    assert true <= upper(row).item() * (1 + 1e-12)
    assert row["lower_bound"].item() <= row["value"].item() <= upper(row).item()
    assert row["open_top"].item() == np.isinf(upper(row).item())


@given(clouds(), st.integers(1, 10**6), st.integers(1, 60))
def test_the_share_run_by_small_teams_lies_between_its_bounds(truth, cores, team):
    frame = share_where(
        as_answers(truth), among_at_least={CORES: cores}, at_most={TEAM: team}
    ).frame
    large = numbers(truth, CORES) >= cores
    if large.any():
        true = (numbers(truth, TEAM)[large] <= team).mean()
        row = frame.iloc[0]
        assert row["lower_bound"] - 1e-12 <= true <= row["upper_bound"] + 1e-12
        assert row["low"] <= row["lower_bound"] + 1e-12
        assert row["upper_bound"] <= row["high"] + 1e-12


@given(clouds())
def test_the_bounds_of_a_share_meet_where_no_band_straddles(truth):
    frame = share_where(as_answers(truth), among_at_least={CORES: 1000}, at_most={TEAM: 5}).frame
    row, large = frame.iloc[0], numbers(truth, CORES) >= 1000
    if not large.any():
        assert row["status"] == "empty"
        return
    assert row["undecided"] == 0
    true = (numbers(truth, TEAM)[large] <= 5).mean()
    assert [row["lower_bound"], row["value"], row["upper_bound"]] == pytest.approx([true] * 3)


@given(clouds())
def test_each_bands_part_of_the_total_lies_between_its_bounds(truth):
    frame = distribution(as_answers(truth), CORES).frame.set_index("answer")
    cores = numbers(truth, CORES)
    labels = [band_of(CORES, number) for number in cores]
    for label, row in frame.iterrows():
        true = cores[[label == each for each in labels]].sum() / cores.sum()
        assert row["total_lower"] - 1e-12 <= true <= row["total_upper"] + 1e-12
        assert row["count"] == labels.count(label)
    assert frame["value"].sum() == pytest.approx(1)
    assert frame["share_of_total"].sum() == pytest.approx(1)


@given(clouds(least=2), st.permutations(range(8)))
def test_the_order_of_rows_and_the_names_of_organizations_do_not_matter(truth, order):
    names = dict(zip("abcdefgh", (f"name {place}" for place in order), strict=True))
    shuffled = [row | {"organization": names[row["organization"]]} for row in reversed(truth)]
    one, other = (median(as_answers(each), CORES).frame for each in (truth, shuffled))
    numeric = one.select_dtypes("number").columns
    np.testing.assert_allclose(one[numeric], other[numeric], rtol=1e-9)


@given(clouds(least=3))
def test_larger_clouds_do_not_lower_quantiles_or_totals(truth):
    grown = [row | {CORES: min(10 * row[CORES], 10**8)} for row in truth]
    before, after = (as_answers(each) for each in (truth, grown))
    low, high = (median(each, CORES).frame["value"].item() for each in (before, after))
    assert low <= high * (1 + 1e-9)
    low, high = (
        total(each, CORES, family="turnbull", replicates=100).frame["value"].item()
        for each in (before, after)
    )
    assert low <= high * (1 + 1e-9)
