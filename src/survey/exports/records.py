"""Records of a CSV file in the exporter's dialect, read strictly.

The dialect: comma-separated, records end with LF, a cell is quoted only if it holds a quote,
inner quotes are doubled, and a lone CR is part of a cell. What a guessing reader would bend
until it fits is a fault here: an open quote, text after a closing quote, a quoted cell that
holds the start of another record. Records whose number of cells is not that of the heading
line are set aside for repair, never cut or padded.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from survey.errors import ExportError, Problem

__all__ = ["Irregular", "Records", "header_of", "tokenise"]

_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22
_RECORD_START = re.compile(rb'\n"?\d+"?,')
_STAND_INS = bytes(range(1, 9))
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Irregular:
    """A record with too many or too few cells."""

    order: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """All records of a file.

    Attributes
    ----------
    table
        The regular records as text columns ``0``, ``1``, ...
    order
        Position of each regular record among all records.
    lines
        Line on which each regular record starts.
    irregular
        Records with another number of cells than expected.
    blank_lines
        Lines that hold nothing, which are no records.
    last_line_complete
        Whether the file ends with a line end; if not, it may be cut.
    """

    table: pa.Table
    order: Positions
    lines: Positions
    irregular: tuple[Irregular, ...]
    blank_lines: tuple[int, ...]
    last_line_complete: bool


def header_of(name: str, data: bytes, delimiter: str = ",") -> tuple[str, ...]:
    """Return the cells of the heading line.

    Raises
    ------
    ExportError
        If the line's quotes do not pair up.
    """
    line = data[: data.index(b"\n")] if b"\n" in data else data
    try:
        return _split(line.removesuffix(b"\r"), delimiter)
    except csv.Error as error:
        problem = Problem(
            f"{name}, line 1",
            f"a heading line with {error}",
            "plain headings",
            "export the file again",
        )
        raise ExportError(f"Cannot read {name}", [problem]) from None


def tokenise(name: str, data: bytes, width: int, delimiter: str = ",") -> Records:
    """Split what follows the heading line into records of ``width`` cells.

    Raises
    ------
    ExportError
        If quotes do not pair up, or a cell swallows another record.
    """
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    feeds = np.flatnonzero(bytes_ == _LF)
    quotes = np.flatnonzero(bytes_ == _QUOTE)
    _check_quotes(name, data, bytes_, quotes, feeds, ord(delimiter))
    starts, stops, lines = _boundaries(data, bytes_, feeds, quotes)
    cells = _count_cells(bytes_, starts, stops, quotes, ord(delimiter))
    blank = stops == starts
    regular = (cells == width) & ~blank
    order = np.cumsum(~blank) - 1
    irregular = tuple(
        Irregular(int(order[i]), int(lines[i]), _split(data[starts[i] : stops[i]], delimiter))
        for i in np.flatnonzero(~regular & ~blank)
    )
    table = _parse(data, starts[regular], stops[regular], width, delimiter)
    return Records(
        table,
        order[regular],
        lines[regular],
        irregular,
        tuple(int(line) for line in lines[blank]),
        data.endswith(b"\n"),
    )


def _boundaries(
    data: bytes, bytes_: npt.NDArray[np.uint8], feeds: Positions, quotes: Positions
) -> tuple[Positions, Positions, Positions]:
    """Where each record after the heading line starts and stops, and on which line."""
    ends = feeds[np.searchsorted(quotes, feeds) % 2 == 0] if len(quotes) else feeds
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1])
    stops = _without_carriage_returns(bytes_, starts, ends)
    lines = np.searchsorted(feeds, starts) + 1
    return starts[1:], stops[1:], lines[1:]


def _check_quotes(
    name: str,
    data: bytes,
    bytes_: npt.NDArray[np.uint8],
    quotes: Positions,
    feeds: Positions,
    delimiter: int,
) -> None:
    """Every quote opens a cell, closes one, or is half of a doubled quote."""
    if not len(quotes):
        return
    if len(quotes) % 2:
        at = _first_stray(bytes_, quotes, delimiter)
        raise _quote_fault(name, feeds, at, "an unbalanced quote")
    opening, closing = quotes[0::2], quotes[1::2]
    padded = np.concatenate([[_LF], bytes_, [_LF]])
    before, after = padded[opening], padded[closing + 2]
    starts_cell = (before == delimiter) | (before == _LF)
    resumes = np.zeros(len(opening), dtype=bool)
    resumes[1:] = opening[1:] == closing[:-1] + 1
    ends_cell = (after == delimiter) | (after == _LF) | (after == _CR)
    doubled = np.zeros(len(closing), dtype=bool)
    doubled[:-1] = resumes[1:]
    stray = ~(starts_cell | resumes)
    if stray.any():
        raise _quote_fault(name, feeds, int(opening[stray][0]), "a quote inside an unquoted cell")
    if not (ends_cell | doubled).all():
        at = int(closing[~(ends_cell | doubled)][0])
        raise _quote_fault(name, feeds, at, "text after a closing quote")
    _check_swallowed(name, data, quotes, feeds)


def _check_swallowed(name: str, data: bytes, quotes: Positions, feeds: Positions) -> None:
    inside = feeds[np.searchsorted(quotes, feeds) % 2 == 1]
    swallowing = [int(at) for at in inside if _RECORD_START.match(data, at)]
    if swallowing:
        problems = [
            Problem(
                f"{name}, line {int(np.searchsorted(feeds, at)) + 2}",
                "what looks like a record, inside a quoted cell of the record before it",
                "a record of its own",
                "a stray quote on an earlier line swallows it: remove that quote or export "
                "the file again",
            )
            for at in swallowing
        ]
        raise ExportError(f"Cannot read {name}", problems)


def _first_stray(bytes_: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> int:
    """Position of the first quote that cannot be where it is, or of the last one."""
    inside = False
    for number, at in enumerate(quotes):
        if not inside:
            if (
                at
                and bytes_[at - 1] not in (delimiter, _LF)
                and not (number and quotes[number - 1] == at - 1)
            ):
                return int(at)
            inside = True
        else:
            inside = False
    return int(quotes[-1])


def _quote_fault(name: str, feeds: Positions, at: int, what: str) -> ExportError:
    line = int(np.searchsorted(feeds, at)) + 1
    return ExportError(
        f"Cannot read {name}",
        [
            Problem(
                f"{name}, line {line}",
                what,
                'quotes around a whole cell, inner ones doubled: "say ""hi"""',
                "the line is damaged: mend it in a copy or export the file again",
            )
        ],
    )


