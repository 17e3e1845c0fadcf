"""The registry of layouts: each has one plan, whose module the layout names."""

from __future__ import annotations

from importlib import import_module

import pytest

from survey.codebook import read_codebook
from survey.exports import Layout
from survey.exports.layouts import LAYOUTS


def test_every_layout_of_a_table_of_cells_has_a_plan():
    assert set(Layout) - set(LAYOUTS) == {Layout.API}, "JSON has no headings"
    assert all(plan.layout is layout for layout, plan in LAYOUTS.items())


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_a_plan_stands_in_the_module_that_its_layout_names(layout):
    module = import_module(f"survey.exports.layouts.{layout.module}")
    assert LAYOUTS[layout] in module.PLANS
    assert Layout(str(layout)) is layout


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_headings_of_a_layout_are_told_from_those_of_all_others(layout):
    """What a plan writes, it knows again by its own measure, and no other plan knows it better."""
    plan = LAYOUTS[layout]
    for edition in (each for each in read_codebook() if each.layout.family is plan.family):
        own = plan(edition)
        shares = {
            other: of.overlap(of(edition), own)
            for other, of in LAYOUTS.items()
            if of.family is plan.family
        }
        assert shares[layout] == max(shares.values()) == 1.0
