"""What became of the true answers: the same, a loss that is named, or a silent difference.

The truth is what reached the survey system's database. An answer may come out differently only
where the reader says so: by a flag on the record and the concept (or the whole record), by an
issue of the answer's own column, or by the kind of missing answer that
:func:`survey.responses.missing.answered` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey.codebook import Kind, Question, Unit
from survey.responses import Responses
from survey.responses.missing import Answered, answered
from survey.synthetic import TrueAnswers, TrueRespondent
from survey.synthetic.answers import Answer, exported_deployments
from survey.synthetic.dialect import image, keeps_text

__all__ = ["Expected", "differences", "expected", "typed"]

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Expected:
    """Records that an export must give: number -> concept -> typed answer."""

    edition: str
    respondents: Mapping[int, Row]
    deployments: Mapping[int, Row]
    last: int | None
    accounts: Mapping[int, str]

    def of(self, unit: Unit) -> Mapping[int, Row]:
        """Return the records of one unit."""
        return self.deployments if unit is Unit.DEPLOYMENT else self.respondents


def typed(question: Question, answer: Answer) -> Any:
    """Return a stored answer as the reader should type it, sets where order means nothing."""
    if not answer:
        return None
    if isinstance(answer, Mapping):
        rows = {row.value: row.label for row in question.rows}
        return {rows[row]: question.label_of[level] for row, level in answer.items()}
    if question.kind in (Kind.MULTIPLE, Kind.RANKING):
        labels = tuple(question.label_of[value] for value in answer)
        ranked = question.kind is Kind.RANKING and question.unit is Unit.RESPONDENT
        return labels if ranked else frozenset(labels)
    if question.kind is Kind.COUNTRIES:
        return frozenset(answer)
    if question.kind is Kind.SINGLE:
        return question.label_of[str(answer)]
    return True if question.kind is Kind.CHECKBOX else answer


def expected(answers: TrueAnswers, until: str = "9999-12-31") -> Expected:
    """Return what an export with the given last day holds, or should hold."""
    people = answers.exported(until)
    asked = {unit: answers.edition.of_unit(unit) for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)}

    def row(unit: Unit, given: Mapping[str, Answer]) -> Row:
        return {q.concept: typed(q, given[q.heading]) for q in asked[unit] if given.get(q.heading)}

    return Expected(
        answers.edition.name,
        {
            each.respondent: {**_fixed(each), **row(Unit.RESPONDENT, each.answers)}
            for each in people
        },
        {
            cloud.deployment: {
                "respondent": each.respondent,
                **row(Unit.DEPLOYMENT, cloud.answers),
            }
            for each in people
            for cloud in exported_deployments(each)
        },
        people[-1].respondent if people else None,
        {each.respondent: each.account_email for each in people},
    )


def _fixed(each: TrueRespondent) -> Row:
    times = {"created": each.created, "edited": each.edited}
    return {"member": str(each.member), "language": each.language or None, **times}


def differences(answers: Responses, truth: Expected, *, healed: bool = False) -> list[str]:
    """Return every silent difference, as one line of text each."""
    found = _Found(answers, truth)
    if truth.edition not in answers.editions and "edition in doubt" in set(answers.issues["code"]):
        return []  # times of no year tell nothing, and several editions have these headings
    return [
        *(f"edition {name}?" for name in answers.editions if name != truth.edition),
        *found.records(Unit.RESPONDENT, ()),
        *found.records(Unit.DEPLOYMENT, found.lost_with_the_last()),
        *found.cells(Unit.RESPONDENT),
        *found.cells(Unit.DEPLOYMENT),
        *(found.not_healed() if healed else ()),
    ]


class _Found:
    """The reader's answers beside the truth."""

    def __init__(self, answers: Responses, truth: Expected) -> None:
        self.answers, self.truth = answers, truth
        self.edition = answers.codebook.edition(answers.editions[0])
        self.flags = {
            (Unit(unit), int(number), str(concept))
            for unit, number, concept in answers.flags[["unit", "id", "concept"]].itertuples(
                index=False
            )
        }
        self.columns = set(answers.issues["column"])
        self.rules = set(answers.repairs["rule"])

    def flagged(self, unit: Unit, number: int, concept: str) -> bool:
        return bool({(unit, number, concept), (unit, number, "*")} & self.flags)

    def lost_with_the_last(self) -> Iterator[int]:
        """Clouds of the last respondent, if that loss is named."""
        last = self.truth.last
        if last is not None and self.flagged(Unit.RESPONDENT, last, "deployments"):
            for number, row in self.truth.deployments.items():
                if row["respondent"] == last:
                    yield number

    def records(self, unit: Unit, lost: Iterable[int]) -> Iterator[str]:
        frame = self.answers.frame(unit)
        numbers = {int(number) for number in frame[unit.value]}
        if len(numbers) < len(frame):
            yield f"{unit.value}: a number twice"
        for number in set(self.truth.of(unit)) - numbers - set(lost):
            yield f"{unit.value} {number} is missing"
        for number in numbers - set(self.truth.of(unit)):
            yield f"{unit.value} {number} never was"

    def cells(self, unit: Unit) -> Iterator[str]:
        keys = (
            ("member", "language", "created", "edited")
            if unit is Unit.RESPONDENT
            else ("respondent",)
        )
        frame = self.answers.frame(unit)
        numbers = [int(number) for number in frame[unit.value]]
        for question in (*keys, *self.edition.of_unit(unit)):
            concept = question if isinstance(question, str) else question.concept
            if concept not in frame:
                if any(row.get(concept) for row in self.truth.of(unit).values()):
                    yield f"no column {concept}"
                continue
            for number, value in zip(numbers, frame[concept], strict=True):
                told = self.truth.of(unit).get(number, {}).get(concept)
                if not self._fine(unit, number, question, told, _plain(question, value)):
                    yield f"{unit.value} {number}, {concept}: {value!r}, not {told!r}"

    def _fine(self, unit: Unit, number: int, question: Question | str, told: Any, got: Any) -> bool:
        if told == got:
            return True
        if isinstance(question, str):
            return self.flagged(unit, number, question)
        if self.flagged(unit, number, question.concept):
            return True
        if question.heading == "Email" and told is None:
            return bool(got == self.truth.accounts[number])  # the address of the account
        if question.kind in (Kind.TEXT, Kind.ORGANIZATION) and told is not None:
            if "double encoding" in self.rules and got == _encoded_once(told):
                return True
            # What commas, tabs and line ends were is not known, which the column's issue says.
            ambiguous = not keeps_text(told) and got == image(told)
            return ambiguous and question.heading in self.columns
        return got is None and self._called_lost(unit, number, question)

    def _called_lost(self, unit: Unit, number: int, question: Question) -> bool:
        frame = self.answers.frame(unit)
        kinds = answered(self.answers, question.concept, unit).to_numpy()
        return bool((kinds[(frame[unit.value] == number).to_numpy()] == Answered.LOST.value).all())

    def not_healed(self) -> Iterator[str]:
        """Only the last respondent of the latest export may lack clouds."""
        flags = self.answers.flags
        for number in flags[flags["reason"] == "last survey"]["id"]:
            if int(number) != self.truth.last:
                yield f"respondent {number} still counts as the last survey"


def _encoded_once(text: str) -> str:
    try:
        return b"".join(map(_byte, image(text))).decode()
    except UnicodeError:
        return ""


def _byte(character: str) -> bytes:
    control = 0x80 <= ord(character) < 0xA0
    return bytes([ord(character)]) if control else character.encode("cp1252")


def _plain(question: Question | str, value: Any) -> Any:
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple):
        ordered = (
            not isinstance(question, str)
            and question.kind is Kind.RANKING
            and question.unit is Unit.RESPONDENT
        )
        return value if ordered else frozenset(value)
    if value is None or value is pd.NaT or pd.isna(value) or value == "":
        return None
    if isinstance(value, pd.Timestamp):
        return str(value)
    return (
        bool(value) if not isinstance(question, str) and question.kind is Kind.CHECKBOX else value
    )
