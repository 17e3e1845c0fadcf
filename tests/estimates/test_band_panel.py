"""Organizations over editions, and new clouds: what adds up, and what the answers prove."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Codebook, Unit
from survey.disclosure import protect
from survey.disclosure.policy import Policy, Profile
from survey.estimates import decompose_change, growth_above, moves, new_clouds, total
from survey.estimates.change.matched import CLASSES
from survey.estimates.numbers.bounded import UNDECIDED
from survey.publish import claims_of, headlines, narrative_of
from survey.publish.evidence import CannotSayError, Evidence
from tests.estimates import band_builders as make

CORES, INDUSTRY = "compute_cores", "industry"
EARLIER, LATER = "2021", "2022"
INDUSTRIES = make.codebook().question(INDUSTRY, LATER).labels[:3]
YEAR = "deployment_year"
SUMS = (
    "count",
    "value",
    "earlier",
    "later",
    "earlier_lower",
    "later_lower",
    "earlier_closed",
    "later_closed",
    "earlier_open",
    "later_open",
    "earlier_clouds",
    "later_clouds",
)


def cloud(organization, edition, band, **more):
    row = {"edition": edition, "organization": organization}
    return {**row, CORES: make.label(CORES, band, edition), **more}


@st.composite
def panels(draw):
    """Clouds of organizations in two editions, some unanswered, some carried over."""
    names = draw(st.lists(st.sampled_from("abcdefghij"), min_size=2, max_size=8, unique=True))
    rows = []
    for name in names:
        for edition in draw(st.sampled_from([(EARLIER,), (LATER,), (EARLIER, LATER)])):
            bands = st.lists(st.none() | st.integers(0, 6), min_size=1, max_size=3)
            rows += [
                cloud(name, edition, band, copied=draw(st.booleans()) and edition == LATER)
                for band in draw(bands)
            ]
    return rows


def as_answers(rows):
    names = {row["organization"] for row in rows}
    industry = {name: {INDUSTRY: INDUSTRIES[ord(name) % 3]} for name in names}
    both = [cloud("z", edition, None) for edition in (EARLIER, LATER)]
    return make.answers_of([*rows, *both], industry | {"z": {INDUSTRY: INDUSTRIES[0]}})


@given(panels(), st.sampled_from([None, INDUSTRY]), st.booleans())
def test_entries_exits_and_changes_are_the_total_change_exactly(rows, by, copies):
    frame = decompose_change(as_answers(rows), CORES, EARLIER, LATER, by, copies=copies).frame
    keys = [by] if by else []
    is_total = frame["answer"] == "total"
    parts, totals = frame[~is_total], frame[is_total]
    assert tuple(parts["answer"][: len(CLASSES)]) == CLASSES
    for name in SUMS:
        filled = frame[name].fillna(0)
        summed = filled[~is_total].to_numpy().reshape(-1, len(CLASSES)).sum(axis=1)
        assert summed.tolist() == filled[is_total].tolist()
    assert (frame["value"].fillna(0) == (frame["later"] - frame["earlier"])).all()
    assert len(totals) == len(frame[keys].drop_duplicates()) if keys else len(totals) == 1


@given(panels())
def test_groups_add_up_to_the_whole(rows):
    answers = as_answers(rows)
    whole = decompose_change(answers, CORES, EARLIER, LATER).frame.set_index("answer")
    grouped = decompose_change(answers, CORES, EARLIER, LATER, INDUSTRY).frame
    summed = grouped.groupby("answer")[list(SUMS)].sum()
    pd.testing.assert_frame_equal(
        summed.loc[whole.index], whole[list(SUMS)].fillna(0), check_dtype=False
    )


@given(panels())
def test_a_panels_sums_are_the_totals_of_each_edition(rows):
    answers = as_answers(rows)
    panel = decompose_change(answers, CORES, EARLIER, LATER).frame.iloc[-1]
    totals = total(answers, CORES, by="edition", replicates=100).frame.set_index("edition")
    for edition, side in ((EARLIER, "earlier"), (LATER, "later")):
        known = totals.loc[edition].fillna(0)
        assert panel[f"{side}_lower"] == known["lower_bound"]
        assert panel[f"{side}_closed"] == known["upper_closed"]
        assert panel[f"{side}_open"] == known["open_top"]
        assert panel[side] == known["value"]


def test_what_became_of_each_organization():
    rows = [
        cloud("a", LATER, 2),  # entered
        cloud("b", EARLIER, 3),  # left
        cloud("c", EARLIER, 2), cloud("c", LATER, 4),  # grew
        cloud("d", EARLIER, 5), cloud("d", LATER, 1),  # shrank
        cloud("e", EARLIER, 3), cloud("e", LATER, 3),  # same band
        cloud("f", EARLIER, 3), cloud("f", LATER, None),  # unknown
        cloud("g", EARLIER, 3), cloud("g", EARLIER, 2), cloud("g", LATER, 3),  # undecided
        cloud("h", EARLIER, 6), cloud("h", LATER, 6),  # same band, without an end
        cloud("i", EARLIER, 1), cloud("i", LATER, 1, copied=True),  # carried over: unknown
    ]  # fmt: skip
    table = decompose_change(make.answers_of(rows), CORES, EARLIER, LATER)
    frame = table.frame.set_index("answer")
    expected = {
        "entered": 1, "left": 1, "grew": 1, "shrank": 1, "same band": 2, "undecided": 1,
        "unknown": 2, "total": 9,
    }  # fmt: skip
    assert frame["count"].to_dict() == expected
    grew = frame.loc["grew"]
    assert (grew["change_lower"], grew["change_upper"]) == (10_000 - 999, 99_999 - 100)
    assert frame.loc["same band", "value"] == 0
    assert np.isnan(frame.loc["same band", "change_upper"])
    assert any("carried over" in note for note in table.notes)


def test_growth_by_size_class_takes_the_largest_earlier_cloud():
    rows = [cloud("a", EARLIER, 1), cloud("a", EARLIER, 4), cloud("a", LATER, 5)]
    frame = decompose_change(make.answers_of(rows), CORES, EARLIER, LATER, by=CORES).frame
    present = frame[frame["count"] > 0]
    assert set(present[CORES]) == {make.label(CORES, 4)}


@given(
    st.integers(0, 7).flatmap(lambda e: st.integers(10**e, 10 ** (e + 1))),
    st.integers(0, 7).flatmap(lambda e: st.integers(10**e, 10 ** (e + 1))),
    st.sampled_from([0.0, 0.5, 1.0, 3.0]),
)
def test_what_a_move_between_bands_proves(before, after, more_than):
    rows = [
        {"edition": edition, "organization": "a", CORES: band_of(number, edition)}
        for edition, number in ((EARLIER, before), (LATER, after))
    ]
    answers = make.answers_of(rows)
    row = moves(answers, CORES, EARLIER, LATER, more_than=more_than).frame.iloc[0]
    most = np.inf if np.isnan(row["max_factor"]) else row["max_factor"]
    assert row["min_factor"] <= after / before <= most
    grew = after / before > 1 + more_than
    assert row["grew_more"] in ({"yes", "undecidable"} if grew else {"no", "undecidable"})
    share = growth_above(answers, CORES, EARLIER, LATER, more_than=more_than).frame.iloc[0]
    assert share["lower_bound"] <= grew <= share["upper_bound"]
    assert (share["undecidable"] == 1) == (row["grew_more"] == "undecidable")


@given(panels())
def test_every_move_has_a_name_of_its_own(rows):
    frame = moves(as_answers(rows), CORES, EARLIER, LATER).frame
    assert frame["answer"].is_unique
    assert frame["count"].sum() == (frame["base"].iloc[0] if len(frame) else 0)


def test_moves_of_several_clouds_are_told_apart_by_what_they_prove():
    rows = [cloud(name, EARLIER, 1) for name in "ab"]
    rows += [cloud("a", LATER, band) for band in (0, 1)]
    rows += [cloud("b", LATER, band) for band in (3, 4)]
    frame = moves(make.answers_of(rows), CORES, EARLIER, LATER).frame
    begins = f"{make.label(CORES, 1)} → several clouds"
    assert set(frame["answer"]) == {f"{begins} (growth proven)", f"{begins} (undecidable)"}


def band_of(number, edition):
    bands = make.codebook().question(CORES, edition).bands
    return next(label for label, band in bands.items() if band.contains(number))


def test_growth_of_which_nothing_is_decided_is_no_finding_claim_or_sentence():
    """Who stays in one band may have doubled or not: 0 to 100 % are possible."""
    rows = [cloud(f"o{n}", edition, 2) for n in range(60) for edition in (EARLIER, LATER)]
    table = growth_above(make.answers_of(rows), CORES, EARLIER, LATER).named("growth", "changes")
    row = table.frame.iloc[0]
    assert row[["lower_bound", "upper_bound", "undecidable"]].tolist() == [0, 1, 60]
    assert (row["status"], row["imprecise_because"]) == ("imprecise", UNDECIDED)
    for profile in (Profile.INTERNAL, Profile.PROTECTED):
        made = protect([table], Policy(profile), title="S", edition=LATER)
        published = made.tables["growth"]
        assert published.frame["status"].tolist() == ["imprecise"]
        assert not any(section.paragraphs for section in narrative_of(made, make.codebook()))
        with pytest.raises(CannotSayError, match="do not decide"):
            Evidence(made).row("growth")


def test_new_clouds_of_which_nothing_is_decided_are_no_headline():
    answers = make.answers_of([{YEAR: "2022"}] * 60)
    table = new_clouds(answers, 9, by="edition").named("new_clouds", "changes")
    row = table.frame.iloc[0]
    assert row[["lower_bound", "upper_bound"]].tolist() == [0, 1]
    assert (row["status"], row["imprecise_because"]) == ("imprecise", UNDECIDED)
    publication = protect([table], title="S", edition="2023")
    assert not headlines(publication)
    assert not any(claim.said for claim in claims_of(publication))


def test_growth_above_a_rate_is_decided_by_a_jump_of_two_bands_only():
    steps = [cloud("a", EARLIER, 2), cloud("a", LATER, 3)]
    jumps = [cloud("b", EARLIER, 2), cloud("b", LATER, 4)]
    falls = [cloud("c", EARLIER, 2), cloud("c", LATER, 1)]
    row = growth_above(make.answers_of([*steps, *jumps, *falls]), CORES, EARLIER, LATER).frame
    assert row[["count", "base", "undecidable"]].iloc[0].tolist() == [1, 3, 1]
    assert row["lower_bound"].item() == pytest.approx(1 / 3)
    assert row["upper_bound"].item() == pytest.approx(2 / 3)


# ---------------------------------------------------------------- new clouds


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=30),
    st.integers(1, 40),
    st.dates(date(2023, 1, 1), date(2023, 12, 31)),
)
def test_the_share_of_new_clouds_lies_between_its_bounds(ages, months, day):
    online = [day - timedelta(days=age) for age in ages]
    rows = [{YEAR: str(each.year)} for each in online]
    row = new_clouds(make.answers_of(rows), months, as_of=day).frame.iloc[0]
    opens = (pd.Timestamp(day) - pd.DateOffset(months=months)).date()
    true = np.mean([each >= opens for each in online])
    assert row["lower_bound"] - 1e-12 <= true <= row["upper_bound"] + 1e-12
    assert row["low"] <= row["lower_bound"] <= row["value"] + 1e-12
    assert row["value"] <= row["upper_bound"] + 1e-12 <= row["high"] + 1e-12


def test_new_clouds_from_the_day_of_each_answer():
    answers = make.answers_of([{YEAR: year} for year in ("2023", "2022", "2015", "Older")])
    row = new_clouds(answers, 9).frame.iloc[0]  # all answered on 15 August 2023
    assert (row["lower_bound"], row["upper_bound"]) == (0.25, 0.5)
    share_of_2022 = (date(2022, 12, 31) - date(2022, 11, 15)).days + 1
    assert row["value"] == pytest.approx((1 + share_of_2022 / 365) / 4)
    assert row[["count", "base", "undecided"]].tolist() == [1, 4, 1]
    table = new_clouds(answers, 20)
    assert table.frame["lower_bound"].item() == table.frame["upper_bound"].item() == 0.5


def test_a_year_after_the_answer_and_no_year_are_no_answer():
    answers = make.answers_of([{YEAR: year} for year in ("2023", "2020", "Don't know", None)])
    table = new_clouds(answers, 9, as_of={"2023": "2022-06-30"})
    assert table.frame["base"].item() == 1
    assert any("1 answers name a year after" in note for note in table.notes)


def test_new_clouds_of_a_form_whose_years_end_before_its_own_are_not_offered():
    known, newest = make.codebook().edition("2022"), make.codebook().edition("2023")
    asked = tuple(
        known.by_concept[YEAR] if each.concept == YEAR else each for each in newest.questions
    )
    book = Codebook({**make.codebook().editions, "2023": replace(newest, questions=asked)})
    rows = [{YEAR: "2022", "edition": "2022"}] * 3 + [{YEAR: "2022"}, {YEAR: "2015"}]
    table = new_clouds(make.answers_of(rows, book=book), 9, by="edition")
    row = table.frame.set_index("edition").loc["2023"]
    assert row["status"] == "not offered"
    assert row[["count", "base"]].tolist() == [0, 0]
    assert row[["value", "low", "high", "lower_bound", "upper_bound"]].isna().all()
    assert table.frame.set_index("edition").loc["2022", "value"] == 1
    assert any("lists years up to 2022 alone" in note for note in table.notes)
    publication = protect([table.named("new_clouds", "changes")], title="S", edition="2023")
    assert not headlines(publication)
    (claim,) = [each for each in claims_of(publication) if each.name == "new_clouds"]
    assert not claim.said


def test_new_clouds_by_edition_and_by_organization():
    rows = [{YEAR: "2022", "edition": "2022", "organization": f"o{n}"} for n in range(3)]
    rows += [{YEAR: "2015", "edition": "2023", "organization": "o1"}] * 2
    answers = make.answers_of(rows)
    frame = new_clouds(answers, 12, by="edition").frame.set_index("edition")
    assert frame["value"].to_dict() == {"2022": 1.0, "2023": 0.0}
    voices = new_clouds(answers, 12, by="edition", unit=Unit.ORGANIZATION).frame
    assert voices["base"].tolist() == [3, 1]
