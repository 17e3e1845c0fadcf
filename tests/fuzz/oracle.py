"""What a reader may make of a damaged file, and whether it did.

Allowed: an error of ours with at least one problem that says where; or a result in which the
records add up and every record that the damage did not touch is as it was, or named by a flag
or an issue. Anything else is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from survey.codebook import Family, Unit
from survey.errors import SurveyError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.responses import Responses, clean
from tests.fuzz.files import Base, records_of
from tests.fuzz.mutations import File

__all__ = ["Outcome", "examine", "read_all"]

KEY = b"k" * 32
EXPORTER = (Layout.BY_HEADING, Layout.FLAT)
Answers = Mapping[tuple[Unit, int], Mapping[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of a file: ``unchanged``, ``issues`` or ``refused``, and what went wrong."""

    word: str
    findings: Sequence[str] = ()
    places: Sequence[tuple[int, str]] = field(default=())
    """Line and column of each issue, or the line of each problem."""


def read_all(folder: Path, source: Base, data: bytes) -> tuple[Export, Responses]:
    """Read a file, and clean it beside the answers that it belongs to."""
    path = folder / f"damaged{source.suffix}"
    path.write_bytes(data)
    export = read_export(path, codebook=source.codebook)
    return export, clean([export, *_company(source)], identified=True, key=KEY)


@cache
def _company(source: Base) -> tuple[Export, ...]:
    if source.company is None:
        return ()
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(source.company.data)
        return (read_export(path, codebook=source.company.codebook),)


@cache
def _sound(source: Base) -> tuple[Export, Answers]:
    """Return the undamaged file as it is read."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        export, answers = read_all(Path(folder), source, source.data)
        return export, answers_of(answers)


def answers_of(answers: Responses) -> Answers:
    """Return every record's own answers; what is worked out from other records is left out."""
    derived = {"edition", "organization", "cloud", "copied", "respondent", "deployment"}
    found: dict[tuple[Unit, int], dict[str, Any]] = {}
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        frame = answers.frame(unit)
        columns = [name for name in frame.columns if name not in derived]
        numbers = frame[unit.value].tolist()
        values = {name: [_plain(value) for value in frame[name]] for name in columns}
        for row, number in enumerate(numbers):
            found[unit, int(number)] = {name: values[name][row] for name in columns}
            if unit is Unit.DEPLOYMENT:
                found[unit, int(number)]["(respondent)"] = int(frame["respondent"].iloc[row])
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict | tuple):
        return value
    return None if value is None or pd.isna(value) or value == "" else value


def examine(folder: Path, source: Base, data: bytes, file: File | None = None) -> Outcome:
    """Read a damaged file and judge the outcome; ``file`` says what was touched."""
    try:
        export, answers = read_all(folder, source, data)
    except SurveyError as error:
        return _refused(error)
    findings = list(_not_conserved(export, answers))
    if file is not None:
        findings += _silent(source, file, export, answers)
    before = {(i.code, i.column) for i in _sound(source)[0].log.kept_issues}
    places = [
        (int(line), str(column))
        for line, column, code in answers.issues[["line", "column", "code"]].itertuples(index=False)
        if (code, column) not in before
    ]
    return Outcome("issues" if places else "unchanged", findings, places)


def _refused(error: SurveyError) -> Outcome:
    findings = [] if error.problems else [f"an error without a problem: {error}"]
    findings += [f"a problem nowhere: {each}" for each in error.problems if not each.where]
    lines = [each.where.partition(", line ")[2].split(",")[0] for each in error.problems]
    return Outcome("refused", findings, [(int(line), "") for line in lines if line.isdigit()])


def _not_conserved(export: Export, answers: Responses) -> Iterator[str]:
    folded = export.layout is Layout.DASHBOARD  # several lines are one record
    if len(export) != export.counts["kept"] and not folded:
        yield f"{len(export)} records are kept, {export.counts} are said"
    for name, counts in ((export.name, export.counts), *answers.counts.items()):
        if counts["read"] != sum(count for reason, count in counts.items() if reason != "read"):
            yield f"records of {name} do not add up: {dict(counts)}"


