"""Release series: dates and support on any day, against the release team's own tables."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook.releases import (
    FACTS_AS_OF,
    Support,
    age_in_cycles,
    age_in_days,
    latest_on,
    phases,
    release,
    releases,
    status_on,
)
from survey.errors import CodebookError

DAYS = st.dates(date(2010, 10, 21), date(2029, 12, 31))
SERIES = st.sampled_from([each.series for each in releases()])
RANK = {status: rank for rank, status in enumerate(Support)}
# series_status.yaml of the releases repository, as it stood while Train and Wallaby were made
FORMER_TABLES = {
    date(2019, 6, 15): {
        Support.DEVELOPMENT: ["Train"],
        Support.MAINTAINED: ["Stein", "Rocky", "Queens"],
        Support.EXTENDED: ["Pike", "Ocata"],
        Support.END_OF_LIFE: ["Newton", "Mitaka", "Liberty", "Kilo", "Juno", "Icehouse"],
    },
    date(2020, 11, 1): {
        Support.DEVELOPMENT: ["Wallaby"],
        Support.MAINTAINED: ["Victoria", "Ussuri", "Train", "Stein"],
        Support.EXTENDED: ["Rocky", "Queens", "Pike", "Ocata"],
        Support.END_OF_LIFE: ["Newton", "Mitaka", "Liberty", "Kilo", "Juno", "Icehouse"],
    },
}


@pytest.mark.parametrize("day", FORMER_TABLES)
def test_support_is_that_of_former_tables(day: date) -> None:
    for status, series in FORMER_TABLES[day].items():
        assert {name: status_on(name, day) for name in series} == dict.fromkeys(series, status)


def test_facts_are_those_of_the_present_table(shared: Path) -> None:
    with (shared / "domain/releases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(releases())
    for row in rows:
        known = release(row["series"])
        assert known.released == date.fromisoformat(row["initial_release"])
        assert known.slurp == (row["slurp"] == "yes")
        assert row["release_id"] in (known.version, "")
        expected = row["status_on_2026_08_21"].replace("future", "unknown")
        assert status_on(row["series"], FACTS_AS_OF) == expected
        if row["eol_date"]:
            assert known.eol == date.fromisoformat(row["eol_date"])
        if row["next_phase_date"] and known.released <= FACTS_AS_OF:
            day = date.fromisoformat(row["next_phase_date"])
            assert status_on(row["series"], day) == row["next_phase"]
            assert status_on(row["series"], day - timedelta(days=1)) != row["next_phase"]


@given(name=SERIES, day=DAYS)
def test_support_only_ever_gets_less(name: str, day: date) -> None:
    today, tomorrow = (status_on(name, day + timedelta(days=ahead)) for ahead in (0, 1))
    if Support.UNKNOWN not in (today, tomorrow):
        assert RANK[today] <= RANK[tomorrow]


@given(name=SERIES, day=DAYS)
def test_a_series_is_in_development_until_it_is_out(name: str, day: date) -> None:
    early = status_on(name, day) in (Support.DEVELOPMENT, Support.UNKNOWN)
    assert day >= release(name).released or early
    assert (day < release(name).released) == (age_in_days(name, day) < 0)
    assert (day < release(name).released) == (age_in_cycles(name, day) < 0)


@given(day=DAYS)
def test_the_newest_series_is_none_behind_and_the_one_before_it_one(day: date) -> None:
    out = [each for each in releases() if each.released <= day]
    assert latest_on(day) == out[-1]
    assert [age_in_cycles(each.series, day) for each in reversed(out)] == list(range(len(out)))


@pytest.mark.parametrize("name", [each.series for each in releases()])
def test_phases_follow_each_other(name: str) -> None:
    starts = [phase.start for phase in phases(name)]
    assert all(before < after for before, after in pairwise(starts))
    assert release(name).eol is None or phases(name)[-1].start == release(name).eol
    assert release(name).slurp <= (release(name).released >= date(2023, 3, 22))


def test_a_series_goes_by_name_by_version_or_by_both() -> None:
    for each in releases():
        names = {each.series, each.series.upper(), each.version or each.series, each.name}
        assert {release(name) for name in names} == {each}


def test_what_is_not_a_release_is_an_error_that_helps() -> None:
    with pytest.raises(CodebookError, match="did you mean 'Caracal'"):
        release("Caracall")
    with pytest.raises(CodebookError, match="a day from 2010-10-21"):
        latest_on(date(2009, 1, 1))
