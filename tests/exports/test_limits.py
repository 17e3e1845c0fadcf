"""What is bearable: as much as the limit is read, and one more is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from survey.errors import ExportError
from survey.exports import read_export
from survey.exports.source import raw_file
from survey.exports.source.workbook import open_document, package, sheet
from tests.exports.cases_workbooks import OPEN, SHEETS, open_workbook
from tests.exports.survey_files import COMPANY, text

FILLED = sum(bool(cell) for row in COMPANY for cell in row)


def read(folder: Path, data: bytes) -> int:
    path = folder / "file"
    path.write_bytes(data)
    return len(read_export(path))


@pytest.mark.parametrize("module", [sheet, open_document])
def test_a_workbook_may_have_so_many_cells_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    data = SHEETS["a company list"] if module is sheet else open_workbook(COMPANY)
    monkeypatch.setattr(module, "MOST_CELLS", FILLED)
    assert read(tmp_path, data) == 3
    monkeypatch.setattr(module, "MOST_CELLS", FILLED - 1)
    with pytest.raises(ExportError, match=f"more than {FILLED - 1} cells"):
        read(tmp_path, data)


def test_a_file_may_have_so_many_bytes_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = text(COMPANY)
    monkeypatch.setattr(raw_file, "MOST_BYTES", len(data))
    assert read(tmp_path, data) == 3
    monkeypatch.setattr(raw_file, "MOST_BYTES", len(data) - 1)
    with pytest.raises(ExportError, match=f"{len(data)} bytes"):
        read(tmp_path, data)


@pytest.mark.parametrize(
    ("small", "times", "bearable"), [(0, 1, False), (0, 1_000, True), (1 << 24, 1, True)]
)
def test_a_workbook_may_unfold_to_so_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int, times: int, bearable: bool
) -> None:
    monkeypatch.setattr(package, "SMALL", small)
    monkeypatch.setattr(package, "MOST_TIMES", times)
    if bearable:
        assert read(tmp_path, OPEN["ods"]) == 6
    else:
        with pytest.raises(ExportError, match="bytes that unfold to"):
            read(tmp_path, OPEN["ods"])


def test_a_workbook_may_unfold_to_no_more_than_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(b"application/vnd.oasis.opendocument.spreadsheet") + len(open_content())
    monkeypatch.setattr(package, "MOST_UNFOLDED", whole)
    assert read(tmp_path, open_workbook(COMPANY)) == 3
    monkeypatch.setattr(package, "MOST_UNFOLDED", whole - 1)
    with pytest.raises(ExportError, match=f"{whole:,} bytes once unpacked"):
        read(tmp_path, open_workbook(COMPANY))


def open_content() -> bytes:
    with zipfile.ZipFile(io.BytesIO(open_workbook(COMPANY))) as archive:
        return archive.read("content.xml")
