"""Variables that a function of the table works out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.frame_access import FrameAccess

__all__ = ["Computed", "computed"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Computed:
    """Values of a variable, whose they are, and the questions that were looked at."""

    values: Any
    unit: Unit
    sources: tuple[str, ...]


class _Rows:
    """The table that a function is given; it remembers which questions were looked at."""

    def __init__(self, answers: FrameAccess, unit: Unit) -> None:
        self.answers, self.unit = answers, unit
        self.seen: dict[str, pd.Series[Any]] = {}

    def __getitem__(self, name: str) -> pd.Series[Any]:
        frame = self.answers.frame(self.unit)
        if name in self.answers.concepts:
            self.seen[name] = self.answers.column(name, self.unit)
            return self.seen[name]
        if name in frame:
            return frame[name]
        known = (*self.answers.concepts, *frame.columns)
        hint = did_you_mean(name, known) or "see answers.questions"
        problem = Problem("derive()", repr(name), "a question or a key column", hint)
        raise ResponsesError("Unknown column", [problem])

    @property
    def unanswered(self) -> Mask:
        """Rows on which any question that was looked at is not answered in substance."""
        missing = np.zeros(len(self.answers.frame(self.unit)), dtype=bool)
        for name, column in self.seen.items():
            missing |= column.isna().to_numpy(dtype=bool)
            declining = self.answers.question(name).missing_labels
            if declining and isinstance(column.dtype, pd.CategoricalDtype):
                missing |= column.isin(declining).to_numpy(dtype=bool)
        return missing


def computed(answers: FrameAccess, function: Callable[[Any], Any], unit: Unit | None) -> Computed:
    """Return what a function makes of the table; missing where a question is not answered."""
    rows = _Rows(answers, unit or Unit.DEPLOYMENT)
    values = _called(function, rows)
    of_people = rows.seen and all(
        answers.question(name).unit is Unit.RESPONDENT for name in rows.seen
    )
    if unit is None and of_people:
        return computed(answers, function, Unit.RESPONDENT)
    column = pd.Series(values, index=answers.frame(rows.unit).index)
    if not isinstance(column.dtype, pd.BooleanDtype):
        if pd.api.types.is_bool_dtype(column.dtype):
            column = column.astype("boolean")
        column = column.mask(rows.unanswered)
    return Computed(column, rows.unit, tuple(rows.seen))


def _called(function: Callable[[Any], Any], rows: _Rows) -> Any:
    """Return what a function makes of a table.

    What Python says of its fault stands in the cause: it can quote a cell.
    """
    try:
        return function(rows)
    except (TypeError, ValueError, AttributeError) as error:
        hint = ""
        for name, column in rows.seen.items():
            if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
                label = str(column.cat.categories[-1])
                hint = f"answers are labels in order, no numbers: d[{name!r}] >= {label!r}"
        got = f"a function that ends with a {type(error).__name__} (see above)"
        problem = Problem("derive()", got, "one that takes the columns as they are", hint)
        raise ResponsesError("Cannot derive a variable", [problem]) from error
