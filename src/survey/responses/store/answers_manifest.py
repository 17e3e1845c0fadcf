"""The manifest of a folder of answers: what it was made from, what is in it, with digests.

It holds no clock, no path and no secret. Its last entry is the digest of all before it, so that
a manifest which was changed is seen as well as any other file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError
from survey.files import read_file
from survey.provenance import VERSION, digest_of
from survey.responses.store.codec import encode
from survey.responses.store.stored_columns import Column, Form

__all__ = ["MANIFEST", "Manifest", "StoredTable", "is_ours", "manifest_bytes", "read_manifest"]

MANIFEST = "manifest.json"
SCHEMA = 1
_MAKER = "openstack-survey"
_DOCUMENTS = ("codebook.json", "dictionary.csv", "dictionary.md", "options.csv", MANIFEST)
_TABLES = (".csv", ".json", ".parquet")
Runs = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class StoredTable:
    """One table of the answers.

    Attributes
    ----------
    columns
        What is needed to give every column back.
    rows
        Editions of the rows in their order, each with how many rows in a row it has.
    """

    columns: tuple[Column, ...]
    rows: Runs


@dataclass(frozen=True)
class Manifest:
    """What a folder says of itself.

    Attributes
    ----------
    edition, editions
        The edition that lies here, and all that were cleaned together.
    set_digest
        The same for all folders that were written together.
    layout, formats
        How the tables are written.
    identified, invented
        Whether persons can be recognized, and whether they are made up.
    made_from
        What the answers depend on: name -> digest.
    state
        Everything about the answers that is not a table.
    tables
        Name -> its columns and rows; empty where the answers cannot be read back.
    files
        Name -> size and SHA-256 digest.
    """

    edition: str
    editions: tuple[str, ...]
    set_digest: str
    layout: str
    formats: tuple[str, ...]
    identified: bool
    invented: bool
    made_from: Mapping[str, str]
    state: Mapping[str, Any]
    tables: Mapping[str, StoredTable]
    files: Mapping[str, tuple[int, str]]


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as it is written."""
    plain = {
        "made_with": f"{_MAKER} {VERSION}",
        "schema": SCHEMA,
        "about": _about(manifest),
        **{
            name: encode(value)
            for name, value in vars(manifest).items()
            if name not in ("tables", "files")
        },
        "tables": {
            name: {"rows": encode(table.rows), "columns": [_lean(c) for c in table.columns]}
            for name, table in manifest.tables.items()
        },
        "files": {
            name: {"size": size, "sha256": digest}
            for name, (size, digest) in manifest.files.items()
        },
    }
    return _dumped({**plain, "sha256": digest_of(_dumped(plain))})


def _about(manifest: Manifest) -> str:
    if manifest.identified:
        return (
            "CONFIDENTIAL: names, addresses, member numbers and organizations in clear; "
            "for staff who must follow up, not to be passed on"
        )
    return (
        "Names, addresses, member numbers and organizations are replaced by keyed pseudonyms; "
        "free text is as it was written. Single answers: not for publication."
    )


def _lean(column: Column) -> dict[str, Any]:
    plain = encode(column)
    return {name: value for name, value in plain.items() if value not in ([], False)}


def _dumped(plain: Mapping[str, Any]) -> bytes:
    lines = (f"{json.dumps(name)}: {_value(value)}" for name, value in plain.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _value(value: Any) -> str:
    """Write long things with one entry on each line, for people and for version control."""
    if isinstance(value, dict) and value:
        inner = (
            f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()
        )
        return "{\n" + ",\n".join(inner) + "\n}"
    return json.dumps(value, ensure_ascii=False)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder.

    Raises
    ------
    ResponsesError
        If there is none, it is damaged, or another version of this package wrote it.
    """
    where = f"{folder.name}/{MANIFEST}"
    try:
        content = read_file(folder / MANIFEST)
        plain = json.loads(content)
        digest = plain.pop("sha256")
        intact = digest == digest_of(_dumped(plain)) and content.count(b"\n") > 1
        intact = intact and content == _dumped({**plain, "sha256": digest})
    except OSError as error:
        raise _unreadable(where, error.strerror or "nothing to read") from None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise _unreadable(where, "a damaged manifest") from None
    if not intact:
        raise _unreadable(where, "a manifest that was changed")
    if plain["schema"] != SCHEMA:
        raise _unreadable(where, f"a manifest of {plain['made_with']}, schema {plain['schema']}")
    return _manifest(plain)


def _manifest(plain: Mapping[str, Any]) -> Manifest:
    return Manifest(
        plain["edition"],
        tuple(plain["editions"]),
        plain["set_digest"],
        plain["layout"],
        tuple(plain["formats"]),
        plain["identified"],
        plain["invented"],
        plain["made_from"],
        plain["state"],
        {
            name: StoredTable(
                tuple(map(_column, table["columns"])),
                tuple((edition, count) for edition, count in table["rows"]),
            )
            for name, table in plain["tables"].items()
        },
        {name: (file["size"], file["sha256"]) for name, file in plain["files"].items()},
    )


def _column(plain: Mapping[str, Any]) -> Column:
    return Column(
        plain["name"],
        Form(plain["form"]),
        plain["dtype"],
        tuple(plain.get("labels", ())),
        plain.get("ordered", False),
        tuple(plain.get("levels", ())),
        tuple(plain.get("apart", ())),
    )


def _unreadable(where: str, got: str) -> ResponsesError:
    hint = "clean the exports again: survey clean"
    return ResponsesError(
        "The stored answers cannot be read",
        [Problem(where, got, f"the manifest that openstack-survey {VERSION} wrote", hint)],
    )


def is_ours(folder: Path, name: str) -> bool:
    """Whether a file in a folder of answers is one that this package wrote.

    A manifest that is damaged lists nothing any more; then the names must do.
    """
    if name in _DOCUMENTS:
        return True
    try:
        plain = json.loads(read_file(folder / MANIFEST))
        listed = plain["files"] if plain["made_with"].startswith(_MAKER) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return (folder / name).suffix in _TABLES and (folder / name).is_file()
    return name in listed
