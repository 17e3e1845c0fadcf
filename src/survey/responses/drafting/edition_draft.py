"""Draft the questionnaire of an edition from a file whose codebook nobody has written yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from survey.codebook import Codebook, Edition, Family, Question
from survey.codebook.question_rules import TAKEN
from survey.codebook.release_calendar import Release
from survey.errors import ExportError, Problem
from survey.exports import Export, read_export, year_of
from survey.exports.heading_line import read_headings
from survey.responses.drafting.choices import draft_choices
from survey.responses.drafting.column_kinds import free_concept, new_matrix, new_question, topic_of
from survey.responses.drafting.conditions import with_conditions
from survey.responses.drafting.facts import (
    FIXED_HEADINGS,
    Answered,
    Column,
    column_of,
    columns_of,
    earlier_answers,
    provisional,
)
from survey.responses.drafting.fit import fit, looks_open
from survey.responses.drafting.headings import Pair, pair_headings
from survey.responses.drafting.matrices import known_rows, renamed_matrices, unknown_matrices
from survey.responses.drafting.proposal import Draft, Proposal
from survey.responses.drafting.returning_people import doubt_other_answers
from survey.responses.drafting.texts import Listing

__all__ = ["draft_edition"]

_OTHER_QUESTION = 0.25
_ENOUGH = 8
_FITS = 0.6
_NEARLY_ALL = 0.9


def draft_edition(
    codebook: Codebook,
    name: str,
    paths: Sequence[str | Path],
    earlier: Sequence[Export] = (),
) -> Draft:
    """Return what the exports of an edition say about its questionnaire.

    Parameters
    ----------
    codebook
        What is known. If it has the edition, the draft says what this one lacks.
    name
        Name of the edition, usually the year.
    paths
        Exports of the edition, one column per question (``Survey_*.csv``).
    earlier
        Exports of earlier editions: how often answers were given then tells renamed answers
        from new ones, and answers that are no longer offered from rare ones.

    Raises
    ------
    ExportError
        If a file cannot be read.

    Examples
    --------
    >>> draft = draft_edition(read_codebook(), "2026", ["Survey_2026.csv"])  # doctest: +SKIP
    >>> [each.question.concept for each in draft.open]  # doctest: +SKIP
    ['compute_cores', 'gpu_count']
    """
    base = codebook.editions.get(name) or _newest_before(codebook, name)
    exports = [_read(path, codebook, base, name) for path in paths]
    work = _Work(codebook, base, name, columns_of(exports), earlier_answers(earlier))
    proposals = with_conditions(base, work.proposals(), work.not_asked)
    changed = sum(each.inherited is not None for each in proposals)
    order = {column.heading: column.place for column in work.columns.values()}
    proposals = tuple(sorted(proposals, key=lambda each: order.get(each.question.heading, 0)))
    return Draft(
        name,
        base.name,
        proposals,
        MappingProxyType(work.not_asked),
        MappingProxyType(work.releases),
        unchanged=len(base.questions) - len(work.not_asked) - changed,
        other_years=MappingProxyType(dict(_other_years(exports, name))),
    )


def _other_years(exports: Sequence[Export], name: str) -> Iterator[tuple[str, str]]:
    """Yield files of which nearly all records are dated in another year than the edition's."""
    for export in exports:
        year, share = year_of(export)
        if year and year != name and share >= _NEARLY_ALL and name.isdigit():
            yield export.name, year


def _newest_before(codebook: Codebook, name: str) -> Edition:
    """Return the edition that the survey system exported last before ``name``."""
    known = [each for each in codebook if each.layout.family is Family.SURVEY_BUILDER]
    return [each for each in known if each.name < name][-1] if known[0].name < name else known[0]


def _read(path: str | Path, codebook: Codebook, base: Edition, name: str) -> Export:
    headings = read_headings(path)
    _refuse_flat(Path(path), headings, base)
    edition = provisional(base, name, headings)
    known = replace(codebook, editions=MappingProxyType({**codebook.editions, name: edition}))
    return read_export(path, edition=name, codebook=known)


def _refuse_flat(path: Path, headings: Sequence[str], base: Edition) -> None:
    flat = [q for q in base.questions if q.flat and not q.kind.by_row]
    spread = [q for q in flat if q.heading not in headings and set(q.flat_headings) & set(headings)]
    if spread:
        problem = Problem(
            f"{path.name}, line 1",
            f"one column for each choice of {spread[0].heading!r}: a flat export",
            "one column for each question",
            "draft from the Survey_*.csv export of the same edition",
        )
        raise ExportError(f"Cannot draft a codebook from {path.name}", [problem])


