"""The workbook read back with openpyxl: structure, values, symbols, links, charts."""

from __future__ import annotations

import math
import re
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from survey.estimates.notes import PARTS_NEED_NOT_ADD_UP, RANDOM_DRAW
from survey.estimates.table import Measure
from survey.publish.workbook import write_workbook
from tests.publish import workbook_builders as make

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SYMBOLS = {"suppressed": "[c]", "not offered": "[x]", "not comparable": "[z]", "empty": "[w]"}
FRONT = ["Cover", "Contents", "Notes"]
BACK = ["Data", "Chart data", "Method and sources", "Withheld figures"]
SECRET = 0.123456789123


@pytest.fixture(scope="module")
def published():
    return make.everything()


@pytest.fixture(scope="module")
def path(published, tmp_path_factory):
    return write_workbook(published, tmp_path_factory.mktemp("book") / "survey.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return load_workbook(path)


def table_sheets(book):
    return [sheet for sheet in book if sheet.title not in (*FRONT, *BACK)]


def sheet_of(book, number):
    return next(sheet for sheet in book if sheet.title.startswith(f"{number} "))


def native(sheet):
    """Return headings and rows of the one native table of a sheet."""
    (table,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    cells = sheet.iter_rows(top, bottom, left, right, values_only=True)
    headings = list(next(cells))
    return headings, [dict(zip(headings, row, strict=True)) for row in cells]


def parts(path, pattern):
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n) for n in archive.namelist() if re.fullmatch(pattern, n)}


# -- structure ------------------------------------------------------------------------------


def test_sheets_come_in_reading_order(book, published):
    names = book.sheetnames
    assert names[:3] == FRONT
    assert names[-4:] == BACK
    assert len(names) == 7 + len(published)
    assert [int(name.split()[0]) for name in names[3:-4]] == list(range(1, len(published) + 1))
    assert book.active.title == "Cover"


def test_nothing_is_merged_hidden_computed_or_commented(book):
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert not any(each.hidden for each in sheet.column_dimensions.values())
        assert not any(each.hidden for each in sheet.row_dimensions.values())
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), cell
                assert cell.comment is None
                assert cell.number_format != ";;;"


def test_each_sheet_holds_one_native_table_from_column_a(book):
    for sheet in book:
        without_table = {"Cover", sheet_of(book, 12).title}  # table 12 has no rows
        assert len(sheet.tables) == (0 if sheet.title in without_table else 1), sheet.title
        assert sheet["A1"].value
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            assert left == 1
            assert bottom == sheet.max_row, "nothing stands under the table"
            assert right == sheet.max_column, "nothing stands beside the table"
            header = [sheet.cell(top, column).value for column in range(1, right + 1)]
            assert header == table.column_names
            assert len({name.casefold() for name in header}) == len(header)
            assert sheet.print_title_rows == f"${top}:${top}"
            assert sheet.freeze_panes is not None
            assert range_boundaries(sheet.freeze_panes)[1] == top + 1


def test_no_row_is_blank_and_no_cell_of_a_table_is_blank(book):
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            assert any(value is not None for value in row), sheet.title
        may_be_blank = sheet.title in ("Data", "Chart data")
        if sheet.tables and not may_be_blank:
            assert all(value is not None for row in native(sheet)[1] for value in row.values())


def test_every_link_leads_to_a_sheet_that_is_there(book):
    targets = {"'" + name.replace("'", "''") + "'!A1": name for name in book.sheetnames}
    followed = {}
    for sheet in book:
        links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert all(link.target is None for link in links), "no link leads outside"
        followed[sheet.title] = [targets[link.location] for link in links]
    assert followed["Contents"] == ["Cover", *(sheet.title for sheet in table_sheets(book))]
    assert set(followed["Cover"]) == {*FRONT, *BACK} - {"Cover"}
    for sheet in table_sheets(book):
        assert "Contents" in followed[sheet.title]


