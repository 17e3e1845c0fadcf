"""Strata and finite populations: how organizations were chosen, where somebody chose them.

Source
------
Cochran, W. G. (1977). Sampling Techniques, 3rd edition, sections 5.9 and 11.4. Wiley. (The
    variance of a sum over strata, and the factor of a finite population for clusters.)
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["Strata"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Strata:
    """Strata of the clusters of a sample.

    Attributes
    ----------
    of_cluster
        Stratum of each cluster that has a row.
    clusters
        Clusters in each stratum of the whole sample.
    sampled
        Part of the clusters of each stratum's population that is in the sample; 0 for a
        population without end.
    """

    of_cluster: Ints
    clusters: Floats
    sampled: Floats

    @property
    def factor(self) -> Floats:
        """What squares between the clusters of each stratum are multiplied with."""
        return np.asarray((1 - self.sampled) * self.clusters / (self.clusters - 1))

    def between(self, values: Floats, group: Ints, groups: int, cluster: Ints) -> Floats:
        """Return the variance of the sum of values, groups x columns.

        Parameters
        ----------
        values
            (Group, cluster) pairs x columns; clusters that do not occur have 0.
        group, groups, cluster
            Group of each row, how many groups there are, and the cluster of each row.
        """
        size = len(self.clusters)
        key = group * size + self.of_cluster[cluster]
        total = np.zeros((2, groups * size, values.shape[1]))
        for place, each in enumerate((values, values**2)):
            np.add.at(total[place], key, each)
        shape = (groups, size, values.shape[1])
        sums, squares = total[0].reshape(shape), total[1].reshape(shape)
        inside = squares - sums**2 / self.clusters[:, None]
        return np.asarray((self.factor[:, None] * np.maximum(inside, 0.0)).sum(axis=1))
