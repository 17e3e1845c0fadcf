"""Lists of the back office: completion joined on the records' numbers, contradictions said."""

from pathlib import Path

import pandas as pd
import pytest

from survey.codebook import read_codebook
from survey.errors import ResponsesError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.responses import Responses, clean

CODEBOOK = read_codebook()
SURVEYS = (
    "ID",
    "LastEdited",
    "Created By",
    "Organization",
    "Current Step",
    "Is Completed ?",
    "Has Deployments ?",
    "Lang",
)
DEPLOYMENTS = ("ID", "LastEdited", "Created By", "Label", "Current Step", "Is Completed ?", "Lang")


def listed(folder: Path, name: str, headings: tuple[str, ...], *rows: tuple[str, ...]) -> Export:
    path = folder / name
    path.write_text("".join("\t".join(row) + "\n" for row in (headings, *rows)))
    return read_export(path, codebook=CODEBOOK)


def surveys(folder: Path, *rows: tuple[str, str, str]) -> Export:
    """Write ``surveys.csv``: number, completed, number of deployments."""
    full = [
        (
            number,
            "2018-06-01 10:00:00",
            "Ada Example",
            "Example- AG",
            "deployments",
            done,
            count,
            "en_US",
        )
        for number, done, count in rows
    ]
    return listed(folder, "surveys.csv", SURVEYS, *full)


def deployments(folder: Path, *rows: tuple[str, str]) -> Export:
    full = [
        (number, "2018-06-01 10:00:00", "Ada Example", "Prod", "projects", done, "en_US")
        for number, done in rows
    ]
    return listed(folder, "deployments.csv", DEPLOYMENTS, *full)


def answers(folder: Path, *pairs: tuple[str, str], edition: str = "2018") -> Export:
    of = LAYOUTS[Layout.BY_HEADING](CODEBOOK.edition(edition))
    lines = [",".join(heading.replace(",", "-") for heading in of)]
    for survey, deployment in pairs:
        cells = {
            "SurveyID": survey,
            "DeploymentID": deployment,
            "Language": "en_US",
            "Created": f"{edition}-05-01 10:00:00",
            "LastEdited": f"{edition}-06-01 10:00:00",
        }
        lines.append(",".join(cells.get(heading, "") for heading in of))
    path = folder / f"Survey_{edition}.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_export(path, codebook=CODEBOOK)


def completed(found: Responses, unit: str) -> dict[int, object]:
    frame = found.respondents if unit == "respondent" else found.deployments
    return {
        int(number): None if pd.isna(done) else bool(done)
        for number, done in zip(frame[unit], frame["completed"], strict=True)
    }


def test_the_lists_are_recognized_though_they_are_called_csv(tmp_path: Path) -> None:
    assert surveys(tmp_path, ("1", "1", "0")).layout is Layout.SURVEY_LIST
    assert deployments(tmp_path, ("10", "")).layout is Layout.DEPLOYMENT_LIST


def test_completion_is_joined_by_number_and_missing_where_no_list_says(tmp_path: Path) -> None:
    export = answers(tmp_path, ("1", "10"), ("2", "20"), ("2", "21"), ("3", ""))
    found = clean(
        [
            export,
            surveys(tmp_path, ("1", "1", "1"), ("2", "", "2")),
            deployments(tmp_path, ("10", "1"), ("20", "")),
        ]
    )
    assert completed(found, "respondent") == {1: True, 2: False, 3: None}
    assert completed(found, "deployment") == {10: True, 20: False, 21: None}
    assert found.respondents["completed"].dtype == "boolean"
    assert set(found.counts) == {"Survey_2018.csv", "surveys.csv", "deployments.csv"}


def test_without_a_list_there_is_no_such_column(tmp_path: Path) -> None:
    found = clean(answers(tmp_path, ("1", "10"), ("2", "")))
    assert "completed" not in found.respondents
    assert "completed" not in found.deployments


