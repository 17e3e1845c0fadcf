"""Workbooks that a person saved: read as text, refused when they could do harm or hold nonsense."""

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from survey.codebook import read_codebook
from survey.errors import ExportError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.exports.source.workbook.values import Format, number_text, unescaped
from survey.responses import clean

CODEBOOK = read_codebook()
HEADINGS = LAYOUTS[Layout.BY_HEADING](CODEBOOK.edition("2018"))
AT = {heading: column for column, heading in enumerate(HEADINGS, start=1)}
TIMES = {"Created": "2018-05-01 10:00:07", "LastEdited": "2018-08-20 00:00:00"}


def sheet_of(*rows: dict[str, object], book: openpyxl.Workbook | None = None) -> Worksheet:
    sheet = (book or openpyxl.Workbook()).worksheets[0]
    sheet.append([heading.replace(",", "-") for heading in HEADINGS])
    for row in rows:
        cells = {"SurveyID": 7, **TIMES, **row}
        sheet.append([cells.get(heading) for heading in HEADINGS])
    return sheet


def read(folder: Path, sheet: Worksheet) -> Export:
    path = folder / "saved.xlsx"
    sheet.parent.save(path)
    return read_export(path, codebook=CODEBOOK)


def edited(path: Path, part: str, change: Callable[[str], str]) -> None:
    """Change one part of a workbook, as its text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b"").decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


SHEET = "xl/worksheets/sheet1.xml"


def escape(text: str) -> str:
    """Write a text as ISO 29500 says (ST_Xstring): what XML cannot hold, and what looks so."""
    literal = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub(
        r"[\x01-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found.group()):04X}_", literal
    )


# What a person saves


@pytest.mark.parametrize("layout", ["Survey_2", "Survey_Flat_", "Survey_by_companies"])
def test_a_saved_export_reads_like_the_export(shared: Path, tmp_path: Path, layout: str) -> None:
    """Every cell of the real files, put into a workbook as a spreadsheet would type it."""
    source = next((shared / "fixtures/exporter_2018").glob(f"{layout}*.csv"))
    export = read_export(source, codebook=CODEBOOK)
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    sheet.append(list(export.headings))
    for row in export.frame.itertuples(index=False):
        sheet.append([typed(text, sheet) for text in row])
    again = read(tmp_path, sheet)
    assert (again.layout, again.edition.name) == (export.layout, export.edition.name)
    assert again.frame.to_numpy().tolist() == export.frame.to_numpy().tolist()
    assert again.counts["kept"] == export.counts["kept"]


def typed(text: str, sheet: Worksheet) -> object:
    """Return what a spreadsheet makes of a text, where that can be undone for certain."""
    if re.fullmatch(r"[1-9]\d{0,14}|0", text):
        return int(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text):
        return dt.datetime.fromisoformat(text)
    if text.startswith("="):
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        return cell
    return escape(text) or None


def test_numbers_dates_and_ticks_are_text_again(tmp_path: Path) -> None:
    sheet = sheet_of(
        {
            "DeploymentID": 70.0,
            "IsPublic": 1,
            "DeploymentAge": 2016,
            "OkToContact": True,
            "ITPercentageonOpenStack": 0.5,
            "FurtherEnhancement": 3.25,
        }
    )
    sheet.cell(2, AT["Created"]).value = dt.datetime(2018, 5, 1, 10, 0, 7)
    sheet.cell(2, AT["LastEdited"]).value = dt.datetime(2018, 8, 20)
    sheet.cell(2, AT["ITPercentageonOpenStack"]).number_format = "0%"
    row = read(tmp_path, sheet).frame.iloc[0]
    assert row["SurveyID"] == "7"
    assert row["DeploymentID"] == "70"
    assert row["DeploymentAge"] == "2016"
    assert row["Created"] == "2018-05-01 10:00:07"
    assert row["LastEdited"] == "2018-08-20 00:00:00"
    assert row["OkToContact"] == "1"  # what the form writes for a tick
    assert row["ITPercentageonOpenStack"] == "50%"
    assert row["FurtherEnhancement"] == "3.25"


def test_copies_of_the_migration_are_still_found(tmp_path: Path) -> None:
    sheet = sheet_of({})
    for heading in ("Created", "LastEdited"):
        sheet.cell(2, AT[heading]).value = dt.datetime(2018, 8, 20)
    assert clean(read(tmp_path, sheet)).respondents["copied"].tolist() == [True]


def test_a_text_that_became_a_date_is_not_trusted(tmp_path: Path) -> None:
    sheet = sheet_of({"DeploymentID": 70})
    sheet.cell(2, AT["Label"]).value = dt.datetime(2018, 1, 2)
    export = read(tmp_path, sheet)
    assert export.frame["Label"].tolist() == ["2018-01-02"]
    found = export.issues[export.issues["code"] != "ambiguous text"]
    assert found[["line", "column", "code"]].to_numpy().tolist() == [[2, "Label", "date"]]
    assert set(clean(export).flags["concept"]) >= {"deployment_label"}


def test_long_numbers_lost_their_digits(tmp_path: Path) -> None:
    export = read(tmp_path, sheet_of({"FurtherEnhancement": 1234567890123456789}))
    assert export.issues["code"].tolist() == ["digits lost"]


def test_texts_that_became_formulas_are_texts_again_and_in_doubt(tmp_path: Path) -> None:
    sheet = sheet_of({"FurtherEnhancement": "=1+1", "WhatDoYouLikeMost": "=A2&B2"})
    export = read(tmp_path, sheet)
    assert export.frame["FurtherEnhancement"].tolist() == ["=1+1"]
    assert set(export.issues["code"]) <= {"formula", "computed"}
    assert "formula" in set(export.issues["code"])


@pytest.mark.parametrize(
    "text",
    [
        "two\rlines",
        "_x000D_",
        "a_x0041_b",
        "tab\there",
        "日本 🎉",
        "  spaces  ",
        "=HYPERLINK(1)",
        "None",
        "NA",
        "0",
        "00",
        "1e5",
    ],
)
def test_any_text_comes_back(tmp_path: Path, text: str) -> None:
    sheet = sheet_of({})
    cell = sheet.cell(2, AT["FurtherEnhancement"])
    cell.value, cell.data_type = escape(text), "s"
    assert read(tmp_path, sheet).frame["FurtherEnhancement"].tolist() == [text]


def test_the_log_shows_no_text_that_somebody_typed(tmp_path: Path) -> None:
    sheet = sheet_of({"FirstName": "Zoe_x000D_Secret", "FurtherEnhancement": '="Secret"&1'})
    export = read(tmp_path, sheet)
    assert "spreadsheet escape" in set(export.repairs["rule"])
    assert "Secret" not in export.repairs.to_csv() + export.issues.to_csv()


def test_what_is_hidden_is_read_or_said(tmp_path: Path) -> None:
    sheet = sheet_of({"SurveyID": 1}, {"SurveyID": 2}, {"SurveyID": 3})
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    notes = sheet.parent.create_sheet("old")
    notes.append(["SurveyID", "Org", "Email"])
    notes.sheet_state = "hidden"
    export = read(tmp_path, sheet)
    assert export.frame["SurveyID"].tolist() == ["1", "2", "3"]
    assert set(export.issues["code"]) == {"hidden rows", "hidden columns", "hidden sheet"}


def test_of_several_sheets_one_holds_the_answers(tmp_path: Path) -> None:
    sheet = sheet_of({})
    sheet.parent.create_sheet("notes").append(["my notes"])
    export = read(tmp_path, sheet)
    assert export.issues["code"].tolist() == ["other sheet"]
    second = sheet.parent.create_sheet("again")
    second.append(["SurveyID", "Org", "Email"])
    second.append([1, "Example", "x"])
    with pytest.raises(ExportError, match="2 sheets that hold answers"):
        read(tmp_path, sheet)


def test_merged_cells_are_in_doubt(tmp_path: Path) -> None:
    sheet = sheet_of({"SurveyID": 1, "FirstName": "Ada"}, {"SurveyID": 2})
    first = sheet.cell(2, AT["FirstName"]).coordinate
    sheet.merge_cells(f"{first}:{sheet.cell(3, AT['FirstName']).coordinate}")
    export = read(tmp_path, sheet)
    assert export.issues[["line", "code"]].to_numpy().tolist() == [[3, "merged cells"]]


def test_a_record_of_more_cells_than_headings_is_put_back(tmp_path: Path) -> None:
    sheet = sheet_of({"DeploymentID": 70, "ComputeCores": "10 to 99 cores"}, {"SurveyID": 8})
    sheet.cell(2, len(HEADINGS) + 1).value = "AppFormix"
    export = read(tmp_path, sheet)
    assert export.issues["code"].tolist() == ["surplus cell"]
    assert export.frame["ComputeCores"].tolist() == ["10 to 99 cores", ""]


@pytest.mark.parametrize("declared", ["A1", "A1:XFD1048576", "A1:B2", "nonsense"])
def test_the_declared_size_of_a_sheet_does_not_matter(tmp_path: Path, declared: str) -> None:
    """A reader that believes it drops rows, or makes room for 17 thousand million cells."""
    export = read(tmp_path, sheet_of({"SurveyID": 1}, {"SurveyID": 2}))
    path = tmp_path / "saved.xlsx"
    edited(
        path,
        SHEET,
        lambda xml: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{declared}"', xml),
    )
    again = read_export(path, codebook=CODEBOOK)
    assert again.frame.equals(export.frame)


def test_cells_without_references_stand_one_after_the_other(tmp_path: Path) -> None:
    export = read(tmp_path, sheet_of({"SurveyID": 1, "CreatedByID": 5, "Email": "x"}))
    path = tmp_path / "saved.xlsx"
    edited(path, SHEET, lambda xml: re.sub(r'(<row|<c) r="[A-Z]*\d+"', r"\1", xml))
    again = read_export(path, codebook=CODEBOOK)
    assert again.frame["SurveyID"].tolist() == export.frame["SurveyID"].tolist() == ["1"]


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    sheet = sheet_of({})
    sheet.parent.epoch = CALENDAR_MAC_1904
    sheet.cell(2, AT["Created"]).value = dt.datetime(2018, 5, 1, 10, 0, 7)
    assert read(tmp_path, sheet).frame["Created"].tolist() == ["2018-05-01 10:00:07"]


# What does harm


def far_cell(path: Path, reference: str = "XFD1048576") -> None:
    sheet = sheet_of({})
    sheet[reference] = "x"
    sheet.parent.save(path)


def test_one_far_cell_is_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    far_cell(path)
    assert path.stat().st_size < 12_000
    code = (
        "import resource, sys, time, json\n"
        "from survey.exports import read_export\n"
        "from survey.codebook import read_codebook\n"
        "from survey.errors import ExportError\n"
        "book = read_codebook(); import pyarrow.csv\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before, start, said = peak(), time.perf_counter(), ''\n"
        "try:\n    read_export(sys.argv[1], codebook=book)\n"
        "except ExportError as error:\n    said = str(error)\n"
        "print(json.dumps([said, time.perf_counter() - start, peak() - before, peak()]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    said, seconds, more, _ = json.loads(run.stdout)
    assert "a cell far from the others, XFD1048576" in said
    assert seconds < 1
    assert more < 200 * 1024  # kB beyond what importing takes


@pytest.mark.parametrize(
    ("reference", "says"),
    [("A1048576", "A1048576"), ("ZZ100000", "ZZ100000"), ("XFD2", "another number of cells")],
)
def test_any_far_cell_is_refused(tmp_path: Path, reference: str, says: str) -> None:
    path = tmp_path / "far.xlsx"
    far_cell(path, reference)
    with pytest.raises(ExportError, match=says):
        read_export(path, codebook=CODEBOOK)


@pytest.mark.parametrize(
    ("rows", "reference", "named"), [(300, "XFD5", "XFD5"), (120, "XFD9000", "XFD9000")]
)
def test_the_far_cell_is_named_and_not_the_last_row(
    tmp_path: Path, rows: int, reference: str, named: str
) -> None:
    sheet = sheet_of(*({} for _ in range(rows)))
    sheet[reference] = "x"
    sheet.parent.save(tmp_path / "far.xlsx")
    with pytest.raises(ExportError, match=f"a cell far from the others, {named}$|{named}[;.]"):
        read_export(tmp_path / "far.xlsx", codebook=CODEBOOK)


def test_rows_and_columns_that_no_sheet_has(tmp_path: Path) -> None:
    path = tmp_path / "saved.xlsx"
    sheet_of({}).parent.save(path)
    edited(path, SHEET, lambda xml: xml.replace('r="A2"', 'r="ZZZ9999999"', 1))
    with pytest.raises(ExportError, match="one table"):
        read_export(path, codebook=CODEBOOK)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "part",
    [
        SHEET,
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ],
)
def test_a_document_type_is_refused_wherever_it_stands(tmp_path: Path, part: str) -> None:
    path = tmp_path / "bomb.xlsx"
    sheet_of({}).parent.save(path)
    edited(path, part, lambda xml: BOMB + re.sub(r"<\?xml.*?\?>", "", xml))
    with pytest.raises(ExportError, match="document type or entities"):
        read_export(path, codebook=CODEBOOK)


def packed(folder: Path, **parts: bytes) -> Path:
    path = folder / "packed.xlsx"
    names = {
        "book": "xl/workbook.xml",
        "macros": "xl/vbaProject.bin",
        "binary": "xl/workbook.bin",
        "open": "content.xml",
        "word": "word/document.xml",
        "big": "xl/media/big.bin",
        "nothing": "readme.txt",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(names[name], content)
    return path


REFUSED = {
    "macros": ({"book": b"<workbook/>", "macros": b"x"}, "a workbook with macros"),
    "binary": ({"binary": b"x"}, r"binary workbook \(.xlsb\)"),
    "OpenDocument": ({"open": b"<x/>"}, "OpenDocument"),
    "a letter": ({"word": b"<x/>"}, "a text document"),
    "an archive": ({"nothing": b"x"}, "archive without a workbook"),
    "unfolds": ({"book": b"<workbook/>", "big": bytes(40_000_000)}, "bytes that unfold to"),
    "no sheet": ({"book": b"<workbook/>"}, "without a visible sheet"),
    "broken": ({"book": b"<workbook"}, "that is damaged"),
}


@pytest.mark.parametrize(("parts", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_plain_workbook_is_refused(
    tmp_path: Path, parts: dict[str, bytes], says: str
) -> None:
    path = packed(tmp_path, **parts)
    start = time.perf_counter()
    with pytest.raises(ExportError, match=says):
        read_export(path, codebook=CODEBOOK)
    assert time.perf_counter() - start < 1


def test_a_size_is_believed_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path, book=b"<workbook/>", big=b"x")
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[entry + 24 : entry + 28] = (2_000_000_000).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(ExportError, match=r"2,000,000,0.. bytes once unpacked"):
        read_export(path, codebook=CODEBOOK)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old Excel workbook \(.xls\)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04" + bytes(60), "that is damaged"),
    ],
)
def test_old_and_encrypted_workbooks_say_what_they_are(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=says):
        read_export(path, codebook=CODEBOOK)


def test_links_to_other_files_are_said_and_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "saved.xlsx"
    sheet_of({}).parent.save(path)
    edited(path, "xl/externalLinks/externalLink1.xml", lambda xml: "<externalLink/>")
    assert "external link" in set(read_export(path, codebook=CODEBOOK).issues["code"])


def sound_parts() -> dict[str, bytes]:
    buffer = io.BytesIO()
    sheet_of({"SurveyID": 1, "Label": "x", "DeploymentID": 3}).parent.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SOUND = sound_parts()
PLACE = st.floats(0, 1, exclude_max=True)


@given(
    st.sampled_from([name for name in SOUND if name.startswith("xl/")]),
    st.lists(st.tuples(PLACE, st.integers(0, 255)), min_size=1, max_size=5),
    st.none() | st.tuples(PLACE, st.integers(1, 255)),
)
def test_a_damaged_workbook_is_refused_or_read_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory,
    part: str,
    changes: list[tuple[float, int]],
    outside: tuple[float, int] | None,
) -> None:
    parts = {name: bytearray(content) for name, content in SOUND.items()}
    for place, byte in changes:
        parts[part][int(place * len(parts[part]))] = byte
    path = tmp_path_factory.mktemp("damaged") / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, bytes(content))
    if outside is not None:
        raw = bytearray(path.read_bytes())
        raw[int(outside[0] * len(raw))] ^= outside[1]
        path.write_bytes(bytes(raw))
    try:
        export = read_export(path, codebook=CODEBOOK)
    except ExportError:
        return
    assert export.counts["read"] == sum(
        count for reason, count in export.counts.items() if reason != "read"
    )


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_any_number_becomes_a_text(number: float) -> None:
    for shown in Format:
        found = number_text(repr(number), shown).text
        assert found
        if shown is Format.PLAIN and abs(number) < 1e15:
            assert float(found) == pytest.approx(number, rel=1e-14)


@given(st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2100, 1, 1)))
def test_any_second_of_two_centuries_comes_back(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0)
    serial = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    found = number_text(repr(serial), Format.DATE).text
    assert dt.datetime.fromisoformat(found) == moment


@given(st.text(max_size=20))
def test_escapes_are_undone_once(text: str) -> None:
    assert unescaped(escape(text)) == text


# Every layout, saved as a workbook

OLD = LAYOUTS[Layout.OLD_MODEL](CODEBOOK.edition("2015"))
TABLES: dict[str, tuple[str, list[list[str]]]] = {
    "x_12": (
        "dashboard",
        [
            ["SurveyId", "Company", "Submitter", "Email", "Answer"],
            ["1", "Example, AG", "Ada", "ada@example.org", "1,000 to 9,999 employees"],
            ["2", "N/A", "7003", "N/a", "Don’t know / not sure"],
        ],
    ),
    "surveys": (
        "survey-list",
        [
            ["ID", "LastEdited", "Created By", "Organization", "Current Step", "Is Completed ?",
             "Has Deployments ?", "Lang"],
            ["1", "2018-06-01 10:00:00", "Ada", "Example", "done", "1", "2", "en_US"],
        ],
    ),
    "survey_results": (
        "old-model",
        [
            list(OLD),
            [{"SurveyID": "7", "DeploymentID": "70", "ProjectsUsed": "Heat-Ceilometer",
              "SurveyCreated": "2015-04-02 10:00:00"}.get(heading, "") for heading in OLD],
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_other_layouts_come_in_workbooks_too(tmp_path: Path, name: str) -> None:
    layout, rows = TABLES[name]
    text = tmp_path / f"{name}.csv"
    with text.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t" if layout == "survey-list" else ",").writerows(rows)
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    for row in rows:
        sheet.append([typed(cell, sheet) for cell in row])
    book = tmp_path / f"{name}.xlsx"
    sheet.parent.save(book)
    first, second = (read_export(path, codebook=CODEBOOK) for path in (text, book))
    assert first.layout.value == second.layout.value == layout
    assert second.frame.to_numpy().tolist() == first.frame.to_numpy().tolist()
    assert second.counts == first.counts


def test_a_workbook_and_the_export_that_it_was_agree(shared: Path, tmp_path: Path) -> None:
    source = next((shared / "fixtures/exporter_2018").glob("Survey_by_companies*.csv"))
    answers = next((shared / "fixtures/exporter_2018").glob("Survey_2*.csv"))
    export = read_export(source, codebook=CODEBOOK)
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    sheet.append(list(export.headings))
    for number, row in enumerate(export.frame.itertuples(index=False)):
        organization = "Another GmbH" if number == 40 else row[1]
        sheet.append([int(row[0]), escape(organization) or None, row[2]])
    changed = read(tmp_path, sheet)
    both = clean([read_export(answers, codebook=CODEBOOK), export, changed])
    found = both.issues[both.issues["code"] == "contradicting exports"]
    assert set(found["column"]) == {"organization_name"}
    assert len(found) == 1
