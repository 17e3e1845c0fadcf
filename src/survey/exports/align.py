"""Records whose cells hold commas that nothing protects: where one cell ends and the next begins.

Until 26 February 2015 the survey system wrote commas as they were. A record then has more cells
than headings; which of its commas belong to an answer follows from what can stand in each
column, if that leaves one way only.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.exports.records import Irregular
from survey.exports.repair import Check, Realigned

__all__ = ["align"]

_MOST_COMMAS = 80


def align(record: Irregular, width: int, checks: Sequence[Check]) -> Realigned | None:
    """Return the record with its cells put together again, or None if that is not possible.

    A cell that differs between the possible ways is left blank and named as uncertain.

    Examples
    --------
    >>> checks = [str.isdigit, lambda cell: True, lambda cell: cell in ("a,b", "c")]
    >>> align(Irregular(0, 2, ("7", "dear, all", " bye", "a", "b")), 3, checks).cells
    ('7', 'dear, all, bye', 'a,b')
    """
    surplus = len(record.cells) - width
    if not 0 < surplus <= _MOST_COMMAS:
        return None
    spans = _possible_spans(record.cells, width, surplus, checks)
    if any(not some for some in spans):
        return None
    cells = [
        ",".join(record.cells[some[0][0] : some[0][1]]) if len(some) == 1 else "" for some in spans
    ]
    uncertain = tuple(column for column, some in enumerate(spans) if len(some) > 1)
    return Realigned(tuple(cells), uncertain, (), True)


def _possible_spans(
    cells: Sequence[str], width: int, surplus: int, checks: Sequence[Check]
) -> list[list[tuple[int, int]]]:
    """Return for each column every span of cells that it has in some way to read the record."""
    ahead: list[list[tuple[int, int]]] = []
    starts = {0}
    for column, check in enumerate(checks):
        spans = [
            (start, stop)
            for start in sorted(starts)
            for stop in range(start + 1, column + surplus + 2)
            if check(",".join(cells[start:stop]))
        ]
        ahead.append(spans)
        starts = {stop for _, stop in spans}
    stops = {len(cells)}
    possible: list[list[tuple[int, int]]] = [[] for _ in range(width)]
    for column in reversed(range(width)):
        possible[column] = [span for span in ahead[column] if span[1] in stops]
        stops = {start for start, _ in possible[column]}
    return possible
