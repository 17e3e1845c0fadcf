"""The sentences that are quoted: from the tables, with their base, or not at all."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from survey.disclosure import Publication
from survey.estimates.table import Estimates, Measure
from survey.publish import claims_of, write_claims
from tests.publish import workbook_builders as make

PRODUCTION = "Production / Full Operational Use"
HERE = Path(__file__).parent
NUMBERS = {
    "compute_cores_total": (Measure.NUMBER, "cores", [41e6, 45e6], (0.8, 1.3)),
    "compute_cores_median": (Measure.NUMBER, "cores", [1100.0, 1200.0], (0.8, 1.3)),
    "team_size_median": (Measure.NUMBER, "people", [9.0, 6.0], (0.9, 1.1)),
    "nps_by_edition": (Measure.SCORE, "", [36.0, 31.0], (0.8, 1.2)),
}


def by_edition(name: str, status: str = "ok") -> Estimates:
    measure, counts, values, (low, high) = NUMBERS[name]
    rows = [
        {
            "edition": edition,
            "answer": "x",
            "count": 300,
            "base": 300,
            "value": value,
            "low": low * value,
            "high": high * value,
            "status": "ok",
        }
        for edition, value in zip(("2023", "2024"), values, strict=True)
    ]
    if status != "ok":
        rows[1] |= {"status": status, "value": math.nan, "low": math.nan, "high": math.nan}
    return make.table(name, rows, by=["edition"], measure=measure, counts=counts)


def changes(name: str, rows: list[tuple[str, float, str, str]]) -> Estimates:
    return make.table(
        name,
        [
            {
                "answer": answer,
                "count": 30,
                "base": 300,
                "value": value,
                "low": value - 0.05,
                "high": value + 0.05,
                "status": status,
                "later": 0.3,
                "verdict": verdict,
            }
            for answer, value, status, verdict in rows
        ],
        measure=Measure.DIFFERENCE,
    )


def shares(name: str, values: dict[str, float]) -> Estimates:
    return make.table(name, [make.share_row(a, v, 300) for a, v in values.items()])


RELEASES = [
    ("Bobcat", math.nan, "not offered", "not comparable"),
    ("Zed", 0.12, "ok", "clear change"),
    ("Yoga", 0.05, "ok", "could be noise"),
    ("Rocky", -0.08, "ok", "clear change"),
]


def number_change(name: str, verdict: str, status: str = "ok") -> Estimates:
    """The change of a number between the two editions that ``NUMBERS`` has."""
    measure, counts, (old, new), _ = NUMBERS[name]
    row = {"answer": "x", "count": 300, "base": 300, "value": new - old, "low": new - old - 1,
           "high": new - old + 1, "status": status, "earlier": old, "later": new,
           "verdict": verdict}  # fmt: skip
    if status != "ok":
        row |= dict.fromkeys(("value", "low", "high", "earlier", "later"), math.nan)
    table = make.table(f"{name}_change", [row], measure=measure, counts=counts)
    return asking(table, earlier="2023", later="2024")


def by_stage() -> Estimates:
    rows = [
        {"edition": edition, "deployment_stage": stage, "answer": "total", "count": 250,
         "base": 250, "value": value, "low": 0.7 * value, "high": 1.6 * value, "status": "ok",
         "models_low": 0.6 * value, "models_high": 1.2 * value}
        for edition, value in (("2023", 40e6), ("2024", 44e6))
        for stage, value in ((PRODUCTION, value), ("Proof of Concept", 1e6))
    ]  # fmt: skip
    table = make.table("compute_cores_total_by_stage", rows, by=["edition", "deployment_stage"],
                       measure=Measure.NUMBER, counts="cores")  # fmt: skip
    return table.noted("Published earlier: 2023: 45 million (a talk).", "These totals differ.")


def panel() -> Estimates:
    values = {"entered": 2e6, "left": -1e6, "stayed": 3e6, "total": 4e6}
    rows = [
        {"answer": name, "count": 90, "base": 300, "value": value, "low": value - 1e5,
         "high": value + 1e5, "status": "ok"}
        for name, value in values.items()
    ]  # fmt: skip
    table = make.table("core_growth", rows, measure=Measure.NUMBER, counts="cores")
    return asking(table, earlier="2023", later="2024")


def small_teams() -> Estimates:
    table = shares("small_teams_of_large_clouds", {"at most 10 people": 0.57})
    sizes = {"among_at_least": (("compute_cores", 1000),), "at_most": (("team_size", 10),)}
    return asking(table, **sizes)


def asking(table: Estimates, **options: object) -> Estimates:
    return replace(table, spec=replace(table.spec, options=tuple(sorted(options.items()))))


def whole() -> dict[str, Estimates]:
    tables = [
        *(by_edition(name) for name in NUMBERS),
        by_stage(),
        number_change("compute_cores_total", "could be noise"),
        number_change("team_size_median", "clear change"),
        changes("releases_in_use_change", RELEASES),
        changes("compute_cores_change", [("1 to 9 cores", -0.01, "ok", "could be noise")]),
        shares("deployment_stage", {"Production / Full Operational Use": 0.84}),
        shares("deployment_year", {"2023": 0.1, "2024": 0.12}),
        shares("releases_in_use", {"Zed": 0.2, "Antelope": 0.31}),
        panel(),
        small_teams(),
    ]
    return {table.name: table for table in tables}


def of(publication: Publication) -> dict[str, object]:
    return {claim.name: claim for claim in claims_of(publication)}


def test_every_claim_can_be_made_from_the_standing_tables() -> None:
    made = of(make.publication(*whole().values()))
    plain = {name: claim.text.replace("\xa0", " ") for name, claim in made.items()}
    assert all(claim.said for claim in made.values())
    assert plain["production_cores"] == (
        "Clouds in production that took part in the 2024 survey run about 44 million cores "
        "(30.8 million to 70.4 million)."
    )
    assert "Published earlier: 2023: 45 million" in made["production_cores"].caveat
    assert "Other models of the bands give 26.4" in made["production_cores"].caveat
    assert plain["total_cores"] == "The clouds in the 2024 survey run about 45 million cores."
    assert plain["new_clouds"] == "12 % of the clouds in the survey came online in 2024."
    assert plain["most_used_release"].startswith("Antelope runs in more clouds than any other")
    assert plain["release_traction"] == "Zed (+12 points) gained; Rocky (−8.0 points) lost."
    assert plain["teams_over_years"].startswith("Teams are smaller than in 2023: 6 people")
    assert plain["core_growth"] == (  # no percentage of a change that is not clear
        "The cores of the clouds in the survey went from 41 million in 2023 to 45 million in 2024; "
        "the difference is within sampling error."
    )
    assert "could be noise" in made["core_growth"].caveat
    assert plain["where_growth_comes_from"] == (
        "Compared with 2023, the cores of those who answered changed by +4 million: +2 million "
        "from organizations that entered, −1 million from organizations that left, +3 million "
        "from organizations that stayed."
    )
    assert plain["small_teams"] == (
        "57 % of the clouds of 1,000 or more cores are operated by at most 10 people."
    )
    assert "Bobcat" in made["release_traction"].caveat


def test_numbers_are_those_of_the_tables() -> None:
    tables = whole()
    for claim in claims_of(make.publication(*tables.values())):
        frame = tables[claim.table].frame
        if claim.low is not None:
            row = frame[(frame["value"] == claim.number) & (frame["low"] == claim.low)]
            assert len(row) == 1
            assert row["high"].item() == claim.high
        assert re.search(r"base: [\d,]+ deployments", claim.base)


@pytest.mark.parametrize("name", whole())
def test_a_missing_table_is_named(name: str) -> None:
    tables = whole()
    del tables[name]
    if name == "deployment_stage":
        name += "_change"
    unsaid = [c for c in claims_of(make.publication(*tables.values())) if not c.said]
    assert unsaid
    assert all(name in claim.text and claim.number is None for claim in unsaid)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("suppressed", "withheld to protect"),
        ("not offered", "did not ask"),
        ("not comparable", "worded differently"),
        ("empty", "nobody answered"),
    ],
)
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_is_not_there_says_why(name: str, status: str, reason: str) -> None:
    tables = whole() | {name: by_edition(name, status)}
    unsaid = [c for c in claims_of(make.publication(*tables.values())) if not c.said]
    assert unsaid
    assert all(reason in claim.text for claim in unsaid)


@pytest.mark.parametrize("verdict", ["clear change", "could be noise"])
def test_the_verdict_of_a_change_is_that_of_its_table(verdict: str) -> None:
    """Intervals that overlap, or do not, change nothing."""
    tables = whole()
    for name in ("compute_cores_total", "team_size_median"):
        tables[f"{name}_change"] = number_change(name, verdict)
    made = of(make.publication(*tables.values()))
    clear = verdict == "clear change"
    assert ("could be noise" in made["core_growth"].caveat) != clear
    assert made["teams_over_years"].text.startswith("Teams are smaller") == clear
    assert ("more cores than" in made["core_growth"].text) == clear
    assert made["core_growth"].number == tables["compute_cores_total_change"]["value"].item()


@pytest.mark.parametrize("name", ["compute_cores_total", "team_size_median"])
def test_a_change_that_is_not_there_says_why(name: str) -> None:
    tables = whole() | {f"{name}_change": number_change(name, "", "suppressed")}
    (unsaid,) = (c for c in claims_of(make.publication(*tables.values())) if not c.said)
    assert "withheld to protect" in unsaid.text


def test_what_is_withheld_limits_what_is_said_of_changes() -> None:
    tables = whole()
    rows = [(answer, math.nan, "suppressed", verdict) for answer, *_, verdict in RELEASES]
    none = of(
        make.publication(
            *(tables | {"releases_in_use_change": changes("releases_in_use_change", rows)}).values()
        )
    )
    assert not none["release_traction"].said
    some = of(
        make.publication(
            *(
                tables
                | {
                    "releases_in_use_change": changes(
                        "releases_in_use_change", [rows[1], RELEASES[2]]
                    )
                }
            ).values()
        )
    )
    assert "that is shown" in some["release_traction"].text
    assert "1 of 2 answers are withheld" in some["release_traction"].caveat


@pytest.mark.parametrize(("second", "close"), [(0.2, False), (0.3, True)])
def test_the_first_of_two_close_releases_is_not_said_to_be_certain(
    second: float, close: bool
) -> None:
    tables = whole() | {
        "releases_in_use": shares("releases_in_use", {"Zed": second, "Antelope": 0.31})
    }
    claim = of(make.publication(*tables.values()))["most_used_release"]
    assert ("overlaps that of Zed: the order is not certain" in claim.caveat) is close


def test_imprecise_numbers_say_so() -> None:
    table = by_edition("compute_cores_total")
    table = table.with_frame(table.frame.assign(status="imprecise"))
    made = of(make.publication(table))
    assert made["total_cores"].caveat.endswith("The number is imprecise.")


def test_files_for_people_and_for_programs(tmp_path: Path) -> None:
    made = make.publication(*whole().values(), provenance=make.INVENTED)
    text, data = write_claims(made, tmp_path)
    assert "Invented data." in text.read_text(encoding="utf-8")
    record = json.loads(data.read_text(encoding="utf-8"))
    assert record["invented"]
    assert [each["name"] for each in record["claims"]] == list(of(made))
    assert record["claims"][0] == json.loads(json.dumps(dataclasses.asdict(claims_of(made)[0])))
    assert pd.notna(record["claims"][0]["number"])
