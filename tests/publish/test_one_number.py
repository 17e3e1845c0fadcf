"""One number is one number: every output of a report agrees, cell by cell, with the tables.

Each test reads two reports: tables made by hand, which have every status, and exact ones in the
profile ``internal``, whose numbers must be those of the estimates themselves.
"""

import pandas as pd
import pytest
from openpyxl import load_workbook

import survey as sv
from survey.errors import PublishError
from survey.publish.chart_json import stems_of
from survey.publish.format import integer, interval, value_text
from survey.publish.statuses import STATUSES, words_of
from tests.publish.one_number import FIGURES, Tables, handed_over, internal, published, same

REPORTS = {"published": published, "internal": internal}
BOUNDS = {"bound_low": ("lower_bound", "bound_low"), "bound_high": ("upper_bound", "bound_high")}


@pytest.fixture(scope="module", params=list(REPORTS))
def report(request, tmp_path_factory):
    return REPORTS[request.param](tmp_path_factory.mktemp(request.param))


def printed(table, record, figure):
    """Return a figure as it must be printed."""
    number = record[figure]
    if number is None:
        return ""
    return integer(number) if figure in ("count", "base") else value_text(table, number)


def instead(table, record):
    """Return what stands in place of a value: the limit that may be shown, or the reason."""
    if record["status"] == "below":
        return f"under {value_text(table, record['high'])}"
    if record["status"] == "above":
        return f"over {value_text(table, record['low'])}"
    return words_of(record["status"]).reason


def test_the_reports_have_what_can_go_wrong(report):
    statuses = {str(row["status"]) for rows in report.expected.values() for row in rows}
    assert statuses == set(STATUSES) or report.publication.internal
    assert sum(len(rows) for rows in report.expected.values()) > 60


def test_read_publication_gives_every_cell(report):
    read = sv.read_publication(report.folder)
    assert list(read) == list(report.expected)
    assert (read.title, read.edition) == (report.publication.title, report.publication.edition)
    for name, records in report.expected.items():
        for found, record in zip(read[name].to_dict("records"), records, strict=True):
            for column, wanted in record.items():
                cell = None if pd.isna(found[column]) or found[column] == "" else found[column]
                assert same(cell, None if wanted == "" else wanted), (name, column, cell)


def test_charts_have_the_same_cells(report):
    stems = stems_of(report.publication.telling())
    for name, records in report.expected.items():
        meta = report.json(f"charts/{stems[name]}.json")["meta"]
        for row, record in zip(meta["table"]["rows"], records, strict=True):
            held = dict(zip(meta["table"]["columns"], row, strict=True))
            assert held.keys() == record.keys()
            for column, wanted in record.items():
                assert same(held[column], wanted), (name, column, held[column], wanted)


def test_blocks_and_their_scripts_are_twins(report):
    for path in report.folder.glob("blocks/*.json"):
        if path.stem != "index":
            assert handed_over(report.folder, path.stem) == report.json(f"blocks/{path.name}")


def test_every_view_of_every_block_has_the_same_cells(report):
    seen = set()
    for block in report.blocks():
        for view in block["views"]:
            table = report.publication[view["table_name"]]
            keys = [column["key"] for column in view["table"]["columns"]]
            cells = view["table"]["rows"]
            for row, record in zip(cells, report.rows_for(view), strict=True):
                check_view_row(dict(zip(keys, row, strict=True)), record, table)
            seen.add(view["table_name"])
    assert seen == set(report.expected)


def check_view_row(held, record, table):
    for key in held.keys() - {*FIGURES, *BOUNDS, "remark"}:
        assert held[key] == str(record[key])
    assert record["value"] is not None or held["remark"] == instead(table, record)
    for figure in FIGURES:
        exact, text = held.get(figure) or (None, "")
        assert same(exact, record[figure]), (table.name, figure, exact, record[figure])
        assert text == printed(table, record, figure)
    for key, names in BOUNDS.items():
        exact = (held.get(key) or (None,))[0]
        known = [record[name] for name in names if record.get(name) is not None]
        assert same(exact, known[0] if known and record["value"] is not None else None)


def test_heat_maps_print_the_same_numbers_intervals_and_statuses(report):
    cells = 0
    for block in report.blocks():
        for view in filter(lambda view: view["heat"], block["views"]):
            table, records = report.publication[view["table_name"]], report.rows_for(view)
            for row in view["heat"]["rows"]:
                for column, cell in zip(view["heat"]["columns"], row["cells"], strict=True):
                    if cell is not None:
                        check_heat(cell, candidates(records, row["label"], column), table)
                        cells += 1
    assert cells > 20


