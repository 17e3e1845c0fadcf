"""What a chart shows, in words, for those who do not see it.

Said are the largest answers, what changed, whether that is clear, and what is missing. A change is
named only where its test is clear; of two shares it is said whether their intervals overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from survey.estimates.table import Estimates, Measure
from survey.publish.format import interval, value_text
from survey.publish.rows import Row
from survey.publish.statuses import STATUSES

__all__ = ["CLEAR", "clear_changes", "describe", "gaps", "overlap"]

CLEAR = "clear change"
"""The verdict of a change that its test finds."""

_MOST = 4  # changes of numbers that are named


def clear_changes(rows: Iterable[Row]) -> list[Row]:
    """Return the changes that are clear, largest first: every output names these and no others."""
    return sorted(filter(_is_clear, rows), key=lambda row: -abs(row.value or 0.0))


def _is_clear(row: Row) -> bool:
    """Whether a change is clear by the verdict of its table, and its interval leaves 0 out.

    The test exchanges editions, the interval has a variance: few answers may pass one alone, and no
    sentence says "rose" beside an interval that allows a fall.
    """
    return row.word("verdict") == CLEAR and not _holds_zero(row)


def _holds_zero(row: Row) -> bool:
    return (row.low is None or row.low <= 0) and (row.high is None or row.high >= 0)


def describe(table: Estimates, rows: Sequence[Row]) -> str:
    r"""Return what a chart of the rows of a table shows.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> from survey.publish.rows import rows_of
    >>> table = share(answers(), "compute_cores")
    >>> describe(table, rows_of(table)[:2]).replace("\xa0", " ")  # doctest: +NORMALIZE_WHITESPACE
    'Largest: 1 to 99 cores, 36 % (22 to 52 %). Then 100 to 999 cores, 34 % (20 to 50 %); their
    intervals overlap.'
    """
    usable = [row for row in rows if row.has_value]
    if not usable:
        return "No value can be shown."
    parts = [*_what_shows(table, usable), gaps(rows)]
    return " ".join(part for part in parts if part)


def gaps(rows: Sequence[Row]) -> str:
    """Return what is not shown, and why; empty where all is shown."""
    counted = {
        words.reason: sum(str(row.status) == status for row in rows)
        for status, words in STATUSES.items()
        if words.reason
    }
    said = ", ".join(f"{count:,} {reason}" for reason, count in counted.items() if count)
    return f"Not shown: {said} (of {len(rows):,} values)." if said else ""


def _what_shows(table: Estimates, usable: Sequence[Row]) -> Iterator[str]:
    if table.measure is not Measure.DIFFERENCE and any(row.word("verdict") for row in usable):
        for row in usable[:_MOST]:
            yield f"{row.answer.capitalize()}: {_told(table, row)}, {row.word('verdict')}."
    elif table.measure is Measure.DIFFERENCE:
        yield from _changes(table, usable)
    elif table.groups == ("edition",):
        yield from _over_editions(table, usable)
    else:
        yield from _largest(table, usable)


def _changes(table: Estimates, usable: Sequence[Row]) -> Iterator[str]:
    clear = clear_changes(usable)
    if not clear:
        yield "No change is clear."
    for row in clear:
        verb = "rose" if (row.value or 0.0) > 0 else "fell"
        yield f"{row.answer} clearly {verb}: {_told(table, row)}."


def _largest(table: Estimates, usable: Sequence[Row]) -> Iterator[str]:
    """Name the two largest and the smallest; of those that print alike, how many they are.

    "Other" is no answer in particular: what leads has a name, and a larger "Other" is said behind.
    """
    titled = [row for row in usable if not row.is_rest]
    ranked = sorted(titled or usable, key=lambda row: -(row.value or 0.0))
    largest = ranked[0].value or 0.0
    others = [row for row in usable if row.is_rest] if titled else []
    rests = [row for row in others if (row.value or 0.0) > largest]
    yield f"Largest{' with a name' if rests else ''}: {_named(table, ranked[0])}."
    if len(ranked) > 1:
        both = "; their intervals overlap" if overlap(ranked[0], ranked[1]) else ""
        yield f"Then {_named(table, ranked[1])}{both}."
    yield from (f"{_named(table, row)}." for row in rests)
    if len(ranked) > 2:
        lowest = ranked[-1].value or 0.0
        named = " with a name" if any((row.value or 0.0) < lowest for row in others) else ""
        least = value_text(table, lowest)
        alike = [row for row in ranked[2:] if value_text(table, row.value or 0.0) == least]
        yield (
            f"Smallest{named}: {_named(table, ranked[-1])}."
            if len(alike) == 1
            else f"Smallest{named}: {len(alike)} answers with {least}."
        )


def _over_editions(table: Estimates, usable: Sequence[Row]) -> Iterator[str]:
    """Follow the answer that is largest in the newest edition; tables of changes test it."""
    newest = [row for row in usable if row.group == usable[-1].group]
    answer = max(newest, key=lambda row: row.value or 0.0).answer
    own = [row for row in usable if row.answer == answer]
    subject = f"{answer}: " if len({row.answer for row in usable}) > 1 else ""
    if len(own) < 2:
        yield f"{subject}{_told(table, own[0])} in {own[0].group[0]}."
        return
    first, last = own[0], own[-1]
    both = "; their intervals overlap" if overlap(first, last) else ""
    yield (
        f"{subject}{_told(table, first)} in {first.group[0]}, "
        f"{_told(table, last)} in {last.group[0]}{both}."
    )


def overlap(first: Row, second: Row) -> bool:
    """Whether two intervals have a point in common; unknown ones are not said to have one."""
    ends = (first.low, first.high, second.low, second.high)
    if any(end is None for end in ends):
        return False
    low, high, other_low, other_high = (end or 0.0 for end in ends)
    return low <= other_high and other_low <= high


def _named(table: Estimates, row: Row) -> str:
    name = ", ".join(part for part in (*row.group, row.name) if part)
    return f"{name}, {_told(table, row)}"


def _told(table: Estimates, row: Row) -> str:
    limits = interval(table, row.low, row.high)
    said = ("at least " if row.at_least else "") + value_text(table, row.value or 0.0)
    return f"{said} ({limits})" if limits else said
