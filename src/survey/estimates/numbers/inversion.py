"""From a distribution known at the edges of bands to its quantiles: arrays in, arrays out.

Sources
-------
Woodruff, R. S. (1952). Confidence intervals for medians and other position measures. Journal
    of the American Statistical Association 47, 635-646.
Francisco, C. A. and Fuller, W. A. (1991). Quantile estimation with a complex survey design.
    Annals of Statistics 19, 454-469.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.numbers.smooth import smooth_part

__all__ = ["Axis", "first_above", "point", "weighted_quantile"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_EQUAL = 1e-9


@dataclass(frozen=True)
class Axis:
    """Cells that do not overlap, and how numbers are spread inside each of them.

    Attributes
    ----------
    low, reach
        Where each cell begins, and the number that its values stay below.
    single
        Whether the cell holds one whole number alone.
    interpolation
        How numbers are spread inside a cell: ``"smooth"`` (as a smooth curve through the
        shares below the edges goes, see :func:`smooth_part`; evenly on the scale of the
        logarithm where there is none), ``"log"`` (evenly on that scale) or ``"linear"``.
    """

    low: Floats
    reach: Floats
    single: npt.NDArray[np.bool_]
    spread: str = "smooth"

    def reached(
        self,
        below: Floats,
        size: Floats,
        q: float,
        *,
        limit: Floats | None = None,
        strictly: bool = False,
    ) -> Floats:
        """Return the number at which each rising curve of shares reaches ``q``.

        Parameters
        ----------
        below, size
            Groups x cells: share of numbers below the end of each cell; units per group.
        q
            The share to reach.
        limit
            Confidence limits of the shares, if it is their curve that reaches it.
        strictly
            Whether the share must be passed.
        """
        cell, part = first_above(below if limit is None else limit, q, strictly=strictly)
        if self.spread == "smooth":
            curved = smooth_part(self.low, self.reach, below, size, cell, q, limit=limit)
            part = np.where(np.isnan(curved), part, curved)
        return self.at(cell, part)

    def at(self, cell: Ints, part: Floats) -> Floats:
        """Return the number below which a ``part`` of the cell lies; ``low`` in an open cell."""
        low, reach = self.low[cell], self.reach[cell]
        held = self.single[cell] | np.isinf(reach)
        end = np.where(held, low, reach)
        curved = (low > 0) & (self.spread != "linear")
        safe = np.where(curved, low, 1.0)
        power = safe * (np.where(curved, end, 1.0) / safe) ** part
        return np.asarray(np.where(curved, power, low + part * (end - low)))


def first_above(heights: Floats, q: float, *, strictly: bool = False) -> tuple[Ints, Floats]:
    """Return in which cell each rising step function reaches ``q``, and how far inside.

    Parameters
    ----------
    heights
        Groups x cells: height at the end of each cell; it starts from 0.
    q
        The height to reach.
    strictly
        Whether it must be passed.

    Examples
    --------
    >>> cell, part = first_above(np.array([[0.2, 0.6, 1.0]]), 0.5)
    >>> cell.tolist(), part.round(2).tolist()
    ([1], [0.75])
    """
    target = q + _EQUAL if strictly else q - _EQUAL
    beyond = heights > target if strictly else heights >= target
    cell = np.where(beyond.any(axis=1), beyond.argmax(axis=1), heights.shape[1] - 1)
    rows = np.arange(len(heights))
    end = heights[rows, cell]
    start = np.where(cell > 0, heights[rows, np.maximum(cell - 1, 0)], 0.0)
    rise = end - start
    part = np.divide(q - start, rise, out=np.zeros_like(rise), where=rise > 0)
    return cell, np.clip(part, 0.0, 1.0)


def point(axis: Axis, below: Floats, size: Floats, q: float) -> Floats:
    """Return the ``q`` quantile of each group, half-way where a whole stretch qualifies.

    Parameters
    ----------
    axis
        The cells.
    below, size
        Groups x cells: share of numbers below the end of each cell; units per group.
    q
        Which quantile.
    """
    first, second = (axis.reached(below, size, q, strictly=strict) for strict in (False, True))
    if axis.spread == "linear":
        return np.asarray((first + second) / 2)
    middle = np.sqrt(np.maximum(first, 0) * np.maximum(second, 0))
    whole = axis.single.all()
    return np.asarray(np.where((middle > 0) & (not whole), middle, (first + second) / 2))


def weighted_quantile(values: Floats, weight: Floats, q: float, *, upper: bool = False) -> Floats:
    """Return the ``q`` quantile of ``values`` for each row of weights; never interpolated.

    Where exactly ``q`` of the weight lies below a value, that value is the lower quantile and
    the next one is the upper quantile.

    Examples
    --------
    >>> low = weighted_quantile(np.array([1.0, 10.0]), np.array([[1.0, 1.0]]), 0.5)
    >>> high = weighted_quantile(np.array([1.0, 10.0]), np.array([[1.0, 1.0]]), 0.5, upper=True)
    >>> low.tolist(), high.tolist()
    ([1.0], [10.0])
    """
    order = np.argsort(values, kind="stable")
    total = weight.sum(axis=1, keepdims=True)
    below = np.cumsum(weight[:, order], axis=1) / np.where(total > 0, total, np.nan)
    beyond = below > q + _EQUAL if upper else below >= q - _EQUAL
    last = len(values) - 1 - (weight[:, order] > 0)[:, ::-1].argmax(axis=1)
    place = np.where(beyond.any(axis=1), beyond.argmax(axis=1), last)
    found = values[order][place]
    return np.asarray(np.where(total[:, 0] > 0, found, np.nan))
