"""Capture and recapture: worked examples, and simulated lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError
from survey.estimates.numbers.capture import chao_lower_bound, chapman


def test_the_turtles_come_out_to_the_last_digit():
    """The example of Wikipedia's article on mark and recapture: 28.3, and 22 to 65."""
    found = chapman(10, 15, 5)
    assert round(found.value, 1) == 28.3
    assert (round(found.low), round(found.high)) == (22, 65)


def test_chaos_bound_of_the_cottontail_rabbits():
    """Edwards and Eberhardt (1967): 76 rabbits seen, 43 once and 16 twice; 135 were there."""
    found = chao_lower_bound(76, 43, 16)
    assert found.value == pytest.approx(76 + 43 * 42 / 34)
    assert found.low < 135 < found.high


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_nobody_on_a_list_is_missing_from_the_estimate(only_first, only_second, both):
    found = chapman(only_first + both, only_second + both, both)
    assert found.observed == only_first + only_second + both
    assert found.observed <= found.low <= found.value + 1e-9 <= found.high + 1e-9


def test_two_independent_lists_find_the_size_of_the_population():
    """Over 4,000 pairs of lists of 300 members: no bias, and 95 % intervals hold 93 to 97 %."""
    random = np.random.default_rng(5)
    first, second = random.random((4000, 300)) < 0.4, random.random((4000, 300)) < 0.3
    sizes = zip(first.sum(1), second.sum(1), (first & second).sum(1), strict=True)
    found = [chapman(*map(int, each)) for each in sizes]
    assert np.mean([each.value for each in found]) == pytest.approx(300, rel=0.01)
    held = np.mean([each.low <= 300 <= each.high for each in found])
    assert 0.93 <= held <= 0.97
    spread = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(spread, rel=0.05)


def test_the_lower_bound_stays_below_unequal_chances():
    random = np.random.default_rng(6)
    chance = random.beta(0.5, 2, size=(2000, 400))
    seen = random.binomial(4, chance)
    bounds = [
        chao_lower_bound(int((row > 0).sum()), int((row == 1).sum()), int((row == 2).sum())).value
        for row in seen
    ]
    assert np.mean(bounds) < 400


@pytest.mark.parametrize("sizes", [(3, 4, 5), (3, 4, -1), (-1, 4, 0)])
def test_an_impossible_overlap_is_refused(sizes):
    with pytest.raises(EstimateError, match="overlap"):
        chapman(*sizes)


def test_the_standard_error_of_chapmans_estimate_is_sebers():
    """Seber (1970): (n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)^2 (m + 2))."""
    assert chapman(10, 15, 5).se == pytest.approx(np.sqrt(11 * 16 * 5 * 10 / (6**2 * 7)))
    assert chapman(30, 8, 4).se == pytest.approx(np.sqrt(31 * 9 * 26 * 4 / (5**2 * 6)))
