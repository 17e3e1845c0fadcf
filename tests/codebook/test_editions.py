"""The shipped editions, against files that the survey system itself wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from survey.codebook import Codebook, Edition, Kind, Unit, damaged
from survey.codebook import read_codebook as read
from survey.codebook.geography import find_country
from survey.codebook.releases import TRUNK, find_release, latest_on

CODEBOOK = read()
EDITIONS = list(CODEBOOK)
NAMES = [edition.name for edition in EDITIONS]
SYSTEM = {
    "SurveyID", "CreatedByID", "Email", "Created", "LastEdited", "Language", "Continent",
    "DeploymentID",
}  # fmt: skip
FILES = {
    "fixtures/exporter_2018/Survey_20261122011147.csv": ("2018", False, True),
    "fixtures/exporter_2018/Survey_Flat_20261122011202.csv": ("2018", True, True),
    "fixtures/exporter_2018/until_aug15/Survey_20261122010527.csv": ("2018", False, True),
    "fixtures/exporter_2018/until_aug15/Survey_Flat_20261122010530.csv": ("2018", True, True),
    "fixtures/dashboard_api/export_2019.csv": ("2019", False, False),
    "domain/example_survey.csv": ("2019", False, True),
    "domain/example_survey_flat.csv": ("2019", True, True),
}
KINDS = {
    "single": Kind.SINGLE, "multi": Kind.MULTIPLE, "matrix": Kind.MATRIX, "text": Kind.TEXT,
    "ranking": Kind.RANKING, "country": Kind.COUNTRY, "country-multi": Kind.COUNTRIES,
    "checkbox": Kind.CHECKBOX, "organization": Kind.ORGANIZATION,
}  # fmt: skip
OVERLAPS = {  # as worded in the form; anything else would be a slip of ours
    ("cloud_users", "10,000,000 to 999,999,999 users"),
    ("object_count", "10 million to 999 million objects"),
    ("block_storage", "Less than 1 TB"),
    ("object_storage", "Less than 1 TB"),
    ("compute_instances", "1,001-5,000 instances"),
    ("object_count", "100,001 to 1 million objects"),
    ("object_count", "1 million to 100 million objects"),
    *(
        (concept, label)
        for concept in ("block_storage", "object_storage")
        for label in ("11-100 TB", "501-1,000 TB", "1PB-5PB", "More than 1,000 TB", "5PB-20PB")
    ),
}


def headings(edition: Edition, *, flat: bool) -> set[str]:
    """Return every heading that an export of the edition should have."""
    found = set(SYSTEM)
    for question in edition.questions:
        if question.kind is Kind.MATRIX:
            found |= set(question.matrix_headings)
        else:
            found |= set(question.flat_headings) if flat and question.flat else {question.heading}
    return found


def truth(shared: Path, unit: Unit) -> Iterator[tuple[str, Any]]:
    """Yield heading and true answer, for all answers of the unit."""
    path = shared / f"fixtures/exporter_2018/truth_{unit}s.json"
    for record in json.loads(path.read_text(encoding="utf-8"))[f"{unit}s"]:
        yield from record["answers"].items()


@pytest.mark.parametrize(("name", "expected"), FILES.items())
def test_every_heading_of_an_export_is_known_and_none_is_made_up(
    shared: Path, name: str, expected: tuple[str, bool, bool]
) -> None:
    edition, flat, whole = expected
    with (shared / name).open(encoding="utf-8-sig", newline="") as file:
        written = set(next(csv.reader(file)))
    known = headings(CODEBOOK.edition(edition), flat=flat)
    assert written <= known
    if whole:
        assert written == known


@pytest.mark.parametrize("unit", [Unit.RESPONDENT, Unit.DEPLOYMENT])
def test_every_true_answer_is_one_that_the_codebook_lists(shared: Path, unit: Unit) -> None:
    edition, seen = CODEBOOK.edition("2018"), 0
    for heading, answer in truth(shared, unit):
        if heading == "VendorProducts":  # an orphan, planted on purpose
            continue
        question = edition.by_heading[heading]
        assert question.unit is unit
        if question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING):
            given = [answer] if isinstance(answer, str) else answer
            assert set(given) <= question.label_of.keys()
            assert question.kind is not Kind.SINGLE or isinstance(answer, str)
            seen += len(given)
        elif question.kind is Kind.MATRIX:
            assert set(answer) <= {row.value for row in question.rows}
            assert set(answer.values()) <= question.label_of.keys()
        elif question.kind is Kind.COUNTRY:
            if isinstance(answer, str):  # typed, not chosen: stays as it is
                assert find_country(answer) is None
                continue
            country = find_country(damaged(answer["name"]))
            assert country is not None
            assert (country.code, country.survey_name) == (answer["code"], answer["name"])
        elif question.kind is Kind.COUNTRIES:
            assert all(find_country(code) or code in question.label_of for code in answer)
    assert seen > 1_000


def test_the_questions_are_those_of_the_2018_template(shared: Path) -> None:
    schema = json.loads((shared / "fixtures/schema.json").read_text(encoding="utf-8"))["2018"]
    edition = CODEBOOK.edition("2018")
    for level, unit in (("survey", Unit.RESPONDENT), ("deployment", Unit.DEPLOYMENT)):
        known = {question.heading: question for question in edition.of_unit(unit)}
        assert known.keys() == schema[level].keys()
        for heading, template in schema[level].items():
            question = known[heading]
            assert question.kind is KINDS[template["cls"]]
            if question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING):
                listed = [choice.value for choice in question.choices]
                assert sorted(listed) == sorted(template["options"])
            elif question.kind is Kind.MATRIX:
                assert {row.value for row in question.rows} == set(template["rows"])


def test_the_answers_are_those_that_the_dashboard_knows_for_2019(shared: Path) -> None:
    path = shared / "fixtures/dashboard_api/questions.json"
    edition = CODEBOOK.edition("2019")
    for record in json.loads(path.read_text(encoding="utf-8"))["questions"]:
        question = edition.by_heading[record["name"]]
        assert (question.unit is Unit.DEPLOYMENT) == (record["scope"] == "D")
        if record.get("options"):
            assert set(record["options"]) == question.label_of.keys()
        if record.get("rows"):  # the data set leaves some rows out
            assert set(record["rows"]) <= {row.value for row in question.rows}


@pytest.mark.parametrize("edition", EDITIONS, ids=NAMES)
def test_label_and_value_are_each_other_s_inverse(edition: Edition) -> None:
    for question in edition.questions:
        for choices in (question.choices, question.rows):
            pairs = {(choice.value, choice.label) for choice in choices}
            assert len({value for value, _ in pairs}) == len(pairs), question
            assert len({label for _, label in pairs}) == len(pairs), question
            assert len({damaged(value) for value, _ in pairs}) == len(pairs), question
        labels = [question.label_of[value] for value in question.value_of.values()]
        assert tuple(labels) == question.labels


@pytest.mark.parametrize("edition", EDITIONS, ids=NAMES)
def test_bands_ascend_without_overlap_except_where_the_form_errs(edition: Edition) -> None:
    for question in filter(lambda question: question.banded, edition.questions):
        steps = list(pairwise(question.bands.items()))
        overlaps = {
            (question.concept, label)
            for (label, band), (_, after) in steps
            if band.high is None or band.high >= after.low
        }
        assert overlaps <= OVERLAPS
        assert all(band.low <= after.low for (_, band), (_, after) in steps)
        assert question.labels == (*question.bands, *question.missing_labels)


def test_what_looks_like_a_number_is_a_band() -> None:
    for edition in EDITIONS:
        for question in edition.questions:
            if question.measure:
                assert set(question.labels) == {*question.bands, *question.missing_labels}


def test_a_label_stands_for_the_same_numbers_in_every_edition() -> None:
    for concept in CODEBOOK.concepts:
        seen: dict[str, Any] = {}
        for name in CODEBOOK.asked_in(concept):
            for label, band in CODEBOOK.question(concept, name).bands.items():
                assert seen.setdefault(label, band) == band


@pytest.mark.parametrize("edition", EDITIONS, ids=NAMES)
def test_titles_fit_a_chart_and_tell_questions_apart(edition: Edition) -> None:
    titles = [question.title for question in edition.questions]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 65


@pytest.mark.parametrize("edition", EDITIONS, ids=NAMES)
def test_releases_are_series_and_the_newest_was_out(edition: Edition) -> None:
    labels = edition.question("releases_in_use").labels
    assert labels[0] == TRUNK
    series = [find_release(label) for label in labels[1:]]
    assert tuple(found.series for found in series if found) == labels[1:]
    released = [found.released for found in series if found]
    assert released == sorted(released, reverse=True)
    if edition.assumed:
        assert labels[1] == latest_on(date(int(edition.name), 8, 31)).series
        assert edition.question("deployment_year").labels[-2] == edition.name


def test_the_releases_published_for_2021_are_among_the_answers(shared: Path) -> None:
    with (shared / "domain/published_figures.csv").open(encoding="utf-8") as file:
        published = {
            row["category"] for row in csv.DictReader(file)
            if row["question"].startswith("Releases in use") and row["year"] == "2021"
        }  # fmt: skip
    labels = CODEBOOK.edition("2021").question("releases_in_use").labels
    assert len(published) > 10
    assert published - {"Essex through Juno"} <= set(labels)


def test_only_names_and_addresses_are_personal() -> None:
    for edition in EDITIONS:
        personal = {question.concept for question in edition.questions if question.personal}
        assert personal == {"first_name", "surname", "email"}


def test_binding_reads_a_concept_from_another_column() -> None:
    bound = CODEBOOK.bind("2021", "team_size", "OperatorsCount")
    assert bound.edition("2021").by_heading["OperatorsCount"].concept == "team_size"
    assert isinstance(bound, Codebook)
    assert CODEBOOK.question("team_size", "2021").heading == "TeamSize"
