"""When a share is too imprecise to rest on: the NCHS presentation standards.

A share is reliable when its sample is large enough, its Korn-Graubard 95 % interval is
narrow enough, absolutely or relatively, and its variance rests on enough clusters.

Source
------
Parker, J. D., Talih, M., Malec, D. J. et al. (2017). National Center for Health Statistics
    data presentation standards for proportions. Vital and Health Statistics 2(175).

The standard also asks a statistician to look at shares of exactly 0 or 1. Here these are
told apart by the width of their interval alone, so that an option that none of 300 clouds
chose is reported as such.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from survey.estimates.intervals import adjusted_size, korn_graubard

__all__ = ["RULES", "imprecision", "too_few"]

RULES: Final = (
    "",
    "fewer than 30 units",
    "effective sample below 30",
    "interval of 30 points or more",
    "interval wider than 130 % of the share",
    "fewer than 8 degrees of freedom",
)
"""What can make a share imprecise, in the order in which it is examined."""

_LEVEL = 0.95
_SMALLEST, _WIDEST, _NARROW, _RELATIVE, _FREEDOM = 30, 0.30, 0.05, 1.30, 8


def imprecision(
    share: npt.ArrayLike, size: npt.ArrayLike, effective: npt.ArrayLike, df: npt.ArrayLike
) -> npt.NDArray[np.intp]:
    """Return which of :data:`RULES` each share breaks first; 0 for none.

    Parameters
    ----------
    share, size
        Estimated share and the number of units that it rests on.
    effective
        Effective size, before the adjustment for the degrees of freedom.
    df
        Degrees of freedom of the variance.

    Examples
    --------
    >>> [RULES[i] for i in imprecision([0.5, 0.5, 0.02], [25, 80, 80], [25, 60, 80], 40)]
    ['fewer than 30 units', '', 'interval wider than 130 % of the share']
    """
    p, n, n_eff, freedom = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (share, size, effective, df))
    )
    adjusted = adjusted_size(n_eff, n, freedom, _LEVEL)
    low, high = korn_graubard(p, adjusted, _LEVEL)
    width = high - low
    broken = (
        n < _SMALLEST,
        adjusted < _SMALLEST,
        width >= _WIDEST,
        (width > _NARROW) & (width > _RELATIVE * p),
        freedom < _FREEDOM,
    )
    return np.asarray(np.select(broken, range(1, len(broken) + 1), 0), dtype=np.intp)


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
    n, n_eff, freedom = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (size, effective, df))
    )
    adjusted = adjusted_size(n_eff, n, freedom, _LEVEL)
    broken = (n < _SMALLEST, adjusted < _SMALLEST, freedom < _FREEDOM)
    return np.asarray(np.select(broken, (1, 2, 5), 0), dtype=np.intp)
