"""What is computed for many questions at once is what each of them has alone."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from survey.estimates import share, topline
from survey.estimates.examples import answers as example
from survey.estimates.precision.imprecision import judge, near_width
from survey.estimates.precision.intervals import (
    adjusted_size,
    jeffreys,
    korn_graubard,
    unified,
    unified_low,
)
from survey.estimates.tabulation.runs import added, tallied
from survey.estimates.tabulation.sums import Groups, Parts, cells, sums_of
from survey.estimates.tabulation.tallies import Tallies
from tests.estimates import builders as make

runs = st.lists(st.integers(1, 40), min_size=1, max_size=12)
seeds = st.integers(0, 2**32 - 1)
ROUNDING = {"rtol": 1e-12, "atol": 1e-12}


@cache
def invented(seed):
    return make.invented(seed, clouds=60, organizations=25)


@given(runs, st.integers(1, 3), seeds)
def test_runs_are_added_as_numpy_adds_them(sizes, width, seed):
    values = np.random.default_rng(seed).integers(-9, 9, (sum(sizes), width))
    starts = np.cumsum([0, *sizes[:-1]])
    assert added(values, starts).tolist() == np.add.reduceat(values, starts, axis=0).tolist()


@given(runs, seeds)
def test_sums_of_keys_wrap_around(sizes, seed):
    keys = np.random.default_rng(seed).integers(0, 2**64, (sum(sizes), 1), dtype=np.uint64)
    starts = np.cumsum([0, *sizes[:-1]])
    whole = [sum(int(key) for key in run) for run in np.split(keys[:, 0], starts[1:])]
    assert added(keys, starts, np.uint64)[:, 0].tolist() == [total % 2**64 for total in whole]


@given(st.lists(st.integers(1, 300), max_size=12), st.integers(1, 3), st.floats(0, 1), seeds)
def test_true_values_of_runs_are_counted(sizes, width, often, seed):
    random = np.random.default_rng(seed)
    flags = random.random((sum(sizes) + 5, width)) < often
    rows = random.permutation(len(flags))[: sum(sizes)]
    starts = np.cumsum([0, *sizes])[: len(sizes)]
    expected = (
        [flags[run].sum(axis=0).tolist() for run in np.split(rows, starts[1:])] if sizes else []
    )
    assert tallied(flags, rows, starts).tolist() == expected


@given(st.integers(1, 400), st.integers(1, 4), st.sampled_from([1, 2, 20, 400]), seeds)
def test_cells_of_whole_numbers_are_those_of_sums(units, groups, clusters, seed):
    """Counts exactly; variances by squared residuals, and so up to what they lose."""
    random = np.random.default_rng(seed)
    cluster = random.integers(0, clusters, units)
    domain = random.random((units, 2)) < 0.7
    place = np.array([0, 0, 1, 1])
    given_ = (random.random((units, 4)) < [0.02, 0.5, 0.98, 1.0]) & domain[:, place]
    parts = Parts.of(Groups(random.integers(-1, groups, units), groups), cluster, clusters)
    found = Tallies.of(parts, given_, domain, place)
    sums = sums_of(parts, given_, domain, place)
    whole, parted = found.cells(), cells(sums)
    for name in ("count", "base", "clusters", "alone", "weighted_base"):
        assert np.array_equal(getattr(whole, name), getattr(parted, name)), name
    for name in ("share", "variance", "voices"):
        np.testing.assert_allclose(
            getattr(whole, name), getattr(parted, name), err_msg=name, **ROUNDING
        )
    again = found.sums(slice(2, 4), slice(1, 2))
    assert np.array_equal(again.chosen, sums.chosen[:, 2:])
    assert np.array_equal(again.domain, sums.domain[:, 1:])


@given(st.lists(st.integers(1, 3000), max_size=4), st.integers(2, 70), st.booleans(), seeds)
def test_equal_columns_have_equal_sums_however_many_there_are(sizes, width, turned, seed):
    sizes = [*sizes, 40]
    column = np.random.default_rng(seed).random((sum(sizes), 1))
    starts = np.cumsum([0, *sizes[:-1]])
    beside = np.repeat(column, width, axis=1)
    if turned:
        beside = np.asfortranarray(beside)
    assert (added(beside, starts) == added(column, starts)).all()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"by": "edition"},
        {"by": "tools"},
        {"by": "stage", "base": "asked"},
        {"base": "all", "interval": "beta"},
        {"unit": "organization"},
        {"unit": "deployment", "cluster": None, "interval": "wilson"},
        {"by": "edition", "interval": "bootstrap"},
        {"unit": "deployment", "top": 2},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [1, 5])
def test_a_topline_is_the_shares_of_every_question(options, seed):
    for concept, table in topline(invented(seed), **options).items():
        alone = share(invented(seed), concept, **options)
        pd.testing.assert_frame_equal(table.frame, alone.frame, **ROUNDING)
        assert (table.spec, table.notes, table.title) == (alone.spec, alone.notes, alone.title)
        assert (table.several, table.ordered) == (alone.several, alone.ordered)


def test_questions_that_do_not_fit_at_once_are_counted_in_blocks(monkeypatch):
    whole = topline(invented(3), "stage")
    monkeypatch.setattr("survey.estimates.tabulation.counting._AT_ONCE", 1)
    for concept, table in topline(invented(3), "stage").items():
        pd.testing.assert_frame_equal(table.frame, whole[concept].frame, **ROUNDING)


def test_a_frame_is_made_when_somebody_looks_and_is_the_reader_s_own():
    first, second, *_ = topline(example()).values()
    assert not isinstance(vars(first)["frame"], pd.DataFrame)
    assert list(first.frame.index) == list(range(len(first)))
    before = second.frame.copy()
    first.frame["value"] = 0.0
    pd.testing.assert_frame_equal(second.frame, before)
    assert first.frame is first.frame


@given(st.floats(100, 1e5), st.floats(1e-4, 1 - 1e-4))
def test_no_interval_of_many_units_has_thirty_points(size, share):
    """So that judging a share need not look it up: the bound is Hoeffding's, the limits exact."""
    low = beta.ppf(0.025, size * share, size * (1 - share) + 1)
    high = beta.ppf(0.975, size * share + 1, size * (1 - share))
    assert high - low < 0.3


