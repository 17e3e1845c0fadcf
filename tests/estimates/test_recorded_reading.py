"""How numbers and tables read, and what depends on what, against what was recorded."""

from __future__ import annotations

import pytest

from tests.estimates import record_reading as reading
from tests.estimates import record_words as words
from tests.estimates.recorded import differences, read

CASES = {**words.CASES, **reading.CASES}
RECORDS = {**words.RECORDS, **reading.RECORDS}
KEPT = {name: read(path) for name, path in RECORDS.items()}


@pytest.mark.parametrize(
    ("record", "name"), [(record, name) for record, cases in CASES.items() for name in cases]
)
def test_what_is_read_is_what_was_recorded(record: str, name: str) -> None:
    found = differences(CASES[record][name](), KEPT[record][name], 1e-6)
    assert not found, f"{name}: {found[:5]}"


@pytest.mark.parametrize("record", RECORDS)
def test_every_record_has_its_case(record: str) -> None:
    assert list(KEPT[record]) == list(CASES[record])
