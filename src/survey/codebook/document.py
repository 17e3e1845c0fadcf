"""One codebook file: its ``[edition]`` table and its ``[[questions]]``, with their mistakes.

A document collects problems instead of stopping at the first, so that a person who writes a
codebook gets one list to work through.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from survey.codebook.codebook import Edition
from survey.codebook.fields import Fields
from survey.codebook.layout import Family, FileLayout, read_layout
from survey.codebook.question import Band, Choice, Condition, Kind, Missing, Question, Unit
from survey.codebook.question_rules import mistakes, unreachable
from survey.codebook.release_calendar import Calendar, Release
from survey.codebook.release_entries import by_calendar, read_releases
from survey.codebook.release_questions import RELEASES
from survey.codebook.right_entries import right_values
from survey.codebook.vocabulary import NEUTRAL, OPENSTACK, Vocabulary, read_words
from survey.errors import Problem, did_you_mean

__all__ = ["Document"]

_EDITION_KEYS = (
    "name",
    "names",
    "title",
    "status",
    "extends",
    "not_asked",
    "opened",
    "closed",
    "note",
)
_QUESTION_TEXTS = (
    "concept",
    "heading",
    "title",
    "series",
    "measure",
    "write_in_of",
    "note",
    "separator",
    "topic",
)
_QUESTION_FLAGS = ("required", "flat", "personal", "ordinal", "multiple", "confirmed")
_QUESTION_LISTS = ("choices", "rows")
_QUESTION_KEYS = (
    *_QUESTION_TEXTS,
    *_QUESTION_FLAGS,
    *_QUESTION_LISTS,
    "kind",
    "unit",
    "after",
    "choices_by_edition",
    "shown_if",
)
_CHOICE_KEYS = (
    "value",
    "label",
    "low",
    "high",
    "missing",
    "column",
    "renamed_from",
    "confirmed",
    "also",
)
_TABLES = ("edition", "layout", "vocabulary", "releases", "questions")
_FORMER_KEYS = {"without": "not_asked", "formerly": "renamed_from"}
_NEEDED = ("concept", "heading", "title", "kind", "unit")
_STATUSES = ("observed", "assumed")
_CONCEPT = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class Document:
    """The content of one codebook file; ``right`` where tests have looked for its mistakes."""

    name: str
    content: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    right: bool = False

    @cached_property
    def head(self) -> Fields | None:
        """The ``[edition]`` table, or None if there is none or it names no edition."""
        head = self.content.get("edition")
        where = f"{self.name}, [edition]"
        if not isinstance(head, dict):
            self._wrong(self.name, "no [edition] table", "[edition] with a name")
            return None
        for key in sorted(set(self.content) - set(_TABLES)):
            hint = did_you_mean(key, _TABLES)
            self._wrong(self.name, f"unknown table {key!r}", "", hint)
        fields = self._current(where, head)
        fields.only(_EDITION_KEYS)
        if not self._names(fields):
            self._wrong(where, "no name", 'name = "2018"')
            return None
        return fields

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The editions that the file describes."""
        return self._names(self.head) if self.head else ()

    @property
    def extends(self) -> str:
        """The edition from which it takes what it does not say, or an empty text."""
        return self.head.text("extends") if self.head else ""

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The series that the file adds to the calendar of releases."""
        return tuple(read_releases(self.name, self.content.get("releases", []), self.problems))

    def editions(self, known: Mapping[str, Edition], calendar: Calendar) -> Iterator[Edition]:
        """Yield the editions; ``known`` are those that can be extended."""
        head = self.head
        if head is None:
            return
        parent = known.get(self.extends)
        if self.extends and parent is None:
            self._wrong(
                head.where,
                f"extends = {self.extends!r}",
                "an edition that is known",
                did_you_mean(self.extends, known),
            )
        for name in self.names:
            questions = self._questions(name, self._inherited(parent), calendar)
            layout = self._layout(parent)
            vocabulary = self._vocabulary(parent, layout)
            edition = self._edition(head, name, questions)
            yield replace(edition, layout=layout, vocabulary=vocabulary)

    def _names(self, head: Fields) -> tuple[str, ...]:
        return head.texts("names") or tuple(filter(None, [head.text("name")]))

    def _layout(self, parent: Edition | None) -> FileLayout:
        inherited = parent.layout if parent else FileLayout()
        if "layout" not in self.content:
            return inherited
        fields = Fields(f"{self.name}, [layout]", self.content["layout"], self.problems)
        return read_layout(fields, inherited)

    def _vocabulary(self, parent: Edition | None, layout: FileLayout) -> Vocabulary:
        ours = NEUTRAL if layout.family is Family.TABLE else OPENSTACK
        inherited = parent.vocabulary if parent else ours
        if "vocabulary" not in self.content:
            return inherited
        where = f"{self.name}, [vocabulary]"
        fields = Fields(where, self.content["vocabulary"], self.problems)
        return inherited.replaced(read_words(fields))

    def _inherited(self, parent: Edition | None) -> dict[str, Question]:
        questions = dict(parent.by_concept) if parent else {}
        for concept in self.head.texts("not_asked") if self.head else ():
            if questions.pop(concept, None) is None:
                self._wrong(
                    f"{self.name}, [edition]",
                    f"not_asked {concept!r}",
                    "a concept of the edition that it extends",
                    did_you_mean(concept, questions),
                )
        return questions

    def _edition(self, head: Fields, name: str, questions: Iterable[Question]) -> Edition:
        status = head.text("status") or "observed"
        if status not in _STATUSES:
            self._wrong(
                head.where,
                f"status = {status!r}",
                f"one of {', '.join(_STATUSES)}",
                did_you_mean(status, _STATUSES),
            )
        opened, closed = head.day("opened"), head.day("closed")
        if opened and closed and closed < opened:
            self._wrong(head.where, f"opened = {opened}, closed = {closed}", "opened first")
        title = head.text("title") or self._usual_title()
        return Edition(
            name=name,
            title=title.replace("{name}", name),
            status=status,
            questions=tuple(sorted(questions, key=lambda each: each.unit is Unit.DEPLOYMENT)),
            opened=opened,
            closed=closed,
            note=head.text("note"),
        )

    def _usual_title(self) -> str:
        return "{name}" if self._of_another_survey else "OpenStack User Survey {name}"

    @property
    def _of_another_survey(self) -> bool:
        layout = self.content.get("layout")
        return isinstance(layout, dict) and layout.get("family") == Family.TABLE

    def _questions(
        self, edition: str, inherited: dict[str, Question], calendar: Calendar
    ) -> tuple[Question, ...]:
        entries = self.content.get("questions", [])
        if not isinstance(entries, list):
            self._wrong(self.name, "questions that are not a list", "[[questions]]")
            return tuple(inherited.values())
        questions, declared = dict(inherited), Counter[str]()
        for number, entry in enumerate(entries, start=1):
            concept = entry.get("concept", "no concept") if isinstance(entry, dict) else entry
            where = f"{self.name}, question {number} ({concept})"
            declared[str(concept)] += 1
            question = self._question(where, entry, edition, inherited.get(str(concept)))
            if declared[str(concept)] == 2:
                self._wrong(where, "a concept used twice", "each concept once")
            elif question is not None:
                if question.concept == RELEASES:
                    question = by_calendar(where, question, calendar, self.problems)
                _put(questions, question, self._after(where, entry, questions))
        self._check_edition(questions, {*questions, *declared})
        return tuple(questions.values())

    def _after(self, where: str, entry: Mapping[str, Any], known: Iterable[str]) -> str:
        """Return the concept behind which the form asks the question, if the file names one."""
        if "after" not in entry:
            return ""
        after = Fields(where, entry, self.problems).text("after")
        if after and after not in known:
            hint = did_you_mean(after, known)
            self._wrong(where, f"after = {after!r}", "a concept that the form asks before", hint)
            return ""
        return after

    def _question(
        self, where: str, entry: object, edition: str, inherited: Question | None
    ) -> Question | None:
        if self.right and isinstance(entry, dict) and (inherited or entry.keys() >= set(_NEEDED)):
            return _question_of(right_values(entry, edition), inherited)
        before = len(self.problems)
        fields = Fields(where, entry, self.problems)
        fields.only(_QUESTION_KEYS)
        lacking = [key for key in _NEEDED if not inherited and key not in fields]
        if lacking:
            self._wrong(where, f"no {', '.join(lacking)}", "every question to have them")
        if not _CONCEPT.fullmatch(concept := fields.text("concept") or "none"):
            self._wrong(where, f"concept = {concept!r}", "small letters, digits and underscores")
        values = self._values(fields, edition)
        if len(self.problems) > before:
            return None
        question = _question_of(values, inherited)
        if not self.right:
            self.problems.extend(mistakes(where, question, other=self._of_another_survey))
        return question

    def _values(self, fields: Fields, edition: str) -> dict[str, Any]:
        """Return the arguments of a Question that the entry gives."""
        values: dict[str, Any] = {}
        values.update({key: fields.text(key) for key in _QUESTION_TEXTS if key in fields})
        values.update({key: fields.flag(key) for key in _QUESTION_FLAGS if key in fields})
        if "kind" in fields:
            values["kind"] = fields.member("kind", Kind)
        if "unit" in fields:
            values["unit"] = fields.member("unit", Unit)
        for key in _QUESTION_LISTS:
            if key in fields:
                values[key] = tuple(self._choices(f"{fields.where}, {key}", fields.items(key)))
        if "shown_if" in fields:
            values["shown_if"] = tuple(self._conditions(fields))
        by_edition = fields.table("choices_by_edition")
        for name in sorted(set(by_edition) - set(self.names)):
            self._wrong(
                fields.where, f"choices_by_edition of {name!r}", f"one of {', '.join(self.names)}"
            )
        if edition in by_edition:
            where = f"{fields.where}, choices of {edition}"
            items = Fields(where, by_edition, self.problems).items(edition)
            values["choices"] = tuple(self._choices(where, items))
        return values

    def _conditions(self, fields: Fields) -> Iterator[Condition]:
        table = Fields(f"{fields.where}, shown_if", fields.table("shown_if"), self.problems)
        for concept in fields.table("shown_if"):
            answers = table.texts(concept)
            if not answers:
                self._wrong(table.where, f"{concept} without answers", "labels of its choices")
            yield Condition(concept, answers)

    def _choices(self, where: str, entries: Iterable[object]) -> Iterator[Choice]:
        for entry in entries:
            if isinstance(entry, str) and entry:
                yield Choice(entry, entry)
                continue
            fields = self._current(where, entry)
            fields.only(_CHOICE_KEYS)
            value = fields.text("value")
            if not value:
                self._wrong(where, f"a choice without a value: {entry!r}", 'value = "..."')
                continue
            fields = Fields(f"{where}, {value!r}", fields.content, self.problems)
            missing = fields.member("missing", Missing) if "missing" in fields else None
            label, column = fields.text("label") or value, fields.text("column")
            renamed_from = fields.texts("renamed_from")
            confirmed = fields.flag("confirmed") if "confirmed" in fields else True
            band = self._band(fields)
            choice = Choice(value, label, band, missing, column, renamed_from, confirmed)
            yield choice
            for text in fields.texts("also"):
                yield replace(choice, value=text)

    def _band(self, fields: Fields) -> Band | None:
        low, high = fields.number("low"), fields.number("high")
        if low is None:
            if high is not None:
                self._wrong(fields.where, "high without low", "low, and high unless it is open")
            return None
        if high is not None and high < low:
            self._wrong(fields.where, f"low = {low}, high = {high}", "low up to high")
        return Band(low, high)

    def _current(self, where: str, content: object) -> Fields:
        """Return a table whose keys of former versions have their present names."""
        if isinstance(content, dict):
            for old, new in _FORMER_KEYS.items():
                if old in content:
                    message = f"{where}: the key {old!r} is called {new!r} now"
                    warnings.warn(message, FutureWarning, stacklevel=2)
            content = {_FORMER_KEYS.get(key, key): value for key, value in content.items()}
        return Fields(where, content, self.problems)

    def _check_edition(self, questions: Mapping[str, Question], declared: set[str]) -> None:
        for heading, times in Counter(each.heading for each in questions.values()).items():
            if times > 1:
                self._wrong(self.name, f"heading {heading!r} {times} times", "each heading once")
        self.problems.extend(unreachable(self.name, questions))
        for question in questions.values():
            if question.write_in_of and question.write_in_of not in declared:
                self._wrong(
                    f"{self.name}, question {question.concept!r}",
                    f"write_in_of = {question.write_in_of!r}",
                    "a concept of the same edition",
                    did_you_mean(question.write_in_of, declared),
                )

    def _wrong(self, where: str, got: str, expected: str = "", hint: str = "") -> None:
        self.problems.append(Problem(where, got, expected, hint))


def _question_of(values: Mapping[str, Any], inherited: Question | None) -> Question:
    if inherited is not None:
        return replace(inherited, **values)
    return Question(**{"series": values["concept"], **values})


def _put(questions: dict[str, Question], question: Question, after: str) -> None:
    """Add a question, behind another one where the file says so."""
    questions[question.concept] = question
    if after not in questions or after == question.concept:
        return
    order = [concept for concept in questions if concept != question.concept]
    order.insert(order.index(after) + 1, question.concept)
    moved = {concept: questions[concept] for concept in order}
    questions.clear()
    questions.update(moved)
