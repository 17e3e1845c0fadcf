"""Change of a total or a mean between two editions, as a table; and its public computation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.estimates.change.change_of_sums import (
    EditionSums,
    Model,
    change_of_sums,
    edition_sums,
)
from survey.estimates.change.change_rows import Modelled, Setting
from survey.estimates.change.number_change import Moved
from survey.estimates.change.statistic_change import (
    CHANGES,
    difference_of,
    not_comparable,
    verdicts_of,
)
from survey.estimates.design import Design
from survey.estimates.design.editions import same_words
from survey.estimates.numbers.band_counts import tabulated_bands
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.expected_counts import expected_counts
from survey.estimates.numbers.filling import AVERAGE
from survey.estimates.numbers.known import Figures, named_figures
from survey.estimates.numbers.sum_rules import published_sums
from survey.estimates.numbers.total_of_counts import drawn_totals, point_of_totals
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Noise, Public, Statistic
from survey.estimates.table import Estimates, Measure
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.offers import questions_of

__all__ = ["EXCHANGED", "read_sums", "record_of_sums", "sums_changed"]

Floats = npt.NDArray[np.float64]

EXCHANGED: Final = (
    "exchange of editions between organizations (Fisher 1935; Cameron, Gelbach and Miller 2008)"
)


def read_sums(design: Design, arguments: Arguments) -> EditionSums:
    """Return all editions of the question, the two that are compared last."""
    model = Model(
        arguments["family"] or AVERAGE,
        arguments["open_band"],
        Figures.of(arguments["published_figures"]),
    )
    editions = (arguments["earlier"], arguments["later"])
    return edition_sums(design, arguments.concept, editions, arguments.by, model)


def sums_changed(
    sums: EditionSums, *, mean: bool, comparable: bool
) -> tuple[Setting, Moved, Modelled]:
    """Return who answered, what changed, and how it was modelled."""
    setting = Setting.of_bands(sums.banded, comparable=comparable)
    moved = change_of_sums(sums, mean=mean)
    settled = np.full(len(moved.value), bool(sums.filling.settled[0]))
    return setting, moved, Modelled(settled, additive=True)


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    """Count the bands of all editions, to which the model is fitted, the compared ones last."""
    figures = Figures.of(arguments["published_figures"])
    without = {**arguments.options, "published_figures": None}
    sums = read_sums(design, replace(arguments, options=MappingProxyType(without)))
    table = tabulated_bands(sums.banded)
    table = replace(table, figures=named_figures(sums.banded, figures))
    editions = (arguments["earlier"], arguments["later"])
    pair = ask_bands(design, (arguments.concept,), editions=editions)
    alike = same_words(questions_of(pair.sample, arguments.concept))
    return (table if alike else not_comparable(table),)


def _half(table: Tabulation) -> int:
    return len(table.groups) // len({group[0] for group in table.groups})


def _point(table: Tabulation, arguments: Arguments) -> Point:
    found = point_of_totals(table, arguments)
    columns = dict(found.columns)
    if arguments["statistic"] == "mean":
        size = np.where(table.weighted_base[:, :1] > 0, table.weighted_base[:, :1], np.nan)
        for name in ("value", "lower_bound", "upper_bound"):
            columns[name] = columns[name] / size
    half = _half(table)
    pair = {name: values[-2 * half :] for name, values in columns.items()}
    return difference_of(Point(found.names, found.groups[-2 * half :], found.answers, pair))


def _limits(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return limits as far from the change as that of drawn counts is, at the level asked for.

    Counts vary as those of another draw of as many organizations, and by their noise. What
    organizations in both editions have in common would make the interval shorter; no published
    count tells it.
    """
    drawn, size = drawn_totals(table, arguments, noise)
    if arguments["statistic"] == "mean":
        drawn = drawn / np.where(size > 0, size, np.nan)
    *_, earlier, later = np.split(drawn[..., None], len(drawn[0]) // _half(table), axis=1)
    found = _point(expected_counts(table, noise), arguments)
    value = np.asarray(found.value, dtype=np.float64)
    away = np.abs(later - earlier - value)
    reach = np.quantile(np.nan_to_num(away), noise.level, axis=0)
    return Limits(value - reach, value + reach)


def record_of_sums(ask_again: Callable[[Design, Arguments], Estimates]) -> Statistic:
    """Return the record of a change of totals or means."""
    return Statistic(
        name="compare_numbers",
        calculates="total|mean",
        measure=Measure.NUMBER,
        columns=MappingProxyType(dict(CHANGES)),
        tabulate=_tabulate,
        point=_point,
        ask_again=ask_again,
        public=Public(_limits, verdicts_of, expected_counts, published_sums),
    )
