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
    body = _join(data, starts, stops)
    if body.startswith(codecs.BOM_UTF8):
        body = codecs.BOM_UTF8 + body  # pyarrow takes one away, and here it is text
    stand_in = next((byte for byte in _STAND_INS if bytes([byte]) not in body), None)
    masked = b"\r" in body and stand_in is not None
    if masked:
        body = body.replace(b"\r", bytes([stand_in or 0]))
    table = _by_pyarrow(body, width, delimiter)
    if table is None or len(table) != len(starts):
        return None
    if table.column(0).num_chunks > 1:
        table = table.unify_dictionaries().combine_chunks()
    if not masked or stand_in is None:
        return table
    columns = list(table.columns)
    for at in _columns_with(body, bytes([stand_in]), delimiter) if lines else range(width):
        columns[at] = _unmasked(columns[at], chr(stand_in))
    return pa.table(columns, names=table.column_names)


def _join(data: bytes, starts: Positions, stops: Positions) -> bytes:
    if (starts[1:] == stops[:-1] + 1).all():
        start, stop = starts[0], stops[-1]
        if data[stop : stop + 1] == b"\n":  # then one copy will do
            return data[start : stop + 1]
        return data[start:stop] + b"\n"
    bounds = zip(starts.tolist(), stops.tolist(), strict=True)
    return b"".join(data[start:stop] + b"\n" for start, stop in bounds)


def _by_pyarrow(body: bytes, width: int, delimiter: str) -> pa.Table | None:
    names = [str(column) for column in range(width)]
    try:
        return pa_csv.read_csv(
            pa.BufferReader(body),
            read_options=pa_csv.ReadOptions(
                column_names=names, block_size=len(body) + 1, use_threads=len(body) > _SMALL
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in body, ignore_empty_lines=False
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                strings_can_be_null=False,
                null_values=[],
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _columns_with(body: bytes, byte: bytes, delimiter: str) -> Collection[int]:
    """Return the columns that hold a byte, of records that are a line each."""
    found, at, separator = set(), body.find(byte), delimiter.encode()
    while at >= 0:
        before = body[body.rfind(b"\n", 0, at) + 1 : at]
        if b'"' in before:  # what is quoted in front of it, and the quote it stands in itself
            before = _QUOTED.sub(b"", before).partition(b'"')[0]
        found.add(before.count(separator))
        at = body.find(byte, at + 1)
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