def test_pages_are_set_up_for_print(book):
    for sheet in book:
        setup = sheet.page_setup
        whole = bool(sheet._charts) and all(
            range_boundaries(table.ref)[3] - range_boundaries(table.ref)[1] <= 40
            for table in sheet.tables.values()
        )
        upright = sheet.title == "Cover" or whole
        assert setup.orientation == ("portrait" if upright else "landscape")
        assert (setup.fitToWidth, setup.fitToHeight) == (1, int(whole)), "no chart is cut"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_document_properties_are_set(book):
    assert book.properties.title == "OpenStack User Survey, edition 2024"
    assert book.properties.language == "en-GB"
    assert book.properties.created == book.properties.modified
    assert (book.properties.created.year, book.properties.created.month) == (2024, 1)


# -- values ---------------------------------------------------------------------------------


def test_data_sheet_holds_every_row_as_numbers_or_symbols(book, published):
    _, rows = native(book["Data"])
    expected = [
        (number, table, row)
        for number, table in enumerate(published.tables.values(), 1)
        for row in table.frame.to_dict("records")
    ]
    assert len(rows) == len(expected)
    for found, (number, table, row) in zip(rows, expected, strict=True):
        assert found["table"] == number
        assert found["status"] == row["status"]
        for name in ("count", "value", "low", "high"):
            if row["status"] in SYMBOLS:
                assert found[name] == SYMBOLS[row["status"]]
            elif math.isnan(row[name]):
                assert found[name] == "[x]"
            else:
                assert found[name] == pytest.approx(row[name], rel=1e-15)
        for name in table.groups:
            assert found[name] == row[name]


def test_groups_stand_side_by_side_and_every_figure_has_its_column(book, published):
    table = published["compute_cores_by_edition"]
    headings, rows = native(sheet_of(book, 1))
    figures = {"low (95%)": "low", "high (95%)": "high", "count": "count", "base": "base"}
    assert headings == [
        "Answer",
        *make.EDITIONS,
        *(f"{edition} {figure}" for figure in figures for edition in make.EDITIONS),
    ]
    assert [row["Answer"] for row in rows] == list(make.BANDS)
    by_place = table.frame.set_index(["answer", "edition"])
    for row in rows:
        for edition in make.EDITIONS:
            one = by_place.loc[(row["Answer"], edition)]
            usable = one["status"] in ("ok", "imprecise")
            for figure, name in {"": "value", **figures}.items():
                found = row[f"{edition} {figure}".strip()]
                if name == "base" or usable:
                    assert found == pytest.approx(one[name], rel=1e-15)
                else:
                    assert found == SYMBOLS[one["status"]]


def test_wide_tables_print_their_shares_with_the_chart_under_them(book):
    sheet = sheet_of(book, 1)
    (table,) = sheet.tables.values()
    _, _, _, bottom = range_boundaries(table.ref)
    left, top, right, last = range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))
    assert (left, top, right) == (1, 1, 1 + len(make.EDITIONS))
    assert last > bottom
    (chart,) = sheet._charts
    assert chart.anchor._from.row > bottom
    assert chart.anchor._from.col == 0


def test_every_table_has_a_name_that_leads_to_it(book, published):
    names = {n: d for n, d in book.defined_names.items() if not n.startswith("_xlnm")}
    assert names["survey_compute_cores_by_edition"].attr_text.startswith("'1 Compute cores by")
    with_rows = [table for table in published.tables.values() if len(table)]
    assert len(names) == len(with_rows)
    for defined in names.values():
        ((sheet, area),) = defined.destinations
        assert book[sheet].tables
        assert area.replace("$", "") in {each.ref for each in book[sheet].tables.values()}


def test_imprecise_values_are_numbers_marked_by_their_format(book, published):
    sheet = sheet_of(book, 1)
    (table,) = sheet.tables.values()
    top = range_boundaries(table.ref)[1]
    statuses = published["compute_cores_by_edition"].frame["status"].to_numpy().reshape(6, 7).T
    for answer in range(7):
        for step in range(6):
            cell = sheet.cell(top + 1 + answer, 2 + step)
            assert ("[u]" in cell.number_format) is (statuses[answer, step] == "imprecise")
            assert isinstance(cell.value, float) is (statuses[answer, step] in ("ok", "imprecise"))


