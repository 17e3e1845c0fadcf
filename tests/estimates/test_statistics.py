"""The registry of statistics: each declares its columns and can ask its question again."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from survey.errors import EstimateError
from survey.estimates import (
    STATISTICS,
    Estimates,
    association,
    compare_families,
    contrast,
    crosstab,
    decompose_change,
    design,
    distribution,
    mean,
    median,
    moves,
    rank_associations,
    ratio,
    returners,
    sensitivity,
    share,
    tabulate_again,
    topline,
    transitions,
)
from survey.estimates.examples import answers
from survey.estimates.notes import OF_THOSE_THAT_ANSWERED, RANDOM_DRAW, SELF_SELECTED
from survey.estimates.statistic import Role
from survey.estimates.table import CORE_COLUMNS
from tests.estimates.test_tabulation import TABLES

CORES, STAGE, TOOLS = "compute_cores", "deployment_stage", "deployment_tools"
FEW = {"replicates": 100}
# Each statistic stands in one of three places. TABLES: a call of one that can be published.
# INTERNAL: a call of one without a public computation. UNTRIED: the name of one for which these
# answers have nothing to count, or which is made of another table; the tests that make a table of
# each statistic skip it, so that it needs tests of its own.
INTERNAL = {
    "ratio": lambda who: ratio(who, CORES, CORES, "edition", statistic="mean", **FEW),
    "association": lambda who: association(who, CORES, CORES, STAGE),
    "distribution": lambda who: distribution(who, CORES, "edition", family="gamma"),
    "compare_families": lambda who: compare_families(who, CORES, **FEW),
    "rank_associations": lambda who: rank_associations(who, CORES, against=[STAGE, TOOLS]),
    "decompose_change": lambda who: decompose_change(
        who, CORES, "2018", "2019", STAGE, detail=False
    ),
    "moves": lambda who: moves(who, CORES, "2018", "2019"),
    "mean": lambda who: mean(who, CORES, "edition", **FEW),
    "contrast": lambda who: contrast(who, STAGE, "edition", {"2018": -1, "2019": 1}),
    "transitions": lambda who: transitions(who, STAGE, "2018", "2019"),
    "crosstab": lambda who: crosstab(
        who, [STAGE, TOOLS], [CORES], stats=["share", "row share", "verdict", "letters"]
    ),
}
FLOWS = {"returners": lambda who: returners(who, "2018", "2019", STAGE)}
EVERY = {**TABLES, **INTERNAL, **FLOWS}
UNTRIED = {"adoption", "new_clouds", "sensitivity", "weighting_effect"}


def frames_equal(first: Estimates, second: Estimates) -> None:
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.spec == second.spec
    assert first.notes == second.notes


@pytest.mark.parametrize("name", EVERY)
def test_a_table_can_be_asked_again_from_its_record(name):
    table = EVERY[name](design(answers(), level=0.9))
    again = table.statistic.ask_again(table.design, table.arguments)
    if table.spec.statistic == "median":
        again = median(table.design, table.arguments.concept, table.arguments.by)
    frames_equal(table, again)


@pytest.mark.parametrize("name", EVERY)
def test_the_design_of_a_table_reaches_its_record(name):
    table = EVERY[name](design(answers(), level=0.9))
    assert table.design.level == table.spec.level == 0.9
    assert STATISTICS[table.spec.statistic].name == table.statistic.name == table.spec.statistic


@pytest.mark.parametrize("name", INTERNAL)
def test_a_record_names_every_column_that_its_tables_have(name):
    table = INTERNAL[name](answers())
    assert set(table.frame) - {*table.groups, *CORE_COLUMNS} <= set(table.statistic.columns)


def test_every_statistic_is_tried_here():
    tried = {make(answers()).spec.statistic for make in EVERY.values()}
    assert tried | UNTRIED == set(STATISTICS)


@pytest.mark.parametrize("name", EVERY)
def test_every_table_says_its_base_and_what_its_intervals_assume(name):
    """In words for a board; what the answers cannot decide stands on the page of statistics."""
    table = EVERY[name](answers())
    assert len(table.frame["base"]) == len(table)
    assert re.search(r"base: (answered|asked|all)\b", str(table))
    # the interval of a total answers another question than that of a sample
    own = (RANDOM_DRAW, f"{SELF_SELECTED} {OF_THOSE_THAT_ANSWERED}")
    assert any(str(note).startswith(own) for note in table.notes)
    if name.startswith("total"):
        assert RANDOM_DRAW not in table.notes


@pytest.mark.parametrize("name", STATISTICS)
def test_a_record_is_whole(name):
    record = STATISTICS[name]
    assert record.name == name
    assert all(column.heading for column in record.columns.values())
    assert all(record.columns[each].public for each in record.public_columns)
    assert not set(CORE_COLUMNS) & set(record.columns)


@pytest.mark.parametrize("name", STATISTICS)
def test_what_judges_an_estimate_is_never_public(name):
    record = STATISTICS[name]
    for role in (Role.DIAGNOSTIC, Role.P_VALUE):
        assert not set(record.of_role(role)) & set(record.public_columns)


@pytest.mark.parametrize("name", INTERNAL)
def test_an_internal_statistic_has_no_public_computation(name):
    table = INTERNAL[name](answers())
    assert table.statistic.public is None
    with pytest.raises(ValueError, match="no tabulation"):
        tabulate_again(table)


def test_a_card_is_internal_and_its_own_statistic():
    card = sensitivity(answers(), share(answers(), STAGE))
    assert card.statistic is STATISTICS["sensitivity"]
    assert card.statistic.public is None
    with pytest.raises(EstimateError, match="not asked again"):
        card.statistic.ask_again(card.design, card.arguments)


def test_organizations_are_followed_with_the_plain_design_alone():
    with pytest.raises(EstimateError, match="unit") as caught:
        moves(design(answers(), unit="respondent", base="asked"), CORES, "2018", "2019")
    assert len(caught.value.problems) == 2


def test_the_whole_questionnaire_takes_a_design():
    tables = topline(design(answers(), level=0.8))
    assert {table.spec.level for table in tables.values()} == {0.8}


def test_a_base_that_a_statistic_cannot_have_is_refused():
    with pytest.raises(EstimateError, match="answered"):
        median(design(answers(), base="asked"), CORES)
