"""Large files read block by block, where each block proves that this is safe.

pyarrow divides text into cells several times faster than :mod:`survey.exports.records`, and
bends what it does not understand. So it is believed only where the following holds, which
leaves nothing to bend, and then both readers must say the same:

* every quote opens a cell, closes one, or is half of a doubled quote;
* as many rows come out as there are line feeds, all with the expected number of cells, and no
  line is blank: so no line feed lies inside quotes, and no cell holds the start of a record;
* no carriage return but in front of every line feed, or a lone one, which is masked by a NUL;
  no other NUL;
* no bytes that are not UTF-8; and if there are any beyond ASCII, some of them show that the
  file is not UTF-8 encoded twice.

A block with records of another width or with blank lines goes through the strict reader, by
itself. Whatever else does not fit makes the whole file the strict reader's: it alone decides
what is a fault, and says where.
"""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from survey.errors import ExportError
from survey.exports.gathered import Gathered, Part
from survey.exports.mojibake import doubtful_lines, encoded_once
from survey.exports.records import Irregular, Records, quotes_pair, tokenise
from survey.exports.text_table import plain

__all__ = ["Unproven", "block_size", "read_blocks"]

_SMALLEST, _LARGEST = 1 << 18, 1 << 23  # bytes of a block
_AHEAD = 3  # blocks that are being read, or wait for it
_BLOCKS = 32  # of a file, as far as these sizes allow
_LF, _CR, _NUL, _QUOTE = b"\n", b"\r", b"\0", b'"'


class Unproven(Exception):  # noqa: N818  # no error: the strict reader takes over
    """The file does not prove that it can be read quickly."""


@dataclass(frozen=True)
class Dialect:
    """How a file is to be divided."""

    name: str
    width: int
    delimiter: str
    windows: bool
    line_feeds: bool


