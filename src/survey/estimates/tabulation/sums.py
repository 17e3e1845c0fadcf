"""The engine: counts, shares and their variances for every group and answer at once.

Units are summed once per group and cluster; everything else is arithmetic on those sums.
The variance is the linearization (Taylor) variance of a ratio under one-stage sampling of
clusters with replacement, groups being domains of the whole sample: what ``svymean`` and
``svyby`` of R's ``survey`` compute with ``svydesign(ids = ~organization)``.

Sources
-------
Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex
    surveys. International Statistical Review 51, 279-292.
Kish, L. (1965). Survey Sampling, section 11.7. Wiley.
Lumley, T. (2010). Complex Surveys: A Guide to Analysis Using R, chapter 2. Wiley.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design.strata import Strata
from survey.estimates.tabulation.runs import added

__all__ = [
    "Cells",
    "Groups",
    "Parts",
    "Sums",
    "cells",
    "freedom_of",
    "freedom_of_rows",
    "summed",
    "sums_of",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Groups:
    """Which units belong to which group; with stacked groups a unit can belong to several.

    Attributes
    ----------
    code
        Group of each membership, ``-1`` for none.
    count
        Number of groups.
    rows
        Unit of each membership; ``None`` when there is one membership per unit.
    """

    code: Ints
    count: int
    rows: Ints | None = None

    @classmethod
    def everyone(cls, size: int) -> Groups:
        """Put all units in one group."""
        return cls(np.zeros(size, dtype=np.intp), 1)


@dataclass(frozen=True, eq=False)
class Parts:
    """Units of each group and cluster that occur together.

    Attributes
    ----------
    rows, starts
        Unit of each membership, part after part, and where each part begins.
    group, cluster
        Group and cluster of each part, ordered by group.
    groups, clusters
        How many there are in the whole sample.
    """

    rows: Ints
    starts: Ints
    group: Ints
    cluster: Ints
    groups: int
    clusters: int

    @classmethod
    def of(cls, groups: Groups, cluster: Ints, clusters: int, inside: Flags | None = None) -> Parts:
        """Return the parts of all units, or of those ``inside``."""
        rows, code = _members(groups, inside)
        key = code * clusters + cluster[rows]
        order = np.argsort(key, kind="stable")
        rows, key = rows[order], key[order]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        group, own = np.divmod(key[starts], clusters) if clusters else (key[starts], key[starts])
        return cls(rows, starts, group, own, groups.count, clusters)

    def added(self, values: npt.NDArray[Any]) -> Floats:
        """Add values (units x anything) up by part."""
        return added(values[self.rows], self.starts)


@dataclass(frozen=True)
class Sums:
    """Sums over the units of each group and cluster that occur together ("parts").

    A part may have nobody in the base of any answer.

    Attributes
    ----------
    group, cluster
        Group and cluster of each part, ordered by group.
    chosen, domain
        Parts x answers: weighted number of units that gave the answer, and that count in the
        answer's base. ``domain`` has one column when all answers share a base, else one for
        each answer, or the columns that ``place`` says.
    chosen_units, domain_units
        The same unweighted.
    groups, clusters
        How many there are in the whole sample.
    weighted
        Whether units have weights.
    strata
        Strata of the clusters; ``None`` for one stratum of a population without end.
    place
        Per answer: its column of ``domain``, where several questions stand side by side.
    """

    group: Ints
    cluster: Ints
    chosen: Floats
    domain: Floats
    chosen_units: Floats
    domain_units: Floats
    groups: int
    clusters: int
    weighted: bool
    strata: Strata | None = None
    place: Ints | None = None

    @cached_property
    def _starts(self) -> Ints:
        return np.flatnonzero(np.diff(self.group, prepend=-1))

    def per_group(self, values: Floats) -> Floats:
        """Add ``values`` (parts x anything) up by group."""
        total = np.zeros((self.groups, values.shape[1]))
        if len(self.group):
            total[self.group[self._starts]] = added(values, self._starts)
        return total

    def of_answers(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return a column for each answer, of values that have one for each base."""
        return values if self.place is None else values[:, self.place]

    def at(self, answers: slice, bases: slice) -> Sums:
        """Return the sums of one question."""
        return Sums(
            self.group,
            self.cluster,
            self.chosen[:, answers],
            self.domain[:, bases],
            self.chosen_units[:, answers],
            self.domain_units[:, bases],
            self.groups,
            self.clusters,
            self.weighted,
            self.strata,
        )

    def between(self, values: Floats) -> Floats:
        """Return the variance of the sum of values (parts x columns), groups x columns.

        Without strata the values are taken to add up to 0 over all clusters, as residuals do.
        """
        if self.strata is not None:
            return self.strata.between(values, self.group, self.groups, self.cluster)
        factor = self.clusters / (self.clusters - 1) if self.clusters > 1 else np.nan
        return factor * self.per_group(values**2)


