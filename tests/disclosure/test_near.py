"""Columns of nearly the same units: what differs between two tables tells of no single record."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Ledger, Policy, Publication, Register, protect
from survey.disclosure.ledger.published_answers import with_published_groups
from survey.disclosure.perturbation.counts import without_groups
from survey.estimates import Estimates, share
from survey.estimates.table_of import tabulate_again
from survey.responses import Responses
from tests.disclosure.surveys import invented
from tests.disclosure.test_interference import tables_of

CONCEPTS = ("compute_cores", "hypervisors", "deployment_stage", "industry")
LARGE = ["100 to 999 cores", "1,000 to 9,999 cores", "10,000 to 99,999 cores"]
STAGE = "Production / Full Operational Use"


@pytest.fixture(scope="module")
def answers() -> Responses:
    return invented(150, 21, ("2018", "2019"))


def but(answers: Responses, rows: list[int], label: str = "") -> Responses:
    """Leave respondents out: by choice where a label says so, else they are withdrawn."""
    kept = np.ones(len(answers.respondents), dtype=bool)
    kept[rows] = False
    mask = pd.Series(kept, index=answers.respondents.index)
    some = answers.where(mask, unit="respondent", label=label or "all but withdrawn ones")
    return some if label else dataclasses.replace(some, selected=(), whole=None)


def published(tables: list[Estimates], register: Register | None = None) -> Publication:
    named = [table.named(table.name or str(place), "t") for place, table in enumerate(tables)]
    labels = ("Yes", "No", "Big", "Other", "Large")
    return protect(named, title="T", edition="2019", register=register, labels=labels)


def last(answers: Responses, number: int) -> list[int]:
    return list(range(len(answers.respondents) - number, len(answers.respondents)))


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("by", ["edition", ["edition", "organization_size"]])
@pytest.mark.parametrize("gone", [1, 4])
def test_who_leaves_few_out_prints_the_numbers_of_all(
    answers: Responses, concept: str, by: str | list[str], gone: int
) -> None:
    some = but(answers, last(answers, gone), "all but some")
    made = published([share(answers, concept, by=by), share(some, concept, by=by)])
    pd.testing.assert_frame_equal(made["0"].frame, made["1"].frame)
    assert "Fewer than 20 are left out; the numbers are those of all." in made["1"].notes


def test_countries_that_only_those_left_out_named_stand_in_both(answers: Responses) -> None:
    for seed in range(4):
        rows = np.random.default_rng(seed).choice(len(answers.respondents), 9, replace=False)
        some = but(answers, rows.tolist(), "all but some")
        tables = [share(of, "primary_country", by="edition") for of in (some, answers)]
        tables += [share(of, "industry", by="edition", top=4) for of in (some, answers)]
        made = published(tables)
        pd.testing.assert_frame_equal(made["0"].frame, made["1"].frame)
        pd.testing.assert_frame_equal(made["2"].frame, made["3"].frame)


def test_copies_count_among_all_as_among_the_selected(answers: Responses) -> None:
    """Where copies were asked to count after records were selected."""
    copied = np.arange(len(answers.deployments)) % 5 == 0
    every = dataclasses.replace(answers, deployments=answers.deployments.assign(copied=copied))
    some = but(every, last(every, 3), "all but some").with_copies()
    by = "edition"
    made = published([share(of, "hypervisors", by=by) for of in (some, every.with_copies())])
    pd.testing.assert_frame_equal(made["0"].frame, made["1"].frame)


def test_a_group_in_which_few_are_left_out_is_that_of_all(answers: Responses) -> None:
    """Most of one size are left out, and two respondents of each other."""
    sizes = answers.respondents["organization_size"].astype(object)
    counts = sizes.value_counts()
    large = str(counts.index[0])
    rows = [row for size in counts.index[1:] for row in np.flatnonzero(sizes == size)[:2].tolist()]
    rows += np.flatnonzero(sizes == large)[: int(counts.iloc[0] * 0.5)].tolist()
    some = but(answers, rows, "a part")
    register = Register(Ledger("k"), final=True)
    by = "organization_size"
    tables = [share(some, "hypervisors", by=by), share(answers, "hypervisors", by=by)]
    made = published(tables, register)
    part, whole = (made[name].frame.set_index([by, "answer"]) for name in ("0", "1"))
    others = part.index.get_level_values(by) != large
    told = ["count", "base", "value", "status"]
    pd.testing.assert_frame_equal(part.loc[others, told], whole.loc[others, told])
    assert part.loc[large, "base"].max() < whole.loc[large, "base"].max()
    (note,) = [note for note in made["0"].notes if "left out" in note]
    assert large not in note
    own = [n for n, column in register.used.items() if "|of " in n and not column.like]
    assert any(f"{by}={large}|" in name for name in own)


def test_every_statistic_of_few_less_is_that_of_all(answers: Responses) -> None:
    some = but(answers, last(answers, 2), "all but some")
    chosen = [table.named(f"some {table.name}", "t") for table in tables_of(some)]
    made = published([*chosen, *tables_of(answers)])
    names = [name for name in made.tables if not name.startswith("some ")]
    assert len(names) > 12
    for name in names:
        if "Public Cloud" not in made[name].title:  # a selection of the selection
            pd.testing.assert_frame_equal(made[name].frame, made[f"some {name}"].frame)


@pytest.mark.parametrize("withdrawn", [1, 3])
def test_withdrawing_who_was_left_out_moves_nothing(answers: Responses, withdrawn: int) -> None:
    rows = last(answers, 3)

    def made(of: Responses, left: list[int], register: Register) -> Publication:
        some = but(of, left, "all but some")
        large = of.where(deployment_stage=STAGE)
        who = (some, of, large)
        return published([share(one, c, by="edition") for c in CONCEPTS for one in who], register)

    register = Register(Ledger("k"), final=True)
    before = made(answers, rows, register)
    again = Register(register.entries("k"), final=True)
    after = made(but(answers, rows[:withdrawn]), [r - withdrawn for r in rows[withdrawn:]], again)
    for name in before.tables:
        pd.testing.assert_frame_equal(before[name].frame, after[name].frame)
        assert before[name].notes == after[name].notes
    assert not again.redrawn
    assert again.used.keys() == register.used.keys()


def test_a_selection_keeps_its_numbers_when_fewer_are_left_out(answers: Responses) -> None:
    rows = np.flatnonzero(answers.respondents["industry"].notna().to_numpy())[-20:].tolist()

    def made(of: Responses, left: list[int], register: Register) -> Publication:
        some = but(of, left, "all but some")
        return published([share(one, "industry") for one in (some, of)], register)

    register = Register(Ledger("k"), final=True)
    before = made(answers, rows, register)
    assert any("|of " in name for name in register.used)
    after = made(
        but(answers, rows[:1]),
        [r - 1 for r in rows[1:]],
        Register(register.entries("k"), final=True),
    )
    for name in before.tables:
        pd.testing.assert_frame_equal(before[name].frame, after[name].frame)


def test_the_order_of_tables_says_nothing(answers: Responses) -> None:
    some = [
        answers,
        answers.where(deployment_stage=STAGE),
        but(answers, last(answers, 4), "all but some"),
        answers.where(deployment_type="Public Cloud"),
    ]
    tables = [
        share(of, concept, by="edition").named(f"{concept} {place}", "t")
        for concept in CONCEPTS
        for place, of in enumerate(some)
    ]
    register, other = Register(Ledger("k"), final=True), Register(Ledger("k"), final=True)
    made, turned = published(tables, register), published(tables[::-1], other)
    for name in made.tables:
        pd.testing.assert_frame_equal(made[name].frame, turned[name].frame)
    assert register.used.keys() == other.used.keys()
    assert register.effects == other.effects
    again = Register(register.entries("k"), final=True)
    kept = published(tables[::-1], again)
    for name in made.tables:
        pd.testing.assert_frame_equal(made[name].frame, kept[name].frame)
    assert not again.redrawn


def test_a_selection_that_stands_alone_is_the_whole_of_its_question(answers: Responses) -> None:
    some = but(answers, last(answers, 3), "all but some")
    alone = dataclasses.replace(some, selected=(), whole=None)
    made = [published([share(of, "hypervisors", by="edition")])["0"] for of in (some, alone)]
    pd.testing.assert_frame_equal(made[0].frame, made[1].frame)
    assert not any("left out" in note for note in made[0].notes)


def large(answers: Responses, apart: int) -> Responses:
    """Add a variable that has all large clouds but some."""
    cores = answers.deployments["compute_cores"].astype(object)
    inside = cores.isin(LARGE).to_numpy().copy()
    inside[np.flatnonzero(inside)[:apart]] = False
    return answers.derive(
        "big",
        pd.Series(inside, answers.deployments.index),
        labels={True: "Big", False: "Other"},
        title="Large clouds",
    )


@pytest.mark.parametrize("apart", [1, 2, 7, 19])
def test_nested_groups_of_different_variables_tell_nothing(answers: Responses, apart: int) -> None:
    """One cloud is in the one group and not in the other: its answers are the rows that differ."""
    of = large(answers, 0).derive("classes", {"Large": LARGE}, of="compute_cores")
    other = large(answers, apart)
    asked = ("hypervisors", "deployment_stage", "deployment_type")
    tables = [share(of, concept, by="classes") for concept in asked]
    tables += [share(other, concept, by="big") for concept in asked]
    made = published(tables)
    rows = 0
    for place in range(3):
        one, two = made[str(place)].frame, made[str(place + 3)].frame
        one, two = one[one["classes"] == "Large"], two[two["big"] == "Big"]
        assert not told_apart(one, two)
        rows += int(one["count"].notna().sum())
        notes = [*made[str(place)].notes, *made[str(place + 3)].notes]
        (note,) = {note for note in notes if "ewer than 20 differ" in note}
        assert "differ from Large clouds: Big" in note
    assert rows > 10


def told_apart(one: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """Return the answers whose printed numbers differ, where both are shown."""
    both = one.merge(other, on="answer", suffixes=("", "_other"))
    shown = both["value"].notna() & both["value_other"].notna()
    differs = (both["count"] != both["count_other"]) | (both["value"] != both["value_other"])
    return both["answer"][shown & differs].tolist()


@pytest.mark.parametrize("apart", [1, 5, 15])
def test_a_group_that_has_nearly_all_is_that_of_all(answers: Responses, apart: int) -> None:
    flags = np.ones(len(answers.deployments), dtype=bool)
    flags[::20] = False
    flags[np.flatnonzero(~flags)[apart:]] = True
    made_of = answers.derive(
        "usual", pd.Series(flags, answers.deployments.index), labels={True: "Yes", False: "No"}
    )
    for concept in CONCEPTS[:3]:
        made = published([share(made_of, concept), share(made_of, concept, by="usual")])
        group = made["1"].frame[made["1"].frame["usual"] == "Yes"]
        assert not told_apart(made["0"].frame, group)
        assert group["count"].notna().any()


@pytest.mark.parametrize("seed", range(4))
def test_one_selection_inside_another_but_for_few(answers: Responses, seed: int) -> None:
    """Each is far from everybody."""
    drawn = np.random.default_rng(seed)
    rows = drawn.choice(len(answers.respondents), 60, replace=False).tolist()
    one, other = but(answers, rows, "some"), but(answers, rows[: -1 - seed], "some and few")
    for tables in ((one, other), (answers, one, other), (answers, other, one)):
        made = published([share(of, "hypervisors", by="edition") for of in tables])
        frames = [made[str(place)].frame for place in range(len(tables))]
        assert not told_apart(*(f[f["edition"] == "2019"] for f in frames[-2:]))
        assert frames[-1]["count"].notna().any()


def test_a_selection_published_first_and_everybody_later(answers: Responses) -> None:
    """A later publication knows who is behind the columns of an earlier one."""
    some = but(answers, last(answers, 3), "all but some")
    for concept in CONCEPTS:
        register = Register(Ledger("k"), final=True)
        first = published([share(some, concept, by="edition")], register)
        again = Register(register.entries("k"), final=True)
        later = published([share(answers, concept, by="edition")], again)
        for edition in answers.editions:
            frames = [m["0"].frame for m in (first, later)]
            assert not told_apart(*(f[f["edition"] == edition] for f in frames))


def test_a_group_that_one_organization_tells_apart_is_not_shown(answers: Responses) -> None:
    """More than 20 clouds, but of one organization: all of its answers would be told."""
    own = answers.deployments["organization"].copy()
    own.iloc[:40] = "the large one"
    many = dataclasses.replace(answers, deployments=answers.deployments.assign(organization=own))
    flags = pd.Series(np.arange(len(own)) >= 40, own.index)
    many = many.derive("others", flags, labels={True: "Yes", False: "No"})
    made = published(
        [share(many, "deployment_stage"), share(many, "deployment_stage", by="others")]
    )
    assert made["1"].frame["count"].isna().all()


@pytest.mark.parametrize("nets", [None, {"Any of two": ["KVM (x86)", "Xen / XCP"]}])
def test_an_answer_that_the_other_column_lacks_is_not_shown(
    answers: Responses, nets: dict[str, list[str]] | None
) -> None:
    some = but(answers, last(answers, 3), "all but some")
    made = published([share(answers, "hypervisors"), share(some, "hypervisors", nets=nets)])
    frame = made["1"].frame.set_index("answer")
    assert (
        frame.loc["KVM (x86)", "count"]
        == made["0"].frame.set_index("answer").loc["KVM (x86)", "count"]
    )
    if nets:
        assert pd.isna(frame.loc["Any of two", "count"])


def test_a_group_that_one_organization_tells_apart_from_what_was_published(
    answers: Responses,
) -> None:
    """The table of everybody came in an earlier publication."""
    own = answers.deployments["organization"].copy()
    own.iloc[:40] = "the large one"
    many = dataclasses.replace(answers, deployments=answers.deployments.assign(organization=own))
    flags = pd.Series(np.arange(len(own)) >= 40, own.index)
    many = many.derive("others", flags, labels={True: "Yes", False: "No"})
    register = Register(Ledger("k"), final=True)
    first = published([share(many, "deployment_stage")], register)
    assert first["0"].frame["count"].any()
    again = Register(register.entries("k"), final=True)
    made = published([share(many, "deployment_stage", by="others")], again)
    assert made["0"].frame["count"].isna().all()


@pytest.mark.parametrize("base", ["answered", "all", "asked"])
def test_numbers_of_others_are_of_about_the_same_base(answers: Responses, base: str) -> None:
    """Nearly all who answered are of one stage, of which many did not: half of all records."""
    inside = (answers.deployments["deployment_stage"] == STAGE).to_numpy()
    given = answers.deployments["hypervisors"].array
    only = given.take(np.where(inside, np.arange(len(inside)), -1), allow_fill=True)
    few = dataclasses.replace(answers, deployments=answers.deployments.assign(hypervisors=only))
    who = few, few.where(deployment_stage=STAGE)
    made = published([share(of, "hypervisors", by="edition", base=base) for of in who])
    for of, name in zip(who, ("0", "1"), strict=True):
        true = share(of, "hypervisors", by="edition", base=base).frame
        both = made[name].frame.merge(true, on=["edition", "answer"], suffixes=("", "_true"))
        both = both[both["base"].notna()].astype({"base": float})
        off = (both["base"] - both["base_true"]).abs()
        assert (off < both["base_true"] / 5 + 5).all()  # a fifth, and noise
    assert made["1"].frame["base"].notna().any() == (base == "answered")


@pytest.mark.parametrize("seed", range(6))
def test_everybody_who_stood_behind_a_selection_leads_it(answers: Responses, seed: int) -> None:
    """25 are left out, of whom 3 answered; everybody is published later."""
    rows = np.random.default_rng(seed).choice(len(answers.respondents), 25, replace=False)
    industry = answers.respondents["industry"].copy()
    gave = [row for row in rows.tolist() if pd.notna(industry.iloc[row])]
    industry.iloc[gave[3:]] = pd.NA
    few = dataclasses.replace(answers, respondents=answers.respondents.assign(industry=industry))
    register = Register(Ledger("k"), final=True)
    some = published([share(but(few, rows.tolist(), "some"), "industry", by="edition")], register)
    again = Register(register.entries("k"), final=True)
    later = published([share(few, "industry", by="edition")], again)
    pd.testing.assert_frame_equal(some["0"].frame, later["0"].frame)


def test_whether_a_small_group_is_shown_says_nothing_of_its_noise(answers: Responses) -> None:
    """Of two groups of about 20 one is shown exactly if the other is, as where none differs."""
    gave = np.flatnonzero(answers.deployments["hypervisors"].array.answered)
    gave = gave[gave < (answers.deployments["edition"] == "2018").sum()]
    shown = set()
    for seed in range(30):
        inside = np.random.default_rng(seed).choice(gave, 21, replace=False)
        of = answers
        for name, rows in (("one", inside), ("two", inside[1:])):
            flags = np.isin(np.arange(len(answers.deployments)), rows)
            values = pd.Series(flags, answers.deployments.index)
            of = of.derive(name, values, labels={True: "Yes", False: "No"})
        made = published([share(of, "hypervisors", by=by) for by in ("one", "two")])
        frames = [made[str(place)].frame for place in range(2)]
        one, two = (f[f[by] == "Yes"] for f, by in zip(frames, ("one", "two"), strict=True))
        assert one["base"].notna().any() == two["base"].notna().any()
        shown.add(bool(one["base"].notna().any()))
    assert shown == {True, False}


@pytest.mark.parametrize("apart", [0, 1, 2])
def test_a_variable_made_of_a_question_tells_nothing_of_a_nearly_equal_group(
    answers: Responses, apart: int
) -> None:
    """The one question by one variable, the other by one that has all but some of its clouds."""
    inside = np.random.default_rng(3).random(len(answers.deployments)) < 0.5
    fewer = inside.copy()
    fewer[np.flatnonzero(inside)[:apart]] = False
    stages = answers.question("deployment_stage").labels
    others = [stage for stage in stages if stage != STAGE]
    of = answers.derive("stage", {"Large": [STAGE], "Other": others}, of="deployment_stage")
    for name, flags in (("one", inside), ("two", fewer)):
        values = pd.Series(flags, answers.deployments.index)
        of = of.derive(name, values, labels={True: "Yes", False: "No"})
    made = published([share(of, "deployment_stage", by="one"), share(of, "stage", by="two")])
    shown = [made[str(place)].frame for place in range(2)]
    groups = [f[f[by] == "Yes"] for f, by in zip(shown, ("one", "two"), strict=True)]
    assert [bool(group["count"].notna().any()) for group in groups] == [True, False]
    assert any("ewer than 20" in note for note in made["1"].notes)
    # in the same group, and beside everybody, both are shown
    tables = [
        share(of, concept, by=by)
        for concept in ("deployment_stage", "stage")
        for by in ("edition", "one")
    ]
    for table in published(tables).tables.values():
        assert table.frame["count"].notna().any()


@pytest.mark.parametrize("copies", [0, 1, 7])
def test_a_table_with_copies_is_a_column_of_its_own(answers: Responses, copies: int) -> None:
    """Neither is printed for the other later, and a note does not say whether there are any."""
    gave = np.flatnonzero(answers.deployments["hypervisors"].array.answered)
    copied = np.isin(np.arange(len(answers.deployments)), gave[:copies])
    every = dataclasses.replace(answers, deployments=answers.deployments.assign(copied=copied))
    who = every, every.with_copies()
    register = Register(Ledger("k"), final=True)
    made = published([share(of, "hypervisors", by="edition") for of in who], register)
    pd.testing.assert_frame_equal(made["0"].frame, made["1"].frame)
    assert any("ewer than 20 are left out" in note for note in made["1"].notes)
    assert not any("left out" in note for note in made["0"].notes)


@pytest.mark.parametrize("seed", range(3))
def test_a_correction_waits_after_a_table_with_copies_was_published(
    answers: Responses, seed: int
) -> None:
    drawn = np.random.default_rng(seed)
    copied = drawn.random(len(answers.deployments)) < 0.3
    every = dataclasses.replace(answers, deployments=answers.deployments.assign(copied=copied))
    register = Register(Ledger("k"), final=True)
    first = published([share(every, "deployment_stage", by="edition")], register)
    between = Register(register.entries("k"), final=True)
    published([share(every.with_copies(), "deployment_stage", by="edition")], between)
    stage = every.deployments["deployment_stage"].copy()
    row = int(drawn.choice(np.flatnonzero(stage.notna() & ~copied)))
    stage.iloc[row] = next(each for each in stage.dropna() if each != stage.iloc[row])
    frame = every.deployments.assign(deployment_stage=stage)
    last = Register(between.entries("k"), final=True)
    corrected = dataclasses.replace(every, deployments=frame)
    again = published([share(corrected, "deployment_stage", by="edition")], last)
    pd.testing.assert_frame_equal(first["0"].frame, again["0"].frame)
    assert not last.redrawn


def test_a_group_of_few_organizations_is_not_shown_with_few_more(answers: Responses) -> None:
    """One cloud more, of a fifth organization: its answers would be told."""
    gave = np.flatnonzero(answers.deployments["hypervisors"].array.answered)[:40]
    own = answers.deployments["organization"].copy()
    own.iloc[gave] = [f"large {place % 4}" for place in range(40)]
    own.iloc[gave[-1]] = "the fifth"
    of = dataclasses.replace(answers, deployments=answers.deployments.assign(organization=own))
    for name, rows in (("one", gave[:-1]), ("two", gave)):
        flags = np.isin(np.arange(len(own)), rows)
        of = of.derive(name, pd.Series(flags, own.index), labels={True: "Yes", False: "No"})
    made = published([share(of, "hypervisors", by=by) for by in ("one", "two")])
    for place, by in enumerate(("one", "two")):
        frame = made[str(place)].frame
        assert frame.loc[frame[by] == "Yes", "base"].isna().all()
    alone = published([share(of, "hypervisors", by="two")])["0"].frame
    assert alone.loc[alone["two"] == "Yes", "base"].notna().any()


@pytest.mark.parametrize("listed", [True, False])
def test_beside_a_ledger_without_units_those_of_today_are_taken(
    answers: Responses, listed: bool
) -> None:
    """An older version wrote it: a selection of all but one told the answers of the one."""
    by = {"by": "edition"}
    old = [share(answers, concept, **by) for concept in CONCEPTS]
    register = Register(Ledger("k"), final=True)
    published(old, register)
    ledger = register.entries("k")
    columns = {n: dataclasses.replace(each, units=0) for n, each in ledger.columns.items()}
    records = ledger.records if listed else {}
    older = dataclasses.replace(ledger, units={}, columns=columns, records=records, questions={})
    some = but(answers, last(answers, 1), "all but one")
    new = [share(some, concept, **by) for concept in CONCEPTS]
    register = Register(older, final=True)
    made = published([*new, *old], register)
    for place in range(len(new)):
        pd.testing.assert_frame_equal(made[str(place)].frame, made[str(place + len(new))].frame)
    assert all(column.units for column in register.entries("k").columns.values())


def test_what_a_form_did_not_offer_stands_so_in_a_column_like_another() -> None:
    of = invented(150, 21, ("2017", "2019"))
    inside = np.random.default_rng(1).random(len(of.deployments)) < 0.5
    for name in ("one", "two"):
        values = pd.Series(inside, of.deployments.index)
        of = of.derive(name, values, labels={True: "Yes", False: "No"})
    made = published([share(of, "deployment_tools", by=["edition", by]) for by in ("one", "two")])
    one, two = (
        made[str(place)].frame.rename(columns={by: "group"})
        for place, by in enumerate(("one", "two"))
    )
    assert "not offered" in set(one["status"].astype(str))
    assert any("ewer than 20" in note for note in made["1"].notes)
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("apart", [0, 1, 5])
def test_beside_a_column_that_is_not_corrected_none_is_drawn(
    answers: Responses, apart: int
) -> None:
    """The question is drawn anew in a group of one cloud less, and not in the published one."""
    inside = np.random.default_rng(2).random(len(answers.deployments)) < 0.5
    fewer = inside.copy()
    fewer[np.flatnonzero(inside)[:apart]] = False
    of = answers
    for name, flags in (("one", inside), ("two", fewer)):
        values = pd.Series(flags, answers.deployments.index)
        of = of.derive(name, values, labels={True: "Yes", False: "No"})
    by_one, by_two = (share(of, "deployment_stage", by=by) for by in ("one", "two"))
    register = Register(Ledger("k"), final=True)
    published([by_one], register)
    corrections = {"deployment_stage": ("2026-11-29", "a file was read twice")}
    alone = published([by_two], Register(register.entries("k"), corrections, final=True))["0"].frame
    assert alone["count"].isna().all()
    both = published([by_one, by_two], Register(register.entries("k"), corrections, final=True))
    frames = [both[str(place)].frame for place in range(2)]
    assert not told_apart(
        *(f[f[by] == "Yes"] for f, by in zip(frames, ("one", "two"), strict=True))
    )
    assert frames[1]["count"].notna().any()


@pytest.mark.parametrize("apart", [1, 4])
def test_groups_under_20_that_a_policy_shows_lead_in_later_publications(
    answers: Responses, apart: int
) -> None:
    policy = Policy(units=10, reason="a small survey")
    gave = np.flatnonzero(answers.deployments["hypervisors"].array.answered)
    gave = gave[gave < (answers.deployments["edition"] == "2018").sum()]
    shown = 0
    for seed in range(8):
        inside = np.random.default_rng(seed).choice(gave, 15, replace=False)
        of = answers
        for name, rows in (("one", inside), ("two", inside[apart:])):
            flags = np.isin(np.arange(len(answers.deployments)), rows)
            values = pd.Series(flags, answers.deployments.index)
            of = of.derive(name, values, labels={True: "Yes", False: "No"})
        register, frames = Register(Ledger("k"), final=True), []
        for by in ("one", "two"):
            table = share(of, "hypervisors", by=by).named("0", "t")
            made = protect(
                [table], policy, title="T", edition="2019", register=register, labels=("Yes", "No")
            )
            frames.append(made["0"].frame[made["0"].frame[by] == "Yes"])
            register = Register(register.entries("k"), final=True)
        assert not told_apart(*frames)
        shown += int(frames[0]["base"].notna().any())
    assert shown


@pytest.mark.parametrize("selected", [False, True])
def test_a_published_country_that_lost_everybody_is_known_again(
    answers: Responses, selected: bool
) -> None:
    """Also as a group of a selection, whose columns say what was selected."""
    of = but(answers, last(answers, 40), "some") if selected else answers
    table = share(of, "industry", by="primary_country")
    register = Register(Ledger("k"), final=True)
    published([table], register)
    (cells,) = tabulate_again(table)
    shown = {n.split("|")[5].partition("=")[2] for n, c in register.used.items() if not c.hidden}
    gone = np.array([group[0] == min(shown - {""}) for group in cells.groups])
    assert gone.sum() == 1
    assert table.arguments is not None
    again = Register(register.entries("k"))
    left = without_groups(cells, gone)
    found = with_published_groups(table, table.arguments, left, ["primary_country"], again)
    assert {*found.groups} == {*cells.groups}
