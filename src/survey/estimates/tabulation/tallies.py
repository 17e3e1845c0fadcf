"""Units without weights, added up by group and cluster: small whole numbers.

Clusters have few units, so that a byte holds how many of them gave an answer. What a share and its
variance need of many answers is added up from these bytes; sums as floating-point numbers, which
some statistics go on to work with, are made when one asks for them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.tabulation.runs import added, tallied
from survey.estimates.tabulation.sums import Cells, Parts, Sums

__all__ = ["Tallies", "variance_between"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Whole = npt.NDArray[Any]

_EXACT = 2**24
"""Whole numbers up to here are exact in single precision."""
_NO_SPREAD = 1e-14
"""What rounding leaves of a spread that is none, as a part of its terms."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """How many units of each group and cluster gave each answer, and count in each base.

    Attributes
    ----------
    parts
        Groups and clusters that occur together.
    chosen, domain
        Parts x answers, and parts x bases.
    place
        Per answer: its base.
    """

    parts: Parts
    chosen: Whole
    domain: Whole
    place: Ints

    @classmethod
    def of(cls, parts: Parts, given: Flags, domain: Flags, place: Ints) -> Tallies:
        """Count the units of each part; ``given`` is false outside the answer's base."""
        chosen, inside = (tallied(each, parts.rows, parts.starts) for each in (given, domain))
        return cls(parts, chosen, inside, place)

    def one_voice(self) -> Tallies:
        """Return a copy that counts clusters: one gave an answer if any of its units did."""
        chosen, domain = ((each > 0).view(np.uint8) for each in (self.chosen, self.domain))
        return replace(self, chosen=chosen, domain=domain)

    def sums(self, answers: slice, bases: slice) -> Sums:
        """Return the sums of one question."""
        parts = self.parts
        chosen = self.chosen[:, answers].astype(np.float64)
        domain = self.domain[:, bases].astype(np.float64)
        counts = chosen, domain, chosen, domain
        return Sums(
            parts.group, parts.cluster, *counts, parts.groups, parts.clusters, weighted=False
        )

    def cells(self) -> Cells:
        """Return counts and shares, with their variances between clusters."""
        sizes = np.diff(self.parts.starts, append=len(self.parts.rows)).astype(np.float64)
        kind: Any = np.float32 if (sizes**2).sum() < _EXACT else np.float64
        chosen: Whole = self.chosen.astype(kind)
        domain: Whole = self.domain.astype(kind)
        place = self.place
        count, base = self._per_group(chosen), self._per_group(domain)
        clusters = self._per_group((domain > 0).astype(kind))
        products = (chosen * chosen, chosen * domain[:, place], domain * domain)
        squares, mixed, bases = (self._per_group(each) for each in products)
        size = base[:, place]
        with np.errstate(invalid="ignore", divide="ignore"):
            share, voices = count / size, base**2 / bases
        return Cells(
            count=count.astype(np.intp),
            base=size.astype(np.intp),
            share=share,
            variance=variance_between(
                count, size, squares, mixed, bases[:, place], self.parts.clusters
            ),
            clusters=clusters.astype(np.intp)[:, place],
            voices=voices[:, place],
            alone=(clusters == base)[:, place],
            weighted_base=size,
        )

    def _per_group(self, values: Whole) -> Floats:
        total = np.zeros((self.parts.groups, values.shape[1]))
        group = self.parts.group
        if len(group):
            starts = np.flatnonzero(np.diff(group, prepend=-1))
            total[group[starts]] = added(values, starts, values.dtype)
        return total


def variance_between(
    given: Floats, size: Floats, squares: Floats, mixed: Floats, bases: Floats, clusters: int
) -> Floats:
    """Return the variances of shares from sums over clusters, as the linearization has them.

    Parameters
    ----------
    given, size
        Sums of those who gave an answer, and of those who count in its base.
    squares, mixed, bases
        Sums over clusters of the squares of the one, of the products of both, and of the squares
        of the other.
    clusters
        Clusters in the whole sample.
    """
    if clusters < 2:
        return np.where(size > 0, 0.0, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        # times the squared size: of whole numbers exact, so that no spread is exactly none
        square = size * size
        most = square * squares
        spread = most - 2 * size * given * mixed + given * given * bases
        spread[(spread < _NO_SPREAD * most) | (given == 0) | (given == size)] = 0.0
        return np.asarray(clusters / (clusters - 1) * spread / (square * square))
