"""Every refusal says what came, what was expected and what to do, in the words that were kept."""

from __future__ import annotations

import pytest

from tests.estimates.record_refusals import CASES, RECORD
from tests.estimates.recorded import differences, read

KEPT = read(RECORD)


@pytest.mark.parametrize("name", CASES)
def test_a_refusal_says_why(name: str) -> None:
    assert not differences(CASES[name](), KEPT[name], near=0)


def test_every_record_has_its_case() -> None:
    assert list(KEPT) == list(CASES)
