"""The release plan: which groups were withheld and joined; and which answers are the top."""

from __future__ import annotations

import pytest

from survey.disclosure.most_frequent import most_frequent
from survey.disclosure.release_plan import Fate, PlannedTable, planned
from survey.estimates import Estimates, share, tabulate_again
from survey.estimates.examples import answers

GONE, SHOWN = "suppressed", "ok"


def with_status(table: Estimates, *status: str) -> Estimates:
    return table.with_frame(table.frame.assign(status=status))


def entry(table: Estimates, *status: str, **classes: dict[str, str]) -> PlannedTable:
    return planned("stages", table, with_status(table, *status), classes)


@pytest.mark.parametrize(
    ("status", "fate", "withheld"),
    [
        ((SHOWN, SHOWN, SHOWN), Fate.PUBLISHED, ()),
        ((SHOWN, GONE, GONE), Fate.PUBLISHED, ()),
        ((GONE, GONE, GONE), Fate.WITHHELD, ("everybody",)),
    ],
)
def test_everybody_is_withheld_where_no_row_is_shown(
    status: tuple[str, ...], fate: Fate, withheld: tuple[str, ...]
) -> None:
    found = entry(share(answers(), "deployment_stage"), *status)
    assert (found.fate, found.withheld) == (fate, withheld)


def test_groups_are_withheld_of_which_no_row_is_shown() -> None:
    table = share(answers(), "deployment_stage", by="edition")
    both = entry(table, *[GONE] * 3, SHOWN, GONE, GONE)
    assert (both.fate, both.withheld) == (Fate.PUBLISHED, ("2018",))
    assert entry(table, *[GONE] * 6).withheld == ("2018", "2019")
    assert entry(table, *[SHOWN] * 6).withheld == ()


def test_a_class_is_named_where_it_joins_two_groups() -> None:
    table = share(answers(), "deployment_stage", by="edition")
    joined = {"edition": {"2018": "before", "2019": "before"}}
    apart = {"edition": {"2018": "before"}}
    assert entry(table, *[SHOWN] * 6, **joined).joined == (("before", ("2018", "2019")),)
    assert entry(table, *[SHOWN] * 6, **apart).joined == ()


def test_the_rest_is_what_is_not_among_the_most_frequent() -> None:
    table = share(answers(), "deployment_stage", top=2)
    assert table.arguments is not None
    (cells,) = tabulate_again(table)
    counts = {"Production": 5, "Testing": 7, "Proof of concept": 7}
    asked, top = most_frequent(table.arguments, cells, counts, by_name=False)
    assert asked["items"] == ["Testing", "Proof of concept"]
    assert top == ("Testing", "Proof of concept")
    assert list(asked["nets"].values()) == [["Production"]]
    assert asked["top"] is None
    named, _ = most_frequent(table.arguments, cells, counts, by_name=True)
    assert named["items"] == ["Proof of concept", "Testing"]


@pytest.mark.parametrize("top", [3, 4])
def test_as_many_as_there_are_leave_no_rest(top: int) -> None:
    table = share(answers(), "deployment_stage", top=2)
    assert table.arguments is not None
    (cells,) = tabulate_again(table)
    asked = share(answers(), "deployment_stage", top=top).arguments
    assert asked is not None
    assert most_frequent(asked, cells, {}, by_name=False) == (asked, ())


def test_an_answer_that_nobody_gives_any_more_stays_in_the_top() -> None:
    table = share(answers(), "deployment_stage", top=2)
    assert table.arguments is not None
    (cells,) = tabulate_again(table)
    counts = {"Production": 5, "Testing": 7, "Proof of concept": 4, "Abandoned": 6}
    asked, top = most_frequent(table.arguments, cells, counts, by_name=True, gone=["Abandoned"])
    assert top == ("Testing", "Abandoned")
    assert asked["items"] == ["Testing"]
    assert list(asked["nets"].values()) == [["Production", "Proof of concept"]]
