"""Enough records changed, but few in one question: what is new and rests on it waits."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Ledger, Publication, Register, protect, read_ledger
from survey.disclosure.ledger.changed_questions import few_in_question, questions_of
from survey.disclosure.ledger.changed_records import WAITS
from survey.estimates import Estimates, share
from survey.project import preview
from survey.responses import AnswerSetArray, Responses
from tests.disclosure.surveys import invented

EDITIONS = ("2018", "2019")
CORES, MANY = "compute_cores", "hypervisors"
OLD = (MANY, CORES, "deployment_stage")
NEW = ("deployment_tools", "deployment_type")


def corrected(answers: Responses, seed: int, many: int = 25) -> Responses:
    """Return the answers with many clouds of another hypervisor, and one of another size."""
    drawn, clouds = np.random.default_rng(seed), answers.deployments.copy()
    rows = np.flatnonzero(clouds["edition"].eq("2019") & clouds[CORES].notna())
    one, *others = drawn.choice(rows, many + 1, replace=False).tolist()
    sets = clouds[MANY].array
    assert isinstance(sets, AnswerSetArray)
    codes = sets.codes.copy()
    codes[others] = 1 - codes[others]
    clouds[MANY] = AnswerSetArray(codes, sets.dtype)
    sizes = clouds[CORES].cat.codes.to_numpy(copy=True)
    sizes[one] = (sizes[one] + 1 + seed % 4) % len(clouds[CORES].cat.categories)
    clouds[CORES] = pd.Categorical.from_codes(sizes, dtype=clouds[CORES].dtype)
    return dataclasses.replace(answers, deployments=clouds)


def with_variables(answers: Responses, concept: str, prefix: str) -> Responses:
    for place, label in enumerate(answers.question(concept).labels):
        answers = answers.derive(f"{prefix}{place}", {"Yes": [label]}, of=concept)
    return answers


def old_tables(answers: Responses) -> list[Estimates]:
    return [share(answers, name, by="edition").named(name, "t") for name in OLD]


def published(
    answers: Responses, register: Register, *new: Estimates, codes: Responses | None = None
) -> Publication:
    return protect(
        [*old_tables(answers), *new],
        title="T",
        edition="2019",
        answers=codes or answers,
        codebook=(codes or answers).codebook,
        register=register,
        labels=["Yes", "No", "North", "South"],
    )


def first(
    answers: Responses, folder: Path, *new: Estimates, codes: Responses | None = None
) -> tuple[Publication, Ledger]:
    register = Register(Ledger("k"), final=True)
    made = published(answers, register, *new, codes=codes)
    return made, read_ledger(register.entries("k").write(folder / "ledger.json"))


def shown(publication: Publication, name: str) -> bool:
    frame = publication[name].frame
    return bool(frame.loc[frame["edition"] == "2019", "base"].notna().any())


@pytest.mark.parametrize("seed", [1, 2])
def test_variables_and_breakdowns_wait_while_few_changed_in_their_question(
    seed: int, tmp_path: Path
) -> None:
    """Without this 8 of 10 surveys told both answers of the one record, and nothing else."""
    answers = invented(170, seed, EDITIONS)
    _, ledger = first(answers, tmp_path)
    after = corrected(answers, seed)
    wider = with_variables(after, CORES, "v")
    mine = [name for name in wider.concepts if name not in after.concepts]
    by = {"by": "edition"}
    some = after.where(lambda d: d["deployment_stage"].notna(), label="with a stage")

    def new() -> list[Estimates]:
        return [
            *(share(wider, name, **by).named(name, "t") for name in mine),
            *(share(after, name, **by).named(name, "t") for name in NEW),
            share(after, NEW[0], by=["edition", CORES]).named("by_cores", "t"),
            share(after, NEW[0], by=["edition", "industry"]).named("by_industry", "t"),
            share(some, NEW[1], **by).named("selected", "t"),
        ]

    waits = {*mine, "by_cores", "selected"}
    for _ in range(2):  # in the next issue no record differs from the one before
        register = Register(ledger, final=True)
        tables = new()
        made = published(after, register, *tables, codes=wider)
        found = {table.name: shown(made, str(table.name)) for table in tables}
        assert found == {name: name not in waits for name in found}
        assert all(any(n.startswith(WAITS) for n in made[name].notes) for name in waits)
        assert register.few == {"2019": {CORES: 1}}
        said = "\n".join(preview([*old_tables(after), *tables], made, register).why_held())
        assert "1 answers to compute_cores of 2019" in said
        ledger = read_ledger(register.entries("k").write(tmp_path / "ledger.json"))
    now = corrected(after, seed + 1, many=30)
    at_once = dict.fromkeys(mine, ("2020-02-01", "asked for"))
    wider = with_variables(now, CORES, "v")
    new_ones = [share(wider, name, **by).named(name, "t") for name in mine]
    made = published(now, Register(ledger, at_once, final=True), *new_ones, codes=wider)
    assert any(shown(made, name) for name in mine)


def resized(answers: Responses, rows: list[int]) -> Responses:
    clouds = answers.deployments
    sizes = clouds[CORES].cat.codes.to_numpy(copy=True)
    sizes[rows] = (sizes[rows] + 1) % len(clouds[CORES].cat.categories)
    changed = pd.Categorical.from_codes(sizes, dtype=clouds[CORES].dtype)
    return dataclasses.replace(answers, deployments=clouds.assign(**{CORES: changed}))


@pytest.mark.parametrize(("alone", "waits"), [(1, True), (0, False)])
def test_variables_wait_in_a_group_in_which_few_changed(
    alone: int, waits: bool, tmp_path: Path
) -> None:
    """Of 25 clouds of another size one is of its type: 3 of 10 surveys told its sizes."""
    answers = invented(170, 1, EDITIONS)
    by = ["edition", "deployment_type"]
    old = share(answers, CORES, by=by).named("by_type", "t")
    _, ledger = first(answers, tmp_path, old)
    clouds = answers.deployments
    types = clouds["deployment_type"].astype(object)
    sized = clouds["edition"].eq("2019") & clouds[CORES].notna()
    rare = str(types[sized].value_counts().index[1])
    rows = np.flatnonzero(sized & types.eq(rare))[:alone].tolist()
    rows += np.flatnonzero(sized & types.notna() & types.ne(rare))[: 25 - alone].tolist()
    after = resized(answers, rows)
    sizes = list(answers.question(CORES).labels)
    wider = after.derive("any_size", {"Yes": sizes[:2], "No": sizes[2:]}, of=CORES)
    new = [
        share(after, CORES, by=by).named("by_type", "t"),
        share(wider, "any_size", by=by).named("variable", "t"),
        share(after, "deployment_tools", by=by).named("tools", "t"),
    ]
    for _ in range(2):
        register = Register(ledger, final=True)
        made = published(after, register, *new, codes=wider)
        frames = [made[name].frame for name in ("variable", "tools")]
        own = [f[f["edition"].eq("2019") & f["deployment_type"].eq(rare)] for f in frames]
        assert [bool(f["base"].notna().any()) for f in own] == [not waits, True]
        ledger = read_ledger(register.entries("k").write(tmp_path / "again.json"))


def test_what_is_corrected_at_once_waits_in_groups_of_another_question(tmp_path: Path) -> None:
    """Of a cloud with another size and another stage, correcting sizes does not tell the stage."""
    answers = invented(170, 1, EDITIONS)
    _, ledger = first(answers, tmp_path)
    after = corrected(answers, 1, many=0)
    clouds = after.deployments.copy()
    stages = clouds["deployment_stage"].cat.codes.to_numpy(copy=True)
    row = np.flatnonzero(clouds["edition"].eq("2019") & (stages >= 0))[0]
    stages[row] = (stages[row] + 1) % len(clouds["deployment_stage"].cat.categories)
    dtype = clouds["deployment_stage"].dtype
    both = clouds.assign(deployment_stage=pd.Categorical.from_codes(stages, dtype=dtype))
    found = []
    for each in (after, dataclasses.replace(after, deployments=both)):
        register = Register(ledger, {CORES: ("2020-02-01", "a wrong line")}, final=True)
        new = [
            share(each, CORES, by=["edition", name]).named(f"by_{name}", "t")
            for name in ("industry", "deployment_stage")
        ]
        made = published(each, register, *new)
        found.append([shown(made, name) for name in ("by_industry", "by_deployment_stage", CORES)])
    assert found == [[True, True, True], [True, False, True]]


def test_a_changed_cell_of_a_joined_table_is_seen(tmp_path: Path) -> None:
    """Columns by it wait, and no others: it is no answer of the export."""
    answers = invented(170, 3, EDITIONS)
    side = pd.Series(["North", "South"] * len(answers.respondents))[: len(answers.respondents)]
    before = answers.derive("side", side, unit="respondent")
    old = share(before, "side", by="edition").named("side", "t")
    _, ledger = first(answers, tmp_path, old, codes=before)
    row = np.flatnonzero(answers.respondents["edition"] == "2019")[3]
    moved = side.copy()
    moved[row] = "South" if side[row] == "North" else "North"
    after = answers.derive("side", moved, unit="respondent")
    register = Register(ledger, final=True)
    new = [
        share(after, "industry", by=["edition", "side"]).named("by_side", "t"),
        share(after, "organization_size", by="edition").named("size", "t"),
    ]
    made = published(answers, register, *new, codes=after)
    assert register.few == {"2019": {"side": 1}}
    assert [shown(made, name) for name in ("by_side", "size")] == [False, True]


def test_what_a_column_rests_on() -> None:
    known = {"compute_cores", "industry", "primary_country", "completed", "copied"}

    def rests(name: str, few: str) -> bool:
        return few_in_question(name, {few}, known)

    plain = "deployment|compute_cores|answered||2019|"
    assert rests(plain, "compute_cores")
    assert rests(plain, "copied")
    assert not rests(plain, "industry")
    assert rests(f"{plain}industry=Telecom", "industry")
    assert rests(f"{plain}industry=Telecom,region=Asia|numbers", "primary_country")
    assert not rests(f"{plain}industry=Telecom,region=Asia|numbers", "deployment_type")
    for unclear in (
        f"{plain}|of 0123456789abcdef",
        f"{plain}size=Large",
        "deployment|compute_cores|all||2019|",
        "deployment|compute_cores|answered|weights=raking|2019|",
        "deployment|cores_twice|answered||2019|",
    ):
        assert rests(unclear, "deployment_type")
        assert not few_in_question(unclear, (), known)


def test_a_question_that_is_gone_counts_as_few_and_a_variable_not_at_all() -> None:
    answers = invented(120, 5, EDITIONS)
    wider = with_variables(answers, CORES, "v")
    before = questions_of([wider])["2019"]["deployment"]
    now = questions_of([answers])["2019"]["deployment"]
    assert {*before.changed(now).values()} == {0}
    assert before.after(now).columns == now.columns
    gone = dataclasses.replace(answers, deployments=answers.deployments.drop(columns=MANY))
    later = questions_of([gone])["2019"]["deployment"]
    assert before.changed(later)[MANY] == 19
    assert MANY in before.after(later).columns
