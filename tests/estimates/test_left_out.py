"""Copies, and clouds described twice: every verb counts them one way, and says so."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey as sv
from survey.codebook import Unit
from survey.disclosure import Policy, protect
from survey.estimates import Estimates, decompose_change, distribution, moves, sensitivity
from survey.estimates.design.left_out import LeftOut, Why
from survey.responses import Responses
from tests.estimates import band_builders as make

HERE = Path(__file__).parent
CORES, NODES, STAGE, TOOLS = "compute_cores", "compute_nodes", "deployment_stage", "hypervisors"
SCORE = "likelihood_to_recommend"
Verb = Callable[[Responses], Estimates]
VERBS: dict[str, Verb] = {
    "share": lambda a: sv.share(a, STAGE, by="edition"),
    "share of organizations": lambda a: sv.share(a, STAGE, unit="organization"),
    "compare": lambda a: sv.compare(a, STAGE, "2022", "2023"),
    "trend": lambda a: sv.trend(a, STAGE),
    "crosstab": lambda a: sv.crosstab(a, STAGE, CORES),
    "median": lambda a: sv.median(a, CORES),
    "total": lambda a: sv.total(a, CORES, replicates=100),
    "ratio": lambda a: sv.ratio(a, CORES, NODES, replicates=100),
    "distribution": lambda a: distribution(a, CORES),
    "decompose_change": lambda a: decompose_change(a, CORES, "2022", "2023"),
    "moves": lambda a: moves(a, CORES, "2022", "2023"),
}


@pytest.fixture(scope="module")
def answers() -> Responses:
    """Two editions of forty organizations: some copied, some clouds described twice."""
    draw = np.random.default_rng(5)
    stages = make.codebook().question(STAGE, "2023").labels
    rows = []
    for edition in ("2022", "2023"):
        for number in range(40):
            for _ in range(1 + number % 2):
                rows.append(
                    {
                        "edition": edition,
                        "organization": f"org {number}",
                        STAGE: stages[int(draw.integers(len(stages)))],
                        CORES: make.label(CORES, int(draw.integers(4)), edition),
                        NODES: make.label(NODES, int(draw.integers(3)), edition),
                        "copied": edition == "2023" and number in (3, 8, 21),
                    }
                )
    made = make.answers_of(rows)
    frame = made.deployments
    frame["cloud"] = np.arange(len(frame))
    twice = frame.index[frame["organization"].isin(["org 5", "org 9", "org 3"])]
    for _, own in frame.loc[twice].groupby(["edition", "organization"]):
        frame.loc[own.index, "cloud"] = own["cloud"].min()
    return made


def numbers(table: Estimates) -> pd.DataFrame:
    return table.frame


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_by_default_copies_do_not_count_and_the_table_says_how_many(
    answers: Responses, verb: Verb
) -> None:
    table = verb(answers)
    (note,) = table.left_out
    copies = answers.deployments["copied"].astype(bool)
    assert (note.why, note.rows) == (Why.COPIES, int(copies.sum()))
    assert str(note.rows) in note
    assert "left out" in note


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_with_copies_is_as_if_nothing_were_copied(answers: Responses, verb: Verb) -> None:
    table = verb(answers.with_copies())
    own = replace(
        answers,
        respondents=answers.respondents.assign(copied=False),
        deployments=answers.deployments.assign(copied=False),
    )
    pd.testing.assert_frame_equal(numbers(table), numbers(verb(own)))
    assert not table.left_out
    assert any("carried over from an earlier edition" in note for note in table.notes)
    assert "with exact copies" in table.provenance.steps
    again = verb(answers.with_copies().without_copies())
    pd.testing.assert_frame_equal(numbers(again), numbers(verb(answers)))


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_one_voice_per_cloud_is_as_if_the_others_had_not_spoken(
    answers: Responses, verb: Verb
) -> None:
    fresh = answers.with_copies()
    table = verb(fresh.one_per_cloud())
    alone = answers.where(pd.Series(fresh.voices, index=answers.deployments.index))
    pd.testing.assert_frame_equal(numbers(table), numbers(verb(alone.with_copies())))
    (note,) = table.left_out
    assert (note.why, note.rows) == (Why.SAME_CLOUD, int((~fresh.voices).sum()))
    assert "one voice per cloud" in table.provenance.steps
    back = verb(fresh.one_per_cloud().every_description())
    pd.testing.assert_frame_equal(numbers(back), numbers(verb(fresh)))


def test_both_together_leave_out_both_and_nothing_twice(answers: Responses) -> None:
    table = sv.share(answers.one_per_cloud(), STAGE)
    rows = {note.why: note.rows for note in table.left_out}
    frame = answers.deployments
    copied = frame["copied"].to_numpy(bool)
    assert rows[Why.COPIES] == copied.sum()
    assert rows[Why.SAME_CLOUD] == (~copied & ~answers.voices).sum()
    assert table.frame["base"].iloc[0] == (~copied & answers.voices).sum()


def test_a_selection_chooses_its_own_voices(answers: Responses) -> None:
    frame = answers.deployments
    hidden = frame.index[answers.voices & frame["cloud"].duplicated(keep=False)]
    rest = answers.where(~frame.index.to_series().isin(hidden)).one_per_cloud()
    clouds = rest.deployments.assign(voice=rest.voices).groupby(["edition", "cloud"])["voice"]
    assert (clouds.sum() == 1).all()


@pytest.mark.parametrize("name", ["share", "compare", "trend", "median", "total", "ratio"])
def test_the_card_has_copies_and_voices_as_variants(answers: Responses, name: str) -> None:
    verb = VERBS[name]
    table = verb(answers)
    card = sensitivity(answers, table).frame
    for variant, others in (
        ("with copies", answers.with_copies()),
        ("one voice per cloud", answers.one_per_cloud()),
    ):
        own = card[card["answer"] == variant].set_index([*table.groups, "original_answer"])["value"]
        wanted = verb(others).frame.set_index([*table.groups, "answer"])["value"]
        shared = own.index.intersection(wanted.index)
        assert len(shared) == len(own) > 0
        np.testing.assert_allclose(own.loc[shared], wanted.loc[shared])
    assert "verdict" in card or name not in ("compare", "trend")


def test_the_card_of_other_ways_has_the_default_as_a_variant(answers: Responses) -> None:
    other = answers.with_copies().one_per_cloud()
    card = sensitivity(other, sv.share(other, STAGE)).frame
    assert {"without copies", "every description of a cloud"} <= set(card["answer"])


# ---------------------------------------------------------------- what is published


def test_a_publication_does_not_say_how_many_are_left_out(answers: Responses) -> None:
    """Overlapping sums of such numbers, rounded or not, tell the numbers of single editions."""
    table = sv.share(answers, STAGE, by="edition").named("stage", "landscape")
    assert table.left_out
    published = protect([table], Policy(), title="Survey", edition="2023", answers=answers)
    said = " ".join((*published["stage"].notes, *published.left_out))
    assert "left out" not in said
    assert "never edited are excluded" in said


@given(rows=st.integers(1, 5_000))
def test_a_copy_of_a_note_knows_its_number(rows: int) -> None:
    note = LeftOut(rows, Unit.DEPLOYMENT, ("2023",), Why.COPIES)
    for again in (copy.deepcopy(note), pickle.loads(pickle.dumps(note))):
        assert (again, again.rows, again.why, again.public) == (note, rows, Why.COPIES, "")
