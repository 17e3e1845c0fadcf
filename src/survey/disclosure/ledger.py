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
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.disclosure.counts import Joined, perturbed, printed_bases
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
Keys = npt.NDArray[np.uint64]
LEDGER_FILE: Final = ".survey-ledger.json"
ENOUGH: Final = 20
"""A column is drawn anew when so many of its answers changed."""

_SCHEMA: Final = 1


@dataclass(frozen=True, eq=False)
class Column:
    """A question in one group.

    Attributes
    ----------
    answers
        Its answers.
    counts
        Answers x 5: the published count, the base that the share is a part of, the base that is
        printed beside it (the same for all answers of a question, see
        :func:`survey.disclosure.counts.printed_bases`), and the true counts of those who gave
        the answer and of those who did not.
    keys
        Answers x 2: the sums of keys of those who gave the answer, and of those who did not.
    declined
        How many are published to have declined.
    hidden
        Whether the group is too small to show.
    exclusive
        Whether a unit gives one answer at most.
    """

    answers: tuple[str, ...]
    counts: Counts
    keys: Keys
    declined: int
    hidden: bool
    exclusive: bool

    def merged(self, other: Column) -> Column:
        """Return a column with the answers of another one that it lacks."""
        more = [p for p, answer in enumerate(other.answers) if answer not in self.places]
        if not more:
            return self
        return replace(
            self,
            answers=(*self.answers, *(other.answers[place] for place in more)),
            counts=np.concatenate([self.counts, other.counts[more]]),
            keys=np.concatenate([self.keys, other.keys[more]]),
        )

    def without_new(self, known: Column) -> Column:
        """Return a column in which answers that a published one lacks are 0, on its base."""
        new = np.array([answer not in known.places for answer in self.answers])
        if not new.any() or not len(known.counts):
            return self
        counts, keys = self.counts.copy(), self.keys.copy()
        base = int(known.counts[:, 2].max())
        counts[new] = (0, base, base, 0, int(known.counts[:, 3:].sum(axis=1).max()))
        keys[new] = 0
        return replace(self, counts=counts, keys=keys)

    def ordered(self, answers: tuple[str, ...]) -> Column:
        """Return a column of some of its answers, in their order."""
        if answers == self.answers:
            return self
        rows = [self.places[answer] for answer in answers]
        return replace(self, answers=answers, counts=self.counts[rows], keys=self.keys[rows])

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Answer -> its row."""
        return {answer: place for place, answer in enumerate(self.answers)}


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
        If the file is no ledger.
    """
    if not path.exists():
        return Ledger()
    try:
        plain = json.loads(read_file(path))
        columns = {name: _column(each) for name, each in plain["columns"].items()}
        effects = {name: float(value) for name, value in plain["effects"].items()}
        corrections = tuple((str(c), str(d), str(r)) for c, d, r in plain["corrections"])
        return Ledger(str(plain["key"]), columns, effects, corrections)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
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
    >>> def column(counts, keys):
    ...     numbers = np.array([[0, 0, 0, *each] for each in counts])
    ...     return Column(("a", "b"), numbers, np.array(keys, np.uint64), 0, False, True)
    >>> before = column([(4, 6), (6, 4)], [(77, 1), (1, 77)])
    >>> changed_answers(before, column([(3, 7), (7, 3)], [(70, 8), (8, 70)]))
    1
    """
    shared = tuple(answer for answer in after.answers if answer in before.places)
    if not shared:
        return 0
    old, new = before.ordered(shared), after.ordered(shared)
    steps = new.counts[:, 3:] - old.counts[:, 3:]
    sides = np.where(steps == 0, old.keys != new.keys, np.abs(steps))
    gains, losses = (int(np.maximum(sign * steps[:, 0], 0).sum()) for sign in (1, -1))
    most = int(sides.max())
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
        fresh = perturbed(cells, joined.alone)
        bases = printed_bases(cells, fresh)
        if not self.ledger.columns and not self.final:  # nothing to reprint, nothing to note
            return Printed(fresh, bases, hidden)
        counts = np.stack([fresh.count, fresh.base, bases, cells.count, cells.other], axis=2)
        keys = np.stack([cells.count_keys, cells.other_keys], axis=2)
        declined, small = fresh.declined.copy(), hidden.copy()
        for row, name in enumerate(names):
            stands = np.flatnonzero(~joined.gone[row])
            drawn = Column(
                tuple(cells.answers[place] for place in stands.tolist()),
                counts[row, stands],
                keys[row, stands],
                int(declined[row]),
                bool(hidden[row]),
                cells.exclusive,
            )
            column = self._settled(name, drawn, given=joined.given)
            counts[row, stands] = column.counts
            declined[row], small[row] = column.declined, column.hidden
        printed = cells.with_counts(counts[:, :, 0], counts[:, :, 1])
        nothing = np.zeros_like(cells.declined_keys)
        shown = replace(printed, declined=declined, declined_keys=nothing)
        return Printed(shown, counts[:, :, 2], small)

    def _settled(self, name: str, fresh: Column, *, given: bool) -> Column:
        """Return a column as it is printed, and note it."""
        before = self.used.get(name)
        known = before or self.ledger.columns.get(name)
        if known is not None and self._keeps(name, known, fresh):
            if given:  # what nobody had given when the column was published is still 0
                fresh = fresh.without_new(known)
            # answers that this publication does not show were published nevertheless
            self.used[name] = replace(known.merged(fresh), exclusive=fresh.exclusive)
            return self.used[name].ordered(fresh.answers)
        self.used[name] = fresh.merged(before) if before else fresh
        return fresh

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
        )
