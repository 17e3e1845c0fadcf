"""Perturbed counts, joined groups and rare answers, worked out by hand: keys are the shifts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.disclosure.perturbation.counts import (
    as_printed,
    joined_groups,
    over_shown,
    perturbed,
    printed_bases,
    with_nobody,
    without_groups,
)
from survey.disclosure.perturbation.rare_answers import IN_A_UNION, Joined, joined_rare
from survey.estimates.tidy import Base
from survey.responses import ANOTHER
from tests.disclosure.tabulations import by_hand, keys_as_shifts


@pytest.fixture(autouse=True)
def shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    keys_as_shifts(monkeypatch)


def test_the_base_of_a_single_choice_is_the_sum_of_its_parts_and_of_the_rest() -> None:
    cells = by_hand([[30, 20, 40]], [[100] * 3], [[2, -3, 1]], [[7] * 3])
    shown = perturbed(cells)
    assert shown.count.tolist() == [[32, 17, 41]]
    # the rest: 10 units, with the keys of the base less those of the answers: 7 - 0
    assert shown.base.tolist() == [[107, 107, 107]]
    assert printed_bases(cells, shown).tolist() == shown.base.tolist()
    assert shown.weighted_base.tolist() == [[107.0] * 3]


def test_elsewhere_those_who_did_not_give_an_answer_are_perturbed_too() -> None:
    cells = by_hand([[30, 20]], [[100, 100]], [[2, -3]], [[5, 5]], exclusive=False)
    cells = replace(cells, largest=np.array([[2, 1]]), largest_other=np.array([[1, 3]]))
    shown = perturbed(cells)
    assert shown.count.tolist() == [[34, 17]]
    assert shown.base.tolist() == [[34 + 70 + 3, 17 + 80 + 3 * 8]]


UNION = {"answers": ("a", "b", "c", "a or b"), "parts": ((0,), (1,), (2,), (0, 1))}


@pytest.mark.parametrize(
    ("own_noise", "union_shift", "expected"),
    [
        (False, 9, 32 + 17),  # the sum of its parts
        (True, 9, 59),  # noise of its own
        (True, -30, 32),  # no less than its largest part
        (True, 70, 97),  # no more than the whole
    ],
)
def test_a_union_of_a_single_choice(own_noise: bool, union_shift: int, expected: int) -> None:
    shifts = [[2, -3, -2, union_shift]]
    cells = by_hand([[30, 20, 50, 50]], [[100] * 4], shifts, [[-3] * 4], **UNION)
    alone = np.array([[False, False, False, own_noise]])
    shown = perturbed(cells, alone)
    assert shown.count.tolist() == [[32, 17, 48, expected]]
    assert shown.base.tolist() == [[97] * 4]
    if not own_noise:
        assert perturbed(cells).count.tolist() == shown.count.tolist()


@pytest.mark.parametrize(("shift", "count", "base"), [(-5, 45, 102), (-25, 32, 109), (1, 51, 102)])
def test_a_union_of_several_choices_holds_its_parts(shift: int, count: int, base: int) -> None:
    """Where it is raised to a part, its base is raised as much: others stay who they were."""
    cells = by_hand(
        [[30, 20, 50, 50]], [[100] * 4], [[2, -3, -2, shift]], [[2] * 4], exclusive=False, **UNION
    )
    shown = perturbed(cells)
    assert shown.count[0, 3] == count
    assert shown.base[0, 3] == base


def test_ranks_are_no_more_than_the_answer_that_they_divide() -> None:
    cells = by_hand(
        [[20, 15, 5]],
        [[60] * 3],
        [[-4, 3, 1]],
        [[0] * 3],
        exclusive=False,
        shown=(0,),
        ranked=((1, 2),),
    )
    assert perturbed(cells).count.tolist() == [[16, 16, 6]]


def test_where_nobody_is_in_the_base_there_is_nothing() -> None:
    cells = by_hand([[0, 4], [0, 0]], [[0, 9], [0, 0]], [[5, 1], [5, 5]], [[0, 0]] * 2)
    several = replace(cells, exclusive=False)
    for shown in (perturbed(cells), perturbed(several)):
        assert shown.count.tolist() == [[0, 5], [0, 0]]
        assert (shown.base == 0).tolist() == [[True, False], [True, True]]


def test_those_who_declined_are_perturbed_and_lose_their_keys() -> None:
    cells = by_hand([[4], [4]], [[9], [9]])
    cells = replace(cells, declined=np.array([6, 0]), declined_keys=np.array([3, 0], np.uint64))
    shown = perturbed(cells)
    assert shown.declined.tolist() == [9, 0]
    assert shown.declined_keys.tolist() == [0, 0]


def test_one_base_is_printed_for_answers_that_share_their_units() -> None:
    """At least as large as every count beside it, and nothing where nobody could answer."""
    cells = by_hand(
        [[30, 20, 5, 0]],
        [[40, 40, 25, 0]],
        [[14, 0, 0, 0]],
        [[1, 1, 2, 3]],
        exclusive=False,
    )
    shown = perturbed(cells)
    assert shown.count.tolist() == [[44, 20, 5, 0]]
    assert printed_bases(cells, shown).tolist() == [[44, 44, 27, 0]]
    alike = by_hand([[30, 20]], [[40, 40]], [[2, 0]], [[1, 1]], exclusive=False)
    assert printed_bases(alike, perturbed(alike)).tolist() == [[41, 41]]
    apart = by_hand([[30, 38]], [[40, 40]], [[2, 5]], [[1, 2]], exclusive=False)
    assert printed_bases(apart, perturbed(apart)).tolist() == [[41, 43]]
    both = by_hand([[30, 20], [9, 9]], [[40] * 2, [12] * 2], [[2, 0]] * 2, [[1, 1]] * 2)
    both = replace(both, exclusive=False)
    assert printed_bases(both, perturbed(both)).tolist() == [[41, 41], [13, 13]]


def test_a_base_of_one_is_a_base() -> None:
    """Where noise leaves it: nothing is printed where the base is 0 alone."""
    cells = by_hand([[1, 0]], [[1, 1]], [[0, 0]], [[0, 0]], exclusive=False)
    shown = perturbed(cells)
    assert (shown.count.tolist(), shown.base.tolist()) == ([[1, 0]], [[1, 1]])
    assert printed_bases(cells, shown).tolist() == [[1, 1]]


def test_limits_follow_from_printed_shares_and_bases_alone() -> None:
    single = by_hand([[30, 20]], [[50, 50]])
    assert as_printed(single, single.base) is single
    several = by_hand([[30, 0]], [[47, 0]], exclusive=False)
    seen = as_printed(several, np.array([[50, 0]]))
    assert seen.weighted_count == pytest.approx(np.array([[0.64 * 50, 0.0]]))  # 30 of 47: 64 %
    assert seen.weighted_base.tolist() == [[50.0, 0.0]]
    assert seen.base.tolist() == [[50, 0]]


# ---------------------------------------------------------------- groups that are joined


def test_joined_groups_add_counts_and_keys_and_keep_the_largest_organization() -> None:
    keys = [[2**64 - 1, 1], [3, 4], [5, 6]]
    cells = by_hand([[3, 4], [5, 6], [7, 8]], [[9] * 2, [12] * 2, [20] * 2])
    cells = replace(
        cells,
        count_keys=np.array(keys, np.uint64),
        largest=np.array([[3, 1], [2, 5], [1, 1]]),
        largest_other=np.array([[1, 1], [4, 0], [1, 1]]),
        organizations=np.array([4, 6, 9]),
        declined=np.array([1, 2, 3]),
        weighted_count=np.array([[1.5, 1.0], [2.5, 1.0], [1.0, 1.0]]),
        presence=np.array(
            [["not offered", "empty"], ["empty", "ok"], ["ok", "not available"]], dtype=object
        ),
    )
    joined = joined_groups(cells, {"edition": {"g": "g and h", "h": "g and h"}, "else": {"i": "x"}})
    assert joined.groups == (("g and h",), ("i",))
    assert joined.count.tolist() == [[8, 10], [7, 8]]
    assert joined.base.tolist() == [[21, 21], [20, 20]]
    assert joined.count_keys.tolist() == [[2, 5], [5, 6]]  # modulo 2**64
    assert joined.largest.tolist() == [[3, 5], [1, 1]]
    assert joined.largest_other.tolist() == [[4, 1], [1, 1]]
    assert joined.organizations.tolist() == [6, 9]
    assert joined.declined.tolist() == [3, 3]
    assert joined.weighted_count.tolist() == [[4.0, 2.0], [1.0, 1.0]]
    assert joined.presence.tolist() == [["empty", "ok"], ["ok", "not available"]]


def test_groups_that_join_nothing_are_renamed_alone() -> None:
    cells = by_hand([[3], [5]], [[9], [9]])
    joined = joined_groups(cells, {"edition": {"g": "other"}})
    assert joined.groups == (("other",), ("h",))
    assert joined.count is cells.count


def test_organizations_that_nobody_counted_stay_uncounted() -> None:
    cells = by_hand([[3], [5], [1]], [[9], [9], [9]])
    assert not len(joined_groups(cells, {"edition": {"g": "x", "h": "x"}}).organizations)
    left = without_groups(cells, np.array([True, False, False]))
    assert left.groups == (("h",), ("i",))
    assert left.count.tolist() == [[5], [1]]
    assert not len(left.organizations)
    counted = replace(cells, organizations=np.array([4, 5, 6]))
    assert without_groups(counted, np.array([True, False, False])).organizations.tolist() == [5, 6]


def test_nobody_is_in_a_further_group() -> None:
    cells = by_hand([[3, 4]], [[9, 9]])
    wider = with_nobody(cells, [("x",), ("y",)])
    assert wider.groups == (("g",), ("x",), ("y",))
    assert wider.count.tolist() == [[3, 4], [0, 0], [0, 0]]
    assert wider.base_keys.dtype == cells.base_keys.dtype
    assert wider.presence.tolist()[1:] == [["empty", "empty"]] * 2
    assert (wider.declined.tolist(), len(wider.organizations)) == ([0, 0, 0], 0)


# ---------------------------------------------------------------- rare answers


def test_rare_answers_are_one_with_all_that_they_had() -> None:
    cells = by_hand(
        [[30, 2, 3], [20, 4, 0]],
        [[35] * 3, [24] * 3],
        [[1, 2, 4], [1, 2, 4]],
        [[7] * 3, [6] * 3],
        columns={"item": ("x", "y", "z")},
    )
    cells = replace(
        cells,
        largest=np.array([[9, 2, 3], [9, 1, 0]]),
        weighted_count=np.array([[1.0, 2.5, 3.0], [1.0, 1.0, 0.0]]),
        presence=np.array([["ok", "empty", "ok"], ["ok", "ok", "empty"]], dtype=object),
    )
    rare = np.array([[False, True, True], [False, False, False]])
    joined, gone, alone, *_ = joined_rare(cells, rare)
    assert joined.answers == ("a", "b", "c", ANOTHER)
    assert joined.count.tolist() == [[30, 0, 0, 5], [20, 4, 0, 0]]
    assert joined.base.tolist() == [[35, 0, 0, 35], [24, 24, 24, 0]]
    assert joined.count_keys.tolist() == [[1, 0, 0, 6], [1, 2, 4, 0]]
    assert joined.base_keys.tolist() == [[7, 0, 0, 7], [6, 6, 6, 0]]
    assert joined.largest.tolist() == [[9, 0, 0, 3], [9, 1, 0, 0]]
    assert joined.weighted_count.tolist() == [[1.0, 0.0, 0.0, 5.5], [1.0, 1.0, 0.0, 0.0]]
    assert joined.presence[:, -1].tolist() == ["ok", "ok"]
    assert joined.parts == ((0,), (1,), (2,), (3,))
    assert joined.shown == (0, 1, 2, 3)
    assert joined.columns == {"item": ("x", "y", "z", "")}
    assert gone.tolist() == [[False, True, True, False], [False, False, False, True]]
    assert not alone.any()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("not offered", "ok", "ok"),
        ("not offered", "empty", "empty"),
        ("empty", "ok", "ok"),
        ("ok", "empty", "ok"),
        ("not offered", "not available", "not offered"),
    ],
)
def test_a_union_of_rare_answers_is_there_where_one_of_them_is(
    first: str, second: str, expected: str
) -> None:
    presence = np.array([["ok", first, second], ["empty"] * 3], dtype=object)
    cells = by_hand([[30, 0, 0], [0] * 3], [[30] * 3, [0] * 3], presence=presence)
    joined, *_ = joined_rare(cells, np.array([[False, True, True], [False] * 3]))
    assert joined.presence[0, -1] == expected


def test_another_answer_joins_the_rare_ones_of_its_group() -> None:
    cells = by_hand([[30, 2, 6], [9, 9, 2]], [[38] * 3, [20] * 3], answers=("a", "b", ANOTHER))
    joined, gone, *_ = joined_rare(cells, np.array([[False, True, False], [False] * 3]))
    assert joined.count.tolist() == [[30, 0, 0, 8], [9, 9, 2, 0]]
    assert gone[0].tolist() == [False, True, True, False]


def test_nothing_is_joined_without_rare_answers_or_in_a_multiple_choice() -> None:
    cells = by_hand([[30, 2]], [[32] * 2])
    for each, rare in ((cells, [[False, False]]), (replace(cells, exclusive=False), [[0, 1]])):
        joined, gone, alone, *_ = joined_rare(each, np.array(rare, dtype=bool))
        assert joined is each
        assert not gone.any()
        assert not alone.any()


def test_rare_answers_that_the_table_does_not_show_make_no_row() -> None:
    cells = by_hand([[30, 2, 3]], [[35] * 3], shown=(0,))
    joined, *_ = joined_rare(cells, np.array([[False, True, True]]))
    assert joined.shown == (0,)


def test_rare_answers_in_a_shown_union_are_counted_there_alone() -> None:
    cells = by_hand(
        [[30, 2, 3, 5]],
        [[37] * 4],
        answers=("a", "b", "c", "b or d"),
        parts=((0,), (1,), (2,), (1,)),
        shown=(0, 2, 3),
    )
    joined, gone, alone, *_ = joined_rare(cells, np.array([[False, True, True, False]]))
    assert joined.answers == ("a", "b", "c", "b or d", ANOTHER, IN_A_UNION)
    assert joined.count.tolist() == [[30, 0, 0, 5, 3, 2]]
    assert joined.shown == (0, 2, 3, 4)
    assert gone.tolist() == [[False, True, True, False, False, False]]
    assert alone.tolist() == [[False, False, False, True, False, False]]


def test_answers_of_unions_and_given_ones_are_known_by_group() -> None:
    cells = by_hand([[30, 2, 32]], [[40] * 3], parts=((0,), (1,), (0, 1)))
    given = np.array([False, True, False])
    gone = np.array([[False, True, False]])
    plain = Joined(cells, gone, gone)
    assert plain.given_in(0) == []
    assert plain.own == {"a", "b"}
    named = plain._replace(names=("A", "B", "C"))
    assert named.own == {"A", "B"}
    wider = joined_rare(by_hand([[30, 2, 3]], [[35] * 3]), np.array([[False, True, True]]))
    some, all_of_them = np.array([False, True, False]), np.array([False, True, True])
    assert wider._replace(given=some).given_in(0) == []
    assert wider._replace(given=all_of_them).given_in(0) == [ANOTHER]
    assert plain._replace(given=given).given_in(0) == []
    assert plain._replace(given=given, gone=~given[None]).given_in(0) == ["b"]
    assert wider._replace(given=all_of_them).all_given == {"b", "c"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [52, 52, 52, 52]),  # c and "a or b" divide the whole: 3 + 49
        ({"shown": (0, 3)}, [97] * 4),  # nothing shown holds c
        ({"shown": (0, 2, 3)}, [97] * 4),  # a would count twice
        ({"exclusive": False}, [97] * 4),
        ({"alone": False}, [97] * 4),
        ({"base": 120}, [52] * 4),  # no true count decides: a base of 97 would tell of the 20
        ({"whole": Base.ASKED}, [97] * 4),  # those who did not answer are in no row
        ({"whole": Base.ALL}, [97] * 4),
    ],
)
def test_rows_that_divide_a_whole_add_up_to_it(
    changed: dict[str, object], expected: list[int]
) -> None:
    own = {"shown": (2, 3), "exclusive": True} | {
        name: value for name, value in changed.items() if name in ("shown", "exclusive")
    }
    base = changed.get("base", 100)
    cells = by_hand([[30, 20, 50, 50]], [[base] * 4], **(UNION | own))
    nothing = np.zeros((1, 4), dtype=bool)
    alone = nothing.copy()
    alone[0, 3] = changed.get("alone", True)
    public = cells.with_counts(np.array([[29, 20, 3, 49]]), np.full((1, 4), 97))
    whole = Base(str(changed.get("whole", Base.ANSWERED)))
    shown, bases = over_shown(Joined(cells, nothing, alone), public, public.base, whole)
    assert shown.base.tolist() == [expected]
    assert bases.tolist() == [expected]
    assert shown.count.tolist() == [[29, 20, 3, 49]]


def test_an_empty_group_keeps_no_other_from_adding_up() -> None:
    cells = by_hand(
        [[30, 20, 50, 50], [0] * 4], [[100] * 4, [0] * 4], **(UNION | {"shown": (2, 3)})
    )
    alone = np.array([[False, False, False, True]] * 2)
    public = cells.with_counts(np.array([[29, 20, 3, 49], [0] * 4]), np.array([[97] * 4, [0] * 4]))
    shown, _ = over_shown(Joined(cells, alone & False, alone), public, public.base)
    assert shown.base.tolist() == [[52] * 4, [0] * 4]


@pytest.mark.parametrize(("parts", "expected"), [((0, 1), 52), ((0, 1, 4), 97)])
def test_another_answer_that_no_row_shows_divides_nothing(
    parts: tuple[int, ...], expected: int
) -> None:
    """Rare answers that are not shown are in no union that is; one that holds them counts."""
    cells = by_hand(
        [[30, 20, 50, 50, 0]],
        [[100] * 5],
        answers=("a", "b", "c", "a or b", ANOTHER),
        parts=((0,), (1,), (2,), parts, (4,)),
        shown=(2, 3) if len(parts) == 2 else (3,),
    )
    flags = np.array([[False, True, False, False, False]])
    alone = np.array([[False, False, False, True, False]])
    public = cells.with_counts(np.array([[29, 20, 3, 49, 0]]), np.full((1, 5), 97))
    shown, _ = over_shown(Joined(cells, flags, alone), public, public.base)
    assert shown.base[0, 0] == expected


def test_an_unlisted_answer_that_no_row_shows_moves_no_base() -> None:
    """It stands among the answers since somebody gave it; the union of rare ones has its name."""
    own = {
        "answers": ("a", "b", "c", ANOTHER, "a or b", ANOTHER),
        "parts": ((0,), (1,), (2,), (3,), (0, 1), (5,)),
        "shown": (2, 4),
    }
    cells = by_hand([[30, 0, 50, 0, 49, 21]], [[101] * 6], **own)
    gone = np.array([[False, True, False, True, False, False]])
    alone = np.array([[False, False, False, False, True, False]])
    public = cells.with_counts(np.array([[29, 0, 3, 0, 49, 20]]), np.full((1, 6), 101))
    shown, bases = over_shown(Joined(cells, gone, alone), public, public.base)
    assert shown.base.tolist() == bases.tolist() == [[52, 52, 52, 0, 52, 52]]
    assert not shown.known[0, 3]  # nor does a limit allow for its noise
