"""Strata: groups that share one fit of what lies inside the bands.

Each edition has its own fit where groups tell editions apart; otherwise there is one. Groups
of a stratum share its fit, so that their totals add up to the stratum's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.estimates.numbers.banded import Banded
from survey.estimates.tabulation.sums import Groups, Sums

__all__ = ["Stratum", "strata_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Stratum:
    """Clusters and groups behind one fit.

    Attributes
    ----------
    number
        Position among the strata.
    groups
        Numbers of its groups.
    by_cluster
        Clusters that answered x cells: number of answers.
    place
        Position in ``by_cluster`` of each cluster of the sample, or -1.
    sums
        Sums by group and cluster of the whole sample.
    """

    number: int
    groups: tuple[int, ...]
    by_cluster: Floats
    place: Ints
    sums: Sums

    @property
    def size(self) -> int:
        """Number of clusters that answered."""
        return len(self.by_cluster)

    def parts(self, group: int) -> tuple[Ints, Floats]:
        """Return the positions of a group's clusters, and clusters x cells: its answers."""
        own = self.sums.group == group
        return self.place[self.sums.cluster[own]], self.sums.chosen[own]


def strata_of(banded: Banded, which: int = 0) -> Iterator[Stratum]:
    """Yield the strata of a banded question."""
    hot = banded.one_hot(which)
    sums = banded.sums(hot)
    names = banded.grouping.names
    apart = "edition" in names
    code = banded.sample.edition if apart else np.zeros(len(banded.sample), dtype=np.intp)
    many = len(banded.sample.editions) if apart else 1
    pooled = banded.sums(hot, groups=Groups(np.asarray(code), many))
    of_group = (
        _edition_of_group(banded)
        if apart
        else np.zeros(banded.grouping.groups.count, dtype=np.intp)
    )
    for number in range(many):
        own = pooled.group == number
        place = np.full(banded.sample.clusters, -1, dtype=np.intp)
        place[pooled.cluster[own]] = np.arange(int(own.sum()))
        groups = tuple(np.flatnonzero(of_group == number).tolist())
        yield Stratum(number, groups, pooled.chosen[own], place, sums)


def _edition_of_group(banded: Banded) -> Ints:
    labels = banded.grouping.column(banded.grouping.names.index("edition"))
    return np.array([banded.sample.editions.index(str(label)) for label in labels], dtype=np.intp)
