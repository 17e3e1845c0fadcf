"""Answers carried over: found where they stand, left out only where nobody touched them."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.codebook import Unit, read_codebook
from survey.exports import read_export
from survey.responses import Responses, clean, pool
from survey.responses.carried import CARRY_OVER_COLUMNS, carry_overs
from survey.synthetic import simulate

BOOK = read_codebook()
EDITIONS = ("2021", "2022", "2023")
LEFT_OUT = {"exact_copy", "migrated_copy"}
FLAGS = pd.DataFrame(columns=["edition", "unit", "id", "concept", "reason"])
ASKED = [
    question.concept
    for question in BOOK.edition("2019").of_unit(Unit.DEPLOYMENT)
    if question.kind.value == "single"
    and question.concept != "is_public"
    and question.concept in BOOK.edition("2018").by_concept
]
Truth = dict[tuple[str, str, int], dict]


# ---------------------------------------------------------------- against the truth


@pytest.fixture(scope="module", params=[3, 11])
def pooled(request, tmp_path_factory) -> tuple[Responses, Truth]:
    """Invented editions, cleaned together, and what was carried over in truth."""
    folder = tmp_path_factory.mktemp(f"seed{request.param}")
    made = {year: simulate(year, respondents=120, seed=request.param) for year in EDITIONS}
    truth: Truth = {}
    exports = []
    for year, each in made.items():
        path = folder / f"Survey_{year}0831120000.csv"
        path.write_bytes(each.by_heading)
        exports.append(read_export(path, invented=True))
        for unit, told in (
            ("respondent", each.truth_respondents["carry_overs"]),
            ("deployment", each.truth_deployments["carry_overs"]),
        ):
            number, source = (
                ("SurveyID", "from_SurveyID")
                if unit == "respondent"
                else ("DeploymentID", "from_DeploymentID")
            )
            for one in told:
                if one["from_edition"] in EDITIONS:
                    truth[unit, year, one[number]] = {**one, "source": one[source]}
    return clean(exports), truth


def present(answers: Responses) -> set[tuple[str, str, int]]:
    return {
        (unit.value, str(edition), int(number))
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)
        for edition, number in answers.frame(unit)[["edition", unit.value]].itertuples(index=False)
    }


def rows(found: pd.DataFrame) -> Iterable[tuple[tuple[str, str, int], pd.Series]]:
    for _, row in found.iterrows():
        yield (row["unit"], row["edition"], row["id"]), row


def test_every_untouched_copy_is_found_and_nothing_else_is_left_out(pooled):
    answers, truth = pooled
    found = {key for key, row in rows(answers.carry_overs) if row["exact"]}
    here = present(answers)
    wanted = {k for k, each in truth.items() if each["kind"] in LEFT_OUT} & here
    assert len(wanted) > 10
    assert found == wanted


def test_copied_marks_the_records_that_are_untouched_copies(pooled):
    answers, _ = pooled
    exact = {key for key, row in rows(answers.carry_overs) if row["exact"]}
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        frame = answers.frame(unit)
        marked = frame[frame["copied"].astype(bool)]
        keys = zip(marked["edition"].astype(str), marked[unit.value], strict=True)
        assert {(unit.value, e, n) for e, n in keys} == {k for k in exact if k[0] == unit.value}


def test_clouds_that_stand_are_found_with_their_source_and_fresh_ones_are_not(pooled):
    answers, truth = pooled
    here = present(answers)
    whole = {"exact_copy", "unchanged", "clouds_unchanged"}
    wanted = {
        k for k, each in truth.items() if k[0] == "deployment" and each["kind"] in whole
    } & here
    sources = {number for unit, _, number in here if unit == "deployment"}
    wanted = {k for k in wanted if truth[k]["source"] in sources}
    found = {k: row for k, row in rows(answers.carry_overs) if k[0] == "deployment"}
    assert len(wanted & found.keys()) >= 0.95 * len(wanted)
    fresh = [k for k in found if k not in truth]
    assert len(fresh) <= 0.02 * len(found)
    right = [found[k]["earlier_id"] == truth[k]["source"] for k in wanted & found.keys()]
    assert np.mean(right) > 0.97


def test_a_revised_answer_is_no_untouched_copy(pooled):
    answers, truth = pooled
    for key, row in rows(answers.carry_overs):
        if truth.get(key, {}).get("kind") in ("revised", "unchanged", "clouds_unchanged"):
            assert not row["exact"]


def test_the_order_of_the_exports_does_not_matter(pooled):
    answers, _ = pooled
    parts = [answers.in_edition(name) for name in answers.editions]
    again = pool(reversed(parts))
    pd.testing.assert_frame_equal(again.carry_overs, answers.carry_overs)


def test_one_edition_alone_has_nothing_to_stand_against(pooled):
    answers, _ = pooled
    alone = answers.in_edition("2021")
    found = carry_overs(alone.respondents, alone.deployments, alone.codebook, alone.flags)
    assert found.empty
    assert tuple(found.columns) == CARRY_OVER_COLUMNS


# ---------------------------------------------------------------- cases made by hand


def told(seed: int, concepts: list[str] = ASKED) -> dict[str, str]:
    """Return an answer to each question, offered in both editions."""
    draw = np.random.default_rng(seed)
    answers = {}
    for concept in concepts:
        both = [BOOK.question(concept, year).labels for year in ("2018", "2019")]
        shared = [label for label in both[0] if label in both[1]]
        answers[concept] = shared[int(draw.integers(len(shared)))]
    return answers


def tables(
    later: dict[str, str | None],
    *,
    created: str = "2019-06-01 10:00:00",
    edited: str = "2019-06-01 10:00:03",
    member: str = "m",
    completed: bool | None = None,
    background: int = 40,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two editions: one respondent in both, among others who tell everything anew."""
    people, clouds = [], []

    def add(edition: str, number: int, member: str, stamps: tuple[str, str], answers: dict) -> None:
        people.append(
            {
                "edition": edition, "respondent": number, "member": member,
                "organization": f"org {member}", "created": stamps[0], "edited": stamps[1],
                "copied": False, "completed": completed if number == 1_001 else None,
            }
        )  # fmt: skip
        clouds.append(
            {"edition": edition, "deployment": 10 * number, "respondent": number,
             "organization": f"org {member}", "copied": False, **answers}
        )  # fmt: skip

    add("2018", 1, "m", ("2018-05-01 10:00:00", "2018-05-01 11:00:00"), told(0))
    add("2019", 1_001, member, (created, edited), later)
    for other in range(2, background):
        add("2018", other, f"m{other}", ("2018-05-02 09:00:00", "2018-05-02 09:40:00"), told(other))
        add("2019", 1_000 + other, f"m{other}", ("2019-05-02 09:00:00", "2019-05-02 09:40:00"),
            told(500 + other))  # fmt: skip
    respondents = pd.DataFrame(people)
    for name in ("created", "edited"):
        respondents[name] = pd.to_datetime(respondents[name])
    respondents["completed"] = respondents["completed"].astype("boolean")
    return respondents, pd.DataFrame(clouds)


