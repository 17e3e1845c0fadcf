"""A seeded sample of the attack on protected surveys; `measure` runs it at any size."""

from __future__ import annotations

import pytest

from tests.attacker.measure import Found, attack_many
from tests.attacker.new_variables import Uncompared, attack_with_variables
from tests.attacker.reissue import attack_issues


@pytest.fixture(scope="module")
def found() -> Found:
    return sum(attack_many(12, seed=2, cells=4, insiders=1), Found())


def test_the_attack_is_worth_its_name(found: Found) -> None:
    """True counts lie inside the bounds, and there are enough of them to judge by."""
    assert found.small > 1000
    assert found.bounded > 1000
    assert found.wrong == 0


def test_bounds_leave_three_values_of_every_small_count(found: Found) -> None:
    assert found.narrow == 0


def test_nobody_can_be_sure_of_small_counts(found: Found) -> None:
    assert found.sure <= 0.001 * found.guessed
    assert found.very_sure <= 0.0005 * found.guessed


def test_who_knows_that_a_cell_is_not_empty_is_rarely_sure(found: Found) -> None:
    assert found.sure_of_some <= 0.01 * found.guessed


def test_a_re_issue_with_one_record_changed_changes_no_byte() -> None:
    issues = attack_issues(3, seed=5)
    assert issues.files_that_differ == 0
    assert issues.right == issues.right_from_margins


def test_without_the_ledger_a_re_issue_tells() -> None:
    assert attack_issues(2, seed=5, with_ledger=False).files_that_differ > 0


def test_new_variables_of_a_re_issue_wait() -> None:
    """And would tell of the record that changed, if records were not compared."""
    waiting = attack_with_variables(2, seed=5)
    assert waiting.variables > 60
    assert waiting.shown == waiting.other == 0
    assert attack_with_variables(2, seed=5, kind=Uncompared).other > 0


@pytest.mark.nightly
def test_a_tenth_of_the_large_runs() -> None:
    """A hundred surveys and twenty re-issues; a thousand and two hundred are run at a closing."""
    found = sum(attack_many(100, seed=7, cells=4, insiders=2), Found())
    assert found.wrong == 0
    assert found.exact == 0
    assert found.narrow <= 0.0005 * found.bounded
    assert found.insider_narrow <= 0.002 * found.insiders
    assert found.sure <= 0.001 * found.guessed
    assert found.very_sure <= 0.0005 * found.guessed
    assert found.sure_of_some <= 0.01 * found.guessed
    issues = attack_issues(20, seed=7)
    assert issues.files_that_differ == 0
    assert issues.right <= issues.right_from_margins + 0.04 * issues.guesses
