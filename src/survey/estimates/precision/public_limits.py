"""Intervals of public numbers: from perturbed counts, one design effect and the noise.

Nothing here looks at records or at true counts, so that a published interval tells no more
than the published counts and the published method.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.estimates.precision.intervals import Limits, wilson
from survey.estimates.statistic import Arguments, Noise
from survey.estimates.tabulation import Tabulation

__all__ = ["limits_of_shares", "limits_with_noise", "variance_of_shares"]

Floats = npt.NDArray[np.float64]


def limits_of_shares(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return Wilson limits of the shown shares at the size that gives their variance.

    The variance is that of a random sample times the design effect, plus that of the noise.
    Where it cannot be worked out, at 0 and 1, the size is the base over the design effect.
    """
    shown = list(table.shown)
    share, variance = (each[:, shown] for each in variance_of_shares(table, noise))
    low, high = _wilson(share, variance, table.base[:, shown], noise)
    known = table.known[:, shown]
    return Limits(np.where(known, low, np.nan), np.where(known, high, np.nan))


def limits_with_noise(
    share: Floats, base: Floats, noise: Noise, own: Floats | float = 1.0, all_counts: float = 2.0
) -> Limits:
    """Return Wilson limits of parts of a base that is divided into perturbed counts.

    Parameters
    ----------
    share, base
        The parts, and the number that they are parts of.
    noise
        What to allow for.
    own, all_counts
        How many perturbed counts each part is the sum of, and how many the base.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        sampled = noise.design_effect * share * (1 - share) / base
        others = all_counts - own
        added = noise.variance * (own * (1 - share) ** 2 + others * share**2) / base**2
    return _wilson(share, np.asarray(sampled + added), base, noise)


def _wilson(share: Floats, variance: Floats, base: npt.ArrayLike, noise: Noise) -> Limits:
    """Return Wilson limits at the size that gives a variance."""
    size = np.broadcast_to(np.asarray(base, np.float64) / noise.design_effect, share.shape)
    spread = share * (1 - share)
    inside = (spread > 0) & (variance > 0)
    worth = np.divide(spread, variance, out=size.copy(), where=inside)
    return wilson(share, worth, noise.level)


def variance_of_shares(table: Tabulation, noise: Noise) -> tuple[Floats, Floats]:
    """Return the share of every answer, and its variance with that of the noise.

    A share is ``a / (a + b)``, where ``a`` and ``b`` are sums of perturbed counts: of as many
    as answers share the base, or of those who gave the answer and those who did not. To first
    order the noise of ``a`` weighs ``(1 - p) / n``, that of ``b`` weighs ``p / n``.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip(table.weighted_count / table.weighted_base, 0.0, 1.0)
        sampled = noise.design_effect * share * (1 - share) / table.base
        own, others = _terms(table)
        added = noise.variance * (own * (1 - share) ** 2 + others * share**2) / table.base**2
    return share, np.asarray(sampled + added)


def _terms(table: Tabulation) -> tuple[Floats, Floats]:
    """Return how many perturbed counts are in an answer's count, and in the rest of its base."""
    if not table.exclusive:
        return np.ones(1), np.ones(1)
    own = np.ones(table.count.shape)
    for place, parts in enumerate(table.parts):
        if parts != (place,):
            own[:, place] = np.maximum(table.known[:, list(parts)].sum(axis=1), 1)
    every = table.known[:, table.elementary].sum(axis=1, keepdims=True)
    return own, np.maximum(every - own, 0.0)
