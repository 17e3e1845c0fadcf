"""Counts that are said to have three values left have them, by exact bounds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.attacker.bounds import System
from tests.attacker.reading import Key
from tests.attacker.witness import WIDTH, narrow_counts


def key(name: str) -> Key:
    return ("2019", "deployment", frozenset({("q", name)}))


def drawn_system(seed: int) -> System:
    """Return counts in two overlapping sums, some known closely."""
    drawn = np.random.default_rng(seed)
    system = System()
    true = drawn.integers(0, 9, 8)
    for place, count in enumerate(true.tolist()):
        reach = int(drawn.integers(0, 4))
        system.know(key(str(place)), max(0, count - reach), count + int(drawn.integers(0, 4)))
    for _ in range(3):
        some = drawn.choice(8, 4, replace=False)
        total = int(true[some].sum())
        slack = int(drawn.integers(0, 2))
        terms = dict.fromkeys((key(str(place)) for place in some), 1)
        system.relate(terms, total - slack, total + slack)
    return system


@pytest.mark.parametrize("seed", range(25))
def test_narrow_counts_are_those_of_exact_bounds(seed: int) -> None:
    system = drawn_system(seed)
    every = [key(str(place)) for place in range(8)]
    exact = system.bounds(every)
    narrow = {name: ends for name, ends in exact.items() if ends[1] - ends[0] + 1 < WIDTH}
    found = narrow_counts(system, every)
    assert {n: ends for n, ends in found.items() if ends[1] - ends[0] + 1 < WIDTH} == narrow


def test_there_are_narrow_counts_and_wide_ones() -> None:
    systems = [drawn_system(seed) for seed in range(25)]
    every = [key(str(place)) for place in range(8)]
    number = sum(len(narrow_counts(system, every)) for system in systems)
    assert 10 < number < 190


def test_what_contradicts_itself_is_said() -> None:
    system = System()
    system.know(key("a"), 0, 3)
    system.relate({key("a"): 1}, 5, 9)
    with pytest.raises(ValueError, match="contradicts"):
        narrow_counts(system, [key("a")])
