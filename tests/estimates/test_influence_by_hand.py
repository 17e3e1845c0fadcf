"""What a total rests on, and means of numbers, from few answers, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from survey.errors import EstimateError
from survey.estimates import influence, mean
from survey.estimates.numbers.influence import _winsorized
from tests.estimates import band_builders as make
from tests.estimates import builders

CORES = "compute_cores"


def test_the_largest_part_counts_like_the_second_largest():
    assert _winsorized(np.array([5.0, -2, 9])) == 5 - 2 + 5
    assert _winsorized(np.array([5.0, -9, 2])) == 5 - 5 + 2
    assert _winsorized(np.array([-5.0, 9])) == -5 + 5
    assert _winsorized(np.array([5.0])) == 5
    assert _winsorized(np.array([])) == 0


def test_the_pull_of_each_organization_by_hand():
    rows = [
        {"organization": name, CORES: make.label(CORES, band)}
        for name, band in (("A", 3), ("B", 2), ("A", 2), ("C", 1), ("D", None))
    ]
    table = influence(make.answers_of(rows), CORES, most=2, family="turnbull")
    numbers = [900 * 10 / np.log(10), 900 / np.log(10), 90 / np.log(10)]
    parts = {"A": numbers[0] + numbers[1], "B": numbers[1], "C": numbers[2]}
    whole = sum(parts.values())
    frame = table.frame
    assert frame["answer"].tolist() == ["A", "B", "all others"]
    assert frame["count"].tolist() == [2, 1, 1]
    assert set(frame["base"]) == {4}
    wanted = [parts["A"], parts["B"], parts["C"]]
    assert frame["value"].tolist() == pytest.approx(wanted, abs=1e-4)
    assert frame["share_of_total"].tolist() == pytest.approx([each / whole for each in wanted])
    assert frame["without"].tolist()[:2] == pytest.approx([whole - each for each in wanted[:2]])
    assert np.isnan(frame["without"].iloc[2])
    assert f"{whole:,.0f} cores" in table.notes[1]
    assert f"it is {whole - parts['A'] + parts['B']:,.0f} (winsorized)" in table.notes[1]


@pytest.mark.parametrize("most", [0, 1001])
def test_how_many_organizations_are_shown_is_limited(most):
    with pytest.raises(EstimateError, match="expected a whole number from 1 to 1,000"):
        influence(make.banded(CORES, [1, 2]), CORES, most=most)
    assert len(influence(make.banded(CORES, [1, 2]), CORES, most=1000).frame) == 3


def test_organizations_have_no_voice_of_their_own_in_an_influence():
    with pytest.raises(EstimateError) as caught:
        influence(make.banded(CORES, [1, 2]), CORES, unit="organization")
    assert "unit: got 'organization'; expected 'deployment' or 'respondent'." in str(caught.value)


@pytest.mark.parametrize(("many", "because"), [(30, ""), (29, "fewer than 30 units")])
def test_a_mean_of_numbers_is_that_of_the_answers(many, because):
    scores = [(7 * place) % 11 for place in range(many)]
    rows = [{"score": str(score)} for score in scores] + [{"score": None}] * 2
    row = mean(builders.build(rows), "score").frame.iloc[0]
    assert row["value"] == pytest.approx(np.mean(scores))
    se = np.std(scores, ddof=1) / np.sqrt(many)
    assert row["se"] == pytest.approx(se * np.sqrt((many + 2) / (many + 1) * (many - 1) / many))
    assert (row["count"], row["base"], row["imprecise_because"]) == (many, many, because)


def test_a_mean_of_words_and_of_several_is_refused():
    rows = [{"stage": "Testing", "tools": ["Ansible"], "score": "3"}]
    for concept, said in (("stage", "numbers, or bands"), ("tools", "numbers, or bands")):
        with pytest.raises(EstimateError, match=said):
            mean(builders.build(rows), concept)
    with pytest.raises(EstimateError, match="one number per respondent or cloud"):
        mean(builders.build(rows), "score", unit="organization")
    empty = mean(builders.build([{"score": None, "stage": "Testing"}]), "score").frame.iloc[0]
    assert (empty["status"], empty["base"]) == ("empty", 0)
    assert np.isnan(empty["value"])
