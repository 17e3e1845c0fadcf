"""How strongly two questions are associated, whatever their kind.

Sources
-------
Bilder, C. R. and Loughin, T. M. (2004). Testing for marginal independence between two
    categorical variables with multiple responses. Biometrics 60, 241-248.
Bergsma, W. (2013). A bias-correction for Cramer's V and Tschuprow's T. Journal of the Korean
    Statistical Society 42, 323-328.
Smithson, M. (2003). Confidence Intervals, chapter 4. Sage. (Noncentral chi-squared.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.association import joint_test
from survey.estimates.indicator import Indicator

__all__ = ["Strength", "strength_of"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
_Place = tuple[int | None, int | None]


@dataclass(frozen=True)
class Strength:
    """Association of two questions.

    Attributes
    ----------
    v, low, high
        Cramer's V, corrected for its bias, with limits; of questions with several answers,
        that of the most strongly associated answer.
    strongest
        That answer; empty when both questions have one answer only.
    p_value
        Of no association at all, over all answers together.
    size, clusters
        Units that answered both, and their clusters.
    """

    v: float
    low: float
    high: float
    strongest: str
    p_value: float
    size: int
    clusters: int


class _Side(NamedTuple):
    """One question, over the units that answered both."""

    matrix: Floats
    share: Floats
    labels: tuple[str, ...]
    several: bool


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
    codes, names = np.unique(cluster[both], return_inverse=True)[::-1]
    size, clusters = int(both.sum()), len(names)
    one, two = _side(first, both), _side(second, both)
    nothing = Strength(np.nan, np.nan, np.nan, "", np.nan, size, clusters)
    if clusters < 2 or not one.labels or not two.labels:
        return nothing
    pearson, scores = _scores(one, two)
    sums = np.zeros((clusters, scores.shape[1]))
    np.add.at(sums, codes, scores)
    sums *= np.sqrt(clusters / (clusters - 1))
    test = joint_test(float(pearson.sum()), _gram(sums), clusters - 1)
    pieces = [_piece((one, two), pearson, sums, size, place) for place in _places(one, two)]
    best = max(pieces, key=lambda piece: piece.v)
    low, high = best.limits(level)
    return Strength(best.v, low, high, best.label, test.p_value, size, clusters)


def _side(indicator: Indicator, both: Flags) -> _Side:
    matrix = indicator.chosen[both].astype(np.float64)
    share = matrix.mean(axis=0) if len(matrix) else np.zeros(matrix.shape[1])
    varies = (share > 0) & (share < 1)
    labels = tuple(np.array(indicator.answers, dtype=object)[varies])
    return _Side(matrix[:, varies], share[varies], labels, indicator.several)


def _scores(one: _Side, two: _Side) -> tuple[Floats, Floats]:
    """Return Pearson's statistic of each pair of answers, and the scores behind it.

    Of a question with one answer the pair counts for the part that Pearson's statistic of the
    whole table gives it, so that the sum over its answers is that statistic.
    """
    left, right = (
        (side.matrix - side.share) / np.sqrt(side.share * (1 - side.share if side.several else 1.0))
        for side in (one, two)
    )
    size = len(left)
    scores = (left[:, :, None] * right[:, None, :]).reshape(size, -1) / np.sqrt(size)
    pearson = (left.T @ right / np.sqrt(size)) ** 2
    return pearson, scores


def _gram(sums: Floats) -> Floats:
    """Return the smaller of the two matrices with the same non-zero eigenvalues."""
    wide = sums.shape[1] > sums.shape[0]
    return np.asarray(sums @ sums.T if wide else sums.T @ sums)


class _Piece(NamedTuple):
    """A two-way table inside: the whole, or one answer of a question with several."""

    pearson: float
    inflation: float
    freedom: int
    size: int
    most: int
    label: str

    @property
    def v(self) -> float:
        """Cramer's V, less what independence at the effective size would give on average."""
        excess = self.pearson / self.inflation - self.freedom
        return float(np.sqrt(max(excess, 0.0) * self.inflation / (self.size * self.most)))

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
    rows = list(range(len(one.labels))) if one.several else [None]
    columns = list(range(len(two.labels))) if two.several else [None]
    return [(row, column) for row in rows for column in columns]


def _piece(
    both: tuple[_Side, _Side], pearson: Floats, sums: Floats, size: int, place: _Place
) -> _Piece:
    chosen = [
        np.arange(len(side.labels)) if at is None else np.array([at])
        for side, at in zip(both, place, strict=True)
    ]
    degrees = [
        max(len(side.labels) - 1, 1) if at is None else 1
        for side, at in zip(both, place, strict=True)
    ]
    grid = np.ix_(*chosen)
    freedom = degrees[0] * degrees[1]
    trace = float((sums[:, np.ravel_multi_index(grid, pearson.shape).ravel()] ** 2).sum())
    label = " / ".join(
        side.labels[at] for side, at in zip(both, place, strict=True) if at is not None
    )
    return _Piece(
        float(pearson[grid].sum()), max(trace / freedom, 1e-12), freedom, size, min(degrees), label
    )