def candidates(records, label, column):
    """Return the rows that a cell can be about: answer and group, or item and level."""
    found = [r for r in records if label in r.values() and column in r.values()]
    return found or [r for r in records if label in r.values()]


def check_heat(cell, records, table):
    assert len(records) == 1, cell
    (record,) = records
    assert cell["status"] == str(record["status"])
    if record["value"] is None:
        assert "interval" not in cell
        assert cell["text"] == (
            words_of(record["status"]).sign or words_of(record["status"]).reason
        )
        return
    assert cell["text"] == printed(table, record, "value")
    assert cell["interval"] == interval(table, record["low"], record["high"])
    assert [cell["count"], cell["base"]] == [printed(table, record, n) for n in ("count", "base")]


def test_the_tables_in_the_pages_have_the_same_numbers(report):
    found = {}
    for path in report.folder.glob("*.html"):
        found |= Tables(path.read_text("utf-8")).rows
    blocks = {block["id"]: block for block in report.blocks()}
    assert set(found) == set(blocks)
    for name, (_, *rows) in found.items():
        view = blocks[name]["views"][0]
        table = report.publication[view["table_name"]]
        for row, record in zip(rows, report.rows_for(view), strict=True):
            numbers = [number for _, number in row if number is not None]
            wanted = [record[figure] for figure in ("value", "base") if record[figure] is not None]
            assert len(numbers) == len(wanted)
            assert all(same(number, figure) for number, figure in zip(numbers, wanted, strict=True))
            texts = [text for text, _ in row]
            assert printed(table, record, "value") in texts
            if record["value"] is not None:
                assert (
                    record["low"] is None or interval(table, record["low"], record["high"]) in texts
                )
            else:
                assert instead(table, record) in texts


def test_the_cards_of_the_start_page_are_rows_of_their_tables(report):
    cards = Tables((report.folder / "index.html").read_text("utf-8")).cards
    cards = [card for card in cards if "value" in card]
    tables = {b["id"]: {v["table_name"] for v in b["views"]} for b in report.blocks()}
    for card in cards:
        rows = [
            (value_text(table, r["value"]), interval(table, r["low"], r["high"]))
            for name in tables[card["block"]]
            for table in [report.publication[name]]
            for r in report.expected[name]
            if r["value"] is not None
        ]
        assert (card["value"], card.get("interval", "").partition(" (")[0]) in rows
    assert len(cards) > 3 or not report.publication.internal


def test_ones_own_cloud_is_compared_with_the_same_shares(report):
    blocks = {block["id"]: block for block in report.blocks()}
    for question in handed_over(report.folder, "compare"):
        view = blocks[question["id"]]["views"][0]
        table = report.publication[view["table_name"]]
        for row, record in zip(question["rows"], report.rows_for(view), strict=True):
            assert (row["label"], row["share"]) == (record["answer"], record["value"])
            if record["value"] is not None:
                assert row["text"] == printed(table, record, "value")
                assert row["interval"] == interval(table, record["low"], record["high"])
            else:
                assert (row["text"], row["interval"]) == (words_of(record["status"]).reason, "")


def test_the_workbook_has_the_same_numbers_and_symbols(report):
    (path,) = report.folder.glob("*.xlsx")
    rows = list(load_workbook(path)["Data"].iter_rows(values_only=True))
    top = next(place for place, row in enumerate(rows) if row[0] == "table")
    held = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    flat = [record for records in report.expected.values() for record in records]
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


def test_every_number_of_the_narrative_is_the_cell_it_names(report):
    numbers = [
        number
        for section in report.json("narrative.json")["sections"]
        for paragraph in section["paragraphs"]
        for sentence in paragraph["sentences"]
        for number in sentence["numbers"]
        if number["printed"] in sentence["text"] or pytest.fail(sentence["text"])
    ]
    for number in numbers:
        table = report.publication[number["table"]]
        record = report.expected[number["table"]][number["row"]]
        for column, value in zip(number["columns"], number["values"], strict=True):
            assert same(value, record[column])
        if len(number["columns"]) > 1:
            assert number["printed"] == interval(table, record["low"], record["high"])
        else:
            assert number["printed"] == printed(table, record, *number["columns"])
    assert len(numbers) > 10


def test_claims_quote_one_row_with_its_interval(report):
    for claim in report.json("claims.json")["claims"]:
        if claim["said"] and claim["low"] is not None:
            quoted = [claim[name] for name in ("number", "low", "high")]
            rows = [
                [record[name] for name in ("value", "low", "high")]
                for record in report.expected[claim["table"]]
            ]
            assert any(all(map(same, quoted, row)) for row in rows), claim


def test_a_folder_without_a_report_is_refused(tmp_path):
    with pytest.raises(PublishError, match=r"tables/tables\.json"):
        sv.read_publication(tmp_path)
