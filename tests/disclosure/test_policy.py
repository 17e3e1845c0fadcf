"""The policy: profiles, ranges, reasons, and what to write in place of old rules."""

from __future__ import annotations

from dataclasses import fields

import pytest

from survey.disclosure import Policy
from survey.disclosure.policy import Profile, policy_of
from survey.errors import DisclosureError


def test_the_default_is_protected() -> None:
    assert Policy().profile is Profile.PROTECTED
    assert policy_of({}) == Policy()


@pytest.mark.parametrize("rule", ["units", "organizations", "rare", "small", "digits"])
@pytest.mark.parametrize("value", ["10", 2.5, True, None, -1, 10**6])
def test_every_value_is_checked_for_type_and_range(rule: str, value: object) -> None:
    with pytest.raises(DisclosureError, match=rf"\[policy\] {rule}"):
        policy_of({rule: value, "reason": "agreed"})


@pytest.mark.parametrize(
    ("rule", "looser"),
    [("units", 10), ("organizations", 3), ("rare", 3), ("small", 20), ("digits", 3)],
)
def test_a_looser_rule_needs_a_reason(rule: str, looser: int) -> None:
    with pytest.raises(DisclosureError, match="no reason"):
        policy_of({rule: looser})
    allowed = policy_of({rule: looser, "reason": "agreed with the members in May"})
    assert allowed.rules()["reason"] == "agreed with the members in May"


def test_a_stricter_rule_needs_none() -> None:
    assert policy_of({"units": 40, "digits": 1}).units == 40


def test_the_threshold_of_earlier_versions_says_what_to_write() -> None:
    with pytest.raises(DisclosureError, match='profile = "protected"') as error:
        policy_of({"threshold": 10, "cell_threshold": 3})
    assert len(error.value.problems) == 2
    assert policy_of({"profile": "threshold", "threshold": 12}).threshold == 12
    with pytest.raises(DisclosureError, match="no reason"):
        policy_of({"profile": "threshold", "threshold": 5})


def test_unknown_rules_and_profiles_are_named_together() -> None:
    with pytest.raises(DisclosureError) as error:
        policy_of({"unitz": 5, "profile": "protcted"})
    assert "did you mean 'units'?" in str(error.value)
    with pytest.raises(DisclosureError, match="did you mean 'protected'"):
        Policy(profile="protcted")  # type: ignore[arg-type]


def test_every_rule_is_said_in_words() -> None:
    policy = Policy(units=33, organizations=7, rare=9, small=44, digits=1)
    words = " ".join(policy.rules().values())
    for rule in fields(Policy):
        if rule.name not in ("profile", "threshold", "reason"):
            changed = getattr(
                Policy(units=33, organizations=7, rare=9, small=44, digits=1), rule.name
            )
            assert str(changed) in words
    assert "exact" in Policy(profile="threshold").rules()["profile"]  # type: ignore[arg-type]
    assert "Not for publication" in str(Policy(profile=Profile.INTERNAL).rules())
