"""Shares of independent clouds, without simulation: every interval summed over the binomial.

Coverage of Wilson's interval, which is the default for independent units, beside the published
alternatives; and of the difference of two shares beside Agresti and Caffo's.

Sources
-------
Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
    Statistical Science 16, 101-133. (Wilson, Agresti-Coull, Jeffreys, mid-P, Clopper-Pearson.)
Agresti, A. and Caffo, B. (2000). Simple and effective confidence intervals for proportions and
    differences of proportions result from adding two successes and two failures. American
    Statistician 54, 280-288.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.precision.intervals import (
    Limits,
    difference,
    korn_graubard,
    normal_quantile,
    wilson,
)

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
NUMBERS = (40, 100, 300, 1000)
GRID = np.linspace(0.05, 0.95, 901)
POINTS = (0.05, 0.1, 0.2, 0.3, 0.5)
PAIRS = ((0.05, 0.05), (0.1, 0.1), (0.3, 0.3), (0.5, 0.5), (0.1, 0.25), (0.3, 0.5))


def calibrate() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables."""
    yield "independent_shares", pd.DataFrame(_shares())
    yield "independent_differences", pd.DataFrame(_differences())


def _shares() -> Iterator[dict[str, object]]:
    for size in NUMBERS:
        for name, method in METHODS.items():
            limits = method(np.arange(size + 1.0), size)
            covers = 100 * np.array([_expected(size, p, _holds(limits, p)) for p in GRID])
            row: dict[str, object] = {
                "n": size,
                "interval": name,
                "least": round(covers.min(), 1),
                "mean": round(covers.mean(), 1),
                "most": round(covers.max(), 1),
                "outside 93 to 97": round(100 * np.mean((covers < 93) | (covers > 97)), 1),
            }
            for p in POINTS:
                row[f"covers {p:g}"] = round(100 * _expected(size, p, _holds(limits, p)), 1)
                row[f"length {p:g}"] = round(_expected(size, p, limits.high - limits.low), 4)
            yield row


def _differences() -> Iterator[dict[str, object]]:
    for size in NUMBERS[:3]:
        x, y = (each.ravel() for each in np.meshgrid(np.arange(size + 1.0), np.arange(size + 1.0)))
        first, second = x / size, y / size
        ours = difference(first, wilson(first, size, LEVEL), second, wilson(second, size, LEVEL))
        a, b = (x + 1) / (size + 2), (y + 1) / (size + 2)
        half = normal_quantile(LEVEL) * np.sqrt((a * (1 - a) + b * (1 - b)) / (size + 2))
        theirs = Limits(np.maximum(b - a - half, -1), np.minimum(b - a + half, 1))
        for earlier, later in PAIRS:
            chance = _binomial(size, earlier, x) * _binomial(size, later, y)
            row: dict[str, object] = {"n": size, "earlier": earlier, "later": later}
            for name, limits in (("MOVER from Wilson", ours), ("Agresti-Caffo", theirs)):
                inside = _holds(limits, later - earlier)
                row[f"{name} covers"] = round(100 * float(chance @ inside), 1)
                row[f"{name} length"] = round(float(chance @ (limits.high - limits.low)), 4)
            yield row


def _holds(limits: Limits, truth: float) -> Floats:
    return ((limits.low <= truth + 1e-12) & (truth <= limits.high + 1e-12)).astype(np.float64)


def _expected(size: int, share: float, values: Floats) -> float:
    return float(_binomial(size, share, np.arange(size + 1.0)) @ values)


def _binomial(size: int, share: float, cases: Floats) -> Floats:
    from scipy.special import gammaln

    ways = gammaln(size + 1) - gammaln(cases + 1) - gammaln(size - cases + 1)
    return np.asarray(np.exp(ways + cases * np.log(share) + (size - cases) * np.log(1 - share)))


def _agresti_coull(cases: Floats, size: int) -> Limits:
    z2 = normal_quantile(LEVEL) ** 2
    middle = (cases + z2 / 2) / (size + z2)
    half = np.sqrt(z2 * middle * (1 - middle) / (size + z2))
    return Limits(np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0))


def _jeffreys(cases: Floats, size: int) -> Limits:
    from scipy.special import betaincinv

    tail = (1 - LEVEL) / 2
    low = betaincinv(cases + 0.5, size - cases + 0.5, tail)
    high = betaincinv(cases + 0.5, size - cases + 0.5, 1 - tail)
    return Limits(np.where(cases > 0, low, 0.0), np.where(cases < size, high, 1.0))


def _mid_p(cases: Floats, size: int) -> Limits:
    """Return the limits at which half the chance of the outcome counts, by bisection."""
    from scipy.special import bdtr, bdtrc

    tail = (1 - LEVEL) / 2
    low, high = np.zeros((2, len(cases)))
    for upper in (False, True):
        down, up = np.zeros(len(cases)), np.ones(len(cases))
        for _ in range(60):
            p = (down + up) / 2
            before = np.where(cases > 0, bdtr(np.maximum(cases - 1, 0), size, p), 0.0)
            after = bdtrc(cases, size, p)
            here = 1 - before - after
            beyond = (before if upper else after) + here / 2
            further = beyond > tail if upper else beyond < tail
            down, up = np.where(further, p, down), np.where(further, up, p)
        if upper:
            high = np.where(cases < size, p, 1.0)
        else:
            low = np.where(cases > 0, p, 0.0)
    return Limits(low, high)


METHODS: dict[str, Callable[[Floats, int], Limits]] = {
    "Wilson": lambda cases, size: wilson(cases / size, size, LEVEL),
    "Agresti-Coull": _agresti_coull,
    "Jeffreys": _jeffreys,
    "mid-P": _mid_p,
    "Clopper-Pearson": lambda cases, size: korn_graubard(cases / size, size, LEVEL),
}
