"""Four public shapes of survey files: every count is that of an independent count with pandas.

The independent counts read the text of the file with ``pandas.read_csv`` and know nothing of
this package.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from survey.codebook import read_codebook
from survey.estimates import share
from survey.exports import read_export
from survey.responses import Responses, clean
from tests.exports.shape_codebooks import CODEBOOKS
from tests.exports.shapes import DAYS, LEVELS, ROLES, SIZES, TASKS, TOOLS, WRITERS, answers

Counts = dict[str, int]
SEEDS = range(6)


def read(folder: Path, shape: str, text: str) -> Responses:
    (folder / "mine.toml").write_text(CODEBOOKS[shape], "utf-8")
    (folder / "results.csv").write_bytes(text.encode())
    return clean(read_export(folder / "results.csv", codebook=read_codebook(folder / "mine.toml")))


def counts(responses: Responses, concept: str) -> Counts:
    frame = share(responses, concept).frame
    return {
        **dict(zip(frame["answer"], (int(each) for each in frame["count"]), strict=True)),
        "(base)": int(frame["base"].max()),
    }


# What pandas counts


def _frame(text: str, delimiter: str = ",", skip: tuple[int, ...] = ()) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(text), sep=delimiter, skiprows=list(skip), dtype=str, keep_default_na=False
    )


def _single(column: pd.Series, names: Mapping[str, str]) -> Counts:
    named = column.map(lambda text: names.get(text, "Other") if text else "")
    found = named[named != ""].value_counts()
    labels = dict.fromkeys([*names.values(), *found.index])
    return {**{label: int(found.get(label, 0)) for label in labels}, "(base)": int(found.sum())}


def _ticked(columns: Mapping[str, pd.Series]) -> Counts:
    ticks = pd.DataFrame(dict(columns))
    return {**ticks.sum().astype(int).to_dict(), "(base)": int(ticks.any(axis=1).sum())}


def _grid(columns: Mapping[str, pd.Series], levels: tuple[str, ...]) -> Counts:
    found = {
        f"{row} / {level}": int((column == level).sum())
        for row, column in columns.items()
        for level in levels
    }
    answered = pd.DataFrame({row: column != "" for row, column in columns.items()}).any(axis=1)
    return {**found, "(base)": int(answered.sum())}


def _loaves(column: pd.Series) -> Counts:
    numbers = pd.to_numeric(column[column != ""])
    bands = pd.cut(
        numbers, [-1, 99, 999, 10**9], labels=["up to 99", "100 to 999", "1,000 or more"]
    )
    return {**bands.value_counts().astype(int).to_dict(), "(base)": len(numbers)}


def _rest(
    often: list[str], size: str, loaves: str, score: str, frame: pd.DataFrame
) -> dict[str, Counts]:
    scores = {str(number): str(number) for number in range(11)}
    columns = {task: frame[name] for task, name in zip(TASKS, often, strict=True)}
    return {
        "often": _grid(columns, LEVELS),
        "people": _single(frame[size], {each: each for each in SIZES}),
        "loaves": _loaves(frame[loaves]),
        "likelihood_to_recommend": _single(frame[score], scores),
    }


_ROLE_NAMES = {**{role: role for role in ROLES}, "Other": "Other"}


def surveymonkey(text: str) -> dict[str, Counts]:
    frame = pd.read_csv(
        io.StringIO(text), header=None, skiprows=2, dtype=str, keep_default_na=False
    )
    names = {**{role: role for role in ROLES}, "Other (please specify)": "Other"}
    tools = {tool: frame[7 + place] != "" for place, tool in enumerate((*TOOLS, "Other"))}
    often = {task: frame[12 + place] for place, task in enumerate(TASKS)}
    scores = {str(number): str(number) for number in range(11)}
    return {
        "role": _single(frame[5], names),
        "tools": _ticked(tools),
        "often": _grid(often, LEVELS),
        "people": _single(frame[14], {each: each for each in SIZES}),
        "loaves": _loaves(frame[15]),
        "likelihood_to_recommend": _single(frame[16], scores),
    }


def qualtrics(text: str) -> dict[str, Counts]:
    frame = _frame(text).iloc[2:]
    frame = frame[(frame["Status"] != "Survey Preview") & (frame["Progress"].astype(int) >= 50)]
    tools = {
        tool: frame[f"Q2_{number}"] != "" for number, tool in enumerate((*TOOLS, "Other"), start=1)
    }
    rest = _rest(["Q3_1", "Q3_2"], "Q4", "Q5", "Q6", frame)
    return {"role": _single(frame["Q1"], _ROLE_NAMES), "tools": _ticked(tools), **rest}


def google_forms(text: str) -> dict[str, Counts]:
    frame = _frame(text)
    given = frame["Which tools do you use?"]
    tools = {tool: given.str.contains(tool, regex=False) for tool in TOOLS}
    left = given
    for tool in TOOLS:
        left = left.str.replace(tool, "", regex=False)
    tools["Other"] = left.str.strip(", ") != ""
    days = {
        f"{task} / {day}": frame[f"On which days? [{task}]"].str.contains(day, regex=False)
        for task in TASKS
        for day in DAYS
    }
    rest = _rest(
        [f"How often do you do this? [{task}]" for task in TASKS],
        "How many people work here?",
        "Loaves per day",
        "How likely are you to recommend us?",
        frame,
    )
    role = _single(frame["What is your role?"], _ROLE_NAMES)
    return {"role": role, "tools": _ticked(tools), "days": _ticked(days), **rest}


def limesurvey(text: str) -> dict[str, Counts]:
    frame = _frame(text, ";")
    codes = [f"tools[SQ{number:03}]" for number in range(1, 5)]
    tools = {tool: frame[code] == "Yes" for tool, code in zip(TOOLS, codes, strict=True)}
    tools["Other"] = frame["tools[other]"] != ""
    saw = (frame[codes] == "No").all(axis=1)
    nothing = saw & ~tools["Other"]
    if nothing.any():
        tools["None of these"] = nothing
    rest = _rest(["often[SQ001]", "often[SQ002]"], "size", "loaves", "score", frame)
    return {"role": _single(frame["role"], _ROLE_NAMES), "tools": _ticked(tools), **rest}


COUNTERS: dict[str, Callable[[str], dict[str, Counts]]] = {
    "surveymonkey": surveymonkey,
    "qualtrics": qualtrics,
    "google_forms": google_forms,
    "limesurvey": limesurvey,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", WRITERS)
def test_every_count_is_that_of_pandas(tmp_path: Path, shape: str, seed: int) -> None:
    text = WRITERS[shape](answers(seed))
    found = read(tmp_path, shape, text)
    for concept, right in COUNTERS[shape](text).items():
        assert counts(found, concept) == right, concept


@pytest.mark.parametrize("shape", WRITERS)
def test_no_column_of_a_question_is_strange(tmp_path: Path, shape: str) -> None:
    found = read(tmp_path, shape, WRITERS[shape](answers(1)))
    assert set(found.issues["code"]) <= {
        "unknown heading",
        "nothing ticked",
        "frequent write-in",
        "preview",
        "unfinished",
    }
    assert not len(found.flags)
    assert found.respondents["created"].notna().all()
