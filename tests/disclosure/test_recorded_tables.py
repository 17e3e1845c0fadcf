"""Published tables of invented answers are those that were recorded and looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.disclosure.record_tables import RECORDED, found

HINT = "if it is meant: python -m tests.disclosure.record_tables, and look at what changed"


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    return found()


@pytest.mark.parametrize("part", json.loads(RECORDED.read_text("utf-8")))
def test_what_is_published_is_what_was_recorded(part: str, now: dict[str, Any]) -> None:
    before = json.loads(RECORDED.read_text("utf-8"))[part]
    assert json.loads(json.dumps(now[part])) == before, HINT
