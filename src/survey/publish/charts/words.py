"""The words of a figure: title, subtitle, footnotes, hover text and text alternative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.dataclass import dataclass
from survey.estimates.notes import RANDOM_DRAW
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.labels import BREAK, plain
from survey.publish.describe import describe, gaps
from survey.publish.format import count_text, integer, interval, sample_size, value_text
from survey.publish.rows import Row, bounds_of, once, rows_of, scale_of
from survey.publish.statuses import words_of

__all__ = [
    "INTERNAL",
    "INVENTED",
    "Words",
    "hover_of",
    "limit_text",
    "limits_of",
    "said",
    "words_for_table",
]

INTERNAL = "internal: not disclosure checked"
INVENTED = "Invented data: nobody gave these answers."
_WHAT = {
    Measure.SHARE: "Share of {units}",
    Measure.DIFFERENCE: "Change in the share of {units}, in percentage points",
    Measure.SCORE: "Net promoter score of {units}, from −100 to +100",
    Measure.RATIO: "{Statistic}, over {units}",
    Measure.NUMBER: "{Statistic} {counts}over {units}",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a figure says around its marks.

    Attributes
    ----------
    title
        What it is about.
    unit
        What the values are, and of what.
    base
        On how many units they rest.
    edition
        Which edition or editions.
    remarks
        What the reader must know at once, such as that shares do not add up.
    gaps
        What is not shown, and why; empty when all is.
    method
        How intervals were made; empty without intervals.
    notes
        Further notes, most important first.
    description
        Text alternative: what the figure shows, for those who do not see it.
    internal, invented
        Whether nothing was checked for disclosure; whether the answers are made up.
    """

    title: str
    unit: str
    base: str
    edition: str
    remarks: tuple[str, ...]
    gaps: str
    method: str
    notes: tuple[str, ...]
    description: str
    internal: bool
    invented: bool

    @property
    def subtitle(self) -> str:
        """Unit, edition, base and remarks, on one line."""
        checked = INTERNAL if self.internal else ""
        parts = (checked, self.unit, self.edition, self.base, *self.remarks)
        return " · ".join(part for part in parts if part)

    @property
    def footnotes(self) -> tuple[str, ...]:
        """Gaps, method and whether the data is invented, a sentence each."""
        found = (self.gaps, self.method, INVENTED if self.invented else "")
        return tuple(each for each in found if each)


@once
def words_for_table(table: Estimates, *, internal: bool, edition: str = "") -> Words:
    """Return the words of a figure of ``table``.

    Parameters
    ----------
    table
        What is drawn.
    internal
        Whether the table did not pass disclosure control.
    edition
        The edition to name where the table itself has none.
    """
    marks = tuple(row.scaled(scale_of(table.measure)) for row in rows_of(table))
    several = table.several and table.measure is Measure.SHARE
    return Words(
        title=table.title or _humanised(table.name or table.spec.concept),
        unit=_unit(table),
        base=_base(marks),
        edition=_editions(table, edition),
        remarks=("shares do not add up to 100\N{NO-BREAK SPACE}%",) if several else (),
        gaps=gaps(marks),
        method=_method(table, marks),
        notes=tuple(note for note in table.notes if note != RANDOM_DRAW),
        description=_description(table, [row.scaled(1.0) for row in rows_of(table)]),
        internal=internal,
        invented=table.provenance.invented,
    )


def _unit(table: Estimates) -> str:
    statistic = _called(table)
    if "verdict" in table.frame and table.measure is not Measure.DIFFERENCE:
        statistic = f"change of the {dict(table.spec.options).get('statistic', 'number')}"
    counts = f"of {table.spec.counts} " if table.spec.counts else ""
    text = _WHAT[table.measure].format(
        units=table.vocabulary.noun(table.spec.unit, 2),
        Statistic=_humanised(statistic) or "Value",
        counts=counts,
    )
    return text if text[0].isupper() else _humanised(text)


