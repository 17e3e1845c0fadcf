"""Rare answers, clusters of unequal size, and what follows for intervals and statuses."""

import numpy as np
import pandas as pd
import pytest

from survey.estimates import compare, crosstab, distribution, share, trend
from survey.estimates.precision.discovery import CLEAR, TOO_FEW
from survey.estimates.precision.imprecision import RULES, judge
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import precision_of
from survey.estimates.tabulation.sums import Groups, cells, freedom_of, summed
from survey.responses import read_frame
from tests.estimates import builders as make


def cells_of(chosen, organization):
    everyone = np.ones(len(chosen), dtype=bool)
    number = int(organization.max()) + 1
    return cells(summed(chosen, everyone, Groups.everyone(len(chosen)), organization, number))


def surveyed(size=330, seed=4, given=0):
    """Return answers of clouds in organizations of three, and how often a rare tool is used."""
    random = np.random.default_rng(seed)
    users = range(0, 31 * given, 31)  # each in another organization
    rows = []
    for cloud in range(size):
        organization = cloud // 3
        if cloud % 3 == 0:
            taste = random.random(3)
        own = np.where(random.random(3) < 0.6, taste, random.random(3))
        rare = [make.TOOLS[3]] if cloud in users else []
        tools = [tool for tool, use in zip(make.TOOLS, own < 0.5, strict=False) if use]
        rows.append(
            {
                "edition": "2019",
                "respondent": f"r{cloud}",
                "organization": f"o{organization}",
                "stage": make.STAGES[int(3 * own[0])],
                "tools": [*tools, *rare] or ["None of these"],
            }
        )
    return read_frame(pd.DataFrame(rows), make.book(("2019",)))


def test_the_upper_limit_does_not_jump_between_nobody_and_somebody():
    upper = []
    for given in range(6):
        found = share(surveyed(given=given), "tools").frame.set_index("answer")
        upper.append(found.loc[make.TOOLS[3], "high"])
    assert np.all(np.diff(upper) > 0)
    assert upper[1] - upper[0] < 0.01


def test_a_rare_answer_has_at_least_the_design_effect_of_its_question():
    found = share(surveyed(given=9), "tools").frame.set_index("answer")
    usual = found.loc[list(make.TOOLS[:3])]
    pooled = (usual["se"] ** 2).sum() / (usual["value"] * (1 - usual["value"]) / 330).sum()
    assert pooled > 1.3
    assert found.loc[make.TOOLS[3], "deff"] >= 0.95 * pooled
    own = share(surveyed(given=9), "tools", interval="logit").frame.set_index("answer")
    assert (own["se"] == found["se"]).all()


@pytest.mark.parametrize(
    "options", [{"items": [make.TOOLS[3]]}, {"top": 2}, {"nets": {"A": ["Kolla"]}}]
)
def test_an_answer_has_one_interval_whatever_else_a_table_shows(options):
    answers = surveyed(given=9)
    names = ["value", "low", "high", "status", "deff"]
    whole = share(answers, "tools").frame.set_index("answer")[names]
    for verb in (share, trend):
        part = verb(answers, "tools", **options).frame.set_index("answer")
        same = [answer for answer in part.index if answer in whole.index]
        assert same
        pd.testing.assert_frame_equal(part.loc[same, names], whole.loc[same])


def test_bands_as_answers_have_one_interval_in_both_tables():
    answers = make.invented(3, 300)
    names = ["value", "low", "high", "status"]
    shares = share(answers, "size").frame.set_index("answer")[names]
    bands = distribution(answers, "size").frame.set_index("answer")[names]
    pd.testing.assert_frame_equal(shares, bands)


def test_two_answers_that_exclude_each_other_are_no_pool():
    organization = np.repeat(np.arange(40), 3)
    yes = (np.arange(120) % 9 == 0).astype(float)
    assert np.isnan(pooled_effect(cells_of(np.column_stack([yes, 1 - yes]), organization))).all()


def test_one_cluster_has_no_pool_and_no_freedom():
    found = cells_of(np.eye(3)[np.arange(12) % 3], np.zeros(12, dtype=int))
    assert np.isnan(pooled_effect(found)).all()
    assert (found.freedom == 0).all()
    limits = precision_of(found, pooled=pooled_effect(found)).limits
    assert np.isfinite(limits.low).all()


@pytest.mark.parametrize(
    ("share", "pooled", "rule"),
    [
        (0.13, np.nan, "interval wider than 130 % of the share"),
        (0.13, 30, ""),
        (0.13, 29, "effective sample below 30"),
        (0.02, 30, ""),
        (0.02, 29, "effective sample below 30"),
    ],
)
def test_a_rare_answer_passes_by_the_effective_size_of_its_question(share, pooled, rule):
    found = judge(share, 171, 50, 100, pooled=pooled)
    assert RULES[int(found.rule)] == rule


