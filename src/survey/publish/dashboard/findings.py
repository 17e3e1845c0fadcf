"""What a block found, in one sentence: said only where the numbers carry it.

A title says who leads only if the lower limit of the largest share lies above the upper limits of
all others and none is withheld; it says that something changed only if the change is clear. Else
the topic is the title. What is withheld shapes no sentence.
"""

from __future__ import annotations

from survey.estimates.table import Estimates, Measure, Status
from survey.publish.dashboard.blocks import Block
from survey.publish.describe import clear_changes
from survey.publish.format import points, value_text
from survey.publish.rows import Row, rows_of, says_nothing

__all__ = ["change_sentence", "finding_of"]

_MOST_WORDS = 15
_LONGEST_ANSWER = 60
_NAMED = 3  # changes in one sentence; how many more there are is said
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
    named = not first.is_rest and len(first.answer) <= _LONGEST_ANSWER
    if not clear or not named or "level" in table.frame:
        return ""
    return f"most often “{first.answer}”, {value_text(table, first.value or 0.0)}"


def _moved(block: Block) -> str:
    """Say what changed most since the edition before, where it clearly did."""
    table = block.change
    clear = clear_changes(rows_of(table)) if table is not None else []
    if table is None or not clear or len(clear[0].answer) > _LONGEST_ANSWER:
        return ""
    return f"{_change(table, clear[0])}"


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
    clear = clear_changes(rows_of(table))
    if not clear:
        since = dict(table.spec.options).get("earlier", "the edition before")
        return f"No clear change since {since}."
    more = f"; and {len(clear) - _NAMED} more" if len(clear) > _NAMED else ""
    return f"Clear changes: {'; '.join(_change(table, row) for row in clear[:_NAMED])}{more}."


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
