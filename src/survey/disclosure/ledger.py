"""The ledger: the perturbed counts of every column as published, so that reports reprint them.

A column is a question in one group. A later report reprints it as long as fewer than 20 of its
answers changed: noise that is drawn again for one record less would tell that record's answers
to whoever has both reports. The ledger is the owner's alone, like the secret key whose name it
holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.dataclass import dataclass
from survey.disclosure.counts import Joined, perturbed, printed_bases
from survey.disclosure.ledger_column import ENOUGH, Column, changed_answers
from survey.disclosure.noise import VARIANCE, VARIANCES
from survey.disclosure.publication import Noted
from survey.errors import DisclosureError, Problem
from survey.estimates.tabulation import Tabulation
from survey.files import read_file, write_file

__all__ = [
    "ENOUGH",
    "LEDGER_FILE",
    "Column",
    "Ledger",
    "Register",
    "changed_answers",
    "read_ledger",
    "refuse_other_key",
]

Counts = npt.NDArray[np.int64]
LEDGER_FILE: Final = ".survey-ledger.json"
_SCHEMA: Final = 1
_OF_NUMBERS: Final = "|numbers"
_UNNAMED_VARIANCE: Final = 3.0
"""Of ledgers that do not name theirs: they are older than the choice."""


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
    variance
        Variance of the noise that its counts were drawn with, and that further ones get.
    """

    key: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    effects: Mapping[str, float] = field(default_factory=dict)
    corrections: tuple[tuple[str, str, str], ...] = ()
    variance: float = VARIANCE

    def write(self, path: Path) -> Path:
        """Write the ledger, readable by its owner alone."""
        return write_file(path, self.text(), private=True)

    def text(self) -> str:
        """Return the ledger as it is written."""
        plain = {
            "about": "CONFIDENTIAL: true and published counts. Keep it beside the secret key.",
            "schema": _SCHEMA,
            "key": self.key,
            "variance": self.variance,
            "corrections": [list(each) for each in self.corrections],
            "effects": dict(sorted(self.effects.items())),
            "columns": {name: _plain(column) for name, column in sorted(self.columns.items())},
        }
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"
        return text.replace('},"', '},\n"')


def _plain(column: Column) -> dict[str, Any]:
    cells = zip(column.answers, column.counts.tolist(), column.keys.tolist(), strict=True)
    return {
        "declined": column.declined,
        "hidden": column.hidden,
        "exclusive": column.exclusive,
        "cells": {answer: [*counts, *keys] for answer, counts, keys in cells},
    }


def _column(plain: Mapping[str, Any]) -> Column:
    cells = list(plain["cells"].values())
    return Column(
        tuple(map(str, plain["cells"])),
        np.array([cell[:5] for cell in cells], dtype=np.int64).reshape(-1, 5),
        np.array([cell[5:] for cell in cells], dtype=np.uint64).reshape(-1, 2),
        int(plain["declined"]),
        bool(plain["hidden"]),
        bool(plain["exclusive"]),
    )


