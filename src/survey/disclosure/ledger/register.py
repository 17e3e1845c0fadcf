"""The ledger: the perturbed counts of every column as published, so that reports reprint them.

A column is a question in one group. A later report reprints it as long as fewer than 20 of its
answers changed: noise that is drawn again for one record less would tell that record's answers
to whoever has both reports. The ledger is the owner's alone, like the secret key whose name it
holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.disclosure.ledger.ledger_column import ENOUGH, Column, changed_answers
from survey.disclosure.ledger.ledger_file import Ledger
from survey.disclosure.ledger.near import OF_NUMBERS, Leader, Neighbours, far_off
from survey.disclosure.ledger.new_columns import NewColumns
from survey.disclosure.ledger.noted import Noted
from survey.disclosure.perturbation.counts import perturbed, printed_bases
from survey.disclosure.perturbation.rare_answers import Joined
from survey.estimates.tabulation import Tabulation
from survey.estimates.tidy import Status

__all__ = [
    "Printed",
    "Register",
]

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Group = tuple[str, ...]


class Printed(NamedTuple):
    """Groups as they are printed.

    Attributes
    ----------
    cells, bases
        Perturbed counts, and the bases that are printed beside them.
    hidden
        Which groups are not shown.
    waiting
        Groups x answers: what is new while few records changed.
    lacking
        Groups x answers: what the column lacks whose numbers a group has.
    like
        Group -> that column, and whether the group is withheld instead.
    """

    cells: Tabulation
    bases: Counts
    hidden: Flags
    waiting: Flags
    lacking: Flags
    like: Mapping[Group, Leader]


@dataclass
class Register(NewColumns):
    """The columns of one publication while it is made: reprinted, or drawn anew.

    Attributes
    ----------
    ledger, corrections, records, changed, held
        See :class:`survey.disclosure.ledger.new_columns.NewColumns`.
    final
        Whether the publication is final; else it is a draft.
    used
        Columns of this publication, as they are printed.
    waiting
        Name of a column whose corrections wait -> how many of its answers changed.
    wholes
        What tables without groups show, for the tables with groups that are made next.
    """

    final: bool = False
    used: dict[str, Column] = field(default_factory=dict)
    effects: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    wholes: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)
    notes: list[Noted] = field(default_factory=list, repr=False)
    neighbours: Neighbours = field(init=False, repr=False)
    _shown: set[str] = field(default_factory=set, repr=False)
    _kept: dict[str, bool] = field(default_factory=dict)
    _drawn: dict[str, Column] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.neighbours = Neighbours(self.ledger.units)
        self.neighbours.lead_published(self.ledger.columns, self.corrections)

    def lead_with(self, columns: Mapping[str, Column]) -> None:
        """Take the units of published columns that an older ledger does not know from today's."""
        lacking = {n: c for n, c in self.ledger.columns.items() if n in columns and not c.units}
        known = {n: replace(column, units=columns[n].units) for n, column in lacking.items()}
        self.neighbours.lead_published(known, self.corrections)

    def perturbed(
        self, joined: Joined, names: Sequence[str], hidden: Flags, least: int = 0
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
        least
            How many units a group that is shown has; 0 if none is.
        """
        cells = joined.cells
        fresh = perturbed(cells, joined.alone, self.ledger.variance)
        bases = printed_bases(cells, fresh, self.ledger.variance)
        counts = np.stack([fresh.count, fresh.base, bases, cells.count, cells.other], axis=2)
        keys = np.stack([cells.count_keys, cells.other_keys], axis=2)
        declined, small = fresh.declined.copy(), hidden.copy()
        lacking, like = np.zeros(joined.gone.shape, dtype=bool), {}
        known_as, units = joined.names or cells.answers, self.neighbours.sets_of(cells)
        numbers = cells.bands is not None or cells.scores is not None
        drawn_as = []
        for row, name in enumerate(names):
            stands = np.flatnonzero(~joined.gone[row])
            drawn = Column(
                tuple(known_as[place] for place in stands.tolist()),
                counts[row, stands],
                keys[row, stands],
                int(declined[row]),
                bool(hidden[row]),
                cells.exclusive,
                units[row],
                weight=float(cells.mean_weights[row]) if cells.weighted else 0.0,
                figures=cells.figures.get(cells.groups[row]),
            )
            drawn_as.append(self._apart(self._variant(name, numbers=numbers), drawn))
            column, lack = self._settled(drawn_as[-1], drawn, joined, row, least)
            counts[row, stands] = column.counts
            declined[row], small[row] = column.declined, column.hidden
            if column.like:
                like[cells.groups[row]] = Leader(column.like, column.hidden)
            if lack is not None:
                lacking[row, stands] = lack
        waits = counts[:, :, 0] < 0
        waits |= (waits | joined.gone).all(axis=1, keepdims=True) & waits.any(axis=1, keepdims=True)
        counts[:, :, :3][waits] = 0
        cells = self._as_noted(cells, drawn_as, like)
        printed = cells.with_counts(counts[:, :, 0], counts[:, :, 1])
        nothing = np.zeros_like(cells.declined_keys)
        shown = replace(printed, declined=declined, declined_keys=nothing)
        return Printed(shown, counts[:, :, 2], small, waits, lacking, like)

    def _as_noted(
        self, cells: Tabulation, names: Sequence[str], like: Mapping[Group, Leader]
    ) -> Tabulation:
        """Return counts with what columns were published with beside their numbers.

        That are their mean weight and published figures; of a column with the numbers of another
        one those of the other, and answers that stand because somebody gave them.
        """
        known, figures = np.zeros(len(names)), {}
        for row, name in enumerate(names):
            if (own := self.used.get(name)) is None:
                continue
            column = self.used.get(own.like) or self.ledger.columns.get(own.like) or own
            known[row] = column.weight or own.weight
            if column.figures and cells.groups[row] in cells.figures:
                figures[cells.groups[row]] = column.figures
        factors = np.where(known > 0, known / cells.mean_weights, 1.0)[:, None]
        alike = np.array([group in like for group in cells.groups], dtype=bool)[:, None]
        return replace(
            cells,
            weighted_base=cells.weighted_base * factors,
            figures=figures,
            presence=np.where(
                alike & (cells.presence == Status.EMPTY.value), Status.OK.value, cells.presence
            ),
        )

    def alike(self, cells: Tabulation, names: Sequence[str], others: Sequence[str]) -> list[bool]:
        """Return for each group whether its column has the numbers of another one, or will."""
        found = []
        units = self.neighbours.sets_of(cells)
        for name, other, own in zip(names, others, units, strict=True):
            known = self.used.get(name) or self.ledger.columns.get(name)
            beside = self.used.get(other) or self.ledger.columns.get(other)
            if known or not beside:
                found.append(bool(known and known.like == other))
            else:
                found.append((own ^ beside.units).bit_count() < ENOUGH)
        return found

    def answers_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the answers that some columns were published with."""
        known = [self._variant(name, numbers=False) for name in names]
        columns = (self.used.get(name) or self.ledger.columns.get(name) for name in known)
        return tuple(dict.fromkeys(each for column in columns if column for each in column.answers))

    def groups_of(self, before: str, behind: str) -> tuple[str, ...]:
        """Return the labels of groups that were shown, with what their columns' names have around.

        Behind the label stands what was selected.
        """
        labels = {
            each.removeprefix(before).removesuffix(behind): column
            for each, column in self.ledger.columns.items()
            if each.startswith(before) and each.endswith(behind)
        }
        return tuple(a for a, column in labels.items() if "|" not in a and not column.hidden)

    def _variant(self, name: str, *, numbers: bool) -> str:
        """Return the name of a column for statistics of numbers, or of answers.

        Those of numbers leave out of their base whose answer is on no list. A column that was
        published for one of the two alone is reprinted for the other.
        """
        own, other = (name + OF_NUMBERS, name) if numbers else (name, name + OF_NUMBERS)
        only_other = own not in self.ledger.columns and other in self.ledger.columns
        return other if only_other else own

    def _apart(self, name: str, drawn: Column) -> str:
        """Return the name of a column, with a number where the name is that of other units.

        Selections of the same words can be of others. What one is printed with must not be
        printed for the other.
        """
        own, number = name, 1
        while (before := self._drawn.get(own)) is not None and not before.agrees(drawn):
            number += 1
            own = f"{name}|{number}"
        self._drawn[own] = before.merged(drawn) if before else drawn
        return own

    def _settled(
        self, name: str, fresh: Column, joined: Joined, row: int, least: int
    ) -> tuple[Column, Flags | None]:
        """Return a column as it is printed, and which answers it lacks; note it."""
        before = self.used.get(name)
        known = before or self.ledger.columns.get(name)
        if known is None and self.waits(name):
            return self._held(name, fresh), None
        kept = known is not None and self._keeps(name, known, fresh, joined.own)
        known = known if kept else before
        if near := self._nearest(name, fresh, least, kept=kept):
            known, fresh = None, replace(fresh, like=near.name, hidden=near.far)
        elif known and (known.like, known.hidden) != (fresh.like, fresh.hidden):
            fresh = replace(fresh, like=known.like, hidden=known.hidden)
        if not (known or fresh.like):
            self.used[name] = fresh
            return fresh, None
        zeros: frozenset[str] = frozenset()
        if known and kept and joined.own & known.places.keys():
            # what nobody had given when the column was published is still 0
            zeros = frozenset(joined.given_in(row))
            fresh = fresh.without_new(known, zeros)
        fresh, lacking = self._with_numbers(fresh, joined, row, known)
        held = self._held(name, fresh, known, zeros) if known and kept else fresh
        # answers that this publication does not show were published nevertheless
        noted, units = held.but(lacking).without_waiting(), fresh.units
        if known:
            noted, held, units = known.merged(noted), known.merged(held), known.units or units
            new = not (kept and (self.waits(name) or name in self.waiting))
            noted = noted.beside(fresh) if new else noted
        self.used[name] = replace(noted, exclusive=fresh.exclusive, units=units)
        return held.ordered(fresh.answers), lacking

    def _nearest(self, name: str, fresh: Column, least: int, *, kept: bool) -> Leader | None:
        """Return the column whose numbers one has that is shown for the first time, if any.

        One that is drawn can be that of others. Whether it is shown follows from that column: its
        own noise, by which it is smaller or larger, would tell that their units are not the same.
        """
        if not least or name in self._shown:
            return None
        self._shown.add(name)
        near = None if kept else self.neighbours.nearest(name, fresh.units)
        if near:
            other = self.used.get(near.name) or self.ledger.columns[near.name]
            near = near._replace(far=near.far or far_off(fresh.whole, other.whole))
        if (fresh.hidden or fresh.largest < least) and (near is None or near.far):
            self.neighbours.leave_out(name, fresh.units)
            return None
        if near or kept:
            return near
        if self.neighbours.is_left_out(name, fresh.units):
            return Leader("", far=True)
        if made_of := self.neighbours.of_the_same_answers(name, fresh):
            return made_of
        self.neighbours.lead(name, fresh)
        return None

    def _with_numbers(
        self, fresh: Column, joined: Joined, row: int, known: Column | None
    ) -> tuple[Column, Flags]:
        """Return a column with the numbers of the one that it is like, and which answers it lacks.

        What is known of it is printed as it is.
        """
        other = self.used.get(fresh.like) or self.ledger.columns.get(fresh.like)
        if other is None:
            return fresh, np.zeros(len(fresh.answers), dtype=bool)
        fresh, lacking = fresh.with_numbers_of(other, joined.unions(row), joined.all_given)
        if known:
            lacking &= [answer not in known.places for answer in fresh.answers]
        return fresh, lacking

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
            {**self.ledger.records, **self.records_as_published(self.used)},
            self.ledger.publications,
            self.neighbours.units,
            {**self.ledger.questions, **self.questions_as_published(self.used)},
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

    def note(self, edition: str) -> Noted:
        """Return what says of a publication whether it stands in the ledger: not yet."""
        self.notes.append(Noted(edition))
        return self.notes[-1]
