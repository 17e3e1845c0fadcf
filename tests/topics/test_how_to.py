"""The topic that the page "Add a topic" writes does what the page says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from survey.disclosure import protect
from survey.estimates import Estimates, share
from survey.estimates.examples import answers as without_releases
from survey.exports import read_export
from survey.publish.dashboard.blocks import blocks_of
from survey.publish.dashboard.chapters import chapters_of
from survey.responses import Responses, clean, release_facts
from survey.topics import standing_tables
from tests.pages import module_on

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
LISTED = "newest_release_lag"  # which a chapter of the dashboard lists, whatever the topic
PLAN = tomllib.loads((ROOT / "src/survey/publish/dashboard/data/chapters.toml").read_text("utf-8"))
TITLES = {block: each["title"] for each in PLAN["chapters"] for block in each["blocks"]}
NAMES = ["release_age_by_stage", "release_age_by_edition"]


@pytest.fixture(scope="module")
def answers() -> Responses:
    return clean(read_export(RAW / "Survey_20240831120000.csv", invented=True))


@pytest.fixture(scope="module")
def freshness():
    return module_on("add-a-topic.md").freshness


@pytest.fixture
def tables(monkeypatch, answers, freshness) -> tuple[Estimates, ...]:
    """The standing tables of an edition with the topic of the page, and no other, registered."""
    topics = {"freshness": lambda asked: freshness(asked.answers, asked.edition)}
    monkeypatch.setattr("survey.topics.TOPICS", topics)
    return standing_tables(answers)


def test_its_tables_stand_where_the_registry_puts_them(tables):
    own = [table for table in tables if table.topic == "freshness"]
    assert [table.name for table in own] == NAMES
    assert list(tables[: len(own)]) == own
    assert not any("{" in table.title for table in own)


def test_its_tables_make_a_chapter_of_its_name(answers, freshness):
    tables = [
        *freshness(answers, "2024"),
        share(release_facts(answers), LISTED).named("listed", "freshness"),
    ]
    publication = protect(tables, title="Report", edition="2024", answers=answers)
    chapters = chapters_of(blocks_of(publication), answers.vocabulary)
    blocks = {block.id: chapter.title for chapter in chapters for block in chapter.blocks}
    assert LISTED in TITLES
    assert blocks == {
        LISTED: TITLES[LISTED],
        "newest_release_age": TITLES.get("newest_release_age", "Freshness"),
    }


def test_it_yields_nothing_for_a_survey_that_names_no_releases(freshness):
    assert not list(freshness(without_releases(), "2019"))
