"""Shares with certain bounds, regressions and their predictors, from few clouds, by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm

from survey.errors import EstimateError
from survey.estimates import design, regress, share_where
from survey.estimates.numbers import bounded, predictors
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.bounded import Membership, point_of_bounds, tabulated_memberships
from survey.estimates.numbers.filling import fit_edges
from survey.estimates.numbers.models import fit
from survey.estimates.statistic import Arguments
from survey.estimates.tabulation.banded_answers import Cells
from tests.estimates import band_builders as make
from tests.estimates import builders

CORES, TEAM, STAGE = "compute_cores", "team_size", "deployment_stage"
INF, NAN = np.inf, np.nan

# ---------------------------------------------------------------- shares with bounds


def memberships(given):
    """Return a condition from (certain, possible, likely) per row."""
    certain, possible, likely = zip(*given, strict=True)
    return Membership(np.array(certain), np.array(possible), np.array(likely, dtype=float))


YES, NO = (True, True, 1.0), (False, False, 0.0)
KINDS = (YES, NO, (False, True, 0.25), (False, True, 0.7))


def shares_of_all_worlds(among, having):
    """Return every share that a way of deciding what is undecided gives."""
    ways = [
        [(base, has) for base in _ways(own) for has in _ways(other)]
        for own, other in zip(among, having, strict=True)
    ]
    found = []
    for world in product(*ways):
        base = sum(inside for inside, _ in world)
        if base:
            found.append(sum(inside and has for inside, has in world) / base)
    return found


def _ways(kind):
    certain, possible, _ = kind
    return {certain, possible}


@pytest.mark.parametrize("seed", range(12))
def test_bounds_are_the_smallest_and_largest_share_of_all_worlds(seed):
    random = np.random.default_rng(seed)
    among = [KINDS[place] for place in random.integers(0, 4, 5)]
    having = [KINDS[place] for place in random.integers(0, 4, 5)]
    banded = ask_bands(design(make.banded(CORES, [2, 2, 2, 2, 3])), (CORES,))
    arguments = Arguments("cores", (), {"answer": "at most"})
    table = tabulated_memberships(banded, memberships(among), memberships(having))
    found = {name: each[0, 0] for name, each in point_of_bounds(table, arguments).columns.items()}
    shares = shares_of_all_worlds(among, having)
    may = [base[1] for base in among]
    assert found["base"] == sum(may)
    if not sum(may):
        assert found["status"] == "empty"
        return
    if any(base[0] for base in among):
        wanted = min(shares), max(shares)
        assert (found["lower_bound"], found["upper_bound"]) == pytest.approx(wanted)
    sure = [base[0] and has[0] for base, has in zip(among, having, strict=True)]
    assert found["count"] == sum(sure)
    undecided = [
        base[1] and (not base[0] or has[0] != has[1])
        for base, has in zip(among, having, strict=True)
    ]
    assert found["undecided"] == sum(undecided)
    likely = sum(base[2] * has[2] for base, has in zip(among, having, strict=True))
    value = likely / sum(base[2] for base in among)
    assert found["value"] == pytest.approx(
        np.clip(value, found["lower_bound"], found["upper_bound"])
    )
    nothing = found["lower_bound"] <= 0 and found["upper_bound"] >= 1
    assert found["status"] == ("imprecise" if nothing else "ok")
    frame = bounded.bounded_shares(banded, memberships(among), memberships(having), arguments)
    row = frame.iloc[0]
    for name in ("count", "base", "undecided", "lower_bound", "upper_bound", "value"):
        assert row[name] == pytest.approx(found[name]), name
    assert row["status"] == "imprecise"  # of five
    assert row["imprecise_because"] == (
        "the answers do not decide it" if nothing else "fewer than 30 units"
    )
    assert row["low"] <= row["lower_bound"]
    assert row["high"] >= row["upper_bound"]
    assert row["clusters"] == sum(may)


def test_conditions_hold_together():
    one, two = memberships(KINDS), memberships([KINDS[3]] * 4)
    both = one & two
    assert both.certain.tolist() == [False] * 4
    assert both.possible.tolist() == [True, False, True, True]
    assert_allclose(both.likely, [0.7, 0, 0.175, 0.49])
    everyone = Membership.everyone(2)
    assert (everyone.certain.tolist(), everyone.possible.tolist()) == ([True] * 2, [True] * 2)
    assert everyone.likely.tolist() == [1, 1]


def test_classes_are_named_by_what_they_count_for():
    name = bounded._class_name
    assert name([1, 1, 1, 0, 1, 0.25]) == "certainly in the base (1), possibly counted (0.25)"
    assert name([0, 1, 0.5, 1, 1, 1]) == "possibly in the base (0.5), certainly counted (1)"
    assert name([0, 0, 0, 0, 0, 0]) == "not in the base (0), not counted (0)"


def test_reasons_name_what_decides_nothing_first():
    rule = np.array([[0], [1], [1], [0], [5]])
    lower = np.array([[0.0], [0.0], [0.1], [0.0], [0.0]])
    upper = np.array([[1.0], [1.0], [1.0], [0.9], [0.99]])
    assert bounded.reasons_of(rule, lower, upper).ravel().tolist() == [
        "the answers do not decide it",
        "the answers do not decide it",
        "fewer than 30 units",
        "",
        "fewer than 8 degrees of freedom",
    ]


@pytest.mark.parametrize(("many", "because"), [(30, ""), (29, "fewer than 30 units")])
def test_thirty_clouds_are_enough(many, because):
    who = make.banded(CORES, [3, 3, *[1, 2] * 14][:many])
    row = share_where(who, at_most={CORES: 999}).frame.iloc[0]
    assert row["imprecise_because"] == because
    assert row["status"] == ("imprecise" if because else "ok")
    assert row["lower_bound"] == row["upper_bound"] == row["value"]
    assert row["undecided"] == 0


# ---------------------------------------------------------------- predictors


def cells(*bands):
    low, high, reach = (np.array(each, dtype=float) for each in zip(*bands, strict=True))
    return Cells(low, high, reach, tuple(f"{one:g}" for one in low))


DECADES = cells((1, 9, 10), (10, 99, 100), (100, 999, 1000), (1000, INF, INF))


def test_the_expected_logarithm_of_a_band_is_that_of_a_lognormal():
    code = np.repeat([0, 1, 2, 3, -1], [4, 9, 12, 3, 2])
    found = predictors._expected_logs(DECADES, code)
    fitted = fit("lognormal", *fit_edges(DECADES), np.array([4.0, 9, 12, 3]))
    known = norm(fitted.theta[0, 0], np.exp(fitted.theta[0, 1]))
    edges = [-INF, *np.log([10, 100, 1000]), INF]
    for band in range(4):
        low, high = edges[band], edges[band + 1]
        part = quad(lambda z: z * known.pdf(z), max(low, -60), min(high, 60))[0]
        wanted = part / (known.cdf(high) - known.cdf(low))
        assert found[code == band] == pytest.approx(wanted, rel=1e-7)
    assert np.isnan(found[code == -1]).all()


def test_the_lowest_band_reaches_a_factor_of_e_down():
    code = np.repeat([0, 1, 2, 3], [40, 2, 1, 1])
    found = predictors._expected_logs(DECADES, code)
    fitted = fit("lognormal", *fit_edges(DECADES), np.array([40.0, 2, 1, 1]))
    mean, scale = fitted.theta[0, 0], np.exp(fitted.theta[0, 1])
    top = (np.log(10) - mean) / scale
    assert mean - scale * norm.pdf(top) / norm.cdf(top) < np.log(10) - 1
    assert found[0] == pytest.approx(np.log(10) - 1)
    assert np.log(1000) < found[-1] < np.log(1000) + 5


def test_where_no_lognormal_settles_the_scale_is_one():
    found = predictors._expected_logs(DECADES, np.array([2, 2, 2]))
    known = norm(np.mean(np.log([10, 100, 1000])), 1.0)  # the edges, of which the first is none
    low, high = np.log([100, 1000])
    part = quad(lambda z: z * known.pdf(z), low, high)[0] / (known.cdf(high) - known.cdf(low))
    assert found == pytest.approx([part] * 3, rel=1e-6)
    far = cells((1, 9, 10), (10**30, 10**31 - 1, 10**31), (10**31, INF, INF))
    lost = predictors._expected_logs(far, np.array([0, 0, 0]))
    assert lost == pytest.approx([np.log(10) - 0.5] * 3)  # the middle of a factor of e
    wide = cells((1, 9, 10), (10, 10**40 - 1, 10**40), (10**40, INF, INF))
    above = predictors._expected_logs(wide, np.array([2]))
    assert above == pytest.approx([40 * np.log(10) + 2.5])


def terms_of(rows, concepts):
    answers = builders.build(rows)
    sample = design(answers).sample(design(answers).asked(concepts, answered=True))
    return predictors.read_terms(sample, concepts)


ROWS = [
    {"stage": "Production", "tools": ["Ansible", "Kolla"], "size": "1 to 9"},
    {"stage": "Production", "tools": ["Ansible"], "size": "10 to 99"},
    {"stage": "Testing", "tools": ["Ansible", "Kolla"], "size": None},
    {"stage": None, "tools": ["Ansible", "Puppet"], "size": "100 or more"},
    {"stage": "Proof of concept", "tools": None, "size": "10 to 99"},
]


def test_a_choice_has_a_term_for_each_answer_but_the_most_frequent():
    found = terms_of(ROWS, ("stage",))
    assert [(term.label, term.reference) for term in found] == [
        ("Stage: Testing", "Production"),
        ("Stage: Proof of concept", "Production"),
    ]
    assert found[0].values.tolist() == [0, 0, 1, 0, 0]
    assert found[0].known.tolist() == [True, True, True, False, True]
    assert not found[0].doubling


def test_a_multiple_response_has_a_term_for_each_answer_that_some_gave():
    found = terms_of(ROWS, ("tools",))
    assert [term.label for term in found] == ["Tools: Puppet", "Tools: Kolla"]
    assert {term.reference for term in found} == {"those who did not choose it"}
    assert found[1].values.tolist() == [1, 0, 1, 0, 0]


def test_bands_are_one_term():
    (term,) = terms_of(ROWS, ("size",))
    assert (term.label, term.reference, term.doubling) == ("Size", "half of it", True)
    assert term.known.tolist() == [True, True, False, True, True]
    assert pytest.approx(np.log(2)) == predictors.DOUBLED


@pytest.mark.parametrize(("concept", "kind"), [("drivers", "ranking"), ("projects", "matrix")])
def test_rankings_and_matrices_explain_no_number(concept, kind):
    rows = [
        {"drivers": ["Innovate"], "projects": {"Nova": "Testing"}, "size": "1 to 9"},
        {"drivers": ["Other"], "projects": {"Nova": "Production"}, "size": "1 to 9"},
    ]
    with pytest.raises(EstimateError) as caught:
        terms_of(rows, (concept,))
    assert str(caught.value).splitlines() == [
        "Cannot explain a number by it",
        f"  - concept '{concept}': got a question of kind '{kind}'; expected bands, or a choice.",
    ]


# ---------------------------------------------------------------- regressions


STAGES = ("Production / Full Operational Use", "Proof of Concept")


def two_stages(many, second, organizations=None, bands=(1, 2, 3, 4)):
    rows = [
        {
            "organization": f"org {place % (organizations or many)}",
            CORES: make.label(CORES, bands[(place + place // 5) % len(bands)]),
            STAGE: STAGES[int(place < second)],
        }
        for place in range(many)
    ]
    return make.answers_of(rows)


@pytest.mark.parametrize(
    ("many", "second", "organizations", "because"),
    [
        (30, 10, 30, ""),
        (29, 10, 29, "fewer than 30 units"),
        (30, 9, 30, "fewer than 10 units on one side"),
        (30, 14, 30, ""),
        (32, 10, 8, "fewer than 8 degrees of freedom"),
        (36, 10, 9, ""),
    ],
)
def test_a_term_breaks_the_first_rule_that_it_breaks(many, second, organizations, because):
    row = regress(two_stages(many, second, organizations), CORES, STAGE).frame.iloc[0]
    assert row["imprecise_because"] == because
    assert row["status"] == ("imprecise" if because else "ok")
    assert (row["count"], row["base"]) == (second, many)
    assert row["reference"] == STAGES[0]


def test_limits_and_p_follow_from_coefficient_and_error():
    from scipy.stats import t

    row = regress(two_stages(40, 15), CORES, STAGE, level=0.9).frame.iloc[0]
    half = t.ppf(0.95, 39) * row["se"]
    assert row["coefficient_low"] == pytest.approx(row["coefficient"] - half)
    assert row["coefficient_high"] == pytest.approx(row["coefficient"] + half)
    assert row["p"] == pytest.approx(2 * t.sf(abs(row["coefficient"]) / row["se"], 39))
    for name in ("", "_low", "_high"):
        factor = {"": "value", "_low": "low", "_high": "high"}[name]
        assert row[factor] == pytest.approx(np.exp(row[f"coefficient{name}"]))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            two_stages(3, 1),
            ["answers: got 3 units that answered everything; expected more than 3, for 1 terms. "
             "Hint: leave predictors out."],
        ),
        (
            two_stages(8, 0),
            ["on: got no predictor that differs between units; expected one or more."],
        ),
        (
            two_stages(8, 4, bands=(2,)),
            ["answers: got all 8 units that answered everything in one band of 'compute_cores'; "
             "expected answers in two bands or more."],
        ),
    ],
)  # fmt: skip
def test_what_explains_nothing_is_refused(rows, said):
    with pytest.raises(EstimateError) as caught:
        regress(rows, CORES, STAGE)
    lines = [f"  - {each}" for each in said]
    assert str(caught.value).splitlines() == ["Cannot explain 'compute_cores'", *lines]


def test_two_organizations_leave_one_degree_of_freedom():
    from scipy.stats import t

    row = regress(two_stages(12, 5, 2), CORES, STAGE).frame.iloc[0]
    assert row["p"] == pytest.approx(2 * t.sf(abs(row["coefficient"]) / row["se"], 1))


def test_four_units_are_enough_for_one_term():
    assert len(regress(two_stages(4, 2), CORES, STAGE).frame) == 1
