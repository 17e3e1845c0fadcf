"""How strongly two questions are associated, whatever their kind.

Pearson's statistic is added over all pairs of answers. What it would be without association
depends on how alike the units of a cluster are in *both* questions; that is estimated for
each question by itself, so that an association does not hide in its own variance.

Sources
-------
Bilder, C. R. and Loughin, T. M. (2004). Testing for marginal independence between two
    categorical variables with multiple responses. Biometrics 60, 241-248.
Rao, J. N. K. and Scott, A. J. (1984). On chi-squared tests for multiway contingency tables
    with cell proportions estimated from survey data. Annals of Statistics 12, 46-60.
Bergsma, W. (2013). A bias-correction for Cramer's V and Tschuprow's T. Journal of the Korean
    Statistical Society 42, 323-328.
Smithson, M. (2003). Confidence Intervals, chapter 4. Sage. (Noncentral chi-squared.)
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.precision.table_tests import second_order
from survey.estimates.tabulation.indicator import Indicator
from survey.estimates.tabulation.sums import freedom_of

__all__ = ["Strength", "strength_of"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
_Place = tuple[int | None, int | None]

_RARE = 10
"""Answers given, or not given, by fewer units are no answers to look at by themselves."""


@dataclass(frozen=True)
class Strength:
    """Association of two questions.

    Attributes
    ----------
    v, low, high
        Cramer's V, corrected for its bias, with limits; of questions with several answers,
        that of the answer whose lower limit is highest, among those that are not rare.
    strongest
        That answer; empty when both questions have one answer only.
    p_value
        Of no association at all, over all answers together.
    size, clusters, freedom
        Units that answered both, their clusters, and the effective number of these less one.
    """

    v: float
    low: float
    high: float
    strongest: str
    p_value: float
    size: int
    clusters: int
    freedom: float


@dataclass(frozen=True)
class _Side:
    """One question, over the units that answered both.

    ``matrix`` has one standardized column per answer; ``own`` is the covariance of its
    columns in one unit, ``shared`` that between two units of a cluster.
    """

    matrix: Floats
    rare: Flags
    labels: tuple[str, ...]
    several: bool
    own: Floats
    shared: Floats


def strength_of(
    first: Indicator, second: Indicator, cluster: Ints, level: float = 0.95
) -> Strength:
    """Return how strongly two questions are associated.

    Parameters
    ----------
    first, second
        Answers to both, over the same units.
    cluster
        Cluster of each unit.
    level
        Confidence level of the limits.
    """
    both = first.answered & second.answered
    names, codes = np.unique(cluster[both], return_inverse=True)
    size, clusters = int(both.sum()), len(names)
    sizes = np.bincount(codes, minlength=clusters).astype(np.float64)
    pairs = float((sizes * (sizes - 1)).sum())
    one, two = (_side(each, both, codes, pairs) for each in (first, second))
    freedom = float(freedom_of(clusters, size**2 / max((sizes**2).sum(), 1.0)))
    nothing = Strength(np.nan, np.nan, np.nan, "", np.nan, size, clusters, freedom)
    if clusters < 2 or not one.labels or not two.labels:
        return nothing
    pearson = (one.matrix.T @ two.matrix) ** 2 / size
    p_value = _p_value(one, two, float(pearson.sum()), pairs / size)
    pieces = [_piece((one, two), pearson, size, pairs / size, place) for place in _places(one, two)]
    if not pieces:
        return replace(nothing, p_value=p_value, v=0.0, low=0.0, high=1.0)
    low, best = max((piece.limits(level)[0], piece) for piece in pieces)
    high = best.limits(level)[1]
    return Strength(best.v, low, high, best.label, p_value, size, clusters, freedom)


def _side(indicator: Indicator, both: Flags, cluster: Ints, pairs: float) -> _Side:
    """Standardize the answers that vary.

    A column of a question with one answer is divided by the root of its share alone, so that
    the squares of its columns add up to Pearson's statistic of the whole table.
    """
    chosen = indicator.chosen[both].astype(np.float64)
    share = chosen.mean(axis=0) if len(chosen) else np.zeros(chosen.shape[1])
    varies = (share > 0) & (share < 1)
    chosen, share = chosen[:, varies], share[varies]
    spread = share * (1 - share) if indicator.several else share
    matrix = (chosen - share) / np.sqrt(spread)
    sums = np.zeros((int(cluster.max(initial=-1)) + 1, matrix.shape[1]))
    np.add.at(sums, cluster, matrix)
    inside = matrix.T @ matrix
    shared = (sums.T @ sums - inside) / pairs if pairs else np.zeros_like(inside)
    return _Side(
        matrix,
        len(matrix) * np.minimum(share, 1 - share) < _RARE,
        tuple(np.array(indicator.answers, dtype=object)[varies]),
        indicator.several,
        inside / max(len(matrix), 1),
        shared,
    )


def _p_value(one: _Side, two: _Side, pearson: float, pairs: float) -> float:
    """Return the p-value of no association, to second order.

    Without association the covariance of the pairs of answers is, for two units, the product
    of what each question has: ``own x own`` for a unit with itself, ``shared x shared`` for
    two units of a cluster. Only its trace and that of its square are needed. It is estimated
    from all pairs of units rather than from one contrast per cluster, so that the reference is
    chi-squared; Student-like tails would make the test timid (3.4 in place of 5 % of 40 clouds).
    """
    trace = np.trace(one.own) * np.trace(two.own)
    trace += pairs * max(np.trace(one.shared) * np.trace(two.shared), 0.0)
    square = _inner(one.own, one.own) * _inner(two.own, two.own)
    square += 2 * pairs * _inner(one.own, one.shared) * _inner(two.own, two.shared)
    square += pairs**2 * _inner(one.shared, one.shared) * _inner(two.shared, two.shared)
    return second_order(pearson, float(trace), float(square), np.inf).p_value


def _inner(first: Floats, second: Floats) -> float:
    return float((first * second.T).sum())


class _Piece(NamedTuple):
    """A two-way table inside: the whole, or one answer of a question with several.

    ``v`` is Cramer's V, less what independence would give on average at the effective size.
    """

    v: float
    pearson: float
    inflation: float
    freedom: int
    size: int
    most: int
    label: str

    def limits(self, level: float) -> tuple[float, float]:
        """Limits of V from those of a noncentrality."""
        from scipy.special import chndtr, chndtrinc

        observed, tail = self.pearson / self.inflation, (1 - level) / 2
        found = []
        for quantile in (1 - tail, tail):
            reached = chndtr(observed, self.freedom, 0.0) > quantile
            noncentral = float(chndtrinc(observed, self.freedom, quantile)) if reached else 0.0
            found.append(min(1.0, np.sqrt(noncentral * self.inflation / (self.size * self.most))))
        return float(found[0]), float(found[1])


def _places(one: _Side, two: _Side) -> list[_Place]:
    """Return the tables to look at: the whole, or each answer of several that is not rare."""
    choices: list[list[int | None]] = [
        [int(place) for place in np.flatnonzero(~side.rare)] if side.several else [None]
        for side in (one, two)
    ]
    return [(row, column) for row in choices[0] for column in choices[1]]


def _piece(
    both: tuple[_Side, _Side], pearson: Floats, size: int, pairs: float, place: _Place
) -> _Piece:
    chosen = [
        np.arange(len(side.labels)) if at is None else np.array([at])
        for side, at in zip(both, place, strict=True)
    ]
    degrees = [
        max(len(side.labels) - 1, 1) if at is None else 1
        for side, at in zip(both, place, strict=True)
    ]
    own, shared = (
        np.prod([np.diag(matrix)[which].sum() for matrix, which in zip(each, chosen, strict=True)])
        for each in ((both[0].own, both[1].own), (both[0].shared, both[1].shared))
    )
    freedom, most = degrees[0] * degrees[1], min(degrees)
    inflation = float(own + pairs * max(shared, 0.0)) / freedom
    statistic = float(pearson[np.ix_(*chosen)].sum())
    excess = max(statistic / inflation - freedom, 0.0)
    v = min(1.0, float(np.sqrt(excess * inflation / (size * most))))
    label = " / ".join(
        side.labels[at] for side, at in zip(both, place, strict=True) if at is not None
    )
    return _Piece(v, statistic, inflation, freedom, size, most, label)
