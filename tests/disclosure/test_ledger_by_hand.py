"""Columns of the ledger and the register that settles them, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from survey.disclosure.ledger.ledger_column import ENOUGH, Column, changed_answers
from survey.disclosure.ledger.ledger_file import Ledger, read_ledger, refuse_other_key
from survey.disclosure.ledger.register import Register
from survey.disclosure.perturbation.rare_answers import Joined
from survey.errors import DisclosureError
from tests.disclosure.tabulations import by_hand, keys_as_shifts

QUESTION = "deployment|x|answered|"


def column(
    counts: dict[str, tuple[int, int, int, int, int]],
    keys: Sequence[tuple[int, int]] | None = None,
    **changed: object,
) -> Column:
    """Return a column: answer -> published count, base, printed base, true yes, true no."""
    own = [(n + 1, 90 - n) for n in range(len(counts))] if keys is None else keys
    values = {"declined": 0, "hidden": False, "exclusive": True} | changed
    numbers = np.array(list(counts.values()), dtype=np.int64).reshape(-1, 5)
    return Column(tuple(counts), numbers, np.array(own, np.uint64).reshape(-1, 2), **values)


def true_counts(*yes: int, whole: int = 40, shift: int = 0) -> Column:
    """Return a single choice of a, b, ...; keys follow from the counts, and from ``shift``."""
    rows = {answer: (0, 0, 0, n, whole - n) for answer, n in zip("abcdef", yes, strict=False)}
    return column(rows, [(1000 * n + shift, 1000 * (whole - n) + shift) for n in yes])


@pytest.mark.parametrize(
    ("before", "after", "exclusive", "own", "expected"),
    [
        ((10, 30), (10, 30), True, None, 0),
        ((10, 30), (9, 31), True, None, 1),
        ((10, 10, 20), (5, 12, 23), True, None, 5),  # five left a, two came to b, three to c
        ((10, 10, 20), (5, 12, 23), True, {"b", "c"}, 5),  # sides: a changed by five
        ((10, 10, 20), (13, 13, 14), True, None, 6),
        ((10, 10, 20), (13, 13, 14), True, {"a", "b"}, 6),
        ((10, 10, 20), (13, 13, 14), True, {"a"}, 6),
        ((10, 12, 18), (14, 16, 10), True, {"a", "b"}, 8),
        ((10, 12, 18), (14, 16, 10), False, None, 8),
        ((10, 10, 20), (15, 15, 10), False, None, 10),
        ((10, 12, 12, 6), (7, 9, 15, 9), True, None, 6),
        ((10, 12, 12, 6), (7, 9, 15, 9), False, None, 3),
    ],
)
def test_how_many_answers_changed_at_least(
    before: tuple[int, ...],
    after: tuple[int, ...],
    exclusive: bool,
    own: set[str] | None,
    expected: int,
) -> None:
    new = replace(true_counts(*after), exclusive=exclusive)
    known = None if own is None else frozenset(own)
    assert changed_answers(true_counts(*before), new, known) == expected


def test_one_record_for_another_is_a_change_of_one() -> None:
    assert changed_answers(true_counts(10, 30), true_counts(10, 30, shift=5)) == 1


def test_both_sides_count() -> None:
    """Those who did not give any answer may be more or fewer as well."""
    assert changed_answers(true_counts(10, 30, whole=40), true_counts(10, 30, whole=47)) == 7


def test_a_column_takes_the_answers_that_it_lacks() -> None:
    one = column({"a": (3, 9, 9, 3, 6), "b": (6, 9, 9, 6, 3)})
    other = column({"b": (0, 0, 0, 0, 0), "c": (4, 9, 9, 5, 4)}, [(8, 8), (7, 9)])
    both = one.merged(other)
    assert both.answers == ("a", "b", "c")
    assert both.counts.tolist() == [[3, 9, 9, 3, 6], [6, 9, 9, 6, 3], [4, 9, 9, 5, 4]]
    assert both.keys.tolist() == [[1, 90], [2, 89], [7, 9]]
    assert one.merged(one) is one
    assert both.ordered(("c", "a")).counts.tolist() == [[4, 9, 9, 5, 4], [3, 9, 9, 3, 6]]
    assert both.ordered(("c", "a")).keys.tolist() == [[7, 9], [1, 90]]
    assert both.ordered(both.answers) is both


def test_what_is_new_waits_as_if_nobody_had_given_it() -> None:
    known = column({"a": (3, 9, 9, 3, 6), "b": (6, 9, 9, 7, 4)}, [(1, 2), (10, 20)])
    fresh = column({"a": (5, 9, 9, 3, 6), "c": (4, 9, 9, 2, 8), "d": (3, 9, 9, 1, 9)})
    waits = fresh.without_new(known, frozenset({"a", "c"}))
    assert waits.answers == ("a", "c", "d")
    # the base is the largest that was published: 7 + 4 units, with their keys
    assert waits.counts.tolist() == [[5, 9, 9, 3, 6], [0, 0, 0, 0, 11], [3, 9, 9, 1, 9]]
    assert waits.keys.tolist() == [[1, 90], [0, 30], [3, 88]]
    assert fresh.without_new(known, frozenset({"a", "b"})) is fresh
    empty = column({})
    assert fresh.without_new(empty, frozenset({"c"})) is fresh
    assert fresh.counts.tolist()[1] == [4, 9, 9, 2, 8]


@pytest.mark.parametrize(
    ("counts", "shift", "expected"),
    [((10, 30), 0, True), ((10, 29), 0, False), ((10, 30), 1, False), ((10, 30, 5), 0, True)],
)
def test_columns_agree_that_have_the_same_units(
    counts: tuple[int, ...], shift: int, expected: bool
) -> None:
    known = true_counts(10, 30)
    assert known.agrees(true_counts(*counts, shift=shift)) is expected
    assert known.agrees(true_counts(*counts, shift=shift).ordered(("b", "a"))) is expected
    assert known.agrees(column({"z": (0, 0, 0, 7, 7)}))


# ---------------------------------------------------------------- the register


@pytest.fixture
def shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    keys_as_shifts(monkeypatch)


def joined(count: list[list[int]], base: int, shift: int = 1) -> Joined:
    """Return a single choice of one edition in which every count gets the same shift."""
    shifted = [[shift] * len(row) for row in count]
    whole = [[shift * len(row)] * len(row) for row in count]
    cells = by_hand(count, [[base] * len(row) for row in count], shifted, whole)
    nothing = np.zeros(cells.count.shape, dtype=bool)
    return Joined(cells, nothing, nothing)


NAME = f"{QUESTION}|2019|"
SHOWN = np.array([False])


def published(count: list[int], shift: int = 1, **options: object) -> tuple[list[int], Register]:
    register = Register(final=True, **options)
    made = register.perturbed(joined([count], sum(count), shift), [NAME], SHOWN)
    return made.cells.count[0].tolist(), register


@pytest.mark.parametrize(("moved", "kept"), [(1, True), (ENOUGH - 1, True), (ENOUGH, False)])
@pytest.mark.usefixtures("shifts")
def test_a_column_is_drawn_anew_from_twenty_changes_on(moved: int, kept: bool) -> None:
    before, first = published([40, 60])
    assert before == [41, 61]
    after, second = published([40 - moved, 60 + moved], 3, ledger=first.entries("k"))
    assert after == (before if kept else [43 - moved, 63 + moved])
    assert second.waiting == ({NAME: moved} if kept else {})
    assert second.redrawn == (() if kept else (NAME,))
    entry = second.entries("k").columns[NAME]
    assert entry.counts[:, 0].tolist() == after
    assert entry.counts[0, 3] == (40 if kept else 40 - moved)


@pytest.mark.usefixtures("shifts")
def test_what_is_unchanged_waits_for_nothing() -> None:
    _, first = published([40, 60])
    _, second = published([40, 60], ledger=first.entries("k"))
    assert (second.waiting, second.redrawn) == ({}, ())


@pytest.mark.usefixtures("shifts")
def test_a_correction_of_the_question_alone_is_drawn_at_once() -> None:
    _, first = published([40, 60])
    ledger = first.entries("k")
    said = ("2020-01-02", "a file was read twice")
    after, second = published([39, 61], 2, ledger=ledger, corrections={"x": said})
    assert after == [41, 63]
    assert second.redrawn == (NAME,)
    assert second.corrected("x") == "2020-01-02"
    assert second.corrected("y") == ""
    later = second.entries("k")
    assert later.corrections == (("x", *said),)
    assert Register(later).corrected("x") == "2020-01-02"
    kept, third = published([39, 61], 2, ledger=ledger, corrections={"y": said})
    assert kept == [41, 61]
    assert third.waiting == {NAME: 1}


@pytest.mark.usefixtures("shifts")
def test_a_column_is_the_same_in_every_table() -> None:
    _, first = published([40, 60])
    register = Register(first.entries("k"), final=True)
    one = register.perturbed(joined([[38, 62]], 100, 2), [NAME], SHOWN)
    other = register.perturbed(joined([[38, 62]], 100, 2), [NAME], SHOWN)
    assert one.cells.count.tolist() == other.cells.count.tolist() == [[41, 61]]
    assert register.waiting == {NAME: 2}


@pytest.mark.usefixtures("shifts")
def test_other_units_under_the_same_name_have_columns_of_their_own() -> None:
    def made(register: Register, shift: int = 1) -> list[list[int]]:
        groups = ([40, 60], [20, 30], [4, 50], [40, 60])
        found = [
            register.perturbed(joined([each], sum(each), shift), [NAME], SHOWN) for each in groups
        ]
        return [each.cells.count[0].tolist() for each in found]

    first = Register(final=True)
    before = made(first)
    assert before == [[41, 61], [21, 31], [5, 51], [41, 61]]
    assert [*first.used] == [NAME, f"{NAME}|2", f"{NAME}|3"]
    again = Register(first.entries("k"), final=True)
    assert made(again, 2) == before
    assert again.redrawn == ()


@pytest.mark.usefixtures("shifts")
def test_who_declined_and_who_is_hidden_are_kept_too() -> None:
    whole = joined([[40, 60]], 100)
    cells = replace(whole.cells, declined=np.array([7]), declined_keys=np.array([2], np.uint64))
    first = Register(final=True)
    made = first.perturbed(whole._replace(cells=cells), [NAME], np.array([True]))
    assert (made.cells.declined.tolist(), made.hidden.tolist()) == ([9], [True])
    second = Register(first.entries("k"))
    again = second.perturbed(joined([[40, 60]], 100), [NAME], SHOWN)
    assert (again.cells.declined.tolist(), again.hidden.tolist()) == ([9], [True])
    assert again.bases.tolist() == made.bases.tolist() == [[102, 102]]


@pytest.mark.usefixtures("shifts")
def test_statistics_of_numbers_have_columns_of_their_own_once_there_are_both() -> None:
    numbers = joined([[40, 60]], 100, 5)
    scored = replace(numbers.cells, scores=np.ones((1, 2)))
    _, first = published([40, 60])
    alone = Register(first.entries("k"), final=True)
    reprinted = alone.perturbed(numbers._replace(cells=scored), [NAME], SHOWN)
    assert reprinted.cells.count.tolist() == [[41, 61]]
    assert [*alone.used] == [NAME]
    new = Register(final=True)
    new.perturbed(numbers._replace(cells=scored), [NAME], SHOWN)
    assert [*new.used] == [NAME + "|numbers"]
    both = Register(new.entries("k"), final=True)
    both.perturbed(joined([[40, 60]], 100), [NAME], SHOWN)
    assert [*both.used] == [NAME + "|numbers"]
    new.perturbed(joined([[40, 60]], 100), [NAME], SHOWN)
    again = Register(new.entries("k"), final=True)
    again.perturbed(joined([[40, 60]], 100), [NAME], SHOWN)
    again.perturbed(numbers._replace(cells=scored), [NAME], SHOWN)
    assert {*again.used} == {NAME, NAME + "|numbers"}
    assert again.answers_of([NAME, "unknown"]) == ("a", "b")
    for known in (Register(new.entries("k")), new):
        assert known.answers_of([NAME]) == ("a", "b")


@pytest.mark.usefixtures("shifts")
def test_each_base_of_a_multiple_choice_is_kept() -> None:
    """That of the share, those who gave the answer and those who did not, and the printed one."""

    def several(yes: int, shift: int) -> Joined:
        shifts, whole = [[shift, shift]], [[3 * shift, 3 * shift]]
        cells = by_hand([[yes, 60]], [[100, 100]], shifts, whole, exclusive=False)
        nothing = np.zeros((1, 2), dtype=bool)
        return Joined(cells, nothing, nothing)

    first = Register(final=True)
    before = first.perturbed(several(40, 1), [NAME], SHOWN)
    assert before.cells.base.tolist() == [[41 + 62, 61 + 42]]
    assert before.bases.tolist() == [[103, 103]]
    second = Register(first.entries("k"), final=True)
    after = second.perturbed(several(39, 4), [NAME], SHOWN)
    assert after.cells.count.tolist() == before.cells.count.tolist() == [[41, 61]]
    assert after.cells.base.tolist() == before.cells.base.tolist()
    assert after.bases.tolist() == before.bases.tolist()


def test_a_design_effect_is_the_published_one() -> None:
    ledger = Ledger("k", effects={f"{QUESTION}|2019": 1.5})
    register = Register(ledger)
    assert register.effect(f"{QUESTION}|2019", 2.0) == 1.5
    assert register.effect(f"{QUESTION}|2020", 2.0) == 2.0
    assert register.effect(f"{QUESTION}|2020", 3.0) == 2.0
    assert register.entries("k").effects == {f"{QUESTION}|2019": 1.5, f"{QUESTION}|2020": 2.0}
    again = Register(ledger, {"x": ("2020-01-02", "why")})
    assert again.effect(f"{QUESTION}|2019", 2.0) == 2.0


# ---------------------------------------------------------------- the file


def test_every_number_of_a_column_survives_the_disk(tmp_path: Path) -> None:
    own = column({"a": (3, 9, 8, 4, 6), "é": (0, 0, 0, 0, 0)}, [(2**64 - 1, 5), (0, 0)])
    own = replace(own, declined=4, hidden=True, exclusive=False)
    ledger = Ledger("k", {"n": own, "empty": column({})}, {"q": 1.25}, (("x", "day", "why"),), 3.0)
    again = read_ledger(ledger.write(tmp_path / "ledger.json"))
    assert (again.key, again.variance, again.effects) == ("k", 3.0, {"q": 1.25})
    assert again.corrections == (("x", "day", "why"),)
    read = again.columns["n"]
    assert read.answers == ("a", "é")
    assert "é" in (tmp_path / "ledger.json").read_text("utf-8")
    assert read.counts.tolist() == own.counts.tolist()
    assert read.keys.tolist() == own.keys.tolist()
    assert (read.declined, read.hidden, read.exclusive) == (4, True, False)
    assert again.columns["empty"].counts.shape == (0, 5)
    assert again.columns["empty"].keys.shape == (0, 2)
    plain = json.loads((tmp_path / "ledger.json").read_text("utf-8"))
    assert plain["schema"] == 1
    assert plain["about"].startswith("CONFIDENTIAL")


@pytest.mark.parametrize("own", ["", "key-1"])
def test_the_key_of_the_ledger_or_a_first_one_is_taken(own: str) -> None:
    refuse_other_key(Ledger(own), "key-1")


def test_another_key_is_refused_with_what_to_do() -> None:
    with pytest.raises(DisclosureError) as refused:
        refuse_other_key(Ledger("key-1"), "key-2")
    said = str(refused.value)
    assert "got published counts of key-1 beside the key key-2" in said
    assert "put key-1 back from where you keep a copy" in said
