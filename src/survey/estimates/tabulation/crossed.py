"""Many questions in many columns at once: shares, what all others gave, and their covariance.

Counts are products of indicator matrices. A variance needs sums of squares over clusters, and
the square of a sum is a sum over pairs of units of one cluster: a product of matrices whose
rows are such pairs. Large clusters have too many pairs and are added up one by one.

Source
------
Kish, L. (1965). Survey Sampling, section 12.4 (variances of differences between subclasses
    whose units come from the same clusters). Wiley.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.products import Wide
from survey.estimates.tabulation.sums import Cells
from survey.estimates.tabulation.tallies import variance_between

__all__ = ["Crossed", "Products"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Matrix = npt.NDArray[Any]

_EXACT = 2**24
"""Whole numbers up to here are exact in single precision."""
_PAIRED = 12
"""Units of the largest cluster whose pairs are rows of a product."""
_BLOCK = 4096


@dataclass(frozen=True)
class Crossed:
    """A question in columns, and in all others of their banner; columns x answers.

    Attributes
    ----------
    own, rest
        Cells of the units of a column, and of all other units that are in any column.
    covariance
        Covariance of the two shares; 0 where they have no cluster in common.
    """

    own: Cells
    rest: Cells
    covariance: Floats


class Products:
    """Sums of products of many questions in many columns, from which cells are made.

    Parameters
    ----------
    sample
        Units.
    own, rest
        Units x columns: who is in the column, and who is in another one of its banner alone.
    rows
        The answers.
    weight
        Weight of each unit.
    organizations
        Whether clusters are counted in place of units, as in :func:`count`.
    """

    def __init__(
        self,
        sample: Sample,
        own: Flags,
        rest: Flags,
        rows: Wide,
        weight: Floats | None = None,
        *,
        organizations: bool = False,
    ) -> None:
        plan = _plan(sample, own, rest, rows, weight, organizations=organizations)
        self._place, self._clusters = rows.base, sample.clusters
        self._designed = weight is not None
        self._first = [_first_order(plan, side) for side in (plan.own, plan.rest)]
        self._second = [
            _second_order(plan, side, side, _squares(plan, side, first))
            for side, first in zip((plan.own, plan.rest), self._first, strict=True)
        ]
        nothing = _nothing(self._second[0])  # nobody is in a column and in the rest of its banner
        self._second.append(_second_order(plan, plan.own, plan.rest, nothing))

    def crossed(self, answers: slice) -> Crossed:
        """Return the cells of some answers; a question's stay in the processor's cache."""
        places = self._place[answers]
        first = [each.at(answers, places) for each in self._first]
        second = [each.at(answers, places) for each in self._second]
        own, rest = (
            _cells(*sums, self._clusters, designed=self._designed)
            for sums in zip(first, second[:2], strict=True)
        )
        covariance = _covariance((own, rest), second[2], self._clusters)
        return Crossed(own, rest, covariance)


class _Plan(NamedTuple):
    """The matrices of zeros and ones, and which units are of one cluster."""

    own: Matrix
    rest: Matrix
    given: Matrix
    domain: Matrix
    place: Ints
    weight: Matrix | None
    alone: Ints
    pairs: tuple[Ints, Ints]
    large: tuple[Ints, ...]
    several: tuple[Ints, ...]
    clusters: int
    organizations: bool

    @property
    def paired(self) -> Ints:
        """Units that are alone, or in a cluster whose pairs are rows."""
        inside = np.ones(len(self.own), dtype=bool)
        for units in self.large:
            inside[units] = False
        return np.flatnonzero(inside)

    def weighted(self, values: Matrix) -> Matrix:
        """Return values times the weights of their units."""
        return values if self.weight is None else values * self.weight[:, None]


def _plan(
    sample: Sample,
    own: Flags,
    rest: Flags,
    rows: Wide,
    weight: Floats | None,
    *,
    organizations: bool,
) -> _Plan:
    sizes = np.bincount(sample.cluster, minlength=max(sample.clusters, 1))
    order = np.argsort(sample.cluster, kind="stable")
    members = np.split(order, np.cumsum(sizes)[:-1])
    several = tuple(units for units in members if len(units) > 1)
    small = [units for units in several if len(units) <= _PAIRED and not organizations]
    large = several if organizations else tuple(units for units in several if len(units) > _PAIRED)
    pairs = [np.triu_indices(len(units), 1) for units in small]
    first, second = (
        np.concatenate(
            [
                np.zeros(0, dtype=np.intp),
                *(units[places[side]] for units, places in zip(small, pairs, strict=True)),
            ]
        )
        for side in (0, 1)
    )
    exact = weight is None and int((sizes.astype(np.int64) ** 2).sum()) < _EXACT
    kind = np.float32 if exact else np.float64
    domain = rows.domain.astype(kind)
    return _Plan(
        own.astype(kind),
        rest.astype(kind),
        np.where(rows.matrix > 0, domain[:, rows.base], kind(0)),
        domain,
        rows.base,
        None if weight is None or organizations else weight.astype(kind),
        np.concatenate([np.zeros(0, dtype=np.intp), *(u for u in members if len(u) == 1)]),
        (first, second),
        large,
        several,
        sample.clusters,
        organizations,
    )


def _spread(values: Matrix, places: Ints) -> Floats:
    """Return the columns of the bases of some answers; one base is a column repeated."""
    if len(places) and (places == places[0]).all():
        own = values[:, places[:1]].astype(np.float64)
        return np.broadcast_to(own, (len(values), len(places)))
    return values[:, places].astype(np.float64)


class _First(NamedTuple):
    """Sums over the units of a column: given per answer, the others per base."""

    times: Matrix
    base: Matrix
    given: Matrix
    size: Matrix
    clusters: Matrix

    def at(self, answers: slice, places: Ints) -> _First:
        """Return the sums of some answers."""
        base, clusters = (_spread(each, places) for each in (self.base, self.clusters))
        times = self.times[:, answers].astype(np.float64)
        if self.given is self.times:  # no weights
            return _First(times, base, times, base, clusters)
        given = self.given[:, answers].astype(np.float64)
        return _First(times, base, given, _spread(self.size, places), clusters)


def _first_order(plan: _Plan, side: Matrix) -> _First:
    single = plan.paired if plan.organizations else slice(None)
    turned = np.ascontiguousarray(side[single].T)
    times, base = turned @ plan.given[single], turned @ plan.domain[single]
    clusters = side[plan.alone].T @ plan.domain[plan.alone]
    for units in plan.several:
        some = side[units].T
        present = some @ plan.domain[units] > 0
        clusters += present
        if plan.organizations:
            times += some @ plan.given[units] > 0
            base += present
    if plan.weight is None:
        return _First(times, base, times, base, clusters)
    size = turned @ plan.weighted(plan.domain)
    given = np.where(times > 0, turned @ plan.weighted(plan.given), 0.0)
    every = times == base[:, plan.place]
    return _First(times, base, np.where(every, size[:, plan.place], given), size, clusters)


class _Second(NamedTuple):
    """Sums over clusters of products of what two sides give and are in the base."""

    given: Matrix
    given_base: Matrix
    base_given: Matrix
    base: Matrix

    def at(self, answers: slice, places: Ints) -> _Second:
        """Return the sums of some answers."""
        given, given_base = (each[:, answers].astype(np.float64) for each in self[:2])
        base_given = given_base
        if self.base_given is not self.given_base:
            base_given = self.base_given[:, answers].astype(np.float64)
        return _Second(given, given_base, base_given, _spread(self.base, places))

    def plus(self, more: _Second) -> _Second:
        """Return sums of both; halves that are one array stay one."""
        given, base = self.given + more.given, self.base + more.base
        given_base = base_given = self.given_base + more.given_base
        if more.base_given is not more.given_base:
            base_given = self.base_given + more.base_given
        return _Second(given, given_base, base_given, base)


def _second_order(plan: _Plan, one: Matrix, two: Matrix, itself: _Second) -> _Second:
    """Return sums over clusters of products: pairs of a unit with itself, then with others."""
    total = itself
    for part in (*_of_pairs(plan, one, two), *_of_large(plan, one, two)):
        total = total.plus(part)
    return total


def _squares(plan: _Plan, side: Matrix, first: _First) -> _Second:
    """Return sums of products of each unit with itself, those of large clusters left out."""
    if plan.weight is None and not plan.organizations:  # of zeros and ones: their sums
        given, base = first.times, first.base
        for units in plan.large:
            some = side[units].T
            given, base = given - some @ plan.given[units], base - some @ plan.domain[units]
        return _Second(given, given, given, base)
    units = plan.paired
    squared = np.ones((len(units), 1), dtype=side.dtype)
    if plan.weight is not None:
        squared = plan.weight[units, None] ** 2
    turned = np.ascontiguousarray(side[units].T)
    given, base = turned @ (squared * plan.given[units]), turned @ (squared * plan.domain[units])
    return _Second(given, given, given, base)


def _nothing(like: _Second) -> _Second:
    return _Second(*(np.zeros_like(each) for each in like))


def _of_pairs(plan: _Plan, one: Matrix, two: Matrix) -> Iterator[_Second]:
    given, domain = plan.weighted(plan.given), plan.weighted(plan.domain)
    for start in range(0, len(plan.pairs[0]), _BLOCK):
        u, v = (each[start : start + _BLOCK] for each in plan.pairs)
        forth = np.ascontiguousarray((one[u] * two[v]).T)
        first = given[u] * domain[v][:, plan.place]
        second = given[v] * domain[u][:, plan.place]
        if one is two:
            mixed = forth @ (first + second)
            both, halves = 2 * forth, (mixed, mixed)
        else:
            back = np.ascontiguousarray((one[v] * two[u]).T)
            both = forth + back
            halves = forth @ first + back @ second, forth @ second + back @ first
        yield _Second(both @ (given[u] * given[v]), *halves, both @ (domain[u] * domain[v]))


def _of_large(plan: _Plan, one: Matrix, two: Matrix) -> Iterator[_Second]:
    given, domain = plan.weighted(plan.given), plan.weighted(plan.domain)
    for units in plan.large:
        sums = [side[units].T @ values[units] for side in (one, two) for values in (given, domain)]
        if plan.organizations:
            sums = [(each > 0).astype(one.dtype) for each in sums]
        first, base, second, other = sums
        mixed = first * other[:, plan.place]
        back = mixed if one is two else base[:, plan.place] * second
        yield _Second(first * second, mixed, back, base * other)


def _cells(first: _First, second: _Second, clusters: int, *, designed: bool) -> Cells:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = first.given / first.size
        voices = _voices(first.size, second.base)
    products = second.given, second.given_base, second.base
    return Cells(
        count=first.times.astype(np.intp),
        base=first.base.astype(np.intp),
        share=share,
        variance=variance_between(first.given, first.size, *products, clusters),
        clusters=first.clusters.astype(np.intp),
        voices=voices,
        alone=(first.clusters == first.base) & (not designed),
        weighted_base=first.size,
    )


def _voices(size: Floats, squares: Floats) -> Floats:
    if size.shape[1] and size.strides[1] == squares.strides[1] == 0:  # one base for all answers
        return np.broadcast_to(size[:, :1] ** 2 / squares[:, :1], size.shape)
    return np.asarray(size**2 / squares)


def _covariance(cells: tuple[Cells, Cells], mixed: _Second, clusters: int) -> Floats:
    """Return the covariance of the shares of the two sides, from residuals by cluster."""
    own, rest = (each.share for each in cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        products = mixed.given - rest * mixed.given_base - own * mixed.base_given
        products += own * rest * mixed.base
        found = products / (cells[0].weighted_base * cells[1].weighted_base)
    return np.asarray(_factor(clusters) * np.nan_to_num(found))


def _factor(clusters: int) -> float:
    return clusters / (clusters - 1) if clusters > 1 else np.nan
