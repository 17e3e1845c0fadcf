"""A selection beside everybody: what differs between the two tables tells of no single record."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Ledger, Publication, Register, protect
from survey.estimates import Estimates, share
from survey.responses import Responses
from tests.disclosure.surveys import invented
from tests.disclosure.test_interference import tables_of

CONCEPTS = ("compute_cores", "hypervisors", "deployment_stage", "industry")
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
    return protect(named, title="T", edition="2019", register=register)


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
    own = [name for name in register.used if "|of " in name]
    assert own
    assert all(f"{by}={large}|" in name for name in own)


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
