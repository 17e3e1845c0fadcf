"""One number is one number: every output of a report agrees, cell by cell, with the tables."""

import json

import pytest
from openpyxl import load_workbook

import survey as sv
from survey.errors import PublishError
from survey.publish import write_report
from survey.publish.chart_json import file_names
from survey.publish.rows import records_of
from survey.publish.statuses import words_of
from tests.publish import chart_builders as build

PUBLISHED = build.everything()
FIGURES = ("count", "base", "value", "low", "high")
TEN_DIGITS = 1e-9


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("reports")
    write_report(PUBLISHED, out)
    return out / PUBLISHED.edition


@pytest.fixture(scope="module")
def expected():
    """Table -> its rows as every output must have them, of what the report shows."""
    return {name: records_of(table) for name, table in PUBLISHED.telling().tables.items()}


def same(found, wanted):
    return found == wanted if wanted is None else found == pytest.approx(wanted, rel=TEN_DIGITS)


def test_read_publication_gives_every_number_status_and_label(folder, expected):
    read = sv.read_publication(folder)
    assert list(read) == list(expected)
    assert (read.title, read.edition) == (PUBLISHED.title, PUBLISHED.edition)
    for name, records in expected.items():
        frame = read[name]
        assert frame["status"].tolist() == [str(record["status"]) for record in records]
        assert frame["answer"].tolist() == [record["answer"] for record in records]
        for figure in FIGURES:
            found = [None if value != value else value for value in frame[figure].astype(float)]
            assert all(same(f, r[figure]) for f, r in zip(found, records, strict=True)), name


def test_charts_and_blocks_have_the_same_numbers(folder, expected):
    stems = file_names(expected)
    for name, records in expected.items():
        meta = json.loads((folder / "charts" / f"{stems[name]}.json").read_text("utf-8"))["meta"]
        for row, record in zip(meta["table"]["rows"], records, strict=True):
            held = dict(zip(meta["table"]["columns"], row, strict=True))
            assert all(same(held[figure], record[figure]) for figure in FIGURES)


def test_the_workbook_has_the_same_numbers_and_symbols(folder, expected):
    (path,) = folder.glob("*.xlsx")
    rows = list(load_workbook(path)["Data"].iter_rows(values_only=True))
    top = next(place for place, row in enumerate(rows) if row[0] == "table")
    held = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    flat = [record for records in expected.values() for record in records]
    assert len(held) == len(flat)
    for found, record in zip(held, flat, strict=True):
        assert found["status"] == str(record["status"])
        for figure in FIGURES:
            cell = found[figure]
            if isinstance(cell, str):
                assert cell == (words_of(record["status"]).symbol or "[x]")
                assert record[figure] is None
            else:
                assert same(cell, record[figure])


def test_claims_quote_numbers_of_tables(folder, expected):
    document = json.loads((folder / "claims.json").read_text("utf-8"))
    values = {name: [r["value"] for r in records] for name, records in expected.items()}
    for claim in document["claims"]:
        if claim["said"] and claim["low"] is not None:
            assert claim["number"] in [pytest.approx(v) for v in values[claim["table"]] if v]


def test_a_folder_without_a_report_is_refused(tmp_path):
    with pytest.raises(PublishError, match=r"tables/tables\.json"):
        sv.read_publication(tmp_path)