def test_a_matrix_has_its_items_in_rows_and_its_levels_side_by_side(book, published):
    headings, rows = native(sheet_of(book, 13))
    assert headings[:4] == ["Answer", "Production", "Testing", "Interested"]
    items = list(dict.fromkeys(published["projects_by_level"].frame["item"]))
    assert [row["Answer"] for row in rows[:3]] == items
    assert [row["Production"] for row in rows[:3]] == pytest.approx([0.2, 0.4, 0.2])
    assert rows[2]["Interested"] == "[c]"
    _, drawn = native(book["Chart data"])
    mine = [row for row in drawn if row["Chart"].startswith("13 ")]
    assert [row["Label"] for row in mine[:3]] == [items[1], items[0], items[2]]
    assert [row["Series"] for row in mine[::3]] == headings[1:4]
    _, data = native(book["Data"])
    assert [row["deff"] for row in data[-9:]] == [1.2] * 8 + ["[c]"]


def test_differences_are_printed_in_percentage_points(book, published):
    frame = published["compute_cores_change"].frame
    headings, rows = native(sheet_of(book, 3))
    heading = "Difference (percentage points)"
    assert headings == [
        "Answer",
        heading,
        "Low (95%)",
        "High (95%)",
        "Base",
        "Status",
        "P-value",
        "Verdict",
    ]
    assert rows[0][heading] == pytest.approx(100 * frame["value"][0])
    assert [row[heading] for row in rows if row["Verdict"] == "not comparable"] == ["[z]", "[z]"]


def test_totals_show_bounds_and_say_when_there_is_none(book):
    _, rows = native(sheet_of(book, 2))
    assert list(rows[0].values()) == [
        "2019", "[c]", "[c]", "[c]", 212, "withheld [c]", "[c]", "[c]", "[c]",
    ]  # fmt: skip
    assert rows[1]["At most"] == "no limit"
    assert rows[1]["Total (cores)"] == pytest.approx(11_760_000)


@pytest.mark.parametrize(
    ("number", "heading", "expected"),
    [(1, "2021", "%"), (2, "Total (cores)", "#,##0"), (9, "Net promoter score", "+0;-0;0")],
)
def test_numbers_carry_the_format_of_their_measure(book, number, heading, expected):
    sheet = sheet_of(book, number)
    headings, _ = native(sheet)
    (table,) = sheet.tables.values()
    top = range_boundaries(table.ref)[1]
    cell = sheet.cell(top + 2, headings.index(heading) + 1)
    assert expected in cell.number_format
    assert cell.data_type == "n"
    assert cell.alignment.horizontal == "right"


def test_no_cell_says_nan_none_or_a_path(book):
    forbidden = re.compile(r"\b(nan|NaN|None|inf|NaT|<NA>)\b|(^|\s)/\w+/|[A-Z]:\\")
    said = [v for s in book for row in s.iter_rows(values_only=True) for v in row]
    assert [value for value in said if isinstance(value, str) and forbidden.search(value)] == []


def test_a_withheld_number_is_nowhere_in_the_file_even_if_the_table_still_holds_it(tmp_path):
    """A slip upstream: the row is marked as withheld, but its numbers are still there."""
    rows = [make.share_row(answer, 0.2, 100.0) for answer in ("A", "B", "C")]
    leak = dict.fromkeys(("count", "value", "low", "high"), SECRET) | {"status": "suppressed"}
    rows = [{**row, "extra": 1.0, "remark": "fine"} for row in rows]
    rows[1] |= {**leak, "extra": SECRET, "remark": "secret"}
    for by in ((), ("edition",)):
        groups = [{"edition": edition} for edition in make.EDITIONS[:2]] if by else [{}]
        each = [{**group, **row} for group in groups for row in rows]
        book = write_workbook(make.publication(make.table("t", each, by=by)), tmp_path / "x.xlsx")
        content = b"".join(parts(book, ".*").values())
        assert b"0.1234567" not in content
        assert b"secret" not in content
        assert b"[c]" in content


# -- words ----------------------------------------------------------------------------------


