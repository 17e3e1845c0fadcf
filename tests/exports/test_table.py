"""Files of other survey tools, read with nothing but a codebook file; up to published shares."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Family, Unit, read_codebook
from survey.errors import CodebookError, ExportError
from survey.estimates import share
from survey.exports import Export, Layout, read_export
from survey.responses import ANOTHER, clean

LANGUAGES = ["C", "C++", "HTML/CSS", "Bash/Shell (all shells)", "Python"]
DEVELOPERS = """
# One column per question, several answers joined by semicolons.
[edition]
name = "developers-2031"
title = "Developer survey 2031"

[layout]
family = "table"
respondent = "ResponseId"
separator = ";"
missing = ["NA"]

[[questions]]
concept = "branch"
heading = "MainBranch"
title = "What describes you"
kind = "single"
unit = "respondent"
choices = ["I am a developer by profession", "I code primarily as a hobby"]

[[questions]]
concept = "country"
heading = "Country"
title = "Country"
kind = "country"
unit = "respondent"

[[questions]]
concept = "languages"
heading = "LanguageHaveWorkedWith"
title = "Languages worked with"
kind = "multiple"
unit = "respondent"
choices = ["C", "C++", "HTML/CSS", "Bash/Shell (all shells)", "Python"]

[[questions]]
concept = "years"
heading = "YearsCode"
title = "Years of coding"
kind = "single"
unit = "respondent"
measure = "years"
choices = [
    { value = "Less than 1 year", low = 0, high = 0 },
    { value = "1 to 9 years", low = 1, high = 9 },
    { value = "10 years or more", low = 10 },
]
"""
ROWS = [
    ("1", "I am a developer by profession", "Germany", "C;C++;Python", "1 to 9 years", "{}"),
    ("2", "I code primarily as a hobby", "NA", "Python", "NA", 'a, "b"\nc'),
    (
        "3",
        "I am a developer by profession",
        "Korea, Republic of",
        "Bash/Shell (all shells);HTML/CSS",
        "10 years or more",
        "",
    ),
    ("4", "NA", "Germany", "NA", "Less than 1 year", ""),
    ("5", "I am a developer by profession", "Brazil", "Python;COBOL", "1 to 9 years", ""),
]
HEADINGS = ("ResponseId", "MainBranch", "Country", "LanguageHaveWorkedWith", "YearsCode", "Extra")
TWO_LINES = """
# Two heading lines: the question, and beneath it the choice that has a column of its own.
[edition]
name = "community-2032"
title = "Community survey 2032"

[layout]
family = "table"
delimiter = "semicolon"
header_rows = 2
respondent = "Respondent ID"
created = "Start Date"
time_format = "%m/%d/%Y %I:%M:%S %p"

[[questions]]
concept = "organization_name"
heading = "Which company do you work for?"
title = "Company"
kind = "organization"
unit = "respondent"

[[questions]]
concept = "happy"
heading = "Are you happy?"
title = "Happiness"
kind = "single"
unit = "respondent"
choices = ["Yes", "No"]

[[questions]]
concept = "tools"
heading = "Which tools do you use?"
title = "Tools in use"
kind = "multiple"
unit = "respondent"
choices = ["Ansible", "Puppet", { value = "Something else, or none", label = "Other" }]

[[questions]]
concept = "tools_other"
heading = "Which tools do you use? - Other (please specify)"
title = "Other tool"
kind = "text"
unit = "respondent"
write_in_of = "tools"

[[questions]]
concept = "rating"
heading = "How good is it?"
title = "Ratings"
kind = "matrix"
unit = "respondent"
choices = ["Poor", "Good"]
rows = ["Docs", "Speed"]

[[questions]]
concept = "priority"
heading = "Order these"
title = "Priorities"
kind = "ranking"
unit = "respondent"
choices = ["Cost", "Quality"]

