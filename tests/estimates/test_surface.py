"""What a pandas user tries on a table of estimates."""

from dataclasses import replace
from io import StringIO

import pandas as pd
import pytest
from openpyxl import load_workbook

from survey.errors import EstimateError
from survey.estimates import median, share
from survey.estimates.examples import answers


@pytest.fixture
def table():
    return share(answers(), "deployment_stage", by=["edition", "compute_cores"])


def test_columns_by_name_and_by_list(table):
    assert table["value"].equals(table.frame["value"])
    assert list(table[["answer", "value"]]) == ["answer", "value"]


def test_an_unknown_column_is_an_error_with_a_hint(table):
    with pytest.raises(EstimateError, match="did you mean 'value'"):
        table["valeu"]
    with pytest.raises(EstimateError, match="a name of a column"):
        table[3]


def test_a_copy_of_the_frame_can_be_changed(table):
    before = table.frame.copy()
    frame = table.df
    frame["value"] = 0
    values = table["value"]
    values.iloc[0] = 7
    assert table.frame.equals(before)


def test_rows_can_be_looped_over(table):
    rows = list(table)
    assert len(rows) == len(table)
    assert rows[0].answer == table.frame["answer"].iloc[0]


def test_tables_are_equal_when_question_and_numbers_are():
    first, second = (share(answers(), "deployment_stage") for _ in range(2))
    assert first == second
    assert first != share(answers(), "deployment_stage", by="edition")
    assert first != replace(first, frame=first.frame.assign(value=0.5))
    assert first != "a table"
    with pytest.raises(TypeError):
        hash(first)


def test_wide_has_every_cell_in_its_place(table):
    wide = table.wide()
    assert wide.index.names == ["edition", "compute_cores"]
    long = table.frame.set_index(["edition", "compute_cores", "answer"])["value"]
    for key, row in wide.iterrows():
        for answer, value in row.items():
            expected = long.loc[(*key, answer)]
            assert value == expected or (pd.isna(value) and pd.isna(expected))
    assert list(wide) == list(dict.fromkeys(table.frame["answer"]))


def test_wide_without_groups_is_one_row():
    wide = share(answers(), "deployment_stage").wide("count")
    assert wide.shape == (1, 3)
    assert wide.loc["count", "Production"] == 33


def test_csv_comes_back(table, tmp_path):
    path = tmp_path / "stages.csv"
    assert table.to_csv(path) is None
    assert path.read_text(encoding="utf-8") == table.to_csv()
    again = pd.read_csv(StringIO(table.to_csv()), keep_default_na=False, na_values=[""])
    assert again["count"].tolist() == table["count"].tolist()


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    table = median(answers(), "compute_cores")
    evil = replace(table, frame=table.frame.assign(answer='=HYPERLINK("http://x")'))
    evil.to_excel(tmp_path / "book.xlsx")
    cell = load_workbook(tmp_path / "book.xlsx")["Estimates"]["A2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("write", ["to_csv", "to_excel"])
def test_no_file_is_overwritten(table, tmp_path, write):
    path = tmp_path / "thesis"
    path.write_text("mine")
    with pytest.raises(EstimateError, match="a file that exists"):
        getattr(table, write)(path)
    assert path.read_text() == "mine"


def test_markdown_escapes_what_would_be_markup():
    table = share(answers(), "deployment_stage")
    evil = replace(table, frame=table.frame.assign(answer="a|b <script> *x*"), notes=("[x](y)",))
    text = evil.to_markdown()
    assert "a\\|b \\<script\\> \\*x\\*" in text
    assert "\\[x\\](y)" in text
    assert (
        len({line.replace("\\|", "").count("|") for line in text.splitlines() if "|" in line}) == 1
    )


def test_pipe_passes_the_table_first(table):
    assert table.pipe(
        lambda given, word, times=1: (given is table, word * times), "a", times=2
    ) == (
        True,
        "aa",
    )
