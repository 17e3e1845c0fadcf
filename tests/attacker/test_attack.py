"""A seeded sample of the attack on protected surveys; `measure` runs it at any size."""

from __future__ import annotations

import pytest

from tests.attacker.measure import Found, attack_many


@pytest.fixture(scope="module")
def found() -> Found:
    return attack_many(12, seed=2, cells=25)


def test_the_attack_is_worth_its_name(found: Found) -> None:
    """True counts lie inside the bounds, and there are enough of them to judge by."""
    assert found.small > 1000
    assert found.bounded > 200
    assert found.wrong == 0


def test_bounds_leave_three_values_of_every_small_count(found: Found) -> None:
    assert found.narrow == 0


def test_nobody_can_be_sure_of_small_counts(found: Found) -> None:
    assert found.sure <= 0.001 * found.guessed
    assert found.very_sure <= 0.0005 * found.guessed


def test_who_knows_that_a_cell_is_not_empty_is_rarely_sure(found: Found) -> None:
    assert found.sure_of_some <= 0.01 * found.guessed
