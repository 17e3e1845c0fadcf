"""Cleaned answers from disk, equal to those that were written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
import pyarrow as pa

from survey.checked import checked
from survey.codebook import Codebook
from survey.codebook.releases import Release, shipped_calendar
from survey.errors import Problem, ResponsesError
from survey.files import faults_as, read_file
from survey.provenance import digest_of
from survey.responses.responses import Responses
from survey.responses.store.answers_manifest import (
    MANIFEST,
    Manifest,
    StoredTable,
    read_manifest,
)
from survey.responses.store.codec import decode
from survey.responses.store.parquet import read_parquet
from survey.responses.store.plain_text import read_csv
from survey.responses.store.stored_columns import to_pandas

__all__ = ["read_answers", "read_set", "whole_files"]

_AGAIN = "clean the exports again: survey clean"
Files = Mapping[str, bytes]


@checked(ResponsesError)
def read_answers(folder: str | Path) -> Responses:
    """Read cleaned answers back, exactly as they were written.

    Nothing but the files is needed: not the exports, not the key, not the codebook of the day.

    Parameters
    ----------
    folder
        ``data/processed``, or the folder of one edition in it, as :func:`write_answers` or
        ``survey clean`` wrote it in Parquet or CSV. Editions that were cleaned together are
        read together.

    Raises
    ------
    ResponsesError
        If there are no answers, a file is missing, damaged or was changed, the editions were not
        cleaned together, or they were written in a form that holds less than the answers.

    Examples
    --------
    >>> answers = read_answers("data/processed")  # doctest: +SKIP
    >>> answers.editions  # doctest: +SKIP
    ('2023', '2024')
    """
    with faults_as(ResponsesError, "There are no answers to read", Path(folder)):
        return _answers_in(Path(folder))


def _answers_in(root: Path) -> Responses:
    if (root / MANIFEST).exists():
        manifest = read_manifest(root)
        alone = read_set({manifest.edition: root}, {manifest.edition: manifest})
        provenance = replace(alone.provenance, codebook=(manifest.edition,))
        return replace(alone, provenance=provenance)
    folders = {path.parent.name: path.parent for path in sorted(root.glob(f"*/{MANIFEST}"))}
    if not folders:
        problem = Problem(str(root.name), "no stored answers", "a folder with them", _AGAIN)
        raise ResponsesError("There are no answers to read", [problem])
    manifests = {name: read_manifest(each) for name, each in folders.items()}
    _refuse_mixture(manifests)
    return read_set(folders, manifests)


def _refuse_mixture(manifests: Mapping[str, Manifest]) -> None:
    """Refuse editions that were not cleaned together, or not all of those that were."""
    by_set: dict[str, list[str]] = {}
    for name, manifest in manifests.items():
        by_set.setdefault(manifest.set_digest, []).append(name)
    problems = []
    if len(by_set) > 1:
        got = " and ".join(", ".join(names) for names in by_set.values()) + " from different runs"
        expected = "editions that were cleaned together: organizations match over all of them"
        hint = "clean them together, or read one edition's folder"
        problems.append(Problem("read_answers()", got, expected, hint))
    else:
        wanted = next(iter(manifests.values())).editions
        lacking = [name for name in wanted if name not in manifests]
        if lacking:
            got = f"no folder of {', '.join(lacking)}"
            problems.append(Problem("read_answers()", got, f"all of {', '.join(wanted)}", _AGAIN))
    if problems:
        raise ResponsesError("The stored answers do not belong together", problems)


def read_set(
    folders: Mapping[str, Path],
    manifests: Mapping[str, Manifest],
    codebook: Codebook | None = None,
) -> Responses:
    """Return the answers of several folders that were written together.

    Parameters
    ----------
    folders, manifests
        Edition -> its folder and manifest.
    codebook
        The codebook, where it is at hand and known to be the same.

    Raises
    ------
    ResponsesError
        If a file is missing, damaged or was changed.
    """
    files = {name: whole_files(folders[name], manifest) for name, manifest in manifests.items()}
    newest = manifests[[name for name in _order(manifests) if name in manifests][-1]]
    _refuse_unreadable(newest)
    tables = {name: _table(name, each, files, manifests) for name, each in newest.tables.items()}
    try:
        state = _state(newest)
        known = codebook or _codebook(files)
    except (TypeError, ValueError, KeyError) as error:
        raise _damaged("codebook.json", str(error)) from None
    return Responses(**{**tables, **state, "codebook": known})


def _order(manifests: Mapping[str, Manifest]) -> Sequence[str]:
    return next(iter(manifests.values())).editions


def whole_files(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    """Return the content of all files of a folder, each checked against its digest.

    Raises
    ------
    ResponsesError
        If a file is missing or was changed.
    """
    contents, problems = {}, []
    for name, (size, digest) in manifest.files.items():
        where = f"{folder.name}/{name}"
        try:
            content = read_file(folder / name)
        except OSError:
            problems.append(Problem(where, "no such file", "a file that was written", _AGAIN))
            continue
        if digest_of(content) != digest:
            got = "a file that was changed" if len(content) == size else f"{len(content)} bytes"
            expected = f"{size} bytes" if len(content) != size else "the file as it was written"
            problems.append(Problem(where, got, expected, _AGAIN))
        contents[name] = content
    if problems:
        raise ResponsesError("The stored answers were changed", problems)
    return contents


def _refuse_unreadable(manifest: Manifest) -> None:
    declared = {field.name: field for field in fields(Responses)}
    held = {*manifest.tables, *manifest.state, "codebook"}
    needed = {
        name
        for name, field in declared.items()
        if field.default is MISSING and field.default_factory is MISSING
    }
    if not manifest.tables or not needed <= held:
        got = f"layout {manifest.layout}, format {', '.join(manifest.formats)}"
        hint = "write them by concept, as parquet or csv"
        problem = Problem(manifest.edition, got, "a form that holds all of the answers", hint)
        raise ResponsesError("These files cannot be read back", [problem])
    if not held <= set(declared):
        got = f"tables that this version does not know: {', '.join(held - set(declared))}"
        raise _damaged(MANIFEST, got)


def _state(manifest: Manifest) -> dict[str, Any]:
    hints = get_type_hints(Responses)
    return {name: decode(hints[name], plain) for name, plain in manifest.state.items()}


def _codebook(files: Mapping[str, Files]) -> Codebook:
    plain = json.loads(next(iter(files.values()))["codebook.json"])
    added = decode(tuple[Release, ...], plain.get("releases", []))
    known: Codebook = decode(Codebook, {"editions": plain["editions"]})
    return replace(known, calendar=shipped_calendar().plus(added))


def _table(
    name: str,
    stored: StoredTable,
    files: Mapping[str, Files],
    manifests: Mapping[str, Manifest],
) -> pd.DataFrame:
    """Return one table, its rows in the order in which they were."""
    parts: dict[str, pa.Table] = {}
    for edition, contents in files.items():
        parts[edition] = _part(name, stored, contents, manifests[edition])
    at = dict.fromkeys(parts, 0)
    pieces = []
    for edition, count in stored.rows:
        if edition in parts:
            pieces.append(parts[edition].slice(at[edition], count))
            at[edition] += count
    whole = pa.concat_tables(pieces) if pieces else next(iter(parts.values())).slice(0, 0)
    values = {
        column.name: to_pandas(whole.column(column.name), column) for column in stored.columns
    }
    frame = pd.DataFrame(values, index=pd.RangeIndex(len(whole)))
    return frame[[column.name for column in stored.columns]]


def _part(name: str, stored: StoredTable, contents: Files, manifest: Manifest) -> pa.Table:
    try:
        if f"{name}.parquet" in contents:
            return read_parquet(contents[f"{name}.parquet"]).replace_schema_metadata()
        return read_csv(contents[f"{name}.csv"], stored.columns)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise _damaged(f"{manifest.edition}/{name}", str(error)) from None


def _damaged(where: str, got: str) -> ResponsesError:
    problem = Problem(where, got[:200], "stored answers of this version", _AGAIN)
    return ResponsesError("The stored answers cannot be read", [problem])
