"""The arithmetic under tables gives what was recorded, at each side of every limit."""

from __future__ import annotations

import pytest

from tests.estimates.record_arithmetic import CASES, RECORD
from tests.estimates.recorded import differences, read

KEPT = read(RECORD)


@pytest.mark.parametrize("name", CASES)
def test_arithmetic_is_what_was_recorded(name: str) -> None:
    assert not differences(CASES[name](), KEPT[name], near=1e-9)


def test_every_record_has_its_case() -> None:
    assert list(KEPT) == list(CASES)
