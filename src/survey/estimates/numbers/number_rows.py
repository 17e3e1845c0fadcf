"""The rows of a table of changed numbers, whatever the number is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.change.number_change import Moved
from survey.estimates.design.grouping import Grouping
from survey.estimates.numbers.banded import Banded
from survey.estimates.precision.discovery import adjusted, verdicts
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.table import Status
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.sums import Sums

__all__ = ["Setting", "rows_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_UNSETTLED: Final = "bands do not determine the model"
_OPEN: Final = "reaches into the open band"


@dataclass(frozen=True)
class Setting:
    """Who answered in two editions, one entry per group.

    Attributes
    ----------
    columns
        Grouping columns.
    before, after
        Units that answered in each edition.
    fewest
        Clusters that answered in the edition where they are fewer.
    clusters
        Clusters that answered in either edition.
    status
        The worse status of both editions.
    """

    columns: Mapping[str, npt.NDArray[np.object_]]
    before: Ints
    after: Ints
    fewest: Ints
    clusters: Ints
    status: npt.NDArray[np.object_]

    @classmethod
    def of_bands(cls, banded: Banded, *, comparable: bool) -> Setting:
        """Return the setting of banded questions."""
        sizes = banded.sizes()
        first, second = np.split(sizes["answered"], 2)
        sums = banded.sums(np.ones((len(banded.sample), 1)))
        return cls(
            _columns(banded.grouping),
            first,
            second,
            np.minimum(*np.split(sizes["clusters"], 2)),
            _clusters(sums),
            _worse(banded.statuses(sizes["answered"]), comparable),
        )

    @classmethod
    def of_counts(cls, counted: Counted, *, comparable: bool) -> Setting:
        """Return the setting of a closed question, all answers of which share a base."""
        first, second = np.split(counted.cells.base[:, 0], 2)
        return cls(
            _columns(counted.grouping),
            first,
            second,
            np.minimum(*np.split(counted.cells.clusters[:, 0], 2)),
            _clusters(counted.sums),
            _worse(counted.statuses[:, 0], comparable),
        )


def rows_of(
    setting: Setting,
    moved: Moved,
    name: str,
    rate: float,
    settled: npt.NDArray[np.bool_] | None = None,
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
    settled
        Per group: whether the answers determine the model behind the number.
    """
    known = (setting.status == Status.OK.value) & np.isfinite(moved.value)
    rule = np.where(known, _rule(setting, moved, settled), 0)
    p = np.where(known, moved.p_value, np.nan)
    p_adjusted = adjusted(p)

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known & np.isfinite(values), values, np.nan))

    numbers = ("earlier", "later", "factor", "factor_low", "factor_high")
    columns: dict[str, Any] = {
        **setting.columns,
        "answer": np.full(len(known), name, dtype=object),
        "count": setting.after,
        "base": setting.after,
        "value": masked(moved.value),
        "low": masked(moved.low),
        "high": masked(moved.high),
        "status": _status(setting, known, rule),
        **{each: masked(getattr(moved, each)) for each in numbers},
        "lower_bound": masked(moved.lower_bound),
        "upper_bound": masked(moved.upper_bound),
        "earlier_base": setting.before,
        "clusters": np.where(known, setting.clusters, 0),
        "p": p,
        "p_adjusted": p_adjusted,
        "verdict": verdicts(p_adjusted, rate),
        "imprecise_because": np.array([*RULES, _OPEN, _UNSETTLED], dtype=object)[rule],
    }
    return pd.DataFrame(columns)


def _rule(setting: Setting, moved: Moved, settled: npt.NDArray[np.bool_] | None) -> Ints:
    """Return which rule each change breaks first; 0 for none."""
    df, sizes = setting.fewest - 1, (setting.before, setting.after)
    few = np.maximum(*(too_few(size, size, df) for size in sizes))
    endless = np.isinf(moved.low) | np.isinf(moved.high)
    rule = np.where((few == 0) & endless, len(RULES), few)
    if settled is None:
        return rule
    return np.where((rule == 0) & ~settled, len(RULES) + 1, rule)


def _status(setting: Setting, known: npt.NDArray[np.bool_], rule: Ints) -> npt.NDArray[np.object_]:
    status = setting.status.copy()
    status[(status == Status.OK.value) & ~known] = Status.EMPTY.value
    status[rule > 0] = Status.IMPRECISE.value
    return status


def _columns(grouping: Grouping) -> dict[str, npt.NDArray[np.object_]]:
    half = grouping.groups.count // 2
    return {
        name: grouping.column(place)[:half] for place, name in enumerate(grouping.names) if place
    }


def _clusters(sums: Sums) -> Ints:
    """Return the number of clusters in either edition, per group."""
    half = sums.groups // 2
    pairs = np.unique(np.column_stack([sums.group % half, sums.cluster]), axis=0)
    return np.bincount(pairs[:, 0].astype(np.intp), minlength=half)


def _worse(statuses: npt.NDArray[np.object_], comparable: bool) -> npt.NDArray[np.object_]:
    first, second = np.split(statuses, 2)
    status = np.where(first == Status.OK.value, second, first).astype(object)
    for reason in (Status.NOT_OFFERED.value, Status.NOT_AVAILABLE.value):
        status[(first == reason) | (second == reason)] = reason
    if not comparable:
        status[:] = Status.NOT_COMPARABLE.value
    return status
