"""Cleaned answers to disk: one folder per edition, each complete in itself.

Two layouts: ``by-concept`` for analysis (columns are concepts, answers are labels) and
``by-heading`` for whoever works in the survey system's own terms (columns are its question
names, answers are its stored values, commas restored).

A table of the answers is any attribute of :class:`~survey.responses.responses.Responses` that is
a frame; its rows go to the edition that they name. What names none goes to the newest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from survey.checked import checked
from survey.codebook import Codebook
from survey.codebook.releases import shipped_calendar
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError
from survey.provenance import digest_of
from survey.responses.responses import Responses
from survey.responses.store.answers_manifest import MANIFEST, Manifest, StoredTable, manifest_bytes
from survey.responses.store.codec import encode
from survey.responses.store.column_words import describe
from survey.responses.store.dictionary import Counts, dictionary_files, missing_counts
from survey.responses.store.folder import replace_answers
from survey.responses.store.parquet import arrow_table, parquet_bytes
from survey.responses.store.plain_text import csv_bytes
from survey.responses.store.records import record_files
from survey.responses.store.stored_columns import column_of

__all__ = ["FORMATS", "STORE_LAYOUTS", "store", "write_answers"]

STORE_LAYOUTS = ("by-concept", "by-heading")
FORMATS = ("parquet", "csv", "json")
_LOGS = ("repairs", "issues")
Contents = dict[str, bytes]


@checked(ResponsesError)
def write_answers(
    answers: Responses,
    folder: str | Path,
    *,
    layout: str = "by-concept",
    file_format: str | Sequence[str] = "csv",
) -> tuple[Path, ...]:
    """Write cleaned answers to ``folder/<edition>/`` and return the files.

    Each edition gets its ``respondents`` and ``deployments``, the logs of ``repairs`` and
    ``issues``, and a ``manifest.json`` with the digests of all files. By concept, as Parquet or
    CSV, everything that the answers hold is written, with a data dictionary, and
    :func:`read_answers` gives it back. All folders are replaced as a whole or not at all.

    Parameters
    ----------
    answers
        What :func:`survey.clean` returned. With ``identified`` answers the files can be read by
        their owner alone.
    folder
        Where the editions' folders stand, usually ``data/processed``.
    layout
        ``"by-concept"`` or ``"by-heading"``. The latter has two more columns: ``_flags``
        (question names whose answer must not be trusted) and ``_org`` (organization).
    file_format
        ``"parquet"`` (typed), ``"csv"`` (plain), ``"json"`` (a list of records), or several.

    Raises
    ------
    ResponsesError
        If layout or format is unknown, the folder cannot be written, or it holds what this
        package did not write.

    Examples
    --------
    >>> write_answers(answers, "data/processed", file_format="parquet")  # doctest: +SKIP
    """
    formats = (file_format,) if isinstance(file_format, str) else tuple(file_format)
    _refuse_unknown(layout, formats)
    return store(answers, Path(folder), layout=layout, formats=formats)


def _refuse_unknown(layout: str, formats: Sequence[str]) -> None:
    given = [("layout", layout, STORE_LAYOUTS), *(("file_format", f, FORMATS) for f in formats)]
    problems = [
        Problem("write_answers()", f"{name} = {each!r}", f"one of {', '.join(known)}")
        for name, each, known in given
        if each not in known
    ]
    if layout == "by-heading" and "parquet" in formats:
        problems.append(
            Problem(
                "write_answers()",
                "layout 'by-heading' as Parquet",
                "csv or json",
                "typed columns are by concept: layout='by-concept'",
            )
        )
    if not formats:
        problems.append(Problem("write_answers()", "no format", f"one of {', '.join(FORMATS)}"))
    if problems:
        raise ResponsesError("Cannot write the answers", problems)


def store(
    answers: Responses,
    root: Path,
    *,
    layout: str = "by-concept",
    formats: Sequence[str] = ("parquet", "csv"),
    made_from: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """Write cleaned answers, noting what they were made from, and return the files."""
    if layout == "by-concept":
        tables = {name: _Table.of(frame, answers) for name, frame in _frames(answers).items()}
    else:
        tables = {}
    typed = [each for each in formats if each != "json"] if tables else []
    counts = missing_counts(answers) if typed else {}
    codebook = _codebook(answers.codebook) if typed else None
    contents: dict[str, Contents] = {}
    for edition in answers.editions:
        files = _typed_files(answers, edition, tables, typed, counts, codebook)
        records = formats if not tables else [each for each in formats if each == "json"]
        for each in records:
            files |= record_files(answers, edition, layout, each)
        contents[edition] = files | _log_files(answers, edition, files)
    _add_manifests(answers, contents, layout, formats, tables if typed else {}, made_from or {})
    return replace_answers(root, contents, private=True)


@dataclass(frozen=True)
class _Table:
    """A table of the answers in Arrow, and the edition of each of its rows."""

    table: pa.Table
    stored: StoredTable
    editions: npt.NDArray[np.object_]

    @classmethod
    def of(cls, frame: pd.DataFrame, answers: Responses) -> _Table:
        columns = tuple(column_of(frame[name]) for name in frame.columns)
        editions = _edition_of_rows(frame, answers.editions)
        runs = tuple((str(name), len(list(rows))) for name, rows in groupby(editions))
        return cls(arrow_table(frame, columns), StoredTable(columns, runs), editions)

    def part(self, edition: str) -> pa.Table:
        """Return the rows of one edition."""
        return self.table.filter(pa.array(self.editions == edition))


def _frames(answers: Responses) -> dict[str, pd.DataFrame]:
    values = {field.name: getattr(answers, field.name) for field in fields(answers)}
    return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}


def _edition_of_rows(frame: pd.DataFrame, editions: Sequence[str]) -> npt.NDArray[np.object_]:
    if not editions:
        raise ResponsesError("Cannot write the answers", [Problem("answers", "no edition")])
    if "edition" not in frame:
        return np.full(len(frame), editions[-1], dtype=object)
    named = frame["edition"].astype(object).where(frame["edition"].isin(editions), editions[-1])
    return named.to_numpy(dtype=object)


def _typed_files(
    answers: Responses,
    edition: str,
    tables: Mapping[str, _Table],
    formats: Iterable[str],
    counts: Counts,
    codebook: bytes | None,
) -> Contents:
    files: Contents = {}
    if codebook is None:
        return files
    files["codebook.json"] = codebook
    digest = digest_of(codebook)
    described = {
        name: describe(answers, edition, each.stored.columns) for name, each in tables.items()
    }
    about = _about(answers, edition, digest)
    for name, each in tables.items():
        part = each.part(edition)
        if "parquet" in formats:
            said = {**about, "table": name, "columns": described[name]}
            files[f"{name}.parquet"] = parquet_bytes(part, said)
        if "csv" in formats:
            files[f"{name}.csv"] = csv_bytes(part, each.stored.columns)
    main = {name: described[name] for name in ("respondents", "deployments")}
    return files | dictionary_files(answers, edition, main, counts)


def _codebook(codebook: Codebook) -> bytes:
    """Return the whole codebook as JSON, with one edition on each line.

    Of the calendar of releases it holds the series that no shipped calendar has.
    """
    shipped = shipped_calendar().series
    added = [encode(each) for each in codebook.calendar.series if each not in shipped]
    releases = f',\n"releases": {json.dumps(added, ensure_ascii=False)}' if added else ""
    lines = (
        f"{json.dumps(name)}: {json.dumps(encode(edition), ensure_ascii=False)}"
        for name, edition in codebook.editions.items()
    )
    return ('{"editions": {\n' + ",\n".join(lines) + f"\n}}{releases}}}\n").encode()


def _about(answers: Responses, edition: str, digest: str) -> dict[str, Any]:
    asked = answers.codebook.edition(edition)
    return {
        "edition": edition,
        "editions": list(answers.editions),
        "identified": answers.identified,
        "invented": answers.provenance.invented,
        "questionnaire": asked.status,
        "codebook_sha256": digest,
    }


def _log_files(answers: Responses, edition: str, present: Mapping[str, bytes]) -> Contents:
    """Return the logs as CSV, where no table has them yet."""
    files: Contents = {}
    for name in (*_LOGS, *(["recoded"] if len(answers.recoded) else [])):
        if f"{name}.csv" not in present:
            log: pd.DataFrame = getattr(answers, name)
            own = log[_edition_of_rows(log, answers.editions) == edition]
            columns = [column_of(own[heading]) for heading in own.columns]
            files[f"{name}.csv"] = csv_bytes(arrow_table(own, columns), columns)
    return files


def _add_manifests(
    answers: Responses,
    contents: Mapping[str, Contents],
    layout: str,
    formats: Sequence[str],
    tables: Mapping[str, _Table],
    made_from: Mapping[str, str],
) -> None:
    state = _state(answers)
    digests = {
        edition: {name: (len(content), digest_of(content)) for name, content in files.items()}
        for edition, files in contents.items()
    }
    stored = {name: each.stored for name, each in tables.items()}
    whole = json.dumps([digests, encode(state), encode(stored)], ensure_ascii=False)
    for edition, files in contents.items():
        files[MANIFEST] = manifest_bytes(
            Manifest(
                edition,
                answers.editions,
                digest_of(whole.encode()),
                layout,
                tuple(formats),
                answers.identified,
                answers.provenance.invented,
                made_from,
                state,
                stored,
                digests[edition],
            )
        )


def _state(answers: Responses) -> dict[str, Any]:
    """Return what is neither a table nor the codebook, as plain values.

    Of a selection its rows are kept, not what it was selected from (a field that is not compared).
    """
    values = {
        field.name: getattr(answers, field.name) for field in fields(answers) if field.compare
    }
    return {
        name: encode(value)
        for name, value in values.items()
        if not isinstance(value, pd.DataFrame | Codebook)
    }
