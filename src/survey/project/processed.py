"""A project's answers: from ``data/processed`` if nothing has changed, else cleaned and kept there.

What the answers depend on is told by :mod:`survey.project.inputs`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path

from survey.checked import checked
from survey.codebook import Codebook
from survey.codebook.footprints import PublishedFigure
from survey.console import Console
from survey.dataclass import dataclass
from survey.errors import ExportError, ProjectError, ResponsesError
from survey.exports import OTHER_YEAR, Export, OtherYearWarning, read_editions
from survey.project.inputs import FOLDER, FORMATS, inputs_of, parts_of
from survey.project.intake import Left
from survey.project.settings import ExportFile, Project
from survey.project.unchanged import draft_made_from
from survey.responses import OrganizationNames, Responses, read_aliases
from survey.responses.pseudonyms import key_name
from survey.responses.store.reuse import kept_answers, keyed_digest
from survey.responses.store.write import store

__all__ = ["Processed", "project_answers", "read_exports", "report_made_from"]


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
    inputs = inputs_of(project, key_file=key_file, make_key=not final, identified=identified)
    key = inputs.key

    def processed(
        own: Responses,
        reasons: tuple[str, ...] = (),
        *,
        reused: bool = False,
        written: tuple[Path, ...] = (),
        made_from: str = inputs.made_from,
    ) -> Processed:
        left, figures = inputs.intake.left, inputs.figures
        names = OrganizationNames.of(own, key, read_aliases(*project.alias_files), figures)
        name = key_name(key)
        return Processed(own, reused, reasons, written, left, name, figures, made_from, names)

    reasons: tuple[str, ...] = ("asked to clean anew",)
    if not fresh:
        kept = kept_answers(root, inputs.parts, codebook)
        if kept.answers is not None:
            own = project.with_variables(kept.answers, key)
            return processed(own, reused=True)
        reasons = kept.reasons
    exports = read_exports(inputs.intake.exports, codebook)
    with Console().progress("cleaning"):
        answers = _with_keyed_sources(project.answers(exports, identified=identified, key=key), key)
    own = project.with_variables(answers, key)  # not stored: they are made anew each time
    if inputs.parts != parts_of(project, inputs.intake.exports, key, identified=identified):
        unstored = (*reasons, "not stored: a file changed meanwhile")
        return processed(own, unstored, made_from="")
    try:
        with Console().progress("storing answers"):
            written = store(answers, root, formats=FORMATS, made_from=inputs.parts)
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


@checked(ProjectError)
def report_made_from(project: Project, processed: Processed, edition: str) -> str:
    """Return a digest of everything that the draft of an edition's report depends on.

    It is empty where that cannot be said: a Python file of the project may read anything.
    """
    return draft_made_from(project, processed.made_from, processed.figures, edition)
