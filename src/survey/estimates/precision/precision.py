"""From cells to what a reader sees of their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.estimates.design.checks import one_of, require
from survey.estimates.precision.imprecision import judge
from survey.estimates.precision.intervals import (
    Limits,
    adjusted_size,
    effective_size,
    korn_graubard,
    logit,
    student_size,
    wilson,
)
from survey.estimates.tabulation.sums import Cells

__all__ = ["METHODS", "Precision", "precision_of"]

Floats = npt.NDArray[np.float64]
_NO_SPREAD = 1e-12

METHODS: Final = MappingProxyType(
    {
        "auto": "Wilson; of clustered units logit with Student reference, linearized by cluster",
        "wilson": "Wilson; of clustered units at their effective number, linearized by cluster",
        "logit": "logit with Student reference, linearized by cluster",
        "beta": "Korn-Graubard (modified Clopper-Pearson), linearized by cluster",
        "bootstrap": "percentiles of 2,000 resamples of clusters",
    }
)
"""Names of the interval methods, and how they read in a table's spec."""


@dataclass(frozen=True)
class Precision:
    """The uncertainty of shares, groups x answers.

    Attributes
    ----------
    limits
        Lower and upper limit.
    effective
        Size of a simple random sample that would be as informative.
    size
        The effective size, adjusted for the degrees of freedom: what intervals are taken at.
    se
        Linearization standard error.
    rule, review
        Which of the presentation standards' rules the share breaks, and what a reader should
        look at in one that breaks none; 0 for none.
    """

    limits: Limits
    effective: Floats
    size: Floats
    se: Floats
    rule: npt.NDArray[np.intp]
    review: npt.NDArray[np.intp]


def precision_of(cells: Cells, level: float = 0.95, method: str = "auto") -> Precision:
    """Return the uncertainty of every cell.

    Units that are each a cluster of their own are independent, and their effective number is
    their number. A share of 0 or 1, and a group of a single cluster, has no variance to
    estimate; there the clusters are counted in place of the units.

    Raises
    ------
    EstimateError
        If the method is unknown.
    """
    _check(method)
    df = cells.clusters - 1
    effective = effective_size(cells.share, cells.variance, cells.base, cells.voices)
    effective = np.where(cells.alone & (cells.base > 0), cells.base, effective)
    known = cells.variance > _NO_SPREAD * cells.share * (1 - cells.share)
    clustered = known & ~cells.alone
    size = np.where(clustered, student_size(effective, df, level), effective)
    se = np.sqrt(cells.variance)
    if method == "beta":
        adjusted = adjusted_size(effective, cells.base, df, level)
        limits = korn_graubard(cells.share, np.where(clustered, adjusted, effective), level)
    else:
        limits = wilson(cells.share, size, level)
    if method in ("auto", "logit"):
        curved = logit(cells.share, se, df, level)
        limits = Limits(*np.where(clustered if method == "auto" else known, curved, limits))
    judged = judge(cells.share, cells.base, effective, df)
    return Precision(limits, effective, size, se, judged.rule, judged.review)


def _check(method: str) -> None:
    require(f"Unknown interval {method!r}", one_of("interval", method, METHODS))