def said_in(sheet):
    return [v for row in sheet.iter_rows(values_only=True) for v in row if isinstance(v, str)]


def test_the_cover_says_that_respondents_are_self_selected_and_nothing_else_repeats_it(book):
    said = [line for sheet in book for line in said_in(sheet) if RANDOM_DRAW in line]
    assert len(said) == 1
    assert said[0] in said_in(book["Cover"])


def test_the_cover_says_that_rounded_parts_need_not_add_up(book):
    assert PARTS_NEED_NOT_ADD_UP in said_in(book["Cover"])


@pytest.mark.parametrize("invented", [True, False])
def test_invented_answers_are_declared_on_every_sheet(tmp_path, invented):
    origin = make.INVENTED if invented else make.REAL
    table = make.releases_ungrouped()
    book = load_workbook(
        write_workbook(make.publication(table, provenance=origin), tmp_path / "x.xlsx")
    )
    for sheet in book:
        assert ("INVENTED DATA" in (sheet.oddHeader.center.text or "")) is invented
    assert any("INVENTED DATA" in line for line in said_in(book["Cover"])) is invented
    assert any("INVENTED DATA" in line for line in said_in(sheet_of(book, 1))) is invented


def test_an_invented_table_is_enough_to_declare_it(tmp_path):
    table = make.table("t", [make.share_row("A", 0.2, 100.0)], provenance=make.INVENTED)
    book = load_workbook(write_workbook(make.publication(table), tmp_path / "x.xlsx"))
    assert "INVENTED DATA" in book["Cover"].oddHeader.center.text


def test_notes_are_numbered_once_and_referred_to(book):
    _, notes = native(book["Notes"])
    assert [row["Note"] for row in notes] == [f"note {k + 1}" for k in range(len(notes))]
    assert len({row["Text"] for row in notes}) == len(notes)
    copies = next(row for row in notes if row["Text"] == "Copies left out: 9.")
    assert copies["Tables"] == "1, 5, 10"
    for number in (1, 5, 10):
        assert any(f"[{copies['Note']}]" in line for line in said_in(sheet_of(book, number)))


def test_symbols_are_explained_where_they_are_used_and_on_the_cover(book):
    for sheet in table_sheets(book):
        lines = said_in(sheet)
        explained = next((line for line in lines if line.startswith("Symbols: ")), "")
        used = {
            sign
            for row in sheet.iter_rows()
            for cell in row
            for sign in re.findall(r"\[[a-z]\]", f"{cell.value} {cell.number_format}")
            if cell.value != explained
        }
        assert used == set(re.findall(r"\[[a-z]\]", explained))
        assert all(any(line.startswith(sign) for line in said_in(book["Cover"])) for sign in used)


def test_several_answers_are_said_not_to_add_up(book, published):
    for number, table in enumerate(published.tables.values(), 1):
        said = any("do not add up" in line for line in said_in(sheet_of(book, number)))
        assert said is (table.several and table.measure is Measure.SHARE)


def test_method_sheet_names_files_with_digests_and_rules(book):
    _, rows = native(book["Method and sources"])
    details = {row["Item"]: row["Detail"] for row in rows}
    assert "9f" * 32 in details["Survey_2024.csv"]
    assert "made-up" in details["Survey_2024.csv"]
    assert {row["Part"] for row in rows} >= {"Disclosure control", "Questionnaire", "Step"}


# -- charts ---------------------------------------------------------------------------------


def charts_of(path):
    return {
        name: ElementTree.fromstring(content)
        for name, content in parts(path, r"xl/charts/chart\d+\.xml").items()
    }


def test_tables_with_something_to_draw_have_a_chart_and_the_others_do_not(book):
    drawn = {int(sheet.title.split()[0]) for sheet in table_sheets(book) if sheet._charts}
    assert drawn == {*range(1, 11), 13}


def test_charts_stand_under_their_table(book):
    for sheet in table_sheets(book):
        for chart in sheet._charts:
            (table,) = sheet.tables.values()
            _, _, _, bottom = range_boundaries(table.ref)
            assert chart.anchor._from.row > bottom