def found_in(later: dict[str, str | None], **others: object) -> pd.DataFrame:
    respondents, deployments = tables(later, **others)
    return carry_overs(respondents, deployments, BOOK, FLAGS)


@pytest.mark.parametrize("industry", ["Telecommunications", None], ids=["told", "silent"])
def test_answers_that_stand_in_a_record_left_at_once_are_a_copy(industry):
    respondents, deployments = tables(told(0))
    respondents["industry"] = industry
    found = carry_overs(respondents, deployments, BOOK, FLAGS)
    cloud = found[found["unit"] == "deployment"].squeeze()
    assert cloud["exact"]
    assert (cloud["compared"], cloud["equal"], cloud["added"]) == (len(ASKED), len(ASKED), 0)
    assert (cloud["earlier_edition"], cloud["earlier_id"]) == ("2018", 10)


@pytest.mark.parametrize(
    "others",
    [
        {"edited": "2019-06-01 10:20:00"},
        {"completed": True},
        {"created": "2019-06-01 00:00:00", "edited": "2019-06-01 00:00:00"},
        {"member": "somebody else"},
    ],
    ids=["gone through", "sent off", "dates without times", "another account"],
)
def test_without_proof_that_nobody_touched_it_a_record_counts(others):
    respondents, deployments = tables(told(0), **others)
    respondents["industry"] = "Telecommunications"
    respondents["organization"] = "one"
    deployments["organization"] = "one"
    found = carry_overs(respondents, deployments, BOOK, FLAGS)
    assert not found["exact"].any()
    assert 10_010 in set(found.loc[found["unit"] == "deployment", "id"])


def test_where_everybody_has_one_stamp_it_says_nothing():
    respondents, deployments = tables(told(0))
    respondents["industry"] = "Telecommunications"
    respondents["edited"] = respondents["created"]
    assert not carry_overs(respondents, deployments, BOOK, FLAGS)["exact"].any()


