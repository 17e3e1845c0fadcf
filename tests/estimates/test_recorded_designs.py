"""Who counts, weights, strata and every refusal are those on record."""

from __future__ import annotations

import pytest

from tests.estimates import records
from tests.estimates.record_designs import CASES, THEME


@pytest.mark.parametrize("name", CASES)
def test_results_are_those_on_record(name: str) -> None:
    assert not records.different(records.said(CASES[name]), records.read(THEME)[name])


def test_every_record_has_a_case() -> None:
    assert list(records.read(THEME)) == list(CASES)
