"""The change of a total by exchanging editions: against enumeration, and the level of its test."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.estimates.numbers.exchange import exchange_editions

sizes = st.lists(st.integers(0, 1000), min_size=1, max_size=9)


@given(sizes, st.integers(0, 100))
def test_p_is_that_of_all_exchanges(first, seed):
    """Against the full list of exchanges of up to nine organizations."""
    earlier = np.array(first, dtype=float)
    later = np.random.default_rng(seed).permutation(earlier) * 2
    change = later - earlier
    all_of = np.array([np.dot(signs, change) for signs in product((-1, 1), repeat=len(first))])
    exact = np.mean(np.abs(all_of) >= abs(change.sum()) - 1e-9)
    found = exchange_editions(earlier[:, None], later[:, None]).p_value[0]
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 1999) + 1e-3)


@given(st.integers(0, 400))
def test_limits_and_p_agree_on_no_change(seed):
    random = np.random.default_rng(seed)
    earlier = np.exp(random.normal(3, 2, size=(25, 3)))
    later = earlier * np.exp(random.normal(0.4, 1, size=(25, 3)))
    found = exchange_editions(earlier, later)
    rejected = found.p_value < 0.05
    np.testing.assert_array_equal(rejected, (found.low > 0) | (found.high < 0))
    apart = (found.factor_low > 1) | (found.factor_high < 1)
    np.testing.assert_array_equal(rejected, apart)
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert (found.factor_low <= found.factor).all()
    assert (found.factor <= found.factor_high).all()


def test_the_earlier_and_the_later_edition_are_treated_alike():
    random = np.random.default_rng(2)
    earlier, later = np.exp(random.normal(3, 1, size=(2, 40, 1)))
    there, back = exchange_editions(earlier, later), exchange_editions(later, earlier)
    assert there.p_value == back.p_value
    np.testing.assert_allclose(there.low, -back.high)
    np.testing.assert_allclose(there.factor_low, 1 / back.factor_high, rtol=1e-6)


def test_no_change_is_rejected_five_times_in_a_hundred():
    """2,000 samples of 60 organizations whose sizes spread over ten decades."""
    random = np.random.default_rng(8)
    took_part = random.random((60, 2, 2000)) < 0.6
    common = random.normal(size=(60, 1, 2000))
    numbers = np.exp(2.5 * (0.9 * common + 0.44 * random.normal(size=(60, 2, 2000)))) * took_part
    found = exchange_editions(numbers[:, 0], numbers[:, 1], replicates=399)
    assert 0.04 <= np.mean(found.p_value < 0.05) <= 0.06


def test_a_doubling_is_within_the_limits_of_the_factor():
    random = np.random.default_rng(9)
    took_part = random.random((80, 2, 400)) < 0.6
    numbers = np.exp(random.normal(0, 1.5, size=(80, 2, 400))) * took_part
    found = exchange_editions(numbers[:, 0], 2 * numbers[:, 1], replicates=399)
    held = np.mean((found.factor_low <= 2) & (found.factor_high >= 2))
    assert 0.92 <= held <= 0.98


def test_nobody_changed():
    found = exchange_editions(np.ones((5, 1)), np.ones((5, 1)))
    assert (found.value, found.low, found.high, found.p_value) == (0, 0, 0, 1)
