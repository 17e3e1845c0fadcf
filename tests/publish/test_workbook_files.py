"""The file itself: the same bytes every time, whole or not at all, errors that help."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from survey.errors import PublishError
from survey.publish.workbook import write_workbook
from tests.publish import workbook_builders as make

ROOT = Path(__file__).resolve().parents[2]
WRITE = """
import sys
from pathlib import Path
from survey.publish.workbook import write_workbook
from tests.publish import workbook_builders as make
write_workbook(make.everything(), Path(sys.argv[1]))
"""


def names_in(folder):
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def publication():
    return make.publication(make.releases_ungrouped())


def test_two_processes_write_the_same_bytes(tmp_path):
    written = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        path = tmp_path / seed / "book.xlsx"
        path.parent.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        subprocess.run(
            [sys.executable, "-c", WRITE, str(path)], check=True, env=environment, cwd=ROOT
        )
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert write_workbook(make.everything(), tmp_path / "other.xlsx").read_bytes() == written[0]


def test_the_archive_carries_no_clock(tmp_path, publication):
    path = write_workbook(publication, tmp_path / "book.xlsx")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])
    assert core.count("2024-01-01T00:00:00Z") == 2


def test_an_older_file_is_replaced(tmp_path, publication):
    path = tmp_path / "book.xlsx"
    path.write_text("old")
    assert write_workbook(publication, path) == path
    assert zipfile.is_zipfile(path)
    assert names_in(tmp_path) == ["book.xlsx"]


@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")], ids=["write", "replace"])
@pytest.mark.parametrize(
    ("code", "hint"), [(errno.EACCES, "a workbook may be open"), (errno.ENOSPC, "free some space")]
)
def test_a_refusal_of_the_system_leaves_the_old_file(
    tmp_path, monkeypatch, publication, step, code, hint
):
    path = tmp_path / "book.xlsx"
    path.write_text("old")

    def refuse(*arguments):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(*step, refuse)
    with pytest.raises(PublishError, match=hint) as caught:
        write_workbook(publication, path)
    assert path.name in str(caught.value)
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["book.xlsx"]


def test_an_interruption_leaves_nothing_behind(tmp_path, monkeypatch, publication):
    def interrupt(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_workbook(publication, tmp_path / "book.xlsx")
    assert names_in(tmp_path) == []


def test_everything_wrong_with_the_target_is_said_in_one_go(tmp_path, publication):
    with pytest.raises(PublishError) as caught:
        write_workbook(publication, tmp_path / "missing" / "book.xls")
    text = str(caught.value)
    assert "no such folder" in text
    assert "make the folder first" in text
    assert "'.xlsx'" in text
    assert len(caught.value.problems) == 2
    assert names_in(tmp_path) == []


def test_a_folder_or_a_file_in_the_way_is_refused(tmp_path, publication):
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(PublishError, match="name a file in it"):
        write_workbook(publication, tmp_path / "folder.xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishError, match="not a folder"):
        write_workbook(publication, tmp_path / "file" / "book.xlsx")


def test_a_publication_without_tables_is_refused(tmp_path):
    with pytest.raises(PublishError, match="no tables"):
        write_workbook(make.publication(), tmp_path / "book.xlsx")
    assert names_in(tmp_path) == []
