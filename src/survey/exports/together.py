"""Parts of one file that are of one edition and have the same columns, put together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from survey.exports.export import Export, Issue, Log
from survey.exports.recognise.match import Match
from survey.exports.text_table import TextTable

__all__ = ["together"]


def together(found: Sequence[tuple[Match, Export]]) -> list[tuple[Match, Export]]:
    """Join what belongs together; the result is sorted by edition."""
    joined: list[tuple[Match, Export]] = []
    for match, export in found:
        for at, (first, whole) in enumerate(joined):
            if _same_columns(whole, export):
                joined[at] = first, _join(whole, export)
                break
        else:
            joined.append((match, export))
    return sorted(joined, key=lambda each: each[1].edition.name)


def _same_columns(whole: Export, part: Export) -> bool:
    same = whole.layout is part.layout and whole.edition.name == part.edition.name
    return same and sorted(whole.headings) == sorted(part.headings)


def _join(whole: Export, part: Export) -> Export:
    place = {heading: at for at, heading in enumerate(part.headings)}
    moved = {place[heading]: at for at, heading in enumerate(whole.headings)}
    rows = len(whole)
    uncertain = tuple(
        (row + rows, tuple(sorted(moved[column] for column in columns)))
        for row, columns in part.uncertain
    )
    reasons = {**whole.counts, **part.counts}
    return replace(
        whole,
        table=_below(whole.table, part.table, [place[each] for each in whole.headings]),
        lines=np.concatenate([whole.lines, part.lines]),
        log=Log(
            (*whole.log.kept_repairs, *part.log.kept_repairs),
            tuple(_each_once((*whole.log.kept_issues, *part.log.kept_issues))),
        ),
        counts={why: whole.counts.get(why, 0) + part.counts.get(why, 0) for why in reasons},
        uncertain=(*whole.uncertain, *uncertain),
    )


def _below(above: TextTable, below: TextTable, columns: Sequence[int]) -> TextTable:
    rows = zip(*(below.column(at).to_pylist() for at in columns), strict=True)
    return above.with_rows(list(rows))


def _each_once(issues: Iterable[Issue]) -> Iterable[Issue]:
    """Return issues without those about the headings that both parts have."""
    return dict.fromkeys(issues)
