"""Columns without answers, typed like those that have some."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Question, Unit
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.ordinal import OrdinalDtype, of_type

__all__ = ["blank_column", "blank_of"]


def blank_column(question: Question, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column in which nobody answered ``question``.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> question = read_codebook().question("compute_cores")
    >>> blank_column(question, pd.RangeIndex(2)).isna().tolist()
    [True, True]
    """
    column = blank_of(_type_of(question), len(index)).set_axis(index)
    return column.rename(question.concept)


def blank_of(dtype: Any, length: int) -> pd.Series[Any]:
    """Return a column of ``length`` missing answers of a type."""
    if isinstance(dtype, AnswerSetDtype):
        return pd.Series(AnswerSetArray(np.zeros((length, len(dtype.items)), np.uint8), dtype))
    if isinstance(dtype, pd.CategoricalDtype):
        codes = np.full(length, -1, dtype=np.int64)
        return pd.Series(of_type(codes, dtype))
    return pd.Series([None] * length, dtype=dtype if dtype == "boolean" else object)


def _type_of(question: Question) -> Any:
    kind = question.kind
    if kind.by_row:
        return AnswerSetDtype(question.row_labels, question.labels)
    if kind.several:
        ranked = kind.ranked and question.unit is Unit.RESPONDENT
        return AnswerSetDtype(question.labels, ranked=ranked)
    if kind.one_label:
        labels = pd.Index(question.labels, dtype=object)
        apart = (label for label in question.labels if label in question.missing_labels)
        return OrdinalDtype(labels, question.ordered, apart)
    return "boolean" if kind.ticked else object
