"""Every table can be tabulated again, and its numbers follow from the counts alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates import (
    compare,
    design,
    growth_above,
    median,
    nps,
    quantile,
    share,
    share_where,
    total,
    trend,
)
from survey.estimates.examples import answers
from survey.estimates.precision.intervals import wilson
from survey.estimates.precision.public_limits import limits_of_shares, variance_of_shares
from survey.estimates.statistic import Noise
from survey.estimates.table import CORE_COLUMNS, Measure
from survey.estimates.table_of import tabulate_again
from survey.estimates.tabulation.tabulate import keys_of_organizations
from survey.responses import Responses

CORES, STAGE, TOOLS = "compute_cores", "deployment_stage", "deployment_tools"
SCORE = "likelihood_to_recommend"


def keyed(seed: int = 1) -> Responses:
    """Return the answers of the examples with random record keys."""
    random = np.random.default_rng(seed)
    kept = answers()
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        frame = kept.frame(unit)
        keys = random.integers(0, 2**64, len(frame), dtype=np.uint64, endpoint=False)
        kept = kept.with_frame(unit, frame.assign(record_key=keys))
    return kept


TABLES = {
    "plain": lambda who: share(who, STAGE),
    "by edition": lambda who: share(who, CORES, "edition"),
    "crossed": lambda who: share(who, STAGE, ["edition", CORES]),
    "stacked": lambda who: share(who, STAGE, TOOLS),
    "multiple": lambda who: share(who, TOOLS, "edition"),
    "top": lambda who: share(who, TOOLS, top=2),
    "net": lambda who: share(who, TOOLS, nets={"A or P": ["Ansible", "Puppet"]}),
    "item": lambda who: share(who, STAGE, items=["Testing"]),
    "organizations": lambda who: share(who, STAGE, unit="organization"),
    "asked": lambda who: share(who, TOOLS, base="asked"),
    "median": lambda who: median(who, CORES, "edition"),
    "quantiles": lambda who: quantile(who, CORES, [0.1, 0.9], STAGE),
    "nps": lambda who: nps(who, "edition"),
    "grew": lambda who: growth_above(who, CORES, "2018", "2019", STAGE, more_than=0.5),
    "trend": lambda who: trend(who, TOOLS),
    "change": lambda who: compare(who, STAGE, "2018", "2019", CORES),
    "change of medians": lambda who: compare(who, CORES, "2018", "2019", STAGE, statistic="median"),
    "change of scores": lambda who: compare(who, SCORE, "2018", "2019", statistic="nps"),
    "total": lambda who: total(who, CORES, "edition", replicates=100),
    "total by stage": lambda who: total(who, CORES, STAGE, replicates=100),
    "total by tool": lambda who: total(
        who, CORES, ["edition", TOOLS], family="best", replicates=100
    ),
    "trend of totals": lambda who: trend(who, CORES, statistic="total"),
    "share of": lambda who: share_where(
        who, "edition", among_at_least={CORES: 50}, at_most={CORES: 500}
    ),
    "respondent's by deployment's": lambda who: share(who, "likelihood_to_recommend", CORES),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_counts_give_the_table_again(name):
    table = TABLES[name](keyed())
    (cells,) = tabulate_again(table)
    again = table.statistic.point(cells, table.arguments).frame()
    own = [name for name in table.statistic.public_columns if name in table.frame]
    for column in (*table.groups, "answer", "count", "base", "value", *own):
        if column != "verdict":  # which the limits decide
            pd.testing.assert_series_equal(table.frame[column], again[column], check_dtype=False)


SHARES = [name for name, make in TABLES.items() if make(answers()).measure is Measure.SHARE]
SHARES = [name for name in SHARES if name not in ("share of", "grew")]


@pytest.mark.parametrize("name", SHARES)
def test_perturbed_counts_give_public_numbers_by_the_same_function(name):
    table = TABLES[name](keyed())
    (cells,) = tabulate_again(table)
    public = cells.with_counts(cells.count + 3 * (cells.count > 0), cells.base + 7 * cells.known)
    frame = table.statistic.point(public, table.arguments).frame()
    expected = frame["count"] / frame["base"]
    np.testing.assert_allclose(frame["value"][frame["base"] > 0], expected[frame["base"] > 0])


def rows_behind(who: Responses, mask: pd.Series) -> np.uint64:
    return who.deployments.loc[mask, "record_key"].to_numpy(dtype=np.uint64).sum(dtype=np.uint64)


def test_keys_are_the_exact_sums_of_the_keys_of_the_records():
    who = keyed()
    (cells,) = tabulate_again(share(who, STAGE, "edition"))
    frame = who.deployments
    for group, (edition,) in enumerate(cells.groups):
        here = frame["edition"] == edition
        for place, answer in enumerate(cells.answers):
            mask = here & (frame[STAGE] == answer)
            assert cells.count_keys[group, place] == rows_behind(who, mask)
            assert cells.base_keys[group, place] == rows_behind(who, here & frame[STAGE].notna())
    assert (cells.other_keys == cells.base_keys - cells.count_keys).all()


def test_the_same_records_have_the_same_key_in_every_table():
    who = keyed()
    (whole,) = tabulate_again(share(who, TOOLS))
    (cut,) = tabulate_again(share(who, TOOLS, items=["Kolla"], nets={"K": ["Kolla"]}))
    place = whole.answers.index("Kolla")
    assert cut.count_keys[0, place] == whole.count_keys[0, place]
    assert cut.count_keys[0, -1] == whole.count_keys[0, place]


def test_the_largest_organization_of_each_cell_and_of_its_complement():
    who = keyed()
    (cells,) = tabulate_again(share(who, STAGE, cluster=None))
    frame = who.deployments
    for place, answer in enumerate(cells.answers):
        sizes = frame["organization"][frame[STAGE] == answer].value_counts()
        others = frame["organization"][frame[STAGE].notna() & (frame[STAGE] != answer)]
        assert cells.largest[0, place] == sizes.max()
        assert cells.largest_other[0, place] == others.value_counts().max()


def test_organizations_are_counted_once_by_keys_of_their_own():
    who = keyed()
    (cells,) = tabulate_again(share(who, STAGE, unit="organization"))
    frame = who.deployments
    gave = frame["organization"][frame[STAGE] == "Testing"].unique()
    place = cells.answers.index("Testing")
    assert cells.count[0, place] == len(gave)
    sums = [rows_behind(who, frame["organization"] == each) for each in gave]
    own = keys_of_organizations(np.array(sums, dtype=np.uint64))
    assert cells.count_keys[0, place] == own.sum(dtype=np.uint64)
    assert not set(own.tolist()) & set(map(int, sums))  # no noise in common with the records
    assert not cells.exclusive
    assert cells.largest.max() == 1


def test_records_without_keys_have_keys_of_nothing():
    clouds = answers().deployments.drop(columns="record_key")
    (cells,) = tabulate_again(share(answers().with_frame(Unit.DEPLOYMENT, clouds), STAGE))
    assert not cells.count_keys.any()
    assert not cells.base_keys.any()


@pytest.mark.parametrize(("name", "exclusive"), [("plain", True), ("multiple", False)])
def test_a_single_choice_divides_its_base(name, exclusive):
    (cells,) = tabulate_again(TABLES[name](keyed()))
    assert cells.exclusive is exclusive
    if exclusive:
        assert (cells.count[:, cells.elementary].sum(axis=1) == cells.base[:, 0]).all()


def test_unions_name_their_parts():
    (cells,) = tabulate_again(share(keyed(), TOOLS, top=2))
    rest = cells.answers.index("Any other answer")
    assert cells.shown[-1] == rest
    assert set(cells.parts[rest]) == set(cells.elementary) - set(cells.shown)


def test_a_table_for_publication_forgets_whose_answers_it_was_made_of():
    table = share(keyed(), STAGE).for_publication()
    assert table.design is None
    assert table.arguments is None
    with pytest.raises(ValueError, match="does not know its design"):
        tabulate_again(table)


# ---------------------------------------------------------------- the design


def test_a_verb_takes_a_design_and_may_change_it():
    voices = design(answers(), unit="organization", level=0.9)
    assert share(voices, STAGE).spec.unit is Unit.ORGANIZATION
    assert share(voices, STAGE, unit="deployment").spec.unit is Unit.DEPLOYMENT
    same = share(answers(), STAGE, unit="organization", level=0.9)
    pd.testing.assert_frame_equal(share(voices, STAGE).frame, same.frame)


def test_every_fault_of_a_design_is_reported_at_once():
    with pytest.raises(EstimateError) as caught:
        design(answers(), unit="cloud", base="some", level=7, cluster="x")
    assert len(caught.value.problems) == 3


def test_a_design_says_what_differs_from_the_default():
    assert "cluster=None" in repr(design(answers(), cluster=None))
    assert "the default" in repr(design(answers()))


# ---------------------------------------------------------------- public intervals


@given(st.integers(20, 400), st.floats(0.02, 0.98), st.floats(1.0, 3.0))
def test_without_noise_the_public_interval_is_wilsons_at_the_effective_size(base, part, deff):
    (cells,) = tabulate_again(share(answers(), TOOLS, items=["Ansible"]))
    count = np.full_like(cells.count, max(1, min(base - 1, round(part * base))))
    public = cells.with_counts(count, np.full_like(cells.base, base))
    found = limits_of_shares(public, None, Noise(0.0, deff))
    expected = wilson(count[0, 0] / base, base / deff)
    assert found.low[0, 0] == pytest.approx(float(expected.low))
    assert found.high[0, 0] == pytest.approx(float(expected.high))


def test_the_variance_of_the_noise_is_what_simulation_finds():
    random = np.random.default_rng(3)
    for table in (share(answers(), STAGE), share(answers(), TOOLS)):
        (cells,) = tabulate_again(table)
        own = np.array([[40, 90, 150, 220][: len(cells.answers)]])
        other = own.sum() - own
        noise = random.integers(-3, 4, (2, 20_000, own.shape[1]))
        count = own + noise[0]
        base = count.sum(axis=1, keepdims=True) if cells.exclusive else count + other + noise[1]
        spread = (count / base).var(axis=0)
        public = cells.with_counts(own, np.broadcast_to(own + other, own.shape))
        sampled = variance_of_shares(public, Noise(0.0, 1.0))[1]
        found = variance_of_shares(public, Noise(4.0, 1.0))[1] - sampled
        np.testing.assert_allclose(found[0], spread, rtol=0.05)


@pytest.mark.parametrize("name", TABLES)
def test_public_limits_are_there_where_values_are_and_hold_them(name):
    table = TABLES[name](keyed())
    (cells,) = tabulate_again(table)
    point = table.statistic.point(cells, table.arguments)
    low, high = table.statistic.public.limits(cells, table.arguments, Noise(3.0, 1.4))
    # bounds of 0 and 100 % make a share imprecise, and are limits all the same
    known = np.broadcast_to(
        np.isin(point.columns["status"], ["ok", "imprecise"]), point.value.shape
    )
    value = point.value[known]
    assert not (low[known] > value + 1e-12).any()  # a limit in the open band is missing
    assert not (high[known] < value - 1e-12).any()
    assert np.isnan(low[~known]).all()


@pytest.mark.parametrize("name", TABLES)
def test_a_record_names_every_column_that_its_tables_have(name):
    table = TABLES[name](keyed())
    own = set(table.frame) - {*table.groups, *CORE_COLUMNS}
    assert own <= set(table.statistic.columns)
