"""Functions and doors of the room, with inputs on either side of limits: results are as recorded.

``python -m tests.exports.record_results functions doors`` records it anew where a change is meant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from tests.exports.record_results import TABLES, recorded

PAIRS = [(theme, name) for theme in TABLES for name in recorded(theme)]


@cache
def results(theme: str) -> Mapping[str, Any]:
    found = import_module(f"tests.exports.{TABLES[theme]}").results()
    return json.loads(json.dumps(found))


@pytest.mark.parametrize(("theme", "name"), PAIRS)
def test_a_function_gives_what_is_recorded(theme: str, name: str) -> None:
    assert results(theme)[name] == recorded(theme)[name]


@pytest.mark.parametrize("theme", TABLES)
def test_nothing_is_recorded_that_is_not_tried(theme: str) -> None:
    assert list(results(theme)) == list(recorded(theme))
