"""Workbooks of LibreOffice and its kin: each cell as the text that it was."""

import zipfile
from pathlib import Path

import pytest

from survey.errors import ExportError
from survey.exports import read_export

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = (
    'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def open_document(folder: Path, rows: str, manifest: str = "") -> Path:
    path = folder / "sheet.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("META-INF/manifest.xml", f"<m>{manifest}</m>")
        archive.writestr(
            "content.xml", f"<o:doc {NAMES}><t:table t:name='a'>{rows}</t:table></o:doc>"
        )
    return path


def ods_row(*cells: str, times: int = 1) -> str:
    return f"<t:table-row t:number-rows-repeated='{times}'>{''.join(cells)}</t:table-row>"


def ods_text(text: str, times: int = 1) -> str:
    return f"<t:table-cell t:number-columns-repeated='{times}'><x:p>{text}</x:p></t:table-cell>"


def ods_value(kind: str, attribute: str, value: str) -> str:
    told = f"o:value-type='{kind}' o:{attribute}='{value}'"
    return f"<t:table-cell {told}><x:p>shown</x:p></t:table-cell>"


LIST = ("SurveyID", "Org", "Email")


def test_an_open_document_is_read_cell_by_cell(tmp_path: Path) -> None:
    head = ods_row(*map(ods_text, LIST))
    rows = head + ods_row(
        ods_value("float", "value", "7"), ods_text("a<x:s x:c='2'/>b"), ods_text("x")
    )
    rows += ods_row(times=1_000_000) + ods_row("<t:table-cell t:number-columns-repeated='16000'/>")
    rows += ods_row(
        ods_value("float", "value", "8.0"),
        ods_text("one</x:p><x:p><x:span>two</x:span><x:line-break/>three"),
        ods_text("y"),
    )
    export = read_export(open_document(tmp_path, rows))
    assert export.frame["SurveyID"].tolist() == ["7", "8"]
    assert export.frame["Org"].tolist() == ["a  b", "one\ntwo\nthree"]
    assert export.lines.tolist() == [2, 1_000_004]


@pytest.mark.parametrize(
    ("kind", "attribute", "value", "text"),
    [
        ("boolean", "boolean-value", "true", "TRUE"),
        ("boolean", "boolean-value", "false", "FALSE"),
        ("date", "date-value", "2024-05-01T10:00:07", "2024-05-01 10:00:07"),
        ("date", "date-value", "2024-05-01", "2024-05-01"),
        ("percentage", "value", "0.2", "20%"),
        ("currency", "value", "12", "12"),
        ("string", "string-value", "", "shown"),
    ],
)
def test_an_open_document_says_what_a_cell_is(
    tmp_path: Path, kind: str, attribute: str, value: str, text: str
) -> None:
    rows = ods_row(*map(ods_text, LIST))
    rows += ods_row(ods_text("7"), ods_value(kind, attribute, value), ods_text("x"))
    assert read_export(open_document(tmp_path, rows)).frame["Org"].tolist() == [text]


@pytest.mark.parametrize(
    ("rows", "manifest", "says"),
    [
        ("", "", "empty workbook"),
        (ods_row(ods_text("x"), times=20_000), "", "one row 20,000 times"),
        (ods_row(ods_text("x", times=20_000)), "", "one cell 20,000 times"),
        ("", "encryption-data", "encrypted"),
    ],
)
def test_an_open_document_that_is_no_table_is_refused(
    tmp_path: Path, rows: str, manifest: str, says: str
) -> None:
    with pytest.raises(ExportError, match=says):
        read_export(open_document(tmp_path, rows, manifest))
