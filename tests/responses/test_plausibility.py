"""What can hardly be right is named, counted and, on request alone, left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survey.errors import ResponsesError
from survey.estimates import share
from survey.exports import read_export
from survey.responses import (
    AnswerSetArray,
    Responses,
    clean,
    implausible,
    quality,
    without_implausible,
)
from survey.responses.plausibility import RULES

RAW = Path(__file__).parents[2] / "data/raw/Survey_20190831120000.csv"


@pytest.fixture(scope="module")
def answers() -> Responses:
    found = clean(read_export(RAW), key=b"k" * 32)
    return without_implausible(found)


def with_answer(answers: Responses, concept: str, row: int, value: Any) -> Responses:
    """Return the answers with another answer of one deployment, or of its respondent."""
    unit = answers.question(concept).unit
    frame = answers.frame(unit).copy()
    at = int(answers.respondent_rows[row]) if unit == "respondent" else row
    column = frame[concept]
    if isinstance(column.array, AnswerSetArray):
        codes = column.array.codes.copy()
        codes[at] = value(column.array)
        frame[concept] = pd.Series(AnswerSetArray(codes, column.dtype), index=frame.index)
    else:
        frame.loc[frame.index[at], concept] = value
    return answers.with_frame(unit, frame)


def chosen(*items: str) -> Callable[[AnswerSetArray], list[int]]:
    return lambda values: [int(item in items) for item in values.items]


def in_production(values: AnswerSetArray) -> list[int]:
    return [1] * len(values.items)


CASES: dict[str, tuple[tuple[str, Any], ...]] = {
    "more nodes than cores": (
        ("compute_cores", "10 to 99 cores"),
        ("compute_nodes", "100 to 999 nodes"),
    ),
    "more cells than nodes": (("nova_cells", "10 cells"), ("compute_nodes", "1 to 9 nodes")),
    "release newer than the answer": (("releases_in_use", chosen("Stein")),),
    "first year after the answer": (("deployment_year", "2019"),),
    "contradictory answers": (("interacting_clouds", chosen("None", "Amazon Web Services")),),
    "straight line": (("projects_used", in_production),),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_the_record_that_breaks_it(answers: Responses, rule: str) -> None:
    row = 7
    changed = answers
    for concept, value in CASES[rule]:
        changed = with_answer(changed, concept, row, value)
    if rule.endswith("after the answer") or rule.endswith("newer than the answer"):
        people = changed.respondents.copy()
        people.loc[changed.respondent_rows[row], ["created", "edited"]] = pd.Timestamp("2018-05-01")
        changed = replace(changed, respondents=people)
    found = implausible(changed)
    number = int(answers.deployments["deployment"].iloc[row])
    assert number in set(found[found["rule"] == rule]["id"])
    assert rule in set(quality(changed)["plausible"].table["rule"])
    left = without_implausible(changed, [rule])
    assert number not in set(left.deployments["deployment"])
    assert len(left.deployments) < len(changed.deployments)
    assert rule in left.provenance.steps[-1]


def test_bands_that_could_be_right_are_not_named(answers: Responses) -> None:
    fine = with_answer(answers, "compute_cores", 7, "10 to 99 cores")
    fine = with_answer(fine, "compute_nodes", 7, "10 to 99 nodes")
    found = implausible(fine)
    assert "more nodes than cores" not in set(found["rule"])


def test_nothing_is_taken_away_unasked(answers: Responses) -> None:
    changed = with_answer(answers, "compute_cores", 7, "1 to 9 cores")
    changed = with_answer(changed, "compute_nodes", 7, "100 to 999 nodes")
    table = share(changed, "compute_cores").frame
    without = share(without_implausible(changed), "compute_cores").frame
    assert table["base"].iloc[0] == without["base"].iloc[0] + 1


def test_a_rule_that_is_not_there_is_an_error(answers: Responses) -> None:
    with pytest.raises(ResponsesError, match="straight line"):
        without_implausible(answers, ["straigt line"])


def test_questions_that_are_gone_find_nothing(answers: Responses) -> None:
    gone = replace(
        answers,
        respondents=answers.respondents.iloc[:, :8],
        deployments=answers.deployments.iloc[:, :5],
    )
    assert implausible(gone).empty
    assert quality(gone)["plausible"].table.empty
    assert len({rule.name for rule in RULES}) == len(RULES)
