"""What a model of banded answers is fitted to: all who answered, of all editions together.

The same band means the same number wherever it stands, so that totals of groups and editions add
up, and a change between editions is a change of answers, never of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.estimates.numbers.banded import Banded
from survey.estimates.tabulation.sums import Groups, Sums

__all__ = ["Pool", "pooled"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Pool:
    """Clusters and groups behind one fit.

    Attributes
    ----------
    by_cluster
        Clusters that answered x cells: number of answers.
    place
        Position in ``by_cluster`` of each cluster of the sample, or -1.
    sums
        Sums by group and cluster of the whole sample.
    """

    by_cluster: Floats
    place: Ints
    sums: Sums

    @property
    def size(self) -> int:
        """Number of clusters that answered."""
        return len(self.by_cluster)

    @property
    def counts(self) -> Floats:
        """How many answers lie in each cell, as one row."""
        return np.asarray(self.by_cluster.sum(axis=0)[None, :])

    def parts(self, group: int) -> tuple[Ints, Floats]:
        """Return the positions of a group's clusters, and clusters x cells: its answers."""
        own = self.sums.group == group
        return self.place[self.sums.cluster[own]], self.sums.chosen[own]


def pooled(banded: Banded, which: int = 0) -> Pool:
    """Return all answers to a banded question, by cluster and by group and cluster."""
    hot = banded.one_hot(which)
    everyone = Groups.everyone(len(banded.sample))
    together = banded.sums(hot, groups=everyone)
    place = np.full(banded.sample.clusters, -1, dtype=np.intp)
    place[together.cluster] = np.arange(len(together.cluster))
    return Pool(together.chosen, place, banded.sums(hot))
