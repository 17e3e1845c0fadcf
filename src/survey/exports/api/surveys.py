"""The survey system's programming interface: JSON of ``survey/<id>``, one survey or a list.

It names questions by their text, with its markup, and joins several answers by a comma and a
space, which occur inside answers, too. It is the one source, besides the lists of the back
office, that says whether a record is complete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from survey.codebook import Codebook, Edition, Family, Question, Unit
from survey.exports.api.form_wording import Wording, bare_text
from survey.exports.api.shapes import (
    Record,
    Shape,
    load,
    records_in,
    surveys_in,
    texts_in,
    unusual_parts,
)
from survey.exports.export import KEYS, Export, Issue, Layout, Log, Placement
from survey.exports.layouts.heading_plan import joiner
from survey.exports.recognise.record_editions import Stamps, Stretches
from survey.exports.source.raw_file import Raw, fault, text_of
from survey.exports.text_table import TextTable
from survey.exports.times import check_times
from survey.provenance import Provenance

__all__ = ["read_api"]

_ENOUGH = 0.5
_NUMBER = re.compile(r"[0-9]{1,18}").fullmatch
_NOTHING = frozenset({"", "N/A"})
_SURVEY, _STATE, _DEPLOYMENT_STATE = "SurveyID", "State", "DeploymentState"
_EXPECTED = "the JSON of survey/<id>"
_HINT = "ask the interface for survey/<id>, and keep the answer as it is"
_JSON_KEYS = {
    **KEYS,
    "completed": _STATE,
    "deployment_completed": _DEPLOYMENT_STATE,
}


def read_api(raw: Raw, codebook: Codebook, edition: str | None) -> tuple[Export, ...]:
    """Return the answers in a JSON file as records of one row per deployment, by edition.

    Raises
    ------
    ExportError
        If it is not JSON, holds no surveys, or asks questions that no edition knows.
    """
    shape = Shape()
    surveys = list(enumerate(_surveys(raw, shape), 1))
    editions = [codebook.edition(edition)] if edition else _candidates(codebook)
    groups: dict[str, tuple[Wording, list[tuple[int, Record]]]] = {}
    for group in _by_year(surveys):
        wording = _best_wording(raw, [survey for _, survey in group], editions)
        groups.setdefault(wording.edition.name, (wording, []))[1].extend(group)
    exports = []
    for name in sorted(groups):
        wording, group = groups[name]
        reading = _Reading(raw.name, wording, shape)
        rows = [
            row
            for number, survey in sorted(group, key=_place)
            for row in reading.rows(number, survey)
        ]
        exports.append(check_times(_export(raw, codebook, reading, rows)))
    first = replace(exports[0], log=exports[0].log.plus((), _shape_issues(raw.name, shape)))
    return (first, *exports[1:])


def _place(each: tuple[int, Record]) -> int:
    return each[0]


def _by_year(surveys: Sequence[tuple[int, Record]]) -> list[list[tuple[int, Record]]]:
    """Divide surveys by the stretches of time in which they were edited."""
    edited = [_text(survey.get("last_edited")) for _, survey in surveys]
    numbers = [_text(survey.get("id")) for _, survey in surveys]
    years = Stretches.of(Stamps(numbers, edited, edited)).years
    groups: dict[int, list[tuple[int, Record]]] = {}
    for year, survey in zip(years, surveys, strict=True):
        groups.setdefault(year, []).append(survey)
    unknown = groups.pop(0, [])
    if unknown:
        most = max(groups.values(), key=len, default=[])
        most.extend(unknown)
        return list(groups.values()) or [unknown]
    return list(groups.values())


def _surveys(raw: Raw, shape: Shape) -> list[Record]:
    text = text_of(raw)
    try:
        content = load(text.data, shape)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        said = str(error).split(":")[0]
        raise fault(raw.name, f"broken JSON ({said})", _EXPECTED, _HINT, line=line) from None
    surveys = surveys_in(content)
    if not surveys:
        counts = isinstance(content, dict) and "items" in content
        got = "counts of answers" if counts else "JSON of another kind"
        raise fault(raw.name, got, _EXPECTED, _HINT)
    return surveys


def _shape_issues(name: str, shape: Shape) -> Iterator[Issue]:
    """Yield what could not be put into shape."""
    if shape.surrogates:
        message = "halves of characters, which no text has; each is read as U+FFFD"
        yield Issue(name, 1, "", "lone surrogate", message, shape.surrogates)
    for key, times in shape.twice.items():
        message = f"{key!r} stands twice in one object, with different content"
        yield Issue(name, 1, key, "key twice", message, times)
    for what, times in shape.lost.items():
        message = f"{what} in a form that cannot be read; they are left out"
        yield Issue(name, 1, what, "unreadable part", message, times)


def _candidates(codebook: Codebook) -> list[Edition]:
    return [each for each in codebook if each.layout.family is Family.SURVEY_BUILDER]


def _best_wording(raw: Raw, surveys: Sequence[Record], editions: Sequence[Edition]) -> Wording:
    """Return the wording of the edition that knows most questions; of several, the nearest."""
    unseen = Shape()  # what is noticed here is noticed again when the answers are read
    asked = Counter(
        (unit, _text(answer.get("question")))
        for survey in surveys
        for unit, part in _parts(survey, unseen)
        for answer in _answers(part, unseen)
        if answer.get("question")
    )
    wordings = [Wording(edition) for edition in editions]
    known = {
        each.edition.name: sum(
            n for (unit, text), n in asked.items() if each.candidates(unit, text)
        )
        for each in wordings
    }
    best = max(known.values(), default=0)
    if not best or best < _ENOUGH * asked.total():
        strange = ", ".join(repr(bare_text(text)[:40]) for _, text in list(asked)[:3]) or "none"
        hint = "name the edition: read_export(path, edition=...)"
        raise fault(raw.name, f"questions such as {strange}", "questions of the survey", hint)
    fitting = [each for each in wordings if known[each.edition.name] == best]
    return min(fitting, key=lambda each: _years_away(each.edition, surveys))


def _years_away(edition: Edition, surveys: Sequence[Record]) -> tuple[int, str]:
    years = [_text(survey.get("last_edited"))[:4] for survey in surveys]
    whole = [int(year) for year in years if year.isdecimal()]
    year = int(edition.name) if edition.name.isdigit() else 9999
    return (abs(year - int(np.median(whole))) if whole else 0, edition.name)


def _parts(survey: Record, shape: Shape) -> Iterator[tuple[Unit, Record]]:
    yield Unit.RESPONDENT, survey
    for deployment in records_in(survey.get("entity_surveys"), "entity_surveys", shape):
        yield Unit.DEPLOYMENT, deployment


def _answers(part: Record, shape: Shape) -> Iterator[Record]:
    for step in records_in(part.get("steps"), "steps", shape):
        yield from records_in(step.get("answers"), "answers", shape)


def _text(content: object) -> str:
    return ", ".join(texts_in(content))


@dataclass
class _Reading:
    """Surveys being turned into rows."""

    name: str
    wording: Wording
    shape: Shape
    issues: list[Issue] = field(default_factory=list)
    doubted: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    excluded: int = 0

    def rows(self, number: int, survey: Record) -> Iterator[dict[str, str]]:
        """Yield one row per deployment of a survey, or one without."""
        if not self._numbered(number, "survey", survey):
            return
        for key, code, message in unusual_parts(survey):
            self._note(number, key, code, message)
        own = self._own(number, survey)
        deployments = [
            each
            for each in records_in(survey.get("entity_surveys"), "entity_surveys", self.shape)
            if self._numbered(number, "deployment", each)
        ]
        for deployment in deployments or [{}]:
            row = len(self.numbers)
            self.numbers.append(number)
            yield {**own, **(self._deployment(row, number, deployment) if deployment else {})}

    def _numbered(self, number: int, unit: str, part: Record) -> bool:
        """Whether a record has a number; if not, it is excluded."""
        found = _NUMBER(_text(part.get("id"))) is not None
        if not found:
            self.excluded += 1
            message = f"the {unit} has no number; it is left out"
            self.issues.append(Issue(self.name, number, "id", "record without key", message))
        return found

    def _own(self, number: int, survey: Record) -> dict[str, str]:
        owner = survey.get("owner")
        owner = owner if isinstance(owner, dict) else {}
        return {
            _SURVEY: _text(survey.get("id")),
            KEYS["member"]: _text(owner.get("id")),
            "Email": _text(owner.get("email")),
            KEYS["edited"]: _text(survey.get("last_edited")),
            KEYS["language"]: _text(survey.get("lang")),
            _STATE: _complete(survey),
            **self._given(len(self.numbers), number, Unit.RESPONDENT, survey),
        }

    def _deployment(self, row: int, number: int, deployment: Record) -> dict[str, str]:
        return {
            KEYS["deployment"]: _text(deployment.get("id")),
            _DEPLOYMENT_STATE: _complete(deployment),
            **self._given(row, number, Unit.DEPLOYMENT, deployment),
        }

    def _given(self, row: int, number: int, unit: Unit, part: Record) -> dict[str, str]:
        """Return the answers of one part, under the headings of the export."""
        cells: dict[str, str] = {}
        answered: list[Question] = []
        for answer in _answers(part, self.shape):
            values = tuple(text for text in texts_in(answer.get("value")) if text not in _NOTHING)
            if "value" not in answer or not answer.get("question"):
                lacking = "question" if "value" in answer else "value"
                self._note(number, lacking, "incomplete answer", f"an answer without {lacking}")
            if values and answer.get("question"):
                cells |= self._answer(
                    row, number, unit, _text(answer["question"]), values, answered
                )
        return cells

    def _answer(
        self,
        row: int,
        number: int,
        unit: Unit,
        asked: str,
        values: tuple[str, ...],
        answered: list[Question],
    ) -> dict[str, str]:
        """Return one answer under the headings of the export, or say why there is none."""
        question = self.wording.find(unit, asked, ", ".join(values), answered)
        if question is not None:
            answered.append(question)
            return self._cells(row, number, question, values)
        again = [each for each in self.wording.candidates(unit, asked) if each in answered]
        heading = bare_text(asked)[:60]
        if again:
            message = "answered twice in one record; the first answer is read"
            self._note(number, heading, "question twice", message)
            self.doubted += [(row, each.heading) for each in again]
        else:
            message = f"no one question of {self.wording.edition.name} is worded so"
            self._note(number, heading, "unknown question", message)
        return {}

    def _note(self, number: int, heading: str, code: str, message: str) -> None:
        self.issues.append(Issue(self.name, number, heading, code, message))

    def _cells(
        self, row: int, number: int, question: Question, values: tuple[str, ...]
    ) -> dict[str, str]:
        value = ", ".join(values)
        if question.kind.joined and len(values) > 1:
            return {question.heading: joiner(question).join(values)}
        if question.kind.joined:
            return self._divided(row, number, question, value)
        if question.kind.by_row:
            return self._matrix(row, number, question, value)
        if question.kind.country_set:
            return {question.heading: "-".join(map(str.strip, value.split(",")))}
        if question.kind.closed and len(values) > 1:
            message = f"{len(values)} answers to a question that takes one; the first is read"
            self._doubt(row, number, question.heading, "several answers", message)
            value = values[0]
        return {question.heading: value}

    def _divided(self, row: int, number: int, question: Question, value: str) -> dict[str, str]:
        split = self.wording.splitter(question).split(value)
        if not split.certain:
            message = f"{value!r} can be divided into listed answers in more than one way"
            self._doubt(row, number, question.heading, "ambiguous list", message)
        return {question.heading: joiner(question).join(split.pieces)}

    def _matrix(self, row: int, number: int, question: Question, value: str) -> dict[str, str]:
        headings = dict(
            zip((each.value for each in question.rows), question.matrix_headings, strict=True)
        )
        cells = {}
        for piece in self.wording.splitter(question).split(value).pieces:
            item, _, level = piece.rpartition(":")
            if item in headings:
                cells[headings[item]] = level
            else:
                message = f"{piece!r} is not a row and column of the matrix"
                first = question.matrix_headings[0]
                self._doubt(row, number, first, "unknown answer", message)
        return cells

    def _doubt(self, row: int, number: int, heading: str, code: str, message: str) -> None:
        self.issues.append(Issue(self.name, number, heading, code, message))
        self.doubted.append((row, heading))


def _complete(part: Record) -> str:
    state = _text(part.get("state")).upper()
    return "" if not state else "1" if state == "COMPLETE" else "0"


def _export(
    raw: Raw, codebook: Codebook, reading: _Reading, rows: Sequence[Mapping[str, str]]
) -> Export:
    edition = reading.wording.edition
    headings = _headings(edition, rows)
    columns = [pa.array([row.get(each, "") for row in rows], pa.string()) for each in headings]
    at = {heading: column for column, heading in enumerate(headings)}
    uncertain: dict[int, set[int]] = {}
    for row, heading in reading.doubted:
        if heading in at:
            uncertain.setdefault(row, set()).add(at[heading])
    excluded = {"record without key": reading.excluded} if reading.excluded else {}
    return Export(
        Layout.API,
        edition,
        codebook,
        headings,
        TextTable.of(columns),
        np.array(reading.numbers, dtype=np.int64),
        tuple(_placements(edition, at)),
        Log((), tuple(reading.issues)),
        {"read": len(rows) + reading.excluded, "kept": len(rows), **excluded},
        Provenance((raw.source,), (edition.name,), (f"read {raw.name}",)),
        tuple((row, tuple(sorted(uncertain[row]))) for row in sorted(uncertain)),
        _JSON_KEYS,
    )


def _headings(edition: Edition, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the headings in the order of the export; of questions, those with an answer."""
    given = {heading for row in rows for heading in row}
    fixed = (
        _SURVEY, KEYS["member"], "Email", KEYS["edited"], KEYS["language"], _STATE,
        KEYS["deployment"], _DEPLOYMENT_STATE,
    )  # fmt: skip
    asked = [
        heading
        for question in edition.questions
        for heading in (question.matrix_headings or (question.heading,))
        if heading in given
    ]
    return tuple(dict.fromkeys((*fixed, *asked)))


def _placements(edition: Edition, at: Mapping[str, int]) -> Iterator[Placement]:
    for question in edition.questions:
        if question.kind.by_row:
            pairs = zip(question.matrix_headings, question.row_labels, strict=True)
            present = {at[heading]: label for heading, label in pairs if heading in at}
            if present:
                yield Placement(question, tuple(present), tuple(present.values()))
        elif question.heading in at:
            yield Placement(question, (at[question.heading],), (), joiner(question))
