"""The ledger: what was published is reprinted until enough of it changed."""

from __future__ import annotations

import dataclasses
import json
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Ledger, Publication, Register, protect, read_ledger
from survey.errors import DisclosureError
from survey.estimates import Estimates, share
from survey.responses import Responses
from tests.disclosure.surveys import invented

CONCEPTS = ("compute_cores", "hypervisors", "industry", "deployment_stage")


@pytest.fixture(scope="module")
def answers() -> Responses:
    return invented(150, 21, ("2018", "2019"))


def tables_of(answers: Responses) -> list[Estimates]:
    return [
        table
        for concept in CONCEPTS
        for table in (
            share(answers, concept, by="edition").named(concept, "t"),
            share(answers, concept, by=["edition", "region"]).named(f"{concept} by region", "t"),
        )
    ]


def published(answers: Responses, register: Register) -> Publication:
    return protect(tables_of(answers), title="T", edition="2019", register=register)


def without(answers: Responses, number: int, seed: int = 0) -> Responses:
    """Leave some deployments of the last edition out."""
    frame = answers.deployments
    own = np.flatnonzero(frame["edition"] == "2019")
    gone = np.random.default_rng(seed).choice(own, number, replace=False)
    kept = np.ones(len(frame), dtype=bool)
    kept[gone] = False
    some = answers.where(pd.Series(kept, index=frame.index))
    return dataclasses.replace(some, selected=(), whole=None)  # gone, not left out by choice


@pytest.fixture(scope="module")
def first(answers: Responses) -> tuple[Publication, Ledger]:
    register = Register(Ledger("k"), final=True)
    made = published(answers, register)
    return made, register.entries("key-1")


def test_a_final_publication_is_no_draft(first: tuple[Publication, Ledger]) -> None:
    made, ledger = first
    assert made.final
    assert made.stamp == ""
    assert ledger.key == "key-1"
    assert len(ledger.columns) > 20


@pytest.mark.parametrize("seed", range(5))
def test_one_record_less_changes_no_byte(
    answers: Responses, first: tuple[Publication, Ledger], seed: int
) -> None:
    made, ledger = first
    register = Register(ledger)
    again = published(without(answers, 1, seed), register)
    for name in made.tables:
        pd.testing.assert_frame_equal(made[name].frame, again[name].frame)
    assert register.waiting
    assert max(register.waiting.values()) <= 1


def in_a_new_country(answers: Responses, number: int) -> Responses:
    """Let one respondent of the last edition name a country that nobody named."""
    people = answers.respondents.copy()
    row = np.flatnonzero(people["edition"] == "2019")[number]
    countries = people["primary_country"].cat.add_categories("LI")
    countries.iloc[row] = "LI"
    return dataclasses.replace(answers, respondents=people.assign(primary_country=countries))


def test_a_country_that_is_named_first_in_a_re_issue_waits(answers: Responses) -> None:
    def made(of: Responses, register: Register) -> pd.DataFrame:
        table = share(of, "primary_country", by="edition").named("c", "t")
        return protect([table], title="T", edition="2019", register=register)["c"].frame

    register = Register(Ledger("k"), final=True)
    before = made(answers, register)
    ledger = register.entries("key-1")
    others = [in_a_new_country(answers, number) for number in range(12)]
    for other in others:
        pd.testing.assert_frame_equal(before, made(other, Register(ledger)))
    assert any("Liechtenstein" in set(made(other, Register())["answer"]) for other in others)


def of_country(answers: Responses, code: str, *, gone: bool) -> Responses:
    """Let one respondent of the last edition be alone with a country, or leave it out."""
    named = in_a_new_country(answers, 3)
    people = named.respondents
    countries = people["primary_country"].cat.rename_categories({"LI": code})
    people = people.assign(primary_country=countries)
    kept = people["primary_country"].ne(code) | (not gone)
    return dataclasses.replace(answers, respondents=people[kept].reset_index(drop=True))


@pytest.mark.parametrize("top", [None, 1, 3, 6, 9, 10])
def test_a_country_that_nobody_names_any_more_stays(answers: Responses, top: int | None) -> None:
    """Also where it is in a top, or all that is behind one."""

    def made(of: Responses, register: Register) -> Publication:
        tables = [
            share(of, "primary_country", by=by, top=top).named(name, "t")
            for name, by in (("c", "edition"), ("by size", ["edition", "organization_size"]))
        ]
        return protect(tables, title="T", edition="2019", register=register)

    rows = set()
    for code in ("LI", "AD", "MC", "SM", "IS", "LU"):
        register = Register(Ledger("k"), final=True)
        before = made(of_country(answers, code, gone=False), register)
        after = made(of_country(answers, code, gone=True), Register(register.entries("key-1")))
        for name in before.tables:
            pd.testing.assert_frame_equal(before[name].frame, after[name].frame)
        rows |= set(before["c"].frame["answer"])
    assert len(rows) >= min(top or 10, 10)


