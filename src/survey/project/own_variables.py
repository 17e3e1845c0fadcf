"""``[[variables]]`` of a project file: questions of one's own, worked out or joined.

Four kinds, told apart by their keys::

    [[variables]]                         # answers taken together: coarser bands, unions of options
    name = "cloud_size"
    of = "compute_cores"
    title = "Size of the cloud"
    groups.Small = { at_most = "100 to 999 cores" }
    groups.Large = { at_least = "1,000 to 9,999 cores" }

    [[variables]]                         # at least, or at most, an answer
    name = "large_cloud"
    of = "compute_cores"
    at_least = "10,000 to 99,999 cores"
    labels = ["Large clouds", "Other clouds"]

    [[variables]]                         # a condition, of which all parts must hold
    name = "new_production"
    where = { deployment_stage = "Production", deployment_year = ["2023", "2024"] }

    [[variables]]                         # the columns of a table
    file = "members.csv"
    on = "organization"
    columns = ["membership"]

A variable can use those above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from survey.codebook import Question
from survey.codebook.fields import Fields
from survey.dataclass import dataclass
from survey.errors import Problem, ProjectError, ResponsesError, did_you_mean
from survey.project.settings_checks import FILE_NAME
from survey.responses import Aliases, Responses
from survey.responses.selecting import gave, rows_where

__all__ = ["VARIABLE_KEYS", "OwnVariable", "read_variables", "with_variables"]

VARIABLE_KEYS: Final = (
    "name", "title", "topic", "of", "groups", "at_least", "at_most", "where", "labels", "file",
    "on", "columns",
)  # fmt: skip
_KINDS = ("groups", "at_least or at_most", "where", "file")
_YES_NO = ("Yes", "No")


@dataclass(frozen=True, slots=True)
class Span:
    """The answers from one to another, in the order of the question."""

    at_least: str = ""
    at_most: str = ""


Members = Span | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnVariable:
    """A question of the project's own, as ``[[variables]]`` describes it.

    Attributes
    ----------
    where
        Place in the project file, for errors.
    name, title, topic
        What it is called, the question in words, and the chapter of the report that shows it.
    of
        The question whose answers are taken together, or compared.
    groups
        New answer -> the answers that it takes together.
    span
        Which answers count as the first label, the others as the second.
    conditions
        Concept -> answers of which one must have been given.
    labels
        What the two sides of a span or a condition are called.
    file, on, columns
        A table, the key that it has, and the columns that become questions; by default all.
    """

    where: str
    name: str = ""
    title: str = ""
    topic: str = ""
    of: str = ""
    groups: Mapping[str, Members] = field(default_factory=dict)
    span: Span | None = None
    conditions: Mapping[str, Members] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    file: Path | None = None
    on: str = ""
    columns: tuple[str, ...] = ()

    def added_to(self, answers: Responses, aliases: Aliases, key: bytes | None) -> Responses:
        """Return the answers with this variable."""
        if self.file is not None:
            return self._joined(answers, aliases, key)
        if self.groups:
            groups = {
                label: _members(answers, self.of, members) for label, members in self.groups.items()
            }
            return answers.derive(self.name, groups, of=self.of, title=self.title, topic=self.topic)
        conditions = self.conditions if self.span is None else {self.of: self.span}
        members = {name: _members(answers, name, each) for name, each in conditions.items()}
        first, second = self.labels or _YES_NO
        return answers.derive(
            self.name,
            lambda d: _all_hold(d, members),
            title=self.title,
            labels={True: first, False: second},
            topic=self.topic,
        )

    def _joined(self, answers: Responses, aliases: Aliases, key: bytes | None) -> Responses:
        assert self.file is not None
        table = pd.read_csv(self.file, dtype=str, encoding="utf-8-sig")
        unknown = [name for name in (self.on, *self.columns) if name not in table.columns]
        if unknown:
            known = ", ".join(map(str, table.columns[:8]))
            problems = [
                Problem(f"{self.file.name}, line 1", f"no column {name!r}", f"one of {known}")
                for name in unknown
            ]
            raise ResponsesError(f"Cannot join {self.file.name}", problems)
        columns = list(self.columns or (name for name in table.columns if name != self.on))
        return answers.join(table[[self.on, *columns]], self.on, aliases=aliases, key=key)


def with_variables(
    answers: Responses,
    variables: Sequence[OwnVariable],
    aliases: Aliases | None = None,
    key: bytes | None = None,
) -> Responses:
    """Return the answers with all variables of a project, each after those above it.

    Raises
    ------
    ProjectError
        If one cannot be made of these answers; the error says which, and why.
    """
    for variable in variables:
        try:
            answers = variable.added_to(answers, aliases or Aliases(), key)
        except (ResponsesError, OSError, ValueError) as error:
            problems = getattr(error, "problems", ()) or [Problem("", str(error), "a CSV table")]
            raise ProjectError(
                f"{variable.where} cannot be made: {getattr(error, 'message', 'no table')}",
                problems,
            ) from error
    return answers


# Answers that a file names


def _members(answers: Responses, concept: str, wanted: Members) -> tuple[str, ...]:
    """Return the answers that a list or a span names, over all editions."""
    if isinstance(wanted, tuple):
        rows_where(answers, {concept: wanted})  # refuses what is no answer
        return wanted
    answers.question(concept)  # refuses what is no question
    asked = _asked(answers, concept)
    listed = (label for each in asked for label in each.labels if label not in each.missing_labels)
    found = tuple(dict.fromkeys(listed))
    places = _places(asked, found)
    for label in (wanted.at_least, wanted.at_most):
        if label and label not in found:
            hint = did_you_mean(label, found)
            problem = Problem(concept, repr(label), f"an answer to {concept!r}", hint)
            raise ResponsesError("Unknown answer", [problem])
    low = places[wanted.at_least][0] if wanted.at_least else -np.inf
    high = places[wanted.at_most][1] if wanted.at_most else np.inf
    return tuple(label for label in found if low <= places[label][0] and places[label][1] <= high)


def _asked(answers: Responses, concept: str) -> list[Question]:
    books = (answers.codebook.edition(name).by_concept for name in answers.editions)
    return [book[concept] for book in books if concept in book]


def _places(asked: Sequence[Question], labels: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Return where each answer begins and ends: the edges of bands, else places in the list."""
    bands = {
        label: (band.low, np.inf if band.high is None else band.high)
        for each in asked
        for label, band in each.bands.items()
    }
    if bands:
        return {label: bands.get(label, (np.nan, np.nan)) for label in labels}
    return {label: (place, place) for place, label in enumerate(labels)}


