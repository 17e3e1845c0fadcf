"""Published numbers, statuses and limits at both sides of every step, worked out by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from survey.disclosure.published_digits import (
    few_in_small,
    limit_small,
    others_of,
    print_bases,
    printed_limits,
    rounded,
    significant,
    withhold,
    withhold_ranks,
)
from survey.estimates import compare, median, nps, share
from survey.estimates.examples import answers
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Column, Role, Statistic
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Point
from tests.disclosure.tabulations import by_hand

NAN = float("nan")


def statistic_of(table: Estimates) -> Statistic:
    assert table.statistic is not None
    return table.statistic


@pytest.fixture(scope="module")
def of() -> dict[str, Statistic]:
    some = answers()
    return {
        "share": statistic_of(share(some, "deployment_stage")),
        "score": statistic_of(nps(some)),
        "change": statistic_of(compare(some, "deployment_stage", "2018", "2019")),
        "median": statistic_of(median(some, "compute_cores")),
    }


def printed(statistic: Statistic, digits: int = 2, **rows: list[object]) -> dict[str, list[object]]:
    found = rounded({name: np.array(each) for name, each in rows.items()}, statistic, digits)
    return {name: list(each) for name, each in found.items()}


@pytest.mark.parametrize(
    ("name", "values", "limits", "values_shown", "limits_shown"),
    [
        ("share", [0.074, 0.076, 0.5], [0.0724, 0.0726, NAN], [0.07, 0.08, 0.5],
         [0.07, 0.075, NAN]),
        ("change", [-0.074, -0.004, 0.126], [-0.0726, 0.0024, 0.1274], [-0.07, 0.0, 0.13],
         [-0.075, 0.0, 0.125]),
        ("score", [12.4, -0.4, 12.6], [12.24, 12.26, -3.8], [12.0, 0.0, 13.0], [12.0, 12.5, -4.0]),
    ],
)  # fmt: skip
def test_values_and_limits_have_steps_of_their_own(
    of: dict[str, Statistic],
    name: str,
    values: list[float],
    limits: list[float],
    values_shown: list[float],
    limits_shown: list[float],
) -> None:
    found = printed(of[name], value=values, low=limits, high=limits)
    assert found["value"] == values_shown
    assert found["low"] == pytest.approx(limits_shown, nan_ok=True)
    assert found["high"] == pytest.approx(limits_shown, nan_ok=True)
    assert not any(str(value) == "-0.0" for value in found["value"])
    both = printed_limits(Limits(np.array(limits), np.array(limits)), of[name])
    for each in both:
        assert each.tolist() == pytest.approx(limits_shown, nan_ok=True)


def test_counts_are_whole_and_unknown_ones_missing(of: dict[str, Statistic]) -> None:
    found = printed(
        of["share"], count=[3.0, NAN, 4.6], base=["7", "x", "9"], answer=["a", "b", "c"]
    )
    assert found["count"] == [3, pd.NA, 5]
    assert found["base"] == [7, pd.NA, 9]
    assert found["answer"] == ["a", "b", "c"]
    kept = rounded({"count": np.array([3.0]), "nobody": np.array([0.1234])}, of["share"], 2)
    assert kept["count"].dtype == "Int64"
    assert kept["nobody"].tolist() == [0.1234]


def test_numbers_have_two_digits_or_one(of: dict[str, Statistic]) -> None:
    """One where the upper limit is more than twice the lower: at twice there are still two."""
    value, low, high = [1234.0] * 5, [1000.0, 1000.0, 0.0, -5.0, NAN], [2000.0, 2001.0, 9e4, 9.0, 8]
    found = printed(of["median"], value=value, low=low, high=high)
    assert found["value"] == [1200, 1000, 1200, 1200, 1200]
    assert printed(of["median"], 3, value=value, low=low, high=high)["value"][0] == 1230
    limits = Limits(np.array([1234.5]), np.array([2345.6]))
    assert printed_limits(limits, of["median"]) is limits


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, 1.0), (1.24, 1.0), (1.26, 1.5), (1.74, 1.5), (1.76, 2.0), (2.24, 2.0), (2.26, 2.0),
     (2.51, 3.0), (9.4, 9.0), (9.6, 10.0), (124.0, 100.0), (126.0, 150.0), (0.0, 0.0),
     (-176.0, -200.0), (-126.0, -150.0), (0.0126, 0.015)],
)  # fmt: skip
def test_one_digit_is_a_whole_or_up_to_two_a_half(
    of: dict[str, Statistic], value: float, expected: float
) -> None:
    wide = printed(of["median"], value=[value], low=[1.0], high=[3.0])
    assert wide["value"] == [pytest.approx(expected)]


def test_a_change_has_one_digit_beyond_the_larger_number(of: dict[str, Statistic]) -> None:
    """Whichever edition has it; where it is as long there are two."""
    rows = {
        "value": [144.0, 144.0, 144.0, 144.0],
        "low": [-50.0, -50.0, -51.0, -50.0],
        "high": [50.0, 50.0, 50.0, 50.0],
        "earlier": [100.0, 60.0, -100.0, NAN],
        "later": [20.0, -100.0, 20.0, 101.0],
    }
    assert printed(of["median"], **rows)["value"] == [140, 140, 150, 140]


@pytest.mark.parametrize(
    ("digits", "expected"),
    [(1, [0.0, 1000.0, 0.06, -8.0]), (2, [0.0, 1200.0, 0.057, -7.6]),
     (3, [0.0, 1230.0, 0.0567, -7.56])],
)  # fmt: skip
def test_significant_digits(digits: int, expected: list[float]) -> None:
    values = np.array([0.0, 1234.0, 0.0567, -7.556])
    assert significant(values, digits).tolist() == expected
    assert np.isnan(significant(np.array([NAN, np.inf]), digits)).tolist() == [True, False]


def test_shares_among_other_numbers_are_whole_per_cents(of: dict[str, Statistic]) -> None:
    own = {"part": Column(Role.SHARE, "part"), "text": Column(Role.TEXT, "text")}
    mixed = dataclasses.replace(of["median"], columns=own)
    found = printed(mixed, low=[1.0], high=[3.0], part=[0.1264], text=[0.1264])
    assert found["part"] == [0.13]
    assert found["text"] == [0.1264]


def test_nothing_is_left_of_a_withheld_row_but_its_labels() -> None:
    columns = {
        "status": np.array(["ok", "ok"], dtype=object),
        "count": np.array([7, 8]),
        "flag": np.array([True, False]),
        "keys": np.array([7, 8], dtype=np.uint64),
        "value": np.array([0.5, 0.25]),
        "verdict": np.array(["up", "down"], dtype=object),
        "item": np.array(["x", "y"], dtype=object),
        "level": np.array(["low", "high"], dtype=object),
    }
    withhold(columns, np.array([True, False]))
    assert columns["status"].tolist() == ["suppressed", "ok"]
    for name, kept in (("count", 8.0), ("flag", 0.0), ("keys", 8.0), ("value", 0.25)):
        assert np.isnan(columns[name].astype(float)).tolist() == [True, False], name
        assert columns[name][1] == kept
    assert columns["verdict"].tolist() == ["", "down"]
    assert columns["item"].tolist() == ["x", "y"]
    assert columns["level"].tolist() == ["low", "high"]


@pytest.mark.parametrize(
    ("count", "base", "status", "expected", "low", "high"),
    [
        (0, 29, "ok", "below", None, 0.15),
        (3, 29, "imprecise", "below", None, 0.15),
        (4, 20, "ok", "below", None, 0.20),
        (4, 21, "ok", "below", None, 0.20),
        (4, 27, "ok", "below", None, 0.15),
        (4, 26, "ok", "below", None, 0.20),
        (5, 29, "ok", "ok", 0.1, 0.9),
        (0, 30, "ok", "ok", 0.1, 0.9),
        (29, 29, "ok", "above", 0.85, None),
        (26, 29, "ok", "above", 0.85, None),
        (25, 29, "ok", "above", 0.85, None),
        (24, 29, "ok", "ok", 0.1, 0.9),
        (4, 8, "ok", "below", None, 0.5),
        (0, 29, "empty", "empty", 0.1, 0.9),
    ],
)
def test_few_are_a_limit_in_a_small_group(
    count: int, base: int, status: str, expected: str, low: float | None, high: float | None
) -> None:
    columns = {
        "status": np.array([status], dtype=object),
        "count": np.array([count]),
        "base": np.array([base]),
        "value": np.array([0.5]),
        "low": np.array([0.1]),
        "high": np.array([0.9]),
    }
    limit_small(columns, np.array([float(base - count)]), 30)
    limited = expected in ("below", "above")
    assert columns["status"].tolist() == [expected]
    assert np.isnan(columns["value"]).tolist() == [limited]
    assert np.isnan(columns["count"]).tolist() == [limited]
    for name, wanted in (("low", low), ("high", high)):
        if wanted is None:
            assert np.isnan(columns[name][0])
        else:
            assert columns[name][0] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("count", "base", "earlier", "earlier_base", "status", "expected"),
    [
        (3, 29, 9, 29, "ok", True),
        (9, 29, 0, 29, "imprecise", True),
        (9, 29, 25, 29, "ok", True),
        (29, 29, 9, 29, "ok", True),
        (5, 29, 24, 29, "ok", False),
        (3, 30, 9, 29, "ok", False),
        (3, 30, 4, 30, "ok", False),
        (9, 29, 3, 30, "ok", False),
        (3, 29, 9, 29, "empty", False),
    ],
)
def test_a_change_with_few_in_a_small_group_is_withheld(
    count: int, base: int, earlier: int, earlier_base: int, status: str, expected: bool
) -> None:
    columns = {
        "count": np.array([count]),
        "base": np.array([base]),
        "earlier_count": np.array([earlier]),
        "earlier_base": np.array([earlier_base]),
        "status": np.array([status], dtype=object),
    }
    others = others_of(columns)
    assert {name: each.tolist() for name, each in others.items()} == {
        "count": [base - count], "earlier_count": [earlier_base - earlier],
    }  # fmt: skip
    assert few_in_small(columns, others, 30).tolist() == [expected]
    now = {name: columns[name] for name in ("count", "base", "status")}
    assert [*others_of(now)] == ["count"]


def test_what_a_rank_tells_of_few_is_withheld() -> None:
    columns = {
        "count": np.array([19, 20]),
        "value": np.array([0.5, 0.5]),
        "mean_rank": np.array([1.5, 1.5]),
        "places": np.array([3, 3]),
    }
    withhold_ranks(columns, 20)
    assert np.isnan(columns["mean_rank"]).tolist() == [True, False]
    assert columns["value"].tolist() == [0.5, 0.5]
    assert columns["places"].tolist() == [3, 3]


def test_printed_bases_stand_beside_the_answers_of_both_editions() -> None:
    public = by_hand([[1, 2], [3, 4]], [[9, 9]] * 2)
    bases = np.array([[10, 20], [30, 40]])
    point = Point((), (("g",), ("h",)), ("b", "elsewhere", "a"), {})
    columns = {"base": np.zeros((2, 3)), "value": np.zeros((2, 3))}
    print_bases(columns, point, public, bases)
    assert columns["base"].tolist() == [[20, 0, 10], [40, 0, 30]]
    assert not columns["value"].any()
    change = Point((), (("all",),), ("a", "b"), {})
    halves = {"base": np.zeros((1, 2)), "earlier_base": np.zeros((1, 2))}
    print_bases(halves, change, public, bases)
    assert halves["earlier_base"].tolist() == [[10, 20]]
    assert halves["base"].tolist() == [[30, 40]]
    of_three = np.array([[1, 2], [10, 20], [30, 40]])
    print_bases(halves, change, public, of_three)
    assert halves["earlier_base"].tolist() == [[10, 20]]
    late = {"base": np.zeros((1, 2))}
    print_bases(late, change, public, bases)
    assert late["base"].tolist() == [[30, 40]]
    assert "earlier_base" not in late
