"""What a table keeps of its counting gives the tabulations that counting again gives."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimates import Estimates, share, tabulate_again, total
from survey.estimates.examples import answers
from survey.estimates.numbers.total import TOTAL
from survey.estimates.table import CORE_COLUMNS
from survey.estimates.tabulation import Members
from tests.estimates.test_tabulation import TABLES


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, Members):
        return all(same(*pair) for pair in zip(one, other, strict=True))
    return bool(one == other)


def alike(table: Estimates) -> bool:
    assert table.statistic is not None
    assert table.design is not None
    assert table.arguments is not None
    again = table.statistic.tabulate(table.design, table.arguments)
    kept = tabulate_again(table)
    return len(kept) == len(again) and all(
        same(getattr(one, each.name), getattr(other, each.name))
        for one, other in zip(kept, again, strict=True)
        for each in fields(one)
        if each.name not in ("whole", "bands")  # of no table of shares
    )


@pytest.mark.parametrize("name", TABLES)
def test_every_statistic_is_tabulated_as_if_counted_again(name):
    assert alike(TABLES[name](answers()))


@pytest.mark.parametrize("unit", ["deployment", "organization"])
@pytest.mark.parametrize("base", ["answered", "asked", "all"])
def test_every_unit_and_base_is(unit, base):
    nets = {"some": ["Testing", "Proof of concept"]}
    table = share(answers(), "deployment_stage", "edition", nets=nets, unit=unit, base=base)
    assert table.arguments is not None
    assert table.arguments.counted is not None
    assert alike(table)


@pytest.mark.parametrize("by", [None, "edition"])
def test_the_values_of_a_total_asked_alone_are_those_of_the_table(by):
    for family in ("average", "gamma"):
        table = total(answers(), "compute_cores", by, family=family, replicates=100)
        assert TOTAL.ask_values is not None
        core = [*table.groups, *CORE_COLUMNS]
        for place, group in enumerate(table.frame[list(table.groups)].itertuples(index=False)):
            alone = TOTAL.ask_values(table.design, table.arguments, {tuple(group)})
            row = slice(place, place + 1)
            pd.testing.assert_frame_equal(
                alone.frame[core][row], table.frame[core][row], check_exact=True
            )
            assert alone.frame["draw_low"].isna().all()
            assert alone.frame["value"].notna().sum() == 1


def test_nothing_counted_goes_to_a_publication():
    assert share(answers(), "deployment_stage").for_publication().arguments is None
