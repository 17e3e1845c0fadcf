"""Raw data of the dashboard: long files folded back to one record per survey or deployment."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Kind, Unit, read_codebook
from survey.errors import ExportError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.responses import clean

CODEBOOK = read_codebook()
E2018 = CODEBOOK.edition("2018")
WHO = {
    "1": ("Example Telco, AG", "Ada Example", "ada@example.org"),
    "2": ("Other", 'Zoe "Z" Muster', "zoe@example.com"),
    "3": ("N/A", "7003", "N/a"),
}
Line = tuple[str, str, str]


def written(*lines: Line) -> bytes:
    """Write as json2csv does: a byte order mark, texts quoted, numbers bare, no last line end."""
    buffer = io.StringIO()
    buffer.write('"SurveyId","Company","Submitter","Email","Answer"')
    for number, person, answer in lines:
        texts = ",".join('"' + text.replace('"', '""') + '"' for text in (*WHO[person], answer))
        buffer.write(f"\n{number},{texts}")
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def read(folder: Path, name: str, *lines: Line, edition: str | None = None) -> Export:
    path = folder / name
    path.write_bytes(written(*lines))
    return read_export(path, codebook=CODEBOOK, edition=edition)


def survey(folder: Path, *rows: dict[str, str]) -> Export:
    of = LAYOUTS[Layout.BY_HEADING](E2018)
    fixed = {"Created": "2018-05-01 10:00:00", "LastEdited": "2018-06-01 10:00:00"}
    lines = [",".join(heading.replace(",", "-") for heading in of)]
    lines += [",".join({**fixed, **row}.get(heading, "") for heading in of) for row in rows]
    path = folder / "Survey_1.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_export(path, codebook=CODEBOOK)


def test_the_example_of_the_dossier(shared: Path, tmp_path: Path) -> None:
    content = (shared / "domain/example_raw_data.csv").read_bytes()
    path = tmp_path / "orgsize.csv"
    path.write_bytes(content)
    export = read_export(path, edition="2019")
    assert export.layout is Layout.DASHBOARD
    answers = clean(export, identified=True)
    assert answers.respondents["respondent"].tolist() == [9001, 9003, 9005, 9007]
    assert (
        answers.respondents["organization_size"].tolist()
        == ["10,000 to 99,999 employees"] * 2 + ["1 to 9 employees"] * 2
    )
    names = answers.respondents["organization_name"]
    assert names.isna().tolist() == [False, False, False, True]
    assert names[0] == "Example Telco, AG"


@pytest.mark.parametrize(("name", "edition"), [("anything.csv", "2018"), ("x_12.csv", None)])
def test_the_answers_tell_the_question(tmp_path: Path, name: str, edition: str | None) -> None:
    export = read(
        tmp_path,
        name,
        ("1", "1", "1,000 to 9,999 employees"),
        ("2", "2", "Don’t know / not sure"),
        edition=edition,
    )
    assert export.edition.name == "2018"
    assert export.placements[0].question.concept == "organization_size"


def test_the_name_of_the_file_tells_questions_with_the_same_answers_apart(tmp_path: Path) -> None:
    lines = [("1", "1", "DE"), ("2", "2", "FR")]
    with pytest.raises(ExportError, match="user_country, primary_country"):
        read(tmp_path, "x_12.csv", *lines)
    export = read(tmp_path, "primary_country_12.csv", *lines)
    answers = clean(export)
    assert answers.respondents["primary_country"].tolist() == ["DE", "FR"]


def test_an_edition_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="fit the editions 2017, 2018, 2019"):
        read(tmp_path, "nps.csv", ("1", "1", "9"))


def test_several_answers_of_one_deployment_become_one_set(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        "workloads_13.csv",
        ("10", "1", "Big Data Analytics/ Data Mining/ Hadoop, Spark, etc."),
        ("11", "2", "Other"),
        ("10", "1", "Database: mySQL, Oracle, etc."),
        ("10", "1", "Other"),
    )
    answers = clean(export)
    assert export.counts == {"read": 4, "kept": 4}
    assert answers.deployments["deployment"].tolist() == [10, 11]
    assert set(answers.deployments["workloads"][0]) == {
        "Big Data Analytics / Data Mining / Hadoop, Spark, etc.",
        "Database: mySQL, Oracle, etc.",
        "Other",
    }
    assert (answers.respondents["respondent"] < 0).all()
    assert answers.deployments["respondent"].isin(answers.respondents["respondent"]).all()


def test_matrix_answers_name_row_and_column(tmp_path: Path) -> None:
    matrix = E2018.question("projects_used")
    one, other = matrix.rows[0], matrix.rows[5]
    export = read(
        tmp_path,
        "projects_13.csv",
        ("10", "1", f"{one.value}/Production"),
        ("10", "1", f"{other.value}/Testing"),
    )
    assert clean(export).deployments["projects_used"][0] == {
        one.label: "Production",
        other.label: "Testing",
    }


def test_a_repeated_line_counts_once_and_is_said(tmp_path: Path) -> None:
    export = read(tmp_path, "x_13.csv", ("10", "1", "KVM (x86)"), ("10", "1", "KVM (x86)"))
    assert export.counts == {"read": 2, "kept": 1, "repeated line": 1}
    assert "repeated line" in set(export.issues["code"])


def test_two_answers_to_one_question_are_uncertain(tmp_path: Path) -> None:
    export = read(
        tmp_path, "cores_13.csv", ("10", "1", "1 to 9 cores"), ("10", "1", "10 to 99 cores")
    )
    answers = clean(export)
    assert answers.deployments["compute_cores"].isna().all()
    assert set(answers.flags["concept"]) == {"compute_cores"}


def test_the_order_of_a_ranking_is_not_in_the_file(tmp_path: Path) -> None:
    drivers = [choice.value for choice in E2018.question("business_drivers").choices]
    answers = clean(read(tmp_path, "x_12.csv", *(("1", "1", each) for each in drivers)))
    assert set(answers.respondents["business_drivers"][0]) == set(
        E2018.question("business_drivers").labels
    )
    assert set(answers.flags["reason"]) == {"uncertain cell"}


def test_open_questions_give_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="open questions"):
        read(tmp_path, "liked.csv")


def test_no_answer_or_name_stands_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        read(tmp_path, "organizations.csv", ("1", "1", "Secret Example AG"), edition="2018")
    assert "Secret" not in str(caught.value)
    assert "Ada" not in str(caught.value)


def test_deployments_get_the_number_of_their_respondent_from_other_files(tmp_path: Path) -> None:
    cores = read(
        tmp_path, "cores_13.csv", ("10", "1", "1 to 9 cores"), ("20", "2", "10 to 99 cores")
    )
    size = read(tmp_path, "orgsize_12.csv", ("1", "1", "1 to 9 employees"))
    answers = clean([cores, size])
    assert answers.deployments["respondent"].tolist()[0] == 1
    assert answers.deployments["respondent"].tolist()[1] < 0
    both = clean(
        [
            cores,
            size,
            survey(
                tmp_path,
                {"SurveyID": "1", "DeploymentID": "10"},
                {"SurveyID": "2", "DeploymentID": "20"},
            ),
        ]
    )
    assert both.deployments["respondent"].tolist() == [1, 2]
    assert sorted(both.respondents["respondent"]) == [1, 2]


def test_what_the_export_lost_is_filled_from_the_dashboard(tmp_path: Path) -> None:
    """The last survey of an export has no deployments; the dashboard knows them."""
    export = survey(tmp_path, {"SurveyID": "1", "DeploymentID": "10"}, {"SurveyID": "2"})
    cores = read(
        tmp_path, "cores_13.csv", ("10", "1", "1 to 9 cores"), ("20", "2", "10 to 99 cores")
    )
    size = read(tmp_path, "orgsize_12.csv", ("2", "2", "1 to 9 employees"))
    answers = clean([export, cores, size])
    assert answers.deployments["compute_cores"].tolist() == ["1 to 9 cores", "10 to 99 cores"]
    assert answers.deployments["respondent"].tolist() == [1, 2]
    assert answers.respondents["organization_size"].tolist()[1] == "1 to 9 employees"
    assert not len(answers.flags[answers.flags["reason"] == "last survey"])


def test_a_contradiction_with_the_export_is_loud(tmp_path: Path) -> None:
    export = survey(
        tmp_path,
        {"SurveyID": "1", "DeploymentID": "10", "ComputeCores": "100 to 999 cores"},
        {"SurveyID": "2"},
    )
    answers = clean([export, read(tmp_path, "cores_13.csv", ("10", "1", "1 to 9 cores"))])
    assert answers.deployments["compute_cores"].tolist() == ["100 to 999 cores"]
    found = answers.issues[answers.issues["code"] == "contradicting exports"]
    assert found["file"].tolist() == ["cores_13.csv"]
    assert set(answers.flags["concept"]) >= {"compute_cores"}


CLOSED = [
    question
    for question in E2018.questions
    if question.kind in (Kind.SINGLE, Kind.MULTIPLE) and len(question.choices) > 2
]


@given(st.data())
def test_unnesting_is_undone(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(CLOSED))
    values = [choice.value for choice in question.choices]
    most = 1 if question.kind is Kind.SINGLE else len(values)
    sets = data.draw(
        st.dictionaries(
            st.integers(1, 10**9),
            st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True),
            min_size=1,
            max_size=6,
        )
    )
    lines = data.draw(
        st.permutations(
            [(str(number), "1", value) for number, some in sets.items() for value in some]
        )
    )
    folder = tmp_path_factory.mktemp("folded")
    answers = clean(read(folder, f"{question.concept}_12.csv", *lines))
    unit = question.unit.value
    frame = answers.deployments if question.unit is Unit.DEPLOYMENT else answers.respondents
    label = question.label_of
    found = dict(zip(frame[unit].tolist(), frame[question.concept], strict=True))
    assert {
        number: {got} if question.kind is Kind.SINGLE else set(got) for number, got in found.items()
    } == {number: {label[value] for value in some} for number, some in sets.items()}


def test_the_writer_of_these_tests_agrees_with_the_csv_module() -> None:
    rows = list(csv.reader(io.StringIO(written(("1", "2", "a, b")).decode("utf-8-sig"))))
    assert rows[1] == ["1", "Other", 'Zoe "Z" Muster', "zoe@example.com", "a, b"]