def test_one_answer_in_ten_told_otherwise_is_a_new_description():
    later = told(0)
    for concept in ASKED[:: max(len(ASKED) // 3, 1)]:
        choices = [x for x in BOOK.question(concept, "2019").labels if x != later[concept]]
        later[concept] = choices[0]
    assert found_in(later).empty


def test_rare_answers_weigh_more_than_common_ones():
    later = told(0)
    respondents, deployments = tables(later)
    common = deployments.copy()
    for concept in ASKED:
        others = common["deployment"] % 20 == 0
        common.loc[others, concept] = later[concept]
    rare, usual = (
        carry_overs(respondents, frame, BOOK, FLAGS)
        .query("id == 10010 and unit == 'deployment'")["score"]
        .max()
        for frame in (deployments, common)
    )
    assert not rare <= usual


@settings(max_examples=25)
@given(st.sets(st.sampled_from(ASKED), max_size=len(ASKED) - 6))
def test_what_the_exporter_lost_of_a_copy_does_not_hide_it(lost):
    later: dict[str, str | None] = {c: None if c in lost else a for c, a in told(0).items()}
    cloud = found_in(later).query("unit == 'deployment'")
    if len(ASKED) - len(lost) > 12:
        assert cloud["id"].tolist() == [10_010]
    for _, row in cloud.iterrows():
        assert row["equal"] == row["compared"] == len(ASKED) - len(lost)


def test_an_option_that_the_form_no_longer_offers_is_not_compared():
    concept = next(
        c for c in ASKED
        if set(BOOK.question(c, "2018").labels) - set(BOOK.question(c, "2019").labels)
    )  # fmt: skip
    gone = next(
        x
        for x in BOOK.question(concept, "2018").labels
        if x not in BOOK.question(concept, "2019").labels
    )
    later: dict[str, str | None] = {**told(0), concept: None}
    respondents, deployments = tables(later)
    deployments.loc[deployments["deployment"] == 10, concept] = gone
    deployments[concept] = deployments[concept].astype("category")
    cloud = carry_overs(respondents, deployments, BOOK, FLAGS).query("unit == 'deployment'")
    assert cloud["compared"].tolist() == [len(ASKED) - 1]


def test_the_migrated_copies_of_2018_stand_against_2017(tmp_path: Path):
    made = {year: simulate(year, respondents=50, seed=5) for year in ("2017", "2018")}
    exports = []
    for year, each in made.items():
        path = tmp_path / f"Survey_{year}0831120000.csv"
        path.write_bytes(each.by_heading)
        exports.append(read_export(path, edition=year))
    both, alone = clean(exports), clean(exports[1])
    told_so = {
        each["SurveyID"]: each["from_SurveyID"]
        for each in made["2018"].truth_respondents["carry_overs"]
        if each["kind"] == "migrated_copy"
    }
    assert told_so
    for answers in (both, alone):
        found = answers.carry_overs.query("unit == 'respondent' and edition == '2018' and exact")
        assert told_so.keys() <= set(found["id"])
        marked = answers.respondents[answers.respondents["copied"].astype(bool)]
        assert set(marked["respondent"]) == set(found["id"])
    known = both.carry_overs.query("unit == 'respondent'").set_index("id")["earlier_id"].dropna()
    assert all(told_so[number] == source for number, source in known.items() if number in told_so)
    assert alone.carry_overs["earlier_id"].isna().all()


# ---------------------------------------------------------------- which one counts


def test_one_voice_per_cloud_is_the_fullest_description_that_is_no_copy():
    respondents, deployments = tables(told(0), background=6)
    deployments["cloud"] = [1, 2, 3, 4, 3, 4, 3, 4, 9, 10]
    deployments.loc[[2, 4], ASKED[:3]] = None
    answers = Responses(respondents, deployments, BOOK, FLAGS, FLAGS, clean_provenance(), FLAGS)
    voices = answers.voices
    cloud = deployments.assign(voice=voices).groupby(["edition", "cloud"])["voice"].sum()
    assert (cloud == 1).all()
    assert not voices[2]
    assert not voices[4]
    copied = replace(
        answers, deployments=deployments.assign(copied=voices & (deployments["cloud"] == 3))
    )
    assert not copied.voices[np.flatnonzero(voices & (deployments["cloud"] == 3))[0]]


def clean_provenance():
    from survey.provenance import Provenance

    return Provenance(codebook=("2018", "2019"))
