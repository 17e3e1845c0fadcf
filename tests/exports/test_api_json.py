"""JSON of the programming interface: questions by their wording, answers joined by commas."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survey.codebook import read_codebook
from survey.errors import ExportError
from survey.exports import Export, Layout, read_editions, read_export
from survey.exports.api.form_wording import Wording, digest_of_wording
from survey.exports.layouts import LAYOUTS
from survey.responses import clean

CODEBOOK = read_codebook()
E2018 = CODEBOOK.edition("2018")


def step(*pairs: tuple[str, str]) -> dict[str, Any]:
    answers = [
        {"id": number, "question": f"<p>{question}</p>", "value": value, "step": 1}
        for number, (question, value) in enumerate(pairs)
    ]
    return {"id": 1, "name": "about-you", "state": "COMPLETE", "answers": answers}


def survey(
    number: int, *pairs: tuple[str, str], deployments: tuple[Any, ...] = (), state: str = "COMPLETE"
) -> dict[str, Any]:
    owner = {
        "id": 70 + number,
        "first_name": "Ada",
        "last_name": "Example",
        "email": "account@example.org",
    }
    return {
        "id": number,
        "last_edited": "2018-06-01 10:00:00",
        "lang": "en_US",
        "state": state,
        "owner": owner,
        "steps": [step(*pairs)],
        "entity_surveys": list(deployments),
    }


def deployment(number: int, *pairs: tuple[str, str], state: str = "SAVED") -> dict[str, Any]:
    return {"id": number, "state": state, "lang": "en_US", "steps": [step(*pairs)]}


def read(folder: Path, content: object, edition: str | None = "2018") -> Export:
    path = folder / "survey-1.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_export(path, codebook=CODEBOOK, edition=edition)


def heading(concept: str) -> str:
    """Return a name of a question that is understood, too, where its wording is not at hand."""
    return E2018.question(concept).heading


def test_one_survey_with_two_deployments(tmp_path: Path) -> None:
    sizes = "1,000 to 9,999 cores"
    tools = "Ansible, Puppet (inc. Puppet OpenStack)"
    projects = E2018.question("projects_used").rows
    used = f"{projects[0].value}:Production, {projects[1].value}:Testing"
    export = read(
        tmp_path,
        survey(
            1,
            (heading("organization_name"), "Example, AG"),
            (heading("liked_most"), "N/A"),
            (heading("organization_size"), "1,000 to 9,999 employees"),
            deployments=(
                deployment(
                    10,
                    (heading("compute_cores"), sizes),
                    (heading("deployment_tools"), tools),
                    (heading("projects_used"), used),
                    (heading("deployment_countries"), "DE, AT"),
                ),
                deployment(11, (heading("compute_cores"), "1 to 9 cores"), state="COMPLETE"),
            ),
        ),
    )
    assert (export.layout, export.edition.name, len(export)) == (Layout.API, "2018", 2)
    answers = clean(export, identified=True)
    row = answers.deployments.iloc[0]
    assert answers.respondents["organization_size"].tolist() == ["1,000 to 9,999 employees"]
    assert answers.respondents["organization_name"].tolist() == ["Example, AG"]
    assert answers.respondents["completed"].tolist() == [True]
    assert answers.deployments["completed"].tolist() == [False, True]
    assert answers.deployments["compute_cores"].tolist() == [sizes, "1 to 9 cores"]
    assert set(row["deployment_tools"]) == {
        E2018.question("deployment_tools").label_of[each] for each in tools.split(", ")
    }
    assert row["projects_used"] == {projects[0].label: "Production", projects[1].label: "Testing"}
    assert row["deployment_countries"] == ("AT", "DE")
    assert not len(answers.flags)


def test_commas_inside_answers_are_told_from_those_between(tmp_path: Path) -> None:
    values = [choice.value for choice in E2018.question("workloads").choices]
    with_commas = [value for value in values if ", " in value]
    assert len(with_commas) > 1
    export = read(
        tmp_path,
        survey(1, deployments=(deployment(10, (heading("workloads"), ", ".join(values))),)),
    )
    assert set(clean(export).deployments["workloads"][0]) == set(E2018.question("workloads").labels)


def test_several_surveys_in_one_file(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        [
            survey(1, (heading("industry"), "Finance")),
            survey(2, (heading("industry"), "Energy"), state="INCOMPLETE"),
            {**survey(3), "id": None},
        ],
    )
    assert export.counts == {"read": 3, "kept": 2, "record without key": 1}
    answers = clean(export)
    assert answers.respondents["industry"].tolist() == ["Finance", "Energy"]
    assert answers.respondents["completed"].tolist() == [True, False]


def test_a_deployment_without_a_number_is_excluded_by_reason(tmp_path: Path) -> None:
    lost = {**deployment(10, (heading("compute_cores"), "1 to 9 cores")), "id": None}
    export = read(tmp_path, survey(1, (heading("industry"), "Finance"), deployments=(lost,)))
    assert export.counts == {"read": 2, "kept": 1, "record without key": 1}
    assert export.issues["code"].tolist() == ["record without key"]


def test_the_form_s_own_wording_is_recognized(shared: Path, tmp_path: Path) -> None:
    """Every question of 2018, by the text that the form shows."""
    records = json.loads((shared / "domain/questionnaire.json").read_text(encoding="utf-8"))
    wording = Wording(E2018)
    seen = 0
    for record in records:
        question = E2018.by_heading.get(record["name"])
        if record["era"] != "survey-builder" or question is None or not record["label"]:
            continue
        if record["level"] != {"respondent": "survey"}.get(question.unit, question.unit.value):
            continue
        assert question in wording.candidates(question.unit, f"<b>{record['label']}</b> *")
        seen += 1
    assert seen > 100


def test_the_answer_before_tells_what_please_specify_is_about(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        survey(
            1,
            deployments=(
                deployment(
                    10,
                    (heading("hypervisors"), "Other Hypervisors"),
                    ("Please specify", "Bhyve"),
                    (heading("deployment_tools"), "Ansible"),
                    ("Please specify", "lost?"),
                ),
            ),
        ),
    )
    answers = clean(export)
    assert answers.deployments["hypervisors_other"].tolist() == ["Bhyve"]
    assert answers.deployments["deployment_tools_other"].tolist() == ["lost?"]


def test_a_text_that_belongs_to_no_one_question_is_reported(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        survey(
            1,
            (heading("industry"), "Finance"),
            ("Please specify", "x"),
            (heading("organization_size"), "1 to 9 employees"),
        ),
    )
    assert export.issues["code"].tolist() == ["unknown question"]


def test_the_edition_is_that_whose_questions_it_asks(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        survey(1, ("OpenStackActivitySydney", "Cloud architect"), ("IndustrySydney", "Finance")),
        edition=None,
    )
    assert export.edition.name == "2018"


def test_owner_and_account_do_not_get_out(tmp_path: Path) -> None:
    answers = clean(read(tmp_path, survey(1, (heading("industry"), "Finance"))))
    assert "Ada" not in answers.respondents.to_csv() + answers.issues.to_csv()
    assert "account@" not in answers.respondents.to_csv()


def test_json_and_csv_of_one_survey_agree_or_say_so(tmp_path: Path) -> None:
    of = LAYOUTS[Layout.BY_HEADING](E2018)
    cells = {
        "SurveyID": "1",
        "CreatedByID": "71",
        "Language": "en_US",
        "Created": "2018-05-01 10:00:00",
        "LastEdited": "2018-06-01 10:00:00",
        heading("industry"): "Finance",
        heading("organization_size"): "1 to 9 employees",
    }
    path = tmp_path / "Survey_1.csv"
    lines = [
        ",".join(each.replace(",", "-") for each in of),
        ",".join(cells.get(each, "") for each in of),
    ]
    path.write_text("\n".join(lines) + "\n")
    same = read(tmp_path, survey(1, (heading("industry"), "Finance")))
    both = clean([read_export(path), same])
    assert "contradicting exports" not in set(both.issues["code"])
    assert both.respondents["completed"].tolist() == [True]
    other = clean([read_export(path), read(tmp_path, survey(1, (heading("industry"), "Energy")))])
    assert "contradicting exports" in set(other.issues["code"])
    assert other.respondents["industry"].tolist() == ["Finance"]


FAULTS = {
    "cut": ('[{"id": 1, "steps": [', "broken JSON"),
    "counts": ('{"name": "x", "items": [], "total": 3}', "counts of answers"),
    "templates": ('[{"id": 1, "title": "2018"}]', "JSON of another kind"),
    "deep": ("[" * 100_000, "broken JSON"),
    "strange": (json.dumps(survey(1, ("What is your colour?", "red"))), "questions such as"),
    "nothing asked": (json.dumps(survey(1)), "questions such as"),
}


@pytest.mark.parametrize(("content", "says"), FAULTS.values(), ids=FAULTS)
def test_other_json_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(content)
    with pytest.raises(ExportError, match=says):
        read_export(path, codebook=CODEBOOK)


def test_markup_case_and_invitations_do_not_change_a_wording() -> None:
    assert digest_of_wording(
        "Which <i>tools</i>&nbsp;do you use? Select All That Apply"
    ) == digest_of_wording("which tools do you use?*")
    assert digest_of_wording("Which tools?") != digest_of_wording("Which tool?")


def test_missing_state_is_not_a_state(tmp_path: Path) -> None:
    content = survey(1, (heading("industry"), "Finance"))
    del content["state"]
    assert pd.isna(clean(read(tmp_path, content)).respondents["completed"][0])


SHAPES = Path(__file__).parent / "cases" / "api"


@pytest.mark.parametrize("name", sorted(path.name for path in SHAPES.iterdir()))
def test_no_answer_is_lost_in_another_shape(name: str) -> None:
    export = read_export(SHAPES / name, codebook=CODEBOOK)
    assert (len(export), export.edition.name) == (1, "2018")
    row = export.frame.iloc[0]
    assert row["Organization"] == row["Surname"] == row["Label"] == "text" or "Label" not in row
    assert row["DeploymentID"] == "101"
    given = [h for h in export.headings if row[h] and h in E2018.by_heading]
    assert len(given) == 14
    broken = name == "json_surrogate.json"
    assert export.issues["code"].tolist() == ["lone surrogate"] * broken
    assert (row["FirstName"] == "\ufffd") is broken


def numbered(content: Any) -> Any:
    """Write lists of records as PHP writes lists with gaps."""
    if isinstance(content, list):
        return {str(number): numbered(each) for number, each in enumerate(content)}
    if isinstance(content, dict):
        return {key: numbered(each) for key, each in content.items()}
    return content


def shouting(content: Any) -> Any:
    if isinstance(content, list):
        return [shouting(each) for each in content]
    if isinstance(content, dict):
        return {key.upper(): shouting(each) for key, each in content.items()}
    return content


WHOLE = [
    survey(
        number,
        (heading("organization_name"), "Example"),
        (heading("likelihood_to_recommend"), "9"),
        (heading("business_drivers"), "Save money, Avoid vendor lock-in"),
        deployments=(
            deployment(10 * number, (heading("deployment_stage"), "Proof of Concept")),
            deployment(10 * number + 1, (heading("compute_cores"), "1,000 to 9,999 cores")),
        ),
    )
    for number in (1, 2, 3)
]


@pytest.mark.parametrize(
    "shape",
    [
        numbered,
        shouting,
        lambda content: {"data": content},
        lambda content: shouting(numbered(content)),
    ],
    ids=["numbered", "capitals", "in an object", "both"],
)
def test_every_shape_says_the_same(tmp_path: Path, shape: Any) -> None:
    sound, export = read(tmp_path, WHOLE), read(tmp_path, shape(WHOLE))
    pd.testing.assert_frame_equal(export.frame, sound.frame)
    assert not len(export.issues)


def test_lines_of_json_are_a_list(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_text("\n".join(map(json.dumps, WHOLE)), encoding="utf-8")
    pd.testing.assert_frame_equal(
        read_export(path, codebook=CODEBOOK, edition="2018").frame, read(tmp_path, WHOLE).frame
    )


def changed_answer(change: Any) -> list[Any]:
    content = json.loads(json.dumps(WHOLE))
    change(content[0]["steps"][0]["answers"])
    return content


def test_values_in_other_types_are_read(tmp_path: Path) -> None:
    def change(answers: list[Any]) -> None:
        answers[1]["value"] = 9.0
        answers[2]["value"] = ["Save money", "Avoid vendor lock-in"]

    pd.testing.assert_frame_equal(
        read(tmp_path, changed_answer(change)).frame, read(tmp_path, WHOLE).frame
    )


def test_the_same_question_twice_is_named_and_the_first_answer_is_kept(tmp_path: Path) -> None:
    def change(answers: list[Any]) -> None:
        answers.append({**answers[1], "value": "2"})

    export = read(tmp_path, changed_answer(change))
    assert export.frame["NetPromoter"].tolist()[0] == "9"
    assert export.issues["code"].tolist() == ["question twice"]
    flags = clean(export).flags
    assert set(flags["concept"]) == {"likelihood_to_recommend"}


@pytest.mark.parametrize("key", ["question", "value"])
def test_an_answer_without_a_part_is_named(tmp_path: Path, key: str) -> None:
    def change(answers: list[Any]) -> None:
        del answers[1][key]

    assert "incomplete answer" in set(read(tmp_path, changed_answer(change)).issues["code"])


@pytest.mark.parametrize("part", ["steps", "entity_surveys"])
def test_a_part_that_is_no_list_is_named(tmp_path: Path, part: str) -> None:
    content = json.loads(json.dumps(WHOLE))
    content[1][part] = "see attachment"
    export = read(tmp_path, content)
    assert export.issues[["column", "code"]].to_numpy().tolist() == [[part, "unreadable part"]]


def test_a_survey_without_steps_is_kept_and_named(tmp_path: Path) -> None:
    content = json.loads(json.dumps(WHOLE))
    del content[1]["steps"]
    export = read(tmp_path, content)
    assert export.counts["kept"] == 6
    assert export.issues["code"].tolist() == ["no answers"]


def test_a_key_that_stands_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "twice.json"
    text = json.dumps(WHOLE)
    path.write_text(
        text.replace(
            '"state": "COMPLETE", "owner"', '"state": "SAVED", "state": "COMPLETE", "owner"', 1
        )
    )
    export = read_export(path, codebook=CODEBOOK, edition="2018")
    assert export.issues[["column", "code"]].to_numpy().tolist() == [["state", "key twice"]]


def test_two_answers_to_a_question_that_takes_one_are_in_doubt(tmp_path: Path) -> None:
    def change(answers: list[Any]) -> None:
        answers[1]["value"] = ["9", "2"]

    export = read(tmp_path, changed_answer(change))
    assert export.issues["code"].tolist() == ["several answers"]


def test_surveys_of_two_editions_are_divided(tmp_path: Path) -> None:
    content = json.loads(json.dumps(WHOLE))
    for each in content[1:]:
        each["last_edited"] = "2020-06-01T10:00:00+00:00"
    path = tmp_path / "both.json"
    path.write_text(json.dumps(content))
    exports = read_editions(path, codebook=CODEBOOK)
    assert [(export.edition.name, len(export)) for export in exports] == [("2018", 2), ("2020", 4)]
    assert set(exports[1].frame["LastEdited"]) == {"2020-06-01 10:00:00"}


def test_a_survey_that_says_nothing_of_deployments_is_named(tmp_path: Path) -> None:
    content = json.loads(json.dumps(WHOLE))
    content[0]["clouds"] = content[0].pop("entity_surveys")
    export = read(tmp_path, content)
    assert export.issues[["column", "code"]].to_numpy().tolist() == [
        ["entity_surveys", "no deployments"],
        ["clouds", "unreadable part"],
    ]
