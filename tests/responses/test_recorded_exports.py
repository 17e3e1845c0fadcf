"""Against bytes that the real exporter wrote over known answers, kept beside these tests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from survey.codebook import Unit
from survey.exports import read_export
from survey.responses import Responses, clean, write_answers
from survey.responses.missing import Answered, answered
from survey.synthetic.dialect import image

RECORDED = Path(__file__).resolve().parents[1] / "exports/data/exporter_2018"
SETS = {
    "by heading": ("Survey_2*.csv",),
    "flat": ("Survey_Flat_*.csv",),
    "all three": ("Survey_*.csv",),
    "two windows": ("Survey_*.csv", "until_aug15/Survey_*.csv"),
}
LEVELS = {"respondents": ("survey", "SurveyID"), "deployments": ("deployment", "DeploymentID")}
UNORDERED = ("multi", "country-multi")
Record = Mapping[str, Any]


@pytest.fixture(scope="module")
def truth() -> Record:
    return json.loads((RECORDED / "truth.json").read_text(encoding="utf-8"))


def answers_in(patterns: tuple[str, ...], *, identified: bool = True) -> Responses:
    files = sorted(path for pattern in patterns for path in RECORDED.glob(pattern))
    return clean((read_export(path) for path in files), identified=identified, key=b"k" * 32)


def stored(answers: Responses, folder: Path) -> Mapping[str, Mapping[int, Record]]:
    """Return the cleaned answers in the survey system's own terms, by number."""
    write_answers(answers, folder, layout="by-heading", file_format="json")
    found = {}
    for name, (_, key) in LEVELS.items():
        rows = json.loads((folder / "2018" / f"{name}.json").read_text(encoding="utf-8"))
        found[name] = {int(row[key]): row for row in rows}
    return found


def plain(kind: str, value: Any) -> Any:
    if value is None or value in ([], {}):
        return None
    if kind in UNORDERED:
        return frozenset(value)
    return value["code"] if kind == "country" and isinstance(value, dict) else value


def differences(truth: Record, found: Mapping[str, Mapping[int, Record]]) -> Iterator[str]:
    for name, (level, key) in LEVELS.items():
        kinds = truth["classes"][level]
        for told in truth[name]:
            if not told.get("in_file", True) and told[key] not in found[name]:
                continue
            row = found[name][told[key]]
            for heading, kind in kinds.items():
                if not fine(heading, kind, told, row):
                    yield f"{name} {told[key]}, {heading}: {row.get(heading)!r}"


def fine(heading: str, kind: str, told: Record, row: Record) -> bool:
    true = plain(kind, told["answers"].get(heading))
    got, lost = plain(kind, row.get(heading)), told["lost"].get(heading)
    if heading == "IsPublic" and got is not None:
        got = str(got)
    if heading == "Email" and true is None:
        return got in (None, told["AccountEmail"])
    if kind == "checkbox" and true is None:
        return got in (None, "0")
    if got == true:
        return True
    if lost is None:
        return False
    residue = lost.get("residue")
    left = frozenset(residue) if kind == "multi" and residue else residue
    same_image = kind in ("text", "organization") and got is not None and image(got) == residue
    return got is None or got == left or same_image or heading in row["_flags"]


@pytest.mark.parametrize("patterns", SETS.values(), ids=SETS)
def test_every_answer_is_exact_or_was_destroyed_by_the_exporter(
    tmp_path: Path, truth: Record, patterns: tuple[str, ...]
) -> None:
    answers = answers_in(patterns)
    found = stored(answers, tmp_path)
    assert list(differences(truth, found)) == []
    for name, (_, key) in LEVELS.items():
        whole = {each[key] for each in truth[name] if each.get("in_file", True)}
        assert whole <= set(found[name]) <= {each[key] for each in truth[name]}
    assert answers.editions == ("2018",)


def test_an_answer_without_a_column_is_named_by_its_line(truth: Record) -> None:
    (path,) = RECORDED.glob("Survey_2*.csv")
    export = read_export(path)
    told = {e["DeploymentID"] for e in truth["deployments"] if "orphan_answer" in e["flags"]}
    surplus = export.issues.loc[export.issues["code"] == "surplus cell", "line"]
    assert {int(each) for each in export.frame.loc[surplus, "DeploymentID"]} == told
    assert told


def test_every_zero_of_a_deployment_counts_as_lost(truth: Record) -> None:
    answers = answers_in(SETS["all three"])
    kinds = answered(answers, "is_public").to_numpy()
    row = {number: at for at, number in enumerate(answers.deployments["deployment"])}
    zeros = [
        each["DeploymentID"]
        for each in truth["deployments"]
        if each["lost"].get("IsPublic", {}).get("reason") == "zero_blanked"
    ]
    assert {kinds[row[number]] for number in zeros} == {Answered.LOST.value}


def test_copies_made_by_the_migration_are_found_and_no_others(truth: Record) -> None:
    respondents = answers_in(SETS["flat"]).respondents
    copies = set(respondents.loc[respondents["copied"], "respondent"])
    told = {e["SurveyID"] for e in truth["respondents"] if "migrated_copy" in e["flags"]}
    assert copies == told
    assert told


def test_the_last_survey_is_named_and_healed_by_a_later_export() -> None:
    early = answers_in(("until_aug15/Survey_2*.csv",))
    (lost,) = early.flags.loc[early.flags["reason"] == "last survey", "id"]
    both = answers_in(("until_aug15/Survey_2*.csv", "Survey_2*.csv"))
    (left,) = both.flags.loc[both.flags["reason"] == "last survey", "id"]
    assert lost not in set(early.deployments["respondent"])
    assert lost in set(both.deployments["respondent"])
    assert left == both.respondents["respondent"].max()


def test_the_clouds_that_colleagues_describe_are_one(truth: Record) -> None:
    deployments = answers_in(SETS["by heading"]).frame(Unit.DEPLOYMENT)
    said = dict(zip(deployments["deployment"], deployments["cloud"], strict=True))
    true = {e["DeploymentID"]: e["cloud_id"] or e["DeploymentID"] for e in truth["deployments"]}
    numbers = sorted(said)
    pairs = [(a, b) for at, a in enumerate(numbers) for b in numbers[at + 1 :]]
    found = {pair for pair in pairs if said[pair[0]] == said[pair[1]]}
    real = {pair for pair in pairs if true[pair[0]] == true[pair[1]]}
    assert len(found & real) >= 0.95 * len(found)
    assert len(found & real) >= 0.8 * len(real)