[[questions]]
concept = "newsletter"
heading = "Newsletter?"
title = "Wants the newsletter"
kind = "checkbox"
unit = "respondent"
"""
TOP = (
    "Respondent ID",
    "Start Date",
    "Which company do you work for?",
    "Are you happy?",
    "Which tools do you use?",
    "",
    "",
    "",
    "How good is it?",
    "",
    "Order these",
    "",
    "Newsletter?",
)
SECOND = (
    "",
    "",
    "Open-Ended Response",
    "Response",
    "Ansible",
    "Puppet",
    "Something else, or none",
    "Other (please specify)",
    "Docs",
    "Speed",
    "Cost",
    "Quality",
    "Response",
)
BELOW = [
    (
        "114001",
        "05/01/2032 01:02:03 PM",
        "Example",
        "Yes",
        "Ansible",
        "",
        "",
        "",
        "Good",
        "Poor",
        "2",
        "1",
        "Yes",
    ),
    (
        "114002",
        "05/02/2032 09:00:00 AM",
        "Muster",
        "No",
        "Ansible",
        "Puppet",
        "Something else, or none",
        "make; sh",
        "",
        "Good",
        "1",
        "2",
        "No",
    ),
    ("114003", "05/03/2032 12:00:00 AM", "", "", "", "", "", "", "", "", "", "", ""),
]


def quoted(rows: list[tuple[str, ...]], separator: str) -> str:
    def cell(text: str) -> str:
        special = any(each in text for each in (separator, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if special else text

    return "".join(separator.join(map(cell, row)) + "\n" for row in rows)


def read(folder: Path, toml: str, rows: list[tuple[str, ...]], separator: str = ",") -> Export:
    (folder / "mine.toml").write_text(toml, encoding="utf-8")
    (folder / "results.csv").write_text(quoted(rows, separator), encoding="utf-8")
    return read_export(folder / "results.csv", codebook=read_codebook(folder / "mine.toml"))


def test_one_column_per_question(tmp_path: Path) -> None:
    export = read(tmp_path, DEVELOPERS, [HEADINGS, *ROWS])
    assert (export.layout, export.edition.name) == (Layout.TABLE, "developers-2031")
    assert export.edition.layout.family is Family.TABLE
    answers = clean(export)
    frame = answers.respondents
    assert frame["respondent"].tolist() == [1, 2, 3, 4, 5]
    assert frame["languages"].tolist() == [
        ("C", "C++", "Python"),
        ("Python",),
        ("HTML/CSS", "Bash/Shell (all shells)"),
        None,
        ("Python", ANOTHER),
    ]
    assert frame["country"].astype(object).where(frame["country"].notna(), None).tolist() == [
        "DE",
        None,
        "KR",
        "DE",
        "BR",
    ]
    assert frame["years"].isna().tolist() == [False, True, False, False, False]
    assert frame["years"].cat.ordered
    assert set(export.issues["code"]) == {"unknown heading"}
    assert set(answers.flags["id"]) == {5}  # COBOL was not offered


def test_the_shares_of_a_described_survey(tmp_path: Path) -> None:
    answers = clean(read(tmp_path, DEVELOPERS, [HEADINGS, *ROWS]))
    table = share(answers, "languages").frame
    value = dict(zip(table["answer"], table["value"], strict=True))
    assert value["Python"] == pytest.approx(3 / 4)
    assert value["C++"] == pytest.approx(1 / 4)
    assert set(table["base"]) == {4}
    assert set(value) == {*LANGUAGES, ANOTHER}


def test_one_column_per_choice_below_two_heading_lines(tmp_path: Path) -> None:
    export = read(tmp_path, TWO_LINES, [TOP, SECOND, *BELOW], ";")
    assert export.counts == {"read": 3, "kept": 3}
    assert not len(export.issues)
    answers = clean(export, identified=True)
    frame = answers.respondents
    assert frame["respondent"].tolist() == [114001, 114002, 114003]
    assert frame["created"].tolist() == [
        pd.Timestamp("2032-05-01 13:02:03"),
        pd.Timestamp("2032-05-02 09:00:00"),
        pd.Timestamp("2032-05-03 00:00:00"),
    ]
    assert frame["tools"].tolist() == [("Ansible",), ("Ansible", "Puppet", "Other"), None]
    assert frame["tools_other"].tolist()[1] == "make; sh"
    assert frame["rating"].tolist() == [{"Docs": "Good", "Speed": "Poor"}, {"Speed": "Good"}, None]
    assert frame["priority"].tolist() == [("Quality", "Cost"), ("Cost", "Quality"), None]
    assert [None if pd.isna(each) else bool(each) for each in frame["newsletter"]] == [
        True,
        False,
        None,
    ]
    assert frame["organization_name"].tolist()[:2] == ["Example", "Muster"]
    assert share(answers, "tools").frame["count"].sum() == 4


def test_choices_can_name_their_columns(tmp_path: Path) -> None:
    toml = """
[edition]
name = "lime"
title = "Lime"
[layout]
family = "table"
delimiter = "tab"
checked = ["Y"]
unchecked = ["N"]
[[questions]]
concept = "tools"
heading = "Q1"
title = "Tools"
kind = "multiple"
unit = "respondent"
choices = [{ value = "Ansible", column = "Q1[SQ001]" }, { value = "Puppet", column = "Q1[SQ002]" }]
[[questions]]
concept = "pets"
heading = "Q2"
title = "Pets"
kind = "multiple"
unit = "respondent"
separator = " / "
choices = ["Cat", "Dog / wolf", "a|b"]
"""
    rows = [
        ("Q1[SQ001]", "Q1[SQ002]", "Q2"),
        ("Y", "N", "Dog / wolf / Cat"),
        ("N", "Y", "a|b / Cat"),
        ("N", "?", ""),
    ]
    export = read(tmp_path, toml, rows, "\t")
    frame = clean(export).respondents
    assert frame["respondent"].tolist() == [1, 2, 3]
    # What is neither a tick nor none is an answer all the same, though nobody can say which.
    assert frame["tools"].tolist() == [("Ansible",), ("Puppet",), ("Another answer",)]
    assert frame["pets"].tolist() == [("Cat", "Dog / wolf"), ("Cat", "a|b"), None]
    assert clean(export).issues["code"].tolist() == ["unknown answer"]


def test_a_row_can_be_a_deployment(tmp_path: Path) -> None:
    toml = """
