"""Known footprints: what is published stands, a file of one's own adds to it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from survey.codebook import Band, read_footprints
from survey.errors import CodebookError

OWN = """
[[footprints]]
organization = "Example Telco"
edition = "2023"
cores = 250_000
source = "told by the operator"

[[footprints]]
organization = "LINE"
edition = "2023"
cores = 7_000_000
source = "told by the operator"
"""
WRONG = """
[[footprints]]
organization = "Example Telco"
edition = 2023
cores = 2.5
sorce = "told"

[[footprints]]
organization = "Example Telco"
edition = "2023"
cores = -1
source = "told"
confidence = "so-so"
at_least = "yes"
"""


def test_every_published_figure_of_a_named_cloud_is_there(shared: Path) -> None:
    known = {(each.organization, each.edition): each for each in read_footprints()}
    named = set()
    with (shared / "domain/published_figures.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            size = row["unit"] in ("cores", "cores_at_least")
            if (
                row["question"] != "Cores per organization"
                or not size
                or "added" in row["population_filter"]
            ):
                continue
            key = (row["category"].removesuffix(" (LY)"), row["year"])
            named.add(key)
            band = known[key].band
            assert band.low >= float(row["value"])
            assert known[key].at_least == (row["unit"] == "cores_at_least")
    assert named == known.keys()


def test_a_file_of_one_s_own_adds_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    added = set(read_footprints(path)) - set(read_footprints())
    assert {(each.organization, each.cores) for each in added} == {
        ("Example Telco", 250_000), ("LINE", 7_000_000),
    }  # fmt: skip
    assert len(read_footprints(path)) == len(read_footprints()) + 1
    assert next(iter(added)).band in (Band(250_000, 250_000), Band(7_000_000, 7_000_000))


def test_every_mistake_comes_in_one_error(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG, encoding="utf-8")
    with pytest.raises(CodebookError) as error:
        read_footprints(path, tmp_path / "absent.toml")
    told = "\n".join(map(str, error.value.problems))
    for part in (
        "wrong.toml, footprint 1: got unknown key 'sorce'. Hint: did you mean 'source'",
        "wrong.toml, footprint 1: got no source",
        "edition = 2023; expected text in quotes",
        "cores = 2.5; expected a whole number from 1",
        "wrong.toml, footprint 2: got cores = -1; expected a whole number from 1",
        "confidence = 'so-so'; expected one of high, medium, low",
        "at_least = 'yes'; expected true or false",
        "absent.toml",
    ):
        assert part in told
