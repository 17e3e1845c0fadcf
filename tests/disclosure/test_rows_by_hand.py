"""Which rows stand, in which order and under which name, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.disclosure.cuts import (
    Cut,
    flat,
    given_groups,
    in_order_of_names,
    listed,
    unseen,
)
from survey.disclosure.ledger.published_answers import (
    is_given,
    name_of_rest,
    named_in_ledger,
    place_after,
    with_published,
)
from survey.disclosure.perturbation.rare_answers import IN_A_UNION, Joined, joined_rare
from survey.estimates import share
from survey.estimates.examples import answers
from survey.estimates.shares.selection import REST
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Point
from survey.responses import ANOTHER
from tests.disclosure.tabulations import by_hand


def point(answers: str, groups: str = "g", **columns: list[list[float]]) -> Point:
    known = {name: np.array(each) for name, each in columns.items()}
    return Point(("edition",), tuple((each,) for each in groups), tuple(answers), known)


def cut(answers: str, *rows: tuple[str, str]) -> Cut:
    return Cut(tuple(answers), frozenset(rows), frozenset(row[:1] for row in rows))


# ---------------------------------------------------------------- what a table shows


@pytest.fixture(scope="module")
def table() -> Estimates:
    return share(answers(), "deployment_stage", by="edition")


def test_a_table_with_every_answer_in_every_group_is_whole(table: Estimates) -> None:
    labels = tuple(table.frame["answer"].unique())
    assert len(labels) == 3
    for found in (Cut.of(table, {}, whole=False), Cut.of(table, {}, whole=True)):
        assert found == Cut(labels, frozenset(), frozenset())
    first = table.with_frame(table.frame[table.frame["answer"] == labels[1]])
    assert Cut.of(first, {}, whole=False) == Cut(labels[1:2], frozenset(), frozenset())


def test_a_table_that_was_cut_shows_its_rows_under_the_names_of_classes(table: Estimates) -> None:
    left = table.with_frame(table.frame.iloc[[0, 1, 3]].reset_index(drop=True))
    (one, two, again), (early, _, late) = left.frame["answer"], left.frame["edition"]
    assert (one, early, late) == (again, "2018", "2019")
    found = Cut.of(left, {}, whole=False)
    assert found.answers == (one, two)
    assert found.rows == {("2018", one), ("2018", two), ("2019", one)}
    assert found.groups == {("2018",), ("2019",)}
    joined = Cut.of(left, {"edition": {"2018": "before"}}, whole=False)
    assert joined.rows == {("before", one), ("before", two), ("2019", one)}
    assert Cut.of(left, {}, whole=True).rows == frozenset()


def test_a_wider_cut_has_further_answers_behind_their_question(table: Estimates) -> None:
    cells = by_hand([[1] * 4], [[9] * 4], answers=("a", "b", "c", "d"), shown=(0, 1, 2))
    found = cut("ab", ("g", "a")).wider(cells, ["c", "d"])
    assert found.answers == ("a", "b", "c")
    assert found.rows == {("g", "a"), ("g", "c")}
    union = replace(cells, parts=((0,), (0, 2), (2,), (3,)))
    assert cut("ab").wider(union, ["c"]).answers == ("a", "c", "b")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (cut("ab"), [[1, 1, 0, 1], [1, 1, 0, 1]]),
        (cut("ab", ("g", "a"), ("g", "b"), ("h", "b")), [[1, 1, 0, 1], [0, 1, 0, 1]]),
        (cut("ab", ("g", "a")), [[1, 0, 0, 1], [0, 0, 0, 0]]),
    ],
)
def test_rows_that_were_cut_do_not_come_back(shown: Cut, expected: list[list[int]]) -> None:
    """But for "Another answer", in groups that the table has."""
    of = Point(("edition",), (("g",), ("h",)), ("a", "b", "c", ANOTHER), {})
    assert shown.shown(of).astype(int).tolist() == expected


# ---------------------------------------------------------------- orders


def test_unions_stand_where_the_table_has_them() -> None:
    cells = by_hand([[1] * 3], [[9] * 3], parts=((0,), (1,), (0, 1)))
    assert cut("cab").order(point("abc"), cells, None).tolist() == [2, 0, 1]
    assert cut("acb").order(point("abc"), cells, None).tolist() == [0, 2, 1]
    # another order of the answers themselves was made by counts
    assert cut("cba").order(point("abc"), cells, None).tolist() == [0, 1, 2]
    # what the table has not stands last
    assert cut("cb").order(point("abc"), cells, None).tolist() == [2, 1, 0]


def test_the_most_frequent_stand_by_published_counts_with_the_rest_last() -> None:
    of = Point(("edition",), (("g",), ("h",)), ("b", REST, "a", ANOTHER, "c"), {})
    counts = {"count": np.array([[3, 90, 4, 50, np.nan], [4, 90, 3, 60, 8]], dtype=float)}
    cells = by_hand([[1]], [[9]])
    asked = cut("abc")
    assert asked.order(of, cells, counts).tolist() == [4, 0, 2, 1, 3]
    assert asked.order(of, cells, counts, by_name=True).tolist() == [4, 2, 0, 1, 3]


def test_countries_stand_by_their_names_as_groups() -> None:
    of = Point(
        ("edition", "country"),
        (("2019", "Peru"), ("2019", "Chad"), ("2018", "Peru"), ("2018", "Chad")),
        ("a",),
        {},
    )
    assert in_order_of_names(of, []).tolist() == [0, 1, 2, 3]
    assert in_order_of_names(of, ["country"]).tolist() == [1, 0, 3, 2]


def test_groups_that_nobody_lists_and_groups_that_nobody_sees() -> None:
    cells = by_hand([[1]] * 3, [[9]] * 3)
    cells = replace(
        cells,
        names=("edition", "industry"),
        groups=(("2018", "x"), ("2019", "x"), ("2019", ANOTHER)),
    )
    assert given_groups(cells, []).tolist() == [False, False, True]
    assert given_groups(cells, ["industry"]).tolist() == [True] * 3
    assert unseen(cells, np.array([True, False, True])).tolist() == [False, False, True]
    assert unseen(cells, np.array([True, True, False])).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("columns", "hidden", "expected"),
    [
        ({"count": [[0, 0, 3], [0, 4, 0]]}, [[False], [False]], [False, True, True]),
        ({"count": [[0, 0, 3], [0, 4, 0]]}, [[False], [True]], [False, False, True]),
        ({"count": [[1, 0, 0], [0, 0, 0]]}, [[False], [False]], [True, False, False]),
        ({"count": [[np.nan, 0, 0], [0, 0, 0]]}, [[False], [False]], [False, False, False]),
        (
            {"count": [[0, 0, 0]] * 2, "earlier_count": [[3, 0, 0]] * 2},
            [[False]] * 2,
            [True, False, False],
        ),
    ],
)
def test_an_answer_that_no_form_lists_stands_where_some_are_published(
    columns: dict[str, list[list[float]]], hidden: list[list[bool]], expected: list[bool]
) -> None:
    of = point("abc", "gh", **columns)
    assert listed(of, np.array(hidden), np.ones(3, dtype=bool)).tolist() == expected
    assert listed(of, np.array(hidden), np.zeros(3, dtype=bool)).all()


def test_rows_are_flat_in_the_order_of_groups_and_answers() -> None:
    of = Point(("edition",), (("g",), ("h",)), ("a", "b"), {})
    names = ("count", "base", "value", "low", "high", "status", "extra")
    columns = {name: np.array([[1, 2], [3, 4]]) + 10 * n for n, name in enumerate(names)}
    kept = np.array([[True, True], [True, False]])
    rows = flat(of, columns, kept, np.array([1, 0]), np.array([1, 0]))
    assert [*rows][:2] == ["edition", "answer"]
    assert rows["edition"].tolist() == ["h", "g", "g"]
    assert rows["answer"].tolist() == ["a", "b", "a"]
    assert rows["count"].tolist() == [3, 2, 1]
    assert rows["extra"].tolist() == [63, 62, 61]
    assert [*rows][-1] == "extra"
    assert pd.DataFrame(rows).shape == (3, 9)


# ---------------------------------------------------------------- answers of the ledger


@pytest.mark.parametrize(
    ("answer", "of_countries", "expected"),
    [
        (ANOTHER, False, True),
        (f"Row / {ANOTHER}", False, True),
        (f"Row{ANOTHER}", False, False),
        ("Finland", True, True),
        ("Finland", False, False),
        ("Atlantis", True, False),
    ],
)
def test_answers_that_stand_because_somebody_gave_them(
    answer: str, of_countries: bool, expected: bool
) -> None:
    assert is_given(answer, of_countries=of_countries) is expected


def test_a_rest_is_named_by_what_it_is_not() -> None:
    assert name_of_rest(["b", "a"], None) == f"{REST} than a; b"
    assert name_of_rest(["a"], ["c", "a"]) == f"{REST} than a, of a; c"


@pytest.mark.parametrize(
    ("known", "own", "answer", "place"),
    [
        (["a", "b", "a or b"], {"a", "b"}, "c", 2),
        (["a or b", "a", "b"], {"a", "b"}, "c", 3),
        (["x / a", "x / b", "y / a"], {"x / a", "x / b", "y / a"}, "x / c", 2),
        (["x / a", "y / a"], {"x / a", "y / a"}, "z / c", 2),
        ([], set(), "c", 0),
    ],
)
def test_where_an_answer_stands_that_no_form_lists(
    known: list[str], own: set[str], answer: str, place: int
) -> None:
    assert place_after(known, own, answer) == place


def test_answers_that_nobody_gives_any_more_are_counted_as_nobody() -> None:
    cells = by_hand(
        [[3, 4], [5, 6]],
        [[9, 10], [20, 15]],
        columns={"item": ("x", "x"), "level": ("a", "b"), "note": ("p", "q")},
    )
    cells = replace(
        cells, largest=np.array([[2, 1], [1, 5]]), largest_other=np.array([[4, 1], [1, 1]])
    )
    assert with_published(cells, ["a"], None) is cells
    wider = with_published(cells, ["x / c", "a"], None)
    assert wider.answers == ("a", "b", "x / c")
    assert wider.count.tolist() == [[3, 4, 0], [5, 6, 0]]
    assert wider.count_keys[:, 2].tolist() == [0, 0]
    # the base that most could have given, with its keys and its largest organization
    assert wider.base.tolist() == [[9, 10, 10], [20, 15, 20]]
    assert wider.base_keys.tolist() == [[9, 10, 10], [20, 15, 20]]
    assert wider.largest_other[:, 2].tolist() == [4, 5]
    assert wider.largest[:, 2].tolist() == [0, 0]
    assert wider.parts == ((0,), (1,), (2,))
    assert wider.shown == (0, 1, 2)
    assert wider.columns == {
        "item": ("x", "x", "x"), "level": ("a", "b", "c"), "note": ("p", "q", "x / c"),
    }  # fmt: skip


def test_behind_a_top_they_are_in_the_rest() -> None:
    cells = by_hand([[3, 4, 7]], [[9] * 3], answers=("a", "b", REST), parts=((0,), (1,), (1,)))
    cells = replace(cells, shown=(0, 2))
    wider = with_published(cells, ["c", "d"], {"a", "d"})
    assert wider.answers == ("a", "b", REST, "c", "d")
    assert wider.parts == ((0,), (1,), (1, 3), (3,), (4,))
    assert wider.shown == (0, 4, 2)
    alone = replace(by_hand([[3, 4]], [[9] * 2]), shown=(0,))
    made = with_published(alone, ["c"], {"a"})
    assert made.answers == ("a", "b", "c", REST)
    assert made.parts == ((0,), (1,), (2,), (2,))
    assert made.shown == (0, 3)


def test_unions_have_names_that_say_what_they_consist_of() -> None:
    cells = by_hand(
        [[30, 2, 3, 5]],
        [[37] * 4],
        answers=("a", "b", "c", "b or d"),
        parts=((0,), (1,), (2,), (1,)),
        shown=(0, 2, 3),
    )
    nothing = np.zeros((1, 4), dtype=bool)
    plain = named_in_ledger(Joined(cells, nothing, nothing), cells, "")
    assert plain.names == cells.answers
    rare = named_in_ledger(joined_rare(cells, np.array([[False, True, True, False]])), cells, "")
    assert rare.names == (
        *cells.answers, f"{ANOTHER}, not in b or d", f"{IN_A_UNION}: b or d",
    )  # fmt: skip
    one = by_hand([[30, 2, 3]], [[35] * 3], answers=("a", "b", REST))
    named = named_in_ledger(joined_rare(one, np.array([[False, True, False]])), one, "the rest")
    assert named.names == ("a", "b", "the rest", ANOTHER)
    assert named_in_ledger(joined_rare(one, nothing[:, :3]), one, "").names == one.answers
    nets = {"b or d": ["d", "b"], "c": "b"}
    netted = named_in_ledger(Joined(cells, nothing, nothing), cells, "", nets)
    assert netted.names == ("a", "b", "c: b", "b or d: b; d")
