"""A re-issue with new columns: they wait while few records changed, and tell nothing meanwhile."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Ledger, Publication, Register, protect, read_ledger
from survey.disclosure.ledger.changed_records import WAITS, changed_records, records_of
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.estimates import Estimates, compare, median, nps, share, total
from survey.project import preview, sign_off_page
from survey.responses import AnswerSetArray, Responses
from tests.disclosure.surveys import DEPLOYMENT, invented

EDITIONS = ("2018", "2019")
OLD = ("compute_cores", "hypervisors", "deployment_stage", "industry", "likelihood_to_recommend")
Change = Callable[[Responses, int, np.random.Generator], Responses]


def survey(seed: int) -> Responses:
    return invented(170, seed, EDITIONS)


def old_tables(answers: Responses) -> list[Estimates]:
    return [
        *(share(answers, concept, by="edition").named(concept, "t") for concept in OLD),
        share(answers, "hypervisors", by=["edition", "region"]).named("by_region", "t"),
        median(answers, "compute_cores", by="edition").named("median", "t"),
        total(answers, "compute_cores", by="edition").named("total", "t"),
    ]


def with_variables(answers: Responses) -> Responses:
    """Return the answers with variables of one's own, each made of an answer of a question."""
    for place, concept in enumerate(("compute_cores", "deployment_stage", "industry")):
        for number, label in enumerate(answers.question(concept).labels[:4]):
            answers = answers.derive(f"v{place}_{number}", {"Yes": [label]}, of=concept)
    return answers


def new_tables(wider: Responses, answers: Responses) -> list[Estimates]:
    """Return tables with variables of one's own, breakdowns, questions and unions."""
    variables = [name for name in wider.concepts if name not in answers.concepts]
    assert len(variables) >= 10
    by_edition = {"by": "edition"}
    nets = {"Some": list(answers.question("hypervisors").labels[:3])}
    return [
        *(share(wider, name, **by_edition).named(f"of {name}", "t") for name in variables),
        *(
            share(wider, "hypervisors", by=["edition", name]).named(f"by {name}", "t")
            for name in variables[:2]
        ),
        share(answers, "deployment_tools", **by_edition).named("tools", "t"),
        share(answers, "deployment_type", by=["edition", "industry"]).named("type", "t"),
        share(answers, "primary_country", **by_edition).named("countries", "t"),
        share(answers, "primary_country", top=3, **by_edition).named("most", "t"),
        share(answers, "hypervisors", nets=nets, **by_edition).named("nets", "t"),
        share(answers, "hypervisors", unit="organization", **by_edition).named("org", "t"),
        median(answers, "compute_cores", by=["edition", "industry"]).named("medians", "t"),
        total(answers, "compute_cores", by=["edition", "deployment_type"]).named("totals", "t"),
        compare(answers, "deployment_tools", "2018", "2019").named("change", "t"),
        nps(answers, by=["edition", "organization_size"]).named("nps", "t"),
    ]


def without(answers: Responses, number: int, drawn: np.random.Generator) -> Responses:
    """Delete deployments of the last edition."""
    return _less(answers, "deployments", number, drawn)


def without_people(answers: Responses, number: int, drawn: np.random.Generator) -> Responses:
    """Delete respondents of the last edition; their deployments stay with nobody."""
    people = answers.respondents
    own = np.flatnonzero(people["edition"] == "2019")
    gone = people.iloc[drawn.choice(own, number, replace=False)]["respondent"]
    kept = ~(people["edition"].eq("2019") & people["respondent"].isin(gone))
    clouds = answers.deployments
    theirs = ~(clouds["edition"].eq("2019") & clouds["respondent"].isin(gone))
    return dataclasses.replace(
        answers,
        respondents=people[kept].reset_index(drop=True),
        deployments=clouds[theirs].reset_index(drop=True),
    )