def _called(table: Estimates) -> str:
    """Return what the statistic calls itself: in its only row, in its record, or by its verb."""
    record, answers = table.statistic, {row.answer for row in rows_of(table)}
    if record is None:
        return table.spec.statistic
    if len(answers) == 1 and re.fullmatch(record.calculates, only := min(answers)):
        return only
    return record.called or table.spec.statistic


def _base(marks: Sequence[Row]) -> str:
    bases = [mark.base for mark in marks if mark.base]
    if not bases:
        return ""
    least, most = min(bases), max(bases)
    return sample_size(least, most)


def _editions(table: Estimates, edition: str) -> str:
    if "edition" in table.groups:
        known = table.editions
        return known[0] if len(set(known)) == 1 else f"{known[0]} to {known[-1]}" if known else ""
    return "" if table.measure is Measure.DIFFERENCE else edition


def _method(table: Estimates, marks: Sequence[Row]) -> str:
    if not any(mark.low is not None or mark.high is not None for mark in marks):
        return ""
    level = f"{table.spec.level * 100:g}\N{NO-BREAK SPACE}%"
    method = f" ({table.spec.method})" if table.spec.method else ""
    return f"Intervals: {level}{method}."


def hover_of(table: Estimates, mark: Row) -> str:
    """Return what is said of one mark when it is pointed at, safe in Plotly's markup."""
    head = " · ".join(plain(part) for part in (*mark.group, mark.answer) if part)
    return BREAK.join((f"<b>{head}</b>", *(plain(line) for line in _hover_lines(table, mark))))


def _hover_lines(table: Estimates, mark: Row) -> Iterator[str]:
    yield said(table, mark)
    if limits := limits_of(table, mark):
        yield f"{table.spec.level * 100:g}\N{NO-BREAK SPACE}% interval: {limits}"
    if (bounds := bounds_of(mark)) is not None:
        yield f"Certain bounds: {interval(table, *bounds)}"
    if table.measure is Measure.SHARE and mark.count is not None and mark.base is not None:
        names = (table.vocabulary.noun(table.spec.unit, n) for n in (1, 2))
        yield f"{integer(mark.count)} of {count_text(mark.base, *names)}"
    elif mark.base is not None:
        yield sample_size(mark.base)
    if band := mark.word("band"):
        yield f"In the band: {band}"
    if verdict := mark.word("verdict"):
        yield verdict.capitalize()
    if mark.imprecise:
        rule = mark.word("imprecise_because")
        yield "Imprecise" + (f": {rule}" if rule else ", use with care")


def said(table: Estimates, mark: Row) -> str:
    r"""Return the value of a mark in words, or why there is none.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "compute_cores")
    >>> said(table, rows_of(table)[0].scaled(100)).replace("\xa0", " ")
    '36 %'
    """
    if mark.value is None:
        own = mark.scaled(1 / scale_of(table.measure))
        return limit_text(table, own) or words_of(mark.status).reason or "no value"
    return value_text(table, mark.value / scale_of(table.measure))


def limit_text(table: Estimates, row: Row) -> str:
    """Return the limit of a row that is below or above one, unscaled: "under 10 %"."""
    if str(row.status) == "below" and row.high is not None:
        return f"under {value_text(table, row.high)}"
    if str(row.status) == "above" and row.low is not None:
        return f"over {value_text(table, row.low)}"
    return ""


def limits_of(table: Estimates, mark: Row) -> str:
    """Return the interval of a mark in words; empty where there is no value."""
    if mark.value is None:
        return ""
    scale = scale_of(table.measure)
    low, high = (None if each is None else each / scale for each in (mark.low, mark.high))
    return interval(table, low, high)


def _description(table: Estimates, rows: Sequence[Row]) -> str:
    """Return the title, how many values there are, and what they show."""
    usable = sum(row.has_value for row in rows)
    count = [f"{usable} values."] if usable > 1 else []
    return " ".join((f"{table.title.rstrip('.')}.", *count, describe(table, rows)))


def _humanised(name: str) -> str:
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:]