def test_a_list_adds_no_respondent(tmp_path: Path) -> None:
    """It names test surveys and surveys without answers, which no export has."""
    found = clean(
        [
            answers(tmp_path, ("1", "10"), ("2", "")),
            surveys(tmp_path, ("1", "1", "1"), ("99", "1", "3")),
        ]
    )
    assert found.respondents["respondent"].tolist() == [1, 2]
    assert "listed without answers" in set(found.issues["code"])


def test_deployments_that_the_export_lost_are_counted(tmp_path: Path) -> None:
    """The last survey of an export has none; the list knows how many there are."""
    found = clean(
        [
            answers(tmp_path, ("1", "10"), ("2", "")),
            surveys(tmp_path, ("1", "1", "1"), ("2", "1", "3")),
        ]
    )
    lost = found.issues[found.issues["code"] == "deployments missing"]
    assert lost["touched"].tolist() == [3]
    flags = found.flags[found.flags["reason"] == "deployments missing"]
    assert flags[["id", "concept"]].to_numpy().tolist() == [[2, "deployments"]]


def test_more_deployments_than_listed_is_a_contradiction(tmp_path: Path) -> None:
    found = clean(
        [answers(tmp_path, ("1", "10"), ("1", "11"), ("2", "")), surveys(tmp_path, ("1", "1", "1"))]
    )
    assert "contradicting exports" in set(found.issues["code"])


def test_one_list_serves_several_editions(tmp_path: Path) -> None:
    found = clean(
        [
            answers(tmp_path, ("1", "10"), edition="2018"),
            answers(tmp_path, ("5", "50"), edition="2019"),
            surveys(tmp_path, ("1", "1", "1"), ("5", "", "1")),
        ]
    )
    assert completed(found, "respondent") == {1: True, 5: False}


def test_an_edition_without_a_list_stays_without(tmp_path: Path) -> None:
    found = clean(
        [
            answers(tmp_path, ("1", "10"), edition="2018"),
            answers(tmp_path, ("5", "50"), edition="2019"),
            surveys(tmp_path, ("1", "1", "1")),
        ]
    )
    assert completed(found, "respondent") == {1: True, 5: None}
    assert found.respondents["completed"].dtype == "boolean"


def test_a_list_of_other_records_is_refused(tmp_path: Path) -> None:
    export = answers(tmp_path, ("1", "10"))
    with pytest.raises(ResponsesError, match="stand in no other export"):
        clean([export, surveys(tmp_path, ("77", "1", "0"))])


def test_lists_alone_are_no_answers(tmp_path: Path) -> None:
    with pytest.raises(ResponsesError, match="no export with answers"):
        clean(surveys(tmp_path, ("1", "1", "0")))


def test_tagged_texts_can_be_read_but_not_joined(tmp_path: Path) -> None:
    """The number is that of the answer, which no other file has."""
    export = listed(
        tmp_path,
        "FreeTextAnswers-What is best.csv",
        ("ID", "Answer", "Tags"),
        ("501", "it\\nworks", "stable- open"),
        ("502", "", ""),
    )
    assert export.layout is Layout.FREE_TEXT
    assert export.frame["Tags"].tolist() == ["stable- open", ""]
    with pytest.raises(ResponsesError, match="number of the answer"):
        clean([answers(tmp_path, ("1", "10")), export])
    with pytest.raises(ResponsesError, match="number of the answer"):
        clean(export)


def test_a_list_of_companies_that_contradicts_itself_is_flagged(tmp_path: Path) -> None:
    path = tmp_path / "Survey_by_companies.csv"
    path.write_text("SurveyID,Org,Email\n1,Example,a@example.org\n1,Other,a@example.org\n")
    found = clean([answers(tmp_path, ("1", "10"), ("2", "")), read_export(path)])
    assert "contradictory cells" in set(found.issues["code"])


def test_no_name_of_a_list_gets_out(tmp_path: Path) -> None:
    found = clean([answers(tmp_path, ("1", "10")), surveys(tmp_path, ("1", "1", "1"))])
    written = " ".join(
        frame.to_csv()
        for frame in (found.respondents, found.deployments, found.issues, found.repairs)
    )
    assert "Ada" not in written
    assert "Example" not in written