def test_a_country_that_loses_everybody_stays_a_group(answers: Responses) -> None:
    """Where it was shown with fewer than 20, as noise made them 20 or more."""

    def made(of: Responses, register: Register) -> pd.DataFrame:
        by = ["edition", "primary_country"]
        table = share(of, "deployment_stage", by=by).named("stages", "t")
        return protect([table], title="T", edition="2019", register=register)["stages"].frame

    clouds = answers.deployments
    seen = 0
    for seed in range(12):
        last = clouds["edition"].eq("2019") & clouds["deployment_stage"].notna()
        order = clouds[last]["respondent"].drop_duplicates().sample(frac=1, random_state=seed)
        sizes = clouds[last].groupby("respondent").size()[order].cumsum()
        named = order[(sizes <= 18).to_numpy()]
        people = answers.respondents.copy()
        own = people["edition"].eq("2019") & people["respondent"].isin(named)
        countries = people["primary_country"].cat.add_categories("LI")
        countries[own] = "LI"
        there = dataclasses.replace(answers, respondents=people.assign(primary_country=countries))
        of_them = clouds["edition"].eq("2019") & clouds["respondent"].isin(named)
        gone = dataclasses.replace(there, deployments=clouds[~of_them].reset_index(drop=True))
        register = Register(Ledger("k"), final=True)
        before = made(there, register)
        pd.testing.assert_frame_equal(before, made(gone, Register(register.entries("k"))))
        assert "Liechtenstein" not in set(made(gone, Register())["primary_country"])
        seen += "Liechtenstein" in set(before["primary_country"])
    assert seen


@pytest.mark.parametrize("top", range(1, 9))
def test_a_rest_behind_a_top_is_compared_with_the_same_rest(answers: Responses, top: int) -> None:
    """That of the true top is another union: its count would tell of many changes."""

    def made(of: Responses, register: Register) -> Publication:
        tables = [
            share(of, name, by="edition", top=top).named(name, "t")
            for name in ("deployment_tools", "hypervisors", "compute_cores")
        ]
        return protect(tables, title="T", edition="2019", register=register)

    register = Register(Ledger("k"), final=True)
    before = made(answers, register)
    again = Register(register.entries("key-1"))
    after = made(without(answers, 1), again)
    assert max(again.waiting.values(), default=0) <= 1
    for name in before.tables:
        pd.testing.assert_frame_equal(before[name].frame, after[name].frame)


def two_tops(of: Responses, register: Register, *tops: int) -> Publication:
    tables = [
        share(of, "deployment_tools", by="edition", top=top).named(f"top {top}", "t")
        for top in tops
    ]
    return protect(tables, title="T", edition="2019", register=register)


def test_two_tops_of_one_question_have_rests_of_their_own(answers: Responses) -> None:
    alone = {
        top: two_tops(answers, Register(Ledger("k"), final=True), top)[f"top {top}"].frame
        for top in (2, 5)
    }
    register = Register(Ledger("k"), final=True)
    both = two_tops(answers, register, 2, 5)
    again = two_tops(without(answers, 1), Register(register.entries("key-1")), 5, 2)
    for top, frame in alone.items():
        pd.testing.assert_frame_equal(frame, both[f"top {top}"].frame)
        pd.testing.assert_frame_equal(frame, again[f"top {top}"].frame)
    rests = [f.loc[f["answer"] == "Any other answer", "count"].tolist() for f in alone.values()]
    assert rests[0] != rests[1]


