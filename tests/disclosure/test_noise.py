"""The noise: its table against the method, against others' code, and what keys do to it."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pandas as pd
import pytest
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from cell_key_perturbation.utils.generate_test_data import generate_test_data
from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule
from hypothesis import given
from hypothesis import strategies as st

from survey.disclosure.perturbation.noise import (
    LARGEST,
    VARIANCE,
    PerturbationTable,
    cell_keys,
    chance_table,
    chances,
    perturb,
    perturbation_table,
)
from tests.attacker import noise as outside

COUNTS = st.integers(0, 400)


@pytest.mark.parametrize("true", range(1, 30))
@pytest.mark.parametrize("variance", [2.5, 3.0])
def test_the_chances_have_the_moments_that_the_method_promises(true: int, variance: float) -> None:
    known = chances(true, variance)
    assert sum(known.values()) == pytest.approx(1)
    assert sum(chance * (count - true) for count, chance in known.items()) == pytest.approx(0)
    squares = sum(chance * (count - true) ** 2 for count, chance in known.items())
    assert squares == pytest.approx(variance)
    assert not {1, 2} & known.keys()
    assert max(abs(count - true) for count in known) == LARGEST


def test_new_surveys_get_the_noise_of_the_method_page() -> None:
    assert VARIANCE == 2.5
    for true in (1, 2, 8, 40):
        assert chances(true) == chances(true, 2.5)
    assert (chance_table() == chance_table(2.5)).all()
    assert (perturbation_table().shifts == perturbation_table(2.5).shifts).all()
    counts, sums = np.arange(60), np.arange(60, dtype=np.uint64)
    assert (perturb(counts, sums) == perturb(counts, sums, variance=2.5)).all()
    assert (perturb(counts, sums) != perturb(counts, sums, variance=3.0)).any()


def test_one_and_two_are_published_as_0_and_as_several_counts() -> None:
    """With a variance of 2 they would be 0 or 3 alone, and unique profiles legible."""
    for true in (1, 2):
        known = chances(true)
        assert 0.3 < known[0] < 0.75
        assert 0.2 < known[3] < 0.55
        assert known[4] > 0.05
        assert known[5] > 0.008
        assert known[6] > 0.0003


@pytest.mark.parametrize("variance", [2.5, 3.0])
def test_each_published_count_may_stand_for_as_many_true_ones(variance: float) -> None:
    """No bound is narrower under one table than under the other."""
    shifts = perturbation_table(variance).shifts
    for published in range(3, 12):
        behind = [t for t in range(17) if (shifts[min(t, 8)] == published - t).any()]
        assert behind == list(range(max(1, published - 5), published + 6))
    assert [t for t in range(9) if (shifts[t] == -t).any()] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("true", range(12))
def test_an_outsider_works_out_the_same_chances_in_another_way(true: int) -> None:
    assert chances(true) == pytest.approx(outside.chances(true), abs=1e-6)


@pytest.mark.parametrize("true", range(1, 12))
def test_the_table_gives_each_count_its_chance(true: int) -> None:
    table = perturbation_table()
    keys = np.arange(table.keys)
    shifts = table.look_up(np.full(table.keys, true), keys)
    given = {int(s): float(np.mean(shifts == s)) for s in np.unique(shifts)}
    wanted = {c - true: p for c, p in chances(true).items() if p > 1 / table.keys}
    assert {s: given.get(s, 0.0) for s in wanted} == pytest.approx(wanted, abs=2 / table.keys)


def test_look_up_equals_the_package_of_the_office_for_national_statistics() -> None:
    rules = generate_ptable_10_5_rule()
    rows = generate_test_data(size=4000)
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = create_perturbed_table(
            data=rows,
            ptable=rules,
            geog=["var1"],
            tab_vars=["var5", "var8"],
            record_key="record_key",
            threshold=0,
        )
    matrix = rules.pivot_table(index="pcv", columns="ckey", values="pvalue").sort_index()
    shifts = np.vstack([np.zeros(matrix.shape[1]), matrix.to_numpy()]).astype(np.int8)
    table = PerturbationTable(shifts, period=250)
    ours = table.look_up(theirs["pre_sdc_count"].to_numpy(), theirs["ckey"].to_numpy())
    assert (ours == theirs["pvalue"]).all()
    assert len(theirs) >= 20


def test_look_up_wraps_large_counts_as_the_office_does() -> None:
    rules = generate_ptable_10_5_rule()
    size = 1200
    rows = pd.DataFrame({"a": ["x"] * size, "b": ["y"] * size, "key": np.arange(size) % 4096})
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = create_perturbed_table(rows, rules, ["a"], ["b"], "key", threshold=0)
    one = theirs.iloc[0]
    matrix = rules.pivot_table(index="pcv", columns="ckey", values="pvalue").sort_index()
    shifts = np.vstack([np.zeros(matrix.shape[1]), matrix.to_numpy()]).astype(np.int8)
    ours = PerturbationTable(shifts, period=250).look_up(
        np.array([one["pre_sdc_count"]]), np.array([one["ckey"]])
    )
    assert ours.tolist() == [one["pvalue"]]


@given(st.lists(st.tuples(COUNTS, st.integers(0, 2**64 - 1), st.integers(0, 60)), min_size=1))
def test_published_counts_keep_the_rules(cells: list[tuple[int, int, int]]) -> None:
    counts = np.array([count for count, _, _ in cells])
    sums = np.array([key for _, key, _ in cells], dtype=np.uint64)
    largest = np.minimum(counts, [most for _, _, most in cells])
    published = perturb(counts, sums, largest)
    reach = LARGEST * np.maximum(1, -(-largest // 10))
    assert (published[counts == 0] == 0).all()
    assert (published >= 0).all()
    assert not np.isin(published, [1, 2]).any()
    assert (np.abs(published - counts) <= reach).all()


def test_noise_does_not_depend_on_the_table_that_a_cell_stands_in() -> None:
    sums = np.random.default_rng(1).integers(0, 2**64, 50, dtype=np.uint64)
    counts = np.arange(50)
    order = np.random.default_rng(2).permutation(50)
    assert (perturb(counts, sums)[order] == perturb(counts[order], sums[order])).all()


def test_one_record_more_gives_noise_that_has_nothing_to_do_with_the_noise_before() -> None:
    drawn = np.random.default_rng(3)
    counts = np.full(20_000, 50)
    before = perturb(counts, sums := drawn.integers(0, 2**64, 20_000, dtype=np.uint64)) - counts
    after = perturb(counts, sums + np.uint64(1)) - counts
    assert abs(np.corrcoef(before, after)[0, 1]) < 0.03


def test_cell_keys_are_even_over_their_range() -> None:
    found = cell_keys(np.arange(200_000, dtype=np.uint64), 16)
    assert np.bincount(found) / 200_000 == pytest.approx(np.full(16, 1 / 16), abs=0.003)
