"""On the committed editions one change has one number wherever a report prints it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest

from survey.disclosure import Publication, protect
from survey.estimates import Estimates
from survey.exports import read_export
from survey.publish import write_report
from survey.publish.claims import claims_of
from survey.publish.headlines import headlines
from survey.responses import clean
from survey.topics.changes import changes
from survey.topics.footprint import footprint

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
CHANGES = (
    "compute_cores_total_change",
    "compute_cores_median_change",
    "compute_cores_total_by_stage_change",
)
COLUMNS = ("value", "low", "high", "earlier", "later")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Publication, Path]:
    answers = clean([read_export(path) for path in sorted(RAW.glob("Survey_20*.csv"))], key=b"one")
    made = [*footprint(answers, "2024"), *changes(answers, "2024")]
    kept = [table for table in made if table.name.startswith("compute_cores")]
    publication = protect(kept, title="Cores", edition="2024", answers=answers)
    folder = tmp_path_factory.mktemp("report")
    write_report(publication, folder, codebook=answers.codebook)
    return publication, folder / "2024"


def rows(table: Estimates) -> list[dict[str, float]]:
    found = table.frame[table.frame["value"].notna()]
    return [{name: float(row[name]) for name in COLUMNS} for row in found.to_dict("records")]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_printed_alike_in_csv_workbook_and_json(
    printed: tuple[Publication, Path], name: str
) -> None:
    publication, folder = printed
    expected = rows(publication.tables[name])
    assert expected
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig") as file:
        found = [row for row in csv.DictReader(file) if row["value"]]
    assert [{key: float(row[key]) for key in COLUMNS} for row in found] == expected
    (path,) = folder.glob("*.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    cells = {
        frozenset(float(cell) for cell in row if isinstance(cell, int | float))
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    }
    drawn = json.dumps(json.loads((folder / "charts" / f"{name}.json").read_text("utf-8")))
    numbers = {float(each) for each in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", drawn)}
    for row in expected:
        wanted = {row["value"], row["low"], row["high"]}
        assert any(wanted <= each for each in cells)
        assert wanted <= numbers


def test_claims_headlines_and_pages_print_the_change_of_the_table(
    printed: tuple[Publication, Path],
) -> None:
    publication, folder = printed
    (total,) = rows(publication.tables["compute_cores_total_change"])
    claims = {claim.name: claim for claim in claims_of(publication)}
    growth = claims["core_growth"]
    assert (growth.number, growth.low, growth.high) == (total["value"], total["low"], total["high"])
    stored = {
        each["name"]: each for each in json.loads((folder / "claims.json").read_text())["claims"]
    }
    assert stored["core_growth"]["number"] == total["value"]
    cards = {card.table: card for card in headlines(publication)}
    start = (folder / "index.html").read_text(encoding="utf-8")
    for name in ("compute_cores_total", "compute_cores_total_by_stage", "compute_cores_median"):
        assert cards[name].change
        assert cards[name].change in start
    verdict = publication.tables["compute_cores_total_change"]["verdict"].item()
    assert ("no clear change" in cards["compute_cores_total"].change) == (
        verdict == "could be noise"
    )
    assert ("could be noise" in growth.caveat) == (verdict == "could be noise")


def test_the_medians_of_both_editions_are_those_of_their_own_table(
    printed: tuple[Publication, Path],
) -> None:
    """Also in their digits."""
    publication, _ = printed
    medians = publication.tables["compute_cores_median"].frame.set_index("edition")["value"]
    (change,) = rows(publication.tables["compute_cores_median_change"])
    assert (change["earlier"], change["later"]) == (medians["2023"], medians["2024"])


def test_the_numbers_of_both_editions_are_those_of_the_totals(
    printed: tuple[Publication, Path],
) -> None:
    """But for rounding, which follows the width of each table's own interval."""
    publication, _ = printed
    totals = publication.tables["compute_cores_total"].frame.set_index("edition")["value"]
    (change,) = rows(publication.tables["compute_cores_total_change"])
    for edition, side in (("2023", "earlier"), ("2024", "later")):
        size = 10 ** (len(str(int(totals[edition]))) - 1)
        assert abs(totals[edition] - change[side]) <= size / 2
