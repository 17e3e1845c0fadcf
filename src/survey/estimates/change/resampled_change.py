"""Totals, means and ratios of two editions in the same resamples of organizations.

An organization that is in both editions is drawn for both or for neither, so that the
difference knows what the editions have in common. Values are what the model expects; the
numbers that bands hide are not drawn, because they are the same population's in both editions
if nothing changes, and drawing them makes the test of no change timid (2 in place of 5 %).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.numbers.banded import Banded
from survey.estimates.numbers.filling import fill
from survey.estimates.numbers.ratio import bounds_of, joint_sums, ratios_of
from survey.estimates.numbers.strata import Stratum, strata_of
from survey.estimates.precision.bootstrap import generator, resampled

__all__ = ["Resampled", "resampled_ratios", "resampled_sums"]

Floats = npt.NDArray[np.float64]


class Resampled(NamedTuple):
    """Values of each group in every resample, the observed ones first; and hard bounds.

    ``settled`` says, per group, whether the bands determine the model.
    """

    replicates: Floats
    lower: Floats
    upper: Floats
    settled: npt.NDArray[np.bool_]


def resampled_sums(
    banded: Banded, family: str, top: str | float | None, replicates: int, *, mean: bool
) -> Resampled:
    """Return the total of every group, or its mean per answer, in resamples of organizations.

    Parameters
    ----------
    banded
        Answers of two editions, grouped by edition first.
    family, open_band
        How numbers are spread, see :func:`survey.estimates.total`; one fit per edition.
    replicates
        Number of resamples.
    mean
        Whether to divide by the number of answers.
    """
    weight = _weights(banded, replicates)
    found = Resampled(
        np.full((replicates + 1, banded.grouping.groups.count), np.nan),
        *_sums_of_edges(banded, mean=mean),
        np.zeros(banded.grouping.groups.count, dtype=bool),
    )
    for stratum in strata_of(banded):
        own = weight[:, _clusters(stratum)]
        filling = fill(family, banded.only.cells, own @ stratum.by_cluster, top)
        for group in stratum.groups:
            clusters, parts = stratum.parts(group)
            counts = own[:, clusters] @ parts
            expected = (counts * filling.means).sum(axis=1)
            size = counts.sum(axis=1) if mean else np.ones(len(counts))
            found.replicates[:, group] = expected / np.where(size > 0, size, np.nan)
            found.settled[group] = filling.settled[0]
    return found


def resampled_ratios(banded: Banded, of: str, replicates: int) -> Resampled:
    """Return the ratio of every group in resamples of organizations."""
    weight, many = _weights(banded, replicates), banded.grouping.groups.count
    sums = joint_sums(banded)
    values, settled = np.full((replicates + 1, many), np.nan), np.zeros(many, dtype=bool)
    for group in np.unique(sums.group):
        own = sums.group == group
        found = ratios_of(banded, weight[:, sums.cluster[own]] @ sums.chosen[own], of)
        values[:, group] = np.where(np.isfinite(found.values), found.values, np.nan)
        settled[group] = found.settled
    lower, upper = bounds_of(banded, of)
    values[0] = np.clip(values[0], lower, upper)
    return Resampled(values, lower, upper, settled)


def _weights(banded: Banded, replicates: int) -> Floats:
    """Return replicates x clusters of the sample: how often each is drawn, all once first."""
    size = banded.sample.clusters
    return np.vstack([np.ones((1, size)), resampled(size, replicates, generator())])


def _clusters(stratum: Stratum) -> npt.NDArray[np.intp]:
    """Return the clusters of a stratum in the order of its rows."""
    present = np.flatnonzero(stratum.place >= 0)
    return present[np.argsort(stratum.place[present], kind="stable")]


def _sums_of_edges(banded: Banded, *, mean: bool) -> tuple[Floats, Floats]:
    """Return hard bounds per group; infinite where an answer lies in an open band."""
    cells = banded.only.cells
    sums = banded.sums(banded.one_hot())
    counts = sums.per_group(sums.chosen)
    size = counts.sum(axis=1) if mean else np.ones(len(counts))
    size = np.where(size > 0, size, np.nan)
    endless = counts[:, cells.open].sum(axis=1) > 0
    closed = counts @ np.where(cells.open, 0.0, cells.high)
    return counts @ cells.low / size, np.where(endless, np.inf, closed / size)
