"""Cells: the counts behind published numbers, named the same in whatever table they stand.

"12 production clouds in Europe" is one cell, whether it stands in a table of stages by region
or of regions by stage. A base is a cell, too: "clouds in Europe that told their stage". Giving
every count one name is what lets the audit see that two tables add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Band, Codebook, Unit
from survey.estimates.places import REGION_OF
from survey.estimates.selection import REST
from survey.estimates.sensitivity import WITHOUT_LARGEST
from survey.estimates.table import Base, Estimates, Measure, Status

__all__ = [
    "ANSWERED",
    "BASES",
    "KINDS",
    "OF_THE_TOP",
    "OTHERS",
    "STAYING",
    "Counted",
    "Key",
    "Row",
    "TableCells",
    "bands_of",
    "cells_of",
    "counted",
    "nets_of",
    "number",
    "pooled",
    "rows_of",
]

#: In the place of an answer: what is counted is not one answer but ...
ANSWERED = "\0answered"
ASKED = "\0asked"
DECLINED = "\0declined"
OTHERS = "\0answers that the table leaves out"

#: Columns of a table of scores -> the kind of answer that they count.
KINDS: Final = MappingProxyType(
    {name: f"\0{name}" for name in ("promoters", "passives", "detractors")}
)

#: Columns of a table of totals that tell how many answers lie in the open band: a count, and two
#: shares of which one is that count times the other.
OF_THE_TOP: Final = ("open_top", "open_top_share", "largest_share")

#: Columns of which single numbers are withheld; of these, bases stay when their row goes.
BASES: Final = frozenset({"base", "earlier_base"})
STAYING: Final = frozenset(
    {*BASES, "declined", *KINDS, *OF_THE_TOP, "lower_bound", "upper_bound", "upper_closed"}
)

#: Statistic whose answers are what became of organizations; they add up to its total.
PANEL: Final = "growth"
_TOTAL: Final = "total"

#: What a count counts: (concept, answer) pairs that all hold.
Key = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class TableCells:
    """The cells of one table.

    Attributes
    ----------
    values
        What every cell counts, missing where it is withheld already.
    shown
        Row, column and cell of every count in the table.
    single
        Concepts of which a unit has one answer, so that counts add up over their answers.
    nets
        Answer that is a union -> the answers it is a union of.
    """

    values: dict[Key, float] = field(default_factory=dict)
    shown: list[tuple[int, str, Key]] = field(default_factory=list)
    single: tuple[str, ...] = ()
    nets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def show(self, row: int, column: str, key: Key, value: float) -> None:
        """Note that ``row`` shows a cell."""
        self.values[key] = value
        self.shown.append((row, column, key))


@dataclass(frozen=True)
class Counted:
    """Two columns of which one counts units that gave the row's answer, the other its base."""

    count: str
    base: str
    edition: str = ""


def counted(table: Estimates) -> tuple[Counted, ...]:
    """Return the columns of ``table`` that count answers.

    A table of shares has one pair, a change between two editions one for each; so has a panel,
    which counts what became of organizations. In tables of other numbers, ``count`` is how many
    units the number rests on, which is no answer.
    """
    if table.measure is Measure.SHARE or table.spec.statistic == PANEL:
        return (Counted("count", "base"),)
    options = dict(table.spec.options)
    if "earlier_count" in table.frame and {"earlier", "later"} <= options.keys():
        return (
            Counted("count", "base", str(options["later"])),
            Counted("earlier_count", "earlier_base", str(options["earlier"])),
        )
    return ()


def pooled(editions: tuple[str, ...]) -> str:
    """Return the name for several editions taken together; of one it is the edition's own.

    Examples
    --------
    >>> pooled(("2019", "2018")), pooled(("2019",))
    ('2018+2019', '2019')
    """
    return "+".join(sorted(set(editions)))


