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
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from survey.errors import ExportError
from survey.exports.mojibake import encoded_once
from survey.exports.records import Irregular, Records, quotes_pair, tokenise
from survey.exports.text_table import by_text, plain, smallest

__all__ = ["BLOCK", "Unproven", "read_blocks"]

BLOCK = 1 << 23
_LF, _CR, _NUL, _QUOTE = b"\n", b"\r", b"\0", b'"'
_FEW = 64  # carriage returns in a block that are looked up one by one
_REPEATED = 16  # times that a text occurs on average in a column kept by text
_MOST_TEXTS = 1 << 14


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


def read_blocks(
    name: str,
    blocks: Iterable[bytes],
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
    first = next(pieces, b"")
    stop = _end_of_headings(first, skip)
    windows = first[:stop].endswith(b"\r\n")
    dialect = Dialect(name, width, delimiter, windows, line_feeds)
    if width < 2 or len(delimiter.encode()) != 1:
        raise Unproven
    _proven_headings(first[:stop], dialect)
    whole = _Whole(dialect, skip, ascii=first[:stop].isascii())
    body = first[stop:]
    if body:
        whole.add(_read(body, dialect, frozenset()))
    types = whole.repeated
    for part in _in_turn(pieces, dialect, types):
        whole.add(part)
    if not (whole.ascii or whole.encoded_once):
        raise Unproven
    return whole.records()


def _proven_headings(lines: bytes, dialect: Dialect) -> None:
    try:
        _proven(lines, dialect).decode()
    except UnicodeDecodeError:
        raise Unproven from None


def _in_turn(
    blocks: Iterator[bytes], dialect: Dialect, repeated: frozenset[int]
) -> Iterator[_Part]:
    """Read two blocks at a time, and yield them in order."""
    with ThreadPoolExecutor(2) as threads:
        ahead = [threads.submit(_read, each, dialect, repeated) for each in islice(blocks, 2)]
        while ahead:
            part = ahead.pop(0).result()
            ahead += [threads.submit(_read, each, dialect, repeated) for each in islice(blocks, 1)]
            yield part


def _end_of_headings(block: bytes, skip: int) -> int:
    """Return where the heading lines end; they must be complete, and one line each."""
    stop = 0
    for _ in range(skip):
        start, stop = stop, block.find(_LF, stop) + 1
        if not stop or block.count(_QUOTE, start, stop) % 2:
            raise Unproven
    return stop


# One block


@dataclass(frozen=True)
class _Part:
    """What one block holds: its records, and how many records and lines there are in all."""

    records: Records
    count: int
    lines: int
    ascii: bool
    encoded_once: bool


def _read(block: bytes, dialect: Dialect, repeated: frozenset[int]) -> _Part:
    text = _proven(block, dialect)
    complete = text.endswith(_LF)
    feeds = text.count(_LF)
    masked = text.replace(_CR, _NUL) if _CR in text else text
    table = _divide(masked, dialect, repeated)
    if table is None or len(table) != feeds + (not complete) or _has_blank_line(masked, table):
        return _strictly(masked, dialect, repeated, masked is not text)
    if masked is not text:
        table = _unmasked(table, _masked_columns(text, dialect))
    order = np.arange(len(table))
    return _part(Records(table, order, order + 1, (), (), complete), block)


def _proven(block: bytes, dialect: Dialect) -> bytes:
    """Return the block with plain line ends, if its bytes are beyond doubt."""
    if _NUL in block:
        raise Unproven
    if dialect.windows:
        if block.count(b"\r\n") != block.count(_LF) or block.endswith(_CR):
            raise Unproven
        block = block.replace(b"\r\n", _LF)
    if _QUOTE in block and not quotes_pair(block, dialect.delimiter):
        raise Unproven
    return block


def _divide(block: bytes, dialect: Dialect, repeated: frozenset[int]) -> pa.Table | None:
    """Let pyarrow divide a block; None if records differ in width or bytes are not UTF-8."""
    names = [str(column) for column in range(dialect.width)]
    by_number = pa.dictionary(pa.int32(), pa.string())
    if block.startswith(codecs.BOM_UTF8):
        block = codecs.BOM_UTF8 + block  # pyarrow takes one away, and here it is text
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


def _has_blank_line(block: bytes, table: pa.Table) -> bool:
    """Whether a line is blank, which pyarrow takes for a record of empty cells."""
    if not pc.any(pc.equal(plain(table.column(0)), "")).as_py():
        return False
    return block.startswith(_LF) or b"\n\n" in block


def _strictly(masked: bytes, dialect: Dialect, repeated: frozenset[int], returns: bool) -> _Part:
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
    if returns:
        table = _unmasked(records.table, range(dialect.width))
        records = replace(records, table=table, irregular=tuple(map(_returned, records.irregular)))
    return _part(records, masked)


def _part(records: Records, block: bytes) -> _Part:
    count = len(records.table) + len(records.irregular)
    plain = block.isascii()
    return _Part(records, count, block.count(_LF), plain, not plain and encoded_once(block))


def _returned(record: Irregular) -> Irregular:
    return replace(record, cells=tuple(cell.replace("\0", "\r") for cell in record.cells))


def _masked_columns(block: bytes, dialect: Dialect) -> Sequence[int]:
    """Return the columns with a lone carriage return, or all where it takes too long to tell."""
    if block.count(_CR) > _FEW:
        return range(dialect.width)
    found, at = set(), block.find(_CR)
    delimiter = dialect.delimiter.encode()
    while at >= 0:
        start = block.rfind(_LF, 0, at) + 1
        if block.find(_QUOTE, start, at) >= 0:
            return range(dialect.width)
        found.add(block.count(delimiter, start, at))
        at = block.find(_CR, at + 1)
    return sorted(found)


def _unmasked(table: pa.Table, columns: Iterable[int]) -> pa.Table:
    for number in columns:
        cells = pa.chunked_array(
            [_with_returns(chunk) for chunk in table.column(number).chunks],
            table.column(number).type,
        )
        table = table.set_column(number, str(number), cells)
    return table


def _with_returns(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        texts = _with_returns(cells.dictionary)
        return pa.DictionaryArray.from_arrays(cells.indices, texts)
    return pc.replace_substring(cells, "\0", "\r")


# All blocks together


@dataclass
class _Texts:
    """A column kept by its distinct texts, for as long as these repeat."""

    number: dict[str, int] = field(default_factory=dict)
    codes: list[npt.NDArray[np.integer]] = field(default_factory=list)

    def add(self, cells: pa.ChunkedArray) -> None:
        for chunk in cells.chunks:
            encoded = chunk.dictionary_encode()
            own = [
                self.number.setdefault(text, len(self.number))
                for text in encoded.dictionary.to_pylist()
            ]
            lookup = np.array(own or [0], dtype=smallest(len(self.number)))
            self.codes.append(lookup[encoded.indices.to_numpy(zero_copy_only=False)])

    def done(self) -> pa.Array:
        codes = np.concatenate(self.codes) if self.codes else np.array([], dtype=np.int8)
        self.codes.clear()
        return by_text(codes, list(self.number))


@dataclass
class _Whole:
    """The records of a file as far as they have been read."""

    dialect: Dialect
    lines_above: int
    count: int = 0
    columns: dict[int, _Texts | list[pa.Array]] = field(default_factory=dict)
    order: list[npt.NDArray[np.int64]] = field(default_factory=list)
    lines: list[npt.NDArray[np.int64]] = field(default_factory=list)
    irregular: list[Irregular] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)
    complete: bool = True
    ascii: bool = True
    encoded_once: bool = False

    @property
    def repeated(self) -> frozenset[int]:
        """Columns that are kept by their distinct texts."""
        return frozenset(n for n, kept in self.columns.items() if isinstance(kept, _Texts))

    def add(self, part: _Part) -> None:
        records = part.records
        if not self.columns:
            self.columns = {
                number: _Texts() if _repeats(column) else []
                for number, column in enumerate(records.table.columns)
            }
        for number, column in enumerate(records.table.columns):
            self._add_column(number, column)
        self.order.append(records.order + self.count)
        self.lines.append(records.lines + self.lines_above)
        self.irregular += [
            replace(each, order=each.order + self.count, line=each.line + self.lines_above)
            for each in records.irregular
        ]
        self.blank_lines += [line + self.lines_above for line in records.blank_lines]
        self.complete = records.last_line_complete
        self.ascii &= part.ascii
        self.encoded_once |= part.encoded_once
        self.count += part.count
        self.lines_above += part.lines

    def _add_column(self, number: int, cells: pa.ChunkedArray) -> None:
        kept = self.columns[number]
        if isinstance(kept, _Texts):
            kept.add(cells)
            if len(kept.number) > _MOST_TEXTS:
                whole = kept.done()
                self.columns[number] = [whole.dictionary.take(whole.indices)]
        else:
            kept += plain(cells).chunks

    def records(self) -> Records:
        columns = [
            kept.done() if isinstance(kept, _Texts) else pa.chunked_array(kept, pa.string())
            for kept in self._taken()
        ]
        table = pa.table(columns, names=[str(number) for number in range(self.dialect.width)])
        return Records(
            table,
            _joined(self.order),
            _joined(self.lines),
            tuple(self.irregular),
            tuple(self.blank_lines),
            self.complete,
        )

    def _taken(self) -> Iterator[_Texts | list[pa.Array]]:
        """Give the columns away one by one, so that none is held twice."""
        for number in range(self.dialect.width):
            yield self.columns.pop(number, [])


def _repeats(cells: pa.ChunkedArray) -> bool:
    """Whether a column holds few texts, each many times."""
    return len(cells.unique()) * _REPEATED <= max(len(cells), _REPEATED**2)


def _joined(parts: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.array([], dtype=np.int64)
