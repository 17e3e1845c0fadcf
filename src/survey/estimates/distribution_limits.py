"""The share of answers below each edge of the bands, with its confidence limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.estimates.banded import Banded, first_column
from survey.estimates.intervals import Limits
from survey.estimates.precision import precision_of
from survey.estimates.tabulate import Cells, Sums, cells
from survey.estimates.turnbull import innermost, turnbull

__all__ = ["Below", "share_below"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Below:
    """What is known of a distribution at the edges of bands.

    Attributes
    ----------
    low, reach
        Where each stretch begins, and the number that its values stay below.
    top
        Its upper edge as worded.
    single
        Whether it holds one whole number alone.
    share, limits, effective
        Groups x stretches: share of numbers below ``reach``, its confidence limits and the
        effective number of units behind it.
    counts
        Groups x cells of the question: (weighted) number of answers.
    pooled
        Whether the stretches come from bands that overlap.
    """

    low: Floats
    reach: Floats
    top: Floats
    single: npt.NDArray[np.bool_]
    share: Floats
    limits: Limits
    effective: Floats
    counts: Floats
    pooled: bool = False


def share_below(banded: Banded) -> Below:
    """Return the share of answers below each edge, by group."""
    own = banded.only.cells
    hot = banded.one_hot()
    by_cell = banded.sums(hot)
    counts = by_cell.per_group(by_cell.chosen)
    if own.disjoint:
        found = cells(banded.sums(np.cumsum(hot, axis=1)))
        precise = precision_of(found, banded.asked.level)
        return Below(
            own.low,
            own.reach,
            own.high,
            own.unit_width,
            found.share,
            _settled(found.share, precise.limits, own.reach),
            precise.effective,
            counts,
        )
    return _pooled(banded, by_cell, counts)


def _settled(share: Floats, limits: Limits, reach: Floats) -> Limits:
    """Return limits that say 1 where every number lies below: at the end of the last band."""
    certain = np.isinf(reach) | (np.arange(len(reach)) == len(reach) - 1)
    known = np.where(np.isnan(share), np.nan, 1.0)
    return Limits(np.where(certain, known, limits.low), np.where(certain, known, limits.high))


def _pooled(banded: Banded, by_cell: Sums, counts: Floats) -> Below:
    """Return the same from bands that overlap; variances by leaving out one cluster at a time."""
    own = banded.only.cells.snapped()
    used = counts.any(axis=0)
    low, reach = innermost(own.low[used], own.reach[used])
    size = (counts.shape[0], len(low))
    share, variance = np.full(size, np.nan), np.full(size, np.nan)
    for group in np.flatnonzero(counts.sum(axis=1) > 0):
        parts = by_cell.chosen[by_cell.group == group]
        replicates = np.vstack([counts[group], counts[group] - parts])
        replicates = replicates[replicates.sum(axis=1) > 1e-9]
        below = turnbull(own.low, own.reach, replicates, (low, reach)).below
        share[group] = below[0]
        spread = ((below[1:] - below[0]) ** 2).sum(axis=0)
        variance[group] = spread * (by_cell.clusters - 1) / max(by_cell.clusters, 1)
    found = _as_cells(cells(by_cell), share, variance)
    precise = precision_of(found, banded.asked.level)
    return Below(
        low,
        reach,
        reach,
        reach - low <= 1,
        share,
        _settled(share, precise.limits, reach),
        precise.effective,
        counts,
        pooled=True,
    )


def _as_cells(counted: Cells, share: Floats, variance: Floats) -> Cells:
    """Return cells with other shares and variances; the rest holds for every answer."""
    size = share.shape

    def spread(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.broadcast_to(first_column(values)[:, None], size)

    return replace(
        counted,
        share=share,
        variance=variance,
        alone=np.zeros(size, dtype=bool),
        base=spread(counted.base),
        clusters=spread(counted.clusters),
        voices=spread(counted.voices),
        weighted_base=spread(counted.weighted_base),
        count=np.zeros(size, dtype=np.intp),
    )