def number(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Return a column as floating-point numbers, missing as NaN.

    Examples
    --------
    >>> number(pd.Series([1, None], dtype="Int64"))
    array([ 1., nan])
    """
    return np.asarray(
        pd.to_numeric(column, errors="coerce")
        .astype("Float64")
        .to_numpy(dtype=np.float64, na_value=np.nan)
    )


def cells_of(table: Estimates, codebook: Codebook, period: str) -> TableCells:
    """Name the cells of ``table``.

    Parameters
    ----------
    table
        Estimates.
    codebook
        Says which questions have one answer.
    period
        Editions that the table is about, where it does not group by edition.
    """
    found = TableCells(single=_single(table, codebook), nets=nets_of(table, codebook))
    for pair in counted(table) or (Counted("", "base"),):
        _show(found, table, pair, pair.edition or period)
    if table.spec.statistic == "total":
        columns = [name for name in OF_THE_TOP if name in table.frame]
        _show_top(found, table, period, codebook, columns)
    if table.spec.statistic == "sensitivity":
        asked = table.frame[["answer", "of"]].astype(str)
        largest = (asked["answer"] == WITHOUT_LARGEST) & (asked["of"] == _TOTAL)
        _show_top(found, table, period, codebook, ["value"], largest.to_numpy(dtype=bool))
    return found


def _show(found: TableCells, table: Estimates, pair: Counted, period: str) -> None:
    """Note what the columns of ``pair`` show."""
    concept = table.spec.concept
    names = (pair.count, pair.base, "declined", *KINDS)
    columns = {name: number(table.frame[name]) for name in names if name in table.frame}
    bases = _base_answers(table, columns[pair.base])
    nothing = table.frame["status"].astype(str).isin([Status.NOT_OFFERED, Status.NOT_AVAILABLE])
    offered = ~nothing | (columns[pair.base] > 0)
    for row in rows_of(table, period):
        if not offered.iloc[row.place]:
            continue
        keys = {
            pair.count: row.key(concept, row.answer),
            pair.base: row.key(*bases[row.place]),
            "declined": row.key(concept, DECLINED),
            **{name: row.key(concept, kind) for name, kind in KINDS.items()},
        }
        for name, column in columns.items():
            found.show(row.place, name, keys[name], column[row.place])


def _show_top(
    found: TableCells,
    table: Estimates,
    period: str,
    codebook: Codebook,
    columns: Sequence[str],
    chosen: npt.NDArray[np.bool_] | None = None,
) -> None:
    """Note which columns of which rows tell how many answers lie in an open band."""
    concept = table.spec.concept
    for row in rows_of(table, period):
        if chosen is not None and not chosen[row.place]:
            continue
        bands = bands_of(codebook, concept, row.group["edition"])
        for label in (label for label, band in bands.items() if band.high is None):
            for name in columns:
                found.show(row.place, name, row.key(concept, label), np.nan)


def bands_of(codebook: Codebook, concept: str, period: str) -> dict[str, Band]:
    """Return the bands of a question in one edition, or in several that are pooled."""
    asked = (
        codebook.edition(name).by_concept.get(concept)
        for name in period.split("+")
        if name in codebook.editions
    )
    return {
        label: band
        for question in asked
        if question is not None
        for label, band in question.bands.items()
    }


@dataclass(frozen=True)
class Row:
    """Position, group and answer of a row."""

    place: int
    group: Mapping[str, str]
    answer: str

    def key(self, concept: str = "", answer: str = "") -> Key:
        """Return the cell for an answer in the row's group, or for everybody in it."""
        return frozenset(({**self.group, concept: answer} if concept else self.group).items())


def rows_of(table: Estimates, period: str) -> list[Row]:
    """Return the rows of ``table``; ``period`` is its edition unless it groups by edition."""
    names = table.groups
    whole = {} if "edition" in names else {"edition": period}
    columns = [table.frame[name].astype(str).tolist() for name in names]
    groups = zip(*columns, strict=True) if columns else [()] * len(table.frame)
    answers = table.frame["answer"].astype(str).tolist()
    return [
        Row(place, {**whole, **dict(zip(names, group, strict=True))}, answer)
        for place, (group, answer) in enumerate(zip(groups, answers, strict=True))
    ]


def _base_answers(
    table: Estimates, bases: npt.NDArray[np.float64]
) -> list[tuple[str, str]] | list[tuple[()]]:
    """Return what the base of each row counts: (concept, answer), or nothing for everybody.

    An answer that only some of the pooled editions offered has a smaller base than the others
    in its group, which is a cell of its own.
    """
    concept = table.spec.concept
    if table.spec.base is Base.ALL:
        return [()] * len(bases)
    kind = ASKED if table.spec.base is Base.ASKED else ANSWERED
    largest: dict[tuple[Any, ...], float] = defaultdict(float)
    groups = [tuple(row.group.values()) for row in rows_of(table, "")]
    for group, base in zip(groups, bases, strict=True):
        largest[group] = max(largest[group], 0.0 if np.isnan(base) else base)
    return [
        (concept, kind if np.isnan(base) or base == largest[group] else f"{kind} {answer}")
        for group, base, answer in zip(groups, bases, table.frame["answer"], strict=True)
    ]


def _single(table: Estimates, codebook: Codebook) -> tuple[str, ...]:
    """Return the concepts over whose answers the table's counts add up."""
    if table.spec.statistic == PANEL:
        return (*table.groups, table.spec.concept)
    if table.spec.unit is Unit.ORGANIZATION:
        return ()
    named = (*table.groups, *((table.spec.concept,) if counted(table) else ()))
    return tuple(name for name in dict.fromkeys(named) if _one_answer(name, table, codebook))


def _one_answer(concept: str, table: Estimates, codebook: Codebook) -> bool:
    if concept == "edition":
        return True
    source = REGION_OF.get(concept, concept)
    if source in codebook.concepts:
        return not codebook.question(source).kind.several
    return not (table.several and concept == table.spec.concept)


def nets_of(table: Estimates, codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Return the answers that are unions: named nets, and the rest behind the most frequent."""
    if table.spec.statistic == PANEL:
        parts = dict.fromkeys(table.frame["answer"].astype(str))
        return {_TOTAL: tuple(part for part in parts if part != _TOTAL)}
    options = dict(table.spec.options)
    given = options.get("nets") or {}
    pairs = given.items() if hasattr(given, "items") else given
    nets = {
        str(name): (members,) if isinstance(members, str) else tuple(map(str, members))
        for name, members in pairs
    }
    answers = set(table.frame["answer"].astype(str))
    concept = table.spec.concept
    if REST in answers and concept in codebook.concepts:
        nets[REST] = tuple(
            label
            for label in dict.fromkeys(
                label
                for edition in codebook
                if concept in edition.by_concept
                for label in edition.by_concept[concept].labels
            )
            if label not in answers
        )
    return nets