def test_two_nets_of_one_name_have_columns_of_their_own(answers: Responses) -> None:
    """Also those of two tables of one publication, and in whatever order they are made."""

    def made(of: Responses, register: Register, *nets: tuple[str, ...]) -> list[pd.DataFrame]:
        tables = [
            share(of, "compute_cores", by="edition", nets={"Small": list(net)}).named(str(n), "t")
            for n, net in enumerate(nets)
        ]
        found = protect(tables, title="T", edition="2019", register=register).tables
        return [table.frame for table in found.values()]

    bands = ("1 to 9 cores", "10 to 99 cores", "100 to 999 cores")
    one, other = bands[:2], bands[1:]
    alone = [made(answers, Register(Ledger("k"), final=True), net)[0] for net in (one, other)]
    register = Register(Ledger("k"), final=True)
    first = made(answers, register, one, other)
    again = made(without(answers, 1), Register(register.entries("k")), other, one[::-1])
    for expected, found, later in zip(alone, first, again[::-1], strict=True):
        pd.testing.assert_frame_equal(expected, found)
        pd.testing.assert_frame_equal(expected, later)
    small = [f.loc[f["answer"] == "Small", "count"].tolist() for f in alone]
    assert small[0] != small[1]


def test_without_the_ledger_the_same_change_shows(
    answers: Responses, first: tuple[Publication, Ledger]
) -> None:
    again = published(without(answers, 1), Register())
    changed = [not again[name].frame.equals(first[0][name].frame) for name in first[0].tables]
    assert any(changed)


def test_many_changes_draw_the_column_anew_and_leave_others(
    answers: Responses, first: tuple[Publication, Ledger]
) -> None:
    made, ledger = first
    again = published(without(answers, 60), Register(ledger))
    one, other = made["compute_cores"].frame, again["compute_cores"].frame
    later = one["edition"] == "2019"
    pd.testing.assert_frame_equal(one[~later], other[~later])
    assert not one[later].equals(other[later])


def test_a_correction_is_drawn_at_once_and_says_when(
    answers: Responses, first: tuple[Publication, Ledger]
) -> None:
    made, ledger = first
    corrections = {"compute_cores": ("2020-02-01", "a wrong line")}
    register = Register(ledger, corrections)
    again = published(without(answers, 3), register)
    assert not made["compute_cores"].frame.equals(again["compute_cores"].frame)
    pd.testing.assert_frame_equal(made["hypervisors"].frame, again["hypervisors"].frame)
    assert "Corrected on 2020-02-01." in again["compute_cores"].notes
    later = register.entries("key-1")
    assert later.corrections == (("compute_cores", "2020-02-01", "a wrong line"),)
    third = published(answers, Register(later))
    assert "Corrected on 2020-02-01." in third["compute_cores"].notes


def test_a_ledger_survives_the_disk(first: tuple[Publication, Ledger], tmp_path: Path) -> None:
    path = first[1].write(tmp_path / "ledger.json")
    again = read_ledger(path)
    assert {*again.columns} == {*first[1].columns}
    assert (again.key, again.effects, again.corrections) == ("key-1", first[1].effects, ())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == again.write(tmp_path / "again.json").read_bytes()


def test_answers_that_a_later_publication_does_not_show_stay_in_the_ledger(
    answers: Responses,
) -> None:
    """A union that only one table shows is printed again years later, whatever came between."""

    def protected(ledger: Ledger, **nets: list[str]) -> tuple[Publication, Ledger]:
        table = share(answers, "compute_cores", by="edition", nets=nets).named("a", "t")
        register = Register(ledger, final=True)
        made = protect([table], title="T", edition="2019", register=register)
        return made, register.entries("k")

    small = ["1 to 9 cores", "10 to 99 cores"]
    first, ledger = protected(Ledger("k"), Small=small)
    _, between = protected(ledger)
    after, last = protected(between, Small=small)
    name = "Small: 1 to 9 cores; 10 to 99 cores"
    assert any(name in column.answers for column in between.columns.values())
    assert {n: c.answers for n, c in ledger.columns.items()} == {
        n: c.answers for n, c in last.columns.items()
    }
    pd.testing.assert_frame_equal(first["a"].frame, after["a"].frame)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"columns": {"a": 1}}', "null", "\0"])
def test_a_broken_ledger_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(content)
    with pytest.raises(DisclosureError, match="ledger"):
        read_ledger(path)


@pytest.fixture(scope="module")
def older(answers: Responses, tmp_path_factory: pytest.TempPathFactory) -> tuple[Publication, Path]:
    """A publication with noise of variance 3, and its ledger as it was written then."""
    register = Register(Ledger("k", variance=3.0), final=True)
    made = published(answers, register)
    path = register.entries("key-1").write(tmp_path_factory.mktemp("older") / "ledger.json")
    plain = json.loads(path.read_text("utf-8"))
    assert plain.pop("variance") == 3.0
    path.write_text(json.dumps(plain), encoding="utf-8")
    return made, path


