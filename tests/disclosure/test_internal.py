"""Exact counts are marked wherever they stand, and stand apart from what is published."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from survey.cli.publishing import folder_of_reports
from survey.disclosure import Policy, Profile, Publication, protect
from survey.errors import ProjectError, PublishError
from survey.estimates import share
from survey.project import Project
from survey.publish import write_report
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
    assert folder_of_reports(project, None, final=False) == Path("reports-internal")
    assert folder_of_reports(Project(tmp_path), None, final=True) == Path("reports")
    with pytest.raises(ProjectError, match="never published"):
        folder_of_reports(project, None, final=True)
