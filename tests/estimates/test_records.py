"""Shares, clouds, designs and precision of invented answers are those on record."""

from __future__ import annotations

import pytest

from tests.estimates import record_clouds, record_designs, record_precision, record_shares, records

THEMES = {
    module.THEME: module.CASES
    for module in (record_clouds, record_designs, record_precision, record_shares)
}


@pytest.mark.parametrize(("theme", "name"), [(t, name) for t in THEMES for name in THEMES[t]])
def test_results_are_those_on_record(theme: str, name: str) -> None:
    assert not records.different(THEMES[theme][name], records.read(theme)[name])


@pytest.mark.parametrize("theme", THEMES)
def test_every_record_has_a_case(theme: str) -> None:
    assert list(records.read(theme)) == list(THEMES[theme])