@given(st.floats(0.001, 0.999), st.floats(30, 400), st.floats(0.1, 1.0), st.floats(0.1, 1.0))
def test_a_share_is_judged_by_its_interval_wherever_that_matters(share, size, own, pooled):
    """The same rules with every interval looked up."""
    n_eff, df = size * own, 60.0
    low, high = korn_graubard(share, adjusted_size(n_eff, size, df, 0.95), 0.95)
    width = float(high - low)

    def expected(effective, relative):
        wide = relative and width > 0.05 and width > 1.3 * share
        rules = zip((2, 3, 4), (effective < 30, width >= 0.3, wide), strict=True)
        return next((number for number, broken in rules if broken), 0)

    of_question = judge(share, size, n_eff, df, pooled=size * pooled)
    assert int(of_question.rule) == expected(size * pooled, relative=False)
    assert int(of_question.review) == 0
    assert int(judge(share, size, n_eff, df).rule) == expected(n_eff, relative=True)


@given(st.floats(5, 1e6), st.floats(0, 1))
def test_a_width_that_is_far_from_its_limits_is_good_to_two_per_cent(size, share):
    low, high = korn_graubard(share, size, 0.95)
    near = near_width(np.array([share]), np.array([size]))
    np.testing.assert_allclose(near, high - low, rtol=0.02)


@given(st.floats(0.001, 0.999), st.floats(2, 1e5), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_unified_interval_is_jeffreys_with_the_nearer_of_two_limits(share, size, level):
    """With every quantile looked up, where the interval itself leaves some out."""
    low, high = jeffreys(share, size, level)
    nobody = 1 - (1 - level) ** (1 / size)
    a, b = size * share + 0.5, size * (1 - share) + 0.5
    if low < nobody:
        low = max(low, min(beta.ppf(1 - level, a, b), nobody, share))
    if high > 1 - nobody:
        high = min(high, max(beta.ppf(level, a, b), 1 - nobody, share))
    found = unified(share, size, level)
    np.testing.assert_allclose(found, (low, high), rtol=1e-11, atol=1e-13)
    if share <= 0.5:
        one = unified_low(np.array([share]), np.array([size]), level)
        np.testing.assert_allclose(one, found.low, rtol=1e-12)
