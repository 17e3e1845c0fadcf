"""Banded numbers in public are what they were when their results were looked at."""

from __future__ import annotations

import pytest

from tests.estimates.record_public_bands import CASES, RECORD
from tests.estimates.recorded import differences, read

KEPT = read(RECORD)


def test_every_case_is_recorded():
    assert list(KEPT) == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_public_numbers_are_as_recorded(name):
    assert differences(CASES[name](), KEPT[name], 1e-6) == []
