"""Totals over all editions, and whether they move in one direction.

One model of what lies inside the bands serves all editions, so that the numbers are those of
:func:`survey.estimates.total` by edition. Turning the sign of what every organization adds to the
slope at random (reversing the order of its editions, where these are a year apart) gives the slopes
under no trend, as exchange of editions does for two (:mod:`survey.estimates.numbers.exchange`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.estimates.change.change_of_sums import Model, edition_sums
from survey.estimates.change.line import (
    ONE_EDITION,
    SLOPES,
    newest_series,
    series_of,
    years_of,
)
from survey.estimates.design import Design
from survey.estimates.design.arguments import source_of
from survey.estimates.exact_note import ExactNote
from survey.estimates.numbers.exchange import Slope, exchange_slopes
from survey.estimates.numbers.known import Figures
from survey.estimates.numbers.total import TOTAL, total
from survey.estimates.precision.discovery import TESTED_FROM, adjusted, family_words, verdicts
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation

__all__ = ["TREND_OF_TOTALS", "trend_of_totals"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_METHOD: Final = (
    "slope of totals on years; exchange of editions within organizations (Fisher 1935; Cameron, "
    "Gelbach and Miller 2008)"
)


def trend_of_totals(design: Design, arguments: Arguments) -> Estimates:
    """Return the total in every edition with the slope over them; see :func:`trend`."""
    model = {name: arguments[name] for name in ("family", "open_band", "published_figures")}
    found = total(design, arguments.concept, arguments.by, **model)
    line = _line(design, arguments, found)
    frame = _with_line(found, line, arguments["fdr"])
    return table_of(
        TREND_OF_TOTALS,
        design,
        arguments,
        design.asked((arguments.concept,), arguments.by, answered=True),
        frame,
        names=found.spec.by,
        title=f"{found.title}, over the editions",
        method=f"{found.spec.method}; {_METHOD}",
        notes=(*found.notes, *_notes(line, arguments["fdr"])),
        counts=found.spec.counts,
    )


@dataclass(frozen=True)
class _Line:
    """A straight line through the totals of each group.

    Attributes
    ----------
    years
        Of the editions, or their places when they are not named by year.
    used
        Editions x groups: which totals support the line.
    total, answered
        Clusters x (editions x groups): expected sums, and answers.
    level
        Confidence level.
    series
        Of each edition: how the question is worded; "" where it is not asked.
    """

    years: Floats
    used: Flags
    total: Floats
    answered: Floats
    level: float
    series: tuple[str, ...]

    @cached_property
    def coefficient(self) -> Floats:
        """Editions x groups: the weight of each total in the slope."""
        number = self.used.sum(axis=0)
        middle = (self.used * self.years[:, None]).sum(axis=0) / np.maximum(number, 1)
        away = self.used * (self.years[:, None] - middle)
        spread = (away**2).sum(axis=0)
        flat = np.full_like(away, np.nan)
        return np.asarray(np.divide(away, spread, out=flat, where=spread > 0))

    @cached_property
    def slope(self) -> Slope:
        """Change per year, with limits and test."""
        shape = (len(self.total), *self.used.shape)
        scores = (self.total.reshape(shape) * self.coefficient).sum(axis=1)
        return exchange_slopes(scores, self.total.reshape(shape).sum(axis=1), self.level)

    @cached_property
    def few(self) -> Flags:
        """Groups of which fewer than two editions have a base that is large enough for a test."""
        base = self.answered.sum(axis=0).reshape(self.used.shape)
        enough = (self.used & (base >= TESTED_FROM)).sum(axis=0) < 2
        return np.asarray(enough & (self.used.sum(axis=0) >= 2))

    @cached_property
    def p_value(self) -> Floats:
        """Of no trend; ``nan`` where it is not tested."""
        return np.where(self.few, np.nan, self.slope.p_value)


def _line(design: Design, arguments: Arguments, found: Estimates) -> _Line:
    editions = design.answers.editions
    model = Model(
        arguments["family"], arguments["open_band"], Figures.of(arguments["published_figures"])
    )
    sums = edition_sums(design, arguments.concept, editions, arguments.by[1:], model)
    total_of, answered = sums.by_cluster()
    known = found.frame["status"].isin([Status.OK.value, Status.IMPRECISE.value]).to_numpy()
    series = series_of(sums.banded.sample, source_of(design.answers, arguments.concept))
    used = known.reshape(len(editions), -1) & newest_series(series)[:, None]
    level = sums.banded.asked.level
    return _Line(years_of(editions), used, total_of, answered, level, series)


def _with_line(found: Estimates, line: _Line, fdr: float) -> pd.DataFrame:
    """Add the line to the totals; those of another wording are not comparable."""
    frame = found.df
    each = line.used.shape[1]
    other = np.repeat(~newest_series(line.series), each)
    other &= frame["status"].isin([Status.OK.value, Status.IMPRECISE.value]).to_numpy()
    frame.loc[other, "status"] = Status.NOT_COMPARABLE.value
    frame.loc[other, ["value", "low", "high"]] = np.nan
    p_adjusted = adjusted(line.p_value)
    added = {
        "slope": line.slope.value,
        "slope_low": line.slope.low,
        "slope_high": line.slope.high,
        "p": line.p_value,
        "p_adjusted": p_adjusted,
        "verdict": verdicts(p_adjusted, fdr, line.few),
    }
    return frame.assign(
        series=np.repeat(np.array(line.series, dtype=object), each),
        **{name: np.tile(values, len(line.years)) for name, values in added.items()},
    )


def _notes(line: _Line, fdr: float) -> Iterator[str]:
    yield (
        "The slope is that of the totals of those who answered: more answers make a larger total. "
        "Whether the clouds grew or others took part cannot be told from it."
    )
    if len(line.years) == 1:
        yield ONE_EDITION
    tested = int(np.isfinite(line.p_value).sum())
    if tested:
        yield ExactNote(family_words(tested, fdr))


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    return TOTAL.tabulate(design, arguments)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return trend_of_totals(design, arguments)


TREND_OF_TOTALS: Final = replace(
    TOTAL,
    name="trend",
    calculates="total",
    columns=MappingProxyType({**TOTAL.columns, **SLOPES}),
    tabulate=_tabulate,
    ask_again=_ask_again,
    varies=None,
)
