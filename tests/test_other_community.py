"""Another community publishes its own survey: every output speaks its words and none of ours."""

from __future__ import annotations

import csv
import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey.cli import main

OURS = re.compile(r"cloud|openstack|\bcores?\b", re.IGNORECASE)
THEIRS = {"bakery", "bakeries"}
CODEBOOK = """
[edition]
name = "{year}"
title = "Bakery survey {year}"

[layout]
family = "table"
unit = "deployment"
respondent = "Who"
created = "When"
edited = "When"

[vocabulary]
subject = "Sourdough"
respondent = "baker"
unit = "bakery"
units = "bakeries"
counted = "loaves"

[[questions]]
concept = "organization_name"
heading = "Company"
title = "Company"
kind = "organization"
unit = "respondent"

[[questions]]
concept = "likelihood_to_recommend"
heading = "Recommend"
title = "Would you recommend Sourdough?"
kind = "single"
unit = "respondent"
choices = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]

[[questions]]
concept = "primary_country"
heading = "Country"
title = "Country"
kind = "country"
unit = "respondent"

[[questions]]
concept = "deployment_stage"
heading = "Stage"
title = "Stage of the bakery"
kind = "single"
unit = "deployment"
choices = ["Planned", "Open"]

[[questions]]
concept = "team_size"
heading = "Team"
title = "People per bakery"
kind = "single"
unit = "deployment"
measure = "people"
choices = [
    {{ value = "1-5", low = 1, high = 5 }},
    {{ value = "6-20", low = 6, high = 20 }},
    {{ value = "21 or more", low = 21 }},
]

[[questions]]
concept = "loaves"
heading = "Loaves"
title = "Loaves per day"
kind = "single"
unit = "deployment"
measure = "loaves"
choices = [
    {{ value = "1-99", low = 1, high = 99 }},
    {{ value = "100-999", low = 100, high = 999 }},
    {{ value = "1000 or more", low = 1000 }},
]

[[questions]]
concept = "ovens"
heading = "Ovens"
title = "Ovens in use"
kind = "multiple"
unit = "deployment"
choices = ["Wood", "Gas", "Electric", "Other"]
"""
PROJECT = """
title = "Bakery survey"
codebook = ["2030.toml", "2031.toml"]

[publisher]
name = "Guild of Bakers"
licence = "CC BY 4.0"
file_name = "bakers"
colour = "#7a3b00"

[report]
without = ["primary_country"]

[[tables]]
concept = "ovens"
where = { deployment_stage = "Open" }
name = "ovens_of_open_bakeries"
title = "Ovens of open bakeries"

[[exports]]
file = "data/raw/bakeries_2030.csv"
edition = "2030"

[[exports]]
file = "data/raw/bakeries_2031.csv"
edition = "2031"
"""
HEADINGS = ("Who", "When", "Company", "Recommend", "Country", "Stage", "Team", "Loaves", "Ovens")


def _rows(year: int) -> list[list[str]]:
    """Return the answers of invented bakers, who describe one or two bakeries each."""
    rng, rows = random.Random(year), []
    for number in range(150):
        baker = [
            f"P{number}",
            f"{year}-05-{1 + number % 28:02} 10:00:00",
            f"Bakery house {number}",
            str(rng.randint(0, 10)),
            rng.choice(["Germany", "France", "Japan"]),
        ]
        for _ in range(rng.randint(1, 2)):
            ovens = [oven for oven in ("Wood", "Gas", "Electric") if rng.random() < 0.5]
            ovens += ["a steam oven"] if rng.random() < 0.1 else []
            stage, team = rng.choice(["Planned", "Open"]), rng.choice(["1-5", "6-20", "21 or more"])
            loaves = str(rng.choice([50, 300, 2500]))
            rows.append([*baker, stage, team, loaves, ";".join(ovens)])
    return rows


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bakeries")
    (folder / "data/raw").mkdir(parents=True)
    (folder / "survey.toml").write_text(PROJECT, "utf-8")
    for year in (2030, 2031):
        (folder / f"{year}.toml").write_text(CODEBOOK.format(year=year), "utf-8")
        with (folder / f"data/raw/bakeries_{year}.csv").open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEADINGS, *_rows(year)])
    out = folder / "reports"
    run = CliRunner().invoke(main, ["report", "--project", str(folder), "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert not OURS.search(run.output)
    return out / "2031"


def _written(folder: Path) -> dict[str, str]:
    """Return the text of every file that is ours, the parts of the workbook one by one."""
    texts = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                texts |= {f"{name}/{part}": book.read(part).decode() for part in book.namelist()}
        elif path.is_file() and path.suffix in (".html", ".json", ".csv", ".md"):
            texts[name] = path.read_text("utf-8")
    return texts


PARTS = re.compile(r"docProps/core\.xml|core-properties|metadata/core")  # words of the format


def test_no_output_speaks_of_clouds(report: Path) -> None:
    found = {
        name: OURS.findall(PARTS.sub("", f"{name}\n{text}"))
        for name, text in _written(report).items()
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_charts_and_notes_count_bakeries_and_bakers(report: Path) -> None:
    """``unit`` in the data files is a key; whoever reads a chart or a note sees the words."""
    ours = re.compile(r"(?:of|[\d,]|Share of|Base:) (?:deployments?|respondents?)\b")
    texts = {
        name: text
        for name, text in _written(report).items()
        if name.startswith(("charts/", "blocks/", "tables/")) or ".xlsx/xl/charts" in name
    }
    assert {name: ours.findall(text) for name, text in texts.items() if ours.search(text)} == {}
    assert any("bakeries" in text for text in texts.values())
    assert any("bakers" in text for text in texts.values())


def test_every_output_is_there(report: Path) -> None:
    names = set(_written(report))
    assert {
        "index.html",
        "claims.md",
        "claims.json",
        "tables/tables.json",
        "manifest.json",
    } <= names
    assert {"tables/ovens.csv", "tables/loaves.csv", "charts/ovens.json"} <= names
    assert any(name.startswith("bakers-2031.xlsx/") for name in names)


def test_titles_and_claims_use_the_words_of_the_community(report: Path) -> None:
    texts = _written(report)
    assert "The people behind bakeries" in texts["index.html"]
    assert "People who operate the median bakery" in texts["index.html"]
    assert re.search(r"\d+ bakeries", texts["index.html"])
    assert "Guild of Bakers" in texts["index.html"]
    assert "--brand: #7a3b00;" in (report / "assets/colours.css").read_text("utf-8")
    claims = json.loads(texts["claims.json"])["claims"]
    assert all(claim["said"] for claim in claims)
    assert "The median bakery is operated by" in texts["claims.md"]
    assert {claim["base"].split()[-1] for claim in claims} <= {"bakers", "bakeries"}
    assert any(word in texts["tables/tables.json"] for word in THEIRS)


def test_the_report_has_the_tables_that_the_project_wants(report: Path) -> None:
    names = set(_written(report))
    assert "tables/ovens_of_open_bakeries.csv" in names
    assert "tables/primary_country.csv" not in names


def test_write_ins_count_as_other(report: Path) -> None:
    rows = list(csv.DictReader((report / "tables/ovens.csv").read_text("utf-8").splitlines()))
    assert {row["answer"] for row in rows} == {"Wood", "Gas", "Electric", "Other"}
