"""Contrasts of shares between editions, with the same organizations in several of them.

A contrast is a weighted sum of the shares of one answer in several editions. Its linearized
score is added up per cluster over *all* editions before it is squared, so that an
organization that answers twice is one voice, and a stable organization makes change easier
to see. With editions stacked in one design this is what ``svycontrast`` of R's ``survey``
gives after ``svyby(..., covmat = TRUE)``.

Source
------
Kish, L. (1965). Survey Sampling, section 12.4 (overlapping samples). Wiley.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design.strata import Strata
from survey.estimates.tabulation.runs import added
from survey.estimates.tabulation.sums import Sums, freedom_of

__all__ = ["Scores", "correlation_of", "scores_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_NO_SPREAD = 1e-15


@dataclass(frozen=True)
class Scores:
    """Linearized scores of a contrast, one row per group and cluster.

    Attributes
    ----------
    group
        Group of each row, in ascending order.
    values
        Rows x answers.
    present
        Rows x answers: whether the cluster has a unit in an edition that the contrast is of.
    size
        Rows x answers: (weighted) number of its units there.
    groups, clusters
        How many groups there are, and how many clusters in the whole sample.
    cluster, strata
        Cluster of each row, and the strata of all; ``None`` for one stratum without end.
    """

    group: Ints
    values: Floats
    present: npt.NDArray[np.bool_]
    size: Floats
    groups: int
    clusters: int
    cluster: Ints
    strata: Strata | None = None

    @property
    def variance(self) -> Floats:
        """Variance of the contrast, groups x answers."""
        if self.strata is not None:
            return self.strata.between(self.values, self.group, self.groups, self.cluster)
        return self._factor * self._added(self.values**2)

    @property
    def cluster_count(self) -> Floats:
        """Clusters that the contrast uses, groups x answers."""
        return self._added(self.present.astype(np.float64))

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom of the variance, groups x answers."""
        with np.errstate(invalid="ignore", divide="ignore"):
            voices = self._added(self.size) ** 2 / self._added(self.size**2)
        strata = 1 if self.strata is None else len(self.strata.clusters)
        return freedom_of(self.cluster_count, voices, strata)

    @property
    def concentration(self) -> Floats:
        """Fourth powers of the scores over the square of their second, groups x answers.

        The share of the variance of their squared sum that exchanges of signs cannot move: 1 of a
        single cluster, one over their number of equal ones.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self._added(self.values**4) / self._added(self.values**2) ** 2)

    def covariance(self, group: int) -> Floats:
        """Covariance matrix of the contrasts of all answers in one group."""
        own = self.values[self.group == group]
        return np.asarray(self._factor * own.T @ own)

    @property
    def _factor(self) -> float:
        return self.clusters / (self.clusters - 1) if self.clusters > 1 else np.nan

    def _added(self, values: Floats) -> Floats:
        total = np.zeros((self.groups, values.shape[1]))
        starts = np.flatnonzero(np.diff(self.group, prepend=-1))
        if len(starts):
            total[self.group[starts]] = added(values, starts)
        return total


def correlation_of(first: Floats, second: Floats, difference: Floats) -> Floats:
    """Return the correlation of two estimates from their variances and their difference's.

    Organizations that answer twice make it positive; where one of the two does not vary it is 0.

    Examples
    --------
    >>> correlation_of(np.array([1.0, 0.0]), np.array([4.0, 1.0]), np.array([3.0, 1.0])).tolist()
    [0.5, 0.0]
    """
    spread = 2 * np.sqrt(first * second)
    shared = first + second - difference
    known = spread > _NO_SPREAD
    found = np.divide(shared, spread, out=np.zeros_like(shared), where=known)
    return np.asarray(np.clip(np.nan_to_num(found), -1.0, 1.0))


def scores_of(
    sums: Sums,
    center: Floats,
    coefficient: Floats,
    inner: int,
    support: npt.NDArray[np.bool_] | None = None,
) -> Scores:
    """Return the scores of ``sum over editions of coefficient x share``.

    Parameters
    ----------
    sums
        Sums by (edition, group) and cluster, editions outermost.
    center
        (Edition, group) x answers: what residuals are taken from; the shares themselves, or
        the fitted line of a trend.
    coefficient
        (Edition, group) x answers: weight of each share in the contrast.
    inner
        Number of groups inside an edition.
    support
        (Edition, group) x answers: what the contrast is of; by default the shares whose
        coefficient is not 0. The middle edition of a line has coefficient 0 and yet tells how
        far shares lie from the line.
    """
    inside = coefficient != 0 if support is None else support
    base = sums.per_group(sums.domain)
    scale = np.divide(coefficient, base, out=np.zeros_like(coefficient), where=base > 0)
    residual = sums.chosen - np.nan_to_num(center)[sums.group] * sums.domain
    used = (sums.domain_units > 0) & inside[sums.group]
    key = (sums.group % inner) * sums.clusters + sums.cluster
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    values = (scale[sums.group] * residual)[order]
    size = np.where(used, sums.domain, 0.0)
    if not len(starts):
        return Scores(key, values, used, size, inner, sums.clusters, key, sums.strata)
    return Scores(
        key[order][starts] // sums.clusters,
        added(values, starts),
        added(used[order], starts) > 0,
        added(size[order], starts),
        inner,
        sums.clusters,
        key[order][starts] % sums.clusters,
        sums.strata,
    )
