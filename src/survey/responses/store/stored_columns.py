"""How one column of a table is stored: pandas to Arrow and back, with nothing lost.

==================  =====================================================================
in pandas           in Arrow and Parquet
==================  =====================================================================
category            ``dictionary<string>`` with every label in order, ``ordered`` for bands
several answers     ``list<string>``, in the order of the questionnaire
ranking             ``map<string, uint8>``: answer to rank, the first rank first
matrix              ``map<string, string>``: row to the level chosen in it
boolean             ``bool``; missing is null
time                ``timestamp``
text                ``string``; missing is null, which is not the empty text
texts (tuples)      ``list<string>``
anything else       the number type of the same name, or JSON in a ``string``
==================  =====================================================================
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from survey.dataclass import dataclass
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.ordinal import apart_of, ordinal
from survey.responses.store import answer_sets

__all__ = ["Column", "Form", "arrow_type", "column_of", "to_arrow", "to_pandas"]


class Form(StrEnum):
    """What a column holds, as far as storing it goes."""

    CATEGORY = "category"
    SEVERAL = "several answers"
    RANKING = "ranking"
    MATRIX = "matrix"
    TEXT = "text"
    TEXTS = "texts"
    VALUES = "values"
    JSON = "json"


@dataclass(frozen=True)
class Column:
    """One column: what it takes to give it back as it was.

    Attributes
    ----------
    name
        Heading of the column.
    form
        What it holds.
    dtype
        Name of its type in pandas; for categories, that of the labels.
    labels
        Categories, or what can be chosen, in order.
    ordered
        Whether the categories have an order that means something.
    levels
        Levels of a matrix.
    apart
        Categories that stand outside the order.
    """

    name: str
    form: Form
    dtype: str
    labels: tuple[str, ...] = ()
    ordered: bool = False
    levels: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def column_of(series: pd.Series[Any]) -> Column:
    """Describe a column.

    Examples
    --------
    >>> column_of(pd.Series([True, None], name="tick", dtype="boolean"))
    Column(name='tick', form=<Form.VALUES: 'values'>, dtype='boolean', labels=(), ...
    """
    name, dtype = str(series.name), series.dtype
    if isinstance(dtype, AnswerSetDtype):
        form = Form.MATRIX if dtype.levels else Form.RANKING if dtype.ranked else Form.SEVERAL
        return Column(name, form, str(dtype), dtype.items, levels=dtype.levels)
    if isinstance(dtype, pd.CategoricalDtype):
        labels = tuple(dtype.categories)
        if all(isinstance(label, str) for label in labels):
            kind = str(dtype.categories.dtype)
            apart = apart_of(dtype)
            return Column(name, Form.CATEGORY, kind, labels, bool(dtype.ordered), apart=apart)
        return Column(name, Form.JSON, "object")
    if pd.api.types.is_object_dtype(dtype) or isinstance(dtype, pd.StringDtype):
        return Column(name, _form_of_objects(series), str(dtype))
    return Column(name, Form.VALUES, str(dtype))


def _form_of_objects(series: pd.Series[Any]) -> Form:
    if isinstance(series.dtype, pd.StringDtype):
        return Form.TEXT
    given = series[series.notna()]
    if all(isinstance(value, str) for value in given):
        return Form.TEXT
    if all(isinstance(value, tuple) and all(isinstance(t, str) for t in value) for value in given):
        return Form.TEXTS
    return Form.JSON


def arrow_type(column: Column) -> pa.DataType:
    """Return the Arrow type of a column.

    Examples
    --------
    >>> arrow_type(Column("stage", Form.CATEGORY, "object", ("Test", "Production"), True))
    DictionaryType(dictionary<values=string, indices=int8, ordered=1>)
    """
    if column.form is Form.VALUES:
        return pa.Array.from_pandas(pd.Series([], dtype=column.dtype)).type
    if column.form is Form.CATEGORY:
        codes = pd.Categorical([], categories=list(column.labels)).codes
        return pa.dictionary(pa.from_numpy_dtype(codes.dtype), pa.string(), column.ordered)
    return _TYPES[column.form]


def to_arrow(series: pd.Series[Any], column: Column) -> pa.Array:
    """Return the values of a column as Arrow holds them."""
    return _TO_ARROW[column.form](series, column)


def to_pandas(values: pa.ChunkedArray, column: Column) -> Any:
    """Return the values of a column as pandas had them."""
    return _TO_PANDAS[column.form](values, column)


def _codes(series: pd.Series[Any], column: Column) -> pa.Array:
    codes = series.cat.codes.to_numpy()
    labels = pa.array(column.labels, pa.string())
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=codes < 0), labels, ordered=column.ordered
    )


def _categories(values: pa.ChunkedArray, column: Column) -> Any:
    place = {label: number for number, label in enumerate(column.labels)}
    if pa.types.is_dictionary(values.type):
        whole = values.unify_dictionaries().combine_chunks()
        array = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    else:
        array = _one(values).dictionary_encode()
    of_text = np.array([*(place[text] for text in array.dictionary.to_pylist()), -1])
    codes = array.indices.fill_null(len(of_text) - 1).to_numpy(zero_copy_only=False)
    labels = pd.Index(column.labels, dtype=_text_type(column.dtype))
    rows = of_text[codes.astype(np.int64)]
    return ordinal(rows, labels, ordered=column.ordered, apart=column.apart)


def _one(values: pa.ChunkedArray) -> pa.Array:
    combined = values.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def _answer_sets(series: pd.Series[Any], column: Column) -> pa.Array:
    array = series.array
    assert isinstance(array, AnswerSetArray)
    return answer_sets.to_arrow(array)


def _sets(values: pa.ChunkedArray, column: Column) -> AnswerSetArray:
    ranked = column.form is Form.RANKING
    dtype = AnswerSetDtype(column.labels, column.levels, ranked=ranked)
    return answer_sets.from_arrow(_one(values), dtype)


def _texts(series: pd.Series[Any], column: Column) -> pa.Array:
    if isinstance(series.dtype, pd.StringDtype):
        array = pa.array(series, from_pandas=True)
        whole = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
        return whole.cast(pa.string())
    return pa.array(_objects(series), pa.string())


def _text_column(values: pa.ChunkedArray, column: Column) -> Any:
    kind = _text_type(column.dtype)
    if kind is not object:
        return pd.array(_one(values), dtype=kind)
    return pd.Series(values.to_pylist(), dtype=object)


def _text_type(dtype: str) -> Any:
    """Return the type of a text column; newer versions of pandas have one of their own."""
    return object if dtype == "object" else pd.Series(["text"]).dtype


def _lists(series: pd.Series[Any], column: Column) -> pa.Array:
    return pa.array(_objects(series), pa.list_(pa.string()))


def _tuples(values: pa.ChunkedArray, column: Column) -> Any:
    found = [None if each is None else tuple(each) for each in values.to_pylist()]
    return pd.Series(found, dtype=object)


def _values(series: pd.Series[Any], column: Column) -> pa.Array:
    return pa.Array.from_pandas(series)


def _numbers(values: pa.ChunkedArray, column: Column) -> Any:
    return values.to_pandas(types_mapper=_nullable(column.dtype)).astype(column.dtype)


def _nullable(dtype: str) -> Callable[[pa.DataType], Any] | None:
    """Say which type nulls can be read into, before it becomes the one asked for."""
    extension = pd.api.types.pandas_dtype(dtype)
    if isinstance(extension, np.dtype | pd.DatetimeTZDtype):
        return None
    return lambda _: extension


def _as_json(series: pd.Series[Any], column: Column) -> pa.Array:
    dumped = [
        None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
        for value in _objects(series)
    ]
    return pa.array(dumped, pa.string())


def _from_json(values: pa.ChunkedArray, column: Column) -> Any:
    loaded = [None if text is None else json.loads(text) for text in values.to_pylist()]
    return pd.Series(loaded, dtype=object)


def _objects(series: pd.Series[Any]) -> list[Any]:
    missing = series.isna().to_numpy()
    return [
        None if absent else value
        for value, absent in zip(series.astype(object), missing, strict=True)
    ]


_TYPES: Mapping[Form, pa.DataType] = {
    Form.SEVERAL: pa.list_(pa.string()),
    Form.RANKING: pa.map_(pa.string(), pa.uint8()),
    Form.MATRIX: pa.map_(pa.string(), pa.string()),
    Form.TEXT: pa.string(),
    Form.TEXTS: pa.list_(pa.string()),
    Form.JSON: pa.string(),
}
_TO_ARROW: Mapping[Form, Callable[[pd.Series[Any], Column], pa.Array]] = {
    Form.CATEGORY: _codes,
    Form.SEVERAL: _answer_sets,
    Form.RANKING: _answer_sets,
    Form.MATRIX: _answer_sets,
    Form.TEXT: _texts,
    Form.TEXTS: _lists,
    Form.VALUES: _values,
    Form.JSON: _as_json,
}
_TO_PANDAS: Mapping[Form, Callable[[pa.ChunkedArray, Column], Any]] = {
    Form.CATEGORY: _categories,
    Form.SEVERAL: _sets,
    Form.RANKING: _sets,
    Form.MATRIX: _sets,
    Form.TEXT: _text_column,
    Form.TEXTS: _tuples,
    Form.VALUES: _numbers,
    Form.JSON: _from_json,
}
