"""The page for the person who signs."""

from __future__ import annotations

import pytest

from survey.disclosure import Policy, Profile, Register, preview, protect, sign_off_page
from survey.estimates import share
from tests.disclosure.surveys import invented

ANSWERS = invented(90, 6, ("2018", "2019"))


def page(policy: Policy, corrections: tuple[tuple[str, str, str], ...] = ()) -> str:
    tables = [
        share(ANSWERS, "industry", by=["edition", "region"]).named("industry", "t"),
        share(ANSWERS, "hypervisors", by=["edition", "deployment_stage"]).named("stage", "t"),
    ]
    register = Register()
    made = protect(tables, policy, title="T", edition="2019", answers=ANSWERS, register=register)
    return sign_off_page(made, preview(tables, made, register), corrections)


def test_it_says_what_is_published_at_what_risk_and_what_is_lost() -> None:
    said = page(Policy())
    for heading in ("What is published", "Risk", "What is lost", "Policy", "Approved by"):
        assert heading in said
    assert "industry, hypervisors" in said
    assert "region, deployment_stage" in said
    assert "too small to show" in said
    assert "'Asia and Oceania'" in said
    assert "points on average" in said
    assert "Not for publication" in said


def test_it_says_when_cells_can_be_derived_and_why_rules_are_looser() -> None:
    assert "CELLS CAN BE DERIVED" in page(Policy(profile=Profile.THRESHOLD))
    assert "agreed with the board" in page(Policy(units=10, reason="agreed with the board"))


@pytest.mark.parametrize("reason", ["a file was read twice"])
def test_it_shows_the_risk_of_a_correction(reason: str) -> None:
    said = page(Policy(), (("industry", "2020-02-01", reason),))
    assert reason in said
    assert "62 %" in said
