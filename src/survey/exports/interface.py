"""The survey system's programming interface: JSON of ``survey/<id>``, one survey or a list.

It names questions by their text, with its markup, and joins several answers by a comma and a
space, which occur inside answers, too. It is the one source, besides the lists of the back
office, that says whether a record is complete.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from survey.codebook import Codebook, Edition, Family, Kind, Question, Unit
from survey.exports.export import KEYS, Export, Issue, Layout, Log, Placement
from survey.exports.layouts.plan import joiner
from survey.exports.source import Raw, fault, text_of
from survey.exports.text_table import TextTable
from survey.exports.wording import Wording, bare_text
from survey.provenance import Provenance

__all__ = ["is_json", "read_interface"]

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
Record = Mapping[str, Any]


def is_json(raw: Raw) -> bool:
    """Whether a file is JSON, by its first character."""
    beginning = raw.beginning[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return beginning.startswith((b"{", b"["))


def read_interface(raw: Raw, codebook: Codebook, edition: str | None) -> Export:
    """Return the answers in a JSON file as records of one row per deployment.

    Raises
    ------
    ExportError
        If it is not JSON, holds no surveys, or asks questions that no edition knows.
    """
    surveys = _surveys(raw)
    editions = [codebook.edition(edition)] if edition else _candidates(codebook)
    wording = _best_wording(raw, surveys, editions)
    reading = _Reading(raw.name, wording)
    rows = [row for number, survey in enumerate(surveys, 1) for row in reading.rows(number, survey)]
    return _export(raw, codebook, reading, rows)


def _surveys(raw: Raw) -> list[Record]:
    text = text_of(raw)
    try:
        content = json.loads(text.data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        said = str(error).split(":")[0]
        raise fault(raw.name, f"broken JSON ({said})", _EXPECTED, _HINT, line=line) from None
    found = content if isinstance(content, list) else [content]
    surveys: list[Record] = [each for each in found if isinstance(each, dict) and "steps" in each]
    if not surveys or len(surveys) < len(found):
        counts = isinstance(content, dict) and "items" in content
        got = "counts of answers" if counts else "JSON of another kind"
        raise fault(raw.name, got, _EXPECTED, _HINT)
    return surveys


def _candidates(codebook: Codebook) -> list[Edition]:
    return [each for each in codebook if each.layout.family is Family.SURVEY_BUILDER]


def _best_wording(raw: Raw, surveys: Sequence[Record], editions: Sequence[Edition]) -> Wording:
    """Return the wording of the edition that knows most questions; of several, the nearest."""
    asked = Counter(
        (unit, str(answer.get("question", "")))
        for survey in surveys
        for unit, part in _parts(survey)
        for answer in _answers(part)
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


def _parts(survey: Record) -> Iterator[tuple[Unit, Record]]:
    yield Unit.RESPONDENT, survey
    for deployment in _list(survey.get("entity_surveys")):
        yield Unit.DEPLOYMENT, deployment


def _answers(part: Record) -> Iterator[Record]:
    for step in _list(part.get("steps")):
        yield from _list(step.get("answers"))


def _list(content: object) -> list[Record]:
    given = content if isinstance(content, list) else []
    return [each for each in given if isinstance(each, dict)]


def _text(content: object) -> str:
    if content is None or isinstance(content, dict | list):
        return ""
    return str(content)


@dataclass
class _Reading:
    """Surveys being turned into rows."""

    name: str
    wording: Wording
    issues: list[Issue] = field(default_factory=list)
    doubted: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    excluded: int = 0

    def rows(self, number: int, survey: Record) -> Iterator[dict[str, str]]:
        """Yield one row per deployment of a survey, or one without."""
        if not self._numbered(number, "survey", survey):
            return
        own = self._own(number, survey)
        deployments = [
            each
            for each in _list(survey.get("entity_surveys"))
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
            KEYS["edited"]: _time(survey.get("last_edited")),
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
        for answer in _answers(part):
            text = _text(answer.get("question"))
            value = _text(answer.get("value"))
            if value in _NOTHING:
                continue
            question = self.wording.find(unit, text, value, answered)
            if question is None:
                message = f"no one question of {self.wording.edition.name} is worded so"
                heading = bare_text(text)[:60]
                self.issues.append(Issue(self.name, number, heading, "unknown question", message))
                continue
            answered.append(question)
            cells |= self._cells(row, number, question, value)
        return cells

    def _cells(self, row: int, number: int, question: Question, value: str) -> dict[str, str]:
        match question.kind:
            case Kind.MULTIPLE | Kind.RANKING:
                return self._divided(row, number, question, value)
            case Kind.MATRIX:
                return self._matrix(row, number, question, value)
            case Kind.COUNTRIES:
                return {question.heading: "-".join(map(str.strip, value.split(",")))}
            case _:
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


def _time(content: object) -> str:
    """Return a time in the export's own form."""
    return _text(content).replace("T", " ").removesuffix("Z").partition(".")[0].partition("+")[0]


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
        if question.kind is Kind.MATRIX:
            pairs = zip(question.matrix_headings, question.row_labels, strict=True)
            present = {at[heading]: label for heading, label in pairs if heading in at}
            if present:
                yield Placement(question, tuple(present), tuple(present.values()))
        elif question.heading in at:
            yield Placement(question, (at[question.heading],), (), joiner(question))
