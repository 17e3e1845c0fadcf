"""Cells: the counts behind published numbers, named the same in whatever table they stand.

"12 production clouds in Europe" is one cell, whether it stands in a table of stages by region
or of regions by stage. A base is a cell, too: "clouds in Europe that told their stage". Giving
every count one name is what lets the audit see that two tables add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Codebook
from survey.estimates.table import Base, Estimates, Measure

__all__ = [
    "ANSWERED", "NO_CELL", "Key", "TableCells", "cells_of", "counts", "net_names", "number",
    "pooled",
]

#: In the place of an answer: "gave any answer"; in the place of editions: see ``pooled``.
ANSWERED = "\0answered"
ASKED = "\0asked"
NO_CELL: Key = frozenset()

#: What a count counts: (concept, answer) pairs that all hold.
Key = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class TableCells:
    """The cells of one table.

    Attributes
    ----------
    counts, bases
        Per row, the cell that ``count`` and ``base`` show; ``NO_CELL`` where there is none.
    single
        Concepts of which a unit has one answer, so that counts add up over their answers.
    nets
        Answers that are unions of other answers.
    values
        What every cell counts, missing where it is withheld already.
    """

    counts: tuple[Key, ...]
    bases: tuple[Key, ...]
    single: tuple[str, ...]
    nets: frozenset[str]
    values: dict[Key, float]


def counts(table: Estimates) -> bool:
    """Whether ``count`` is how many of ``base`` gave the row's answer."""
    return table.measure is Measure.SHARE


def pooled(editions: tuple[str, ...]) -> str:
    """Return the name for several editions taken together; of one it is the edition's own."""
    return "+".join(sorted(set(editions)))


def number(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Return a column as floating-point numbers, missing as NaN.

    Examples
    --------
    >>> number(pd.Series([1, None], dtype="Int64"))
    array([ 1., nan])
    """
    return np.asarray(pd.to_numeric(column, errors="coerce").astype("Float64")
                      .to_numpy(dtype=np.float64, na_value=np.nan))


def cells_of(table: Estimates, codebook: Codebook) -> TableCells:
    """Name the cells of ``table``."""
    keys = tuple(_keys(table))
    count, base = number(table.frame["count"]), number(table.frame["base"])
    offered = ~table.frame["status"].astype(str).isin(["not offered"]).to_numpy()
    count_keys = tuple(
        key[0] if counts(table) and here else NO_CELL
        for key, here in zip(keys, offered, strict=True)
    )
    base_keys = tuple(
        key[1] if here else NO_CELL for key, here in zip(keys, offered, strict=True)
    )
    values: dict[Key, float] = {}
    for found, numbers in ((base_keys, base), (count_keys, count)):
        values.update((key, value) for key, value in zip(found, numbers, strict=True) if key)
    return TableCells(count_keys, base_keys, _single(table, codebook), net_names(table), values)


def _keys(table: Estimates) -> Iterator[tuple[Key, Key]]:
    """Yield the cells of ``count`` and of ``base`` for every row."""
    groups, concept = table.groups, table.spec.concept
    whole = () if "edition" in groups else (("edition", pooled(table.editions)),)
    columns = [table.frame[name].astype(str).tolist() for name in groups]
    answers = table.frame["answer"].astype(str).tolist()
    of_base = {Base.ANSWERED: ((concept, ANSWERED),), Base.ASKED: ((concept, ASKED),),
               Base.ALL: ()}[table.spec.base]
    for place, answer in enumerate(answers):
        group = (*whole, *((name, column[place]) for name, column in
                           zip(groups, columns, strict=True)))
        yield frozenset((*group, (concept, answer))), frozenset((*group, *of_base))


def _single(table: Estimates, codebook: Codebook) -> tuple[str, ...]:
    """Return the concepts over whose answers the table's counts add up."""
    asked = set(codebook.concepts)
    groups = tuple(
        name for name in table.groups
        if name not in asked or not codebook.question(name).kind.several
    )
    own = (table.spec.concept,) if counts(table) and not table.several else ()
    return tuple(dict.fromkeys((*groups, *own)))


def net_names(table: Estimates) -> frozenset[str]:
    """Return the answers that are unions of others: the names in the option ``nets``."""
    for name, value in table.spec.options:
        if name == "nets":
            pairs = value.items() if hasattr(value, "items") else value
            return frozenset(str(pair[0]) for pair in pairs)
    return frozenset()
