"""What a part beside its whole tells: against enumeration, and against drawn noise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from survey.disclosure.perturbation.noise import perturb
from tests.attacker.noise import chances
from tests.attacker.reading import Cell, PublishedTable
from tests.attacker.wholes import beside_their_wholes

MANY = 40
PRIOR = np.full(MANY, 1 / MANY)


def cell(group: str, count: int, base: int) -> Cell:
    pairs = frozenset({("stage", group)}) if group else frozenset()
    key = ("2020", "deployment", pairs | {("release", "Juno")})
    return Cell(key, pairs, "Juno", count, base, "ok")


def tables(whole: int, parts: list[int]) -> list[PublishedTable]:
    about = ("2020", "deployment", "release")
    alone = (cell("", whole, 40 * len(parts)),)
    by_stage = tuple(cell(f"stage {n}", count, 40) for n, count in enumerate(parts))
    return [
        PublishedTable("f", "release", *about, (), True, "answered", alone),
        PublishedTable("f", "by_stage", *about, ("stage",), True, "answered", by_stage),
    ]


def enumerated(whole: int, parts: list[int], place: int) -> np.ndarray:
    """Add up the chance of every combination of true parts by the rule itself."""
    found = np.zeros(MANY)
    behind = [[t for t in range(16) if count in chances(t)] for count in parts]
    for true in itertools.product(*behind):
        likely = np.prod(
            [chances(t)[p] for n, (t, p) in enumerate(zip(true, parts, strict=True)) if n != place]
        )
        filled = [n for n, t in enumerate(true) if t]
        alike = len(filled) == 1
        shown = parts[filled[0]] == whole if alike else chances(sum(true)).get(whole, 0.0)
        found[true[place]] += likely * shown
    return found


@pytest.mark.parametrize(
    ("whole", "parts"), [(5, [5, 0]), (6, [5, 0]), (9, [4, 5, 0]), (4, [4, 0, 0]), (3, [0, 0, 0])]
)
def test_parts_beside_a_whole_are_weighed_as_by_enumeration(whole: int, parts: list[int]) -> None:
    found = beside_their_wholes(tables(whole, parts), PRIOR)
    for place in range(len(parts)):
        own = cell(f"stage {place}", parts[place], 40).key
        wanted = enumerated(whole, parts, place)
        behind = wanted > 0
        ratio = found[own][behind] / wanted[behind]
        assert np.allclose(ratio, ratio[0])


def test_alike_tells_that_the_rest_may_be_empty_and_unlike_that_it_is_not() -> None:
    rest = cell("stage 1", 0, 40).key
    alike = beside_their_wholes(tables(12, [12, 0]), PRIOR)[rest]
    unlike = beside_their_wholes(tables(13, [12, 0]), PRIOR)[rest]
    assert alike[0] > 4 * alike[1:6].max()
    assert unlike[0] < 1e-12  # nothing but rounding


def test_said_chances_come_true() -> None:
    """Drawn parts and wholes: of what is said to be empty with a chance, so many are."""
    drawn = np.random.default_rng(4)
    size = 40_000
    rest = np.where(drawn.random(size) < 0.5, 0, drawn.integers(1, 6, size))
    part = drawn.integers(8, 20, size)
    keys = drawn.integers(1, 2**63, (2, size), dtype=np.uint64) * (np.array([part, rest]) > 0)
    shown = perturb(part, keys[0]), perturb(rest, keys[1])
    whole = perturb(part + rest, keys.sum(axis=0, dtype=np.uint64))
    alike = (shown[1] == 0) & (whole == shown[0]) & (shown[0] == 12)
    prior = np.where(np.arange(MANY) == 0, 0.5, np.where(np.arange(MANY) < 6, 0.1, 1e-9))
    fit = beside_their_wholes(tables(12, [12, 0]), prior)[cell("stage 1", 0, 40).key]
    weight = prior * fit * [chances(t).get(0, 0.0) for t in range(MANY)]
    said = weight[0] / weight.sum()
    assert alike.sum() > 400
    assert abs((rest[alike] == 0).mean() - said) < 0.05
