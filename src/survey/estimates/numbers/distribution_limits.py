"""The share of answers below each edge of the bands, with its confidence limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.numbers.banded import Banded, first_column
from survey.estimates.numbers.turnbull import innermost, turnbull
from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.precision import precision_of
from survey.estimates.tabulation.banded_answers import Cells
from survey.estimates.tabulation.sums import Cells as Counted
from survey.estimates.tabulation.sums import Sums, cells

__all__ = ["Curve", "curve_of", "share_limits"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Shares of answers below the edges of bands, as counts give them.

    Attributes
    ----------
    low, reach
        Where each stretch begins, and the number that its values stay below.
    open_band
        Its upper edge as worded.
    single
        Whether it holds one whole number alone.
    share
        Groups x stretches: share of numbers below ``reach``.
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
    counts: Floats
    pooled: bool = False

    @property
    def certain(self) -> npt.NDArray[np.bool_]:
        """Per stretch: whether every number lies below its end."""
        return np.asarray(
            np.isinf(self.reach) | (np.arange(len(self.reach)) == len(self.reach) - 1)
        )

    def settled(self, limits: Limits) -> Limits:
        """Return limits that say 1 where every number lies below."""
        known = np.where(np.isnan(self.share), np.nan, 1.0)
        low, high = (np.where(self.certain, known, each) for each in limits)
        return Limits(low, high)


def curve_of(own: Cells, counts: Floats) -> Curve:
    """Return the shares below each edge, from how many answers lie in each cell, by group."""
    whole = counts.sum(axis=1, keepdims=True)
    if own.disjoint:
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(whole > 0, np.cumsum(counts, axis=1) / whole, np.nan)
        return Curve(own.low, own.reach, own.high, own.unit_width, share, counts)
    snapped = own.snapped()
    used = counts.any(axis=0)
    low, reach = innermost(snapped.low[used], snapped.reach[used])
    share = np.full((len(counts), len(low)), np.nan)
    for group in np.flatnonzero(whole[:, 0] > 0):
        alone = counts[[group]]
        share[group] = turnbull(snapped.low, snapped.reach, alone, (low, reach)).below[0]
    return Curve(low, reach, reach, reach - low <= 1, share, counts, pooled=True)


def share_limits(banded: Banded, curve: Curve) -> tuple[Limits, Floats]:
    """Return the confidence limits of a curve's shares, and the effective number behind each."""
    by_cell = banded.sums(banded.one_hot())
    if curve.pooled:
        if banded.sample.strata is not None:
            problem = Problem("strata", "bands that overlap", "bands that do not, or no strata")
            raise EstimateError("The variance of pooled bands knows no strata", [problem])
        found = _pooled(banded, by_cell, curve)
    else:
        found = cells(banded.sums(np.cumsum(banded.one_hot(), axis=1)))
    precise = precision_of(found, banded.asked.level)
    return curve.settled(precise.limits), precise.effective


def _pooled(banded: Banded, by_cell: Sums, curve: Curve) -> Counted:
    """Return variances from bands that overlap, by leaving out one cluster at a time."""
    own = banded.only.cells.snapped()
    variance = np.full(curve.share.shape, np.nan)
    for group in np.flatnonzero(curve.counts.sum(axis=1) > 0):
        parts = by_cell.chosen[by_cell.group == group]
        replicates = np.vstack([curve.counts[group], curve.counts[group] - parts])
        replicates = replicates[replicates.sum(axis=1) > 1e-9]
        below = turnbull(own.low, own.reach, replicates, (curve.low, curve.reach)).below
        spread = ((below[1:] - below[0]) ** 2).sum(axis=0)
        variance[group] = spread * (by_cell.clusters - 1) / by_cell.clusters
    return _as_cells(cells(by_cell), curve.share, variance)


def _as_cells(counted: Counted, share: Floats, variance: Floats) -> Counted:
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
