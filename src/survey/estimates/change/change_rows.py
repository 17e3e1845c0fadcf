"""The rows and notes of a table of change, whatever the statistic is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.estimates.change.number_change import Moved
from survey.estimates.exact_note import ExactNote
from survey.estimates.numbers.banded import Banded
from survey.estimates.numbers.sum_rules import SUM_REASONS, UNSEEN, UNSETTLED, sum_rule
from survey.estimates.precision.discovery import TESTED_FROM, adjusted, family_words, verdicts
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.table import Status
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.grouping import Grouping
from survey.estimates.tabulation.sums import Sums

__all__ = [
    "Modelled",
    "Setting",
    "Tested",
    "change_frame",
    "change_notes",
    "rows_of",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_ONE_OR_ALL: Final = (
    "A verdict allows for all comparisons of the table, an interval for its own alone: a change "
    "whose interval leaves out 0 can still be noise."
)
_OPEN: Final = "reaches into the open band"
_REASONS: Final = (*dict.fromkeys((*RULES, _OPEN, *SUM_REASONS, UNSEEN)),)


@dataclass(frozen=True)
class Modelled:
    """A number that a model of what lies inside the bands gives.

    Attributes
    ----------
    settled
        Per group: whether the answers determine the model.
    additive
        Whether the number is a total or a mean, which the rules of totals judge.
    """

    settled: npt.NDArray[np.bool_]
    additive: bool


@dataclass(frozen=True)
class Setting:
    """Who answered in two editions, one entry per group.

    Attributes
    ----------
    columns
        Grouping columns.
    before, after
        Units that answered in each edition.
    freedom
        Degrees of freedom of the edition where they are fewer.
    clusters
        Clusters that answered in either edition.
    status
        The worse status of both editions.
    """

    columns: Mapping[str, npt.NDArray[np.object_]]
    before: Ints
    after: Ints
    freedom: Floats
    clusters: Ints
    status: npt.NDArray[np.object_]

    @property
    def sizes(self) -> tuple[Ints, Ints]:
        """Units that answered in each edition."""
        return self.before, self.after

    @classmethod
    def of_bands(cls, banded: Banded, *, comparable: bool) -> Setting:
        """Return the setting of banded questions; of several editions, that of the last two."""
        many = len(banded.sample.editions)
        sizes = banded.sizes()
        sums = banded.sums(np.ones((len(banded.sample), 1)))
        return cls(
            _columns(banded.grouping, many),
            *_last_two(sizes["answered"], many),
            np.minimum(*_last_two(banded.freedom(), many)),
            _clusters(sums, many),
            _worse(_last_two(banded.statuses(sizes["answered"]), many), comparable),
        )

    @classmethod
    def of_counts(cls, counted: Counted, *, comparable: bool) -> Setting:
        """Return the setting of a closed question, all answers of which share a base."""
        first, second = np.split(counted.cells.base[:, 0], 2)
        return cls(
            _columns(counted.grouping),
            first,
            second,
            np.minimum(*np.split(counted.cells.freedom[:, 0], 2)),
            _clusters(counted.sums),
            _worse(_last_two(counted.statuses[:, 0]), comparable),
        )


def rows_of(
    setting: Setting,
    moved: Moved,
    name: str,
    fdr: float,
    model: Modelled | None = None,
) -> pd.DataFrame:
    """Return one row per group.

    Parameters
    ----------
    setting, moved
        Who answered, and what changed.
    name
        What the number is called.
    fdr
        False discovery rate of the verdicts.
    model
        Of numbers that a model of what lies inside the bands gives.
    """
    known = (setting.status == Status.OK.value) & np.isfinite(moved.value)
    rule = np.where(known, _rule(setting, moved, model), 0)
    unseen = (moved.low == moved.high) & (moved.lower_bound != moved.upper_bound)
    unseen &= model is not None and model.additive
    rule = np.where(known & unseen & (rule == 0), _REASONS.index(UNSEEN), rule)
    few = np.minimum(*setting.sizes) < TESTED_FROM

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known & np.isfinite(values), values, np.nan))

    def limit(values: Floats) -> Floats:
        return np.where(unseen, np.nan, masked(values))

    return change_frame(
        setting.columns,
        {
            "answer": np.full(len(known), name, dtype=object),
            "count": setting.after,
            "base": setting.after,
            "value": masked(moved.value),
            "low": limit(moved.low),
            "high": limit(moved.high),
            "status": _status(setting, known, rule),
        },
        {
            **{each: masked(getattr(moved, each)) for each in ("earlier", "later", "factor")},
            "factor_low": limit(moved.factor_low),
            "factor_high": limit(moved.factor_high),
            "lower_bound": masked(moved.lower_bound),
            "upper_bound": masked(moved.upper_bound),
            "earlier_base": setting.before,
            "clusters": np.where(known, setting.clusters, 0),
        },
        Tested(np.where(known & ~few, moved.p_value, np.nan), fdr, few & known),
        np.array(_REASONS, dtype=object)[rule],
    )


@dataclass(frozen=True)
class Tested:
    """p-values of no change, the false discovery rate of the verdicts, and what is not tested."""

    p: Floats
    fdr: float
    few: npt.NDArray[np.bool_]


def change_frame(
    groups: Mapping[str, Any],
    core: Mapping[str, Any],
    further: Mapping[str, Any],
    tested: Tested,
    reasons: npt.NDArray[np.object_],
) -> pd.DataFrame:
    """Return the rows of a table of change, of whatever statistic; arrays may be groups x answers.

    Verdicts are of all rows together (Benjamini and Hochberg).
    """
    p_adjusted = adjusted(tested.p)
    columns = {
        **groups,
        **core,
        **further,
        "p": tested.p,
        "p_adjusted": p_adjusted,
        "verdict": verdicts(p_adjusted, tested.fdr, tested.few),
        "imprecise_because": reasons,
    }
    return pd.DataFrame({name: np.asarray(values).ravel() for name, values in columns.items()})


def change_notes(frame: pd.DataFrame, fdr: float, *, comparable: bool) -> Iterator[str]:
    """Yield what must be said about every table of change."""
    if not comparable:
        yield "The question was worded differently in the two editions: not comparable."
    elif len(frame) > 1:
        yield _ONE_OR_ALL
    tested = int(frame["p"].notna().sum())
    if tested:
        yield ExactNote(family_words(tested, fdr))


def _rule(setting: Setting, moved: Moved, model: Modelled | None) -> Ints:
    """Return which rule each change breaks first; 0 for none."""
    endless = np.isinf(moved.low) | np.isinf(moved.high)
    if model is not None and model.additive:
        rule = sum_rule(
            np.minimum(*setting.sizes),
            setting.freedom,
            model.settled,
            moved.high - moved.low,
            np.fmax(moved.earlier, moved.later),
        )
        return np.array([_REASONS.index(why) for why in SUM_REASONS])[rule]
    few = np.maximum(*(too_few(size, size, setting.freedom) for size in setting.sizes))
    rule = np.where((few == 0) & endless, _REASONS.index(_OPEN), few)
    if model is None:
        return rule
    return np.where((rule == 0) & ~model.settled, _REASONS.index(UNSETTLED), rule)


def _status(setting: Setting, known: npt.NDArray[np.bool_], rule: Ints) -> npt.NDArray[np.object_]:
    status = setting.status.copy()
    status[(status == Status.OK.value) & ~known] = Status.EMPTY.value
    status[rule > 0] = Status.IMPRECISE.value
    return status


def _last_two(values: npt.NDArray[Any], many: int = 2) -> tuple[Any, Any]:
    """Return the parts of an array that belong to the last two of some editions."""
    *_, first, second = np.split(values, many)
    return first, second


def _columns(grouping: Grouping, many: int = 2) -> dict[str, npt.NDArray[np.object_]]:
    size = grouping.groups.count // many
    return {
        name: grouping.column(place)[:size] for place, name in enumerate(grouping.names) if place
    }


def _clusters(sums: Sums, many: int = 2) -> Ints:
    """Return the number of clusters in either of the last two editions, per group."""
    size = sums.groups // many
    own = (sums.group >= (many - 2) * size) & (sums.domain_units > 0).any(axis=1)
    pairs = np.unique(np.column_stack([sums.group[own] % size, sums.cluster[own]]), axis=0)
    return np.bincount(pairs[:, 0].astype(np.intp), minlength=size)


def _worse(
    statuses: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]], comparable: bool
) -> npt.NDArray[np.object_]:
    first, second = statuses
    status = np.where(first == Status.OK.value, second, first).astype(object)
    for reason in (Status.NOT_OFFERED.value, Status.NOT_AVAILABLE.value):
        status[(first == reason) | (second == reason)] = reason
    if not comparable:
        status[:] = Status.NOT_COMPARABLE.value
    return status
