"""Countries: every spelling finds its country, and the survey's continents are reproduced."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import countries, country, damaged, region_of, subregion_of
from survey.codebook.geography import REGIONS, Country, find_country
from survey.errors import CodebookError

ALL = tuple(countries().values())
spaces = st.sampled_from(["", " ", "  "])


@given(each=st.sampled_from(ALL), before=spaces, after=spaces, data=st.data())
def test_every_spelling_finds_its_country(
    each: Country, before: str, after: str, data: st.DataObject
) -> None:
    spelling = data.draw(st.sampled_from([each.name, each.survey_name or each.name, *each.aliases]))
    change = data.draw(st.sampled_from([str, str.upper, str.lower, damaged]))
    assert find_country(f"{before}{change(spelling)}{after}") is each
    assert find_country(f"{before}{each.code}{after}") is each


@given(st.text(max_size=12))
def test_any_text_is_a_country_or_none(text: str) -> None:
    found = find_country(text)
    assert found is None or found.code in countries()


def test_no_spelling_belongs_to_two_countries() -> None:
    owners = Counter(
        spelling.casefold()
        for each in ALL
        for spelling in {each.name, each.survey_name, *each.aliases} - {""}
    )
    assert max(owners.values()) == 1


def test_codes_in_small_letters_are_words_not_countries() -> None:
    assert [find_country(word) for word in ("in", "no", "it", "so", "")] == [None] * 5


def test_an_unknown_country_is_an_error_that_helps() -> None:
    with pytest.raises(CodebookError, match="did you mean 'Germany'"):
        country("Germani")


def test_the_numbers_of_countries_are_those_of_the_survey() -> None:
    offered = [each for each in ALL if each.survey_name]
    assert len(offered) == 250
    assert sum(bool(each.continent) for each in offered) == 146
    assert {each.code for each in ALL if each.status != "current"} == {"AN", "FX", "XK"}
    assert sum(each.status == "current" for each in ALL) == 249  # as many as ISO 3166-1 has


def test_every_country_stands_in_one_region_and_each_subregion_in_one() -> None:
    assert {each.region for each in ALL} == set(REGIONS)
    region = {each.subregion: each.region for each in ALL}
    assert all(region[each.subregion] == each.region for each in ALL)
    assert len(region) == 18  # the 17 of M49, and Antarctica


@pytest.mark.parametrize(
    ("code", "region", "subregion", "continent"),
    [
        ("TR", "Asia", "Western Asia", "Europe"),
        ("FX", "Europe", "Western Europe", "Europe"),
        ("AN", "Americas", "Latin America and the Caribbean", "North America"),
        ("TW", "Asia", "Eastern Asia", "Asia"),
        ("XK", "Europe", "Southern Europe", ""),
        ("AU", "Oceania", "Australia and New Zealand", "Australia"),
        ("NA", "Africa", "Sub-Saharan Africa", "Africa"),
    ],
)
def test_peculiar_countries(code: str, region: str, subregion: str, continent: str) -> None:
    assert (region_of(code), subregion_of(code)) == (region, subregion)
    assert countries()[code].continent == continent


def test_continents_are_those_that_the_exporter_wrote(shared: Path) -> None:
    file = shared / "fixtures/exporter_2018/Survey_20261122011147.csv"
    lines = file.read_bytes().decode("utf-8").split("\n")
    rows = [next(csv.reader([line.replace("\r", "")], strict=True), []) for line in lines if line]
    heading = {name: place for place, name in enumerate(rows[0])}
    seen = Counter[str]()
    for row in rows[1:]:
        last = row[heading["PrimaryCountrySydney"]] or row[heading["UserCountry"]]
        found = find_country(last)
        if found and found.survey_name:
            assert row[heading["Continent"]] == found.continent
            seen[found.code] += 1
    assert len(seen) > 20
    assert sum(seen.values()) > 400


def test_the_dashboard_s_countries_are_understood(shared: Path) -> None:
    path = shared / "fixtures/dashboard_api/questions.json"
    for record in json.loads(path.read_text(encoding="utf-8"))["countries"]:
        found = country(record["name"])
        assert (found.code, found.continent) == (record["code"], record["continent"])