def test_what_was_published_with_other_noise_is_printed_again_with_its_intervals(
    answers: Responses, older: tuple[Publication, Path], first: tuple[Publication, Ledger]
) -> None:
    before, path = older
    ledger = read_ledger(path)
    assert ledger.variance == 3.0
    register = Register(ledger, final=True)
    again = published(without(answers, 5), register)
    for name, table in before.tables.items():
        pd.testing.assert_frame_equal(table.frame, again[name].frame)
    assert register.entries("key-1").variance == 3.0
    assert any(not t.frame.equals(first[0][name].frame) for name, t in before.tables.items())


def test_further_questions_get_the_noise_of_the_ledger(
    answers: Responses, older: tuple[Publication, Path]
) -> None:
    """The same records have the same noise in every publication of a survey."""

    def made(ledger: Ledger) -> pd.DataFrame:
        table = share(answers, "deployment_tools", by="edition").named("tools", "t")
        return protect([table], title="T", edition="2019", register=Register(ledger))["tools"].frame

    later = made(read_ledger(older[1]))
    pd.testing.assert_frame_equal(later, made(Ledger(variance=3.0)))
    assert not later["count"].equals(made(Ledger())["count"])


def test_intervals_allow_for_the_noise_of_the_ledger(
    answers: Responses, older: tuple[Publication, Path]
) -> None:
    """Of the same counts: narrower if they had been drawn with less noise."""
    wide = published(answers, Register(read_ledger(older[1])))
    less = dataclasses.replace(read_ledger(older[1]), variance=2.5)
    narrow = published(answers, Register(less))
    narrower = 0
    for name, table in wide.tables.items():
        one, other = table.frame, narrow[name].frame
        pd.testing.assert_series_equal(one["count"], other["count"])
        shown = one["value"].notna() & other["value"].notna()
        lengths = [(f["high"] - f["low"])[shown] for f in (one, other)]
        assert (lengths[0] >= lengths[1] - 1e-12).all()
        narrower += int((lengths[0] > lengths[1] + 1e-12).sum())
    assert narrower > 5


def test_a_ledger_of_unknown_noise_is_refused(
    first: tuple[Publication, Ledger], tmp_path: Path
) -> None:
    path = dataclasses.replace(first[1], variance=1.75).write(tmp_path / "ledger.json")
    with pytest.raises(DisclosureError) as refused:
        read_ledger(path)
    said = str(refused.value)
    assert "ledger.json: got counts with a noise of variance 1.75; expected one of 2.5, 3" in said
    assert "use the version of the package that wrote the ledger" in said


def test_no_ledger_yet_is_an_empty_one(tmp_path: Path) -> None:
    nothing = read_ledger(tmp_path / "none.json")
    assert not nothing.key
    assert not nothing.columns
    assert nothing.variance == 2.5


def test_a_selection_is_printed_again_as_it_was_and_not_as_the_whole(answers: Responses) -> None:
    """A re-issue printed the whole's counts in the table of a selection."""

    def made(of: Responses, register: Register) -> Publication:
        stage = of.deployments["deployment_stage"].astype(object)
        some = [of.where(stage.eq(label)) for label in sorted(set(stage.dropna()))[:2]]
        tables = [
            share(each, "hypervisors", by="edition").named(str(number), "t")
            for number, each in enumerate([*some, of])
        ]
        return protect(tables, title="T", edition="2019", register=register)

    register = Register(Ledger("k"), final=True)
    before = made(answers, register)
    again = Register(register.entries("k"), final=True)
    after = made(without(answers, 1), again)
    for name in before.tables:
        pd.testing.assert_frame_equal(before[name].frame, after[name].frame)
    sizes = [before[name].frame["base"].max() for name in before.tables]
    assert len(set(sizes)) == 3
    assert not again.redrawn


def test_a_selection_of_answers_reads_no_other_column(answers: Responses) -> None:
    """Production clouds alone are another question of whom, until the ledger holds them."""
    production = (
        answers.deployments["deployment_stage"]
        .astype(object)
        .eq("Production / Full Operational Use")
    )
    ledger = dataclasses.replace(Ledger(), key="k")
    register = Register(ledger)
    whole = share(answers, "compute_cores", by="edition").named("a", "t")
    some = share(answers.where(production), "compute_cores", by="edition").named("b", "t")
    made = protect([whole, some], title="T", edition="2019", register=register)
    assert made["a"].frame["base"].sum() != made["b"].frame["base"].sum()