@pytest.mark.parametrize(("pooled", "rarest"), [(30, 0.15), (40, 0.3), (50, 0.5), (200, 0.5)])
def test_a_share_passes_whatever_it_is_where_enough_answered(pooled, rarest):
    """Else those pass that are over- or underestimated: the rule must not look at who answered."""
    shares = np.linspace(0, rarest, 101)
    assert (judge(shares, 300, pooled, 299, pooled=pooled).rule == 0).all()


@pytest.mark.parametrize("given", range(11))
def test_rare_answers_of_independent_units_are_judged_by_their_number(given):
    """Of 100 clouds alone eight passed by the relative rule, and fewer did not."""
    rows = [{"stage": make.STAGES[place < given]} for place in range(100)]
    found = share(make.build(rows, make.book(("2019",))), "stage").frame.set_index("answer")
    assert found.loc[make.STAGES[1], "count"] == given
    assert found.loc[make.STAGES[1], "status"] == "ok"


def test_what_passes_the_relative_rule_by_its_own_variance_stays_as_it_was():
    assert RULES[int(judge(0.05, 900, 300, 100, pooled=100).rule)] == ""


def test_clusters_of_unequal_size_have_fewer_degrees_of_freedom():
    sizes = np.array([60, *[1] * 240])
    organization = np.repeat(np.arange(241), sizes)
    found = cells_of(np.eye(3)[np.arange(300) % 3], organization)
    wanted = 300**2 / (60**2 + 240) - 1
    assert found.freedom == pytest.approx(wanted)
    assert freedom_of([240, 2, 1], [240.0, 1.2, 1.0]).tolist() == [239.0, 1.0, 0.0]


def rising(middle):
    """Return three editions of equal size; all organizations of the middle one are new."""
    rows = []
    for year, first in (("2017", 0), ("2018", middle), ("2019", 0)):
        rows += [
            {
                "edition": year,
                "respondent": f"{year}-{place}",
                "organization": f"o{first + place}",
                "stage": make.STAGES[(place * 7 + int(year)) % 3],
            }
            for place in range(12)
        ]
    return read_frame(pd.DataFrame(rows), make.book(("2017", "2018", "2019")))


def test_the_middle_edition_of_a_line_counts_in_its_degrees_of_freedom():
    """Its coefficient is 0; its organizations tell how far shares lie from the line."""
    from scipy.stats import t

    found = trend(rising(100), "stage").frame.drop_duplicates("answer")
    half = (found["slope_high"] - found["slope_low"]) / 2
    # 24 organizations: 12 with a row in the middle edition alone, 12 with two rows
    freedom = 36**2 / (12 * 1 + 12 * 4) - 2
    without = 24**2 / (12 * 4) - 2
    ratio = t.ppf(0.975, freedom) / t.ppf(0.975, without)
    two = trend(rising(100).in_edition("2017", "2019"), "stage").frame.drop_duplicates("answer")
    other = (two["slope_high"] - two["slope_low"]) / 2
    assert (half < other).all()
    assert ratio < 1
    se = half / t.ppf(0.975, freedom)
    wanted = half_by_hand(rising(100))
    assert se.to_numpy() == pytest.approx(wanted, rel=1e-9)


def half_by_hand(answers):
    """Return the linearized standard errors of the slopes, written out."""
    rows = answers.deployments
    year = rows["edition"].astype(str).astype(float).to_numpy()
    organization = pd.factorize(rows["organization"])[0]
    found = []
    for stage in make.STAGES:
        y = (rows["stage"].astype(str) == stage).to_numpy(float)
        x = year - year.mean()
        slope = (x * y).sum() / (x**2).sum()
        score = np.bincount(organization, x * (y - y.mean() - slope * x)) / (x**2).sum()
        found.append(np.sqrt(len(score) / (len(score) - 1) * (score**2).sum()))
    return np.array(found)


@pytest.mark.parametrize(("base", "verdict"), [(9, TOO_FEW), (10, CLEAR)])
def test_a_base_under_ten_is_not_tested(base, verdict):
    """All of 40 clouds are in production, none of nine or ten were."""
    before = [{"edition": "2018", "stage": "Testing"}] * base
    after = [{"edition": "2019", "stage": "Production"}] * 40
    rows = [{**row, "organization": f"o{place}"} for place, row in enumerate([*before, *after])]
    answers = make.build(rows, make.book(("2018", "2019")))
    change = compare(answers, "stage", "2018", "2019").frame.set_index("answer")
    assert change.loc["Production", "verdict"] == verdict
    assert np.isnan(change.loc["Production", "p"]) == (verdict == TOO_FEW)
    assert np.isfinite(change.loc["Production", "value"])
    assert np.isnan(change.loc["Production", "joint_p"]) == (verdict == TOO_FEW)
    line = trend(answers, "stage").frame.set_index("answer")
    assert set(line.loc["Production", "verdict"]) == {verdict}
    crossed = crosstab(answers, "stage", "edition", stats=["share", "verdict"])
    found = set(crossed.frame["verdict"].loc[crossed.frame["answer"] == "Production"])
    assert (found == {TOO_FEW}) == (verdict == TOO_FEW)
