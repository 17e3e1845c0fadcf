"""Columns beside the answers that a design refers to by name: weights, strata, population sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.errors import EstimateError, Problem, did_you_mean
from survey.responses import Responses

__all__ = ["column_of", "numbers_of"]


def column_of(answers: Responses, name: str, unit: Unit, option: str) -> pd.Series[Any]:
    """Return a column for each row of a unit; deployments have those of their respondents, too.

    Raises
    ------
    EstimateError
        If there is no such column.
    """
    frame = answers.frame(unit)
    if name in frame:
        return frame[name]
    people = answers.frame(Unit.RESPONDENT)
    if unit is Unit.DEPLOYMENT and name in people:
        keys = ["edition", "respondent"]
        index = pd.MultiIndex.from_frame(people[keys].astype(str))
        wanted = pd.MultiIndex.from_frame(frame[keys].astype(str))
        place = index.get_indexer(wanted)
        return people[name].take(place).set_axis(frame.index)
    known = [str(each) for each in (*frame.columns, *people.columns)]
    hint = did_you_mean(name, known) or "add it with answers.attach(table, on=...)"
    problem = Problem(option, repr(name), f"a column of the {unit.value}s", hint)
    raise EstimateError(f"Unknown column {name!r}", [problem])


def numbers_of(
    answers: Responses, name: str, unit: Unit, option: str, rows: npt.NDArray[np.intp] | None = None
) -> npt.NDArray[np.float64]:
    """Return a column of positive numbers, of all rows or of some.

    Raises
    ------
    EstimateError
        If a number that counts is missing, not above 0, or no number.
    """
    column = column_of(answers, name, unit, option)
    texts = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    found = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    found = found if rows is None else found[rows]
    wrong = int((~(found > 0) | ~np.isfinite(found)).sum())
    if wrong:
        got = f"{wrong} rows without a number above 0 in {name!r}"
        hint = "select the rows that have one with answers.where(...), or fill the column"
        raise EstimateError("Cannot count like this", [Problem(option, got, "a number", hint)])
    return found