def _all_hold(d: Any, members: Mapping[str, Sequence[str]]) -> pd.Series[Any]:
    """Return whether a row gave one of the answers to every question."""
    holds: pd.Series[Any] | None = None
    for concept, labels in members.items():
        column = d[concept]
        given = pd.Series(gave(column, labels), index=column.index)
        holds = given if holds is None else holds & given
    assert holds is not None
    return holds


# Reading


def read_variables(root: Path, entries: object, problems: list[Problem]) -> tuple[OwnVariable, ...]:
    """Return the variables that ``[[variables]]`` of a project file describe."""
    listed = entries if isinstance(entries, list) else []
    return tuple(_variable(root, number, each, problems) for number, each in enumerate(listed, 1))


def _variable(root: Path, number: int, entry: object, problems: list[Problem]) -> OwnVariable:
    where = f"{FILE_NAME}, [[variables]], entry {number}"
    fields = Fields(where, entry, problems)
    fields.only(VARIABLE_KEYS)
    _refuse_kinds(fields)
    name = fields.text("file")
    return OwnVariable(
        where,
        fields.text("name"),
        fields.text("title"),
        fields.text("topic"),
        fields.text("of"),
        MappingProxyType(dict(_answers(fields, "groups"))),
        _span(fields, "at_least", "at_most"),
        MappingProxyType(dict(_answers(fields, "where"))),
        fields.texts("labels"),
        root / name if name else None,
        fields.text("on"),
        fields.texts("columns"),
    )


def _refuse_kinds(fields: Fields) -> None:
    """Report what does not make one kind of variable."""
    kinds = [
        "groups" in fields, "at_least" in fields or "at_most" in fields, "where" in fields,
        "file" in fields,
    ]  # fmt: skip
    if sum(kinds) != 1:
        got = " and ".join(name for name, has in zip(_KINDS, kinds, strict=True) if has)
        fields.wrong(got or "no values", f"one of {', '.join(_KINDS)}")
        return
    needed = ("on",) if "file" in fields else ("name",) if "where" in fields else ("name", "of")
    for key in needed:
        if not fields.text(key):
            fields.wrong(f"no {key}", _EXAMPLES[key])
    if "labels" in fields and len(fields.texts("labels")) != 2:
        fields.wrong("labels that are not two", 'labels = ["Large clouds", "Other clouds"]')


_EXAMPLES = {
    "name": 'name = "large_cloud"',
    "of": 'of = "compute_cores"',
    "on": 'on = "organization"',
}


def _span(fields: Fields, *keys: str) -> Span | None:
    return Span(*map(fields.text, keys)) if any(key in fields for key in keys) else None


def _answers(fields: Fields, key: str) -> Iterator[tuple[str, Members]]:
    """Yield names with an answer, a list of answers, or a span."""
    for name, wanted in fields.table(key).items():
        if isinstance(wanted, dict):
            inner = Fields(f"{fields.where}, {key}, {name}", wanted, fields.problems)
            inner.only(("at_least", "at_most"))
            yield name, _span(inner, "at_least", "at_most") or ()
            continue
        answers = [wanted] if isinstance(wanted, str) else wanted
        if not isinstance(answers, list) or not all(isinstance(each, str) for each in answers):
            fields.wrong(f"{key} {name} = {wanted!r}", "an answer, a list of answers, or a span")
            continue
        yield name, tuple(answers)
