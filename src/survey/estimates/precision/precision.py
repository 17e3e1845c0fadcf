"""From cells to what a reader sees of their uncertainty."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design.checks import one_of, require
from survey.estimates.precision.gathered import Unsettled
from survey.estimates.precision.imprecision import judge_sample
from survey.estimates.precision.intervals import (
    Limits,
    adjusted_size,
    effective_size,
    korn_graubard,
    logit,
    student_factor,
    t_quantile,
    wilson,
)
from survey.estimates.tabulation.sums import Cells

__all__ = [
    "METHODS",
    "Precision",
    "effective_of",
    "precision_of",
    "unsettled_precision",
    "wilson_size",
]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_NO_SPREAD = 1e-12
_RARE = 20
"""Fewer effective answers, or effective units without the answer, make an answer rare."""
_ALIKE = 0.3
"""Intraclass correlation that clusters are taken to have where one rare answer cannot tell."""

METHODS: Final = MappingProxyType(
    {
        "auto": "Wilson; of clustered units logit with Student reference, linearized by cluster; "
        "of rare answers Jeffreys at the design effect of the question, one-sided near 0 and 1",
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
    wilson
        The same without regard to rare answers: what tests take Wilson's interval at.
    se
        Linearization standard error.
    rule, review
        Which of the presentation standards' rules the share breaks, and what a reader should
        look at in one that breaks none; 0 for none.
    """

    limits: Limits
    effective: Floats
    size: Floats
    wilson: Floats
    se: Floats
    rule: npt.NDArray[np.intp]
    review: npt.NDArray[np.intp]


def precision_of(
    cells: Cells, level: float = 0.95, method: str = "auto", pooled: Floats | None = None
) -> Precision:
    """Return the uncertainty of every cell.

    Units that are each a cluster of their own are independent, and their effective number is
    their number. A share of 0 or 1, and a group of a single cluster, has no variance to
    estimate; there the clusters are counted in place of the units. Degrees of freedom are the
    effective number of clusters less one; Korn and Graubard's interval, and the presentation
    standards that rest on it, have the number of clusters less one, as published.

    Parameters
    ----------
    cells, level, method
        Groups x answers; confidence level; one of :data:`METHODS`.
    pooled
        Design effect of the question in each group, from :func:`pooled_effect`: a column, or one
        for each answer where several questions stand side by side. With it rare answers are
        judged, and by the method ``"auto"`` have the unified interval at this design effect, or
        between this and their own where their own is larger. Where it is ``nan`` (two answers that
        exclude each other) an answer is judged by its own effective size, reduced for the degrees
        of freedom. A rare one has the logit interval with the near limit of the unified interval;
        its variance is at least halfway to that of clusters of these sizes whose units are alike
        by 0.3. Without it all are judged by the standard alone.

    Raises
    ------
    EstimateError
        If the method is unknown.
    """
    waiting = Unsettled()
    found = unsettled_precision(cells, waiting, level, method, pooled)
    limits = Limits(*(each.reshape(-1) for each in found.limits))
    waiting.settle(
        limits, found.rule.reshape(-1), found.review.reshape(-1), level, cells.share.size
    )
    return found


def unsettled_precision(
    cells: Cells,
    waiting: Unsettled,
    level: float = 0.95,
    method: str = "auto",
    pooled: Floats | None = None,
    *,
    place: int = 0,
) -> Precision:
    """Return the uncertainty of every cell without what quantiles are looked up for.

    Limits of rare answers are ``nan`` and shares of large samples are not judged until
    ``waiting.settle()``. The first cell has the ``place`` in a larger table; the others are as for
    :func:`precision_of`.
    """
    _check(method)
    df, base = cells.freedom, cells.base
    known, own, shared = _varies(cells), _own_size(cells), _at_pooled(cells, pooled)
    few, rare, effective = _of_rare(cells, own, shared, method, pooled is not None)
    clustered = (known | rare) & ~cells.alone
    student = t_quantile(level, df)
    factor = student_factor(student, level)
    size = np.where(clustered, effective * factor, effective)
    plain = np.where(known & ~cells.alone, own * factor, own)
    se = np.sqrt(cells.variance)
    usual = {"auto": clustered & ~rare, "logit": known}.get(method, np.zeros_like(rare))
    if method == "beta":
        adjusted = adjusted_size(effective, base, cells.clusters - 1, level)
        limits = korn_graubard(cells.share, np.where(clustered, adjusted, effective), level)
    else:
        modelled = pooled is not None and not cells.finite
        wider = np.fmax(se, np.sqrt(_spread(cells) / effective)) if modelled else se
        error = np.where(few, wider, se)
        limits = _curved(cells.share, error, student, usual)
        _score_others(limits, cells, size, ~(usual | rare), level)
    waiting.near.add(place, usual & few & (pooled is not None), cells.share, size)
    waiting.rare.add(place, rare, cells.share, size)
    steady = np.where(np.isnan(shared), plain, shared) if pooled is not None else shared
    by_standard = np.isnan(steady)
    rule = judge_sample(base, np.where(by_standard, own, steady))
    judged = cells.share, base, own, cells.clusters - 1, df, by_standard
    waiting.large.add(place, rule == 0, *judged)
    return Precision(limits, effective, size, plain, se, rule, np.zeros_like(rule))


