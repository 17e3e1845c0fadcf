"""The topic that the page "Add a topic" writes does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.estimates import Estimates
from survey.exports import read_export
from survey.responses import clean
from survey.topics import registry, standing_tables
from tests.pages import module_on

RAW = Path(__file__).parents[2] / "data" / "raw"
NAMES = {"lag_by_stage", "lag_by_edition"}


@pytest.fixture
def tables(monkeypatch) -> tuple[Estimates, ...]:
    """The standing tables of an edition, with the topic of the page in the registry."""
    freshness = module_on("add-a-topic.md").freshness
    topics = {"freshness": lambda asked: freshness(asked.answers, asked.edition)}
    monkeypatch.setattr("survey.topics.TOPICS", topics | dict(registry.TOPICS))
    return standing_tables(clean(read_export(RAW / "Survey_20240831120000.csv")))


def test_its_tables_stand_where_the_registry_puts_them(tables):
    own = [table for table in tables if table.topic == "freshness"]
    assert {table.name for table in own} == NAMES
    assert list(tables[: len(own)]) == own
    assert not any("{" in table.title for table in own)
