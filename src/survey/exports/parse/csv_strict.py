"""Records of a CSV file in the exporter's dialect, read strictly.

The dialect: comma-separated, records end with LF, a cell is quoted only if it holds a quote,
inner quotes are doubled, and a lone CR is part of a cell. What a guessing reader would bend
until it fits is a fault here: an open quote, text after a closing quote, a quoted cell that
holds the start of another record. Records whose number of cells is not that of the heading
line are set aside for repair, never cut or padded. Other delimiters, quotes around any cell
and line feeds inside quotes are read as strictly.
"""

from __future__ import annotations

import csv
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.dataclass import dataclass
from survey.errors import ExportError, Problem
from survey.exports.few_texts import FewTexts
from survey.exports.parse.cells import divided, text_columns
from survey.exports.parse.line_ends import trailing_returns, usual_returns
from survey.exports.parse.stray_quotes import line_stop, refuse_swallowed, swallowing
from survey.exports.source.byte_places import places_of
from survey.exports.source.mojibake import doubtful_lines
from survey.exports.text_table import plain

__all__ = ["Irregular", "Records", "header_of", "headings_of", "line_of", "tokenise"]

_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22
_STAND_INS = bytes(range(9))
_LONGEST_HEADING = 1 << 16
_MOST_RETURNS = 2  # in front of a line feed, as programs write that convert line ends twice
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
        The regular records as columns ``0``, ``1``, ... of text, or of text by number.
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
    carriage_returns
        Lines that end with CR LF where the others end with LF: the CR is kept as text.
    encoded_twice
        Lines that look as if their text had been encoded twice.
    """

    table: pa.Table
    order: Positions
    lines: Positions
    irregular: tuple[Irregular, ...]
    blank_lines: tuple[int, ...]
    last_line_complete: bool
    carriage_returns: tuple[int, ...] = ()
    encoded_twice: tuple[int, ...] = ()

    @cached_property
    def few_texts(self) -> FewTexts:
        """The texts that each column can hold, if they are few and known."""
        return FewTexts.of(self.table)

    def text(self, column: int) -> pa.ChunkedArray:
        """Return a column of the regular records as text."""
        return plain(self.table.column(column))


def header_of(name: str, data: bytes, delimiter: str = ",") -> tuple[str, ...]:
    """Return the cells of the heading line.

    Raises
    ------
    ExportError
        If the line's quotes do not pair up.
    """
    return headings_of(name, data, delimiter, 1)[0]


def headings_of(
    name: str, data: bytes, delimiter: str = ",", count: int = 1
) -> tuple[tuple[str, ...], ...]:
    """Return the cells of the first ``count`` heading lines; a quoted one may hold line feeds.

    Raises
    ------
    ExportError
        If the quotes of a line do not pair up, or there are fewer lines.
    """
    rows, start = [], 0
    for number in range(1, count + 1):
        stop = _record_end(data, start)
        try:
            rows.append(_split(data[start:stop].rstrip(b"\r"), delimiter))
        except csv.Error as error:
            raise _heading_fault(name, number, str(error)) from None
        start = stop + 1
    return tuple(rows)


def line_of(data: bytes, at: int) -> tuple[int, int]:
    r"""Return where the line that a position lies on starts and stops.

    Examples
    --------
    >>> line_of(b"one\ntwo\n", 5)
    (4, 7)
    """
    return data.rfind(b"\n", 0, at) + 1, line_stop(data, at)


def _record_end(data: bytes, start: int) -> int:
    """Return where the line that starts at ``start`` ends: the first LF outside quotes.

    If there is none near, a quote is left open: then the first LF, so that the fault is found.
    """
    at, quotes = start, 0
    while at < start + _LONGEST_HEADING:
        stop = line_stop(data, at)
        quotes += data.count(b'"', at, stop)
        if quotes % 2 == 0:
            return stop
        if stop == len(data):
            break
        at = stop + 1
    return line_stop(data, start)


def _heading_fault(name: str, line: int, what: str) -> ExportError:
    problem = Problem(
        f"{name}, line {line}",
        f"a heading line with {what}",
        "plain headings",
        "export the file again",
    )
    return ExportError(f"Cannot read {name}", [problem])


def tokenise(
    name: str,
    data: bytes,
    width: int,
    delimiter: str = ",",
    *,
    skip: int = 1,
    line_feeds: bool = False,
    above: int = 0,
    returns: int | None = None,
) -> Records:
    """Split what follows the heading line into records of ``width`` cells.

    Parameters
    ----------
    name
        Name of the file, for faults.
    data
        Content of the file.
    width
        Number of cells of a regular record.
    delimiter
        What stands between two cells.
    skip
        Number of heading lines.
    line_feeds
        Whether a quoted cell may hold line feeds. The exporter writes none, so that a cell
        that goes on after one is a fault already where the next line begins like a record.
    above
        Number of lines of the file in front of ``data``.
    returns
        How many CR belong to a line end; by default as many as the heading line has, or most
        lines.

    Raises
    ------
    ExportError
        If quotes do not pair up, or a cell swallows another record.
    """
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    feeds = places_of(_LF, bytes_)
    quotes = places_of(_QUOTE, bytes_) if b'"' in data else np.array([], dtype=np.int64)
    _check_quotes(name, bytes_, quotes, feeds, ord(delimiter), above)
    starts, stops, lines = _boundaries(data, bytes_, feeds, quotes, returns)
    starts, stops, lines = starts[skip:], stops[skip:], lines[skip:] + above
    inside = feeds[np.searchsorted(quotes, feeds) % 2 == 1] if len(quotes) else quotes
    swallowed = swallowing(data, inside, width, delimiter, line_feeds=line_feeds)
    refuse_swallowed(name, swallowed, feeds, above)
    blank = stops == starts
    order = np.cumsum(~blank) - 1
    division = _Division(data, width, delimiter, quotes, lines=not len(inside))
    table, regular = division.of(starts, stops)
    irregular = tuple(
        Irregular(int(order[i]), int(lines[i]), _split(data[starts[i] : stops[i]], delimiter))
        for i in np.flatnonzero(~regular & ~blank)
    )
    return Records(
        table,
        order[regular],
        lines[regular],
        irregular,
        tuple(int(line) for line in lines[blank]),
        data.endswith(b"\n"),
        tuple(int(line) for line in lines[(bytes_[np.maximum(stops - 1, 0)] == _CR) & ~blank]),
        tuple(line + above for line in doubtful_lines(data, feeds)),
    )


@dataclass(frozen=True)
class _Division:
    """How the records of some data are to be divided into cells."""

    data: bytes
    width: int
    delimiter: str
    quotes: Positions
    lines: bool

    def of(self, starts: Positions, stops: Positions) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
        """Return the records with as many cells as headings, and which these are.

        Cells are counted only where a record is blank, or pyarrow finds one of another width.
        """
        if self.width > 1 and len(starts) and (stops > starts).all():
            table = self._cells(starts, stops)
            if table is not None:
                return table, np.ones(len(starts), dtype=bool)
        bytes_ = np.frombuffer(self.data, dtype=np.uint8)
        separators = _separators(bytes_, self.quotes, ord(self.delimiter))
        regular = (_count_cells(starts, stops, separators) == self.width) & (stops > starts)
        if not regular.any():
            return text_columns(self.width), regular
        table = self._cells(starts[regular], stops[regular])
        if table is None:
            raise AssertionError(f"{np.count_nonzero(regular)} records were not divided")
        return table, regular

    def _cells(self, starts: Positions, stops: Positions) -> pa.Table | None:
        return divided(self.data, starts, stops, self.width, self.delimiter, lines=self.lines)


def _boundaries(
    data: bytes,
    bytes_: npt.NDArray[np.uint8],
    feeds: Positions,
    quotes: Positions,
    returns: int | None,
) -> tuple[Positions, Positions, Positions]:
    """Where each record starts and stops, heading lines included, and on which line."""
    ends = feeds[np.searchsorted(quotes, feeds) % 2 == 0] if len(quotes) else feeds
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1])
    trailing = trailing_returns(bytes_, starts, ends)
    usual = usual_returns(trailing) if returns is None else returns
    stops = ends - np.minimum(trailing, usual)
    lines = np.searchsorted(feeds, starts) + 1
    return starts, stops, lines


def _check_quotes(
    name: str,
    bytes_: npt.NDArray[np.uint8],
    quotes: Positions,
    feeds: Positions,
    delimiter: int,
    above: int = 0,
) -> None:
    """Every quote opens a cell, closes one, or is half of a doubled quote."""
    if not len(quotes):
        return
    if len(quotes) % 2:
        at = _first_stray(bytes_, quotes, delimiter)
        raise _quote_fault(name, feeds, at, "an unbalanced quote", above)
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, bytes_[opening - 1], _LF)
    starts_cell = (before == delimiter) | (before == _LF)
    resumes = np.zeros(len(opening), dtype=bool)
    resumes[1:] = opening[1:] == closing[:-1] + 1
    ends_cell = _ends_cell(bytes_, closing + 1, delimiter)
    doubled = np.zeros(len(closing), dtype=bool)
    doubled[:-1] = resumes[1:]
    stray = ~(starts_cell | resumes)
    if stray.any():
        at = int(opening[stray][0])
        raise _quote_fault(name, feeds, at, "a quote inside an unquoted cell", above)
    if not (ends_cell | doubled).all():
        at = int(closing[~(ends_cell | doubled)][0])
        raise _quote_fault(name, feeds, at, "text after a closing quote", above)


def _ends_cell(
    bytes_: npt.NDArray[np.uint8], after: Positions, delimiter: int
) -> npt.NDArray[np.bool_]:
    """Whether a delimiter or the end of a line follows; a CR belongs to it only before LF."""

    def byte(at: Positions) -> npt.NDArray[np.uint8]:
        return np.where(at < len(bytes_), bytes_[np.minimum(at, len(bytes_) - 1)], _LF)

    at = after
    for _ in range(_MOST_RETURNS):
        at = at + (byte(at) == _CR)
    ends: npt.NDArray[np.bool_] = (byte(after) == delimiter) | (byte(at) == _LF)
    return ends


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


def _quote_fault(name: str, feeds: Positions, at: int, what: str, above: int) -> ExportError:
    line = int(np.searchsorted(feeds, at)) + 1 + above
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


def _separators(bytes_: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> Positions:
    """Where delimiters outside quotes are."""
    separators = np.flatnonzero(bytes_ == delimiter)
    if len(quotes):
        separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
    return separators


def _count_cells(starts: Positions, stops: Positions, separators: Positions) -> Positions:
    """Number of cells of each record: delimiters outside quotes, plus one."""
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
