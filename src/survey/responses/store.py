"""Cleaned answers on disk: one folder per edition, one file per table.

Two layouts: ``by-concept`` for analysis (columns are concepts, answers are labels) and
``by-heading`` for whoever works in the survey system's own terms (columns are its question
names, answers are its stored values, commas restored).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from survey.codebook import Kind, Question, Unit
from survey.errors import Problem, ResponsesError
from survey.responses.responses import Responses

__all__ = ["FORMATS", "STORE_LAYOUTS", "write_answers"]

STORE_LAYOUTS = ("by-concept", "by-heading")
FORMATS = ("csv", "json")
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


def write_answers(
    answers: Responses, folder: str | Path, *, layout: str = "by-concept", file_format: str = "csv"
) -> tuple[Path, ...]:
    """Write cleaned answers to ``folder/<edition>/`` and return the files.

    Each edition gets ``respondents`` and ``deployments`` in the chosen format, and
    ``repairs.csv`` and ``issues.csv``. A folder is replaced as a whole or not at all.

    Parameters
    ----------
    layout
        ``"by-concept"`` or ``"by-heading"``. The latter has two more columns: ``_flags``
        (question names whose answer must not be trusted) and ``_org`` (organization).
    file_format
        ``"csv"`` (sets of answers as JSON text) or ``"json"`` (a list of records).

    Raises
    ------
    ResponsesError
        If layout or format is unknown, or the folder cannot be written.
    """
    _refuse_unknown(layout, file_format)
    records = _by_heading if layout == "by-heading" else _by_concept
    written: list[Path] = []
    for edition in answers.editions:
        contents = _contents(answers, edition, records, file_format)
        written += _replace_folder(Path(folder) / edition, contents)
    return tuple(written)


def _refuse_unknown(layout: str, file_format: str) -> None:
    problems = [
        Problem("write_answers()", f"{name} = {given!r}", f"one of {', '.join(known)}")
        for name, given, known in (
            ("layout", layout, STORE_LAYOUTS),
            ("file_format", file_format, FORMATS),
        )
        if given not in known
    ]
    if problems:
        raise ResponsesError("Cannot write the answers", problems)


def _contents(
    answers: Responses,
    edition: str,
    records: Callable[[Responses, str, Unit], Records],
    file_format: str,
) -> Mapping[str, str]:
    files = answers.provenance.sources
    contents = {
        f"{unit.value}s.{file_format}": _WRITERS[file_format](records(answers, edition, unit))
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)
    }
    names = {source.name for source in files}
    for name, log in (("repairs", answers.repairs), ("issues", answers.issues)):
        of_edition = log[log["file"].isin(names) | (log["file"] == "")]
        contents[f"{name}.csv"] = of_edition.to_csv(index=False, lineterminator="\n")
    recoded = answers.recoded[answers.recoded["edition"].astype(str) == edition]
    if len(recoded):
        contents["recoded.csv"] = recoded.to_csv(index=False, lineterminator="\n")
    return contents


def _replace_folder(folder: Path, contents: Mapping[str, str]) -> list[Path]:
    """Write all files beside the folder first, then swap, so that nothing is half written."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for name, text in contents.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="")
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.replace(folder)
    except OSError as error:
        raise ResponsesError(
            "Cannot write the answers",
            [
                Problem(
                    folder.name,
                    error.strerror or type(error).__name__,
                    "a folder to write to",
                    "check the path and its permissions",
                )
            ],
        ) from None
    return [folder / name for name in contents]


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
    match question.kind:
        case Kind.SINGLE:
            return question.value_of.get(plain, plain)
        case Kind.MULTIPLE | Kind.RANKING:
            return [question.value_of.get(label, label) for label in plain]
        case Kind.MATRIX:
            rows = {row.label: row.value for row in question.rows}
            return {
                rows.get(row, row): question.value_of.get(level, level)
                for row, level in plain.items()
            }
        case Kind.CHECKBOX:
            return "1" if plain else "0"
        case _:
            return plain


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
