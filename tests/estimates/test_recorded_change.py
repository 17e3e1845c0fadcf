"""What the verbs of change give for invented answers, against what was recorded and looked at."""

from __future__ import annotations

import pytest

from tests.estimates.record_change import CASES, RECORDS
from tests.estimates.recorded import differences, read

KEPT = {name: read(path) for name, path in RECORDS.items()}
NEAR = {"changes": 1e-9, "changes_of_numbers": 1e-6, "followed": 1e-6}  # closed forms, and fits


@pytest.mark.parametrize(
    ("record", "name"), [(record, name) for record, cases in CASES.items() for name in cases]
)
def test_a_change_is_what_was_recorded(record: str, name: str) -> None:
    found = differences(CASES[record][name](), KEPT[record][name], NEAR[record])
    assert not found, f"{name}: {found[:5]}"


@pytest.mark.parametrize("record", RECORDS)
def test_every_record_has_its_case(record: str) -> None:
    assert list(KEPT[record]) == list(CASES[record])
