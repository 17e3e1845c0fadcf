"""The page for the person who signs."""

from __future__ import annotations

import pytest

from survey.disclosure import Ledger, Policy, Profile, Publication, Register, protect
from survey.estimates import share
from survey.project import Preview, preview, sign_off_page
from survey.responses import Responses
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


def test_the_preview_says_every_published_number_that_would_change() -> None:
    def made(answers: Responses, register: Register) -> tuple[Publication, Preview]:
        table = share(answers, "industry", by="edition").named("industry", "t")
        public = protect([table], title="T", edition="2019", register=register)
        return public, preview([table], public, register)

    first = Register(Ledger("k"), final=True)
    before, _ = made(ANSWERS, first)
    other = invented(90, 7, ("2018", "2019"))
    after, found = made(other, Register(first.entries("k")))
    assert found.changes
    rows = before["industry"].frame.merge(after["industry"].frame, on=["edition", "answer"])
    moved = rows[rows["count_x"] != rows["count_y"]]
    told = {(name.split("|")[4], answer): pair for name, answer, *pair in found.changes}
    assert len(told) == len(found.changes)
    for row in moved.to_dict("records"):
        assert told[row["edition"], row["answer"]] == [row["count_x"], row["count_y"]]
    assert any(f"{row['count_x']} before" in line for line in found.lines())


def test_the_page_says_in_words_which_published_numbers_change() -> None:
    table = share(ANSWERS, "industry", by="edition").named("industry", "t")
    first = Register(Ledger("k"), final=True)
    protect([table], title="T", edition="2019", register=first)
    again = Register(first.entries("k"), {"industry": ("2020-02-01", "read twice")})
    other = share(invented(90, 7, ("2018", "2019")), "industry", by="edition").named(
        "industry", "t"
    )
    made = protect([other], title="T", edition="2019", register=again)
    found = preview([other], made, again)
    said = sign_off_page(made, found)
    assert "\n- industry, respondents of 2019: " in said
    changed = [each[1:] for each in found.changes if "|2019|" in each[0]]
    assert len(changed) > 5
    for answer, before, now in changed[:5]:
        assert f"{answer}: {before:,} before, {now:,} now" in said
    assert f"and {len(changed) - 5} more" in said
    assert "|" not in said
    kept = Register(first.entries("k"))
    made = protect([table], title="T", edition="2019", register=kept)
    assert "printed again as it was" in sign_off_page(made, preview([table], made, kept))


def test_the_page_names_what_stays_inside() -> None:
    table = share(invented(12, 3), "industry").named("industries", "t")
    made = protect([table], title="T", edition="2019")
    said = sign_off_page(made, preview([table], made, Register()))
    assert "1 tables: withheld (industries)." in said


@pytest.mark.parametrize(("concept", "rows"), [("deployment_stage", [2]), ("industry", [])])
def test_noise_is_told_of_rows_that_count_the_same_alone(concept: str, rows: list[int]) -> None:
    """Behind another top stands another rest, which differs by what it holds and not by noise."""
    table = share(ANSWERS, concept, top=1).named("top", "t")
    register = Register()
    made = protect([table], title="T", edition="2019", answers=ANSWERS, register=register)
    same = table.frame["answer"].tolist() == made["top"].frame["answer"].tolist()
    assert same == bool(rows)
    assert preview([table], made, register).noise["rows"].tolist() == rows