def block_size(size: int) -> int:
    """Return the bytes of a block for a file of a certain size: few, and small beside it.

    Examples
    --------
    >>> block_size(1_000_000) >> 10, block_size(100_000_000) >> 10, block_size(10**10) >> 10
    (256, 3051, 8192)
    """
    return min(max(size // _BLOCKS, _SMALLEST), _LARGEST)


def read_blocks(
    name: str,
    blocks: Iterable[bytes | bytearray],
    width: int,
    delimiter: str = ",",
    *,
    skip: int = 1,
    line_feeds: bool = False,
) -> Records:
    """Return what :func:`survey.exports.records.tokenise` returns for the whole file.

    Parameters
    ----------
    name
        Name of the file.
    blocks
        Content of the file, in pieces that end with a line feed, except the last one.
    width, delimiter, skip, line_feeds
        As for the strict reader.

    Raises
    ------
    Unproven
        If the blocks do not prove that both readers agree.
    """
    pieces = iter(blocks)
    first = bytes(next(pieces, b""))
    stop = _end_of_headings(first, skip)
    windows = first[:stop].endswith(b"\r\n")
    dialect = Dialect(name, width, delimiter, windows, line_feeds)
    if width < 2 or len(delimiter.encode()) != 1:
        raise Unproven
    _proven_headings(first[:stop], dialect)
    whole = Gathered(dialect.width, skip, ascii=first[:stop].isascii())
    whole.encoded_twice += doubtful_lines(first[:stop])
    body = [bytearray(first[stop:])] if len(first) > stop else []
    for part in _in_turn(chain(body, pieces), dialect, whole):
        whole.add(part)
    if not (whole.ascii or whole.encoded_once):
        raise Unproven
    return whole.records()


def _proven_headings(lines: bytes, dialect: Dialect) -> None:
    try:
        _proven(bytearray(lines), dialect).decode()
    except UnicodeDecodeError:
        raise Unproven from None


def _in_turn(
    blocks: Iterator[bytes | bytearray], dialect: Dialect, whole: Gathered
) -> Iterator[Part]:
    """Read two blocks at a time, and yield them in order."""
    with ThreadPoolExecutor(2) as threads:
        pieces = (threads.submit(_read, _own(each), dialect, whole.repeated) for each in blocks)
        ahead = deque(islice(pieces, _AHEAD))
        while ahead:
            part = ahead.popleft().result()
            ahead += islice(pieces, 1)
            yield part


def _own(block: bytes | bytearray) -> bytearray:
    """Return a block that may be changed; whoever yields a bytearray gives it away."""
    return block if isinstance(block, bytearray) else bytearray(block)


def _end_of_headings(block: bytes, skip: int) -> int:
    """Return where the heading lines end; they must be complete, and one line each."""
    stop = 0
    for _ in range(skip):
        start, stop = stop, block.find(_LF, stop) + 1
        if not stop or block.count(_QUOTE, start, stop) % 2:
            raise Unproven
    return stop


# One block


def _read(block: bytearray, dialect: Dialect, repeated: frozenset[int]) -> Part:
    text = _proven(block, dialect)
    complete = text.endswith(_LF)
    feeds = text.count(_LF)
    masked = _mask(text, dialect)
    table = _divide(text, dialect, repeated)
    if table is None or len(table) != feeds + (not complete) or _has_blank_line(text, table):
        records = _strictly(bytes(text), dialect, bool(masked))
    else:
        order = np.arange(len(table))
        table = _unmasked(table, masked)
        records = Records(table, order, order + 1, (), (), complete)
    count = len(records.table) + len(records.irregular)
    if text.isascii():
        return Part(records, count, feeds, ascii=True)
    return Part(records, count, feeds, False, encoded_once(text), doubtful_lines(text))


def _proven(block: bytearray, dialect: Dialect) -> bytearray:
    """Return the block with plain line ends, if its bytes are beyond doubt."""
    if _NUL in block:
        raise Unproven
    if dialect.windows:
        if block.count(b"\r\n") != block.count(_LF) or block.endswith(_CR):
            raise Unproven
        if b"\r\r\n" in block:
            raise Unproven
        block = block.replace(b"\r\n", _LF)
    elif _CR in block and b"\r\n" in block:
        raise Unproven
    if _QUOTE in block and not quotes_pair(block, dialect.delimiter):
        raise Unproven
    return block


def _mask(block: bytearray, dialect: Dialect) -> Sequence[int]:
    """Put a NUL for each lone carriage return; return the columns that may hold one."""
    delimiter = dialect.delimiter.encode()
    found, at, doubtful = set(), block.find(_CR), False
    while at >= 0:
        block[at] = 0
        start = block.rfind(_LF, 0, at) + 1
        doubtful = doubtful or block.find(_QUOTE, start, at) >= 0
        found.add(block.count(delimiter, start, at))
        at = block.find(_CR, at + 1)
    return range(dialect.width) if doubtful else sorted(found)


def _divide(block: bytearray, dialect: Dialect, repeated: frozenset[int]) -> pa.Table | None:
    """Let pyarrow divide a block; None if records differ in width or bytes are not UTF-8."""
    names = [str(column) for column in range(dialect.width)]
    by_number = pa.dictionary(pa.int32(), pa.string())
    if block.startswith(codecs.BOM_UTF8):
        block = bytearray(codecs.BOM_UTF8) + block  # pyarrow takes one away, and here it is text
    try:
        return pa_csv.read_csv(
            pa.BufferReader(block),
            read_options=pa_csv.ReadOptions(
                column_names=names, block_size=len(block) + 1, use_threads=False
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter, newlines_in_values=False, ignore_empty_lines=False
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={
                    name: by_number if column in repeated else pa.string()
                    for column, name in enumerate(names)
                },
                strings_can_be_null=False,
                null_values=[],
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _has_blank_line(block: bytearray, table: pa.Table) -> bool:
    """Whether a line is blank, which pyarrow takes for a record of empty cells."""
    if not pc.any(pc.equal(plain(table.column(0)), "")).as_py():
        return False
    return block.startswith(_LF) or b"\n\n" in block


def _strictly(masked: bytes, dialect: Dialect, returns: bool) -> Records:
    """Read one block with the strict reader; a fault is for it to find in the whole file."""
    if dialect.windows and _QUOTE in masked:
        raise Unproven  # a line end inside quotes was changed together with the others
    try:
        records = tokenise(
            dialect.name,
            masked,
            dialect.width,
            dialect.delimiter,
            skip=0,
            line_feeds=dialect.line_feeds,
        )
    except (ExportError, pa.ArrowInvalid, UnicodeDecodeError):
        raise Unproven from None
    if not returns:
        return records
    table = _unmasked(records.table, range(dialect.width))
    return replace(records, table=table, irregular=tuple(map(_returned, records.irregular)))


def _returned(record: Irregular) -> Irregular:
    return replace(record, cells=tuple(cell.replace("\0", "\r") for cell in record.cells))


def _unmasked(table: pa.Table, columns: Iterable[int]) -> pa.Table:
    for number in columns:
        if number < table.num_columns:
            cells = table.column(number)
            chunks = [_with_returns(chunk) for chunk in cells.chunks]
            table = table.set_column(number, str(number), pa.chunked_array(chunks, cells.type))
    return table


def _with_returns(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        texts = _with_returns(cells.dictionary)
        return pa.DictionaryArray.from_arrays(cells.indices, texts)
    validity, offsets, data = cells.buffers()
    if data is None:
        return cells
    masked = np.frombuffer(data, dtype=np.uint8) == 0
    if not masked.any():
        return cells
    bytes_ = np.frombuffer(data, dtype=np.uint8).copy()
    bytes_[masked] = _CR[0]
    buffers = [validity, offsets, pa.py_buffer(bytes_)]
    return pa.Array.from_buffers(cells.type, len(cells), buffers, offset=cells.offset)
