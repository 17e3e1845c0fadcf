"""The words of a community: read, filled in, and passed on from the codebook to a publication."""

from pathlib import Path

import pytest

from survey.codebook import NEUTRAL, OPENSTACK, Unit, read_codebook
from survey.disclosure import protect
from survey.errors import CodebookError, ProjectError
from survey.estimates.examples import answers as example_answers
from survey.project import read_project

BAKERIES = """
[edition]
name = "2031"
[layout]
family = "table"
[vocabulary]
subject = "Sourdough"
respondent = "baker"
unit = "bakery"
units = "bakeries"
[[questions]]
concept = "oven"
heading = "Oven?"
title = "Oven"
kind = "single"
unit = "respondent"
choices = ["Gas", "Wood"]
"""


def test_an_edition_brings_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "bakeries.toml"
    path.write_text(BAKERIES, encoding="utf-8")
    words = read_codebook(path).edition("2031").vocabulary
    assert words.fill("{Respondents} of {units} that like {subject}") == (
        "Bakers of bakeries that like Sourdough"
    )
    assert words.noun(Unit.DEPLOYMENT, 2) == "bakeries"
    assert words.noun(Unit.RESPONDENT) == "baker"


def test_the_survey_that_comes_with_the_package_speaks_of_clouds() -> None:
    assert all(edition.vocabulary is OPENSTACK for edition in read_codebook())
    assert OPENSTACK.fill("{Units} and {counted}") == "Clouds and cores"


def test_another_survey_without_words_is_neutral_and_has_no_title_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "plain.toml"
    start, end = BAKERIES.index("[vocabulary]"), BAKERIES.index("[[questions]]")
    path.write_text(BAKERIES[:start] + BAKERIES[end:], encoding="utf-8")
    edition = read_codebook(path).edition("2031")
    assert edition.vocabulary == NEUTRAL
    assert edition.title == "2031"


def test_a_project_replaces_words(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text(
        '[vocabulary]\nrespondent = "operator"\n', encoding="utf-8"
    )
    words = read_project(tmp_path).codebook().edition("2024").vocabulary
    assert (words.respondents, words.units) == ("operators", "clouds")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('respondnet = "baker"', "did you mean 'respondent'"),
        ('unit = ""', "a word"),
        ('unit = "{units}"', "a word"),
    ],
)
def test_wrong_words_are_problems(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "survey.toml").write_text(f"[vocabulary]\n{table}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=said):
        read_project(tmp_path)
    path = tmp_path / "bakeries.toml"
    path.write_text(BAKERIES.replace('subject = "Sourdough"', table), encoding="utf-8")
    with pytest.raises(CodebookError):
        read_codebook(path)


def test_a_publication_has_the_words_of_its_answers() -> None:
    answers = example_answers()
    assert answers.vocabulary is OPENSTACK
    publication = protect([], title="Survey", edition="2019", answers=answers)
    assert publication.vocabulary is OPENSTACK
