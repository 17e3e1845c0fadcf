"""The policy: profiles, ranges, reasons, and what to write in place of old rules."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from survey.disclosure import Policy, protect
from survey.disclosure.policy import Profile
from survey.errors import DisclosureError
from survey.estimates import share
from survey.project import read_project
from survey.project.policy_settings import policy_of
from tests.disclosure.surveys import invented


def test_the_default_is_protected() -> None:
    assert Policy().profile is Profile.PROTECTED
    assert policy_of({}) == Policy()


@pytest.mark.parametrize("rule", ["units", "organizations", "rare", "small", "digits"])
@pytest.mark.parametrize("value", ["10", 2.5, True, None, -1, 10**6])
def test_every_value_is_checked_for_type_and_range(rule: str, value: object) -> None:
    with pytest.raises(DisclosureError, match=rf"\[policy\] {rule}"):
        policy_of({rule: value, "reason": "agreed"})


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [
        ("units", 3, 1000),
        ("organizations", 3, 1000),
        ("rare", 3, 1000),
        ("small", 0, 1000),
        ("digits", 1, 6),
    ],
)
def test_both_ends_of_a_range_are_in_it(rule: str, least: int, most: int) -> None:
    for value in (least, most):
        assert getattr(policy_of({rule: value, "reason": "agreed"}), rule) == value
    for value in (least - 1, most + 1):
        with pytest.raises(DisclosureError, match=f"from {least:,} to {most}"):
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
        if rule.name not in ("profile", "threshold", "reason", "classes"):
            changed = getattr(
                Policy(units=33, organizations=7, rare=9, small=44, digits=1), rule.name
            )
            assert str(changed) in words
    assert "exact" in Policy(profile="threshold").rules()["profile"]  # type: ignore[arg-type]
    assert "Not for publication" in str(Policy(profile=Profile.INTERNAL).rules())


SECTORS = {"Public sector": ["Government / Defense", "Healthcare"], "Money": ["Finance"]}


def test_a_project_may_publish_groups_in_classes_of_its_own(tmp_path: Path) -> None:
    """From survey.toml to the groups of a published table; other questions keep their classes."""
    said = "".join(f'"{name}" = {answers}\n' for name, answers in SECTORS.items())
    settings = f"[policy.classes.industry]\n{said}".replace("'", '"')
    (tmp_path / "survey.toml").write_text(settings, encoding="utf-8")
    policy = read_project(tmp_path).policy
    answers = invented(400, 3)
    tables = [share(answers, "hypervisors", by=by).named(by, "t") for by in ("industry", "region")]
    made = protect(tables, policy, title="T", edition="2019")
    shown = set(made["industry"].frame["industry"])
    assert "Public sector" in shown
    assert not shown & {"Government / Defense", "Healthcare", "Finance"}
    assert "Information Technology" in shown
    assert "Telecommunications" in shown
    assert "Asia and Oceania" in set(made["region"].frame["region"])
    assert dict(made.plan[0].joined)["Public sector"]
    assert "industry" in policy.rules()["classes"]


@pytest.mark.parametrize(
    "classes",
    [
        "industry",
        {"industry": ["Finance"]},
        {"industry": {"Money": "Finance"}},
        {"industry": {"Money": [1]}},
        {"industry": {"Money": ["Finance"], "Trade": ["Finance"]}},
    ],
)
def test_what_is_no_class_is_refused(classes: object) -> None:
    with pytest.raises(DisclosureError, match="classes"):
        policy_of({"classes": classes})


def test_classes_of_answers_that_nobody_could_give_are_refused() -> None:
    policy = policy_of({"classes": {"industry": {"Money": ["Finances"]}}})
    with pytest.raises(DisclosureError, match="did you mean 'Finance'"):
        protect([], policy, title="T", edition="2019")
