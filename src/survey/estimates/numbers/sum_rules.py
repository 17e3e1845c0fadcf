"""When a total, or its change, is imprecise: the same rules wherever a sum is printed.

Source: Parker, J. D. and others (2023). National Center for Health Statistics data presentation
standards for rates and counts. Vital and Health Statistics 2 (200).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from survey.estimates.statistic import Printed

__all__ = ["SUM_REASONS", "UNSEEN", "UNSETTLED", "published_sums", "sum_rule"]

Floats = npt.NDArray[np.float64]

_FEWEST_UNITS, _FEWEST_FREEDOM, _WIDEST = 10, 8, 1.6
UNSETTLED: Final = "bands do not determine the model"
UNSEEN: Final = "no change can be seen inside the bands"
"""Of a change of organizations that all stayed in their bands: it has bounds, and no limits."""
SUM_REASONS: Final = (
    "",
    f"fewer than {_FEWEST_UNITS} units",
    f"fewer than {_FEWEST_FREEDOM} degrees of freedom",
    UNSETTLED,
    f"interval wider than {100 * _WIDEST:.0f} % of the total",
)
"""Why a sum is imprecise, in the order in which the rules are looked at."""


def sum_rule(
    units: npt.NDArray[Any],
    freedom: npt.NDArray[Any],
    settled: npt.NDArray[np.bool_],
    length: Floats,
    size: Floats,
) -> npt.NDArray[np.intp]:
    """Return which of :data:`SUM_REASONS` each sum breaks first; 0 for none.

    Parameters
    ----------
    units, freedom
        How many answered, and the effective number of their organizations less one; of a change,
        in the edition where they are fewer.
    settled
        Whether the answers determine the model of what lies inside the bands.
    length, size
        Length of the interval, and the total that it is seen against: of a change the larger
        of the two. Against the change itself every interval is wide where little changed.

    Examples
    --------
    >>> length, size = np.array([2.0, 1.0]), np.array([1.0, 1.0])
    >>> sum_rule(np.array([30, 5]), np.array([29, 4]), np.array([True, True]), length, size)
    array([4, 1])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        width = length / size
    broken = [
        units < _FEWEST_UNITS,
        freedom < _FEWEST_FREEDOM,
        ~settled,
        width > _WIDEST,
    ]
    return np.asarray(np.select(broken, [1, 2, 3, 4], 0), dtype=np.intp)


def published_sums(printed: Printed, effective: Floats) -> npt.NDArray[np.bool_]:
    """Return where a published sum, or its change, is imprecise: by its printed interval.

    A limit that a reader can look at decides, so that no sum whose interval spans a factor of ten
    is called precise; the interval holds the noise of the counts.

    Examples
    --------
    >>> printed = {name: np.array(values) for name, values in [
    ...     ("base", [52.0, 256.0]), ("value", [1.5e5, 1e7]),
    ...     ("low", [5e4, 6e6]), ("high", [8e6, 2e7])]}
    >>> published_sums(printed, np.array([40.0, 180.0])).tolist()
    [True, False]
    """
    size = np.abs(printed["value"])
    if "earlier" in printed and "later" in printed:
        size = np.fmax(printed["earlier"], printed["later"])
    units = np.fmin(printed["base"], printed.get("earlier_base", printed["base"]))
    length = printed["high"] - printed["low"]
    everything = np.ones(size.shape, dtype=bool)
    rule = sum_rule(units, np.full(size.shape, np.inf), everything, length, size)
    return np.asarray(rule > 0)
