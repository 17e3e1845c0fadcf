"""Both sides of every limit that the estimates draw: the last that passes, the first that fails."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import compare, crosstab, nps, share, trend
from survey.estimates.exact_note import ExactNote
from survey.estimates.examples import answers
from survey.estimates.numbers.population_size import population_size
from survey.estimates.numbers.sum_rules import SUM_REASONS, sum_rule
from survey.estimates.precision.discovery import adjusted, verdicts
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.p_values import difference_p_value

STAGE = "deployment_stage"
FEW = [False, False, False, True]


@pytest.mark.parametrize(
    ("size", "effective", "freedom", "rule"),
    [
        (30, 30, 8, ""),
        (29, 29, 8, "fewer than 30 units"),
        (30, 29.99, 8, "effective sample below 30"),
        (29, 20, 3, "fewer than 30 units"),
        (30, 30, 7.99, "fewer than 8 degrees of freedom"),
    ],
)
def test_a_sample_is_large_enough_from_thirty_units_and_eight_degrees(
    size, effective, freedom, rule
):
    assert RULES[int(too_few(size, effective, freedom))] == rule


@pytest.mark.parametrize(
    ("units", "freedom", "settled", "length", "reason"),
    [
        (10, 8, True, 1.6, ""),
        (9, 8, True, 1.6, "fewer than 10 units"),
        (10, 7.99, True, 1.6, "fewer than 8 degrees of freedom"),
        (10, 8, False, 1.6, "bands do not determine the model"),
        (10, 8, True, 1.6 + 1e-9, "interval wider than 160 % of the total"),
        (9, 7, False, 9.0, "fewer than 10 units"),
        (10, 7.99, False, 9.0, "fewer than 8 degrees of freedom"),
        (10, 8, False, 9.0, "bands do not determine the model"),
    ],
)
def test_a_sum_breaks_the_first_rule_that_it_breaks(units, freedom, settled, length, reason):
    found = sum_rule(
        np.array([units]), np.array([freedom]), np.array([settled]), np.array([length]),
        np.array([1.0]),
    )  # fmt: skip
    assert SUM_REASONS[int(found[0])] == reason


def test_a_sum_of_nothing_has_no_width():
    nothing = np.array([0.0])
    found = sum_rule(np.array([10]), np.array([9]), np.array([True]), nothing, nothing)
    assert SUM_REASONS[int(found[0])] == ""


def of_editions(earlier: int, later: int):
    """Answers of which so many deployments of 2018 and of 2019 are left, an organization each."""
    whole = answers()
    clouds = whole.deployments.assign(organization=lambda f: "o" + f["deployment"].astype(str))
    left = [clouds[clouds["edition"] == year].head(many)
            for year, many in (("2018", earlier), ("2019", later))]  # fmt: skip
    return replace(whole, deployments=pd.concat(left, ignore_index=True))


@pytest.mark.parametrize(("earlier", "later"), [(10, 10), (9, 10), (10, 9)])
def test_changes_are_tested_from_ten_on_each_side(earlier, later):
    both = of_editions(earlier, later)
    bases = share(both, STAGE, by="edition").frame.groupby("edition")["base"].first()
    assert bases.tolist() == [earlier, later]
    table = compare(both, STAGE, "2018", "2019").frame
    tested = min(earlier, later) >= 10
    assert table["p"].notna().any() == tested
    assert (table["verdict"] == "too few to test").all() == (not tested)


@pytest.mark.parametrize(("earlier", "later"), [(10, 10), (9, 10)])
def test_no_trend_is_tested_on_fewer_than_ten(earlier, later):
    table = trend(of_editions(earlier, later), STAGE).frame
    assert table["p"].notna().any() == (earlier >= 10)


@pytest.mark.parametrize(("many", "tested"), [(10, True), (9, False)])
def test_a_column_of_a_cross_table_is_tested_from_ten_on(many, tested):
    both = of_editions(20, many)
    frame = crosstab(both, [STAGE], ["edition"], stats=["share", "verdict"]).frame
    said = frame["verdict"].dropna()
    assert (said == "too few to test").any() == (not tested)


def test_a_false_discovery_rate_counts_what_was_tested():
    """Benjamini and Hochberg (1995), worked by hand: p times n over its rank, never falling."""
    p = np.array([0.5, 0.01, np.nan, 0.02, 0.04])
    assert adjusted(p)[[1, 3, 4, 0]] == pytest.approx([0.04, 0.04, 0.04 * 4 / 3, 0.5])
    assert np.isnan(adjusted(p)[2])
    words = verdicts(
        np.array([0.05, 0.05 + 1e-12, np.nan, np.nan]), 0.05, [False, False, False, True]
    )
    assert words.tolist() == ["clear change", "could be noise", "not comparable", "too few to test"]


def test_nine_and_ten_promote_and_nought_to_six_detract():
    found = {}
    people = answers().respondents
    concept = "likelihood_to_recommend"
    for score in range(11):
        column = people[concept].copy()
        column[:] = str(score)
        table = nps(replace(answers(), respondents=people.assign(**{concept: column})))
        found[score] = table.frame["value"].iloc[0]
    assert found == {score: 100.0 if score >= 9 else -100.0 if score <= 6 else 0.0
                     for score in range(11)}  # fmt: skip


@pytest.mark.parametrize(("both", "status"), [(6, "imprecise"), (7, "ok")])
def test_seven_on_both_lists_are_enough(both, status):
    whole = answers().in_edition("2019")
    known = sorted(set(whole.respondents["organization"].dropna()))
    listed = [*known[:both], "Nobody Ltd"]
    assert len(known) >= 7
    row = population_size(whole, listed=listed).frame.iloc[0]
    assert (row["on_both"], row["on_list"], row["status"]) == (both, both + 1, status)


def test_a_published_figure_is_on_the_list_of_its_edition_alone():
    whole = answers().in_edition("2019")
    years = ("2018", "2019")
    figures = [PublishedFigure(f"Company {year}", year, 10, "a page") for year in years]
    assert population_size(whole, listed=figures).frame["on_list"].tolist() == [1]


def test_a_note_from_exact_answers_is_left_out_or_reworded_for_publication():
    notes = ("Plain.", ExactNote("7 clouds are twice."), ExactNote("9 of 12.", "Some of all."))
    table = replace(share(answers(), "deployment_stage"), notes=notes)
    assert table.for_publication().notes == ("Plain.", "Some of all.")
    assert pickle.loads(pickle.dumps(notes[2])).public == "Some of all."


def test_shares_without_a_sample_are_not_tested():
    nothing = float("nan")
    found = difference_p_value([0.5, 0.5, 0.5, nothing, 0.5], [40, 0, 40, 40, 40],
                               [0.7, 0.7, 0.7, 0.7, 0.5], [50, 50, 0, 50, 50])  # fmt: skip
    assert np.isnan(found[[1, 2, 3]]).all()
    assert 0 < found[0] < 1
    assert found[4] == 1


def test_a_score_of_something_else_is_refused_with_two_of_its_answers():
    words = (
        r"answers such as \('1 to 99 cores', '100 to 999 cores'\); expected answers from 0 to 10"
    )
    with pytest.raises(EstimateError, match=words):
        nps(answers(), concept="compute_cores")