def _less(answers: Responses, table: str, number: int, drawn: np.random.Generator) -> Responses:
    frame = getattr(answers, table)
    own = np.flatnonzero(frame["edition"] == "2019")
    kept = np.ones(len(frame), dtype=bool)
    kept[drawn.choice(own, number, replace=False)] = False
    return dataclasses.replace(answers, **{table: frame[kept].reset_index(drop=True)})


def changed(answers: Responses, number: int, drawn: np.random.Generator) -> Responses:
    """Change answers of some deployments of the last edition."""
    frame = answers.deployments.copy()
    rows = drawn.choice(np.flatnonzero(frame["edition"] == "2019"), number, replace=False)
    for concept in DEPLOYMENT[:3]:
        codes = frame[concept].cat.codes.to_numpy(copy=True)
        codes[rows] = (codes[rows] + 1) % len(frame[concept].cat.categories)
        frame[concept] = pd.Categorical.from_codes(codes, dtype=frame[concept].dtype)
    sets = frame["hypervisors"].array
    assert isinstance(sets, AnswerSetArray)
    codes = sets.codes.copy()
    codes[rows] = 1 - codes[rows]
    frame["hypervisors"] = AnswerSetArray(codes, sets.dtype)
    return dataclasses.replace(answers, deployments=frame)


CHANGES: tuple[Change, ...] = (without, without_people, changed)


def published(
    answers: Responses, register: Register, *, new: bool, given: bool = True
) -> Publication:
    wider = with_variables(answers) if new else answers
    tables = [*old_tables(answers), *(new_tables(wider, answers) if new else ())]
    whole = wider if given else None
    book = wider.codebook
    return protect(
        tables, title="T", edition="2019", answers=whole, codebook=book, register=register
    )


def ledger_of(answers: Responses) -> tuple[Publication, Ledger]:
    register = Register(Ledger("k"), final=True)
    made = published(answers, register, new=False)
    return made, register.entries("k")


def in_last(publication: Publication, name: str) -> pd.DataFrame:
    """Return the rows of a new table that are about the last edition."""
    frame = publication[name].frame
    return frame[frame["edition"] == "2019"] if "edition" in frame else frame


def texts(publication: Publication) -> dict[str, str]:
    """Return everything of each table that readers see."""
    return {
        name: "\n".join([table.frame.to_csv(), table.title, *table.notes])
        for name, table in publication.tables.items()
    }


def shown(publication: Publication, names: Iterable[str]) -> list[str]:
    """Return the tables of which a value stands for the last edition."""
    return [name for name in names if in_last(publication, name)["base"].notna().any()]


@pytest.fixture(scope="module")
def answers() -> Responses:
    return survey(3)


@pytest.fixture(scope="module")
def first(answers: Responses) -> tuple[Publication, Ledger]:
    return ledger_of(answers)


@pytest.fixture(scope="module")
def whole(answers: Responses) -> Publication:
    """The publication that would be, had nothing been published before."""
    return published(answers, Register(), new=True)


def is_new(publication: Publication) -> list[str]:
    old = {*OLD, "by_region", "median", "total"}
    return [name for name in publication.tables if name not in old]


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1, 9))]


@pytest.mark.parametrize("seed", SEEDS)
def test_new_columns_wait_and_tell_nothing_of_the_record_that_changed(seed: int) -> None:
    """Whichever record it is, and whether it was deleted or changed, the tables are the same."""
    answers = survey(seed)
    before, ledger = ledger_of(answers)
    known, issues = texts(before), []
    for place, (change, given) in enumerate(
        [(without, True), (without_people, False), (changed, True)]
    ):
        after = change(answers, 1 + 4 * place, np.random.default_rng(seed + place))
        register = Register(ledger, final=True)
        again = published(after, register, new=True, given=given)
        issues.append(texts(again))
        new = is_new(again)
        assert len(new) > 20
        assert shown(again, new) == ["nets"]
        nets = in_last(again, "nets").set_index("answer")
        assert nets["base"].isna().to_dict() == {a: a == "Some" for a in nets.index}
        assert all(any(note.startswith(WAITS) for note in again[name].notes) for name in new)
        later = register.entries("k")
        added = {*later.columns} - {*ledger.columns}
        assert added
        assert not [name for name in added if "2019" in name.split("|")[4]]
        assert same_records(later, ledger)
    assert {name: issues[0][name] for name in known} == known
    assert issues[1] == issues[2] == issues[0]


