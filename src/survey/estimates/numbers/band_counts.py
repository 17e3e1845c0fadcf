"""Tabulations of banded questions: how many answers lie in each interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.estimates.numbers.banded import Banded
from survey.estimates.tabulation.banded_answers import Cells
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.indicator import Indicator
from survey.estimates.tabulation.sums import cells
from survey.estimates.tabulation.tabulate import tabulated
from survey.estimates.tabulation.tabulation import Tabulation
from survey.estimates.tidy import Status

__all__ = ["tabulated_bands", "tabulated_classes", "with_whole"]

Flags = npt.NDArray[np.bool_]

SHARED_VOICES = "an organization's voice is shared out over its clouds"


def tabulated_bands(banded: Banded, which: int = 0, *, keys: bool = True) -> Tabulation:
    """Return how many answers lie in each interval of a banded question, by group.

    Parameters
    ----------
    banded
        The answers.
    which
        Position of the question.
    keys
        Whether to add up record keys.
    """
    bands = banded.bands[which]
    hot = banded.one_hot(which) > 0
    table = _tabulated(banded, hot, bands.cells.labels, bands.cells, keys=keys)
    return replace(table, counts=bands.counts)


def tabulated_classes(
    banded: Banded,
    code: npt.NDArray[np.intp],
    labels: tuple[str, ...],
    scores: npt.NDArray[np.float64],
    *,
    keys: bool = True,
) -> Tabulation:
    """Return how many rows are in each class, by group.

    Parameters
    ----------
    banded
        The rows and their groups.
    code
        Per row: its class, -1 for none.
    labels, scores
        Names of the classes, and what each of them counts for.
    keys
        Whether to add up record keys.
    """
    chosen = code[:, None] == np.arange(len(labels))
    return replace(_tabulated(banded, chosen, labels, None, keys=keys), scores=scores)


def with_whole(banded: Banded, table: Tabulation) -> Tabulation:
    """Return a tabulation that knows what a model of it is fitted to: all who answered.

    That is each edition where groups tell editions apart, else everybody.
    """
    grouping = banded.grouping
    if grouping.names in ((), ("edition",)):
        return table
    by = "edition" if "edition" in grouping.names else None
    whole = banded.grouped(group_by(banded.sample, by))
    return replace(table, whole=tabulated_bands(whole, keys=False))


def _tabulated(
    banded: Banded,
    chosen: Flags,
    labels: tuple[str, ...],
    intervals: Cells | None,
    *,
    keys: bool,
) -> Tabulation:
    sums = banded.sums(chosen.astype(np.float64))
    found = cells(sums)
    status = banded.statuses(found.base[:, 0])
    shape, many = found.base.shape, (len(banded.sample.editions), len(labels))
    indicator = Indicator(
        labels,
        chosen,
        banded.answered,
        declined=np.zeros(len(banded.sample), dtype=bool),
        offered=np.ones(many, dtype=bool),
        absent=np.zeros(many, dtype=bool),
        asked=np.ones(many[0], dtype=bool),
        shown=np.ones(len(banded.sample), dtype=bool),
        refusals=np.zeros(len(labels), dtype=bool),
    )
    counted = Counted(
        banded.sample,
        indicator,
        banded.grouping,
        lambda: sums,
        found,
        not_offered=np.broadcast_to((status == Status.NOT_OFFERED.value)[:, None], shape),
        not_available=np.broadcast_to((status == Status.NOT_AVAILABLE.value)[:, None], shape),
        not_comparable=np.zeros(shape, dtype=bool),
        domain=banded.answered,
        weight=banded.weight,
        declined=np.zeros(len(status), dtype=np.intp),
    )
    shared = banded.asked.unit is Unit.ORGANIZATION
    return tabulated(
        counted,
        banded.asked.unit,
        exclusive=True,
        keys=keys,
        bands=intervals,
        internal=SHARED_VOICES if shared else "",
    )