def test_charts_hold_references_only_and_no_number_of_their_own(path):
    for name, root in charts_of(path).items():
        for kind in ("numCache", "strCache", "numLit", "strLit"):
            assert root.find(f".//{CHART}{kind}") is None, name
        assert root.findall(f".//{CHART}f")


def test_chart_references_cover_the_chart_data_exactly_once(book, path):
    """Every value on the sheet is drawn by one series, and every series draws its own rows."""
    headings, rows = native(book["Chart data"])
    (table,) = book["Chart data"].tables.values()
    top = range_boundaries(table.ref)[1]
    column = "ABCDEFG"[headings.index("Value")]
    covered = []
    for root in charts_of(path).values():
        for series in root.iter(f"{CHART}ser"):
            value = series.find(f"{CHART}val//{CHART}f").text
            first, last = re.findall(rf"\${column}\$(\d+)", value)
            assert value == f"'Chart data'!${column}${first}:${column}${last}"
            covered += range(int(first), int(last) + 1)
            name = series.find(f"{CHART}tx//{CHART}f").text
            assert name == f"'Chart data'!$B${first}:$B${first}"
            inside = rows[int(first) - top - 1 : int(last) - top]
            assert len({(row["Chart"], row["Series"]) for row in inside}) == 1
    assert sorted(covered) == list(range(top + 1, top + 1 + len(rows)))


def test_chart_data_leaves_gaps_and_says_why(book, published):
    _, rows = native(book["Chart data"])
    blank = [row for row in rows if row["Value"] is None]
    assert {row["Remark"] for row in blank} == {"[c]", "[x]", "[z]"}
    assert all(row["Remark"] in ("ok", "[u]") for row in rows if row["Value"] is not None)
    frame = published["compute_cores_by_edition"].frame.query("status in ('ok', 'imprecise')")
    first = [row["Value"] for row in rows if row["Chart"].startswith("1 ") and row["Value"]]
    assert sorted(first) == pytest.approx(sorted(frame["value"]), rel=1e-15)


def test_labels_say_why_a_bar_or_a_whole_group_is_missing(book):
    _, rows = native(book["Chart data"])
    labels = {(row["Chart"].split()[0], row["Label"]) for row in rows}
    assert ("2", "2019 [c]") in labels  # a total
    assert ("3", "100-999 cores [z]") in labels  # a difference
    assert ("4", "Oceania [c]") in labels  # all stages of a region
    assert ("7", "Project 45 [u]") in labels
    assert ("1", "2019") in labels  # some bands are shown


def test_intervals_are_drawn_from_low_to_high(book, path, published):
    _, rows = native(book["Chart data"])
    frame = published["releases_in_use"].frame.sort_values("value", ascending=False, kind="stable")
    mine = [row for row in rows if row["Chart"].startswith("6 ")]
    assert [row["Label"] for row in mine] == list(frame["answer"]), "in the order of the dashboard"
    assert [r["Value"] - r["Down to low"] for r in mine] == pytest.approx(list(frame["low"]))
    assert [r["Value"] + r["Up to high"] for r in mine] == pytest.approx(list(frame["high"]))
    bars = [bar for root in charts_of(path).values() for bar in root.iter(f"{CHART}errBars")]
    assert bars
    for bar in bars:
        order = [part.tag.removeprefix(CHART) for part in bar]
        schema = ["errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr"]
        assert order == sorted(order, key=schema.index), "the order that the schema asks for"


def test_every_chart_has_a_title_axes_and_a_text_alternative(path):
    drawings = parts(path, r"xl/drawings/drawing\d+\.xml")
    charts = charts_of(path)
    assert len(drawings) == len(charts)
    for content in drawings.values():
        described = re.search(rb'descr="([^"]+)"', content)
        assert described is not None
        assert b"The largest value is" in described[1]
    for root in charts.values():
        assert root.find(f"{CHART}chart/{CHART}title") is not None
        assert {e.get("val") for e in root.iter(f"{CHART}delete")} == {"0"}
        assert root.find(f".//{CHART}valAx/{CHART}title") is not None
        assert root.find(f".//{CHART}dispBlanksAs").get("val") == "gap"
