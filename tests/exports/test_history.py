"""Every row of the version history of the survey system's CSV, and text that was encoded twice."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Kind, Unit, read_codebook
from survey.errors import ExportError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.exports.source.mojibake import undo_double_encoding
from survey.responses import clean

CODEBOOK = read_codebook()
E2017 = CODEBOOK.edition("2017")
TIMES = {"Created": "2017-05-01 10:00:00", "LastEdited": "2017-06-01 10:00:00"}


def headings(layout: Layout = Layout.BY_HEADING, *without: str) -> tuple[str, ...]:
    return tuple(each for each in LAYOUTS[layout](E2017) if each not in without)


def read(folder: Path, of: tuple[str, ...], *rows: dict[str, str], separator: str = ",") -> Export:
    lines = [separator.join(each.replace(",", "-") for each in of)]
    lines += [
        separator.join({"SurveyID": "7", **TIMES, **row}.get(each, "") for each in of)
        for row in rows
    ]
    path = folder / "Survey_1.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_export(path, codebook=CODEBOOK)


DRIVERS = "|".join(choice.value for choice in E2017.question("business_drivers").choices[:3])


def test_before_2017_countries_are_codes_and_there_is_no_continent(tmp_path: Path) -> None:
    of = headings(Layout.BY_HEADING, "Continent", "Language")
    export = read(tmp_path, of, {"UserCountry": "DE", "PrimaryCountry": "KR"})
    assert (export.layout, export.edition.name) == (Layout.BY_HEADING, "2017")
    answers = clean(export)
    assert answers.respondents[["user_country", "primary_country"]].to_numpy().tolist() == [
        ["DE", "KR"]
    ]
    assert answers.respondents["language"].tolist() == [""]
    assert "test surveys" in set(export.issues["code"])
    assert set(export.issues[export.issues["code"] == "absent heading"]["column"]) == {
        "Continent",
        "Language",
    }


def test_since_2017_countries_are_names(tmp_path: Path) -> None:
    export = read(tmp_path, headings(), {"UserCountry": "Korea- Republic of", "Continent": "Asia"})
    assert clean(export).respondents["user_country"].tolist() == ["KR"]
    assert not len(export.issues)


@pytest.mark.parametrize("layout", [Layout.BY_HEADING, Layout.FLAT])
def test_an_old_ranking_has_no_order(tmp_path: Path, layout: Layout) -> None:
    of = headings(layout, "Language")
    row = {"BusinessDrivers": DRIVERS} if layout is Layout.BY_HEADING else {}
    export = read(tmp_path, of, row)
    assert ("rank order lost" in set(export.issues["code"])) == bool(row)
    if row:
        assert "business_drivers" in set(clean(export).flags["concept"])


def test_a_ranking_since_september_2017_has_its_order(tmp_path: Path) -> None:
    export = read(tmp_path, headings(), {"BusinessDrivers": DRIVERS})
    answers = clean(export)
    label = E2017.question("business_drivers").label_of
    assert answers.respondents["business_drivers"][0] == tuple(
        label[value] for value in DRIVERS.split("|")
    )
    assert "business_drivers" not in set(answers.flags["concept"])


@pytest.mark.parametrize(
    ("without", "code"),
    [(("Language", "Continent"), "wrong matrix cell"), (("Language",), "matrix cells in doubt")],
)
def test_old_flat_exports_have_wrong_matrix_cells(
    tmp_path: Path, without: tuple[str, ...], code: str
) -> None:
    of = headings(Layout.FLAT, *without)
    matrix = E2017.question("projects_used")
    export = read(tmp_path, of, {"DeploymentID": "70", matrix.matrix_headings[0]: "Production"})
    assert code in set(export.issues["code"])
    flagged = "projects_used" in set(clean(export).flags["concept"])
    assert flagged == (code == "wrong matrix cell")


def test_old_flat_exports_can_have_lost_answers_with_commas(tmp_path: Path) -> None:
    export = read(tmp_path, headings(Layout.FLAT, "Language"), {"DeploymentID": "70"})
    lost = export.issues[export.issues["code"] == "columns with commas"]
    expected = {
        question.heading
        for question in E2017.questions
        if (question.flat or question.kind is Kind.MATRIX)
        and any(
            "," in part.value
            for part in (question.rows if question.kind is Kind.MATRIX else question.choices)
        )
    }
    assert expected
    assert set(lost["column"]) == expected


def test_editions_without_a_public_questionnaire_are_not_passed_off(tmp_path: Path) -> None:
    times = {"Created": "2015-11-01 10:00:00", "LastEdited": "2015-11-02 10:00:00"}
    export = read(tmp_path, headings(Layout.BY_HEADING, "Continent", "Language"), times)
    assert "edition in doubt" in set(export.issues["code"])


def test_lone_question_marks_may_be_emoji(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        headings(),
        {"FurtherEnhancement": "great ????"},
        {"SurveyID": "8", "FurtherEnhancement": "why? because"},
    )
    found = export.issues[export.issues["code"] == "lone question marks"]
    assert found[["column", "touched"]].to_numpy().tolist() == [["FurtherEnhancement", 1]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_copy_saved_with_another_separator_reads_the_same(tmp_path: Path, separator: str) -> None:
    export = read(
        tmp_path,
        headings(),
        {"DeploymentID": "70", "ComputeCores": "1-000 to 9-999 cores"},
        separator=separator,
    )
    assert clean(export).deployments["compute_cores"].tolist() == ["1,000 to 9,999 cores"]


def test_times_without_seconds_are_completed_and_other_times_reported(tmp_path: Path) -> None:
    export = read(tmp_path, headings(), {"Created": "2017-05-01 10:00", "LastEdited": "5/1/17"})
    assert export.frame["Created"].tolist() == ["2017-05-01 10:00:00"]
    assert "unreadable time" in set(export.issues["code"])


@pytest.mark.parametrize("lost", ["SurveyID", "DeploymentID"])
def test_records_without_a_number_are_refused_as_a_whole(tmp_path: Path, lost: str) -> None:
    of = headings(Layout.BY_HEADING, lost)
    with pytest.raises(ExportError, match=f"no heading '{lost}'"):
        read(tmp_path, of, {})


# Encoded twice


def twice(text: str) -> bytes:
    return text.encode().decode("latin-1").encode()


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


@given(TEXTS)
def test_text_encoded_once_is_never_touched_unless_it_looks_like_nothing_else(text: str) -> None:
    data, notes = undo_double_encoding(text.encode())
    assert bool(notes) == (data != text.encode())
    if notes:  # then every run of it was the encoding of something shorter
        assert len(data.decode()) < len(text)
        assert text.isascii() is False


@given(TEXTS, st.sampled_from(["“quoted”", "Zoë and\nJosé", "日本", "it’s"]))
def test_text_encoded_twice_comes_back(text: str, proof: str) -> None:
    data, notes = undo_double_encoding(twice(text + " " + proof))
    assert data.decode() == text + " " + proof
    assert [rule for rule, _ in notes] == ["double encoding"]


def test_what_one_person_may_have_pasted_is_no_proof(tmp_path: Path) -> None:
    of = headings()
    export = read(tmp_path, of, {"FirstName": "Zoë"}, {"FirstName": "CafÃ© naÃ¯ve"}, {})
    assert export.frame["FirstName"].tolist() == ["Zoë", "CafÃ© naÃ¯ve", ""]
    alone = read(tmp_path, of, {}, {"FirstName": "CafÃ© naÃ¯ve"})
    assert alone.frame["FirstName"].tolist() == ["", "CafÃ© naÃ¯ve"]
    for each in (export, alone):
        named = each.issues[each.issues["code"] == "double encoding in doubt"]
        assert named["line"].tolist() == [3]


def test_one_real_accent_is_proof_that_the_rest_is_meant(tmp_path: Path) -> None:
    text = "Zoë wrote ZoÃ« and it â€™s fine"
    assert undo_double_encoding(text.encode()) == (text.encode(), ())


def test_a_file_encoded_twice_matches_the_codebook_again(tmp_path: Path) -> None:
    of = headings()
    size = "Don’t know / not sure"
    good = read(tmp_path, of, {"OrgSize": size, "FirstName": "Zoë"})
    path = tmp_path / "Survey_1.csv"
    path.write_bytes(path.read_bytes().decode("cp1252").encode())
    again = read_export(path, codebook=CODEBOOK)
    assert again.frame.equals(good.frame)
    assert again.repairs["rule"].tolist() == ["double encoding"]
    answers = clean(again)
    assert answers.column("organization_size", Unit.RESPONDENT).tolist() == [
        "Don't know / not sure"
    ]
