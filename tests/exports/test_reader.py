"""Reading whole files: what is recognized, mended, excluded and refused."""

from pathlib import Path

import pytest

from survey.codebook import Unit, read_codebook
from survey.errors import ExportError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.synthetic import TrueAnswers, TrueDeployment, TrueRespondent, by_heading

CODEBOOK = read_codebook()
FLAT, WHOLE = Layout.FLAT, Layout.BY_HEADING


def headings(edition: str, layout: Layout = WHOLE) -> tuple[str, ...]:
    return LAYOUTS[layout](CODEBOOK.edition(edition))


def record(of: tuple[str, ...], **cells: str) -> list[str]:
    known = {"SurveyID": "7", "Created": "2018-05-01 10:00:00", "Language": "en_US", **cells}
    assert set(known) <= set(of)
    return [known.get(heading, "") for heading in of]


def write(folder: Path, *records: list[str], of: tuple[str, ...], name: str = "x.csv") -> Path:
    lines = [",".join(heading.replace(",", "-") for heading in of), *map(",".join, records)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


def read(folder: Path, *records: list[str], of: tuple[str, ...]) -> Export:
    return read_export(write(folder, *records, of=of), codebook=CODEBOOK)


@pytest.mark.parametrize("edition", ["2017", "2018", "2019"])
@pytest.mark.parametrize("layout", [WHOLE, FLAT])
def test_layout_and_edition_are_recognized_by_content(
    tmp_path: Path, edition: str, layout: Layout
) -> None:
    of = headings(edition, layout)
    export = read(tmp_path, record(of, Created=f"{edition}-05-01 10:00:00"), of=of)
    assert (export.layout, export.edition.name) == (layout, edition)
    assert not len(export.issues)


def test_answers_of_another_year_than_the_headings_are_said(tmp_path: Path) -> None:
    of = headings("2018")
    export = read(tmp_path, record(of, Created="2019-05-01 10:00:00"), of=of)
    assert export.edition.name == "2018"
    assert export.issues["code"].tolist() == ["edition in doubt"]


@pytest.mark.parametrize("headings_moved", [("Label", "IsPublic"), ("FirstName", "Surname")])
def test_headings_out_of_place_are_named(tmp_path: Path, headings_moved: tuple[str, str]) -> None:
    of = list(headings("2018"))
    first, second = map(of.index, headings_moved)
    of[first], of[second] = of[second], of[first]
    export = read(tmp_path, record(tuple(of)), of=tuple(of))
    found = export.issues[export.issues["code"] == "heading out of place"]
    assert set(found["column"]) == set(headings_moved)


@pytest.mark.parametrize("year", range(2020, 2026))
def test_editions_with_the_same_headings_are_told_apart_by_date(tmp_path: Path, year: int) -> None:
    of = headings("2020")
    export = read(tmp_path, record(of, Created=f"{year}-03-04 05:06:07"), of=of)
    assert export.edition.name == str(year)


def test_a_surplus_cell_at_the_end_shifts_nothing(tmp_path: Path) -> None:
    of = headings("2018")
    odd = [*record(of, DeploymentID="70", ComputeCores="10 to 99 cores"), "AppFormix"]
    fine = record(of, SurveyID="8", DeploymentID="80", ComputeCores="1 to 9 cores")
    export = read(tmp_path, odd, fine, of=of)
    assert export.frame["ComputeCores"].tolist() == ["10 to 99 cores", "1 to 9 cores"]
    assert export.issues["code"].tolist() == ["surplus cell"]
    assert export.counts == {"read": 2, "kept": 2}


def test_a_shifted_record_is_put_back(tmp_path: Path) -> None:
    """A blank answer in 2017's flat export adds a cell before the deployment's."""
    of = headings("2017", FLAT)
    cells = record(of, DeploymentID="70", Label="Prod", ComputeCores="10 to 99 cores")
    at = of.index("DeploymentID")
    export = read(
        tmp_path,
        [*cells[:at], "1", *cells[at:]],
        record(of, SurveyID="9"),
        record(of, SurveyID="10"),
        of=of,
    )
    row = export.frame.iloc[0]
    assert (row["DeploymentID"], row["Label"], row["ComputeCores"]) == (
        "70",
        "Prod",
        "10 to 99 cores",
    )
    assert export.repairs["rule"].tolist() == ["shifted record put back"]


def test_a_bogus_heading_does_not_shift_the_other_records(tmp_path: Path) -> None:
    """The same blank answer in the first record puts the extra column into the heading line."""
    of = headings("2017", FLAT)
    at = of.index("DeploymentID")
    first = record(of, DeploymentID="70", ComputeCores="10 to 99 cores")
    others = [
        record(of, SurveyID=str(number), DeploymentID=str(number * 10), ComputeCores="1 to 9 cores")
        for number in (8, 9)
    ]
    path = tmp_path / "x.csv"
    lines = [[*of[:at], "OpenStackActivity - ", *of[at:]], [*first[:at], "1", *first[at:]], *others]
    path.write_text("".join(",".join(line) + "\n" for line in lines))
    export = read_export(path, codebook=CODEBOOK)
    assert export.frame["DeploymentID"].tolist() == ["70", "80", "90"]
    assert export.frame["ComputeCores"].tolist() == ["10 to 99 cores", *["1 to 9 cores"] * 2]
    assert "bogus heading" in set(export.issues["code"])


@pytest.mark.parametrize(("lacking", "dropped"), [(3, True), (2, False), (1, False)])
def test_a_bogus_heading_at_the_end_is_dropped_if_most_records_lack_its_cell(
    tmp_path: Path, lacking: int, dropped: bool
) -> None:
    of = headings("2017", FLAT)
    cells = [record(of, SurveyID=str(10 + n), DeploymentID=str(100 + n)) for n in range(4)]
    with_cell = [[*each, "1"] for each in cells[lacking:]]
    path = tmp_path / "x.csv"
    lines = [[*of, "Notes - "], *with_cell, *cells[:lacking]]
    path.write_text("".join(",".join(line) + "\n" for line in lines))
    export = read_export(path, codebook=CODEBOOK)
    assert len(export.frame) == (4 if dropped else 4 - lacking)
    assert ("bogus heading" in set(export.issues["code"])) == dropped
    assert ("Notes - " in export.headings) != dropped


def test_what_cannot_be_placed_is_excluded_by_reason(tmp_path: Path) -> None:
    of = headings("2018")
    fine = [record(of, SurveyID=str(number)) for number in (1, 2, 3)]
    export = read(tmp_path, *fine, ["4", "too", "short"], record(of, SurveyID="five"), of=of)
    assert export.counts == {"read": 5, "kept": 3, "short record": 1, "record without key": 1}
    assert export.issues[["line", "code"]].to_numpy().tolist() == [
        [5, "short record"],
        [6, "record without key"],
    ]


def test_a_lost_heading_is_refused_rather_than_shifting_everything(tmp_path: Path) -> None:
    of = headings("2018")
    rows = [record(of, SurveyID=str(number), DeploymentID="1") for number in range(4)]
    path = write(tmp_path, *rows, of=of)
    path.write_text(path.read_text().replace("ComputeNodes,", "", 1))
    with pytest.raises(ExportError, match="have another number of cells"):
        read_export(path, codebook=CODEBOOK)


def test_an_unknown_heading_gets_a_hint(tmp_path: Path) -> None:
    of = tuple("ComputeCoresCount" if each == "ComputeCores" else each for each in headings("2018"))
    export = read(tmp_path, record(of), of=of)
    messages = dict(zip(export.issues["column"], export.issues["message"], strict=True))
    assert "did you mean 'ComputeCores'?" in messages["ComputeCoresCount"]
    assert set(messages) == {"ComputeCoresCount", "ComputeCores"}


FAULTS = {
    "missing": (None, "no such file"),
    "empty": (b"", "an empty file"),
    "blank": (b"\n\n", "an empty file"),
    "workbook": (b"PK\x03\x04rest", "a workbook or zip archive"),
    "nul": (b"SurveyID,Org,Email\n1,a\0b,c\n", "a NUL byte on line 2"),
    "not a survey": (b"name,price\nbread,2\n", "among them 'name', 'price'"),
    "broken": ("SurveyID,Org,Email\n1,Zoë,x\n2,".encode() + b"\xff,y\n", "line 3"),
    "repeated": (b"SurveyID,Org,Email,Org\n1,a,b,c\n", "more than once"),
}


@pytest.mark.parametrize(("content", "says"), FAULTS.values(), ids=FAULTS)
def test_unusable_files_say_what_they_are(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "odd.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ExportError) as caught:
        read_export(path, codebook=CODEBOOK)
    assert says in str(caught.value)
    assert "odd.csv" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert content is None or path.read_bytes() == content


@pytest.mark.parametrize("encode", ["utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252"])
def test_other_encodings_read_the_same_and_say_so(tmp_path: Path, encode: str) -> None:
    text = "SurveyID,Org,Email\n1,Zoë’s,z@example.org\n"
    content = (
        b"\xff\xfe" + text.encode("utf-16-le") if encode == "utf-16-le-bom" else text.encode(encode)
    )
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    export = read_export(path, codebook=CODEBOOK)
    assert export.frame["Org"].tolist() == ["Zoë’s"]
    assert len(export.repairs) == 1


def test_every_heading_belongs_to_one_layout_and_unit() -> None:
    for edition in CODEBOOK:
        deployment = {
            heading
            for question in edition.of_unit(Unit.DEPLOYMENT)
            for heading in (question.heading, *question.flat_headings)
        }
        respondent = {question.heading for question in edition.of_unit(Unit.RESPONDENT)}
        assert not deployment & respondent


@pytest.mark.parametrize("level", ["respondent", "deployment"])
def test_a_heading_that_only_the_first_record_has_excludes_no_other(
    tmp_path: Path, level: str
) -> None:
    """An answer to a question of another edition, in the record that makes the heading line."""
    gone = {"Gone": "x"}
    cloud = TrueDeployment(2, {"Label": "prod", **(gone if level == "deployment" else {})})
    own = {"FirstName": "Ada", **(gone if level == "respondent" else {})}
    others = [
        person(number, {"FirstName": "Zoë"}, TrueDeployment(number + 1, {"Label": "test"}))
        for number in range(10, 60, 10)
    ]
    path = tmp_path / "x.csv"
    people = (person(1, own, cloud), *others)
    path.write_bytes(by_heading(TrueAnswers(CODEBOOK.edition("2019"), people)))
    export = read_export(path, codebook=CODEBOOK)
    assert export.counts == {"read": 6, "kept": 6}
    assert export.frame["DeploymentID"].tolist() == ["2", "11", "21", "31", "41", ""]
    assert export.frame["Label"].tolist() == ["prod", *["test"] * 4, ""]
    assert {"bogus heading", "surplus cell"} <= set(export.issues["code"])


def person(number: int, answers: dict[str, str], *clouds: TrueDeployment) -> TrueRespondent:
    when = "2019-05-01 10:00:00"
    return TrueRespondent(
        number, 70, "a@b.example", when, when, answers=answers, deployments=clouds
    )


@pytest.mark.parametrize(("more", "says"), [(4, "holds no answers"), (5, "is not an export")])
def test_a_table_of_counts_is_told_by_its_few_columns(tmp_path: Path, more: int, says: str) -> None:
    path = tmp_path / "export_table.csv"
    path.write_text(",".join(["0", *(f"Choice {n}" for n in range(more))]) + "\n")
    with pytest.raises(ExportError, match=says):
        read_export(path)
