"""When a share is too imprecise to rest on: the NCHS presentation standards.

A share can be presented when its sample is large enough, nominally and effectively, its
Korn-Graubard 95 % interval is narrow enough, absolutely (at most 5 points) or relatively (at
most 130 % of the share, and never 30 points), and its variance rests on enough clusters.

Sources
-------
Blyth, C. R. (1986). Approximate binomial confidence limits. Journal of the American Statistical
    Association 81, 843-855. (Paulson's, Camp's and Pratt's approximation.)
Parker, J. D., Talih, M., Malec, D. J. et al. (2017). National Center for Health Statistics
    data presentation standards for proportions. Vital and Health Statistics 2(175).

The standard refers three kinds of shares that pass to a reader's judgement: those with fewer
than 8 degrees of freedom, which count as imprecise here because nobody stands by to judge;
those of exactly 0 or 1; and those whose complement would not pass. The last two stay ``ok``
and have a remark (:data:`REVIEWS`), so that an option that none of 300 clouds chose is
reported as such. For a share of 0 or 1 the standard takes the nominal size for the effective
one; here it is the number of independent voices, which is never larger.

In a table of shares the narrow and the relative width are left out: a share passes from 30 units
on, 30 effective ones at the design effect of its question, where its interval is below 30 points.
A rule that looks closer at the estimate passes shares beyond its limit by luck alone: of 100 clouds
an answer of 5 % passed by its relative width in one sample in ten, and in seven of ten of these its
interval held the truth. Whether a rare answer passes depends on how many answered, and not on how
many gave it. Published shares, of which nothing but the printed interval is known, are judged in
the same way by that (:func:`judge_interval`).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.precision.intervals import (
    adjusted_size,
    korn_graubard,
    normal_quantile,
)

__all__ = [
    "REVIEWS",
    "RULES",
    "Judged",
    "judge",
    "judge_interval",
    "judge_large",
    "judge_sample",
    "too_few",
]

RULES: Final = (
    "",
    "fewer than 30 units",
    "effective sample below 30",
    "interval of 30 points or more",
    "interval wider than 130 % of the share",
    "fewer than 8 degrees of freedom",
)
"""What can make a share imprecise, in the order in which it is examined."""

REVIEWS: Final = (
    "",
    "share of exactly 0 or 1",
    "complement: interval wider than 130 % of it",
)
"""What a reader should look at in a share that is precise enough."""

_LEVEL = 0.95
_SMALLEST, _WIDEST, _NARROW, _RELATIVE, _FREEDOM = 30, 0.30, 0.05, 1.30, 8
_NEVER_WIDEST = 100
"""Effective units from which no interval has 30 points: by Hoeffding's inequality (1963) each
limit is within the square root of log(40) / (2 n) of the share, 15 points at n = 82."""
_NEAR = 0.05
"""Distance from a limit, as a part of it, at which a width must be exact to be compared with it."""


Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Judged(NamedTuple):
    """Which of :data:`RULES` shares break first, and which of :data:`REVIEWS` they call for."""

    rule: npt.NDArray[np.intp]
    review: npt.NDArray[np.intp]


def judge(
    share: npt.ArrayLike,
    size: npt.ArrayLike,
    effective: npt.ArrayLike,
    df: npt.ArrayLike,
    *,
    freedom: npt.ArrayLike | None = None,
    pooled: npt.ArrayLike = np.nan,
) -> Judged:
    """Return what the presentation standards say of shares; 0 where they have no objection.

    Parameters
    ----------
    share, size
        Estimated share and the number of units that it rests on.
    effective
        Effective size, before the adjustment for the degrees of freedom.
    df
        Degrees of freedom of the design: clusters less one.
    freedom
        Degrees of freedom of the variance where clusters differ in size; ``df`` without it.
    pooled
        Effective size by the design effect of all answers to the question, or the answer's own in
        a table of shares; ``nan`` to judge by the widths of the standard, too.

    Examples
    --------
    >>> [RULES[i] for i in judge([0.5, 0.5, 0.02], [25, 80, 80], [25, 60, 80], 40).rule]
    ['fewer than 30 units', '', 'interval wider than 130 % of the share']
    >>> [REVIEWS[i] for i in judge([0.0, 0.5, 0.93], 300, [300, 300, 90], 80).review]
    ['share of exactly 0 or 1', '', 'complement: interval wider than 130 % of it']
    """
    p, n, n_eff, n_pooled, clusters_df, variance_df = _together(
        share, size, effective, pooled, df, df if freedom is None else freedom
    )
    by_standard = np.isnan(n_pooled)
    rule = judge_sample(n, np.where(by_standard, n_eff, n_pooled))
    review = np.zeros(p.shape, dtype=np.intp)
    large = np.flatnonzero(rule == 0)  # most cells of a cross table are small
    some = (each.ravel()[large] for each in (p, n, n_eff, clusters_df, variance_df))
    rule.flat[large], review.flat[large] = judge_large(
        *some, by_standard=by_standard.ravel()[large], cells=p.size
    )
    return Judged(rule, review)


def judge_sample(size: npt.NDArray[Any], effective: Floats) -> npt.NDArray[np.intp]:
    """Return which of :data:`RULES` a sample that is too small breaks; 0 for none."""
    small = np.where(effective < _SMALLEST, 2, 0)
    return np.asarray(np.where(size < _SMALLEST, 1, small), dtype=np.intp)


def judge_large(
    share: Floats,
    size: npt.NDArray[Any],
    effective: Floats,
    df: npt.NDArray[Any],
    freedom: Floats,
    *,
    by_standard: Flags,
    cells: int,
) -> Judged:
    """Judge shares of samples that are large enough, as :func:`judge` does.

    The width matters unless the sample is so large that no interval is too wide. ``by_standard``
    is where the widths of the standard count, too; the table has so many ``cells``.
    """
    width = np.full(share.shape, np.nan)
    adjusted = adjusted_size(effective, size, df, _LEVEL)
    matters = (adjusted < _NEVER_WIDEST) | by_standard
    width[matters] = _width(share[matters], adjusted[matters], by_standard[matters], cells=cells)

    def wide(part: Floats) -> Flags:
        return np.asarray(by_standard & (width > _NARROW) & (width > _RELATIVE * part))

    rule = np.select((width >= _WIDEST, wide(share), freedom < _FREEDOM), (3, 4, 5), 0)
    looked_at = ((share == 0) | (share == 1), wide(1 - share))
    return Judged(rule, np.select([rule > 0, *looked_at], [0, 1, 2], 0))


def judge_interval(
    low: npt.ArrayLike, high: npt.ArrayLike, size: npt.ArrayLike, effective: npt.ArrayLike
) -> npt.NDArray[np.intp]:
    """Return which of :data:`RULES` shares break first, seen from their interval; 0 for none.

    The interval holds whatever makes the share doubtful, the noise of perturbed counts included.
    So the status of a published share follows from what is printed beside it.

    Parameters
    ----------
    low, high
        95 % intervals of the shares.
    size, effective
        Units that they rest on, and how many that is at the design effect of the question.

    Examples
    --------
    >>> found = judge_interval([0.02, 0.02, 0.08], [0.13, 0.26, 0.38], 60, [50, 29, 50])
    >>> [RULES[i] for i in found]
    ['', 'effective sample below 30', 'interval of 30 points or more']
    """
    least, most, n, n_eff = _together(low, high, size, effective)
    width = np.round(most - least, 9)  # .305 less .005 is .3
    broken = (n < _SMALLEST, n_eff < _SMALLEST, width >= _WIDEST)
    return np.asarray(np.select(broken, (1, 2, 3), 0), dtype=np.intp)


def _width(
    share: Floats,
    size: Floats,
    by_standard: Flags,
    *,
    cells: int,
) -> Floats:
    """Return the width of Korn and Graubard's intervals, exact where it is near a limit.

    Elsewhere it is good to 2 %, which is enough to compare it with the limits.
    """
    width = near_width(share, size)
    exact = np.abs(width - _WIDEST) <= _NEAR * _WIDEST
    for limit in (_NARROW, _RELATIVE * share, _RELATIVE * (1 - share)):
        exact |= by_standard & (np.abs(width - limit) <= _NEAR * np.asarray(limit))
    low, high = korn_graubard(share[exact], size[exact], _LEVEL, cells)
    width[exact] = high - low
    return width


def near_width(share: Floats, size: Floats) -> Floats:
    """Return the width of 95 % Korn-Graubard intervals to 2 %, of five units and more.

    Examples
    --------
    >>> low, high = korn_graubard([0.0, 0.1], 60)
    >>> (near_width(np.array([0.0, 0.1]), np.array([60.0])) / (high - low)).round(2).tolist()
    [0.99, 1.0]
    """
    n = np.where(size > 0, size, np.nan)
    with np.errstate(all="ignore"):  # next to 0 and 1, where the share itself is the limit
        high = np.clip(_paulson_camp_pratt(n * share, n), share, 1.0)
        low = np.clip(1 - _paulson_camp_pratt(n * (1 - share), n), 0.0, share)
    return np.asarray(high - low)


def _paulson_camp_pratt(cases: Floats, size: Floats) -> Floats:
    """Return upper 97.5 % limits nearly."""
    z, more, rest = normal_quantile(_LEVEL), cases + 1, size - cases
    root = np.sqrt(9 * more * rest * (9 * size + 5 - z * z) + size + 1)
    top = 81 * more * rest - 9 * size - 8 - 3 * z * root
    bottom = 81 * more**2 - 9 * more * (2 + z * z) + 1
    return np.asarray(1 / (1 + (more / rest) ** 2 * (top / bottom) ** 3))


def _together(*numbers: npt.ArrayLike) -> tuple[Floats, ...]:
    return np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in numbers))


def too_few(
    size: npt.ArrayLike, effective: npt.ArrayLike, df: npt.ArrayLike
) -> npt.NDArray[np.intp]:
    """Return the first of those :data:`RULES` that look at the sample alone; 0 for none.

    For statistics other than shares, whose intervals the standard does not speak of.

    Examples
    --------
    >>> [RULES[i] for i in too_few([12, 90, 90], [12, 80, 85], [11, 5, 40])]
    ['fewer than 30 units', 'fewer than 8 degrees of freedom', '']
    """
    n, n_eff, freedom = _together(size, effective, df)
    broken = (n < _SMALLEST, n_eff < _SMALLEST, freedom < _FREEDOM)
    return np.asarray(np.select(broken, (1, 2, 5), 0), dtype=np.intp)
