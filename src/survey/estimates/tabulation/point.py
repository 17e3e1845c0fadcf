"""The rows of a table as arrays: labels of groups and answers, and a column per number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass

__all__ = ["Point", "frames_of"]

_COPIED_WHEN_CHANGED: Final = int(pd.__version__.split(".")[0]) >= 3
"""Whether a part of a frame is copied when somebody changes it; else a copy is made at once."""
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
        return frames_of([self], [precision or {}])[0]()

    def rows(self, precision: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Return the columns of the frame, one entry per row."""
        more = dict(precision)
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
            name: (values if values.shape == size else np.broadcast_to(values, size)).ravel()
            for name, values in {**core, **more, **rest}.items()
        }
        return {**labels, **numbers}


def frames_of(
    points: Sequence[Point], precision: Sequence[Mapping[str, npt.NDArray[Any]]]
) -> list[Callable[[], pd.DataFrame]]:
    """Return what makes the tidy frame of each point; many points share the making.

    pandas takes longer to make a frame than all the arithmetic of a table, so that one is made
    for all that have the same columns, when somebody looks at the first.
    """
    alike: dict[tuple[object, ...], _Rows] = defaultdict(_Rows)
    found: list[Callable[[], pd.DataFrame]] = []
    for point, more in zip(points, precision, strict=True):
        rows = alike[point.names, *point.columns, *more]
        found.append(partial(rows.frame, rows.add(point, more)))
    return found


class _Rows:
    """Rows of tables with the same columns."""

    def __init__(self) -> None:
        self._points: list[tuple[Point, Mapping[str, npt.NDArray[Any]]]] = []

    def add(self, point: Point, precision: Mapping[str, npt.NDArray[Any]]) -> int:
        """Add the rows of a table, and return its number."""
        self._points.append((point, precision))
        return len(self._points) - 1

    def frame(self, number: int) -> pd.DataFrame:
        """Return the frame of one table."""
        if len(self._parts) == 1:
            return pd.DataFrame(self._parts[0], copy=False)
        start, end = self._ends[number : number + 2]
        part = self._whole.iloc[start:end]
        if not _COPIED_WHEN_CHANGED:
            part = part.copy()
        part.index = pd.RangeIndex(end - start)
        return part

    @cached_property
    def _parts(self) -> list[dict[str, npt.NDArray[Any]]]:
        return [point.rows(precision) for point, precision in self._points]

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return (0, *accumulate(len(part["answer"]) for part in self._parts))

    @cached_property
    def _whole(self) -> pd.DataFrame:
        names = self._parts[0]
        joined = {name: np.concatenate([part[name] for part in self._parts]) for name in names}
        # columns of one type in one block: a part of few blocks is cut out in a third of the time
        return pd.DataFrame(joined, copy=True)
