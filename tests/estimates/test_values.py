"""Values of ``estimates`` never change; those that hold arrays are compared by identity."""

from __future__ import annotations

from dataclasses import fields

import pytest

from survey.estimates import Estimates, tabulate_again
from survey.estimates.examples import answers
from survey.estimates.registry import STATISTICS
from survey.estimates.statistic import Role
from survey.estimates.table import CORE_COLUMNS
from tests.estimates.test_tabulation import TABLES
from tests.signatures import changed
from tests.values import compares_by_value, dataclasses_of, is_frozen, name_of, shows_its_fields

BY_IDENTITY = {  # they hold arrays, frames or functions, whose equality is no yes or no
    "design.design.Design",
    "design.weights.Weights",
    "statistic.Arguments",
    "statistic.Statistic",
    "table.Estimates",
    "tabulation.point.Point",
    "design.strata.Strata",
    "tabulation.sums.Parts",
    "tabulation.tabulation.Tabulation",
    "tabulation.tallies.Tallies",
    "tidy.TidyTable",
}
SHOWN_OTHERWISE = {
    "design.design.Design",
    "numbers.known.Figures",
    "table.Estimates",
    "tidy.TidyTable",
}


@pytest.mark.parametrize("found", dataclasses_of("estimates"), ids=name_of)
def test_no_value_changes_after_it_was_made(found):
    assert is_frozen(found)


def test_values_that_hold_arrays_are_compared_by_identity():
    names = {name_of(each) for each in dataclasses_of("estimates") if not compares_by_value(each)}
    assert {name.removeprefix("estimates.") for name in names} == BY_IDENTITY


def test_what_names_organizations_or_fills_the_screen_has_a_view_of_its_own():
    names = {name_of(each) for each in dataclasses_of("estimates") if not shows_its_fields(each)}
    assert {name.removeprefix("estimates.") for name in names} == SHOWN_OTHERWISE
    hidden = {field.name for field in fields(Estimates) if not field.repr}
    assert hidden == {"design", "arguments"}


@pytest.mark.parametrize("name", TABLES)
def test_what_counts_give_is_public_unless_it_judges_the_estimate(name):
    """A column that ``point`` gives from perturbed counts stands in a publication, and no other.

    But for bounds from the edges of bands: of exact counts they are certain, of perturbed ones not.
    """
    table = TABLES[name](answers())
    record = table.statistic
    if record.public is None:
        return
    judging = {*record.of_role(Role.DIAGNOSTIC), *record.of_role(Role.P_VALUE)}
    for cells in tabulate_again(table):
        given = set(record.point(cells, table.arguments).frame())
        own = given - {*table.groups, *CORE_COLUMNS, *judging, "declined"}  # that has its own keys
        own -= {"lower_bound", "upper_bound"}
        assert not {"lower_bound", "upper_bound"} & set(record.public_columns)
        assert own & set(record.columns) <= set(record.public_columns), name


@pytest.mark.parametrize("name", STATISTICS)
def test_no_column_of_an_internal_statistic_is_public_by_mistake(name):
    record = STATISTICS[name]
    assert len(set(record.public_columns)) == len(record.public_columns)
    assert set(record.public_columns) <= set(record.columns)


def test_defaults_are_those_that_people_rely_on():
    assert not changed("estimates"), "where it is on purpose: python -m tests.signatures"
