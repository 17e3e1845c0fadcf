"""What each organization adds to the sums of a decomposition, weighted for attrition or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.estimates.change.attrition import Attrition, refuse_cells_that_left
from survey.estimates.change.matched import CLASSES, Matched
from survey.estimates.design.checks import names

__all__ = ["COUNTED", "SUMS", "Panel", "attrition_notes", "attrition_of", "contributions"]

Floats = npt.NDArray[np.float64]

SUMS: Final = (
    "change",
    "earlier",
    "later",
    "earlier_lower",
    "later_lower",
    "earlier_closed",
    "later_closed",
    "earlier_open",
    "later_open",
    "earlier_clouds",
    "later_clouds",
)
COUNTED: Final = ("_open", "_clouds")
"""How sums end that count clouds."""


def contributions(matched: Matched) -> pd.DataFrame:
    """Return what each organization adds to every sum."""
    sides = {"earlier": matched.earlier, "later": matched.later}
    columns: dict[str, Any] = {"change": matched.later.model - matched.earlier.model}
    for name, side in sides.items():
        columns |= {
            name: side.model,
            f"{name}_lower": side.low,
            f"{name}_closed": side.high,
            f"{name}_open": side.endless.astype(np.float64),
            f"{name}_clouds": side.clouds.astype(np.float64),
        }
    return pd.DataFrame(columns)[list(SUMS)]


def attrition_of(matched: Matched, celled: Matched) -> Attrition:
    """Return who stands for whom, the cells being the groups of the second argument."""
    grouping = celled.grouping
    complete = matched.earlier.complete & (matched.kind != CLASSES.index("unknown"))
    lost = matched.earlier.complete & ~matched.both
    found = Attrition(complete | lost, matched.both & complete, celled.group, grouping.groups.count)
    refuse_cells_that_left([*grouping.tuples(), ("no answer",)], *found.sizes)
    return found


@dataclass(frozen=True)
class Panel:
    """What each organization adds to every sum, and what it stands for."""

    contributions: pd.DataFrame
    attrition: Attrition | None

    def parts(self) -> pd.DataFrame:
        """Return contributions with their weights; counts of clouds are of those that count."""
        if self.attrition is None:
            return self.contributions
        weight = self.attrition.weight
        factors = {
            name: (weight > 0).astype(np.float64) if str(name).endswith(COUNTED) else weight
            for name in self.contributions
        }
        return self.contributions * pd.DataFrame(factors)

    @cached_property
    def _sides(self) -> Floats:
        return self.contributions[["earlier", "later"]].to_numpy(dtype=np.float64)

    def pair(self, chosen: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return what each organization adds to the earlier and later sum of some of them."""
        values = np.where(chosen[:, None], self._sides, 0.0)
        scores = values if self.attrition is None else self.attrition.scores(values)
        return scores[:, :1], scores[:, 1:]


def attrition_notes(attrition: str | Sequence[str] | None, earlier: str) -> Iterator[str]:
    """Yield who stands for whom, and what this assumes."""
    if attrition:
        by = " and ".join(names("attrition", attrition))
        yield (
            f"Weighted for attrition by {by}: organizations that can be followed stand for all "
            f"that took part in {earlier} with the same answer; those that entered or left, or "
            "whose answers are not complete, have weight 0."
        )
        yield (
            "This assumes that those that left would have changed like those that came back; the "
            "answers cannot decide whether they would."
        )
