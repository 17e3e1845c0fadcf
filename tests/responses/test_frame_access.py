"""Answers as somebody expects them who knows pandas."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.errors import ResponsesError
from survey.exports import read_export
from survey.responses import AnswerSetArray, AnswerSetDtype, Responses, clean

RAW = Path(__file__).parents[2] / "data/raw/Survey_20240831120000.csv"


@pytest.fixture(scope="module")
def answers() -> Responses:
    return clean(read_export(RAW), key=b"k" * 32)


def test_a_question_by_its_name(answers: Responses) -> None:
    pd.testing.assert_series_equal(answers["compute_cores"], answers.deployments["compute_cores"])
    pd.testing.assert_series_equal(answers["industry"], answers.respondents["industry"])


def test_several_questions_stand_on_one_unit(answers: Responses) -> None:
    both = answers[["edition", "industry", "compute_cores"]]
    assert len(both) == len(answers.deployments)
    industry = dict(
        zip(answers.respondents["respondent"], answers.respondents["industry"], strict=True)
    )
    expected = [industry[number] for number in answers.deployments["respondent"]]
    found = both["industry"].astype(object)
    assert [*found.where(found.notna(), None)] == [None if pd.isna(e) else e for e in expected]
    assert len(answers[["edition", "industry"]]) == len(answers.respondents)


def test_everything_unknown_is_named_at_once(answers: Responses) -> None:
    with pytest.raises(ResponsesError) as caught:
        answers[["compute_core", "industri", "compute_cores"]]
    assert "compute_cores" in str(caught.value)
    assert "industry" in str(caught.value)
    with pytest.raises(ResponsesError, match="where"):
        answers[answers["compute_cores"].notna()]


def test_length_truth_and_iteration(answers: Responses) -> None:
    assert len(answers) == len(answers.respondents)
    nobody = answers.where(pd.Series(False, index=answers.respondents.index))
    assert len(nobody) == 0
    assert nobody
    assert list(answers) == list(answers.concepts)
    assert "industry" in answers
    assert "nothing" not in answers


def test_the_questions_as_a_frame(answers: Responses) -> None:
    questions = answers.questions.set_index("concept")
    assert list(questions.index) == list(answers.concepts)
    for concept in ("hypervisors", "team_size", "industry", "projects_used"):
        assert questions.loc[concept, "n"] == answers.column(concept).notna().sum()
    assert questions.loc["industry", "unit"] == "respondent"
    assert set(questions["editions"]) == {"2024"}


def test_questions_are_found_by_name_title_or_choice(answers: Responses) -> None:
    found = answers.find("HYPER").set_index("concept")
    assert {"hypervisors", "hypervisors_other", "network_drivers"} <= set(found.index)
    assert "Hyper-V" in found.loc["network_drivers", "found"]
    assert answers.find("no such words").empty


@pytest.mark.parametrize(
    "concept", ["hypervisors", "team_size", "projects_used", "business_drivers"]
)
def test_one_column_per_answer(answers: Responses, concept: str) -> None:
    ticks = answers.one_hot(concept)
    column = answers.column(concept)
    assert ticks.isna().all(axis=1).equals(column.isna())
    for row in np.flatnonzero(column.notna())[:40]:
        given = set(ticks.columns[ticks.iloc[row].to_numpy(dtype=bool)])
        answer = column.iloc[row]
        if isinstance(answer, dict):
            assert given == {f"{item} / {level}" for item, level in answer.items()}
        else:
            assert given == set(answer if isinstance(answer, tuple) else (answer,))


def test_texts_have_no_columns_of_answers(answers: Responses) -> None:
    with pytest.raises(ResponsesError, match="listed answers"):
        answers.one_hot("deployment_label")


def test_one_row_per_answer(answers: Responses) -> None:
    long = answers.long("hypervisors")
    sets = answers["hypervisors"]
    assert len(long) == sum(len(each) for each in sets.dropna())
    by_cloud = long.groupby("deployment")["answer"].agg(set)
    frame = answers.deployments.set_index("deployment")["hypervisors"].dropna()
    assert by_cloud.to_dict() == {number: set(each) for number, each in frame.items()}
    matrix = answers.long("projects_used")
    assert set(matrix["level"]) == {"Production", "Testing", "Interested"}
    ranked = answers.long("business_drivers")
    first = ranked[ranked["rank"] == 1].set_index("respondent")["answer"]
    for number, drivers in zip(
        answers.respondents["respondent"], answers["business_drivers"], strict=True
    ):
        assert drivers is None or first[number] == drivers[0]
    cores = answers.long("compute_cores")
    assert len(cores) == answers["compute_cores"].notna().sum()


TOOLS = ("Ansible", "Juju", "Kolla")


@pytest.fixture
def tools() -> pd.Series:
    lists = [["Kolla", "Ansible"], [], ["Juju"]]
    return pd.Series(AnswerSetArray.from_lists(lists, TOOLS), name="tools")


def test_explode(tools: pd.Series) -> None:
    exploded = tools.explode()
    assert exploded.dropna().tolist() == ["Ansible", "Kolla", "Juju"]
    assert exploded.index.tolist() == [0, 0, 1, 2]
    frame = pd.DataFrame({"cloud": [1, 2, 3], "tools": tools}).explode("tools")
    assert frame["cloud"].tolist() == [1, 1, 2, 3]


def test_missing_answers_can_be_filled(tools: pd.Series) -> None:
    assert tools.fillna("Juju").tolist() == [("Ansible", "Kolla"), ("Juju",), ("Juju",)]
    with pytest.raises(ValueError, match="'Puppet' is none of the items"):
        tools.fillna("Puppet")
    assert tools.where([False, True, True]).tolist() == [None, None, ("Juju",)]


def test_answers_can_be_set(tools: pd.Series) -> None:
    changed = tools.copy()
    changed[1] = ("Kolla",)
    changed[0] = None
    assert changed.tolist() == [None, ("Kolla",), ("Juju",)]
    assert tools.tolist() == [("Ansible", "Kolla"), None, ("Juju",)]
    codes = np.array([[1, 0], [0, 2]], dtype=np.uint8)
    grid = pd.Series(AnswerSetArray(codes, AnswerSetDtype(["Nova", "Heat"], ["Yes", "No"])))
    grid[0] = {"Heat": "Yes"}
    assert grid.tolist() == [{"Heat": "Yes"}, {"Heat": "No"}]


@pytest.mark.parametrize("concept", ["hypervisors", "projects_used"])
def test_parquet_keeps_answer_sets(answers: Responses, concept: str) -> None:
    file = io.BytesIO()
    answers[[concept]].to_parquet(file)
    read = pd.read_parquet(io.BytesIO(file.getvalue()))[concept]
    assert isinstance(read.array, AnswerSetArray)
    original = answers[concept]
    assert read.isna().tolist() == original.isna().tolist()
    for one, other in zip(read.dropna(), original.dropna(), strict=True):
        assert one == other if isinstance(one, dict) else set(one) == set(other)
