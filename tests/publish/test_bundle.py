"""The report as a folder: complete, the same each time, whole or not at all."""

import csv
import hashlib
import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from survey.errors import PublishError
from survey.publish import bundle, write_report

make = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("workbook_builders.py"))))
PUBLISHED = make.everything()
EDITION = PUBLISHED.edition


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reports")
    write_report(PUBLISHED, out)
    return out / EDITION


def test_everything_is_there(report: Path) -> None:
    names = {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}
    assert {
        "index.html",
        f"openstack-user-survey-{EDITION}.xlsx",
        "manifest.json",
        "charts/index.json",
        "tables/tables.json",
    } <= names
    for folder, ending in (("charts", ".json"), ("tables", ".csv")):
        found = [name for name in names if name.startswith(folder) and name.endswith(ending)]
        assert len(found) >= len(PUBLISHED.tables)


def test_the_manifest_knows_every_file_and_its_digest(report: Path) -> None:
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    listed = {entry["path"]: entry for entry in manifest["outputs"]}
    there = {
        path.relative_to(report).as_posix(): path.read_bytes()
        for path in report.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert listed.keys() == there.keys()
    for name, content in there.items():
        assert listed[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert listed[name]["size"] == len(content)
    assert manifest["invented"] is True
    assert [source["sha256"] for source in manifest["inputs"]] == [
        source.sha256 for source in PUBLISHED.provenance.sources
    ]
    assert str(report.parent) not in json.dumps(manifest)


def test_the_same_publication_gives_the_same_bytes(report: Path, tmp_path: Path) -> None:
    write_report(PUBLISHED, tmp_path)
    again = tmp_path / EDITION
    first, second = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (report, again)
    )
    assert first == second


def test_a_withheld_figure_is_an_empty_cell(report: Path) -> None:
    with (report / "tables/nothing_left.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["status"] for row in rows} == {
        "suppressed",
        "not offered",
        "not comparable",
        "empty",
    }
    assert {row["value"] for row in rows} == {""}


def test_a_report_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(PUBLISHED, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle, "write_tables", full)
    with pytest.raises(PublishError, match="No space left"):
        write_report(PUBLISHED, tmp_path)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before
    assert [path.name for path in tmp_path.iterdir()] == [EDITION]


def test_what_an_earlier_report_left_does_not_stay(tmp_path: Path) -> None:
    stale = tmp_path / EDITION / "charts" / "stale.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")
    write_report(PUBLISHED, tmp_path)
    assert not stale.exists()