def _without_carriage_returns(
    bytes_: npt.NDArray[np.uint8], starts: Positions, ends: Positions
) -> Positions:
    """Where records stop: before CR LF if every record ends so, else before LF."""
    lasts = np.maximum(ends - 1, 0)
    windows = (bytes_[lasts] == _CR) & (ends > starts)
    if len(ends) and windows[: len(ends) - 1 or 1].all():
        return np.asarray(ends - windows, dtype=np.int64)
    return ends


def _count_cells(
    bytes_: npt.NDArray[np.uint8],
    starts: Positions,
    stops: Positions,
    quotes: Positions,
    delimiter: int,
) -> Positions:
    """Number of cells of each record: delimiters outside quotes, plus one."""
    separators = np.flatnonzero(bytes_ == delimiter)
    if len(quotes):
        separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
    counts = np.searchsorted(separators, stops) - np.searchsorted(separators, starts)
    return np.asarray(counts + 1, dtype=np.int64)


def _split(record: bytes, delimiter: str) -> tuple[str, ...]:
    text = record.decode()
    if '"' not in text:
        return tuple(text.split(delimiter))
    stand_in = next(chr(byte) for byte in _STAND_INS if chr(byte) not in text)
    masked = text.replace("\r", stand_in)
    cells = next(csv.reader([masked], delimiter=delimiter, strict=True))
    return tuple(cell.replace(stand_in, "\r") for cell in cells)


def _parse(
    data: bytes, starts: Positions, stops: Positions, width: int, delimiter: str
) -> pa.Table:
    """Parse well-formed records; a lone CR must not end a record, so it is masked."""
    names = [str(column) for column in range(width)]
    if not len(starts):
        return pa.table({name: pa.array([], pa.string()) for name in names})
    body = _join(data, starts, stops)
    stand_in = next((byte for byte in _STAND_INS if bytes([byte]) not in body), None)
    masked = b"\r" in body and stand_in is not None
    if masked:
        body = body.replace(b"\r", bytes([stand_in or 0]))
    table = pa_csv.read_csv(
        pa.BufferReader(body),
        read_options=pa_csv.ReadOptions(column_names=names, block_size=1 << 24),
        parse_options=pa_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=b'"' in body, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            strings_can_be_null=False,
            null_values=[],
            quoted_strings_can_be_null=False,
        ),
    )
    if len(table) != len(starts):
        raise AssertionError(f"{len(starts)} records became {len(table)} rows")
    return _unmask(table, chr(stand_in)) if masked and stand_in is not None else table


def _join(data: bytes, starts: Positions, stops: Positions) -> bytes:
    if len(starts) > 1 and (starts[1:] == stops[:-1] + 1).all():
        return data[starts[0] : stops[-1]] + b"\n"
    return b"".join(data[start:stop] + b"\n" for start, stop in zip(starts, stops, strict=True))


def _unmask(table: pa.Table, stand_in: str) -> pa.Table:
    columns: Sequence[pa.ChunkedArray] = table.columns
    restored = [
        pc.replace_substring(column, stand_in, "\r")
        if pc.any(pc.match_substring(column, stand_in)).as_py()
        else column
        for column in columns
    ]
    return pa.table(restored, names=table.column_names)