def same_records(one: Ledger, other: Ledger, edition: str = "2019") -> bool:
    pairs = [(one.records[edition][u], other.records[edition][u]) for u in one.records[edition]]
    assert len(pairs) == 3
    return all(a.columns == b.columns and np.array_equal(a.digests, b.digests) for a, b in pairs)


def test_new_columns_are_shown_where_nothing_changed(
    answers: Responses, first: tuple[Publication, Ledger], whole: Publication
) -> None:
    register = Register(first[1], final=True)
    again = published(answers, register, new=True)
    assert not register.held
    assert texts(again) == texts(whole)
    assert same_records(register.entries("k"), first[1])


@pytest.mark.parametrize("change", CHANGES)
def test_new_columns_are_shown_where_enough_changed(
    answers: Responses, first: tuple[Publication, Ledger], change: Change
) -> None:
    after = change(answers, 25, np.random.default_rng(3))
    register = Register(first[1], final=True)
    again = published(after, register, new=True)
    assert WAITS not in "".join(texts(again).values())
    fresh = published(after, Register(), new=True)
    assert shown(again, is_new(again)) == shown(fresh, is_new(fresh))
    later = register.entries("k")
    assert not same_records(later, first[1])
    assert same_records(later, first[1], "2018")
    further = Register(later, final=True)
    published(without(after, 1, np.random.default_rng(4)), further, new=False)
    assert further.changed["2019"]["deployment"] == 1


def test_editions_that_the_given_answers_lack_are_compared_too(
    answers: Responses, first: tuple[Publication, Ledger]
) -> None:
    after = changed(answers, 2, np.random.default_rng(1))
    table = share(after, "deployment_tools", by="edition").named("tools", "t")
    register = Register(first[1], final=True)
    earlier = after.in_edition("2018")
    again = protect([table], title="T", edition="2019", answers=earlier, register=register)
    assert register.changed["2019"]["deployment"] == 2
    assert shown(again, ["tools"]) == []


def test_what_is_corrected_at_once_does_not_wait(
    answers: Responses, first: tuple[Publication, Ledger]
) -> None:
    after = changed(answers, 2, np.random.default_rng(1))
    register = Register(first[1], {"deployment_tools": ("2020-02-01", "a wrong line")}, final=True)
    again = published(after, register, new=True)
    assert {*shown(again, is_new(again))} == {"tools", "change", "nets"}
    assert same_records(register.entries("k"), first[1])


@pytest.mark.parametrize("number", [0, 1])
def test_an_older_ledger_without_records(
    answers: Responses, first: tuple[Publication, Ledger], number: int
) -> None:
    """New columns wait where any published one of the edition does; else records are listed."""
    older = dataclasses.replace(first[1], records={})
    after = changed(answers, number, np.random.default_rng(2))
    register = Register(older, final=True)
    again = published(after, register, new=True)
    assert (shown(again, is_new(again)) == ["nets"]) == bool(number)
    later = register.entries("k")
    assert {*later.records} == ({"2018"} if number else {"2018", "2019"})
    known = texts(first[0])
    assert {name: texts(again)[name] for name in known} == known


