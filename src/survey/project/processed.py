"""A project's answers: from ``data/processed`` if nothing has changed, else cleaned and kept there.

What the answers depend on is written down as digests: the bytes of every export, the codebook
with the project's own files and bindings, every further file that the project names, the key of
the pseudonyms, the options, the versions of the libraries, and this package's own source. They
are keyed, so that they tell nothing about what is short enough to be guessed.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from survey.checked import checked
from survey.codebook import Codebook
from survey.codebook.footprints import PublishedFigure, read_footprints
from survey.console import Console
from survey.errors import ExportError, Problem, ProjectError, ResponsesError
from survey.exports import OTHER_YEAR, Export, OtherYearWarning, read_editions
from survey.files import printable, read_file
from survey.project.intake import Left, intake_of
from survey.project.settings import ExportFile, Project
from survey.responses import OrganizationNames, Responses, read_aliases
from survey.responses.keyed_footprints import keyed_footprints
from survey.responses.pseudonyms import INVENTED_KEY, key_name, read_key
from survey.responses.store.reuse import code_digest, kept_answers, keyed_digest
from survey.responses.store.write import store

__all__ = ["FOLDER", "KEY_FILE", "Processed", "key_in", "project_answers", "read_exports"]

FOLDER = Path("data") / "processed"
KEY_FILE = ".survey-key"
_FORMATS = ("parquet", "csv")
_NOT_ANSWERS = frozenset({"folder", "title", "policy", "exports", "variables", "published"})


@dataclass(frozen=True)
class Processed:
    """A project's answers, and where they came from.

    Attributes
    ----------
    answers
        The answers of all editions.
    reused
        Whether they were read from the folder, as they had been stored.
    reasons
        Why not, if they were not; or why they could not be stored.
    written
        Files that were written.
    left
        Files in ``data/raw`` that were not read.
    key_name
        Name of the secret key, which tells nothing about it.
    figures
        Core counts that organizations made public, under their pseudonyms.
    made_from
        Keyed digest of everything they were made from; empty where a file changed meanwhile.
    names
        Finds organizations in sentences, and says which of them may be named.
    """

    answers: Responses
    reused: bool
    reasons: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    left: tuple[Left, ...] = ()
    key_name: str = ""
    figures: tuple[PublishedFigure, ...] = ()
    made_from: str = ""
    names: OrganizationNames | None = field(default=None, repr=False)


@checked(ProjectError)
def project_answers(
    project: Project,
    *,
    folder: Path | None = None,
    fresh: bool = False,
    identified: bool = False,
    key_file: Path | None = None,
    must_store: bool = False,
    final: bool = False,
) -> Processed:
    """Return a project's answers, from disk where that gives the same.

    Parameters
    ----------
    project
        From :func:`survey.project.read_project`.
    folder
        Where they are kept; the project's ``data/processed`` by default.
    fresh
        Whether to clean anew, whatever is stored.
    identified
        Keep names, addresses and organizations in clear.
    key_file
        File with the key of the pseudonyms.
    must_store
        Whether it is an error if they cannot be stored.
    final
        Whether they will be published, so that no key is made where there is none.

    Raises
    ------
    SurveyError
        If there is nothing to read, or something cannot be read, cleaned or stored.
    """
    root = folder or project.folder / FOLDER
    codebook = project.codebook()
    intake = intake_of(project, codebook)
    key = _key_of(key_file or project.folder / KEY_FILE, intake.exports, make=not final)
    figures = _figures(project, key)
    made_from = _made_from(project, intake.exports, key, identified=identified)
    digest = keyed_digest(key, "answers", json.dumps(made_from, sort_keys=True).encode())

    def processed(
        own: Responses,
        reasons: tuple[str, ...] = (),
        *,
        reused: bool = False,
        written: tuple[Path, ...] = (),
        made_from: str = digest,
    ) -> Processed:
        names = OrganizationNames.of(own, key, read_aliases(*project.alias_files), figures)
        name = key_name(key)
        return Processed(
            own, reused, reasons, written, intake.left, name, figures, made_from, names
        )

    reasons: tuple[str, ...] = ("asked to clean anew",)
    if not fresh:
        kept = kept_answers(root, made_from, codebook)
        if kept.answers is not None:
            own = project.with_variables(kept.answers, key)
            return processed(own, reused=True)
        reasons = kept.reasons
    exports = read_exports(intake.exports, codebook)
    with Console().progress("cleaning"):
        answers = _with_keyed_sources(project.answers(exports, identified=identified, key=key), key)
    own = project.with_variables(answers, key)  # not stored: they are made anew each time
    if made_from != _made_from(project, intake.exports, key, identified=identified):
        unstored = (*reasons, "not stored: a file changed meanwhile")
        return processed(own, unstored, made_from="")
    try:
        with Console().progress("storing answers"):
            written = store(answers, root, formats=_FORMATS, made_from=made_from)
    except ResponsesError as error:
        if must_store:
            raise
        said = (*reasons, *(f"not stored: {problem}" for problem in error.problems))
        return processed(own, said)
    return processed(own, reasons, written=written)


@checked(ProjectError)
def read_exports(files: Sequence[ExportFile], codebook: Codebook) -> list[Export]:
    """Read all files; if several are unusable, say so of each.

    Raises
    ------
    ExportError
        If a file cannot be read; the error lists what is wrong with all of them.
    """
    exports: list[Export] = []
    failed = []
    for file in Console().each("reading", files):
        try:
            exports += _read(file, codebook)
        except ExportError as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExportError(
            f"Cannot read {len(failed)} files",
            [problem for error in failed for problem in error.problems],
        )
    for export in exports:
        for issue in export.log.kept_issues:
            if issue.code == OTHER_YEAR:
                Console().aside(f"Warning: {export.name}: {issue.message}")
    return exports


def _read(file: ExportFile, codebook: Codebook) -> tuple[Export, ...]:
    """Read one file; what is a warning in Python is printed when all are read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OtherYearWarning)
        return read_editions(
            file.path, edition=file.edition, codebook=codebook, invented=file.invented
        )


def _figures(project: Project, key: bytes) -> tuple[PublishedFigure, ...]:
    """Return the core counts that are public or that the project names, found by pseudonym."""
    known = read_footprints(*project.report.figure_files)
    return keyed_footprints(known, key, read_aliases(*project.alias_files))


def _with_keyed_sources(answers: Responses, key: bytes) -> Responses:
    """Return the answers with keyed digests of the exports, unless they are invented.

    Digest and size of a file would tell whoever has a copy of it, or guesses, that it is this one.
    """
    sources = tuple(
        each
        if each.invented
        else replace(each, size=0, sha256=keyed_digest(key, "source", each.sha256.encode()))
        for each in answers.provenance.sources
    )
    return replace(answers, provenance=replace(answers.provenance, sources=sources))


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
        If there is none and none is to be made, or the file holds no key.
    """
    absent = not path.exists()
    key = read_key(path, make=make)
    if absent:
        Console().aside(
            f"made a secret key, {path.name} ({key_name(key)}): keep a copy (survey key backup "
            "FOLDER); another key gives the same organizations other pseudonyms and counts other "
            "noise"
        )
    return key


def _made_from(
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
    parts["options"] = json.dumps({"identified": identified, "formats": _FORMATS}).encode()
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
