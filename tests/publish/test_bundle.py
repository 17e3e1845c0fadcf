"""The report as one folder: whole or not at all, the same bytes, nobody recognizable."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import survey as sv
from survey.disclosure import Publication
from survey.errors import PublishError
from survey.files import folders
from survey.publish import Publisher, bundle, refuse_report, write_report
from survey.publish.chart_json import file_name
from survey.publish.dashboard.plotly_bundle import plotly_in_steps
from tests.privacy import find_personal, folded
from tests.publish import workbook_builders as make

HERE = Path(__file__).parent
EXPECTED = {
    "index.html", "questions.html", "method.html", "glossary.html", "downloads.html", "embed.html",
    "compare.html", "manifest.json", "claims.md", "claims.json",
    "narrative.json", "narrative.md", "quotes", "quotes.html", "assets", "blocks", "charts",
    "data", "tables",
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def publication() -> Publication:
    return make.everything()


@pytest.fixture(scope="module")
def report(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    write_report(publication, folder)
    return folder / publication.edition


def test_everything_is_there_and_nothing_else(report: Path, publication: Publication) -> None:
    workbook = f"openstack-user-survey-{publication.edition}.xlsx"
    found = {path.name for path in report.iterdir()}
    assert {name for name in found if not name.startswith("chapter-")} == EXPECTED | {workbook}
    names = {file_name(name).removesuffix(".json") for name in publication.tables}
    assert {path.stem for path in (report / "charts").iterdir()} == names | {"index"}
    assert {path.stem for path in (report / "tables").iterdir()} == names | {"tables"}
    assert [path.name for path in report.parent.iterdir()] == [publication.edition]


def test_the_manifest_lists_every_file_with_its_digest(report: Path) -> None:
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    listed = {each["path"]: (each["size"], each["sha256"]) for each in manifest["outputs"]}
    found = {
        name: (len(content), sha256(content).hexdigest())
        for name, content in contents(report).items()
        if name != "manifest.json"
    }
    assert listed == found
    assert manifest["policy"]["threshold"] == 10
    assert [each["name"] for each in manifest["inputs"]]


def test_no_output_tells_which_rule_withheld_what(report: Path) -> None:
    for name, content in contents(report).items():
        text = content.decode("utf-8", errors="ignore")
        assert "by_rule" not in text, name
        assert "to_protect_others" not in text, name


def test_the_same_publication_gives_the_same_bytes(
    report: Path, publication: Publication, tmp_path: Path
) -> None:
    write_report(publication, tmp_path)
    assert contents(tmp_path / publication.edition) == contents(report)


def test_files_of_an_earlier_report_go(publication: Publication, tmp_path: Path) -> None:
    earlier_report(tmp_path / publication.edition)
    manifest = tmp_path / publication.edition / "manifest.json"
    plain = json.loads(manifest.read_text())
    plain["outputs"].append({"path": "charts/gone.json", "sha256": sha256(b"{}").hexdigest()})
    manifest.write_text(json.dumps(plain))
    (tmp_path / publication.edition / "charts").mkdir()
    (tmp_path / publication.edition / "charts" / "gone.json").write_text("{}")
    write_report(publication, tmp_path)
    assert not (tmp_path / publication.edition / "charts" / "gone.json").exists()


@pytest.mark.parametrize("theirs", ["notes.md", "charts/mine.json", "assets/img/logo.svg"])
def test_a_report_beside_which_somebody_keeps_files_is_not_replaced(
    report: Path, publication: Publication, tmp_path: Path, theirs: str
) -> None:
    folder = tmp_path / publication.edition
    shutil.copytree(report, folder)
    (folder / theirs).parent.mkdir(exist_ok=True)
    (folder / theirs).write_text("mine")
    before = contents(tmp_path)
    for refused in (
        lambda: write_report(publication, tmp_path),
        lambda: refuse_report(tmp_path, publication.edition),
    ):
        with pytest.raises(PublishError, match="img" if "img" in theirs else theirs):
            refused()
    assert contents(tmp_path) == before


def test_cover_and_page_say_who_publishes_where_that_is_known(
    publication: Publication, report: Path, tmp_path: Path
) -> None:
    publisher = Publisher("Example & Sons", "survey@example.org", "CC BY 4.0")
    write_report(publication, tmp_path, publisher=publisher)
    told = cover(tmp_path / publication.edition)
    assert {*publisher.lines(), "Publisher"} <= told
    page = (tmp_path / publication.edition / "index.html").read_text("utf-8")
    assert "<p>Published by: Example &amp; Sons</p>" in page
    assert "Publisher" not in cover(report)
    assert "Published by" not in (report / "index.html").read_text("utf-8")


def cover(folder: Path) -> set[object]:
    sheet = load_workbook(next(folder.glob("*.xlsx")))["Cover"]
    return {cell.value for row in sheet.iter_rows() for cell in row}


def earlier_report(folder: Path) -> dict[str, bytes]:
    """Write a small report with its manifest; what has none is not replaced."""
    page = b"the old report"
    listed = {"path": "index.html", "size": len(page), "sha256": sha256(page).hexdigest()}
    old = {"index.html": page, "manifest.json": json.dumps({"outputs": [listed]}).encode()}
    folder.mkdir()
    for name, content in old.items():
        (folder / name).write_bytes(content)
    return old


WRITERS = (
    "write_dashboard",
    "write_workbook",
    "write_charts",
    "write_tables",
    "write_claims",
    "manifest_of",
    "_swap",
)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_report(
    publication: Publication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writer: str,
    error: BaseException,
) -> None:
    old = earlier_report(tmp_path / publication.edition)

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(folders if writer == "_swap" else bundle, writer, fail)
    with pytest.raises((PublishError, KeyboardInterrupt)):
        write_report(publication, tmp_path)
    assert contents(tmp_path / publication.edition) == old
    assert [path.name for path in tmp_path.iterdir()] == [publication.edition]


def test_a_swap_that_fails_half_way_puts_the_old_report_back(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = earlier_report(tmp_path / publication.edition)
    replace = Path.replace

    def once(self: Path, target: Path) -> Path:
        if self.parent.name.startswith(".survey-new-") and self.name == publication.edition:
            raise OSError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", once)
    with pytest.raises(PublishError, match="Permission denied"):
        write_report(publication, tmp_path)
    assert contents(tmp_path) == {f"{publication.edition}/{name}": old[name] for name in old}


def test_what_a_killed_run_set_aside_is_found_again(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = earlier_report(tmp_path / f".survey-old-{publication.edition}")
    monkeypatch.setattr(bundle, "write_tables", lambda *_: (_ for _ in ()).throw(OSError()))
    with pytest.raises(PublishError):
        write_report(publication, tmp_path)
    assert contents(tmp_path) == {f"{publication.edition}/{name}": old[name] for name in old}


@pytest.mark.parametrize("edition", ["../2024", "", ".hidden", "a/b"])
def test_an_edition_cannot_lead_out_of_the_folder(tmp_path: Path, edition: str) -> None:
    with pytest.raises(PublishError, match="edition"):
        write_report(make.publication(edition=edition), tmp_path / "reports")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_one_clear_message(publication: Publication, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("not a folder")
    with pytest.raises(PublishError, match="cannot be written"):
        write_report(publication, tmp_path / "reports")


# -- from invented exports to a report --------------------------------------------------------


@pytest.fixture(scope="module")
def exports(root: Path) -> list[Path]:
    return sorted((root / "data" / "raw").glob("*.csv"))[-2:]


@pytest.fixture(scope="module")
def whole(exports: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    answers = sv.pool([sv.clean(sv.read_export(path)) for path in exports])
    tables = sv.standing_tables(answers)
    made = sv.protect(
        tables, title="OpenStack User Survey", edition=answers.editions[-1], answers=answers
    )
    folder = tmp_path_factory.mktemp("whole")
    write_report(made, folder)
    return folder


NAMED = (
    "Email",
    "FirstName",
    "Surname",
    "Organization",
    "Label",
    "NetPromoterReason",
    "WhatDoYouLikeMost",
    "FurtherEnhancement",
)


def private_words(paths: list[Path]) -> Iterator[str]:
    """Yield names, addresses, organizations and free texts as they stand in the exports."""
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for record in csv.DictReader(file):
                yield from (record.get(name) or "" for name in NAMED)
                yield " ".join(record.get(name) or "" for name in NAMED[1:3])


def public_words() -> str:
    """Return all that outputs may say anyway: the questionnaire."""
    questions = [q for edition in sv.read_codebook() for q in edition.questions]
    return " ".join(text for q in questions for text in (q.title, q.note, *q.labels, *q.row_labels))


def test_nobody_can_be_found_in_any_file(whole: Path, exports: list[Path]) -> None:
    public = folded(public_words())
    words = {word for word in private_words(exports) if len(word.strip()) >= 5}
    words = {word for word in words if folded(word) not in public}
    assert len(words) > 300
    assert find_personal(whole, words, known=[plotly_in_steps().encode()]) == []


def test_small_counts_are_in_no_file_of_tables(whole: Path) -> None:
    counts = [
        count
        for path in whole.rglob("tables/*.csv")
        for count in pd.read_csv(path)["count"].dropna().tolist()
    ]
    assert len(counts) > 200
    assert not {1, 2} & {*counts}


def test_hash_seeds_change_nothing(exports: list[Path], tmp_path: Path) -> None:
    program = (
        "import sys, survey as sv\n"
        "answers = sv.clean(sv.read_export(sys.argv[1]), key=bytes(32))\n"
        "made = sv.protect(sv.standing_tables(answers), title='t', edition=answers.editions[-1],"
        " answers=answers)\n"
        "sv.publish.write_tables(made, sys.argv[2])\n"
    ).replace("sv.publish.write_tables", "__import__('survey.publish').publish.write_tables")
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(exports[-1]), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_the_search_for_private_words_finds_them(tmp_path: Path) -> None:
    """The test of the test: in plain, escaped, compressed and other encodings."""
    (tmp_path / "plain.html").write_text("<b>ZÜRCHER Wolken AG</b>", encoding="utf-8")
    (tmp_path / "data.json").write_text(json.dumps({"x": "Zürcher Wolken AG"}))
    (tmp_path / "page.html").write_text("Z&uuml;rcher Wolken AG &amp; Co")
    (tmp_path / "wide.txt").write_bytes("Zürcher Wolken AG".encode("utf-16"))
    (tmp_path / "old.txt").write_bytes("Zürcher Wolken AG".encode("latin-1"))
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<t>Zürcher Wolken AG</t>")
    (tmp_path / "Zürcher Wolken AG.txt").write_text("")
    found = find_personal(tmp_path, {"Zürcher Wolken AG", "Nobody Ltd"})
    assert {place for place, _ in found} == {
        "plain.html",
        "data.json",
        "page.html",
        "wide.txt",
        "old.txt",
        "book.xlsx!xl/sharedStrings.xml",
        "Zürcher Wolken AG.txt",
    }


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(PublishError, match="such as"):
        Publisher(colour="red; }")
