"""Weights for panel attrition: organizations that came back stand for those that left.

Every organization of the earlier edition is in a cell, by what it said there. Those that can be
followed have the weight ``N / n`` of their cell: of ``N`` organizations ``n`` came back. A weighted
sum is linearized, so that its variance knows that weights are estimated as well: an organization
that came back adds ``w (y - mean) + mean``, one that left the mean of its cell.

Sources
-------
Kalton, G. and Brick, J. M. (2000). Weighting in household panel surveys. In Rose, D. (ed.),
    Researching Social and Economic Change. Routledge. (Adjustment cells for attrition.)
Oh, H. L. and Scheuren, F. J. (1983). Weighting adjustment for unit nonresponse. In Madow, W. G. et
    al. (eds.), Incomplete Data in Sample Surveys 2. Academic Press.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem

__all__ = ["Attrition", "refuse_cells_that_left"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Attrition:
    """Which organizations of an edition came back, and what each stands for.

    Attributes
    ----------
    panel
        Organizations of the earlier edition, to which the weighted numbers refer.
    stayed
        Those of them that can be followed.
    cell
        Cell of each; -1 for one without an answer, which is a cell of its own.
    cells
        Number of cells.

    Examples
    --------
    >>> everybody, cell = np.ones(5, dtype=bool), np.array([0, 0, 0, 0, 1])
    >>> found = Attrition(everybody, np.array([True, True, False, False, True]), cell, 2)
    >>> found.weight.tolist()
    [2.0, 2.0, 0.0, 0.0, 1.0]
    >>> found.scores(np.array([[1.0], [3], [0], [0], [5]])).ravel().tolist()
    [0.0, 4.0, 2.0, 2.0, 5.0]
    """

    panel: Flags
    stayed: Flags
    cell: Ints
    cells: int

    @cached_property
    def sizes(self) -> tuple[Floats, Floats]:
        """Organizations of each cell, and those that stayed; the last cell has no answer."""
        many = self.cells + 1
        cell = np.where(self.cell < 0, self.cells, self.cell)
        return (
            np.bincount(cell, weights=self.panel, minlength=many).astype(np.float64),
            np.bincount(cell, weights=self.panel & self.stayed, minlength=many).astype(np.float64),
        )

    @cached_property
    def weight(self) -> Floats:
        """Weight of each organization; 0 for those that cannot be followed."""
        whole, stayed = self.sizes
        factor = np.divide(whole, stayed, out=np.zeros_like(whole), where=stayed > 0)
        return np.where(self.panel & self.stayed, factor[self.cell], 0.0)

    def scores(self, values: Floats) -> Floats:
        """Return what each organization adds to weighted sums (organizations x columns)."""
        _, stayed = self.sizes
        followed = np.where((self.panel & self.stayed)[:, None], values, 0.0)
        cell = np.where(self.cell < 0, self.cells, self.cell)
        sums = np.zeros((len(stayed), values.shape[1]))
        np.add.at(sums, cell, followed)
        mean = (sums / np.maximum(stayed, 1.0)[:, None])[cell]
        own = self.weight[:, None] * (followed - mean)
        return np.where(self.panel[:, None], own + mean, 0.0)


def refuse_cells_that_left(labels: Iterable[Sequence[str]], whole: Floats, stayed: Floats) -> None:
    """Refuse cells of which nobody came back.

    Raises
    ------
    EstimateError
        If there are any; all are listed.
    """
    hint = "join it with another group, for example with answers.derive(...)"
    problems = [
        Problem("by", f"nobody of {' / '.join(each)!r} came back", "somebody", hint)
        for each, before, after in zip(labels, whole, stayed, strict=True)
        if before > 0 and after == 0
    ]
    if problems:
        raise EstimateError("Cannot weight for attrition", problems)
