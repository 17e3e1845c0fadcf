"""The arithmetic of change between two editions, for all groups and answers at once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.precision.contrast import Scores, correlation_of, scores_of
from survey.estimates.precision.discovery import TESTED_FROM
from survey.estimates.precision.intervals import Limits, difference, wilson
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.precision import Precision, precision_of, wilson_size
from survey.estimates.precision.table_tests import TableTest, exchange_test, table_of_scores
from survey.estimates.table import Status
from survey.estimates.tabulation.counting import Counted

__all__ = ["Change", "farthest", "unmoved"]

Floats = npt.NDArray[np.float64]
_NO_SPREAD = 1e-9
"""What rounding leaves of the spread between organizations that all stayed, as a part of it."""


def unmoved(correlation: Floats) -> npt.NDArray[np.bool_]:
    """Return where the same organizations gave the same answers in both editions."""
    return np.asarray(correlation > 1 - _NO_SPREAD)


def farthest(earlier: Floats, later: Floats, level: float) -> Floats:
    """Return how large a part of organizations may change although none of these did.

    The variance between those that all stayed is 0, and says nothing of the next one. That none of
    them changed is a share of 0 with Wilson's upper limit.

    Parameters
    ----------
    earlier, later
        Effective number of organizations in each edition.
    level
        Confidence level.

    Examples
    --------
    >>> farthest(np.array([40.0]), np.array([50.0]), 0.95).round(4).tolist()
    [0.0876]
    """
    return wilson(0.0, np.fmin(earlier, later), level).high


@dataclass(frozen=True)
class Change:
    """Shares in two editions, the earlier groups before the later ones.

    Attributes
    ----------
    counted
        Counts in both editions.
    level
        Confidence level.
    comparable
        Whether the question was worded alike.
    nets
        How many of the answers, at the end, are unions of others.
    """

    counted: Counted
    level: float
    comparable: bool
    nets: int

    @property
    def inner(self) -> int:
        """Number of groups inside each edition."""
        return self.counted.grouping.groups.count // 2

    def halves(self, values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the earlier and the later half of an array of cells."""
        return values[: self.inner], values[self.inner :]

    @cached_property
    def precision(self) -> Precision:
        """Uncertainty of each share by itself."""
        return precision_of(self.counted.cells, self.level, "wilson")

    @cached_property
    def scores(self) -> Scores:
        """Linearized scores of later less earlier."""
        share = self.counted.cells.share
        sign = np.repeat([-1.0, 1.0], self.inner)[:, None] * np.ones_like(share)
        return scores_of(self.counted.sums, share, sign, self.inner)

    @cached_property
    def correlation(self) -> Floats:
        """Correlation of the two shares, from organizations that are in both editions."""
        first, second = self.halves(self.counted.cells.variance)
        return correlation_of(first, second, self.scores.variance)

    @cached_property
    def limits(self) -> Limits:
        """Limits of the difference; see :func:`farthest` where nobody changed."""
        (p1, p2), (low1, low2), (high1, high2) = (
            self.halves(each) for each in (self.counted.cells.share, *self.precision.limits)
        )
        usual = difference(p1, Limits(low1, high1), p2, Limits(low2, high2), self.correlation)
        most = farthest(*self.halves(self.counted.cells.voices), self.level)
        reach = Limits(np.maximum(-most, -p2), np.minimum(most, 1 - p2))
        return Limits(*np.where(unmoved(self.correlation), reach, usual))

    @cached_property
    def few(self) -> npt.NDArray[np.bool_]:
        """Where a base is too small for a test, though there is one."""
        before, after = self.halves(self.counted.cells.base)
        fewest = np.minimum(before, after)
        return np.asarray((fewest > 0) & (fewest < TESTED_FROM))

    @cached_property
    def p_value(self) -> Floats:
        """Two-sided p-value of no change; ``nan`` where a base is too small to test."""
        p1, p2 = self.halves(self.counted.cells.share)
        n1, n2 = self.halves(wilson_size(self.counted.cells, self.level))
        found = difference_p_value(p1, n1, p2, n2, self.correlation)
        return np.where(self.few, np.nan, found)

    @cached_property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of the difference, before precision is looked at."""
        first, second = self.halves(self.counted.statuses)
        status = np.where(first == Status.OK.value, second, first)
        status = status.astype(object)
        for reason in (Status.NOT_OFFERED, Status.NOT_AVAILABLE, Status.NOT_COMPARABLE):
            status[(first == reason.value) | (second == reason.value)] = reason.value
        if not self.comparable:
            status[:] = Status.NOT_COMPARABLE.value
        return np.asarray(status)

    @cached_property
    def joint(self) -> tuple[TableTest | None, ...]:
        """Test of the whole distribution, one per group; None where it cannot be made.

        Nets repeat what their answers tell, so they have no part in it. Strata are not known to
        the test.
        """
        if self.counted.sums.strata is not None:
            return (None,) * self.inner
        known = self.status == Status.OK.value
        known[:, known.shape[1] - self.nets :] = False
        known &= ~self.few
        tester = _of_several if self.counted.indicator.several else _of_single
        return tuple(
            tester(self, group, np.flatnonzero(known[group])) if known[group].any() else None
            for group in range(self.inner)
        )


def _of_several(change: Change, group: int, answers: npt.NDArray[np.intp]) -> TableTest:
    """Add the Pearson statistics of all answers, as Bilder and Loughin do."""
    (p1, p2), (n1, n2) = (
        change.halves(change.counted.cells.share),
        change.halves(change.counted.cells.base),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
        scale = (pooled * (1 - pooled) * (1 / n1 + 1 / n2))[group, answers]
    sign = np.repeat([-1.0, 1.0], change.inner)[:, None] * np.ones_like(change.counted.cells.share)
    level = scores_of(change.counted.sums, np.vstack([pooled, pooled]), sign, change.inner)
    inside = scale > 0
    own = level.values[level.group == group][:, answers[inside]]
    return exchange_test(own / np.sqrt(scale[inside]))


def _of_single(change: Change, group: int, answers: npt.NDArray[np.intp]) -> TableTest:
    """Test the table of editions by answers; Pearson's statistic, as Rao and Scott have it."""
    counted, groups = change.counted, change.counted.grouping.groups
    rows = np.arange(len(counted.sample)) if groups.rows is None else groups.rows
    chosen = counted.indicator.chosen[:, answers]
    domain = counted.domain
    if domain.ndim > 1:
        domain = np.asarray(domain.any(axis=1))
    member = (groups.code >= 0) & (groups.code % change.inner == group)
    rows = rows[member]
    rows = rows[domain[rows] & chosen[rows].any(axis=1)]
    later = counted.sample.edition[rows].astype(np.float64)
    weight = np.ones(len(rows)) if counted.weight is None else counted.weight[rows]
    return exchange_test(
        table_of_scores(later, chosen[rows].astype(float), weight, counted.sample.cluster[rows])
    )
