"""Tables as records: the survey system's own terms, and JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from survey.codebook import Question, Unit
from survey.responses.responses import Responses

__all__ = ["record_files"]

_IDENTIFYING = {"first_name", "surname", "email", "organization_name"}
_KEY_HEADINGS = MappingProxyType(
    {
        "respondent": "SurveyID",
        "deployment": "DeploymentID",
        "member": "CreatedByID",
        "created": "Created",
        "edited": "LastEdited",
        "language": "Language",
    }
)
Records = list[dict[str, Any]]


def record_files(
    answers: Responses, edition: str, layout: str, file_format: str
) -> dict[str, bytes]:
    """Return the tables of one edition as CSV (lists as JSON text) or JSON."""
    records = _by_heading if layout == "by-heading" else _by_concept
    return {
        f"{unit.value}s.{file_format}": _WRITERS[file_format](
            records(answers, edition, unit)
        ).encode()
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)
    }


def _csv(records: Records) -> str:
    frame = pd.DataFrame(
        [
            {
                name: json.dumps(value, ensure_ascii=False)
                if isinstance(value, list | dict)
                else value
                for name, value in record.items()
            }
            for record in records
        ]
    )
    return frame.to_csv(index=False, lineterminator="\n")


def _json(records: Records) -> str:
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f"[\n{lines}\n]\n" if records else "[]\n"


_WRITERS: Mapping[str, Callable[[Records], str]] = MappingProxyType({"csv": _csv, "json": _json})


def _of_edition(answers: Responses, edition: str, unit: Unit) -> pd.DataFrame:
    frame = answers.frame(unit)
    return frame[frame["edition"].astype(str) == edition]


def _plain(answer: Any) -> Any:
    """Return an answer as JSON can hold it; missing is None."""
    if isinstance(answer, tuple):
        return list(answer)
    if answer is None or answer is pd.NaT or (not isinstance(answer, dict) and pd.isna(answer)):
        return None
    if isinstance(answer, pd.Timestamp):
        return answer.strftime("%Y-%m-%d %H:%M:%S")
    return answer.item() if hasattr(answer, "item") else answer


def _by_concept(answers: Responses, edition: str, unit: Unit) -> Records:
    frame = _of_edition(answers, edition, unit)
    columns = {name: [_plain(answer) for answer in frame[name]] for name in frame.columns}
    return _rows(columns)


def _by_heading(answers: Responses, edition: str, unit: Unit) -> Records:
    frame = _of_edition(answers, edition, unit)
    columns: dict[str, list[Any]] = {
        heading: [_plain(answer) for answer in frame[key]]
        for key, heading in _KEY_HEADINGS.items()
        if key in frame
    }
    for question in answers.codebook.edition(edition).of_unit(unit):
        if question.concept in frame:
            columns[question.heading] = [
                _stored(question, answer) for answer in frame[question.concept]
            ]
    columns["_org"] = [_plain(answer) for answer in frame["organization"]]
    columns["_carried_over"] = [bool(copied) for copied in frame["copied"]]
    if "cloud" in frame:
        columns["_cloud"] = [int(cloud) for cloud in frame["cloud"]]
    columns["_flags"] = list(_flags(answers, edition, unit, frame))
    return _rows(columns)


def _rows(columns: Mapping[str, list[Any]]) -> Records:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _stored(question: Question, answer: Any) -> Any:
    """Return an answer in the survey system's own values."""
    plain = _plain(answer)
    if plain is None:
        return None
    value_of = question.value_of
    if question.kind.by_row:
        rows = {row.label: row.value for row in question.rows}
        return {rows.get(row, row): value_of.get(level, level) for row, level in plain.items()}
    if question.kind.joined:
        return [value_of.get(label, label) for label in plain]
    if question.kind.single_choice:
        return value_of.get(plain, plain)
    return ("1" if plain else "0") if question.kind.ticked else plain


def _flags(
    answers: Responses, edition: str, unit: Unit, frame: pd.DataFrame
) -> Iterator[list[str]]:
    heading = {
        question.concept: question.heading
        for question in answers.codebook.edition(edition).questions
    }
    flagged: dict[int, list[str]] = defaultdict(list)
    flags = answers.flags
    of_unit = flags[(flags["edition"] == edition) & (flags["unit"] == unit.value)]
    for number, concept in zip(of_unit["id"], of_unit["concept"], strict=True):
        flagged[int(number)].append(heading.get(concept, concept))
    replaced = (
        []
        if answers.identified or unit is Unit.DEPLOYMENT
        else [
            "CreatedByID",
            *(heading[concept] for concept in sorted(_IDENTIFYING) if concept in frame),
        ]
    )
    for number in frame[unit.value]:
        yield list(dict.fromkeys((*flagged[int(number)], *replaced)))
