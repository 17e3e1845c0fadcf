"""Records inside a quoted cell: what a stray quote swallows while every row keeps its width."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from survey.errors import ExportError, Problem

__all__ = ["line_stop", "refuse_swallowed", "swallowing"]

Positions = npt.NDArray[np.int64]


def swallowing(
    data: bytes, inside: Positions, width: int, delimiter: str, *, line_feeds: bool
) -> list[int]:
    """Return those line feeds inside quotes after which a record begins.

    Its line begins with a number, or has as many cells as a record; where cells may hold line
    feeds, it does both.
    """
    separator = delimiter.encode()
    record_start = re.compile(rb'\n"?\d+"?' + re.escape(separator))
    found = []
    for feed in inside.tolist():
        begins = bool(record_start.match(data, feed))
        cells = data.count(separator, feed + 1, line_stop(data, feed + 1)) + 1
        whole = cells >= max(width, 2)
        if (begins and whole) if line_feeds else (begins or whole):
            found.append(feed)
    return found


def refuse_swallowed(
    name: str, swallowing: Sequence[int], feeds: Positions, above: int = 0
) -> None:
    """Raise an error that names every line at which a cell swallows a record."""
    if swallowing:
        problems = [
            Problem(
                f"{name}, line {int(np.searchsorted(feeds, at)) + 2 + above}",
                "what looks like a record, inside a quoted cell of the record before it",
                "a record of its own",
                "a stray quote on an earlier line swallows it: remove that quote or export "
                "the file again",
            )
            for at in swallowing
        ]
        raise ExportError(f"Cannot read {name}", problems)


def line_stop(data: bytes, start: int) -> int:
    """Return where the line ends on which ``start`` lies."""
    stop = data.find(b"\n", start)
    return len(data) if stop < 0 else stop
