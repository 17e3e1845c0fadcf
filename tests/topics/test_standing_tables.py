"""The standing tables: whatever the answers, the same shapes, and never a number without a base."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import survey as sv
from survey.codebook import Codebook
from survey.disclosure import protect
from survey.estimates import Status, decompose_change
from survey.responses import Responses
from survey.synthetic import simulate
from survey.topics import PublishedTotal, footprint, standing_tables
from survey.topics import changes as changes_topic
from survey.topics.headline import BY_STAGE, PRODUCTION, STAGE

CORES = "compute_cores"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    """Answers of three invented editions, the middle one with few respondents."""
    folder = tmp_path_factory.mktemp("editions")
    for edition, respondents in (("2019", 45), ("2023", 45), ("2024", 60)):
        simulate(edition, respondents=respondents, seed=5).write(folder / edition)
    files = sorted(Path(folder).rglob("Survey_2*.csv"))
    return sv.clean([sv.read_export(file) for file in files], key=b"k" * 32)


def nobody(answers: Responses) -> Responses:
    return answers.where(pd.Series(False, index=answers.respondents.index))


def one_cluster(answers: Responses) -> Responses:
    first = answers.respondents["organization"].iloc[-1]
    return answers.where(answers.respondents["organization"] == first)


def one_edition(answers: Responses) -> Responses:
    return answers.in_edition("2019")


def whole(answers: Responses) -> Responses:
    return answers


SELECTIONS = (whole, one_edition, one_cluster, nobody)


@pytest.fixture(scope="module", params=SELECTIONS, ids=lambda select: select.__name__)
def selected(answers: Responses, request: pytest.FixtureRequest):
    some = request.param(answers)
    return some, standing_tables(some)


def test_every_number_has_a_status_and_every_gap_a_reason(selected):
    _, tables = selected
    names = [table.name for table in tables]
    assert len(names) == len(set(names))
    assert all(table.title and table.topic for table in tables)
    for table in tables:
        usable = table.frame["status"].isin([Status.OK.value, Status.IMPRECISE.value])
        value = pd.to_numeric(table.frame["value"], errors="coerce")
        assert np.isfinite(value[usable]).all(), table.name
        assert value[~usable].isna().all(), table.name
        assert (table.frame["status"] != "").all()
        assert table.notes


def test_what_is_standing_can_be_protected(selected):
    some, tables = selected
    publication = protect(tables, title="T", edition=some.editions[-1], answers=some)
    shown = publication.telling()
    gone = len(publication) - len(shown)
    assert gone == len(shown.withheld_tables)
    for table in shown.tables.values():
        assert not len(table) or (table.frame["status"] != Status.SUPPRESSED).any()


def test_totals_stand_beside_what_was_published_earlier(answers):
    """Also in the publication; the headline's row is that of the clouds in production."""
    earlier = PublishedTotal(answers.editions[0], 15e6, "a report", "not said", at_least=True)
    tables = {
        table.name: table for table in footprint(answers, answers.editions[-1], (), (earlier,))
    }
    for name, where in (("compute_cores_total", {}), (BY_STAGE, {STAGE: PRODUCTION})):
        (beside,) = tables[name].references
        assert beside.group == {"edition": answers.editions[0], **where}
        assert (beside.value, beside.source, beside.method) == (15e6, "a report", "not said")
        assert any("at least 15 million (a report" in note for note in tables[name].notes)
        assert any("coverage" in note and "noise" in note for note in tables[name].notes)
    public = protect(list(tables.values()), title="t", edition="e").tables["compute_cores_total"]
    assert public.references == tables["compute_cores_total"].references


def test_one_edition_has_no_changes(answers):
    names = {table.name for table in changes_topic(answers.in_edition("2019"), "2019")}
    assert names == {"new_clouds"}


def test_a_questionnaire_without_a_concept_has_no_table_of_it(answers):
    """The editions before 2020 did not ask for the size of teams."""
    names = {table.name for table in standing_tables(answers.in_edition("2019"))}
    assert not {name for name in names if "team" in name or "person" in name}
    assert isinstance(answers.codebook, Codebook)


@pytest.mark.parametrize("by", [None, "region", "deployment_stage", CORES])
def test_classes_of_organizations_add_up_in_every_group_and_over_the_groups(answers, by):
    """Exactly: counts, values, both totals; with one class for those that stayed as well."""
    added = ["count", "value", "earlier", "later", "earlier_lower", "later_closed"]
    fine, coarse = (
        decompose_change(answers, CORES, "2023", "2024", by, detail=detail).frame
        for detail in (True, False)
    )
    keys = [by] if by else []
    for frame in (fine, coarse):
        parts = frame[frame["answer"] != "total"]
        totals = frame[frame["answer"] == "total"]
        if by is None:
            assert (parts[added].fillna(0).sum() == totals[added].fillna(0).iloc[0]).all()
        else:
            summed = parts.groupby(keys, sort=False)[added].sum()
            assert (summed.to_numpy() == totals[added].fillna(0).to_numpy()).all()
    stayed = fine[~fine["answer"].isin(["entered", "left", "total"])]
    again = coarse[coarse["answer"] == "stayed"]
    left = stayed.groupby(keys, sort=False)[added].sum() if by else stayed[added].sum().to_frame().T
    assert (left.to_numpy() == again[added].fillna(0).to_numpy()).all()


def test_groups_that_are_taken_together_add_up(answers):
    bands = list(answers.question(CORES).bands)
    joined = {"small": bands[:3], "large": bands[3:]}
    apart = decompose_change(answers, CORES, "2023", "2024", CORES).frame
    frame = decompose_change(answers, CORES, "2023", "2024", CORES, joined=joined).frame
    assert list(dict.fromkeys(frame[CORES])) == list(joined)
    for name, members in joined.items():
        for answer in ("entered", "left", "total"):
            here = frame[(frame[CORES] == name) & (frame["answer"] == answer)]
            there = apart[apart[CORES].isin(members) & (apart["answer"] == answer)]
            assert here["value"].fillna(0).sum() == there["value"].fillna(0).sum()
            assert here["count"].sum() == there["count"].sum()


def test_wrong_groups_are_refused_all_at_once(answers):
    with pytest.raises(sv.SurveyError) as error:
        decompose_change(answers, CORES, "2023", "2024", CORES, joined={"a": ["1 to 9 core", "9"]})
    assert len(error.value.problems) == 2
    assert "1 to 9 cores" in str(error.value)