def effective_of(cells: Cells, pooled: Floats) -> Floats:
    """Return the effective size of every cell alone, as :func:`precision_of` has it by default."""
    return _of_rare(cells, _own_size(cells), _at_pooled(cells, pooled), "auto", True)[-1]


def _of_rare(
    cells: Cells, own: Floats, shared: Floats, method: str, questions: bool
) -> tuple[Flags, Flags, Floats]:
    """Return which answers are few, which of them are judged as rare, and effective sizes."""
    lonely = _varies(cells) & ~cells.alone & np.isnan(shared) & (questions and not cells.finite)
    model = np.where(lonely, _by_sizes(cells), shared)
    lower = np.where(_varies(cells), np.fmin(own, model), model)
    few = np.minimum(cells.share, 1 - cells.share) * np.fmin(own, lower) < _RARE
    few &= method == "auto"
    rare = few & np.isfinite(shared)
    # a small variance of a rare answer is mostly luck, a large one partly
    halfway = np.sqrt(lower * np.where(lonely, own, shared))
    return few, rare, np.where(rare | (few & lonely), halfway, own)


def _by_sizes(cells: Cells) -> Floats:
    """Return the effective size of each cell by its clusters' sizes, if they are somewhat alike."""
    return np.asarray(cells.base / (1 + _ALIKE * (cells.base / cells.voices - 1)))


def _curved(share: Floats, error: Floats, student: Floats, where: Flags) -> Limits:
    """Return logit limits of some cells; ``nan`` for the others."""
    low, high = np.full((2, *share.shape), np.nan)
    low[where], high[where] = logit(share[where], error[where], student[where])
    return Limits(low, high)


def _score_others(limits: Limits, cells: Cells, size: Floats, where: Flags, level: float) -> None:
    """Put in Wilson's limits of some cells."""
    some = where & (cells.base > 0)
    for limit, found in zip(limits, wilson(cells.share[some], size[some], level), strict=True):
        limit[some] = found


def wilson_size(cells: Cells, level: float = 0.95) -> Floats:
    """Return the size that Wilson's interval of every cell is taken at: what tests need."""
    own = _own_size(cells)
    clustered = _varies(cells) & ~cells.alone
    return np.where(clustered, own * student_factor(t_quantile(level, cells.freedom), level), own)


def _own_size(cells: Cells) -> Floats:
    """Return the effective size of each cell by its own variance."""
    own = effective_size(cells.share, cells.variance, cells.base, cells.voices)
    return np.where(cells.alone & (cells.base > 0), cells.base, own)


def _varies(cells: Cells) -> Flags:
    return np.asarray(cells.variance > _NO_SPREAD * _spread(cells))


def _spread(cells: Cells) -> Floats:
    return cells.share * (1 - cells.share)


def _at_pooled(cells: Cells, pooled: Floats | None) -> Floats:
    """Return the effective size of each cell by its question's design effect, or ``nan``."""
    effect = np.full((len(cells.base), 1), np.nan) if pooled is None else pooled
    return np.where(cells.alone, np.nan, cells.base / effect)


def _check(method: str) -> None:
    require(f"Unknown interval {method!r}", one_of("interval", method, METHODS))
