"""Whole records divided into cells, whose columns are kept by their distinct texts.

pyarrow divides text several times faster than Python, and bends what it does not understand. It
is asked for records alone in which every quote opens a cell, closes one, or is half of a doubled
quote, and no line is blank; then it can only divide them as they were written, or refuse them
because their widths differ.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

__all__ = ["divided", "text_columns"]

_STAND_INS = bytes(range(9))
_SMALL = 1 << 20  # bytes, with which threads have more to say to each other than to do
_QUOTED = re.compile(rb'"[^"]*"')
Positions = npt.NDArray[np.int64]


def text_columns(width: int) -> pa.Table:
    """Return a table without records."""
    return pa.table({str(column): pa.array([], pa.string()) for column in range(width)})


def divided(
    data: bytes,
    starts: Positions,
    stops: Positions,
    width: int,
    delimiter: str,
    *,
    lines: bool = False,
) -> pa.Table | None:
    r"""Return records as columns of text by number; None if one has another number of cells.

    A lone CR must not end a record, so that it is masked. ``lines`` says that each record is one
    line.

    Examples
    --------
    >>> data, starts = b"a,b\nc,d\n", np.array([0, 4])
    >>> divided(data, starts, starts + 3, 2, ",").column(1).to_pylist()
    ['b', 'd']
    >>> divided(data, starts, starts + 3, 3, ",") is None
    True
    """
    body, begin, end = _whole(data, starts, stops)
    if body.startswith(codecs.BOM_UTF8, begin):
        # pyarrow takes one away, and here it is text
        body, begin, end = codecs.BOM_UTF8 + body[begin:end], 0, end - begin + len(codecs.BOM_UTF8)
    stand_in = next((byte for byte in _STAND_INS if bytes([byte]) not in body), None)
    masked = stand_in is not None and body.find(b"\r", begin, end) >= 0
    if masked:
        body = body.replace(b"\r", bytes([stand_in or 0]))
    table = _by_pyarrow(body, begin, end, width, delimiter)
    if table is None or len(table) != len(starts):
        return None
    if table.column(0).num_chunks > 1:
        table = table.unify_dictionaries().combine_chunks()
    if not masked or stand_in is None:
        return table
    if not lines:
        columns = [_unmasked(each, chr(stand_in)) for each in table.columns]
        return pa.table(columns, names=table.column_names)
    for at in _columns_with(body, begin, end, bytes([stand_in]), delimiter):
        cells = _unmasked(table.column(at), chr(stand_in))
        table = table.set_column(at, str(at), cells)
    return table


def _whole(data: bytes, starts: Positions, stops: Positions) -> tuple[bytes, int, int]:
    """Return bytes that hold the records without anything between them, and from where to where."""
    if (starts[1:] == stops[:-1] + 1).all() and data[stops[-1] : stops[-1] + 1] == b"\n":
        return data, int(starts[0]), int(stops[-1]) + 1
    bounds = zip(starts.tolist(), stops.tolist(), strict=True)
    joined = b"".join(data[start:stop] + b"\n" for start, stop in bounds)
    return joined, 0, len(joined)


@lru_cache(maxsize=16)
def _as_numbers(width: int) -> pa_csv.ConvertOptions:
    """Return that each column is to be kept as text by number, and that nothing is to be bent."""
    names = [str(column) for column in range(width)]
    return pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
        strings_can_be_null=False,
        null_values=[],
        quoted_strings_can_be_null=False,
        check_utf8=False,  # all of it was checked before
    )


def _by_pyarrow(body: bytes, begin: int, end: int, width: int, delimiter: str) -> pa.Table | None:
    size = end - begin
    try:
        return pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(body).slice(begin, size)),
            read_options=pa_csv.ReadOptions(
                column_names=[str(column) for column in range(width)],
                block_size=size + 1,
                use_threads=size > _SMALL,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in body, ignore_empty_lines=False
            ),
            convert_options=_as_numbers(width),
        )
    except pa.ArrowInvalid:
        return None


def _columns_with(
    body: bytes, begin: int, end: int, byte: bytes, delimiter: str
) -> Collection[int]:
    """Return the columns that hold a byte, of records that are a line each."""
    found, separator = set(), delimiter.encode()
    at = body.find(byte, begin, end)
    while at >= 0:
        before = body[max(body.rfind(b"\n", begin, at) + 1, begin) : at]
        if b'"' in before:  # what is quoted in front of it, and the quote it stands in itself
            before = _QUOTED.sub(b"", before).partition(b'"')[0]
        found.add(before.count(separator))
        at = body.find(byte, at + 1, end)
    return found


def _unmasked(cells: pa.ChunkedArray, stand_in: str) -> pa.ChunkedArray:
    return pa.chunked_array(
        [
            pa.DictionaryArray.from_arrays(
                each.indices, pc.replace_substring(each.dictionary, stand_in, "\r")
            )
            for each in cells.chunks
        ],
        cells.type,
    )
