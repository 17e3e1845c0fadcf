"""New columns of a re-issue: they wait while few records of their edition changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

import numpy as np

from survey.dataclass import dataclass
from survey.disclosure.ledger.changed_questions import (
    Questions,
    few_changed,
    few_in_question,
    questions_as_published,
    questions_of,
)
from survey.disclosure.ledger.changed_records import (
    DERIVED,
    Records,
    as_published,
    changed_records,
    editions_of,
    records_of,
    waiting,
)
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.disclosure.ledger.ledger_file import Ledger
from survey.disclosure.ledger.near import OF_NUMBERS
from survey.responses import Responses

__all__ = ["NewColumns", "whose"]


@dataclass
class NewColumns:
    """What the ledger lacks, and whether it waits.

    Attributes
    ----------
    ledger
        What was published so far.
    corrections
        What is drawn anew whatever changed: question -> date and reason.
    records
        Edition -> unit -> its records today, where answers were compared with the published ones.
    changed
        Edition -> unit -> how many of its records differ from those that were published.
    questions
        Edition -> unit -> its answers today.
    few
        Edition -> question -> in how many records it has another answer than was published, of
        questions in which there are few.
    pending
        Groups of which some published columns have corrections that wait, see :func:`whose`.
    held
        Names of columns that wait, as they or some of their answers are new -> number of tables.
    """

    ledger: Ledger = field(default_factory=Ledger)
    corrections: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, Records]] = field(
        default_factory=dict, repr=False, kw_only=True
    )
    changed: Mapping[str, Mapping[str, int]] = field(default_factory=dict, kw_only=True)
    questions: Mapping[str, Mapping[str, Questions]] = field(
        default_factory=dict, repr=False, kw_only=True
    )
    few: Mapping[str, Mapping[str, int]] = field(default_factory=dict, kw_only=True)
    pending: frozenset[tuple[str, ...]] = field(default=frozenset(), kw_only=True)
    held: Counter[str] = field(default_factory=Counter, kw_only=True)
    _few_records: bool = field(default=False, kw_only=True, repr=False)

    def has_published(self, name: str) -> bool:
        """Return whether a column was published, for answers or for numbers."""
        return name in self.ledger.columns or name + OF_NUMBERS in self.ledger.columns

    def compare(self, bodies: Iterable[Responses]) -> None:
        """Note how many records of each edition differ today from those that were published."""
        known = tuple(bodies)
        self.records = records_of(known)
        self.changed = changed_records(known, self.ledger.records)
        self._few_records = _some_few(self.changed)
        self.questions = questions_of(known)
        self.few = few_changed(self.questions, self.ledger.questions)

    def groups_of_variables(
        self, asked: Iterable[tuple[str, Iterable[str]]]
    ) -> set[frozenset[str]]:
        """Return by what variables stand in groups: few may have changed in one of them.

        Parameters
        ----------
        asked
            Question, and by which others it stands, of each table of the publication.
        """
        groups = [(concept, frozenset(by) - {"edition"}) for concept, by in asked]
        return {by for concept, by in groups if by and concept in self._variables}

    @cached_property
    def _variables(self) -> frozenset[str]:
        """Variables of one's own, and others that are worked out from answers."""
        names = {n for units in self.questions.values() for q in units.values() for n in q.columns}
        return frozenset(n.removesuffix(f" {DERIVED}") for n in names if n.endswith(DERIVED))

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
        self.changed, self._few_records = found, _some_few(found)

    def waits(self, name: str) -> tuple[str, ...]:
        """Return the editions for which a column waits that was not published, if any."""
        if not (self.few or self._few_records or self.pending):
            return ()
        corrected = name.split("|")[1] in self.corrections
        all_of_it = () if corrected else waiting(name, self.changed)
        few = [edition for edition in editions_of(name) if self._rests_on_few(name, edition)]
        return tuple(dict.fromkeys([*all_of_it, *few]))

    def _rests_on_few(self, name: str, edition: str) -> bool:
        """Whether few answers changed to a question behind a column that is not drawn at once.

        A new variable may be made of any question: few changed in its group if so in one of them.
        """
        known, concept = self._known.get(edition), name.split("|")[1]
        if known is None:
            return False
        made = concept in self._variables and concept not in self.corrections
        if made and whose(name) in self.pending:
            return True
        few = self.few.get(edition, {}).keys() - self.corrections.keys()
        return bool(few) and few_in_question(name, few, known)

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        """Edition -> the questions of which the published answers are known, or drawn at once."""
        return {
            edition: frozenset(
                name.removesuffix(f" {DERIVED}") for each in units.values() for name in each.columns
            ).union(self.corrections)
            for edition, units in self.ledger.questions.items()
        }

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

    def records_as_published(self, columns: Iterable[str]) -> dict[str, Mapping[str, Records]]:
        """Return the records of the editions of this publication: today's unless few changed."""
        if not self.records:
            return {}
        editions = {edition for name in columns for edition in editions_of(name)}
        kept = {
            edition: as_published(
                self.ledger.records.get(edition, {}),
                self.records[edition],
                self.changed.get(edition, {}),
            )
            for edition in sorted(editions & {*self.records})
        }
        return {edition: records for edition, records in kept.items() if records}

    def questions_as_published(self, columns: Iterable[str]) -> dict[str, Mapping[str, Questions]]:
        """Return the answers of the editions of this publication, as they were published.

        Where the ledger does not know them and few records changed, nobody does.
        """
        editions = {edition for name in columns for edition in editions_of(name)}
        before = self.ledger.questions
        return {
            edition: questions_as_published(before, self.questions, edition)
            for edition in sorted(editions & {*self.questions})
            if edition in before or not _some_few({edition: self.changed.get(edition, {})})
        }


def _some_few(changed: Mapping[str, Mapping[str, int]]) -> bool:
    """Return whether there is an edition of which some records changed, and few."""
    return any(0 < number < ENOUGH for units in changed.values() for number in units.values())


def whose(name: str) -> tuple[str, ...]:
    """Return unit, edition, group and selection of a column.

    Examples
    --------
    >>> whose("deployment|compute_cores|answered||2019|region=Europe|numbers")
    ('deployment', '2019', 'region=Europe')
    """
    unit, _, _, _, *group = name.replace(OF_NUMBERS, "").split("|")
    return unit, *group
