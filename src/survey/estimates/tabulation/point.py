"""The rows of a table as arrays: labels of groups and answers, and a column per number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Point"]

_CORE: Final = ("count", "base", "value", "low", "high", "status")


@dataclass(frozen=True, eq=False)
class Point:
    """What a statistic computes from counts: one row per group and answer.

    Attributes
    ----------
    names, groups
        Grouping concepts, and the labels of each group.
    answers
        Labels of the rows of a group.
    columns
        Groups x answers: at least ``count``, ``base``, ``value`` and ``status``, then what the
        statistic declares and counts alone determine. A column of one row holds for all
        groups, of one column for all answers.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    columns: Mapping[str, npt.NDArray[Any]]

    @property
    def value(self) -> npt.NDArray[np.float64]:
        """The numbers."""
        return np.asarray(self.columns["value"], dtype=np.float64)

    def frame(self, precision: Mapping[str, npt.NDArray[Any]] | None = None) -> pd.DataFrame:
        """Return the tidy frame, with the columns of ``precision`` beside the core ones.

        Limits that ``precision`` lacks are missing; its columns replace those of the same name.
        """
        more = dict(precision or {})
        nothing = np.full((1, 1), np.nan)
        core = {name: more.pop(name, self.columns.get(name, nothing)) for name in _CORE}
        known = {*core, *more}
        rest = {name: values for name, values in self.columns.items() if name not in known}
        size = (len(self.groups), len(self.answers))
        labels = {
            name: np.repeat(np.array([each[place] for each in self.groups], dtype=object), size[1])
            for place, name in enumerate(self.names)
        }
        labels["answer"] = np.tile(np.array(self.answers, dtype=object), size[0])
        numbers = {
            name: np.broadcast_to(values, size).flatten()
            for name, values in {**core, **more, **rest}.items()
        }
        return pd.DataFrame({**labels, **numbers}, copy=False)
