"""Every output says that a number rests on a draft of the codebook that nobody has looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey.disclosure import Publication
from survey.estimates.table import Estimates, Measure
from survey.provenance import Provenance, Unconfirmed
from survey.publish import claims_of, write_dashboard, write_tables, write_workbook
from survey.publish.headlines import headlines
from survey.publish.narrative import write_narrative
from tests.publish import workbook_builders as make

NOTE = "Not confirmed: the codebook of 2024 is a draft"


def number(name: str, concept: str) -> Estimates:
    row = {"edition": "2024", "answer": "median", "count": 300, "base": 300, "value": 1200.0,
           "low": 900.0, "high": 1500.0, "status": "ok"}  # fmt: skip
    table = make.table(name, [row], by=["edition"], measure=Measure.NUMBER, counts="cores")
    return replace(table, spec=replace(table.spec, concept=concept))


@pytest.fixture
def publication() -> Publication:
    """Return two numbers, of which one rests on an unconfirmed question."""
    marks = Provenance(codebook=("2024",), unconfirmed=(Unconfirmed("2024", "compute_cores"),))
    cores = number("compute_cores_median", "compute_cores")
    teams = number("team_size_median", "team_size")
    return make.publication(*(replace(table, provenance=marks) for table in (cores, teams)))


def test_claims_say_it(publication: Publication) -> None:
    said = {claim.name: claim.caveat for claim in claims_of(publication) if claim.said}
    assert said["median_cores"].startswith(NOTE)
    assert [name for name, caveat in said.items() if NOTE in caveat] == ["median_cores"]


def test_headlines_say_it(publication: Publication) -> None:
    labels = [each.label for each in headlines(publication)]
    assert sum(label.endswith("(not confirmed)") for label in labels) == 1
    assert len(labels) == 2


def test_files_say_it(publication: Publication, tmp_path: Path) -> None:
    text, _ = write_narrative(publication, tmp_path)
    write_tables(publication, tmp_path / "tables")
    assert text.read_text("utf-8").count(NOTE) == 1
    assert (tmp_path / "tables" / "tables.json").read_text("utf-8").count(NOTE) == 1


def test_workbook_and_dashboard_say_it(publication: Publication, tmp_path: Path) -> None:
    book = load_workbook(write_workbook(publication, tmp_path / "book.xlsx"))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.startswith(NOTE) for cell in cells)
    write_dashboard(publication, tmp_path / "pages")
    pages = "".join(path.read_text("utf-8") for path in (tmp_path / "pages").rglob("*.js"))
    pages += "".join(path.read_text("utf-8") for path in (tmp_path / "pages").rglob("*.html"))
    assert NOTE in pages
    assert "(not confirmed)" in pages
