"""Counts of which at least three values fit all that was published, shown for all counts at once.

Exact bounds take two integer programs for each count. But whoever wants to show that a count has
three values left needs no exact bounds: two solutions of the whole system in which it is two apart
are enough. A solution says something of every count. So the program is solved with random
directions until each count was seen two apart; the few that never were get exact bounds.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.optimize import milp

from tests.attacker.bounds import Program, System
from tests.attacker.reading import Key

__all__ = ["WIDTH", "narrow_counts"]

WIDTH = 3
"""So many values must be left of a small count."""

_ROUNDS, _WITHOUT_NEWS = 40, 6


def narrow_counts(
    system: System, wanted: Iterable[Key], seconds: float = 60.0
) -> dict[Key, tuple[int, int]]:
    """Return the wanted counts that were not shown to have three values, with exact bounds.

    Parameters
    ----------
    system
        Everything that was published.
    wanted
        The counts to look at.
    seconds
        Time for one integer program; any solution that it finds by then counts.
    """
    asked = set(wanted)
    found: dict[Key, tuple[int, int]] = {}
    for part in system.parts():
        targets = [key for key in part if key in asked]
        if targets:
            left = _never_apart(system.program(part), part, set(targets), seconds)
            found |= system.bounds(left, seconds)
    return found


def _never_apart(program: Program, part: list[Key], asked: set[Key], seconds: float) -> list[Key]:
    """Return the counts that no two solutions were found for that are two apart."""
    drawn = np.random.default_rng(1)
    wanted = np.array([key in asked for key in part])
    least, most = np.full(len(part), np.inf), np.full(len(part), -np.inf)
    news = _WITHOUT_NEWS
    for _ in range(_ROUNDS):
        open_ones = wanted & ~(most - least >= WIDTH - 1)
        before = int(open_ones.sum())
        if not before or not news:
            break
        cost = np.where(open_ones, drawn.choice([-1.0, 1.0], len(part)), 0.0)
        for sign in (1, -1):
            solved = milp(
                sign * cost,
                integrality=np.ones(len(part)),
                bounds=program.limits,
                constraints=program.constraints,
                options={"time_limit": seconds, "mip_rel_gap": 0.1},
            )
            if solved.status == 2:
                raise ValueError("what was published contradicts itself")
            if solved.x is not None:
                values = np.rint(solved.x)
                least, most = np.minimum(least, values), np.maximum(most, values)
        after = int((wanted & ~(most - least >= WIDTH - 1)).sum())
        news = _WITHOUT_NEWS if after < before else news - 1
    return [
        key
        for key, far in zip(part, most - least >= WIDTH - 1, strict=True)
        if key in asked and not far
    ]
