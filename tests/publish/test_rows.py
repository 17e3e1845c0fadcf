"""The one reading of a table: what a status lets through, and what every output makes of it."""

import math
from itertools import product

import pandas as pd
import pytest

from survey.estimates import share
from survey.estimates.examples import answers
from survey.estimates.table import Status
from survey.publish.charts import figure_for
from survey.publish.charts.registry import KINDS
from survey.publish.rows import Row, bounds_of, reading_once, record_of, records_of, rows_of
from survey.publish.statuses import STATUSES, words_of
from survey.publish.workbook import symbols
from tests.publish import workbook_builders as make

FIGURES = ("count", "value", "low", "high")


def table_of(status: str):
    row = make.share_row("Answer", 0.25, 80.0) | {"status": status, "lower_bound": 0.1}
    return make.table("one", [row])


@pytest.mark.parametrize("status", [str(each) for each in Status])
def test_a_status_lets_numbers_through_or_not(status):
    (row,) = rows_of(table_of(status))
    usable = status in ("ok", "imprecise")
    assert row.has_value is usable
    kept = {"below": {"high"}, "above": {"low"}}.get(status, set(FIGURES) if usable else set())
    assert {name for name in FIGURES if getattr(row, name) is not None} == kept
    assert (bounds_of(row) is not None) is usable
    if status in ("suppressed", "below", "above"):
        assert "lower_bound" not in row.more


@pytest.mark.parametrize(
    "status", [each for each in ("not offered", "not available") if each in list(Status)]
)
def test_nobody_is_the_base_of_what_was_not_asked(status):
    row = make.share_row("Answer", 0.0, 10.0, status) | {"count": 0, "base": 0}
    (read,) = rows_of(make.table("one", [row]))
    assert read.count is None
    assert read.base is None


def test_every_status_has_words_of_its_own_and_none_reads_as_a_number():
    assert {str(each) for each in Status} <= set(STATUSES)
    without = [words for status, words in STATUSES.items() if status not in ("ok", "imprecise")]
    reasons = [words.reason for words in without]
    assert len(set(reasons)) == len(reasons)
    for words in without:
        assert words.reason
        assert not any(char.isdigit() for char in words.reason + words.symbol + words.sign)


@pytest.mark.parametrize(
    ("status", "chart"), list(product([s for s in STATUSES if s in list(Status)], ["bars"]))
)
def test_a_chart_says_the_word_of_a_status(status, chart):
    rows = [make.share_row("Shown", 0.5, 80.0), make.share_row("Other thing", 0.2, 80.0, status)]
    drawn = figure_for(make.table("two", rows), chart)
    said = " ".join(str(note.text) for note in drawn.layout.annotations)
    expected = "" if status in ("ok", "imprecise") else words_of(status).reason
    assert expected in said
    assert symbols.symbol_of(status) == words_of(status).symbol


def test_records_have_the_columns_of_the_table():
    for table in make.everything().tables.values():
        columns = list(table.frame.columns)
        for record, row in zip(records_of(table), rows_of(table), strict=True):
            assert list(record) == columns
            assert record_of(table, row) == record


def test_numbers_are_read_exactly():
    table = make.releases_by_edition()
    frame = pd.DataFrame(records_of(table))
    for name in FIGURES:
        shown = table.frame["status"].isin(["ok", "imprecise"])
        assert frame.loc[shown, name].tolist() == table.frame.loc[shown, name].tolist()
        assert frame.loc[~shown, name].isna().all()


def test_scaling_drops_infinity_and_the_noise_of_binary_fractions():
    row = Row((), "a", Status.OK, 0.285, 0.07, math.inf, 1.0, 2.0, {}).scaled(100)
    assert (row.value, row.low, row.high) == (28.5, 7.0, None)


def test_the_registry_knows_each_kind_by_its_name():
    assert all(kind.name == name for name, kind in KINDS.items())


def test_a_writer_reads_each_table_once_and_others_read_what_a_frame_holds_now():
    table = share(answers(), "compute_cores")
    with reading_once():
        assert rows_of(table) is rows_of(table)
    before = rows_of(table)[0].value
    table.frame.loc[0, "value"] = 0.5
    assert rows_of(table)[0].value == 0.5 != before
