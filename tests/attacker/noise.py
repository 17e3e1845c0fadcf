"""What the published method says about the noise, worked out once more from the method alone.

Maximum entropy under these conditions: published counts are 0 or 3 and more, at most 5 away from
the true one, with mean 0 and variance 2.5; 0 stays 0. Solved as a concave problem in its
two multipliers, for each true count by itself.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.optimize import minimize

__all__ = ["LARGEST", "VARIANCE", "chances", "could_be"]

LARGEST, VARIANCE, FORBIDDEN = 5, 2.5, (1, 2)


@cache
def chances(true: int) -> dict[int, float]:
    """Return published count -> its chance, for one true count."""
    if true == 0:
        return {0: 1.0}
    capped = min(true, LARGEST + max(FORBIDDEN) + 1)
    if capped < true:
        return {true - capped + count: chance for count, chance in chances(capped).items()}
    shifts = np.array(
        [d for d in range(-LARGEST, LARGEST + 1) if capped + d >= 0 and capped + d not in FORBIDDEN]
    )
    moments = np.stack([shifts, shifts**2 - VARIANCE]).astype(float)

    def dual(multipliers: np.ndarray) -> float:
        return float(np.logaddexp.reduce(multipliers @ moments))

    found = minimize(
        dual,
        np.zeros(2),
        method="Nelder-Mead",
        options={"xatol": 1e-12, "fatol": 1e-15, "maxiter": 20000},
    )
    weights = np.exp(found.x @ moments)
    return {int(true + d): float(w) for d, w in zip(shifts, weights / weights.sum(), strict=True)}


@cache
def could_be(published: int, largest: int = LARGEST) -> tuple[int, ...]:
    """Return which true counts may stand behind a published one."""
    return tuple(
        true
        for true in range(max(0, published - largest), published + largest + 1)
        if published in chances(true)
    )
