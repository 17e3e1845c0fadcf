"""LibreOffice opens the workbook, loses nothing, and prints it."""

from __future__ import annotations

import csv
import math
import shutil
import subprocess

import pytest

from survey.publish.workbook import write_workbook
from tests.publish import workbook_builders as make

pytestmark = pytest.mark.office
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.fixture(scope="module")
def published():
    return make.everything()


@pytest.fixture(scope="module")
def folder(published, soffice, tmp_path_factory):
    """The workbook, and what LibreOffice makes of it: a CSV file per sheet, and a PDF."""
    folder = tmp_path_factory.mktemp("office")
    write_workbook(published, folder / "book.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for target in (ALL_SHEETS, "pdf"):
        command = [soffice, profile, "--headless", "--convert-to", target, "--outdir", folder]
        subprocess.run(
            [*map(str, command), str(folder / "book.xlsx")],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
    return folder


def rows_of(folder, sheet, header):
    """Return the rows under the header row, as LibreOffice wrote them."""
    with (folder / f"book-{sheet}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    top = next(place for place, line in enumerate(lines) if line[0] == header)
    return [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]


def test_every_number_and_symbol_survives(folder, published):
    found = rows_of(folder, "Data", "table")
    expected = [
        row for table in published.tables.values() for row in table.frame.to_dict("records")
    ]
    assert len(found) == len(expected)
    for mine, row in zip(found, expected, strict=True):
        assert mine["status"] == row["status"]
        for name in ("value", "low", "high"):
            if math.isnan(row[name]):
                assert mine[name] in ("[c]", "[x]", "[z]", "[w]")
            else:
                assert float(mine[name]) == pytest.approx(row[name], rel=1e-9)


def test_odd_labels_survive(folder):
    found = [row["Answer"] for row in rows_of(folder, "10 Odd labels a b", "Answer")]
    expected = [
        "bell�" if label == "bell\x07" else label.replace("\n", " ") for label in make.ODD_LABELS
    ]
    assert found == expected


def test_it_prints_without_cells_that_are_too_narrow(folder):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed; try: apt-get install poppler-utils")
    printed = subprocess.run(
        ["pdftotext", "-layout", str(folder / "book.pdf"), "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "###" not in printed
    assert "#REF!" not in printed
    assert "Table 9: Would you recommend OpenStack?" in printed
    assert printed.count("INVENTED DATA") > 20
