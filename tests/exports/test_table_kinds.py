"""Small files of other survey tools, one habit of a tool each, and the counts that are right."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from survey.codebook import read_codebook
from survey.errors import ExportError
from survey.estimates import share
from survey.exports import read_export
from survey.responses import Responses, clean


class Case(NamedTuple):
    """A file, what the codebook says of it, and the right counts of question ``a``."""

    question: str
    text: str
    right: dict[str, int]
    layout: str = 'respondent = "ID"'


TICKS = 'kind = "multiple"\nchoices = [{value="x", column="A1"}, {value="y", column="A2"}]'
YES_NO = 'kind = "single"\nchoices = ["Yes", "No"]'
RANKED = 'kind = "ranking"\nchoices = ["x", "y", "z"]'
BANDS = (
    'kind = "single"\nmeasure = "cores"\n'
    'choices = [{value="0-99", low=0, high=99}, {value="100+", low=100}]'
)
CASES = {
    "ticks in small and capital letters": Case(
        TICKS, "ID,A1,A2\n1,Y,\n2,y,YES\n3,,\n", {"x": 2, "y": 1, "(base)": 2}
    ),
    "ticks that say no": Case(
        TICKS,
        "ID,A1,A2\n1,1,0\n2,1.0,1.0\n3,0,0\n4,,\n",
        {"x": 2, "y": 1, "None of these": 1, "(base)": 3},
    ),
    "no is written where nobody was asked": Case(
        TICKS,
        "ID,A1,A2\n1,1,0\n2,0,0\n",
        {"x": 1, "y": 0, "(base)": 1},
        'respondent = "ID"\nnothing_ticked = ""',
    ),
    "the text of a choice in other words": Case(
        TICKS, "ID,A1,A2\n1,The x,\n2,The x,The y\n3,,The y\n", {"x": 2, "y": 2, "(base)": 3}
    ),
    "a code for what was written": Case(
        'kind = "single"\nchoices = ["x", "y", "Other"]',
        "ID,A,A[other]\n1,x,\n2,-oth-,mine\n3,,yours\n",
        {"x": 1, "y": 0, "Other": 2, "(base)": 3},
    ),
    "a column for each rank": Case(
        RANKED, "ID,A[1],A[2],A[3]\n1,x,y,z\n2,y,x,\n", {"x": 2, "y": 2, "z": 1, "(base)": 2}
    ),
    "a rank for each column": Case(
        RANKED, "ID,A - x,A - y,A - z\n1,1,2,3\n2,2.0,1.0,\n", {"x": 2, "y": 2, "z": 1, "(base)": 2}
    ),
    "a delimiter that the codebook does not name": Case(
        YES_NO, "ID;A\n1;Yes\n2;No\n", {"Yes": 1, "No": 1, "(base)": 2}
    ),
    "a sum below the records": Case(
        YES_NO, "ID,A\n1,Yes\n2,No\nTotal,2\n", {"Yes": 1, "No": 1, "(base)": 2}
    ),
    "a second heading line in another language": Case(
        YES_NO,
        "ID,A\n,Réponse\n1,Yes\n2,No\n",
        {"Yes": 1, "No": 1, "(base)": 2},
        'respondent = "ID"\nheader_rows = 2',
    ),
    "the second of three heading lines": Case(
        YES_NO,
        'Q0,Q1\nID,A\n"{""ImportId"":""x""}","{""ImportId"":""y""}"\n1,Yes\n2,No\n',
        {"Yes": 1, "No": 1, "(base)": 2},
        'respondent = "ID"\nheader_rows = 3\nheading_row = 2',
    ),
    "numbers with units and marks": Case(
        BANDS,
        'ID,A\n1,"1,024"\n2,50 cores\n3,99.5\n4,1e3\n5,abc\n',
        {"0-99": 2, "100+": 2, "Another answer": 1, "(base)": 5},
    ),
    "numbers whose mark the codebook names": Case(
        BANDS,
        "ID;A\n1;1.024\n2;7\n",
        {"0-99": 1, "100+": 1, "(base)": 2},
        'respondent = "ID"\ndecimal = ","',
    ),
    "numbers with zeros in front are names": Case(
        YES_NO, "ID,A\n007,Yes\n7,No\n", {"Yes": 1, "No": 1, "(base)": 2}
    ),
    "records that the codebook leaves out": Case(
        YES_NO,
        "ID,A,State,Seconds\n1,Yes,ok,100\n2,No,test,100\n3,No,ok,2\n4,No,,50\n",
        {"Yes": 1, "No": 0, "(base)": 1},
        'respondent = "ID"\nleave_out = [{column="State", is=["Test"]}, '
        '{column="Seconds", below=10}, {column="State", blank=true}]',
    ),
    "a country whose code means nothing was answered": Case(
        'kind = "country"',
        "ID,A\n1,NA\n2,Namibia\n3,Germany\n",
        {"Namibia": 1, "Germany": 1, "(base)": 2},
        'respondent = "ID"\nmissing = ["NA"]',
    ),
    "a list and a column for what was written": Case(
        'kind = "multiple"\nchoices = ["x", "y", "Other"]',
        "ID,A,A - Other (please specify)\n1,x;y,\n2,,mine\n3,x,also\n",
        {"x": 2, "y": 1, "Other": 2, "(base)": 3},
    ),
    "several answers in a row of a grid, one of them unlisted": Case(
        'kind = "matrix"\nmultiple = true\nchoices = ["Mon", "Tue"]\nrows = ["r1"]\n'
        'separator = ", "',
        'ID,A [r1]\n1,"Mon, Tue"\n2,Mon\n3,\n4,Wed\n',
        {"r1 / Mon": 2, "r1 / Tue": 1, "r1 / Another answer": 1, "(base)": 3},
    ),
    "an option that the codebook lacks": Case(
        'kind = "single"\nchoices = ["x", "y"]',
        "ID,A\n1,x\n2,z\n3,z\n",
        {"x": 1, "y": 0, "Another answer": 2, "(base)": 3},
    ),
}


def read(folder: Path, case: Case) -> Responses:
    toml = (
        '[edition]\nname = "own"\n[layout]\nfamily = "table"\n'
        f'{case.layout}\n[[questions]]\nconcept = "a"\nheading = "A"\ntitle = "A"\n'
        f'unit = "respondent"\n{case.question}\n'
    )
    (folder / "mine.toml").write_text(toml, "utf-8")
    (folder / "results.csv").write_text(case.text, "utf-8")
    return clean(read_export(folder / "results.csv", codebook=read_codebook(folder / "mine.toml")))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_habit_of_a_tool_is_read_right(tmp_path: Path, case: Case) -> None:
    frame = share(read(tmp_path, case), "a").frame
    counts = dict(zip(frame["answer"], frame["count"], strict=True))
    assert {**counts, "(base)": frame["base"].max()} == case.right


def test_a_number_that_can_be_two_is_doubted(tmp_path: Path) -> None:
    answers = read(tmp_path, Case(BANDS, "ID;A\n1;1.024\n2;7\n", {}))
    assert "ambiguous number" in set(answers.issues["code"])
    assert set(answers.flags["id"]) == {1}


def test_records_are_not_left_out_by_a_column_that_is_not_there(tmp_path: Path) -> None:
    layout = 'respondent = "ID"\nleave_out = [{column="Sttus", is=["x"]}]'
    with pytest.raises(ExportError, match="did you mean 'Status'"):
        read(tmp_path, Case(YES_NO, "ID,A,Status\n1,Yes,x\n", {}, layout))


def test_an_option_that_many_wrote_is_reported(tmp_path: Path) -> None:
    question = 'kind = "single"\nchoices = ["x", "Other"]'
    rows = "".join(f"{number},z\n" for number in range(6))
    answers = read(tmp_path, Case(question, f"ID,A\n9,x\n{rows}", {}))
    issue = answers.issues.set_index("code").loc["frequent write-in"]
    assert issue["touched"] == 6


def test_a_row_of_a_grid_without_a_column_is_not_available(tmp_path: Path) -> None:
    question = 'kind = "matrix"\nmultiple = true\nchoices = ["Mon", "Tue"]\nrows = ["r1", "r2"]'
    answers = read(tmp_path, Case(question, "ID,A [r1]\n1,Mon;Tue\n2,Mon\n", {}))
    status = share(answers, "a").frame.set_index("answer")["status"]
    assert set(status[["r2 / Mon", "r2 / Tue"]]) == {"not available"}
    assert "absent heading" in set(answers.issues["code"])
