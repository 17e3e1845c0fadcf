"""How alike two deployments were described: the share of closed answers on which they agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Question
from survey.dataclass import dataclass
from survey.responses.answer_set import AnswerSetArray

__all__ = ["Likeness", "likeness"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """Per pair: questions that both answered, and the mean agreement on them (0 to 1).

    A single-choice answer agrees or not; a set of answers agrees by the share of all named
    options that both named (Jaccard 1912).
    """

    both: Ints
    agreement: Floats


def likeness(
    frame: pd.DataFrame, questions: Iterable[Question], left: Ints, right: Ints
) -> Likeness:
    """Return how alike the rows ``left`` and ``right`` of ``frame`` are, pair by pair."""
    both = np.zeros(len(left), dtype=np.int64)
    agreed = np.zeros(len(left))
    for question in questions:
        if question.concept not in frame:
            continue
        answered, agreement = _agreement(frame[question.concept], left, right)
        both += answered
        agreed += np.where(answered, agreement, 0.0)
    mean = np.divide(agreed, both, out=np.zeros(len(left)), where=both > 0)
    return Likeness(both, mean)


def _agreement(
    column: pd.Series[Any], left: Ints, right: Ints
) -> tuple[npt.NDArray[np.bool_], Floats]:
    values = column.array
    if isinstance(values, AnswerSetArray):
        return _sets(values.codes[left], values.codes[right])
    codes = (
        column.cat.codes.to_numpy()
        if isinstance(column.dtype, pd.CategoricalDtype)
        else pd.factorize(column)[0]
    )
    one, other = codes[left], codes[right]
    return (one >= 0) & (other >= 0), (one == other).astype(float)


def _sets(
    one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    named = (one > 0).sum(axis=1) + (other > 0).sum(axis=1)
    shared = ((one == other) & (one > 0)).sum(axis=1)
    answered = np.asarray((one > 0).any(axis=1) & (other > 0).any(axis=1), dtype=bool)
    union = named - ((one > 0) & (other > 0)).sum(axis=1)
    # Levels of a matrix that differ are two statements, not one.
    union = union + ((one > 0) & (other > 0) & (one != other)).sum(axis=1)
    return answered, np.divide(shared, union, out=np.zeros(len(one)), where=union > 0)
