"""Files of any size, read in blocks of whole records, so that little is in memory at a time.

A block is read as strictly as a whole file: it begins and ends outside quotes, and is told how
the lines of the file end. Where one has a fault, the whole file is read in one go, which names
every fault in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from survey.errors import ExportError
from survey.exports.parse.cells import text_columns
from survey.exports.parse.csv_strict import Irregular, Records, tokenise
from survey.exports.parse.gathering import Gathered
from survey.exports.parse.line_ends import record_stops, returns_in_blocks

__all__ = ["read_records"]

_SMALLEST, _LARGEST, _BLOCKS = 1 << 20, 1 << 23, 64  # bytes of a block; blocks of a file


def read_records(
    name: str,
    data: bytes,
    width: int,
    delimiter: str = ",",
    *,
    skip: int = 1,
    line_feeds: bool = False,
    above: int = 0,
    block: int = 0,
) -> Records:
    """Return what :func:`survey.exports.parse.csv_strict.tokenise` returns for the whole file.

    Parameters
    ----------
    name, data, width, delimiter, skip, line_feeds, above
        As there.
    block
        Bytes of a block; by default a part of the file.

    Raises
    ------
    ExportError
        If quotes do not pair up, or a cell swallows another record.
    """

    def strictly(part: bytes, skipped: int, before: int, returns: int | None = None) -> Records:
        return tokenise(
            name,
            part,
            width,
            delimiter,
            skip=skipped,
            line_feeds=line_feeds,
            above=before,
            returns=returns,
        )

    size = block or min(max(len(data) // _BLOCKS, _SMALLEST), _LARGEST)
    stops = record_stops(data, size, skip) if len(data) > size else []
    if len(stops) > 1:
        gathered = Gathered(width, data.count(b"\n") + 1)
        try:
            return _joined(_parts(strictly, data, stops, skip, above), gathered)
        except ExportError:
            pass  # the whole file has every fault in its place
    return strictly(data, skip, above)


def _parts(
    strictly: Callable[[bytes, int, int, int], Records],
    data: bytes,
    stops: Sequence[int],
    skip: int,
    above: int,
) -> Iterator[Records]:
    """Yield the records of each block, with their lines in the file."""
    returns, start = returns_in_blocks(data, stops), 0
    for stop in stops:
        block = data[start:stop]
        yield strictly(block, 0 if start else skip, above, returns)
        above += block.count(b"\n")
        start = stop


def _joined(blocks: Iterable[Records], gathered: Gathered) -> Records:
    """Return the records of several blocks in one."""
    before, orders, parts = 0, [], list[Records]()
    irregular: list[Irregular] = []
    for part in blocks:
        gathered.add(part.table)
        parts.append(replace(part, table=text_columns(0)))
        orders.append(part.order + before)
        irregular += [replace(each, order=each.order + before) for each in part.irregular]
        before += len(part.order) + len(part.irregular)
    return Records(
        gathered.table(),
        np.concatenate(orders),
        np.concatenate([part.lines for part in parts]),
        tuple(irregular),
        tuple(line for part in parts for line in part.blank_lines),
        parts[-1].last_line_complete,
        tuple(line for part in parts for line in part.carriage_returns),
        tuple(line for part in parts for line in part.encoded_twice),
    )
