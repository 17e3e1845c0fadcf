"""What a project's answers are made from, told before any of it is read.

What the answers depend on is written down as digests: the bytes of every export, the codebook
with the project's own files and bindings, every further file that the project names, the key of
the pseudonyms, the options, the versions of the libraries, and this package's own source. They
are keyed, so that they tell nothing about what is short enough to be guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields
from pathlib import Path
from typing import Any

from survey.codebook.footprints import PublishedFigure, read_footprints
from survey.console import Console
from survey.dataclass import dataclass
from survey.errors import Problem, ProjectError
from survey.files import printable, read_file
from survey.project.intake import Intake, intake_of
from survey.project.settings import ExportFile, Project
from survey.responses.aliases import read_aliases
from survey.responses.keyed_footprints import keyed_footprints
from survey.responses.pseudonyms import INVENTED_KEY, key_name, read_key
from survey.responses.store.reuse import code_digest, keyed_digest

__all__ = ["FOLDER", "FORMATS", "KEY_FILE", "Inputs", "inputs_of", "key_in", "parts_of"]

FOLDER = Path("data") / "processed"
KEY_FILE = ".survey-key"
FORMATS = ("parquet", "csv")
_NOT_ANSWERS = frozenset({"folder", "title", "policy", "exports", "variables", "published"})


@dataclass(frozen=True)
class Inputs:
    """What a project's answers are made from.

    Attributes
    ----------
    intake
        The exports that are read, and the files that are not.
    key
        The secret key.
    figures
        Core counts that organizations made public, under their pseudonyms.
    parts
        Everything that the answers depend on: name -> keyed digest.
    """

    intake: Intake
    key: bytes = field(repr=False)
    figures: tuple[PublishedFigure, ...]
    parts: Mapping[str, str]

    @property
    def made_from(self) -> str:
        """One keyed digest of all parts."""
        said = json.dumps(dict(self.parts), sort_keys=True).encode()
        return keyed_digest(self.key, "answers", said)


def inputs_of(
    project: Project,
    *,
    key_file: Path | None = None,
    make_key: bool = True,
    identified: bool = False,
) -> Inputs:
    """Return what a project's answers are made from, as it is now.

    Raises
    ------
    SurveyError
        If there is nothing to read, or the key cannot be used.
    """
    intake = intake_of(project, project.codebook())
    key = _key_of(key_file or project.folder / KEY_FILE, intake.exports, make=make_key)
    parts = parts_of(project, intake.exports, key, identified=identified)
    return Inputs(intake, key, _figures(project, key), parts)


def _figures(project: Project, key: bytes) -> tuple[PublishedFigure, ...]:
    """Return the core counts that are public or that the project names, found by pseudonym."""
    known = read_footprints(*project.report.figure_files)
    return keyed_footprints(known, key, read_aliases(*project.alias_files))


def _key_of(path: Path, exports: Sequence[ExportFile], *, make: bool) -> bytes:
    """Return the project's key; where all answers are invented and there is none, everybody's."""
    invented = bool(exports) and all(file.invented for file in exports)
    if not path.exists() and invented:
        return INVENTED_KEY
    key = key_in(path, make=make)
    if key == INVENTED_KEY and not invented:
        hint = "survey key init makes one of your own; keep a copy of it"
        got = "the key of invented data, which everybody has"
        problem = Problem(path.name, got, "a secret key", hint)
        raise ProjectError("The key cannot be used", [problem])
    return key


def key_in(path: Path, *, make: bool = True) -> bytes:
    """Return the key in a file; where there is none it is made, and said so.

    Raises
    ------
    ResponsesError
        If there is none and none is to be made, or a ledger beside it names one that is lost; if
        the file holds no key.
    """
    from survey.disclosure import LEDGER_FILE

    absent = not path.exists()
    key = read_key(path, make=make and not path.with_name(LEDGER_FILE).exists())
    if absent:
        Console().aside(
            f"made a secret key, {path.name} ({key_name(key)}): keep a copy (survey key backup "
            "FOLDER); another key gives the same organizations other pseudonyms and counts other "
            "noise"
        )
    return key


def parts_of(
    project: Project,
    exports: Sequence[ExportFile],
    key: bytes,
    *,
    identified: bool,
) -> dict[str, str]:
    """Return everything that the answers depend on: name -> keyed digest."""
    parts: dict[str, bytes] = {}
    for number, file in enumerate(exports, start=1):
        said = json.dumps([number, file.edition, file.invented]).encode()
        parts[_place(project, file.path, number)] = said + b"\0" + _content(file.path)
    for part in fields(project):  # the shipped codebook is part of the code
        if part.name not in _NOT_ANSWERS:
            parts[part.name.replace("alias_files", "aliases")] = b"\0".join(
                _pieces(getattr(project, part.name))
            )
    parts["key"] = b"the key itself makes the digest"
    parts["options"] = json.dumps({"identified": identified, "formats": FORMATS}).encode()
    parts["code"] = code_digest().encode()
    return {name: keyed_digest(key, name, content) for name, content in parts.items()}


def _place(project: Project, path: Path, number: int) -> str:
    try:
        return printable(path.resolve().relative_to(project.folder.resolve()).as_posix())
    except ValueError:
        return f"{printable(path.name)} (file {number}, outside the project)"


def _content(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError:
        return b""  # reading it says what is wrong


def _pieces(value: Any) -> Iterator[bytes]:
    """Yield what a part of the project says, the content of every file that it names included."""
    if isinstance(value, Path):
        yield printable(value.name).encode()
        yield _content(value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name).encode()
            yield from _pieces(inner)
    elif isinstance(value, tuple | list):
        yield str(len(value)).encode()
        for inner in value:
            yield from _pieces(inner)
    else:
        yield repr(value).encode()
