"""What a block found, in one sentence: said only where the numbers carry it.

A title says who leads only if the lower limit of the largest share lies above the upper limits of
all others and none is withheld; it says that something changed only if the change is clear. Else
the topic is the title. What is withheld shapes no sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.dashboard.blocks import Block
from survey.publish.format import interval, points, value_text
from survey.publish.plan import ChartPlan
from survey.publish.rows import Row, rows_of, says_nothing
from survey.publish.statuses import STATUSES

__all__ = ["change_sentence", "describe", "finding_of"]

_MOST_WORDS = 15
_LONGEST_ANSWER = 60
_CLEAR = "clear change"
_LIMITED = frozenset({"suppressed", "below", "above"})


def finding_of(block: Block) -> str:
    """Return the finding of a block as its title, or the topic where nothing is clear."""
    topic = block.main.title or block.id
    for found in (_leader(block.main), _moved(block), _level(block), _median(block)):
        if found and len((text := f"{topic}: {found}").split()) <= _MOST_WORDS:
            return text
    return topic


def _leader(table: Estimates) -> str:
    """Say which answer leads, where it clearly does."""
    if table.measure is not Measure.SHARE or table.groups:
        return ""
    rows = rows_of(table)
    shown = sorted((row for row in rows if row.has_value), key=lambda row: -(row.value or 0.0))
    if len(shown) < 2 or any(str(row.status) in _LIMITED for row in rows):
        return ""
    first, others = shown[0], shown[1:]
    low = first.low or 0.0
    clear = first.status is Status.OK and all((row.high or 1.0) < low for row in others)
    if not clear or len(first.answer) > _LONGEST_ANSWER or "level" in table.frame:
        return ""
    value = value_text(table, first.value or 0.0)
    return f"most often {first.answer}, {value}"


def _moved(block: Block) -> str:
    """Say what changed most since the edition before, where it clearly did."""
    table = block.change
    clear = _clear_changes(table) if table is not None else []
    if table is None or not clear or len(clear[0].answer) > _LONGEST_ANSWER:
        return ""
    return f"{_change(table, clear[0])}"


def _clear_changes(table: Estimates) -> list[Row]:
    rows = [row for row in rows_of(table) if row.word("verdict") == _CLEAR]
    return sorted(rows, key=lambda row: -abs(row.value or 0.0))


def _change(table: Estimates, row: Row) -> str:
    verb = "rose" if (row.value or 0.0) > 0 else "fell"
    by = points(abs(row.value or 0.0)).removeprefix("+")
    since = dict(table.spec.options).get("earlier", "")
    return f"{row.answer} {verb} by {by}" + (f" since {since}" if since else "")


def change_sentence(block: Block) -> str:
    """Return a sentence on what changed since the edition before; empty without such a table."""
    table = block.change
    if table is None:
        return ""
    clear = _clear_changes(table)
    if not clear:
        since = dict(table.spec.options).get("earlier", "the edition before")
        return f"No clear change since {since}."
    return f"Clear changes: {'; '.join(_change(table, row) for row in clear[:3])}."


def _level(block: Block) -> str:
    """Say the number of the newest edition, where the block is about one number."""
    table = block.main
    if table.measure is Measure.DIFFERENCE or (not table.groups and table.several):
        return ""
    return _newest(table, block.edition)


def _newest(table: Estimates, edition: str) -> str:
    rows = [row for row in rows_of(table) if row.has_value and not says_nothing(table, row)]
    if not rows or table.groups not in ((), ("edition",)) or len({r.answer for r in rows}) > 1:
        return ""
    last = rows[-1]
    if last.imprecise or (table.groups and last.group != (edition,)):
        return ""
    return f"about {value_text(table, last.value or 0.0)}"


def _median(block: Block) -> str:
    """Say the median of the newest edition, where answers are bands of a number."""
    for table in block.tables:
        if table.spec.statistic in ("median", "quantile") and table.measure is Measure.NUMBER:
            found = _newest(table, block.edition)
            return f"median {found}" if found else ""
    return ""


def describe(plan: ChartPlan) -> str:
    """Return what a chart shows, for those who do not see it: largest, smallest, change, gaps."""
    usable = [row for row in plan.rows if row.has_value]
    if not usable:
        return "No value can be shown."
    parts = list(_what_shows(plan, usable))
    parts += [_gaps(plan.rows)] if len(usable) < len(plan.rows) else []
    return " ".join(part for part in parts if part)


def _what_shows(plan: ChartPlan, usable: Sequence[Row]) -> Iterator[str]:
    table = plan.table
    if table.measure is not Measure.DIFFERENCE and any(row.word("verdict") for row in usable):
        for row in usable[:4]:
            yield f"{row.answer.capitalize()}: {_told(table, row)}, {row.word('verdict')}."
        return
    if table.measure is Measure.DIFFERENCE:
        clear = [row for row in usable if row.word("verdict") == _CLEAR]
        if not clear:
            yield "No change is clear."
        for row in sorted(clear, key=lambda row: -abs(row.value or 0.0))[:4]:
            verb = "rose" if (row.value or 0.0) > 0 else "fell"
            yield f"{row.answer} clearly {verb}: {_told(table, row)}."
        return
    if table.groups == ("edition",):
        yield from _over_editions(table, usable)
        return
    ranked = sorted(usable, key=lambda row: -(row.value or 0.0))
    yield f"Largest: {_named(table, ranked[0])}."
    if len(ranked) > 2:
        yield f"Then {_named(table, ranked[1])}."
    if len(ranked) > 1:
        yield f"Smallest: {_named(table, ranked[-1])}."


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
    yield (
        f"{subject}{_told(table, first)} in {first.group[0]}, "
        f"{_told(table, last)} in {last.group[0]}."
    )


def _named(table: Estimates, row: Row) -> str:
    name = ", ".join(part for part in (*row.group, row.answer) if part)
    return f"{name}, {_told(table, row)}"


def _told(table: Estimates, row: Row) -> str:
    limits = interval(table, row.low, row.high)
    return value_text(table, row.value or 0.0) + (f" ({limits})" if limits else "")


def _gaps(rows: Sequence[Row]) -> str:
    counted = {
        words.reason: sum(str(row.status) == status for row in rows)
        for status, words in STATUSES.items()
        if words.reason
    }
    said = ", ".join(f"{count} {reason}" for reason, count in counted.items() if count)
    return f"Not shown: {said} (of {len(rows)} values)." if said else ""
