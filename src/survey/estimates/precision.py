"""From cells to what a reader sees of their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.imprecision import imprecision
from survey.estimates.intervals import (
    Limits,
    adjusted_size,
    effective_size,
    korn_graubard,
    logit,
    wilson,
)
from survey.estimates.tabulate import Cells

__all__ = ["METHODS", "Precision", "precision_of"]

Floats = npt.NDArray[np.float64]

METHODS: Final = MappingProxyType(
    {
        "wilson": "Wilson score interval on the effective number of units, linearized by cluster",
        "logit": "logit interval with Student reference, linearized by cluster",
        "beta": "Korn-Graubard interval (modified Clopper-Pearson), linearized by cluster",
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
    rule
        Which of the presentation standards' rules the share breaks; 0 for none.
    """

    limits: Limits
    effective: Floats
    size: Floats
    se: Floats
    rule: npt.NDArray[np.intp]


def precision_of(cells: Cells, level: float = 0.95, method: str = "wilson") -> Precision:
    """Return the uncertainty of every cell.

    Units that are each a cluster of their own are independent, and their effective number is
    their number. A share of 0 or 1, and a group of a single cluster, has no variance to
    estimate; there the clusters are counted in place of the units.

    Raises
    ------
    EstimateError
        If the method is unknown.
    """
    if method not in METHODS:
        raise EstimateError(
            f"Unknown interval {method!r}",
            [
                Problem(
                    "interval",
                    repr(method),
                    f"one of {', '.join(METHODS)}",
                    did_you_mean(method, METHODS),
                )
            ],
        )
    df = cells.clusters - 1
    effective = effective_size(cells.share, cells.variance, cells.base, cells.voices)
    effective = np.where(cells.alone & (cells.base > 0), cells.base, effective)
    size = np.where(cells.alone, effective, adjusted_size(effective, cells.base, df, level))
    se = np.sqrt(cells.variance)
    limits = (
        korn_graubard(cells.share, size, level)
        if method == "beta"
        else wilson(cells.share, size, level)
    )
    if method == "logit":
        curved = logit(cells.share, se, df, level)
        limits = Limits(
            *(np.where(np.isnan(new), old, new) for new, old in zip(curved, limits, strict=True))
        )
    rule = imprecision(cells.share, cells.base, effective, df)
    return Precision(limits, effective, size, se, rule)
