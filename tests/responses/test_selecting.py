"""Selections: masks, functions and conditions by name, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Unit
from survey.errors import ResponsesError
from survey.estimates import nps, share
from survey.estimates.examples import answers

STAGE, TOOLS, CORES = "deployment_stage", "deployment_tools", "compute_cores"


def test_conditions_by_name_are_met_together():
    chosen = answers().where(deployment_stage="Testing", edition=["2019"])
    assert set(chosen.deployments[STAGE]) == {"Testing"}
    assert set(chosen.deployments["edition"]) == set(chosen.respondents["edition"]) == {"2019"}


def test_any_of_several_answers_is_enough():
    chosen = answers().where(deployment_tools=["Juju", "Kolla"])
    given = chosen.deployments[TOOLS].array
    places = [given.items.index(name) for name in ("Juju", "Kolla")]
    assert (given.codes[:, places] > 0).any(axis=1).all()
    whole = answers().deployments[TOOLS].array
    assert len(chosen.deployments) == (whole.codes[:, places] > 0).any(axis=1).sum()


def test_a_condition_on_respondents_keeps_their_deployments():
    chosen = answers().where(likelihood_to_recommend=["9", "10"])
    assert set(chosen.deployments["respondent"]) <= set(chosen.respondents["respondent"])
    assert set(chosen.respondents["likelihood_to_recommend"].astype(str)) <= {"9", "10"}
    assert 0 < len(chosen.deployments) < len(answers().deployments)


def test_a_function_is_called_with_the_table():
    chosen = answers().where(lambda table: table[STAGE] == "Testing")
    same = answers().where(answers().deployments[STAGE] == "Testing")
    pd.testing.assert_frame_equal(chosen.deployments, same.deployments)
    people = answers().where(lambda table: table["edition"] == "2018", unit="respondent")
    assert set(people.respondents["edition"]) == {"2018"}


def test_missing_entries_of_a_mask_are_false():
    mask = pd.Series(True, index=answers().deployments.index, dtype="boolean")
    mask.iloc[:5] = pd.NA
    assert len(answers().where(mask).deployments) == len(mask) - 5


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (answers().deployments[STAGE], "a column of type category"),
        (pd.Series([1, 0]), "a column of type int64"),
        (np.array(["True"]), "a mask of True and False"),
        (pd.Series([True]), "a mask of 1 rows"),
    ],
)
def test_what_is_no_mask_of_a_table_is_refused(mask, words):
    with pytest.raises(ResponsesError) as caught:
        answers().where(mask)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"deployment_stage": "Testin"}, "did you mean 'Testing'"),
        ({"deployment_stages": "Testing"}, "did you mean 'deployment_stage'"),
        ({"edition": "2020"}, "an answer to the question"),
    ],
)
def test_an_unknown_condition_is_named_with_advice(conditions, words):
    with pytest.raises(ResponsesError) as caught:
        answers().where(**conditions)
    assert words in str(caught.value)


def test_every_unknown_condition_is_reported():
    with pytest.raises(ResponsesError) as caught:
        answers().where(deployment_stage=["a", "b"], edition="2020", nonsense=1)
    assert len(caught.value.problems) == 4


def equally_many():
    """Return answers with as many respondents as deployments."""
    kept = answers().deployments["deployment"].str.endswith("-0")
    chosen = answers().where(kept)
    assert len(chosen.deployments) == len(chosen.respondents)
    return chosen


def test_a_mask_of_respondents_is_never_taken_for_one_of_deployments():
    both = equally_many()
    people = both.respondents["likelihood_to_recommend"].isin(["9", "10"])
    chosen = both.where(people)  # named like a column that respondents alone have
    assert len(chosen.respondents) == people.sum()
    with pytest.raises(ResponsesError, match="which both tables have"):
        both.where(people.rename(None))
    assert len(both.where(people.rename(None), unit="respondent").respondents) == people.sum()


def test_a_selection_is_a_domain_of_the_whole():
    groups = share(answers(), STAGE, by=CORES).frame
    for size, rows in groups.groupby(CORES, sort=False):
        alone = share(answers().where(compute_cores=str(size)), STAGE).frame
        for column in ("count", "base", "value", "se", "low", "high"):
            np.testing.assert_allclose(alone[column].astype(float), rows[column].astype(float))


def test_selections_of_selections_and_editions_stay_domains():
    twice = answers().where(compute_cores="100 to 999 cores").where(deployment_stage="Testing")
    once = answers().where(compute_cores="100 to 999 cores", deployment_stage="Testing")
    frames = [share(each, TOOLS, by="edition").frame for each in (once, twice)]
    pd.testing.assert_frame_equal(*frames)
    early = answers().where(deployment_stage="Testing").in_edition("2018")
    assert early.whole is not None
    assert set(early.whole.deployments["edition"]) == {"2018"}


def test_what_was_selected_is_said_in_title_and_notes():
    table = share(answers().where(deployment_stage="Testing"), TOOLS)
    assert "selected: Stage of the deployment: Testing" in table.title
    assert any("Stage of the deployment: Testing" in note for note in table.notes)
    named = answers().where(lambda table: table[STAGE] == "Testing", label="clouds on trial")
    assert "clouds on trial" in share(named, TOOLS).title


def test_a_filter_on_deployments_says_that_respondents_stay():
    chosen = answers().where(deployment_stage="Testing")
    assert len(chosen.respondents) == len(answers().respondents)
    assert any("this table is of all respondents" in note for note in nps(chosen).notes)
    assert not any("all respondents" in note for note in share(chosen, TOOLS).notes)


def test_without_a_condition_everything_stays():
    pd.testing.assert_frame_equal(answers().where().deployments, answers().deployments)
    assert answers().frame(Unit.RESPONDENT) is answers().respondents


def test_an_edition_has_its_own_log_and_files() -> None:
    whole = answers()
    here = replace(
        whole,
        counts={"a.csv": {"read": 1, "kept": 1}, "b.csv": {"read": 2, "kept": 2}},
        repairs=pd.DataFrame(
            {"edition": ["2018", "2019", "2019"], "file": ["a.csv", "b.csv", "b.csv"]}
        ),
        issues=pd.DataFrame({"edition": ["2018"], "file": ["a.csv"]}),
    ).in_edition("2019")
    assert here.repairs["file"].tolist() == ["b.csv", "b.csv"]
    assert here.issues.empty
    assert dict(here.counts) == {"b.csv": {"read": 2, "kept": 2}}
    assert "1 file" in repr(here)
    assert "2 repairs" in repr(here)
    assert "0 issues" in repr(here)


def test_a_selection_without_a_record_is_said_in_the_notes() -> None:
    clouds = answers().deployments
    nobody = answers().where(clouds["deployment_stage"] == "No such stage")
    said = "The selection holds no record."
    assert said in share(nobody, "deployment_stage").notes
    assert (
        said
        not in share(
            answers().where(clouds["deployment_stage"] == "Testing"), "deployment_stage"
        ).notes
    )
