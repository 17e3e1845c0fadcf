"""What a model of banded answers is fitted to: all who answered, of all editions together.

The same band means the same number wherever it stands, so that totals of groups and editions add
up, and a change between editions is a change of answers, never of the model.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design.weights import mean_weight_of
from survey.estimates.numbers.banded import Banded
from survey.estimates.precision.bootstrap import generator
from survey.estimates.tabulation.sums import Groups, Sums

__all__ = ["Pool", "Resamples", "pooled", "resamples"]

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
    mean_weight
        Mean weight of those who answered.
    """

    by_cluster: Floats
    place: Ints
    sums: Sums
    mean_weight: float = 1.0

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
    weight = mean_weight_of(banded.weight, banded.answered)
    return Pool(together.chosen, place, banded.sums(hot), weight)


@dataclass(frozen=True)
class Resamples:
    """Resamples of whole clusters, as ``survey.estimates.precision.bootstrap`` draws them.

    Clusters that gave the same answers in the same groups are of one kind. Nothing but how many of
    each kind are drawn matters, and that is multinomial, too: thousands of clusters are of a few
    hundred kinds.

    Attributes
    ----------
    weight
        Replicates x kinds: how many clusters of each kind are drawn, rescaled; the first row has
        those that there are.
    kind
        Kind of each cluster of the pool.
    pool
        The clusters.
    """

    weight: Floats
    kind: Ints
    pool: Pool

    @property
    def counts(self) -> Floats:
        """Replicates x cells: how many answers lie in each cell."""
        _, first = np.unique(self.kind, return_index=True)
        return np.asarray(self.weight @ self.pool.by_cluster[first])

    def counts_of(self, group: int) -> Floats:
        """Return how many answers of a group lie in each cell, replicates x cells."""
        clusters, parts = self.pool.parts(group)
        kinds, first = np.unique(self.kind[clusters], return_index=True)
        return np.asarray(self.weight[:, kinds] @ parts[first])


def resamples(pool: Pool, replicates: int, random: np.random.Generator) -> Resamples:
    """Return resamples of the clusters of a pool (Rao and Wu 1988)."""
    kind, many = _kinds(pool)
    if pool.size < 2:
        return Resamples(np.ones((1 + replicates, len(many))), kind, pool)
    drawn = random.multinomial(pool.size - 1, many / pool.size, size=replicates)
    weight = np.vstack([many, drawn * (pool.size / (pool.size - 1))])
    return Resamples(weight.astype(np.float64), kind, pool)


def _kinds(pool: Pool) -> tuple[Ints, Ints]:
    """Return the kind of each cluster, and how many there are of each.

    Each combination of group and answers has a random number of 64 bits; the sum of a cluster's
    numbers is its kind's.
    """
    sums, everywhere = pool.sums, np.full(pool.size, -1)
    groups = np.concatenate([sums.group, everywhere])  # who is in no group resamples the model, too
    answers = np.column_stack([groups, np.vstack([sums.chosen, pool.by_cluster])])
    distinct, place = np.unique(answers, axis=0, return_inverse=True)
    number = generator(4).integers(2**64, size=len(distinct), dtype=np.uint64)
    total = np.zeros(pool.size, dtype=np.uint64)
    own = np.concatenate([pool.place[sums.cluster], np.arange(pool.size)])
    np.add.at(total, own[own >= 0], number[place.ravel()[own >= 0]])
    _, kind, many = np.unique(total, return_inverse=True, return_counts=True)
    return kind.astype(np.intp), many.astype(np.intp)
