"""The ledger: the perturbed counts of every column as published, so that reports reprint them.

A column is a question in one group. A later report reprints it as long as fewer than 20 of its
answers changed: noise that is drawn again for one record less would tell that record's answers
to whoever has both reports. The ledger is the owner's alone, like the secret key whose name it
holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.disclosure.changed_records import (
    Records,
    as_published,
    changed_records,
    editions_of,
    records_of,
    waiting,
)
from survey.disclosure.counts import Joined, perturbed, printed_bases
from survey.disclosure.ledger_column import ENOUGH, Column, changed_answers
from survey.disclosure.ledger_file import LEDGER_FILE, Ledger, read_ledger, refuse_other_key
from survey.disclosure.publication import Noted
from survey.estimates.tabulation import Tabulation
from survey.responses import Responses

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
_OF_NUMBERS: Final = "|numbers"


class Printed(NamedTuple):
    """Groups as they are printed: perturbed counts, bases, and which are too small to show.

    ``waiting`` is groups x answers: what is new while few records changed.
    """

    cells: Tabulation
    bases: Counts
    hidden: npt.NDArray[np.bool_]
    waiting: npt.NDArray[np.bool_]


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
    records
        Edition -> unit -> its records today, where answers were compared with the published ones.
    changed
        Edition -> unit -> how many of its records differ from those that were published.
    held
        Names of columns that wait, as they or some of their answers are new -> number of tables.
    """

    ledger: Ledger = field(default_factory=Ledger)
    corrections: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    final: bool = False
    used: dict[str, Column] = field(default_factory=dict)
    effects: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    wholes: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)
    notes: list[Noted] = field(default_factory=list, repr=False)
    records: Mapping[str, Mapping[str, Records]] = field(default_factory=dict, repr=False)
    changed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)
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
            return Printed(fresh, bases, hidden, np.zeros(cells.count.shape, dtype=bool))
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
        waits = counts[:, :, 0] < 0
        waits |= (waits | joined.gone).all(axis=1, keepdims=True) & waits.any(axis=1, keepdims=True)
        counts[:, :, :3][waits] = 0
        printed = cells.with_counts(counts[:, :, 0], counts[:, :, 1])
        nothing = np.zeros_like(cells.declined_keys)
        shown = replace(printed, declined=declined, declined_keys=nothing)
        return Printed(shown, counts[:, :, 2], small, waits)

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
            held = self._held(name, fresh, known, given if joined.own & {*known.answers} else ())
            # answers that this publication does not show were published nevertheless
            whole = replace(known.merged(held), exclusive=fresh.exclusive)
            self.used[name] = whole.without_waiting()
            return whole.ordered(fresh.answers)
        if known is None and self.waits(name):
            return self._held(name, fresh)
        self.used[name] = fresh.merged(before) if before else fresh
        return fresh

    def _held(
        self, name: str, fresh: Column, known: Column | None = None, zeros: Collection[str] = ()
    ) -> Column:
        """Return a column in which waits what was not published while few records changed.

        Not those of ``zeros``, which stand because somebody gave them: they are 0 then.
        """
        if not (self.waits(name) or name in self.waiting):
            return fresh
        new = [a not in zeros and (known is None or a not in known.places) for a in fresh.answers]
        return fresh.waiting(np.array(new, dtype=bool), known)

    def compare(self, bodies: Iterable[Responses]) -> None:
        """Note how many records of each edition differ today from those that were published."""
        known = tuple(bodies)
        self.records = records_of(known)
        self.changed = changed_records(known, self.ledger.records)

    @property
    def unlisted(self) -> frozenset[str]:
        """Editions that were published without a list of their records, by an older version."""
        known = {edition for name in self.ledger.columns for edition in editions_of(name)}
        return frozenset(known) - {*self.ledger.records}

    def count_changes(self, waiting: Mapping[str, int]) -> None:
        """Take over how many answers of columns changed, for editions without such a list."""
        unlisted = self.unlisted
        found = {edition: {**units} for edition, units in self.changed.items()}
        for name, number in waiting.items():
            unit = name.split("|")[0]
            for edition in {*editions_of(name)} & unlisted:
                own = found.setdefault(edition, {})
                own[unit] = max(number, own.get(unit, 0))
        self.changed = found

    def waits(self, name: str) -> tuple[str, ...]:
        """Return the editions for which a column waits that was not published, if any."""
        corrected = name.split("|")[1] in self.corrections
        return () if corrected or not self.changed else waiting(name, self.changed)

    def holds(self, name: str) -> bool:
        """Return whether a column waits as a whole."""
        return bool(self.waits(name)) and not self.has_published(name)

    def hold(self, names: Sequence[str], waits: Any, given: Any) -> list[int]:
        """Note which columns of a table wait, and return their places.

        A group that is there because somebody is in it now (``given``) is not noted beside columns
        that were published: a note would tell that it is new.
        """
        noted = waits & ~(given & any(map(self.has_published, names)))
        self.held.update(np.array(names, dtype=object)[noted].tolist())
        return [int(place) for place in np.flatnonzero(waits)]

    def steady(self, name: str, editions: tuple[str, ...]) -> tuple[str, ...]:
        """Return the editions whose answers the design effect of a question may come from."""
        waits = () if name in self.ledger.effects else self.waits(name)
        return tuple(edition for edition in editions if edition not in waits)

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
        after = Ledger(
            key,
            {**self.ledger.columns, **self.used},
            {**self.ledger.effects, **self.effects},
            (*self.ledger.corrections, *own),
            self.ledger.variance,
            {**self.ledger.records, **self._records_as_published()},
            self.ledger.publications,
        )
        for edition in dict.fromkeys(note.edition for note in self.notes):
            if self._prints_anew() or not after.number_of(edition):
                after = after.with_publication(edition)
        return after

    def _prints_anew(self) -> bool:
        """Return whether anything is printed that was not: what waits, or is 0, does not count."""
        before = self.ledger.columns
        if self.corrections or self.redrawn or {*self.effects} - {*self.ledger.effects}:
            return True
        return any(
            name not in before or column.prints_more(before[name])
            for name, column in self.used.items()
        )

    def _records_as_published(self) -> dict[str, Mapping[str, Records]]:
        """Return the records of the editions of this publication: today's unless few changed."""
        if not self.records:
            return {}
        editions = {edition for name in self.used for edition in editions_of(name)}
        kept = {
            edition: as_published(
                self.ledger.records.get(edition, {}),
                self.records[edition],
                self.changed.get(edition, {}),
            )
            for edition in sorted(editions & {*self.records})
        }
        return {edition: records for edition, records in kept.items() if records}

    def note(self, edition: str) -> Noted:
        """Return what says of a publication whether it stands in the ledger: not yet."""
        self.notes.append(Noted(edition))
        return self.notes[-1]