@dataclass
class _Work:
    """A draft while it is being made."""

    codebook: Codebook
    base: Edition
    name: str
    columns: Mapping[str, Column]
    before: Mapping[str, Answered]
    not_asked: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    releases: dict[Release, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.taken = {*self.codebook.concepts, *TAKEN}

    def proposals(self) -> Iterator[Proposal]:
        """Yield what differs from the base, question by question."""
        held = dict(self._held())
        strange = self._without_strangers(held)
        used = {heading for question in held.values() for heading in _headings(question)}
        free = [c for h, c in self.columns.items() if h not in used and h not in FIXED_HEADINGS]
        asked = (q for q in self.base.questions if not q.coded_from)
        absent = [q for q in asked if q.concept not in held]
        for proposal in self._renamed(held, free, absent):
            yield proposal
            used |= set(_headings(proposal.question))
            absent = [q for q in absent if q.concept != proposal.question.concept]
        for question in absent:
            self.not_asked[question.concept] = strange.get(
                question.concept, f"no column {question.heading!r}"
            )
        for question in held.values():
            known = self._known(self.base.by_concept[question.concept], question)
            if known is not None:
                yield known
        yield from self._new([column for column in free if column.heading not in used])

    def _held(self) -> Iterator[tuple[str, Question]]:
        """Yield the questions of the base whose columns the file has."""
        for question in self.base.questions:
            if question.kind.by_row:
                rows = known_rows(question, self.columns)
                if rows:
                    yield question.concept, replace(question, rows=rows)
            elif question.heading in self.columns:
                yield question.concept, question

    def _without_strangers(self, held: dict[str, Question]) -> dict[str, str]:
        """Take out questions under whose heading something else is answered now."""
        strange = {}
        for concept, question in list(held.items()):
            column = column_of(question, self.columns)
            if column is None or column.answered < _ENOUGH or question.kind.free_text:
                continue
            share = fit(column, question, self.codebook.calendar)
            if question.kind.names_organization or share >= _OTHER_QUESTION:
                continue
            listed = question.kind.picked and not looks_open(column)
            if listed and not self._is_of_another(column):
                continue
            strange[concept] = (
                f"under {question.heading!r} stand other answers than it lists: {share:.0%} fit"
            )
            del held[concept]
        return strange

    def _is_of_another(self, column: Column) -> bool:
        """Whether another question of the base fits the column."""
        others = (q for q in self.base.questions if q.unit is column.unit and q.kind.closed)
        best = max((fit(column, other, self.codebook.calendar) for other in others), default=0)
        return best >= _FITS

    # Renamed headings

    def _renamed(
        self, held: Mapping[str, Question], free: Sequence[Column], absent: Sequence[Question]
    ) -> Iterator[Proposal]:
        single = [question for question in absent if not question.kind.by_row]
        known = dict.fromkeys(self.columns, "")
        known |= {h: q.concept for q in held.values() for h in _headings(q) if h in known}
        order = list(self.base.by_concept)
        for pair in pair_headings(free, single, known, order, self.codebook.calendar):
            yield self._from_pair(pair)
        for question, renamed, why in renamed_matrices(absent, free):
            yield self._complete(question, renamed, [], [why])

    def _from_pair(self, pair: Pair) -> Proposal:
        old, heading = pair.question, pair.column.heading
        said = (
            f"{old.heading!r} seems to be called {heading!r} now: {pair.fit:.0%} of the answers "
            f"fit, the words are alike to {pair.likeness:.0%}"
        )
        rivals = [f"{heading!r} could also be {' or '.join(pair.rivals)}"] if pair.rivals else []
        evidence, doubts = ([said], []) if pair.sure else ([], [said, *rivals])
        return self._complete(old, replace(old, heading=heading), evidence, doubts)

    def _complete(
        self, old: Question, question: Question, evidence: list[str], doubts: list[str]
    ) -> Proposal:
        listed, listing = self._choices(question)
        evidence, doubts = [*evidence, *listing.evidence], [*doubts, *listing.doubts]
        return self._proposal(old, listed, evidence, doubts, listing.remarks)

    # Known headings

    def _known(self, old: Question, question: Question) -> Proposal | None:
        """Return a proposal for a question whose heading the file has, if anything differs."""
        listed, listing = self._choices(question)
        if listed.write_in_of in self.not_asked:
            listing.evidence.append(f"{listed.write_in_of} is not asked any more")
            listed = replace(listed, write_in_of="")
        gone = [row.label for row in old.rows if row not in question.rows]
        new = [row.label for row in question.rows if row not in old.rows]
        if gone:
            listing.doubts.append(f"rows without a column: {', '.join(map(repr, gone))}")
        if new:
            listing.doubts.append(f"new rows: {', '.join(map(repr, new))}")
        if listed == old and not listing.doubts:
            return None
        return self._proposal(old, listed, listing.evidence, listing.doubts, listing.remarks)

    def _choices(self, question: Question) -> tuple[Question, Listing]:
        column = column_of(question, self.columns)
        if column is None:
            return question, Listing(list(question.choices))
        others = [
            edition.by_concept[question.concept]
            for edition in self.codebook
            if question.concept in edition.by_concept
        ]
        before = self.before.get(question.concept, Answered(""))
        calendar = self.codebook.calendar
        listed, listing = draft_choices(question, column, others, before, calendar, self.name)
        alike = self._before_alike(question)
        doubt_other_answers(listing, question, column, before, alike, others)
        self.releases |= listing.releases
        return listed, listing

    def _before_alike(self, question: Question) -> dict[str, Answered]:
        """Return what was answered before to the other questions with the same choices."""
        alike = (
            q
            for q in self.base.questions
            if q.labels == question.labels and q.unit is question.unit
        )
        return {
            q.heading: self.before[q.concept]
            for q in alike
            if q.concept != question.concept and q.concept in self.before
        }

    def _proposal(
        self,
        old: Question,
        question: Question,
        evidence: Sequence[str],
        doubts: Sequence[str],
        remarks: Mapping[str, str],
    ) -> Proposal:
        if question.kind is not old.kind:
            return self._as_another(old, question, tuple(evidence), tuple(doubts))
        question = replace(question, confirmed=old.confirmed and not doubts)
        return Proposal(question, old, tuple(evidence), tuple(doubts), remarks=remarks)

    def _as_another(
        self, old: Question, question: Question, evidence: tuple[str, ...], doubts: tuple[str, ...]
    ) -> Proposal:
        """Return a question that is answered in another way: one of its own, not comparable."""
        concept = self._name(old.concept)
        column = column_of(question, self.columns)
        self.not_asked[old.concept] = f"answered in another way now, as {concept}"
        question = replace(
            question,
            concept=concept,
            series=concept,
            measure="",
            ordinal=False,
            choices=tuple(replace(choice, band=None) for choice in question.choices),
            topic=topic_of(column, "") if column else "",
            confirmed=False,
        )
        after = self._before(column) if column else ""
        return Proposal(question, None, evidence, doubts, after=after)

    # New headings

    def _new(self, columns: Sequence[Column]) -> Iterator[Proposal]:
        private = self._private_texts()
        matrices = unknown_matrices(columns)
        inside = {column.heading for some in matrices.values() for column in some}
        for heading, some in matrices.items():
            concept = self._name(heading)
            new = new_matrix(heading, some, concept)
            yield self._proposal_of_new(new.question, new.evidence, new.doubts, some[0])
        closed: Column | None = None
        concept = ""
        for column in columns:
            if column.heading in inside:
                continue
            own = self._name(column.heading)
            new = new_question(column, own, private)
            question = new.question
            if question.kind.free_text and closed and _explains(column, closed):
                question = replace(question, write_in_of=concept)
            yield self._proposal_of_new(question, new.evidence, new.doubts, column)
            if question.kind.picked:
                closed, concept = column, own

    def _proposal_of_new(
        self,
        question: Question,
        evidence: tuple[str, ...],
        doubts: tuple[str, ...],
        column: Column,
    ) -> Proposal:
        question = replace(question, confirmed=not doubts)
        return Proposal(question, None, evidence, doubts, after=self._before(column))

    def _name(self, heading: str) -> str:
        concept = free_concept(heading, self.taken)
        self.taken.add(concept)
        return concept

    def _before(self, column: Column) -> str:
        """Return the concept of the nearest known question before a column."""
        held = {heading: q.concept for q in self.base.questions for heading in _headings(q)}
        before = [
            other
            for other in self.columns.values()
            if other.place < column.place and other.unit is column.unit and other.heading in held
        ]
        nearest = max(before, key=lambda other: other.place, default=None)
        concept = held[nearest.heading] if nearest else ""
        return "" if concept in self.not_asked else concept

    def _private_texts(self) -> set[str]:
        """Return the texts of columns that can hold a name."""
        private = [
            question.heading
            for question in self.base.questions
            if question.personal or not question.kind.closed
        ]
        return {
            text
            for heading in private
            if heading in self.columns
            for text in self.columns[heading].texts
        }


def _explains(column: Column, closed: Column) -> bool:
    """Whether a text stands behind a closed question and is called its "other"."""
    near = 0 < column.place - closed.place <= 2 and column.unit is closed.unit
    said = column.heading.casefold()
    return near and ("other" in said or "specify" in said)


def _headings(question: Question) -> tuple[str, ...]:
    return question.matrix_headings if question.kind.by_row else (question.heading,)