@checked(DisclosureError)
def read_ledger(path: Path) -> Ledger:
    """Return the ledger in a file; an empty one where nothing was published yet.

    Raises
    ------
    DisclosureError
        If the file is no ledger, or one of noise that this version does not know.
    """
    if not path.exists():
        return Ledger()
    try:
        plain = json.loads(read_file(path))
        columns = {name: _column(each) for name, each in plain["columns"].items()}
        effects = {name: float(value) for name, value in plain["effects"].items()}
        corrections = tuple((str(c), str(d), str(r)) for c, d, r in plain["corrections"])
        variance = float(plain.get("variance", _UNNAMED_VARIANCE))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        problem = Problem(
            path.name,
            "a file that is no ledger",
            "the ledger that survey report --final wrote",
            "put it back from where you keep a copy; without it published numbers would be drawn "
            "again, which tells more than either report alone",
        )
        raise DisclosureError("The ledger cannot be used", [problem]) from None
    if variance not in VARIANCES:
        problem = Problem(
            path.name,
            f"counts with a noise of variance {variance:g}",
            f"one of {', '.join(f'{each:g}' for each in sorted(VARIANCES))}",
            "use the version of the package that wrote the ledger: what it published cannot be "
            "printed again with other noise",
        )
        raise DisclosureError("The ledger cannot be used", [problem])
    return Ledger(str(plain["key"]), columns, effects, corrections, variance)


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
    notes: list[Noted] = field(default_factory=list, repr=False)
    _kept: dict[str, bool] = field(default_factory=dict)
    _drawn: dict[str, Column] = field(default_factory=dict, repr=False)

    def perturbed(
        self, joined: Joined, names: Sequence[str], hidden: npt.NDArray[np.bool_]
    ) -> Printed:
        """Return perturbed counts, those of published columns as they were published.

        Parameters
        ----------
        joined
            True counts, rare answers joined.
        names
            Name of the column of each group.
        hidden
            Whether each group has too few organizations to be shown.
        """
        cells = joined.cells
        fresh = perturbed(cells, joined.alone, self.ledger.variance)
        bases = printed_bases(cells, fresh, self.ledger.variance)
        if not self.ledger.columns and not self.final:  # nothing to reprint, nothing to note
            return Printed(fresh, bases, hidden)
        counts = np.stack([fresh.count, fresh.base, bases, cells.count, cells.other], axis=2)
        keys = np.stack([cells.count_keys, cells.other_keys], axis=2)
        declined, small = fresh.declined.copy(), hidden.copy()
        known_as = joined.names or cells.answers
        numbers = cells.bands is not None or cells.scores is not None
        variants = (self._variant(each, numbers=numbers) for each in names)
        for row, variant in enumerate(variants):
            stands = np.flatnonzero(~joined.gone[row])
            drawn = Column(
                tuple(known_as[place] for place in stands.tolist()),
                counts[row, stands],
                keys[row, stands],
                int(declined[row]),
                bool(hidden[row]),
                cells.exclusive,
            )
            name = self._apart(variant, drawn)
            given = joined.given_in(row)[stands]
            new = frozenset(a for a, own in zip(drawn.answers, given, strict=True) if own)
            column = self._settled(name, drawn, joined, new)
            counts[row, stands] = column.counts
            declined[row], small[row] = column.declined, column.hidden
        printed = cells.with_counts(counts[:, :, 0], counts[:, :, 1])
        nothing = np.zeros_like(cells.declined_keys)
        shown = replace(printed, declined=declined, declined_keys=nothing)
        return Printed(shown, counts[:, :, 2], small)

    def answers_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the answers that some columns were published with."""
        known = [self._variant(name, numbers=False) for name in names]
        columns = (self.used.get(name) or self.ledger.columns.get(name) for name in known)
        return tuple(dict.fromkeys(each for column in columns if column for each in column.answers))

    def has_published(self, name: str) -> bool:
        """Return whether a column was published, for answers or for numbers."""
        return name in self.ledger.columns or name + _OF_NUMBERS in self.ledger.columns

    def groups_of(self, name: str) -> tuple[str, ...]:
        """Return the labels of groups that were shown, whose columns have this name before them."""
        labels = {
            each.removeprefix(name): column
            for each, column in self.ledger.columns.items()
            if each.startswith(name)
        }
        return tuple(a for a, column in labels.items() if "|" not in a and not column.hidden)

    def _variant(self, name: str, *, numbers: bool) -> str:
        """Return the name of a column for statistics of numbers, or of answers.

        Those of numbers leave out of their base whose answer is on no list. A column that was
        published for one of the two alone is reprinted for the other.
        """
        own, other = (name + _OF_NUMBERS, name) if numbers else (name, name + _OF_NUMBERS)
        only_other = own not in self.ledger.columns and other in self.ledger.columns
        return other if only_other else own

    def _apart(self, name: str, drawn: Column) -> str:
        """Return the name of a column, with a number where the name is that of other units.

        A selection has the name of the whole. What one is printed with must not be printed for
        the other.
        """
        own, number = name, 1
        while (before := self._drawn.get(own)) is not None and not before.agrees(drawn):
            number += 1
            own = f"{name}|{number}"
        self._drawn[own] = before.merged(drawn) if before else drawn
        return own

    def _settled(self, name: str, fresh: Column, joined: Joined, given: frozenset[str]) -> Column:
        """Return a column as it is printed, and note it.

        Answers of ``given`` stand because somebody gave them.
        """
        before = self.used.get(name)
        known = before or self.ledger.columns.get(name)
        if known is not None and self._keeps(name, known, fresh, joined.own):
            if joined.own & known.places.keys():
                # what nobody had given when the column was published is still 0
                fresh = fresh.without_new(known, given)
            # answers that this publication does not show were published nevertheless
            self.used[name] = replace(known.merged(fresh), exclusive=fresh.exclusive)
            return self.used[name].ordered(fresh.answers)
        self.used[name] = fresh.merged(before) if before else fresh
        return fresh

    def _keeps(self, name: str, known: Column, fresh: Column, own: frozenset[str]) -> bool:
        """Whether a column is reprinted; decided once for all tables of the publication."""
        if name not in self._kept:
            published = name in self.ledger.columns
            corrected = name.split("|")[1] in self.corrections
            changed = changed_answers(known, fresh, own) if published else 0
            self._kept[name] = published and not corrected and changed < ENOUGH
            if changed and self._kept[name]:
                self.waiting[name] = changed
        return self._kept[name]

    def effect(self, name: str, fresh: float) -> float:
        """Return the design effect of a question: the published one where there is one.

        It is decided once for all tables of the publication.
        """
        corrected = name.split("|")[1] in self.corrections
        known = fresh if corrected else self.ledger.effects.get(name, fresh)
        return self.effects.setdefault(name, known)

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
            self.ledger.variance,
        )

    def note(self) -> Noted:
        """Return what says of a publication whether it stands in the ledger: not yet."""
        self.notes.append(Noted())
        return self.notes[-1]
