"""Questions recognized by how the form words them.

The wording itself is not kept: ``data/question_labels.csv`` has, for each question of the survey
system's own templates, the digest of its text without markup, case, spaces and punctuation.
Some questions share a text ("Please specify"): then the answer, or the question before, decides.
"""

from __future__ import annotations

import csv
import hashlib
import html
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType

from survey.codebook import Edition, Question, Unit
from survey.exports.splitting import Splitter

__all__ = ["Wording", "bare_text", "digest_of_wording"]

_TAG = re.compile(r"<[^>]*>")
_INVITATION = re.compile(r"(please)?select(allthatapply|atleastone)$")
_LENGTH = 16


def bare_text(label: str) -> str:
    """Return the text of a question without its markup.

    Examples
    --------
    >>> bare_text("<p>What is <b>new</b>?&nbsp;*</p>")
    'What is new ? *'
    """
    return " ".join(html.unescape(_TAG.sub(" ", label)).split())


def digest_of_wording(label: str) -> str:
    """Return by what a wording is known, however it is marked up.

    Examples
    --------
    >>> digest_of_wording("<b>Your city?</b> *") == digest_of_wording("your City")
    True
    """
    letters = "".join(each for each in bare_text(label).casefold() if each.isalnum())
    bare = _INVITATION.sub("", letters)
    return hashlib.sha256(bare.encode()).hexdigest()[:_LENGTH]


@cache
def _labels() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return unit and digest -> headings of the questions worded so."""
    text = files("survey.exports").joinpath("data/question_labels.csv").read_text("utf-8")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        found[row["unit"], row["label"]].append(row["heading"])
    return MappingProxyType({key: tuple(headings) for key, headings in found.items()})


class Wording:
    """The questions of one edition by their text."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._splitters: dict[str, Splitter] = {}

    @cached_property
    def _own_names(self) -> Mapping[tuple[str, str], tuple[Question, ...]]:
        """Headings and titles, for whoever writes such a file by other means."""
        return {
            (question.unit.value, digest_of_wording(name)): (question,)
            for question in self.edition.questions
            for name in (question.title, question.heading)
        }

    def candidates(self, unit: Unit, label: str) -> tuple[Question, ...]:
        """Return the questions that are worded so."""
        key = (unit.value, digest_of_wording(label))
        by_heading = self.edition.by_heading
        found = (by_heading.get(heading) for heading in _labels().get(key, ()))
        questions = tuple(each for each in found if each is not None and each.unit is unit)
        return questions or self._own_names.get(key, ())

    def find(
        self, unit: Unit, label: str, value: str, answered: Sequence[Question]
    ) -> Question | None:
        """Return the one question that is worded so, or None.

        Of several, it is the one that explains the answer just given, or that lists the value.
        """
        found = [each for each in self.candidates(unit, label) if each not in answered]
        if len(found) < 2:
            return found[0] if found else None
        before = answered[-1].concept if answered else ""
        explaining = [each for each in found if each.write_in_of and each.write_in_of == before]
        listing = [each for each in found if each.kind.closed and self._lists(each, value)]
        chosen = explaining or listing
        return chosen[0] if len(chosen) == 1 else None

    def _lists(self, question: Question, value: str) -> bool:
        return not self.splitter(question).split(value).unknown

    def splitter(self, question: Question) -> Splitter:
        """Return what divides several answers to a question."""
        if question.concept not in self._splitters:
            self._splitters[question.concept] = Splitter(_texts(question), (", ",))
        return self._splitters[question.concept]


def _texts(question: Question) -> dict[str, str]:
    if question.kind.by_row:
        pairs = (f"{row.value}:{each.value}" for row in question.rows for each in question.choices)
        return {pair: pair for pair in pairs}
    return {choice.value: choice.value for choice in question.choices}