[edition]
name = "clouds"
title = "Clouds"
[layout]
family = "table"
unit = "deployment"
respondent = "who"
[[questions]]
concept = "size"
heading = "size"
title = "Size"
kind = "single"
unit = "deployment"
choices = ["big", "small"]
"""
    rows = [("who", "size"), ("R_a", "big"), ("R_b", "small"), ("R_a", "small")]
    answers = clean(read(tmp_path, toml, rows))
    assert len(answers.respondents) == 2
    assert answers.deployments["deployment"].tolist() == [1, 2, 3]
    assert answers.deployments["respondent"].nunique() == 2
    assert answers.column("size", Unit.DEPLOYMENT).tolist() == ["big", "small", "small"]


def test_names_of_records_are_the_same_number_in_every_file(tmp_path: Path) -> None:
    named = [(f"R_{row[0]}", *row[1:]) for row in ROWS]
    first = clean(read(tmp_path, DEVELOPERS, [HEADINGS, *named])).respondents["respondent"]
    again = clean(read(tmp_path, DEVELOPERS, [HEADINGS, *named[::-1]])).respondents["respondent"]
    assert sorted(first) == sorted(again)
    assert first.nunique() == 5


def test_a_record_without_its_number_and_a_repeated_one_are_excluded(tmp_path: Path) -> None:
    blank = ("", *ROWS[0][1:])
    other = ("2", *ROWS[0][1:])
    export = read(tmp_path, DEVELOPERS, [HEADINGS, *ROWS, blank, ROWS[0], other])
    assert export.counts == {"read": 8, "kept": 7, "record without key": 1}
    answers = clean(export)
    assert answers.counts["results.csv"] == {
        "read": 8,
        "kept": 5,
        "record without key": 1,
        "repeated record": 1,
        "contradictory record": 1,
    }
    assert len(answers.respondents) == 5
    assert (2, "*") in set(zip(answers.flags["id"], answers.flags["concept"], strict=True))


def test_a_cell_that_swallows_a_record_is_refused_but_one_with_lines_is_not(tmp_path: Path) -> None:
    lines = ("6", "NA", "NA", "NA", "NA", "1, one\n2, two\n3, three")
    assert len(read(tmp_path, DEVELOPERS, [HEADINGS, *ROWS, lines])) == 6
    path = tmp_path / "results.csv"
    text = path.read_text().replace("1,I am a developer", '1,"I am a developer', 1)
    path.write_text(text.replace("\n4,NA,Germany,NA", '\n4,NA",Germany,NA', 1))
    with pytest.raises(ExportError):
        read_export(path, codebook=read_codebook(tmp_path / "mine.toml"))


def test_a_file_of_another_survey_is_not_taken_for_this_one(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="not an export that the codebook knows"):
        read(tmp_path, DEVELOPERS, [("a", "b"), ("1", "2")])


FAULTS = {
    'family = "tables"': "did you mean 'table'?",
    'delimiter = "ab"': "one character or one of comma, semicolon, tab, pipe",
    "header_rows = 4": "expected 1, 2 or 3",
    'unit = "organization"': "'respondent' or 'deployment'",
    "checked = [1]": "texts in quotes",
    'seperator = ";"': "did you mean 'separator'",
    "heading_row = 2": "one of the 1 heading lines",
    'decimal = ";"': "'.' or ','",
    "quoted = 'no'": "true or false",
    "leave_out = [{ is = ['x'] }]": "no column",
    "leave_out = [{ column = 'x' }]": "no condition",
    "leave_out = [{ colunm = 'x', blank = true }]": "did you mean 'column'",
}


@pytest.mark.parametrize(("line", "says"), FAULTS.items(), ids=FAULTS)
def test_mistakes_in_the_layout_are_explained(tmp_path: Path, line: str, says: str) -> None:
    key = line.split(" = ", maxsplit=1)[0]
    kept = [each for each in DEVELOPERS.splitlines() if not each.startswith(f"{key} =")]
    toml = "\n".join(kept).replace("[layout]", f"[layout]\n{line}")
    (tmp_path / "mine.toml").write_text(toml)
    with pytest.raises(CodebookError) as caught:
        read_codebook(tmp_path / "mine.toml")
    assert says in str(caught.value)


@given(
    st.lists(st.lists(st.sampled_from(LANGUAGES), unique=True), min_size=1, max_size=10),
    st.sampled_from([";", ", ", " | ", "/"]),
)
def test_any_answers_come_back_whatever_joins_them(
    tmp_path_factory: pytest.TempPathFactory, sets: list[list[str]], separator: str
) -> None:
    toml = DEVELOPERS.replace('separator = ";"', f'separator = "{separator}"')
    rows = [
        (str(number), "NA", "NA", separator.join(some), "NA", "")
        for number, some in enumerate(sets, 1)
    ]
    export = read(tmp_path_factory.mktemp("joined"), toml, [HEADINGS, *rows])
    found = clean(export).respondents["languages"]
    assert [set(each or ()) for each in found] == [set(some) for some in sets]