@dataclass(frozen=True)
class Cells:
    """One number per group and answer.

    Attributes
    ----------
    count, base
        Units that gave the answer; units that could have.
    share, variance
        Weighted share and its linearization variance; ``nan`` where the base is empty.
    clusters
        Clusters with a unit in the base.
    voices
        Squared sum over sum of squares of the clusters' (weighted) sizes.
    alone
        Whether every unit in the base is a cluster of its own and no weights are used.
    weighted_base
        Sum of the weights in the base.
    strata
        Number of strata of the whole sample.
    finite
        Whether variances are those of a part of a finite population.
    """

    count: Ints
    base: Ints
    share: Floats
    variance: Floats
    clusters: Ints
    voices: Floats
    alone: Flags
    weighted_base: Floats
    strata: int = 1
    finite: bool = False

    @classmethod
    def beside(cls, several: Sequence[Cells]) -> Cells:
        """Put the cells of several questions about the same units and groups side by side."""
        if len(several) == 1:
            return several[0]
        joined = {
            name: np.concatenate([getattr(each, name) for each in several], axis=1)
            for name in _ARRAYS
        }
        return cls(**joined, strata=several[0].strata, finite=several[0].finite)

    def at(self, answers: slice) -> Cells:
        """Return the cells of some answers."""
        arrays = {name: getattr(self, name)[:, answers] for name in _ARRAYS}
        return Cells(**arrays, strata=self.strata, finite=self.finite)

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom of the variances; 0 for a single cluster."""
        if self.voices.ndim == 2 and self.voices.strides[1] == 0:  # one base for all answers
            own = freedom_of(self.clusters[:, :1], self.voices[:, :1], self.strata)
            return np.broadcast_to(own, self.voices.shape)
        return freedom_of(self.clusters, self.voices, self.strata)


_ARRAYS = tuple(field.name for field in fields(Cells) if field.name not in ("strata", "finite"))


def freedom_of(clusters: npt.ArrayLike, voices: npt.ArrayLike, strata: int = 1) -> Floats:
    """Return the degrees of freedom of a variance between clusters of unequal size.

    The effective number of clusters (Kish) less one, or less the number of strata, and at least
    1; of equal clusters their number less one. It is Satterthwaite's number for units that are
    independent.

    Examples
    --------
    >>> freedom_of([10, 10, 1], [10.0, 3.5, 1.0]).tolist()
    [9.0, 2.5, 0.0]
    """
    several = np.asarray(clusters) > 1
    return np.where(several, np.maximum(np.asarray(voices, dtype=np.float64) - strata, 1.0), 0.0)


def freedom_of_rows(cluster: npt.NDArray[Any], weight: Floats | None = None) -> float:
    """Return the degrees of freedom of a variance between the clusters of some rows.

    Examples
    --------
    >>> freedom_of_rows(np.array([0, 0, 1, 1, 2, 2])), freedom_of_rows(np.array([0, 0, 0, 0, 1, 2]))
    (2.0, 1.0)
    """
    _, code = np.unique(cluster, return_inverse=True)
    size = np.bincount(code, weight).astype(np.float64)
    return float(freedom_of(len(size), size.sum() ** 2 / max((size**2).sum(), 1e-300)))


def summed(
    chosen: npt.NDArray[Any],
    domain: Flags,
    groups: Groups,
    cluster: Ints,
    clusters: int,
    *,
    weight: Floats | None = None,
    strata: Strata | None = None,
) -> Sums:
    """Add units up by group and cluster.

    Parameters
    ----------
    chosen
        Units x answers, 0 or 1 (or any score).
    domain
        Units, or units x answers: who counts in the base.
    groups
        Memberships.
    cluster, clusters
        Cluster of each unit, and the number of clusters in the whole sample.
    weight
        Weight of each unit; ``None`` for 1.
    strata
        Strata of the clusters.
    """
    inside = domain if domain.ndim == 1 else np.asarray(domain.any(axis=1))
    parts = Parts.of(groups, cluster, clusters, inside)
    bases = domain[:, None] if domain.ndim == 1 else domain
    given = chosen if domain.ndim == 1 else chosen * domain
    return sums_of(parts, given, bases, weight=weight, strata=strata)


def sums_of(
    parts: Parts,
    given: npt.NDArray[Any],
    domain: Flags,
    place: Ints | None = None,
    *,
    weight: Floats | None = None,
    strata: Strata | None = None,
) -> Sums:
    """Add units up by part.

    Parameters
    ----------
    parts
        Which units are added up.
    given
        Units x answers, 0 or 1 (or any score); 0 outside the answer's base.
    domain
        Units x bases: who counts.
    place
        Per answer: its base; ``None`` where there is one for all, or one for each.
    weight, strata
        As for :func:`summed`.
    """
    domain_units, chosen_units = parts.added(domain), parts.added(given)
    domain_sum, chosen_sum = domain_units, chosen_units
    if weight is not None:
        by = weight[:, None]
        domain_sum, chosen_sum = parts.added(domain * by), parts.added(given * by)
    return Sums(
        parts.group,
        parts.cluster,
        chosen_sum,
        domain_sum,
        chosen_units,
        domain_units,
        parts.groups,
        parts.clusters,
        weight is not None,
        strata,
        place,
    )


def cells(sums: Sums) -> Cells:
    """Turn sums by group and cluster into shares with their variances."""
    base = sums.per_group(sums.domain_units)
    weighted = sums.per_group(sums.domain) if sums.weighted else base
    with np.errstate(invalid="ignore", divide="ignore"):
        share = sums.per_group(sums.chosen) / sums.of_answers(weighted)
        variance = _variance(sums, share, weighted)
        voices = weighted**2 / sums.per_group(sums.domain**2)
    clusters = sums.per_group((sums.domain_units > 0).astype(np.float64))
    designed = sums.weighted or sums.strata is not None

    def each(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.broadcast_to(sums.of_answers(values), share.shape)

    return Cells(
        count=sums.per_group(sums.chosen_units).astype(np.intp),
        base=each(base.astype(np.intp)),
        share=share,
        variance=variance,
        clusters=each(clusters.astype(np.intp)),
        voices=each(voices),
        alone=each((clusters == base) & (not designed)),
        weighted_base=each(weighted),
        strata=1 if sums.strata is None else len(sums.strata.clusters),
        finite=sums.strata is not None and bool(sums.strata.sampled.any()),
    )


def _variance(sums: Sums, share: Floats, weighted: Floats) -> Floats:
    weighted = sums.of_answers(weighted)
    if sums.clusters < 2:
        return np.where(weighted > 0, 0.0, np.nan) + 0 * share
    expected = share if sums.groups == 1 else share[sums.group]
    residual = sums.chosen - expected * sums.of_answers(sums.domain)
    return np.asarray(sums.between(residual) / weighted**2)


def _members(groups: Groups, inside: Flags | None) -> tuple[Ints, Ints]:
    kept = groups.code >= 0
    if inside is not None:
        kept &= inside if groups.rows is None else inside[groups.rows]
    rows = np.flatnonzero(kept)
    return rows if groups.rows is None else groups.rows[rows], groups.code[rows]
