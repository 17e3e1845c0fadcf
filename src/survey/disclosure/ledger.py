"""The ledger: the perturbed counts of every column as published, so that reports reprint them.

A column is a question in one group. A later report reprints it as long as fewer than 20 of its
answers changed: noise that is drawn again for one record less would tell that record's answers
to whoever has both reports. The ledger is the owner's alone, like the secret key whose name it
holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.disclosure.counts import perturbed, printed_bases
from survey.errors import DisclosureError, Problem
from survey.estimates.tabulation import Tabulation
from survey.files import read_file, write_file

__all__ = [
    "LEDGER_FILE",
    "Cell",
    "Column",
    "Ledger",
    "Register",
    "changed_answers",
    "read_ledger",
    "refuse_other_key",
]

Counts = npt.NDArray[np.int64]
LEDGER_FILE: Final = ".survey-ledger.json"
ENOUGH: Final = 20
"""A column is drawn anew when so many of its answers changed."""

_SCHEMA: Final = 1


class Cell(NamedTuple):
    """One answer of a column: as published, and what it was drawn from.

    ``published_base`` is what the share is a part of, ``printed_base`` the base that stands beside
    it: the same for all answers of a question, see :func:`survey.disclosure.counts.printed_bases`.
    """

    published: int
    published_base: int
    printed_base: int
    true_count: int
    true_other: int
    keys: int
    other_keys: int


@dataclass(frozen=True)
class Column:
    """A question in one group: its answers, who declined, and whether it is too small to show."""

    cells: Mapping[str, Cell]
    declined: int
    hidden: bool
    exclusive: bool


class Printed(NamedTuple):
    """Groups as they are printed: perturbed counts, bases, and which are too small to show."""

    cells: Tabulation
    bases: Counts
    hidden: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ledger:
    """What was published so far.

    Attributes
    ----------
    key
        Name of the secret key that the noise was drawn with; empty while nothing is published.
    columns
        Name of a column -> the column.
    effects
        Name of a question -> its design effect.
    corrections
        What was drawn anew before its time: question, date and reason.
    """

    key: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    effects: Mapping[str, float] = field(default_factory=dict)
    corrections: tuple[tuple[str, str, str], ...] = ()

    def write(self, path: Path) -> Path:
        """Write the ledger, readable by its owner alone."""
        plain = {
            "about": "CONFIDENTIAL: true and published counts. Keep it beside the secret key.",
            "schema": _SCHEMA,
            "key": self.key,
            "corrections": [list(each) for each in self.corrections],
            "effects": dict(sorted(self.effects.items())),
            "columns": {name: _plain(column) for name, column in sorted(self.columns.items())},
        }
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"
        return write_file(path, text.replace('},"', '},\n"'), private=True)


def _plain(column: Column) -> dict[str, Any]:
    return {
        "declined": column.declined,
        "hidden": column.hidden,
        "exclusive": column.exclusive,
        "cells": {label: list(cell) for label, cell in column.cells.items()},
    }


@checked(DisclosureError)
def read_ledger(path: Path) -> Ledger:
    """Return the ledger in a file; an empty one where nothing was published yet.

    Raises
    ------
    DisclosureError
        If the file is no ledger.
    """
    if not path.exists():
        return Ledger()
    try:
        plain = json.loads(read_file(path))
        columns = {
            name: Column(
                {label: Cell(*map(int, cell)) for label, cell in each["cells"].items()},
                int(each["declined"]),
                bool(each["hidden"]),
                bool(each["exclusive"]),
            )
            for name, each in plain["columns"].items()
        }
        effects = {name: float(value) for name, value in plain["effects"].items()}
        corrections = tuple((str(c), str(d), str(r)) for c, d, r in plain["corrections"])
        return Ledger(str(plain["key"]), columns, effects, corrections)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        problem = Problem(
            path.name,
            "a file that is no ledger",
            "the ledger that survey report --final wrote",
            "put it back from where you keep a copy; without it published numbers would be drawn "
            "again, which tells more than either report alone",
        )
        raise DisclosureError("The ledger cannot be used", [problem]) from None


def refuse_other_key(ledger: Ledger, key: str) -> None:
    """Refuse a ledger that was made with another key than the project has.

    Raises
    ------
    DisclosureError
        If the names of the keys differ; the error says what to do.
    """
    if ledger.key in ("", key):
        return
    problem = Problem(
        LEDGER_FILE,
        f"published counts of {ledger.key} beside the key {key}",
        "the key that the ledger was made with",
        f"put {ledger.key} back from where you keep a copy. If it is lost for good, put the ledger "
        "away, too, and publish no edition again that was published before: numbers drawn with "
        "another key, beside those that readers have, tell more than either",
    )
    raise DisclosureError("The key does not belong to the ledger", [problem])


def changed_answers(before: Column, after: Column) -> int:
    """Return how many answers of a column changed at least.

    A sum of keys that differs beside a count that does not tells of one record for another.

    Examples
    --------
    >>> before = {"a": Cell(5, 9, 9, 4, 6, 77, 1), "b": Cell(4, 9, 9, 6, 4, 1, 77)}
    >>> after = {"a": Cell(3, 9, 9, 3, 7, 70, 8), "b": Cell(6, 9, 9, 7, 3, 8, 70)}
    >>> changed_answers(Column(before, 0, False, True), Column(after, 0, False, True))
    1
    """
    shared = [label for label in before.cells if label in after.cells]
    gains = losses = most = 0
    for label in shared:
        old, new = before.cells[label], after.cells[label]
        step = new.true_count - old.true_count
        gains, losses = gains + max(step, 0), losses + max(-step, 0)
        sides = (
            abs(step) or int(old.keys != new.keys),
            abs(new.true_other - old.true_other) or int(old.other_keys != new.other_keys),
        )
        most = max(most, *sides)
    return max(gains, losses, most) if after.exclusive else most


@dataclass
class Register:
    """The columns of one publication while it is made: reprinted, or drawn anew.

    Attributes
    ----------
    ledger
        What was published so far.
    corrections
        What is drawn anew whatever changed: question -> date and reason.
    final
        Whether the publication is final; else it is a draft.
    used
        Columns of this publication, as they are printed.
    waiting
        Name of a column whose corrections wait -> how many of its answers changed.
    wholes
        What tables without groups show, for the tables with groups that are made next.
    """

    ledger: Ledger = field(default_factory=Ledger)
    corrections: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    final: bool = False
    used: dict[str, Column] = field(default_factory=dict)
    effects: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    wholes: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)
    _kept: dict[str, bool] = field(default_factory=dict)

    def perturbed(
        self,
        cells: Tabulation,
        names: Sequence[str],
        hidden: Sequence[bool],
        alone: frozenset[int] = frozenset(),
    ) -> Printed:
        """Return perturbed counts, those of published columns as they were published.

        Parameters
        ----------
        cells
            True counts.
        names
            Name of the column of each group.
        hidden
            Whether each group has too few organizations to be shown.
        alone
            See :func:`survey.disclosure.counts.perturbed`.

        """
        fresh = perturbed(cells, alone)
        bases = printed_bases(cells, fresh)
        if not self.ledger.columns and not self.final:  # nothing to reprint, nothing to note
            return Printed(fresh, bases, np.array(hidden, dtype=bool))
        count, base, declined = fresh.count.copy(), fresh.base.copy(), fresh.declined.copy()
        small = list(hidden)
        for row, name in enumerate(names):
            drawn = _column_of(cells, fresh, bases, row, hidden[row])
            column = self._settled(name, drawn)
            for place, label in enumerate(cells.answers):
                own = column.cells[label]
                count[row, place], base[row, place], bases[row, place] = own[:3]
            declined[row], small[row] = column.declined, column.hidden
        printed = cells.with_counts(count, base)
        nothing = np.zeros_like(cells.declined_keys)
        shown = replace(printed, declined=declined, declined_keys=nothing)
        return Printed(shown, bases, np.array(small, dtype=bool))

    def _settled(self, name: str, fresh: Column) -> Column:
        """Return a column as it is printed, and note it."""
        known = self.used.get(name) or self.ledger.columns.get(name)
        if known is not None and self._keeps(name, known, fresh):
            cells = {label: known.cells.get(label, cell) for label, cell in fresh.cells.items()}
            column = Column(cells, known.declined, known.hidden, fresh.exclusive)
        else:
            column = fresh
        before = self.used.get(name)
        merged = {**(before.cells if before else {}), **column.cells}
        self.used[name] = Column(merged, column.declined, column.hidden, column.exclusive)
        return column

    def _keeps(self, name: str, known: Column, fresh: Column) -> bool:
        """Whether a column is reprinted; decided once for all tables of the publication."""
        if name not in self._kept:
            published = name in self.ledger.columns
            corrected = name.split("|")[1] in self.corrections
            changed = changed_answers(known, fresh) if published else 0
            self._kept[name] = published and not corrected and changed < ENOUGH
            if changed and self._kept[name]:
                self.waiting[name] = changed
        return self._kept[name]

    def effect(self, name: str, fresh: float) -> float:
        """Return the design effect of a question: the published one where there is one."""
        corrected = name.split("|")[1] in self.corrections
        known = None if corrected else self.ledger.effects.get(name)
        self.effects[name] = fresh if known is None else known
        return self.effects[name]

    def corrected(self, concept: str) -> str:
        """Return the day on which a question was corrected last; nothing if it never was."""
        days = {name: day for name, day, _ in self.ledger.corrections}
        return (
            self.corrections[concept][0] if concept in self.corrections else days.get(concept, "")
        )

    @property
    def redrawn(self) -> tuple[str, ...]:
        """Names of published columns that this publication draws anew."""
        return tuple(
            sorted(n for n, kept in self._kept.items() if n in self.ledger.columns and not kept)
        )

    def entries(self, key: str) -> Ledger:
        """Return the ledger after this publication, under the name of its secret key."""
        own = tuple((concept, *said) for concept, said in self.corrections.items())
        return Ledger(
            key,
            {**self.ledger.columns, **self.used},
            {**self.ledger.effects, **self.effects},
            (*self.ledger.corrections, *own),
        )


def _column_of(
    cells: Tabulation, fresh: Tabulation, bases: Counts, row: int, hidden: bool
) -> Column:
    columns = (
        fresh.count[row],
        fresh.base[row],
        bases[row],
        cells.count[row],
        cells.other[row],
        cells.count_keys[row],
        cells.other_keys[row],
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return Column(
        {label: Cell(*row) for label, row in zip(cells.answers, rows, strict=True)},
        int(fresh.declined[row]),
        bool(hidden),
        cells.exclusive,
    )
