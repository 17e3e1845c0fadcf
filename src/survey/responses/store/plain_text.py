r"""Tables as CSV: one line per record, a plain text in each cell, and nothing lost.

=================  ==============================================================================
several answers    joined by ``|``, in the order of the questionnaire: ``Kolla|OpenStack-Helm``
ranking            joined by ``|``, the first rank first; an empty place is a rank without answer
matrix             ``row=level``, joined by ``|``: ``Nova=Production|Swift=Testing``
times              ``2024-05-01 10:00:00``
check box          ``True`` or ``False``
missing            nothing; an empty text is ``""``
=================  ==============================================================================

A ``|``, ``=`` or backslash that belongs to an answer has a backslash before it; no label of the
shipped codebook needs that. The file is UTF-8 with ``\n`` at the end of lines, and text is quoted
as in RFC 4180.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

from survey.errors import Problem, ResponsesError
from survey.responses.store.stored_columns import Column, Form, arrow_type

__all__ = ["csv_bytes", "read_csv"]

_QUOTED = re.compile(r'[",\r\n]')
_SPECIAL = re.compile(r"[\\|=]")
_PIECES = re.compile(r"((?:[^\\|]|\\.)*)(?:\||$)", re.DOTALL)
_NOTHING = "\\"  # a list without any text; a backslash never ends anything else
_SIDES = re.compile(r"((?:[^\\=]|\\.)*)=(.*)", re.DOTALL)


def csv_bytes(table: pa.Table, columns: Sequence[Column]) -> bytes:
    """Return a table as CSV.

    Raises
    ------
    ResponsesError
        If a ranking has two answers of one rank, which the plain form cannot say.
    """
    cells = [_cells(table.column(column.name), column) for column in columns]
    header = ",".join(_quoted(column.name) for column in columns)
    lines = (",".join(row) for row in zip(*cells, strict=True))
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


def _cells(values: pa.ChunkedArray, column: Column) -> list[str]:
    """Return the cells of a column, each distinct value made into text once."""
    write = _WRITE[column.form]
    if pa.types.is_nested(values.type):
        known: dict[Any, str] = {None: ""}
        cells = []
        for value in values.to_pylist():
            key = None if value is None else tuple(value)
            if key not in known:
                known[key] = _quoted(write(value, column))
            cells.append(known[key])
        return cells
    distinct, codes = _distinct(values)
    texts = [_quoted(write(value, column)) for value in distinct]
    return [*np.array([*texts, ""], dtype=object)[codes]]


def _distinct(values: pa.ChunkedArray) -> tuple[list[Any], npt.NDArray[np.int64]]:
    """Return the distinct values, and for each row which it has: one beyond the last is none."""
    whole = values.combine_chunks()
    array = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = encoded.indices.cast(pa.int64())
    distinct = encoded.dictionary.to_pylist()
    return distinct, np.asarray(codes.fill_null(len(distinct)))


def _quoted(text: str) -> str:
    if text and not _QUOTED.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


@cache
def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _write_list(value: Sequence[str], column: Column) -> str:
    return "|".join(map(_escaped, value)) if value else _NOTHING


def _write_ranking(value: Sequence[tuple[str, int]], column: Column) -> str:
    place = {rank: item for item, rank in value}
    if len(place) < len(value):
        problem = Problem(column.name, "a ranking with two answers of one rank", "one of each")
        raise ResponsesError("Cannot write a ranking as CSV", [problem])
    return "|".join(_escaped(place.get(rank, "")) for rank in range(1, max(place) + 1))


def _write_matrix(value: Sequence[tuple[str, str]], column: Column) -> str:
    return "|".join(f"{_escaped(row)}={_escaped(level)}" for row, level in value)


def _write_value(value: Any, column: Column) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


_WRITE: Mapping[Form, Callable[[Any, Column], str]] = {
    Form.SEVERAL: _write_list,
    Form.TEXTS: _write_list,
    Form.RANKING: _write_ranking,
    Form.MATRIX: _write_matrix,
    Form.CATEGORY: lambda value, column: str(value),
    Form.TEXT: lambda value, column: str(value),
    Form.JSON: lambda value, column: str(value),
    Form.VALUES: _write_value,
}


def read_csv(content: bytes, columns: Sequence[Column]) -> pa.Table:
    """Return the table in a CSV file that :func:`csv_bytes` made.

    Raises
    ------
    pyarrow.ArrowInvalid, ValueError, KeyError
        If it is damaged.
    """
    table = pc.read_csv(
        pa.BufferReader(content),
        read_options=pc.ReadOptions(block_size=max(len(content), 1 << 20), use_threads=False),
        parse_options=pc.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pc.ConvertOptions(
            column_types={column.name: pa.string() for column in columns},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    arrays = [_typed(table.column(c.name), arrow_type(c), c) for c in columns]
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def _typed(texts: pa.ChunkedArray, kind: pa.DataType, column: Column) -> pa.ChunkedArray:
    read = _READ.get(column.form)
    if read is not None:
        parsed = [None if text is None else read(text) for text in texts.to_pylist()]
        return pa.chunked_array([pa.array(parsed, kind)])
    if pa.types.is_dictionary(kind):
        return _labels(texts, kind, column)
    return texts.cast(kind)


def _labels(texts: pa.ChunkedArray, kind: pa.DataType, column: Column) -> pa.ChunkedArray:
    place: dict[str | None, int | None] = {label: n for n, label in enumerate(column.labels)}
    place[None] = None
    codes = pa.array([place[text] for text in texts.to_pylist()], kind.index_type)
    labels = pa.array(column.labels, pa.string())
    array = pa.DictionaryArray.from_arrays(codes, labels, ordered=column.ordered)
    return pa.chunked_array([array])


def _pieces(text: str) -> list[str]:
    """Divide at every ``|`` that belongs to no answer."""
    return _PIECES.findall(f"{text}|")[:-1]


def _read_list(text: str) -> list[str]:
    return [] if text == _NOTHING else [_unescaped(piece) for piece in _pieces(text)]


def _read_ranking(text: str) -> list[tuple[str, int]]:
    return [(_unescaped(piece), rank) for rank, piece in enumerate(_pieces(text), start=1) if piece]


def _read_matrix(text: str) -> list[tuple[str, str]]:
    sides = [_SIDES.fullmatch(piece) for piece in _pieces(text)]
    return [(_unescaped(side[1]), _unescaped(side[2])) for side in sides if side]


_READ: Mapping[Form, Callable[[str], list[Any]]] = {
    Form.SEVERAL: _read_list,
    Form.TEXTS: _read_list,
    Form.RANKING: _read_ranking,
    Form.MATRIX: _read_matrix,
}
