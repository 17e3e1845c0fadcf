"""Exact counts are marked wherever they stand, and stand apart from what is published."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from survey.cli.publishing import folder_of_reports
from survey.disclosure import (
    Ledger,
    Policy,
    Profile,
    Publication,
    Register,
    note_in_ledger,
    protect,
)
from survey.errors import DisclosureError, PublishError
from survey.estimates import share
from survey.project import Project
from survey.publish import write_report, write_workbook
from tests.disclosure.surveys import invented

MARK = "INTERNAL"


@pytest.fixture(scope="module")
def internal() -> Publication:
    answers = invented(60, 2)
    tables = [
        share(answers, concept).named(concept, "sizes")
        for concept in ("compute_cores", "hypervisors", "industry")
    ]
    policy = Policy(profile=Profile.INTERNAL)
    return protect(tables, policy, title="Survey", edition="2019", answers=answers)


@pytest.fixture(scope="module")
def folder(internal: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project") / "reports-internal"
    write_report(internal, root)
    return root / "2019"


def test_every_page_json_and_workbook_says_so(folder: Path) -> None:
    unmarked = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".html", ".json", ".md") or "assets" in path.parts:
            continue
        if MARK not in path.read_text(encoding="utf-8"):
            unmarked.append(str(path.relative_to(folder)))
    assert not unmarked
    (book,) = folder.glob("*.xlsx")
    assert "internal" in book.name
    assert json.loads((folder / "manifest.json").read_text())["status"] == "internal"


def test_every_file_with_numbers_has_a_name_that_says_so(folder: Path) -> None:
    """A table or chart that is mailed by itself leaves its folder behind."""
    files = [*folder.glob("tables/*.csv"), *folder.glob("charts/*.json"), *folder.glob("*.xlsx")]
    files = [path for path in files if path.name != "index.json"]
    assert len(files) > 6
    assert all(path.name.startswith((MARK, MARK.casefold())) for path in files)
    listed = json.loads((folder / "tables" / "tables.json").read_text(encoding="utf-8"))["tables"]
    assert all((folder / "tables" / each["file"]).exists() for each in listed)
    linked = re.findall(r"\]\(([^)#]+\.csv)#", (folder / "narrative.md").read_text("utf-8"))
    assert linked
    assert all((folder / path).exists() for path in linked)


def test_every_sheet_of_a_draft_says_so_and_none_of_a_final_workbook(tmp_path: Path) -> None:
    answers = invented(60, 2)
    table = share(answers, "industry").named("industry", "sizes")
    for final in (False, True):
        register = Register(Ledger("k"), final=final)
        made = protect([table], title="Survey", edition="2019", register=register)
        note_in_ledger(register, tmp_path / f"ledger-{final}.json")
        path = write_workbook(made, tmp_path / f"{final}.xlsx")
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert ("DRAFT" in (sheet.oddHeader.center.text or "")) is not final


def test_every_sheet_says_so(folder: Path) -> None:
    (book,) = folder.glob("*.xlsx")
    sheets = openpyxl.load_workbook(book).worksheets
    silent = [sheet.title for sheet in sheets if not _marked(sheet)]
    assert not silent


def _marked(sheet: Worksheet) -> bool:
    """Whether a sheet says so on paper, and has a red tab on the screen."""
    margins = f"{sheet.oddHeader.center.text} {sheet.oddFooter.left.text}"
    return MARK in margins and sheet.sheet_properties.tabColor.rgb.endswith("C00000")


@pytest.mark.parametrize("name", ["reports", "reports/2019/internal"])
def test_exact_counts_never_stand_among_published_ones(
    internal: Publication, tmp_path: Path, name: str
) -> None:
    published = tmp_path / "reports" / "2019"
    published.mkdir(parents=True)
    (published / "manifest.json").write_text("{}")
    with pytest.raises(PublishError, match="not written among published"):
        write_report(internal, tmp_path / name)


def test_internal_reports_have_a_folder_of_their_own_and_are_never_final(tmp_path: Path) -> None:
    project = Project(tmp_path, policy=Policy(profile=Profile.INTERNAL))
    assert folder_of_reports(project, None, final=False) == tmp_path / "reports-internal"
    assert folder_of_reports(Project(tmp_path), None, final=True) == tmp_path / "reports"
    with pytest.raises(DisclosureError, match="never published"):
        folder_of_reports(project, None, final=True)
