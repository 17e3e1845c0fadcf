"""The attacker itself: it finds what can be found, and no more."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.attacker.bounds import exactly, system_of
from tests.attacker.noise import chances, could_be
from tests.attacker.reading import band_of, read_folder

BANDS = ("Up to 99 cores", "100 to 999 cores", "1,000 to 9,999 cores", "10,000 or more cores")


def report(folder: Path, tables: dict[str, tuple[list[str], list[list[object]]]]) -> Path:
    """Write tables as a report has them: name -> grouping concepts and rows."""
    (folder / "tables").mkdir(parents=True)
    about = []
    for name, (by, rows) in tables.items():
        columns = [*by, "answer", "count", "base", "value", "low", "high", "status"]
        with (folder / "tables" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([*row[:-1], "", "", "", row[-1]] for row in rows)
        about.append(
            {
                "file": f"{name}.csv",
                "name": name,
                "unit": "deployment",
                "concept": "compute_cores",
                "by": by,
                "several_answers": False,
                "base": "answered",
                "measure": "share",
                "statistic": "share",
            }
        )
    text = json.dumps({"edition": "2021", "tables": about})
    (folder / "tables" / "tables.json").write_text(text, encoding="utf-8")
    return folder


def test_one_withheld_part_of_a_printed_base_is_no_secret(tmp_path: Path) -> None:
    counts = [14, 6, None, 0]
    rows = [
        ["Proof of Concept", band, count, 22, "ok" if count is not None else "suppressed"]
        for band, count in zip(BANDS, counts, strict=True)
    ]
    folder = report(tmp_path / "2021", {"by_stage": (["deployment_stage"], rows)})
    tables = read_folder(folder)
    hidden = tables[0].cells[2].key
    assert system_of(tables, exactly).bounds([hidden]) == {hidden: (2, 2)}


def test_a_class_of_bands_gives_away_a_band(tmp_path: Path) -> None:
    fine = [["Up to 9 cores", 5, 30, "ok"], ["10 to 99 cores", None, 30, "suppressed"]]
    fine += [["100 or more cores", None, 30, "suppressed"]]
    coarse = [["Up to 99 cores", 8, 30, "ok"], ["100 or more cores", None, 30, "suppressed"]]
    tables = read_folder(report(tmp_path / "2021", {"fine": ([], fine), "coarse": ([], coarse)}))
    hidden = tables[0].cells[1].key
    assert system_of(tables, exactly).bounds([hidden]) == {hidden: (3, 3)}


def test_two_withheld_parts_share_what_is_left(tmp_path: Path) -> None:
    rows = [[band, count, 22, "ok"] for band, count in zip(BANDS, [14, None, None, 0], strict=True)]
    tables = read_folder(report(tmp_path / "2021", {"cores": ([], rows)}))
    hidden = tables[0].cells[1].key
    assert system_of(tables, exactly).bounds([hidden]) == {hidden: (0, 8)}


@pytest.mark.parametrize("published", [0, 3, 4, 7, 50])
def test_behind_a_published_count_stands_any_count_whose_noise_leads_to_it(published: int) -> None:
    known = could_be(published)
    assert all(published in chances(true) for true in known)
    assert all(
        published not in chances(true) for true in range(published + 20) if true not in known
    )


def test_labels_of_bands_are_read_as_intervals() -> None:
    assert band_of("100,000 to 999,999 cores") == (100_000, 999_999)
    assert band_of("1 million or more cores") == (1_000_000, float("inf"))
    assert band_of("KVM") is None
