"""Admission: what may not be published at all, whatever its counts.

Names of organizations and people, e-mail addresses and free text never leave. A table about
such a question is refused, and so is one that is grouped by anything that stands for one
organization, person or cloud. Every answer and group of a table must be a label that the
codebook lists, a name that a statistic gives, or one that the caller vouches for: a write-in
that slipped through as an answer is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import cache, cached_property
from typing import Any

import pandas as pd

from survey.codebook import Codebook, Question
from survey.codebook.geography import REGIONS, countries
from survey.dataclass import dataclass
from survey.errors import DisclosureError, Problem, did_you_mean
from survey.estimates.design.places import NOWHERE, REGION_OF
from survey.estimates.shares.selection import REST
from survey.estimates.table import Estimates, Measure
from survey.responses import ANOTHER, Responses
from survey.responses.responses import DEPLOYMENT_KEYS, RESPONDENT_KEYS

__all__ = ["Admission"]

#: Columns that stand for one organization, person or cloud.
IDENTIFIERS = frozenset((*RESPONDENT_KEYS, *DEPLOYMENT_KEYS)) - {"edition", "language", "copied"}

# one character before the sign is enough: with more, a long text is read again from each character
_EMAIL = re.compile(r"[^\s@<>(),;:](?:@|\s*(?:\(at\)|\[at\])\s*)[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_SHORTEST_NAME = 4


@dataclass(frozen=True)
class Admission:
    """Checks tables for what must not be published at all.

    Attributes
    ----------
    codebook
        Says which labels exist and which questions are about persons.
    vouched
        Further labels that the caller knows to be no write-ins.
    answers
        The answers behind the tables; when given, their organization names and free texts are
        looked for as well.
    """

    codebook: Codebook
    vouched: frozenset[str] = frozenset()
    answers: Responses | None = None
    _labels_of: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    _named: dict[str, bool] = field(default_factory=dict, init=False, repr=False)

    def problems(self, tables: Sequence[Estimates], *texts: str) -> list[Problem]:
        """Return everything that forbids to publish ``tables`` under titles ``texts``."""
        found = [
            problem
            for number, table in enumerate(tables, start=1)
            for problem in self._of_table(table.name or f"table {number}", table)
        ]
        found += [p for text in texts for p in self._of_text("the publication", "title", text)]
        names = Counter(table.name for table in tables if table.name)
        wanted, hint = "a name for each table", "table.named(name, topic)"
        found += [
            Problem(name, f"{number} tables of this name", wanted, hint)
            for name, number in names.items()
            if number > 1
        ]
        return found

    def check(self, tables: Sequence[Estimates], *texts: str) -> None:
        """Raise one error with everything that forbids to publish tables under titles.

        Raises
        ------
        DisclosureError
            If there is any.
        """
        if problems := self.problems(tables, *texts):
            raise DisclosureError("This cannot be published", problems)

    def _of_table(self, name: str, table: Estimates) -> Iterator[Problem]:
        yield from self._of_concept(name, table.spec.concept)
        for group in table.groups:
            yield from self._of_grouping(name, group)
        for column in table.frame.columns:
            if column in IDENTIFIERS and column not in table.groups:
                yield Problem(name, f"the column {column!r}", "no identifiers in a table")
        for column, values in _words(table):
            if column in _own_words(table):
                for value in values:
                    yield from self._of_text(name, f"column {column!r}", value)
            else:
                yield from self._of_labels(name, column, values, table)
        for place, text in (
            ("title", table.title),
            *(("note", note) for note in table.notes),
            *_option_texts(table),
        ):
            yield from self._of_text(name, place, text)

    def _of_concept(self, name: str, concept: str) -> Iterator[Problem]:
        if reason := self._private(concept):
            yield Problem(
                name,
                f"a table about {concept!r}, which is {reason}",
                "a closed question",
                "tabulate it for yourself; it cannot be published",
            )

    def _of_grouping(self, name: str, group: str) -> Iterator[Problem]:
        if reason := self._private(group):
            yield Problem(
                name,
                f"groups by {group!r}, which is {reason}",
                "groups that a closed question gives",
            )

    def _private(self, concept: str) -> str:
        """Say why a concept may not be published; nothing when it may."""
        if concept in IDENTIFIERS:
            return "an identifier"
        questions = self._questions(concept)
        if any(question.personal for question in questions):
            return "about persons"
        if any(question.kind.names_organization for question in questions):
            return "the name of an organization"
        return "free text" if any(not question.kind.closed for question in questions) else ""

    def _questions(self, concept: str) -> list[Question]:
        return [
            edition.by_concept[concept]
            for edition in self.codebook
            if concept in edition.by_concept
        ]

    def _of_labels(
        self, name: str, column: str, values: Sequence[str], table: Estimates
    ) -> Iterator[Problem]:
        concept = table.spec.concept if column == "answer" else column
        known = self._known(concept, table)
        calculated = table.statistic.calculates if table.statistic and column == "answer" else ""
        for number, value in enumerate(values, start=1):
            if calculated and re.fullmatch(calculated, value):
                continue
            if _EMAIL.search(value):
                yield Problem(name, f"an e-mail address in {column!r}", "labels of the codebook")
            elif value not in known:
                yield Problem(
                    name,
                    f"a label in {column!r} that the codebook does not list (the {number}. of its "
                    "labels; it may be what somebody wrote, so it is not quoted)",
                    "a label of the codebook",
                    did_you_mean(value, known)
                    or "if it is a label of your own, vouch for it: protect(..., labels=[...]); "
                    "a statistic names its own labels in `calculates`",
                )
            elif value.casefold() in self._private_texts and value not in self._listed:
                yield Problem(
                    name,
                    f"a label in {column!r} that somebody wrote as free text",
                    "labels of the codebook",
                )

    def _known(self, concept: str, table: Estimates) -> frozenset[str]:
        """Return the labels that may stand for ``concept``."""
        if concept == "edition":
            return frozenset(self.codebook.editions)
        found = self._labels(REGION_OF.get(concept, concept)).union(
            self.vouched, _nets_of(table), _joined(table), (REST, ANOTHER)
        )
        if table.measure is not Measure.SHARE or concept not in (table.spec.concept, *table.groups):
            found |= self._listed
        return found

    def _labels(self, concept: str) -> frozenset[str]:
        """Return the labels of a question, in all editions."""
        if concept not in self._labels_of:
            found: set[str] = set()
            for question in self._questions(concept):
                found |= {*question.labels, *question.row_labels}
                found |= {
                    f"{row} / {level}" for row in question.row_labels for level in question.labels
                }
                if question.kind.ticked:
                    found |= {"Yes", "No"}
                if question.kind.names_countries:
                    found |= _places()
            self._labels_of[concept] = frozenset(found)
        return self._labels_of[concept]

    @cached_property
    def _listed(self) -> frozenset[str]:
        """Every label of every question."""
        questions = [question for edition in self.codebook for question in edition.questions]
        return frozenset(
            label for question in questions for label in (*question.labels, *question.row_labels)
        )

    def _of_text(self, name: str, place: str, text: str) -> Iterator[Problem]:
        if _EMAIL.search(text):
            yield Problem(name, f"an e-mail address in the {place}", "no e-mail addresses")
        if text not in self._named:
            found = None if self._names is None else self._names.search(text.casefold())
            self._named[text] = found is not None
        if self._named[text]:
            yield Problem(
                name, f"the name of an organization in the {place}", "no names of organizations"
            )

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        """Names of organizations in the answers, but for those that are words of the codebook."""
        if self.answers is None:
            return None
        own = " ".join((*self._listed, *(q.title for e in self.codebook for q in e.questions)))
        words = own.casefold()
        names = {
            name.casefold().strip()
            for name in _organizations(self.answers)
            if len(name.strip()) >= _SHORTEST_NAME
        }
        kept = sorted(name for name in names if name not in words)
        alternatives = "|".join(re.escape(name) for name in kept)
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if kept else None

    @cached_property
    def _private_texts(self) -> frozenset[str]:
        """What respondents wrote into text fields, and names of organizations."""
        if self.answers is None:
            return frozenset()
        questions = (q for each in self.codebook for q in each.questions)
        written = frozenset(q.concept for q in questions if not q.kind.closed)
        key = (Admission, written)  # the same for every publication of these answers
        if key not in self.answers.remembered:
            self.answers.remembered[key] = frozenset(_texts(self.answers, written))
        found: frozenset[str] = self.answers.remembered[key]
        return found


def _texts(answers: Responses, concepts: Iterable[str]) -> Iterator[str]:
    """Yield what was written into some text fields and as names of organizations, folded."""
    found = set(_organizations(answers))
    for concept in concepts:
        for frame in (answers.respondents, answers.deployments):
            if concept in frame:
                found.update(frame[concept].dropna().astype(str).unique())
    return (text.casefold().strip() for text in found)


def _joined(table: Estimates) -> Iterator[str]:
    """Yield the names of groups that were taken together."""
    yield from (str(name) for name, _ in dict(table.spec.options).get("joined", ()))


def _nets_of(table: Estimates) -> tuple[str, ...]:
    """Return the names of answers that are unions of others, and of the rest behind a top."""
    given = dict(table.spec.options).get("nets") or {}
    pairs = given.items() if hasattr(given, "items") else given
    return tuple(str(name) for name, _ in pairs)


def _organizations(answers: Responses) -> Iterator[str]:
    for frame in (answers.respondents, answers.deployments):
        for column in ("organization", "organization_name"):
            if column in frame:
                yield from frame[column].dropna().astype(str).unique()


@cache
def _places() -> frozenset[str]:
    found: set[str] = {NOWHERE, *REGIONS}
    for code, country in countries().items():
        found |= {
            code,
            country.name,
            country.survey_name,
            country.region,
            country.subregion,
            country.continent,
        }
    return frozenset(found)


def _own_words(table: Estimates) -> frozenset[str]:
    """Return the columns in which the statistic says something in words of its own."""
    columns = table.statistic.columns if table.statistic else {}
    return frozenset(name for name, column in columns.items() if column.own_words)


def _words(table: Estimates) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns of words that can stand in a publication, with what stands in them."""
    statistic = table.statistic
    columns = table.frame.columns.tolist()
    if statistic is not None:
        columns = [c for c in columns if c not in statistic.columns or statistic.columns[c].public]
    for column in columns:
        values = table.frame[column]
        numeric = values.dtype.kind in "iufbM"
        if column == "status" or (numeric and column not in table.groups):
            continue
        yield str(column), [str(value) for value in values.unique() if not pd.isna(value)]


def _option_texts(table: Estimates) -> Iterator[tuple[str, str]]:
    def texts(value: Any) -> Iterable[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from texts(list(value.items()))
        elif isinstance(value, (list, tuple, set, frozenset)):
            for each in value:
                yield from texts(each)

    for name, value in table.spec.options:
        yield from ((f"option {name!r}", text) for text in texts(value))
