"""Ratios of two banded questions in two editions, in the same resamples of organizations.

An organization that is in both editions is drawn for both or for neither, so that the
difference knows what the editions have in common.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.numbers.banded import Banded
from survey.estimates.numbers.ratio import bounds_of, joint_sums, ratios_of
from survey.estimates.precision.bootstrap import generator, resampled

__all__ = ["Resampled", "resampled_ratios"]

Floats = npt.NDArray[np.float64]


class Resampled(NamedTuple):
    """Values of each group in every resample, the observed ones first; and hard bounds.

    ``settled`` says, per group, whether the bands determine the model.
    """

    replicates: Floats
    lower: Floats
    upper: Floats
    settled: npt.NDArray[np.bool_]


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
