"""Headings that only the first record has.

The exporter makes the heading line of the first record. An answer without a question there, or
a blank one to a question that the flat layout divides, gives a heading that no other record
has a cell for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from survey.exports.export import Issue
from survey.exports.parse.csv_strict import Records
from survey.exports.recognise.match import Match
from survey.exports.recognise.quotable import quotable

__all__ = ["bogus_headings", "without_bogus_headings", "without_headings_of_the_first"]

_MOST = 0.5


def without_bogus_headings(match: Match, header: Sequence[str]) -> tuple[str, ...]:
    """Drop ``Name - ``, which a blank answer in the first record adds to a flat heading line."""
    bogus = {f"{question.heading} - " for question in match.edition.questions if question.flat}
    return tuple(heading for heading in header if heading not in bogus)


def without_headings_of_the_first(
    match: Match, header: Sequence[str], records: Records
) -> tuple[str, ...]:
    """Drop unknown headings where the exporter adds them, if other records have no such cells.

    One in front of the deployment's number makes records of any width doubtful: a record can
    have its surplus cell elsewhere. One at the end is dropped if most records lack its cell.
    """
    kept = tuple(header)
    shorter = [len(each.cells) for each in records.irregular if len(each.cells) < len(kept)]
    if not match.plan.exporter or not shorter:
        return kept
    own = match.plan.keys(match.edition)["deployment"]
    inside = _unknown_before(match, kept, kept.index(own)) if own in kept else set()
    added = inside | _unknown_before(match, kept, len(kept))
    read = len(records.table) + len(records.irregular)
    usual = int(np.bincount(shorter).argmax())
    most = len(shorter) > _MOST * read and len(kept) - len(added) == usual
    if not (most or (inside and len(kept) - len(inside) in shorter)):
        return kept
    return tuple(heading for at, heading in enumerate(kept) if at not in added)


def _unknown_before(match: Match, header: Sequence[str], end: int) -> set[int]:
    """Return where headings stand that the edition does not know, directly before ``end``."""
    known = set(match.plan(match.edition))
    at = end
    while at > 0 and header[at - 1] not in known:
        at -= 1
    return set(range(at, end))


def bogus_headings(name: str, written: Sequence[str], header: Sequence[str]) -> Iterator[Issue]:
    """Yield an issue for each heading that was dropped, unquoted where it may be an answer."""
    kept, quoted = set(header), quotable(written)
    message = (
        "an answer in the first record added this heading; it is left out and the other records "
        "are read in their own columns"
    )
    for number, heading in enumerate(written, start=1):
        if heading not in kept:
            shown = heading if quoted else f"(column {number})"
            yield Issue(name, 1, shown, "bogus heading", message)
