"""What holds for every table of every statistic, on few answers and on many."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from survey.estimates import Estimates
from survey.estimates.examples import answers
from survey.estimates.statistic import Role
from survey.estimates.table import Measure
from survey.responses import Responses
from tests.estimates.test_statistics import EVERY

SHOWN = ("ok", "imprecise")
LEVEL = 0.95


@cache
def many() -> Responses:
    """The invented answers six times over, shuffled, each time from other organizations."""
    whole, random = answers(), np.random.default_rng(7)
    people, clouds = [], []
    for copy in range(6):
        for frame, parts in ((whole.respondents, people), (whole.deployments, clouds)):
            part = frame.copy()
            for name in {"respondent", "deployment"} & set(part):
                part[name] = part[name].astype(str) + f"-{copy}"
            part["organization"] = part["organization"].astype(str) + f" {copy}"
            part["record_key"] = random.integers(1, 2**64, len(part), dtype=np.uint64)
            asked = [name for name in part if name in whole.concepts]
            for _, own in part.groupby("edition"):
                drawn = random.choice(own.index, len(own))
                part.loc[own.index, asked] = part.loc[drawn, asked].set_axis(own.index)
            parts.append(part)
    return replace(
        whole,
        respondents=pd.concat(people, ignore_index=True),
        deployments=pd.concat(clouds, ignore_index=True),
    )


@cache
def table_of(name: str, size: str) -> Estimates:
    return EVERY[name](answers() if size == "few" else many())


ON_MANY = (
    "by edition", "multiple", "organizations", "median", "nps", "trend", "change",
    "change of scores", "contrast", "transitions", "moves", "share of",
)  # fmt: skip
PAIRS = [(name, "few") for name in EVERY] + [(name, "many") for name in ON_MANY]
TABLES = [pytest.param(name, size, id=f"{name}, {size}") for name, size in PAIRS]


def numbers(table: Estimates, name: str) -> pd.Series:
    return table.frame[name].astype(float)


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_a_value_is_there_exactly_where_the_status_says_so(name, size):
    table = table_of(name, size)
    shown = table.frame["status"].isin(SHOWN)
    assert (numbers(table, "value").notna() == shown).all()
    assert not (numbers(table, "low").notna() & ~shown).any()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_an_interval_holds_its_value(name, size):
    table = table_of(name, size)
    value, low, high = (numbers(table, each) for each in ("value", "low", "high"))
    slack = 1e-9 * value.abs().max()
    assert not (low > value + slack).any()
    assert not (high < value - slack).any()
    if table.measure is Measure.SHARE:
        assert (low.dropna() >= 0).all()
        assert (high.dropna() <= 1).all()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_counts_are_whole_and_lie_in_their_base(name, size):
    table = table_of(name, size)
    count, base = numbers(table, "count").dropna(), numbers(table, "base").dropna()
    assert (count % 1 == 0).all()
    assert (count >= 0).all()
    assert (base % 1 == 0).all()
    if table.measure in (Measure.SHARE, Measure.SCORE):
        assert (count <= base.loc[count.index]).all()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_what_is_imprecise_says_why_and_nothing_else_does(name, size):
    table = table_of(name, size)
    if "imprecise_because" in table.frame:
        reason = table.frame["imprecise_because"].fillna("") != ""
        assert (reason == (table.frame["status"] == "imprecise")).all()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_p_values_are_chances_and_adjusting_never_lowers_them(name, size):
    table = table_of(name, size)
    for column in table.statistic.of_role(Role.P_VALUE):
        if column in table.frame:
            p = numbers(table, column).dropna()
            assert ((p >= 0) & (p <= 1)).all(), column
    if {"p", "p_adjusted"} <= set(table.frame):
        p, adjusted = numbers(table, "p"), numbers(table, "p_adjusted")
        assert (adjusted.isna() == p.isna()).all()
        assert not (adjusted < p - 1e-12).any()
        assert adjusted.max() >= p.max() - 1e-12 or p.isna().all()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_a_verdict_is_what_its_p_value_says(name, size):
    table = table_of(name, size)
    if not {"verdict", "p_adjusted"} <= set(table.frame) or name == "crosstab":
        return  # a cross table has words for higher and lower
    p, said = numbers(table, "p_adjusted"), table.frame["verdict"].astype(str)
    clear = said.str.startswith("clear")
    assert (clear == (p <= 0.05)).all()
    assert ((said == "could be noise") == (p > 0.05)).all()


@pytest.mark.parametrize("size", ["few", "many"])
@pytest.mark.parametrize("name", ["contrast", "change", "change of scores"])
def test_a_change_is_clear_where_its_interval_leaves_no_change_out(name, size):
    """Test and interval use one error; on the border, where they may part, nothing lies."""
    table = table_of(name, size)
    p = numbers(table, "p")
    low, high = numbers(table, "low")[p.notna()], numbers(table, "high")[p.notna()]
    outside, clear = (low > 0) | (high < 0), p.dropna() < 1 - LEVEL
    border = (p.dropna() - (1 - LEVEL)).abs() < 0.03
    assert (outside == clear)[~border].all()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_bounds_hold_the_value(name, size):
    frame = table_of(name, size).frame
    if {"lower_bound", "upper_bound"} <= set(frame) and name != "change of medians":
        low, value, high = (frame[each].astype(float) for each in
                            ("lower_bound", "value", "upper_bound"))  # fmt: skip
        assert not (low > value * (1 + 1e-9) + 1e-9).any()
        assert not (high < value * (1 - 1e-9) - 1e-9).any()


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_an_effective_number_is_the_base_over_the_design_effect(name, size):
    frame = table_of(name, size).frame
    if {"n_eff", "deff"} <= set(frame):
        known = frame["deff"].notna() & frame["n_eff"].notna()
        product = (frame["n_eff"] * frame["deff"])[known].astype(float)
        assert product.to_numpy() == pytest.approx(frame["base"][known].astype(float).to_numpy())


@pytest.mark.parametrize(("name", "size"), TABLES)
def test_no_more_organizations_than_units_stand_behind_a_number(name, size):
    frame = table_of(name, size).frame
    if "clusters" in frame and "base" in frame and name not in ("crosstab", "rank_associations"):
        both = frame["base"].notna() & frame["clusters"].notna()
        units = frame["base"][both].astype(float)
        if "earlier_base" in frame:
            units = units + frame["earlier_base"][both].astype(float)
        if name not in ("contrast", "trend", "decompose_change", "moves"):
            assert (frame["clusters"][both].astype(float) <= units).all()
        assert (frame["clusters"][both] >= 0).all()
