"""A straight line through the shares of several editions, for all groups and answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates import statistic as columns
from survey.estimates.change.change import farthest
from survey.estimates.design.sample import Sample
from survey.estimates.precision.contrast import Scores, scores_of
from survey.estimates.precision.discovery import TESTED_FROM
from survey.estimates.precision.intervals import Limits, wald
from survey.estimates.statistic import Column, Role
from survey.estimates.table import Status
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.offers import questions_of

__all__ = ["ONE_EDITION", "SLOPES", "Line", "newest_series", "series_of", "years_of"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_NO_SPREAD = 1e-9
ONE_EDITION: Final = "One edition has no trend: there is nothing to compare it with."

SLOPES: Final = MappingProxyType(
    {
        "series": Column(Role.TEXT, "series"),
        "slope": Column(Role.DIAGNOSTIC, "change per year"),
        "slope_low": Column(Role.DIAGNOSTIC, "lower limit of the change per year"),
        "slope_high": Column(Role.DIAGNOSTIC, "upper limit of the change per year"),
        "p": columns.P_VALUE,
        "p_adjusted": columns.ADJUSTED_P_VALUE,
        "verdict": columns.VERDICT,
    }
)
"""Columns of every trend beyond those of its statistic."""


def series_of(sample: Sample, concept: str) -> tuple[str, ...]:
    """Return the series of each edition, ``""`` where the question was not asked."""
    return tuple(
        (question.series or concept) if question else ""
        for question in questions_of(sample, concept)
    )


def newest_series(series: Sequence[str]) -> Flags:
    """Return per edition whether the question is worded as in the newest that asks it."""
    newest = next((name for name in reversed(series) if name), "")
    return np.array([name == newest for name in series], dtype=bool)


def years_of(editions: Sequence[str]) -> Floats:
    """Return the years of editions, or their places when they are not named by year."""
    numbered = all(name.isdigit() for name in editions)
    years = [float(name) for name in editions] if numbered else list(range(len(editions)))
    return np.array(years, dtype=np.float64)


@dataclass(frozen=True)
class Line:
    """A straight line through the shares of each answer, fitted to the units."""

    counted: Counted
    series: tuple[str, ...]

    @property
    def editions(self) -> tuple[str, ...]:
        """Names of the editions, oldest first."""
        return self.counted.sample.editions

    @property
    def inner(self) -> int:
        """Number of groups inside each edition."""
        return self.counted.grouping.groups.count // max(len(self.editions), 1)

    @cached_property
    def same_series(self) -> Flags:
        """Per edition: whether the question is worded as in the newest that asks it."""
        return newest_series(self.series)

    @cached_property
    def used(self) -> Flags:
        """Whether a cell supports the line, editions x groups x answers."""
        known = self._by_edition(self.counted.statuses == Status.OK.value)
        return np.asarray(known & self.same_series[:, None, None])

    @cached_property
    def years(self) -> Floats:
        """Years of the editions, or their places when they are not named by year."""
        return years_of(self.editions)[:, None, None]

    @cached_property
    def weight(self) -> Floats:
        """Sum of the weights behind each share that supports the line."""
        base = self._by_edition(self.counted.cells.weighted_base)
        return np.asarray(np.where(self.used, base, 0.0), dtype=np.float64)

    @cached_property
    def centered(self) -> Floats:
        """Years less their weighted mean."""
        with np.errstate(invalid="ignore"):
            middle = (self.weight * self.years).sum(0) / self.weight.sum(0)
            return np.asarray(self.years - middle, dtype=np.float64)

    @cached_property
    def slope(self) -> Floats:
        """Change per year, groups x answers; ``nan`` with fewer than two editions."""
        share = np.nan_to_num(self._by_edition(self.counted.cells.share))
        moment = np.nan_to_num(self.weight * self.centered * share).sum(0)
        spread = np.nan_to_num(self.weight * self.centered**2).sum(0)
        enough = self.used.sum(0) >= 2
        out = np.full(moment.shape, np.nan)
        return np.asarray(np.divide(moment, spread, out=out, where=enough & (spread > 0)), float)

    @cached_property
    def scores(self) -> Scores:
        """Linearized scores of the slope, from residuals off the line."""
        return self._scores(self._middle + np.nan_to_num(self.slope) * self.centered)

    @cached_property
    def null_scores(self) -> Scores:
        """The same from residuals off a level line, as if there were no trend."""
        return self._scores(self._middle + 0 * self.centered)

    @cached_property
    def freedom(self) -> Floats:
        """Degrees of freedom: effective number of clusters in all editions, less two."""
        return np.maximum(self.scores.freedom - 1, np.minimum(self.scores.cluster_count - 2, 1.0))

    @cached_property
    def few(self) -> Flags:
        """Where fewer than two editions have a base that is large enough for a test."""
        base = self._by_edition(self.counted.cells.base)
        return np.asarray(
            (self.used.sum(0) >= 2) & ((self.used & (base >= TESTED_FROM)).sum(0) < 2)
        )

    @cached_property
    def p_value(self) -> Floats:
        """Two-sided p-value of no trend, from scores off a level line.

        The squared quotient is compared with the distribution that it has over exchanges of the
        signs of clusters, as :func:`~survey.estimates.precision.table_tests.exchange_test` does.
        """
        from scipy.special import fdtrc

        se = np.sqrt(self.null_scores.variance)
        ratio = np.divide(np.abs(self.slope), se, out=np.zeros_like(se), where=se > 0)
        moved = 1 - self.null_scores.concentration
        df1 = np.divide(1.0, moved, out=np.ones_like(moved), where=moved > _NO_SPREAD)
        untested = np.isnan(self.slope) | self.few | (self.freedom <= 0)
        found = fdtrc(df1, df1 * self.scores.cluster_count, ratio**2)
        return np.asarray(np.where(untested, np.nan, found))

    def limits(self, level: float) -> Limits:
        """Return the limits of the slope; a line that all units lie on has them, too.

        Where all stayed in every edition nothing varies, and the limits are how far the slope gets
        if as many change as :func:`~survey.estimates.change.change.farthest` allows, all of them
        where it moves the slope most.
        """
        variance, null = self.scores.variance, self.null_scores.variance
        known = variance > _NO_SPREAD * null
        usual = wald(self.slope, np.sqrt(np.where(known, variance, null)), self.freedom, level)
        sizes = np.where(self.used, self._by_edition(self.counted.cells.voices), np.nan)
        voices = np.fmin.reduce(sizes, axis=0)
        up = farthest(voices, voices, level) * np.maximum(self._coefficient, 0).sum(0)
        reach = Limits(self.slope - up, self.slope + up)
        return Limits(*np.where(self._stayed, reach, usual))

    @cached_property
    def _stayed(self) -> Flags:
        """Whether nobody's answer differs between editions, where there are some to compare."""
        alone = np.nan_to_num(self._by_edition(self.counted.cells.variance))
        independent = (self._coefficient**2 * alone).sum(0)
        alike = self.null_scores.variance <= _NO_SPREAD * independent
        return np.asarray(alike & (self.freedom > 0))

    @cached_property
    def _middle(self) -> Floats:
        share = np.nan_to_num(self._by_edition(self.counted.cells.share))
        with np.errstate(invalid="ignore"):
            return np.asarray((self.weight * share).sum(0) / self.weight.sum(0))

    @cached_property
    def _coefficient(self) -> Floats:
        """Weights that the slope gives to the shares of the editions."""
        spread = np.nan_to_num(self.weight * self.centered**2).sum(0)
        leaning = np.nan_to_num(self.weight * self.centered)
        none = np.zeros(self.weight.shape)
        return np.asarray(np.divide(leaning, spread, out=none, where=spread > 0))

    def _scores(self, center: Floats) -> Scores:
        flat = (-1, self.weight.shape[-1])
        return scores_of(
            self.counted.sums,
            center.reshape(flat),
            self._coefficient.reshape(flat),
            self.inner,
            self.used.reshape(flat),
        )

    def _by_edition(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values.reshape(len(self.editions), self.inner, -1)
