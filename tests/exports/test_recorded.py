"""Small damaged files of every kind: table, repairs, issues and errors are as recorded.

``python -m tests.exports.record_results`` records them anew where a change is meant.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.record_results import THEMES, cases_of, recorded, result

PAIRS = [(theme, name) for theme in THEMES for name in cases_of(theme)]


@pytest.mark.parametrize(("theme", "name"), PAIRS)
def test_a_small_file_is_read_as_recorded(tmp_path: Path, theme: str, name: str) -> None:
    assert result(theme, name, tmp_path) == recorded(theme)[name]


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_recorded_that_is_not_tried(theme: str) -> None:
    assert list(recorded(theme)) == list(cases_of(theme))
