"""Rounding for display that keeps the sum.

Source
------
Balinski, M. L. and Young, H. P. (1982). Fair Representation, chapter 2 (the method of largest
    remainders). Yale University Press.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from survey.estimates.tidy import TidyTable

from survey.checked import checked
from survey.errors import EstimateError

__all__ = ["percentages", "round_preserving"]


@checked(EstimateError)
def round_preserving(values: npt.ArrayLike, digits: int = 0) -> npt.NDArray[np.float64]:
    """Round numbers so that they add up to their rounded sum.

    Each number is rounded down or up; those with the largest remainders go up, ties in the
    order given. Missing numbers stay missing and count nothing. For display of tables whose
    rows add up; the numbers behind are never rounded.

    Parameters
    ----------
    values
        Numbers, such as the percentages of a single-choice question.
    digits
        Decimal places.

    Examples
    --------
    >>> round_preserving([33.4, 33.3, 33.3]).tolist()
    [34.0, 33.0, 33.0]
    >>> round_preserving([14.3, 14.3, 71.4], 0).tolist()
    [14.0, 14.0, 72.0]
    """
    given = np.asarray(values, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(given))
    # Twelve places after the point that is kept tell a tie from a rounding error.
    scaled = np.round(given[known] * 10.0**digits, 9)
    rounded = np.floor(scaled)
    short = int(np.round(scaled.sum(), 6).round() - rounded.sum())
    up = np.argsort(rounded - scaled, kind="stable")[:short]
    rounded[up] += 1
    result = given.copy()
    result[known] = rounded / 10.0**digits
    return result


@checked(EstimateError)
def percentages(table: TidyTable, digits: int = 0) -> npt.NDArray[np.float64]:
    """Return a table's shares as rounded percentages for display.

    Where the answers of a group exclude each other and add up to 1, so do the percentages
    to 100; elsewhere each is rounded by itself.

    Examples
    --------
    >>> from survey.estimates.shares.share import share
    >>> from survey.estimates.examples import answers
    >>> percentages(share(answers(), "compute_cores")).tolist()
    [36.0, 34.0, 30.0]
    """
    exact = 100 * table.frame["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    shown = np.round(exact, digits)
    if table.several:
        return shown
    for rows in _groups(table):
        if abs(np.nansum(exact[rows]) - 100) < 1e-7:
            shown[rows] = round_preserving(exact[rows], digits)
    return shown


def _groups(table: TidyTable) -> Iterable[npt.NDArray[np.intp]]:
    """Return the positions of each group's rows."""
    if not table.groups:
        return [np.arange(len(table))]
    places = table.frame.groupby(list(table.groups), sort=False, observed=True).indices
    return [np.asarray(rows) for rows in places.values()]
