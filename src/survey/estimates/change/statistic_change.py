"""Change of any statistic between two editions, from counts: one difference, one interval.

The tabulation holds both editions, the earlier groups before the later ones. The difference is
taken between the values that the statistic's own ``point`` gives; its public interval adds the
squared distances to the limits of both (MOVER). What organizations in both editions have in
common would make it shorter; no published count tells that, so it is left out.

Source
------
Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from survey.estimates import statistic as columns
from survey.estimates.precision.discovery import CLEAR, NOISE, NOT_COMPARABLE, adjusted
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Column, Noise, Public, Role, Statistic
from survey.estimates.table import Measure, Status
from survey.estimates.tabulation import Point, Tabulation

__all__ = ["CHANGES", "change_of", "difference_of", "not_comparable", "verdicts_of"]

_FDR: Final = 0.05  # false discovery rate where none was asked for
CHANGES: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "earlier": Column(Role.NUMBER, "earlier", public=True),
        "later": Column(Role.NUMBER, "later", public=True),
        "earlier_count": Column(Role.COUNT, "earlier count", public=True),
        "earlier_base": Column(Role.BASE, "earlier base", public=True),
        "lower_bound": Column(Role.BOUND, "at least"),
        "upper_bound": Column(Role.BOUND, "at most"),
        "factor": Column(Role.DIAGNOSTIC, "later over earlier"),
        "factor_low": Column(Role.DIAGNOSTIC, "lower limit of the factor"),
        "factor_high": Column(Role.DIAGNOSTIC, "upper limit of the factor"),
        "se": columns.STANDARD_ERROR,
        "clusters": columns.CLUSTERS,
        "p": columns.P_VALUE,
        "p_adjusted": columns.ADJUSTED_P_VALUE,
        "joint_p": Column(Role.P_VALUE, "p-value of all answers together"),
        "verdict": replace(columns.VERDICT, public=True),
        "imprecise_because": columns.RULE,
        "item": Column(Role.TEXT, "item", public=True),
        "level": Column(Role.TEXT, "level", public=True),
    }
)
"""Columns of tables of change beyond the core ones."""


def change_of(
    single: Statistic,
    name: str,
    tabulate: Callable[..., tuple[Tabulation, ...]],
    ask_again: Callable[..., Any],
    measure: Measure | None = None,
) -> Statistic:
    """Return the statistic that is the change of another one between two editions.

    Parameters
    ----------
    single
        The statistic of one edition.
    name, tabulate, ask_again
        As in :class:`Statistic`; ``tabulate`` counts both editions.
    measure
        What the differences are, if not what the statistic's values are.
    """

    def point(table: Tabulation, arguments: Arguments) -> Point:
        return difference_of(single.point(table, arguments))

    def limits(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
        assert single.public is not None
        found = single.point(table, arguments)
        return _mover(found, single.public.limits(table, arguments, noise))

    return Statistic(
        name=name,
        measure=measure or single.measure,
        calculates=single.calculates,
        columns=CHANGES,
        tabulate=tabulate,
        point=point,
        ask_again=ask_again,
        public=Public(limits, verdicts_of) if single.public is not None else None,
    )


def not_comparable(table: Tabulation) -> Tabulation:
    """Return counts of a question that was worded differently in the two editions."""
    status = np.full(table.presence.shape, Status.NOT_COMPARABLE.value, dtype=object)
    return replace(table, presence=status)


def difference_of(found: Point) -> Point:
    """Return later less earlier."""
    half = len(found.groups) // 2
    size = (2 * half, len(found.answers))
    earlier, later = {}, {}
    for name, values in found.columns.items():
        whole = np.broadcast_to(values, size)
        earlier[name], later[name] = whole[:half], whole[half:]
    status = _worse(earlier["status"], later["status"])
    known = status == Status.OK.value

    def masked(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.where(known, values.astype(np.float64), np.nan)

    both = {
        "count": later["count"],
        "base": later["base"],
        "value": masked(later["value"] - earlier["value"]),
        "status": status,
        "earlier": masked(earlier["value"]),
        "later": masked(later["value"]),
        "earlier_count": earlier["count"],
        "earlier_base": earlier["base"],
    }
    if {"lower_bound", "upper_bound"} <= later.keys():
        both["lower_bound"] = masked(later["lower_bound"] - earlier["upper_bound"])
        both["upper_bound"] = masked(later["upper_bound"] - earlier["lower_bound"])
    both |= {name: later[name] for name in ("item", "level") if name in later}
    groups = tuple(group[1:] for group in found.groups[half:])
    return Point(found.names[1:], groups, found.answers, both)


def _worse(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    """Return the status of a difference: what one of the two lacks, it lacks."""
    status = np.where(first == Status.OK.value, second, first).astype(object)
    for lacking in (Status.NOT_OFFERED, Status.NOT_AVAILABLE, Status.NOT_COMPARABLE):
        status[(first == lacking.value) | (second == lacking.value)] = lacking.value
    return status


def _mover(found: Point, limits: Limits) -> Limits:
    half = len(found.groups) // 2
    v1, v2 = found.value[:half], found.value[half:]
    (l1, l2), (u1, u2) = ((each[:half], each[half:]) for each in limits)
    low = v2 - v1 - np.hypot(v2 - l2, u1 - v1)
    high = v2 - v1 + np.hypot(u2 - v2, v1 - l1)
    return Limits(low, high)


def verdicts_of(
    point: Point, limits: Limits, arguments: Arguments, noise: Noise
) -> Mapping[str, npt.NDArray[Any]]:
    """Return in words which changes are clear, of what is printed alone.

    The p-value of a change is that of the level at which its printed interval would end at 0.
    Verdicts control false discoveries over all rows that have limits, as those of exact tables
    do; a clear change has no 0 in its interval.
    """
    rate = arguments["fdr"] or _FDR
    without_zero = (limits.low > 0) | (limits.high < 0)
    clear = without_zero & (adjusted(_p_values(limits, noise.level)) <= rate)
    words = np.where(clear, CLEAR, NOISE).astype(object)
    known = point.columns["status"] == Status.OK.value
    return {"verdict": np.where(known, words, NOT_COMPARABLE)}


def _p_values(limits: Limits, level: float) -> npt.NDArray[np.float64]:
    """Return two-sided p-values of no change from printed limits, ``nan`` where one is missing."""
    from scipy.special import ndtr, ndtri

    low, high = (np.asarray(each, dtype=np.float64) for each in limits)
    reach, away = (high - low) / 2, np.abs(high + low) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.where(away == 0, 0.0, away / reach)
    return np.asarray(2 * ndtr(-steps * ndtri((1 + level) / 2)))
