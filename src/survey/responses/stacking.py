"""Typed answers of several files or editions below each other, with their types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype, united
from survey.responses.blank import blank_of
from survey.responses.column import ANOTHER
from survey.responses.ordinal import OrdinalDtype, apart_of, of_type

__all__ = ["stacked"]


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames below each other, column by column, numbered anew.

    Columns and options of the last frame come first. Options of all are united, so that two
    files of which each has its own countries or unlisted answers keep their types.
    """
    names = dict.fromkeys(name for frame in reversed(frames) for name in frame.columns)
    return pd.DataFrame({name: _stack_column(str(name), frames) for name in names})


def _stack_column(name: str, frames: Sequence[pd.DataFrame]) -> Any:
    present = [frame[name] for frame in frames if name in frame]
    if all(_is_text(column) for column in present):
        return _stack_texts(name, frames)
    dtype = _common(present)
    columns = [
        _as(frame[name], dtype) if name in frame else blank_of(dtype, len(frame))
        for frame in frames
    ]
    return pd.concat(columns, ignore_index=True)


def _is_text(column: pd.Series[Any]) -> bool:
    return column.dtype == object or isinstance(column.dtype, pd.StringDtype)


def _stack_texts(name: str, frames: Sequence[pd.DataFrame]) -> pd.Series[Any]:
    """Stack texts with one kind of missing, whatever the parts had."""
    texts: list[Any] = []
    for frame in frames:
        given = frame[name] if name in frame else pd.Series([None] * len(frame), dtype=object)
        texts += given.astype(object).where(given.notna(), None).tolist()
    return pd.Series(texts, dtype=None if any(text is not None for text in texts) else object)


def _common(columns: Sequence[pd.Series[Any]]) -> Any:
    """Return a type that holds all columns; options of the newest edition come first."""
    newest = columns[-1].dtype
    if isinstance(newest, AnswerSetDtype):
        several = united([column.dtype for column in reversed(columns)])
        return AnswerSetDtype(several.items, several.levels, ranked=newest.ranked)
    if isinstance(newest, pd.CategoricalDtype):
        labels = dict.fromkeys(
            label for column in reversed(columns) for label in column.cat.categories
        )
        ordered = all(column.cat.ordered for column in columns)
        apart = dict.fromkeys(label for column in columns for label in apart_of(column.dtype))
        return OrdinalDtype(_in_order(list(labels), columns), ordered, apart)
    return newest


def _in_order(labels: list[str], columns: Sequence[pd.Series[Any]]) -> list[str]:
    """Keep the newest order when it already has every label; unlisted answers come last."""
    newest = list(columns[-1].cat.categories)
    ordered = newest if len(newest) == len(labels) else labels
    return sorted(ordered, key=lambda label: label == ANOTHER)


def _as(column: pd.Series[Any], dtype: Any) -> pd.Series[Any]:
    if isinstance(dtype, AnswerSetDtype) and isinstance(column.array, AnswerSetArray):
        own = column.array.with_items(dtype.items, dtype.levels)
        return pd.Series(AnswerSetArray(own.codes, dtype))
    if isinstance(dtype, pd.CategoricalDtype):
        codes = dtype.categories.get_indexer(column.cat.categories)
        rows = np.append(codes, -1)[column.cat.codes.to_numpy()]
        return pd.Series(of_type(rows, dtype), index=column.index)
    return column
