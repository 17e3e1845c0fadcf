"""Codebook: the questions of every edition, found by concept or by export heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from survey.checked import checked, takes_texts
from survey.codebook.layout import SURVEY_SYSTEM, FileLayout
from survey.codebook.question import Question, Unit
from survey.codebook.release_calendar import Calendar
from survey.codebook.releases import shipped_calendar
from survey.codebook.view import html_table, html_title
from survey.codebook.vocabulary import OPENSTACK, Vocabulary
from survey.dataclass import dataclass
from survey.errors import CodebookError, Problem, did_you_mean

__all__ = ["Codebook", "Edition"]


@dataclass(frozen=True)
class Edition:
    """The questionnaire of one edition.

    Attributes
    ----------
    name
        Short name, usually the year: ``"2018"``.
    title
        Name for readers.
    status
        ``"observed"`` when the questionnaire is known, ``"assumed"`` when it is not public.
    opened, closed
        First and last day on which answers were taken, when known.
    questions
        In the order of the form, respondent questions first.
    layout
        How files of the edition are laid out.
    vocabulary
        What the survey calls those who answer and what they describe.
    """

    name: str
    title: str
    status: str
    questions: tuple[Question, ...]
    opened: date | None = None
    closed: date | None = None
    note: str = ""
    layout: FileLayout = SURVEY_SYSTEM
    vocabulary: Vocabulary = OPENSTACK

    @cached_property
    def by_concept(self) -> Mapping[str, Question]:
        """Concept -> question."""
        return MappingProxyType({question.concept: question for question in self.questions})

    @cached_property
    def by_heading(self) -> Mapping[str, Question]:
        """Name in the survey system -> question."""
        return MappingProxyType({question.heading: question for question in self.questions})

    @property
    def assumed(self) -> bool:
        """Whether the questionnaire is assumed rather than observed."""
        return self.status == "assumed"

    def of_unit(self, unit: Unit) -> tuple[Question, ...]:
        """Return the questions about ``unit``, in form order."""
        return tuple(question for question in self.questions if question.unit is unit)

    @takes_texts(CodebookError)
    def question(self, concept: str) -> Question:
        """Return the question behind ``concept``.

        Raises
        ------
        CodebookError
            If this edition did not ask it.
        """
        try:
            return self.by_concept[concept]
        except KeyError:
            raise _unknown("concept", concept, self.by_concept, f"edition {self.name}") from None

    @checked(CodebookError)
    def bind(self, concept: str, heading: str) -> Edition:
        """Return a copy in which ``concept`` is read from the column ``heading``.

        Raises
        ------
        CodebookError
            If the concept is unknown, or another question holds the heading.
        """
        question = self.question(concept)
        holder = self.by_heading.get(heading)
        if holder is not None and holder.concept != concept:
            problem = Problem(
                f"edition {self.name}",
                f"heading {heading!r} for {concept!r}",
                "a heading of its own for each concept",
                f"{heading!r} already holds {holder.concept!r}",
            )
            raise CodebookError(f"Cannot bind {concept!r}", [problem])
        bound = replace(question, heading=heading)
        questions = tuple(bound if each is question else each for each in self.questions)
        return replace(self, questions=questions)

    @checked(CodebookError)
    def with_question(self, question: Question) -> Edition:
        """Return a copy that has ``question``, too, after the one that it is coded from.

        Raises
        ------
        CodebookError
            If there is such a concept or heading already.
        """
        if question.concept in self.by_concept or question.heading in self.by_heading:
            problem = Problem(
                f"edition {self.name}", repr(question.concept), "a concept that is not there yet"
            )
            raise CodebookError(f"Cannot add {question.concept!r}", [problem])
        source = self.by_concept.get(question.coded_from)
        place = self.questions.index(source) + 1 if source else len(self.questions)
        questions = (*self.questions[:place], question, *self.questions[place:])
        return replace(self, questions=questions)

    def __repr__(self) -> str:
        return f"<Edition {self.name}{' (assumed)' * self.assumed}: {self._size}>"

    @property
    def _size(self) -> str:
        respondent, deployment = (len(self.of_unit(u)) for u in (Unit.RESPONDENT, Unit.DEPLOYMENT))
        return f"{respondent} questions on respondents, {deployment} on deployments"

    def _repr_html_(self) -> str:
        taken = (
            f"answers from {self.opened or 'an unknown day'} to {self.closed or 'an unknown day'}"
        )
        lines = (f"{self.status}; {self._size}; {taken}", self.note)
        rows = ((q.concept, q.title, q.kind, q.unit, q.heading) for q in self.questions)
        columns = ("concept", "title", "kind", "per", "heading")
        return html_title(self.title, *lines) + html_table(columns, rows)


@dataclass(frozen=True)
class Codebook:
    """The questionnaires of all editions.

    Attributes
    ----------
    editions
        Name -> edition, oldest first.
    calendar
        The release series: those that are shipped, and those that codebook files add.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> codebook = read_codebook()
    >>> codebook.question("organization_size", "2018").heading
    'OrgSizeSydney'
    >>> codebook.question("organization_size", "2017").heading
    'OrgSize'
    """

    editions: Mapping[str, Edition]
    calendar: Calendar = field(default_factory=shipped_calendar)

    def __iter__(self) -> Iterator[Edition]:
        return iter(self.editions.values())

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """Every concept that any edition asks, newest edition first."""
        newest_first = reversed(tuple(self.editions.values()))
        return tuple(dict.fromkeys(c for edition in newest_first for c in edition.by_concept))

    @takes_texts(CodebookError)
    def edition(self, name: str) -> Edition:
        """Return one edition.

        Raises
        ------
        CodebookError
            If there is no such edition.
        """
        try:
            return self.editions[str(name)]
        except KeyError:
            raise _unknown("edition", str(name), self.editions, "the codebook") from None

    @takes_texts(CodebookError)
    def question(self, concept: str, edition: str | None = None) -> Question:
        """Return the question behind ``concept`` in ``edition``, or in the newest that asks it.

        Raises
        ------
        CodebookError
            If no edition, or not this one, asks it.
        """
        if edition is not None:
            return self.edition(edition).question(concept)
        for candidate in reversed(tuple(self.editions.values())):
            if concept in candidate.by_concept:
                return candidate.by_concept[concept]
        raise _unknown("concept", concept, self.concepts, "the codebook")

    @takes_texts(CodebookError)
    def asked_in(self, concept: str) -> tuple[str, ...]:
        """Return the names of the editions that ask ``concept``, oldest first."""
        return tuple(edition.name for edition in self if concept in edition.by_concept)

    @checked(CodebookError)
    def bind(self, edition: str, concept: str, heading: str) -> Codebook:
        """Return a copy in which one edition reads ``concept`` from the column ``heading``."""
        bound = self.edition(edition).bind(concept, heading)
        return replace(self, editions=MappingProxyType({**self.editions, bound.name: bound}))

    @checked(CodebookError)
    def with_questions(self, questions: Mapping[str, Iterable[Question]]) -> Codebook:
        """Return a copy whose editions have further questions: edition -> questions."""
        editions = dict(self.editions)
        for name, added in questions.items():
            for question in added:
                editions[name] = editions[name].with_question(question)
        return replace(self, editions=MappingProxyType(editions))

    @checked(CodebookError)
    def with_words(self, words: Mapping[str, str]) -> Codebook:
        """Return a copy whose editions use some ``words`` in place of their own."""
        editions = {
            each.name: replace(each, vocabulary=each.vocabulary.replaced(words)) for each in self
        }
        return replace(self, editions=MappingProxyType(editions))

    def __repr__(self) -> str:
        return f"<Codebook: {len(self.concepts)} concepts in editions {', '.join(self.editions)}>"

    def _repr_html_(self) -> str:
        rows = ((e.name, e.title, e.status, len(e.questions)) for e in self)
        table = html_table(("edition", "title", "questionnaire", "questions"), rows)
        return html_title("Codebook", f"{len(self.concepts)} concepts") + table


def _unknown(
    what: str,
    name: str,
    known: Mapping[str, object] | tuple[str, ...],
    where: str,
) -> CodebookError:
    hint = did_you_mean(name, known) or "'survey codebook' lists what there is"
    if what == "edition" and name.isalnum():
        own = f'sv.read_codebook("codebook/{name}.toml")'
        hint = f"{hint.rstrip('?')}; a codebook file of your own: codebook={own}"
    return CodebookError(
        f"Unknown {what} {name!r}", [Problem(where, repr(name), f"a known {what}", hint)]
    )
