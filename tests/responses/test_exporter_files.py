"""Against files that the real exporter wrote over known answers."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.exports import read_export
from survey.responses import Responses, clean, write_answers

FIXTURE = "fixtures/exporter_2018"
CLOSED = ("single", "multi", "ranking", "matrix", "country", "country-multi", "checkbox")
SETS = {
    "by heading": ("Survey_2*.csv",),
    "flat": ("Survey_Flat_*.csv",),
    "all three": ("Survey_*.csv",),
    "two windows": ("Survey_*.csv", "until_aug15/Survey_*.csv"),
}


def answers_in(folder: Path, patterns: tuple[str, ...], *, identified: bool) -> Responses:
    files = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return clean((read_export(path) for path in files), identified=identified, key=b"k" * 32)


@pytest.fixture(scope="module")
def score(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Responses], dict]:
    def run(answers: Responses) -> dict:
        out = tmp_path_factory.mktemp("scored")
        write_answers(answers, out, layout="by-heading", file_format="json")
        subprocess.run(
            [sys.executable, shared / "fixtures/score.py", out, "--json", out / "s.json"],
            check=True,
            capture_output=True,
        )
        return json.loads((out / "s.json").read_text())

    return run


@pytest.mark.parametrize("patterns", SETS.values(), ids=SETS)
def test_every_recoverable_answer_is_exact(
    shared: Path, score: Callable[[Responses], dict], patterns: tuple[str, ...]
) -> None:
    answers = answers_in(shared / FIXTURE, patterns, identified=True)
    result = score(answers)
    whole = result["ALL"]
    assert whole["exact"] == whole["recoverable"]
    assert (
        whole.get("rec_silent", 0) == whole.get("lost_silent", 0) == whole.get("invented", 0) == 0
    )
    assert answers.editions == ("2018",)
    assert not result["2018"]["respondents"]["rows_missing"]
    assert not result["2018"]["deployments"]["phantom_rows"]


def test_without_names_closed_answers_are_exact_and_the_rest_is_declared(
    shared: Path, score: Callable[[Responses], dict]
) -> None:
    result = score(answers_in(shared / FIXTURE, SETS["all three"], identified=False))
    for kind in CLOSED:
        assert result["total"][kind]["exact"] == result["total"][kind]["recoverable"]
    assert result["ALL"].get("rec_silent", 0) == result["ALL"].get("invented", 0) == 0


def test_an_export_with_a_later_end_date_heals_the_last_survey(shared: Path) -> None:
    early = answers_in(shared / FIXTURE, ("until_aug15/Survey_2*.csv",), identified=False)
    both = answers_in(
        shared / FIXTURE, ("until_aug15/Survey_2*.csv", "Survey_2*.csv"), identified=False
    )
    lost = early.flags[early.flags["reason"] == "last survey"]["id"].tolist()
    assert len(lost) == 1
    assert lost[0] not in set(early.deployments["respondent"])
    assert lost[0] in set(both.deployments["respondent"])
    assert lost[0] not in both.flags[both.flags["reason"] == "last survey"]["id"].tolist()


def test_names_do_not_stay(shared: Path) -> None:
    clear = answers_in(shared / FIXTURE, SETS["by heading"], identified=True)
    hidden = answers_in(shared / FIXTURE, SETS["by heading"], identified=False)
    for concept in ("first_name", "surname", "email", "member", "organization_name"):
        named = set(clear.respondents[concept].dropna())
        assert named
        assert not named & set(hidden.respondents[concept].dropna())


def test_pseudonyms_depend_on_the_key_alone(shared: Path) -> None:
    export = read_export(next((shared / FIXTURE).glob("Survey_2*.csv")))
    first, again, other = (clean(export, key=key) for key in (b"a" * 32, b"a" * 32, b"b" * 32))
    columns = ["organization", "member", "email"]
    assert first.respondents[columns].equals(again.respondents[columns])
    assert not (set(first.respondents["organization"]) & set(other.respondents["organization"]))
