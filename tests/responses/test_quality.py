"""The quality page: counts conserved, unknown things with advice that works, nobody on it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.codebook import Kind, Unit, read_codebook
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.publish import quality_page, write_quality_page
from survey.responses import Answered, Quality, Responses, answered, clean, quality
from survey.responses.quality import SECTIONS
from survey.synthetic import simulate
from tests.privacy import find_personal

HERE = Path(__file__).parent
BOOK = read_codebook()
Written = Callable[..., list[Export]]


def page_of(exports: list[Export]) -> Quality:
    return quality(clean(exports), exports)


def texts(page: Quality, tmp_path: Path) -> str:
    """Return everything that the page prints: HTML, and what a terminal shows."""
    return write_quality_page(page, tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("invented")
    files = []
    for year in ("2022", "2023"):
        made = simulate(year, respondents=60, seed=4)
        for name, content in list(made.files.items())[:2]:
            (folder / name).write_bytes(content)
            files.append(folder / name)
    return files


@pytest.fixture(scope="module")
def whole(invented: list[Path]) -> tuple[list[Export], Quality, Responses]:
    exports = [read_export(path, invented=True) for path in invented]
    answers = clean(exports)
    return exports, quality(answers, exports), answers


def survey(folder: Path, rows: int = 40, **cells: Callable[[int], str]) -> Path:
    """Write a small export of 2019: one deployment each, ``cells`` say what is in a column."""
    headings = [h.replace(",", "-") for h in LAYOUTS[Layout.BY_HEADING](BOOK.edition("2019"))]
    headings += [name for name in cells if name not in headings]
    lines = [",".join(headings)]
    for number in range(1, rows + 1):
        given = {
            "SurveyID": str(number), "CreatedByID": str(900 + number), "Language": "en_US",
            "Created": "2019-05-01 10:00:00", "LastEdited": "2019-05-02 10:00:00",
            "DeploymentID": str(5000 + number), "Organization": f"Quux {number} Ltd",
            "FirstName": f"Zaphod{number}",
        }  # fmt: skip
        given |= {name: tell(number) for name, tell in cells.items()}
        lines.append(",".join(given.get(heading, "") for heading in headings))
    path = folder / "Survey_20190831120000.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# ---------------------------------------------------------------- what it says


def test_every_section_is_there_and_has_a_name_of_its_own(whole) -> None:
    _, page, _ = whole
    names = [section.name for section in page]
    assert len(names) == len(set(names)) == len(SECTIONS)
    assert all(section.says or len(section.table) for section in page)


def test_records_are_conserved_file_by_file(whole) -> None:
    exports, page, _ = whole
    table = page["files"].table.set_index("file")
    assert table["adds_up"].all()
    for export in exports:
        row = table.loc[export.name]
        assert (row["layout"], row["edition"]) == (export.layout.value, export.edition.name)
        assert row["read"] == export.counts["read"]


def test_completeness_is_that_of_the_missing_kinds(whole) -> None:
    _, page, answers = whole
    table = page["completeness"].table
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        for edition in answers.editions:
            own = table[(table["edition"] == edition) & (table["unit"] == unit.value)]
            frame = answers.frame(unit)
            assert (own["base"] == (frame["edition"].astype(str) == edition).sum()).all()
            asked = BOOK.edition(edition).of_unit(unit)
            assert set(own["concept"]) <= {question.concept for question in asked}
    kinds = answered(answers, "roles_other").value_counts()
    row = table[table["concept"] == "roles_other"].sum(numeric_only=True)
    assert row["not_asked"] == kinds[Answered.NOT_ASKED.value] > 0
    assert row["answered"] == kinds[Answered.ANSWERED.value]
    parts = ["answered", "refused", "do_not_know", "not_answered", "not_asked", "lost"]
    assert (table[parts].sum(axis=1) == table["base"]).all()


def test_duplicates_and_carry_overs_are_those_of_the_answers(whole) -> None:
    _, page, answers = whole
    assert len(page["same_clouds"].table) == len(answers.same_clouds)
    assert len(page["carry_overs"].table) == len(answers.carry_overs)
    exact = page["carry_overs"].table["kind"] == "untouched copy"
    assert exact.sum() == answers.carry_overs["exact"].sum()


def test_a_lost_last_survey_and_a_cut_list_are_counted(shared: Path) -> None:
    path = next((shared / "fixtures/exporter_2018").glob("Survey_2*.csv"))
    page = page_of([read_export(path)])
    lost = page["lost"].table.set_index("what")["answers"]
    assert lost["deployments of the last respondent"] == 1
    cut = [what for what in lost.index if what.startswith("list cut")]
    flags = clean(read_export(path)).flags
    assert lost[cut].sum() == (flags["reason"] == "cut answer").sum()
    assert "later end date" in " ".join(page["advice"].table["do"])


def test_without_exports_it_is_the_same_but_for_how_files_were_written(whole) -> None:
    _, page, answers = whole
    bare = quality(answers)
    assert bare.findings == page.findings
    assert not {"layout", "encoding"} & set(bare["files"].table)
    assert bare["lost"].table.equals(page["lost"].table)


# ---------------------------------------------------------------- unknown, and what to do


def test_a_renamed_answer_gets_lines_for_the_codebook_that_work(tmp_path: Path) -> None:
    stages = BOOK.question("deployment_stage", "2019").choices
    new = stages[0].value.replace("Proof", "Proofs")
    assert new != stages[0].value
    heading = BOOK.question("deployment_stage", "2019").heading
    path = survey(
        tmp_path, **{heading: lambda n: new if n % 2 else stages[1].value.replace(",", "-")}
    )
    page = page_of([read_export(path)])
    (row,) = page["unknown"].table.query("what == 'answer'").to_dict("records")
    assert (row["text"], row["times"], row["did_you_mean"]) == (new, 20, stages[0].label)
    lines = page["advice"].text
    tomllib.loads(lines)
    book = tmp_path / "2019.toml"
    book.write_text(lines, encoding="utf-8")
    mended = read_codebook(book)
    again = page_of([read_export(path, codebook=mended)])
    assert again["unknown"].table.empty
    counts = (
        clean(read_export(path, codebook=mended)).deployments["deployment_stage"].value_counts()
    )
    assert counts[stages[0].label] == 20


def test_a_new_answer_that_several_gave_is_added(tmp_path: Path) -> None:
    question = BOOK.question("deployment_tools", "2019")
    path = survey(tmp_path, **{question.heading: lambda n: "Zzyzx" if n < 6 else "Chef"})
    page = page_of([read_export(path)])
    book = tmp_path / "2019.toml"
    book.write_text(page["advice"].text, encoding="utf-8")
    mended = read_codebook(book)
    found = mended.question("deployment_tools", "2019")
    assert found.labels == (*question.labels[:-1], "Zzyzx", question.labels[-1])  # before "Other"
    assert not found.confirmed
    assert page_of([read_export(path, codebook=mended)])["unknown"].table.empty


def test_an_unknown_heading_is_bound_by_the_command_that_is_advised(tmp_path: Path) -> None:
    heading = BOOK.question("compute_cores", "2019").heading
    label = BOOK.question("compute_cores", "2019").choices[2].value.replace(",", "-")
    path = survey(tmp_path, **{f"{heading}s": lambda n: label})
    text = path.read_text(encoding="utf-8").splitlines()
    place = text[0].split(",").index(heading)
    cells = [line.split(",") for line in text]
    path.write_text(
        "\n".join(",".join(c[:place] + c[place + 1 :]) for c in cells) + "\n", encoding="utf-8"
    )
    advised = page_of([read_export(path)])["advice"].table["do"].tolist()
    assert f'survey codebook bind 2019 compute_cores "{heading}s"' in advised
    mended = BOOK.bind("2019", "compute_cores", f"{heading}s")
    answers = clean(read_export(path, codebook=mended))
    assert answers.deployments["compute_cores"].notna().all()


def without(path: Path, *headings: str) -> Path:
    """Take columns out of a small file."""
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [place for place, heading in enumerate(rows[0]) if heading not in headings]
    lines = (",".join(row[place] for place in kept) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_absent_columns_come_first_and_nothing_says_that_all_is_known(tmp_path: Path) -> None:
    headings = [q.heading for q in BOOK.edition("2019").questions if q.kind is Kind.SINGLE][:12]
    path = without(survey(tmp_path), *headings)
    page = page_of([read_export(path)])
    first = page["advice"].table.iloc[0]
    assert first["do"] == f"export {path.name} again with all its columns"
    assert first["why"].startswith("12 columns are absent: ")
    assert page["unknown"].says[0].startswith("12 headings of the codebook are absent")


def test_a_second_file_with_the_columns_makes_nothing_absent(tmp_path: Path) -> None:
    heading = BOOK.question("deployment_stage", "2019").heading
    label = BOOK.question("deployment_stage", "2019").choices[0].value.replace(",", "-")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    whole = survey(tmp_path / "a", **{heading: lambda n: label})
    part = without(survey(tmp_path / "b", **{heading: lambda n: label}), heading)
    part = part.rename(tmp_path / "b" / "Survey_20190831130000.csv")
    page = page_of([read_export(whole), read_export(part)])
    assert not page["advice"].table["do"].str.contains("all its columns").any()


def test_a_renamed_heading_in_the_place_of_the_absent_one_is_bound_first(tmp_path: Path) -> None:
    heading = BOOK.question("deployment_stage", "2019").heading
    path = survey(tmp_path)
    text = path.read_text(encoding="utf-8").replace(f",{heading},", ",How far are you,", 1)
    path.write_text(text, encoding="utf-8")
    page = page_of([read_export(path)])
    advised = page["advice"].table["do"].tolist()
    assert advised[0] == 'survey codebook bind 2019 deployment_stage "How far are you"'
    assert not any("new-edition" in each or "all its columns" in each for each in advised)
    assert page["unknown"].table["did_you_mean"].tolist() == [heading]


def test_a_strange_heading_elsewhere_is_not_taken_for_the_absent_one(tmp_path: Path) -> None:
    heading = BOOK.question("deployment_stage", "2019").heading
    path = without(survey(tmp_path, **{"How far are you": lambda n: ""}), heading)
    page = page_of([read_export(path)])
    assert page["unknown"].table["did_you_mean"].tolist() == [""]
    assert "all its columns" in page["advice"].table["do"].iloc[0]


def test_a_column_that_was_sorted_by_itself_is_named(tmp_path: Path) -> None:
    heading = BOOK.question("deployment_stage", "2019").heading
    label = BOOK.question("deployment_stage", "2019").choices[0].value.replace(",", "-")
    path = survey(
        tmp_path,
        DeploymentID=lambda n: str(5000 + n) if n > 5 else "",
        **{heading: lambda n: label if n < 30 else ""},
    )
    page = page_of([read_export(path)])
    first = page["advice"].table.iloc[0]
    assert f"column {heading} no longer fits the records" in first["do"]
    assert first["why"] == "5 records have an answer, but no number of a deployment"


def test_a_column_about_respondents_that_no_longer_fits_is_named(tmp_path: Path) -> None:
    path = survey(
        tmp_path,
        SurveyID=lambda n: str(n // 2 + 1),
        CreatedByID=lambda n: str(900 + n // 2),
        FirstName=lambda n: "Ada",
        Organization=lambda n: f"Quux {n // 3} Ltd",
    )
    first = page_of([read_export(path)])["advice"].table.iloc[0]
    assert "column Organization no longer fits the records" in first["do"]
    assert "differ in it from others of their respondent" in first["why"]


def test_records_that_were_left_out_are_named_with_the_reason(tmp_path: Path) -> None:
    path = survey(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3][: lines[3].rindex("5003") + 4]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = page_of([read_export(path)])
    assert page["files"].table["excluded"].tolist() == ["1 short record"]
    steps = page["advice"].table
    step = steps[steps["do"].str.startswith(f"look at {path.name}, lines 4")].iloc[0]
    assert step["why"] == "1 record is left out: fewer cells than headings"


def test_what_can_be_a_name_is_not_shown(tmp_path: Path) -> None:
    heading = BOOK.question("deployment_stage", "2019").heading
    path = survey(tmp_path, **{heading: lambda n: f"Zaphod{n} of Quux" if n < 3 else ""})
    page = page_of([read_export(path)])
    (row,) = page["unknown"].table.to_dict("records")
    assert (row["text"], row["times"]) == ("(not shown)", 2)
    assert "Zaphod" not in texts(page, tmp_path)
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 1
    assert "Zaphod" not in result.output


# ---------------------------------------------------------------- nobody on it, one file


def personal_words(exports: list[Export]) -> set[str]:
    """Return every name, address and organization of the input."""
    words: set[str] = set()
    for export in exports:
        for placement in export.placements:
            if placement.question.personal or placement.question.kind is Kind.ORGANIZATION:
                for column in placement.columns:
                    words |= set(export.table.column(column).to_pylist())
    return {word for word in words if len(word) > 3}


def test_nobody_stands_on_it(whole, tmp_path: Path) -> None:
    exports, page, _ = whole
    check_nobody(exports, page, tmp_path)


def test_nobody_of_the_recorded_files_stands_on_it(shared: Path, tmp_path: Path) -> None:
    folder = shared / "fixtures/exporter_2018"
    exports = [read_export(path) for path in sorted(folder.glob("Survey_*.csv"))]
    check_nobody(exports, page_of(exports), tmp_path)


def check_nobody(exports: list[Export], page: Quality, folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    write_quality_page(page, out / "page.html")
    records = {section.name: section.record() for section in page}
    (out / "page.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    said = [[*section.says, section.text] for section in page]
    (out / "said.txt").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    words = personal_words(exports)
    assert len(words) > 100
    # Place names and words of the questionnaire are no secret: a city is one of the answers.
    known = {w for w in words if w.casefold() in questionnaire_words() | OWN_WORDS}
    assert find_personal(out, words - known) == []
    pseudonyms = clean(exports).respondents["organization"].dropna().unique()
    assert find_personal(out, pseudonyms) == []


OWN_WORDS = {"example", "null", "true"}
"""Words of the page itself that the recorded answers hold, too."""


def questionnaire_words() -> set[str]:
    return {
        word.casefold()
        for edition in BOOK
        for question in edition.questions
        for text in (question.title, *question.labels, *question.row_labels)
        for word in (text, *text.split())
    }


def test_the_html_page_is_one_file_that_loads_nothing(whole, tmp_path: Path) -> None:
    _, page, _ = whole
    text = texts(page, tmp_path)
    assert "<script" not in text
    assert not [mark for mark in (" src=", "@import", "url(", "<link") if mark in text]
    assert "default-src &#x27;none&#x27;" in text
    assert text.startswith(quality_page(page))  # then a mark says that we wrote the file
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert "Invented data" in text


def test_a_text_in_html_is_never_markup(whole, tmp_path: Path) -> None:
    from survey.responses.quality import Section

    _, page, _ = whole
    table = pd.DataFrame({"<b>": ["<script>alert(1)</script>"], "share": [0.5]})
    bad = Section("x", "<i>", ("<u>",), table, text="</pre><script>")
    text = quality_page(Quality((bad, *page.sections)))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_page_fits(invented: list[Path], width: int) -> None:
    files = map(str, invented[::2])
    result = CliRunner(env={"COLUMNS": str(width)}).invoke(main, ["check", *files])
    assert result.exit_code in (0, 1), result.output
    lines = result.output.splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) < 160
    assert "What to do" in lines


def test_json_has_every_section(invented: list[Path]) -> None:
    result = CliRunner().invoke(main, ["check", str(invented[0]), "--json"])
    page = json.loads(result.stdout)
    assert {make_.__name__ for make_ in SECTIONS} - {"who_answered"} <= page.keys()
    assert result.exit_code == (1 if page["findings"] else 0)