def _silent(source: Base, file: File, export: Export, answers: Responses) -> Iterator[str]:
    """Yield untouched records that are missing or changed without a word."""
    if export.layout in EXPORTER and _sound(source)[0].layout in EXPORTER:
        yield from _silent_answers(source, file, export, answers)
    elif export.layout is _sound(source)[0].layout and export.layout is not Layout.DASHBOARD:
        yield from _silent_cells(source, file, export)
    elif export.layout is not _sound(source)[0].layout:
        yield f"taken for {export.layout}"


def _silent_answers(source: Base, file: File, export: Export, answers: Responses) -> Iterator[str]:
    sound, found = _sound(source)[1], answers_of(answers)
    keys = _keys(source)
    named = _Named.of(answers, file.columns, export)
    for record, lines in file.untouched.items():
        survey, deployment = keys[record]
        for key in ((Unit.RESPONDENT, survey), (Unit.DEPLOYMENT, deployment)):
            if key not in sound or named.record(key, lines):
                continue
            if key not in found:
                yield f"{key[0].value} {key[1]} is missing"
                continue
            for concept, value in sound[key].items():
                if found[key].get(concept) != value and not named.answer(key, concept):
                    yield (
                        f"{key[0].value} {key[1]}, {concept}: "
                        f"{found[key].get(concept)!r}, not {value!r}"
                    )
    touched = any(line.touched for line in file.lines)
    for key in set(found) - set(sound):
        if not (touched or named.keys):
            yield f"{key[0].value} {key[1]} never was"


@cache
def _keys(source: Base) -> list[tuple[int, int | None]]:
    return records_of(source.data)


@dataclass(frozen=True)
class _Named:
    """Which records and answers flags and issues name."""

    flags: set[tuple[str, int, str]]
    lines: set[int]
    concepts: set[str]
    keys: bool
    """Whether the columns by which every record is known are in doubt themselves."""

    @classmethod
    def of(cls, answers: Responses, columns: Iterable[str], export: Export) -> _Named:
        flags = {
            (str(unit), int(number), str(concept))
            for unit, number, concept in answers.flags[["unit", "id", "concept"]].itertuples(
                index=False
            )
        }
        issues = answers.issues
        whole = set(issues.loc[issues["column"].isin(["", "DeploymentID"]), "line"]) - {1}
        told = set(issues["column"])
        headings = {
            question.concept: {question.heading, *question.flat_headings, *question.matrix_headings}
            for question in export.edition.questions
        }
        # The columns of one question are in no known order: headings swapped among them differ
        # from nothing, and all its answers are touched.
        concepts = {
            concept
            for concept, own in headings.items()
            if told & own or len(own & set(columns)) > 1
        }
        roles = {heading: role for role, heading in export.keys.items()}
        moved = set(issues.loc[issues["code"] == "heading out of place", "column"])
        keys = bool(moved & {"SurveyID", "DeploymentID"})
        keys = keys or "edition in doubt" in set(issues["code"])
        roles_told = {roles[each] for each in told if each in roles}
        return cls(flags, whole, concepts | roles_told, keys)

    def record(self, key: tuple[Unit, int], lines: Sequence[int]) -> bool:
        return (
            self.keys or (key[0].value, key[1], "*") in self.flags or bool(self.lines & set(lines))
        )

    def answer(self, key: tuple[Unit, int], concept: str) -> bool:
        return (key[0].value, key[1], concept) in self.flags or concept in self.concepts


def _silent_cells(source: Base, file: File, export: Export) -> Iterator[str]:
    """Compare the text of untouched records, in layouts where a record is a line."""
    sound = _sound(source)[0]
    before, after = (
        dict(zip(each.lines.tolist(), each.table.frame().to_dict("records"), strict=True))
        for each in (sound, export)
    )
    issues = export.issues
    named = set(issues["line"]) - {1}
    told = set(issues["column"])
    if LAYOUTS[export.layout].family is not Family.SURVEY_BUILDER:
        told |= file.columns  # the order of the columns is not known
    elif told & file.columns:
        told |= file.columns - set(export.headings)
    for record, lines in file.untouched.items():
        old = dict(zip(sound.headings, before.get(record + 2, {}).values(), strict=False))
        for line in set(lines) - named:
            if line not in after:
                yield f"the record of line {line} is missing"
                continue
            new = dict(zip(export.headings, after[line].values(), strict=True))
            for heading, text in old.items():
                if new.get(heading) != text and heading not in told:
                    yield f"line {line}, {heading}: {new.get(heading)!r}, not {text!r}"
