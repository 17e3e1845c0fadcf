"""Where records end: at a line feed outside quotes, with the carriage returns in front of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["record_stops", "returns_in_blocks", "trailing_returns", "usual_returns"]

_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22
Positions = npt.NDArray[np.int64]


def trailing_returns(
    bytes_: npt.NDArray[np.uint8], starts: Positions, ends: Positions
) -> Positions:
    """Return how many CR stand at the end of each record."""
    trailing = np.zeros(len(ends), dtype=np.int64)
    rows = np.arange(len(ends))
    while len(rows):
        last = ends[rows] - trailing[rows] - 1
        rows = rows[(last >= starts[rows]) & (bytes_[np.maximum(last, 0)] == _CR)]
        trailing[rows] += 1
    return trailing


def usual_returns(trailing: Positions) -> int:
    """How many CR belong to a line end: as many as the heading line or most lines have."""
    found = 0
    while len(trailing) and (
        trailing[0] > found or 2 * np.count_nonzero(trailing > found) > len(trailing)
    ):
        found += 1
    return found


def record_stops(data: bytes, size: int, skip: int) -> list[int]:
    r"""Return where a file can be divided into blocks of whole records, its end included.

    Every block has about ``size`` bytes, and ends with a LF outside quotes; the first one holds
    ``skip`` heading lines and more.

    Examples
    --------
    >>> record_stops(b'a,b\n1,"x\ny"\n2,z\n3,z\n', 4, 1)
    [12, 20]
    """
    found, start, least = [], 0, 0
    for _ in range(skip):
        least = _stop_outside_quotes(data, 0, least)
    while start < len(data):
        start = _stop_outside_quotes(data, start, max(start + size, least))
        found.append(start)
    return found


def _stop_outside_quotes(data: bytes, start: int, near: int) -> int:
    """Return where the first line outside quotes ends after ``near``; ``start`` is outside."""
    at, quotes = start, 0
    while at < len(data):
        stop = data.find(b"\n", max(at, near)) + 1 or len(data)
        quotes += data.count(b'"', at, stop)
        if quotes % 2 == 0:
            return stop
        at = stop
    return len(data)


def returns_in_blocks(data: bytes, stops: Sequence[int]) -> int:
    """Return how many CR belong to a line end of a file that is divided into blocks."""
    if b"\r\n" not in data and not data.endswith(b"\r"):
        return 0
    found = []
    for start, stop in zip([0, *stops[:-1]], stops, strict=True):
        bytes_ = np.frombuffer(data[start:stop], dtype=np.uint8)
        feeds, quotes = np.flatnonzero(bytes_ == _LF), np.flatnonzero(bytes_ == _QUOTE)
        ends = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
        ends = ends if len(ends) and ends[-1] == len(bytes_) - 1 else np.append(ends, len(bytes_))
        found.append(trailing_returns(bytes_, np.concatenate([[0], ends[:-1] + 1]), ends))
    return usual_returns(np.concatenate(found))
