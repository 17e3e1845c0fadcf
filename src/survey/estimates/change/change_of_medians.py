"""Change of a quantile between two editions, with the same organizations in both.

Each edition's quantile has its own limits, from the shares below the edges of bands. The
limits of the difference add their squared distances and a covariance (MOVER, on the
logarithm for the quotient). The covariance comes from organizations that are in both editions:
it is that of the shares below each edition's quantile, of which a quantile is a smooth
function (Francisco and Fuller 1991).

Source
------
Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.estimates.change.number_change import Moved, Pair, Scale, moved_by_limits
from survey.estimates.numbers.band_counts import tabulated_bands
from survey.estimates.numbers.banded import Banded, used_cells
from survey.estimates.numbers.distribution_limits import curve_of, share_limits
from survey.estimates.numbers.inversion import Axis
from survey.estimates.numbers.quantile import ends_of_quantiles, point_of_quantiles
from survey.estimates.precision.contrast import correlation_of, scores_of
from survey.estimates.statistic import Arguments
from survey.estimates.tabulation.sums import cells

__all__ = ["change_of_quantile"]

Floats = npt.NDArray[np.float64]


def change_of_quantile(banded: Banded, q: float, interpolation: str) -> Moved:
    """Return the change of the ``q`` quantile in every group.

    Parameters
    ----------
    banded
        Two editions, the earlier groups before the later ones.
    q
        Which quantile.
    interpolation
        How numbers are spread within a band, see :func:`survey.estimates.quantile`.
    """
    banded = banded.with_bands(used_cells(banded.only))
    arguments = Arguments(banded.only.concept, (), {"q": (q,), "interpolation": interpolation})
    table = tabulated_bands(banded, keys=False)
    found = point_of_quantiles(table, arguments)
    curve = curve_of(banded.only.cells, table.weighted_count)
    axis = Axis(curve.low, curve.reach, curve.single, interpolation)
    size = table.base[:, 0].astype(np.float64)
    ends = ends_of_quantiles(curve, axis, size, share_limits(banded, curve)[0], found, (q,))
    value, lower, upper = (
        np.asarray(found.columns[name], np.float64)[:, 0]
        for name in ("value", "lower_bound", "upper_bound")
    )
    low, high = ends["low"][:, 0], ends["high"][:, 0]
    high = np.where(ends["open_top"][:, 0], np.inf, high)
    upper = np.where(found.columns["open_top"][:, 0], np.inf, upper)
    return moved_by_limits(
        Pair(value, low, high, lower, upper),
        _correlation(banded, value),
        Scale(banded.asked.level, np.minimum(*np.split(banded.freedom(), 2)), relative=True),
    )


def _correlation(banded: Banded, value: Floats) -> Floats:
    """Return the correlation of the shares below the quantiles of two editions, per group."""
    many = len(value)
    rows, code = _members(banded)
    cell = banded.only.code[rows]
    inside = cell >= 0
    part = np.zeros(len(banded.sample))
    correlation = np.zeros(many // 2)
    for group in range(many // 2):
        for place in (group, group + many // 2):
            own = inside & (code == place)
            part[rows[own]] = _part_below(banded, cell[own], value[place])
        correlation[group] = _of_group(banded, part, group)
    return correlation


def _of_group(banded: Banded, part: Floats, group: int) -> float:
    sums = banded.sums(part[:, None])
    found, half = cells(sums), banded.grouping.groups.count // 2
    sign = np.repeat([-1.0, 1.0], half)[:, None]
    scores = scores_of(sums, found.share, sign, half)
    first, second = found.variance[[group], 0], found.variance[[group + half], 0]
    return float(correlation_of(first, second, scores.variance[[group], 0])[0])


def _part_below(banded: Banded, cell: npt.NDArray[np.intp], value: float) -> Floats:
    """Return which part of each answer's band lies below a number, on the log scale."""
    own = banded.only.cells
    low = np.maximum(own.low, 0.5)
    reach = np.where(np.isinf(own.reach), 10 * low, own.reach)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.log(max(value, 0.5) / low) / np.log(reach / low)
    return np.asarray(np.clip(np.nan_to_num(part), 0.0, 1.0)[cell])


def _members(banded: Banded) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    groups = banded.grouping.groups
    rows = np.arange(len(banded.sample)) if groups.rows is None else groups.rows
    return rows, groups.code