def test_preview_and_sign_off_say_what_waits_and_what_to_do(
    answers: Responses, first: tuple[Publication, Ledger]
) -> None:
    after = without(answers, 3, np.random.default_rng(2))
    tables = [
        *old_tables(after),
        share(after, "deployment_tools", by="edition").named("tools", "t"),
    ]
    register = Register(first[1])
    made = protect(tables, title="T", edition="2019", answers=after, register=register)
    found = preview(tables, made, register)
    assert len(found.held) == 1
    assert "deployment_tools" in found.held[0]
    assert found.changed[0] == ("2019", "deployment", 3)
    for said in ("\n".join(found.lines()), sign_off_page(made, found)):
        assert "1 columns are new and wait." in said
        assert "3 deployments of 2019" in said
        assert "--correct CONCEPT --reason WHY" in said
    (one,) = [e for e in made.plan if e.name == "tools"]
    assert one.fate == "published"  # the other edition is shown
    alone = share(after.in_edition("2019"), "deployment_tools").named("alone", "t")
    made = protect([alone], title="T", edition="2019", answers=after, register=Register(first[1]))
    (entry,) = made.plan
    assert (entry.fate, entry.reason.split(",")[0]) == ("withheld", "it is new")


def test_the_ledger_holds_no_answer_that_anybody_can_read(
    answers: Responses, first: tuple[Publication, Ledger], tmp_path: Path
) -> None:
    """Digests of records are made with their secret keys: equal answers have unequal ones."""
    people = answers.respondents.assign(industry_other="canary", member="canary")
    singing = dataclasses.replace(answers, respondents=people)
    register = Register(Ledger("k"), final=True)
    published(singing, register, new=False)
    path = register.entries("k").write(tmp_path / "ledger.json")
    plain = json.loads(path.read_text("utf-8"))
    records, units = plain.pop("records"), plain.pop("units")
    assert all(isinstance(key, int) for each in units.values() for key in each)
    assert {*plain} == {"about", "schema", "key", "variance", "corrections", "publications"} | {
        *("effects", "questions", "columns"),
    }
    said = json.dumps(records)
    assert "canary" not in said
    for unit in ("respondent", "deployment", "organization"):
        own = records["2019"][unit]
        assert {*own} == {"columns", "digests"}
        assert not {*own["columns"]} & {"member", "organization", "record_key", unit, "edition"}
    labels = {a for c in OLD for a in answers.question(c).labels if len(a) > 3}
    assert not [label for label in labels if label in said]
    again = read_ledger(path)
    assert same_records(again, register.entries("k"))
    assert path.read_bytes() == again.write(tmp_path / "again.json").read_bytes()
    alike = answers.deployments.copy()
    for name in alike.columns.difference(["edition", "respondent", "deployment", "record_key"]):
        alike[name] = alike[name].iloc[[0] * len(alike)].array
    found = records_of([dataclasses.replace(answers, deployments=alike)])
    assert len(found["2019"]["deployment"].digests) == alike["edition"].eq("2019").sum()


def test_a_question_that_is_gone_counts_as_too_few_changes(answers: Responses) -> None:
    """Of no record it can be said that it is the same."""
    before = records_of([answers])
    gone = dataclasses.replace(answers, deployments=answers.deployments.drop(columns="hypervisors"))
    assert changed_records([answers], before)["2019"] == dict.fromkeys(before["2019"], 0)
    assert changed_records([gone], before)["2019"]["deployment"] == ENOUGH - 1


def test_variables_of_ones_own_and_pseudonyms_are_no_answers(answers: Responses) -> None:
    before = records_of([answers])
    people = answers.respondents.assign(member="another", organization="another")
    own = dataclasses.replace(with_variables(answers), respondents=people)
    found = changed_records([own], before)
    assert found["2018"]["respondent"] == found["2018"]["deployment"] == 0
    assert found["2018"]["organization"] > 0


def test_codes_of_texts_are_no_answers(answers: Responses) -> None:
    """Another coding frame changes many at once, and hides the one record that was deleted."""
    edition = answers.codebook.edition("2018")
    questions = tuple(
        dataclasses.replace(each, coded_from="a_text" if each.concept == "hypervisors" else "")
        for each in edition.questions
    )
    coded = dataclasses.replace(edition, questions=questions)
    editions = {**answers.codebook.editions, "2018": coded}
    book = dataclasses.replace(answers.codebook, editions=editions)
    found = records_of([dataclasses.replace(answers, codebook=book)])
    assert "hypervisors" not in found["2018"]["deployment"].columns
    assert "hypervisors" in found["2019"]["deployment"].columns
