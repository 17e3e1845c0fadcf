"""The project file ``survey.toml``: which exports, which codebook, which rules, where to.

A project file looks like this::

    title = "OpenStack User Survey"
    aliases = ["aliases.toml"]           # decisions on organizations
    frames = ["frames/wishes.toml"]      # coding frames for write-ins and free text
    fold = ["deployment_tools"]          # write-ins counted as the option they name; true: all

    [policy]
    profile = "protected"                # how answers are protected: see survey.Policy

    [publisher]               # optional: the workbook's cover and the dashboard's foot say it
    name = "Example Foundation"
    contact = "survey@example.org"
    licence = "CC BY 4.0"
    file_name = "example-survey"   # example-survey-2024.xlsx; by default the title
    colour = "#7a3b00"        # of the edge above each page

    [vocabulary]              # optional: the words of another community, in every output
    unit = "bakery"
    units = "bakeries"

    [report]                  # optional: chapters in their order, tables left out, Python files
    without = ["nps_by_edition"]

    [[variables]]             # optional: questions of one's own, see survey.project.own_variables
    name = "large_cloud"
    of = "compute_cores"
    at_least = "10,000 to 99,999 cores"

    [[published]]             # optional: earlier public totals, see survey.project.published
    year = "2023"
    figure = 45_000_000
    source = "annual report 2023"

    [[claims]]                # optional: sentences that `survey claims` holds against a report
    text = "Most clouds are in production"
    table = "deployment_stage"
    answer = "Production / Full Operational Use"
    more_than = "50 %"

    [[tables]]                # optional: tables of one's own, see survey.project.report_plan
    concept = "team_size"
    statistic = "median"
    by = "primary_country"

    [[exports]]
    file = "data/raw/Survey_20240831120000.csv"
    edition = "2024"          # optional: recognized by content
    invented = true           # optional: every output says so

    [bind.2024]               # where a later questionnaire holds a concept
    team_size = "PeopleOperating"

``aliases = "aliases.toml"`` names decisions about organizations. Edition files in the folder
``codebook`` are read as they are; ``codebook = ["mine.toml"]`` names further ones. Without
``[[exports]]`` every export in ``data/raw`` is read, see :mod:`survey.project.intake`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomlkit

from survey.checked import checked
from survey.codebook import Codebook, Edition, Family, read_codebook, read_words
from survey.codebook.fields import Fields
from survey.dataclass import dataclass
from survey.disclosure import Policy
from survey.errors import DisclosureError, Problem, ProjectError, did_you_mean
from survey.exports import Export
from survey.files import edit_file, faults_as, read_toml
from survey.project.own_variables import OwnVariable, read_variables, with_variables
from survey.project.policy_settings import policy_of
from survey.project.published import read_published
from survey.project.report_plan import ReportPlan, read_report_plan
from survey.project.settings_checks import (
    FILE_NAME,
    file_problems,
    right_type,
    wrong_entry,
    wrong_types,
)
from survey.responses import Responses, clean, code, fold_write_ins, read_aliases, read_coding_frame
from survey.topics import PublishedTotal

__all__ = ["CODEBOOK_FOLDER", "FILE_NAME", "ExportFile", "Project", "bind", "read_project"]

CODEBOOK_FOLDER = "codebook"
_KEYS = frozenset(
    {
        "title",
        "codebook",
        "policy",
        "publisher",
        "exports",
        "bind",
        "aliases",
        "frames",
        "fold",
        "vocabulary",
        "report",
        "tables",
        "variables",
        "published",
        "claims",
    }
)
_PUBLISHER_KEYS = frozenset({"name", "contact", "licence", "file_name", "colour"})
_EXPORT_KEYS = frozenset({"file", "edition", "invented"})


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One export of the project."""

    path: Path
    edition: str | None = None
    invented: bool = False


@dataclass(frozen=True)
class Project:
    """What a project file says.

    Attributes
    ----------
    title
        Title of the publication.
    exports
        Files to read, as far as the project file lists any.
    policy
        Rules of disclosure control.
    bindings
        Edition -> concept -> heading.
    codebook_files
        Further edition files.
    alias_files
        Decisions on organizations.
    frame_files
        Coding frames.
    fold
        Questions whose write-ins count as the listed option that they name; None is all.
    publisher
        Name, contact and licence, as far as the file has them.
    vocabulary
        The words of the community, as far as the file has its own.
    report
        Chapters and tables of the report, as far as they are not the standing ones.
    variables
        Questions of the project's own.
    published
        Earlier public totals, which stand beside the headline.
    claims
        Sentences to hold against a report, for :func:`survey.publish.check_claims`.
    folder
        Where the project lies.
    """

    folder: Path
    title: str = "OpenStack User Survey"
    exports: tuple[ExportFile, ...] = ()
    policy: Policy = field(default_factory=Policy)
    bindings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    codebook_files: tuple[Path, ...] = ()
    alias_files: tuple[Path, ...] = ()
    frame_files: tuple[Path, ...] = ()
    fold: tuple[str, ...] | None = ()
    publisher: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Mapping[str, str] = field(default_factory=dict)
    report: ReportPlan = field(default_factory=ReportPlan)
    variables: tuple[OwnVariable, ...] = ()
    published: tuple[PublishedTotal, ...] = ()
    claims: tuple[Mapping[str, Any], ...] = ()

    @checked(ProjectError)
    def answers(
        self,
        exports: Iterable[Export],
        *,
        identified: bool = False,
        key: bytes | None = None,
    ) -> Responses:
        """Return the answers in ``exports`` as the project's decisions have them.

        Organizations are joined by its alias files, write-ins folded and texts coded by its
        frames.
        """
        aliases = read_aliases(*self.alias_files)
        frames = [read_coding_frame(path) for path in self.frame_files]
        answers = clean(exports, identified=identified, key=key, aliases=aliases)
        if self.fold is None or self.fold:
            answers = fold_write_ins(answers, *frames, questions=self.fold)
        return code(answers, *frames)

    @checked(ProjectError)
    def with_variables(self, answers: Responses, key: bytes | None = None) -> Responses:
        """Return answers with the project's own variables.

        Raises
        ------
        ProjectError
            If one cannot be made of these answers.
        """
        if not self.variables:
            return answers
        return with_variables(answers, self.variables, read_aliases(*self.alias_files), key)

    @checked(ProjectError)
    def title_of(self, edition: Edition) -> str:
        """Return the title of a publication about ``edition``.

        It is that of the project, or of the edition where another survey's project has none.
        """
        unnamed = self.title == Project.title and edition.layout.family is Family.TABLE
        return edition.title if unnamed else self.title

    def codebook(self) -> Codebook:
        """Return the codebook with the project's own files and bindings."""
        codebook = read_codebook(*self.codebook_files)
        for edition, concepts in self.bindings.items():
            for concept, heading in concepts.items():
                codebook = codebook.bind(edition, concept, heading)
        return codebook.with_words(self.vocabulary) if self.vocabulary else codebook


@checked(ProjectError)
def read_project(folder: str | Path = ".", *, files: bool = False) -> Project:
    """Read ``survey.toml`` in ``folder``; without one, a project with every default.

    Parameters
    ----------
    folder
        Where the project lies.
    files
        Whether to check, too, that the files which it names are there and fit.

    Raises
    ------
    ProjectError
        If the file is wrong; the error lists every mistake.
    """
    root = Path(folder)
    path = root / FILE_NAME
    if not path.exists():
        return Project(root, codebook_files=_codebook_files(root, []))
    document = _parse(path)
    problems = _unknown_keys("", document, _KEYS)
    problems += wrong_types(document)
    right = {key: value for key, value in document.items() if right_type(key, value)}
    exports = _exports(root, right.get("exports", []), problems)
    policy = _policy(right.get("policy", {}), problems)
    project = Project(
        root,
        str(right.get("title", Project.title)),
        exports,
        policy,
        MappingProxyType(right.get("bind", {})),
        _codebook_files(root, right.get("codebook", [])),
        _paths(root, right.get("aliases", [])),
        _paths(root, right.get("frames", [])),
        _fold(right.get("fold", [])),
        MappingProxyType(right.get("publisher", {})),
        _vocabulary(right.get("vocabulary", {}), problems),
        read_report_plan(root, right.get("report", {}), right.get("tables", []), problems),
        read_variables(root, right.get("variables", []), problems),
        read_published(right.get("published", []), problems),
        tuple(MappingProxyType(entry) for entry in right.get("claims", [])),
    )
    problems += _claim_problems(project.claims)
    problems += _unknown_keys("publisher", project.publisher, _PUBLISHER_KEYS)
    if files:
        problems += file_problems(project)
    if problems:
        raise ProjectError(f"{FILE_NAME} cannot be used", problems)
    return project


def _parse(path: Path) -> dict[str, Any]:
    problems: list[Problem] = []
    document = read_toml(path, problems)
    if document is None:
        raise ProjectError(f"{FILE_NAME} cannot be read", problems)
    return document


def _unknown_keys(table: str, given: Mapping[str, Any], known: frozenset[str]) -> list[Problem]:
    where = f"{FILE_NAME}, [{table}]" if table else FILE_NAME
    return [
        Problem(
            where,
            f"the key {key!r}",
            f"one of {', '.join(sorted(known))}",
            did_you_mean(key, known),
        )
        for key in given
        if key not in known
    ]


def _claim_problems(claims: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield unknown keys of claims; only then is the room needed that decides them."""
    for number, claim in enumerate(claims, start=1):
        from survey.publish import CLAIM_KEYS

        yield from _unknown_keys(f"claims, entry {number}", claim, frozenset(CLAIM_KEYS))


def _paths(root: Path, given: str | list[str]) -> tuple[Path, ...]:
    """Return a list of files; one alone need not stand in brackets."""
    return tuple(root / name for name in ([given] if isinstance(given, str) else given))


def _codebook_files(root: Path, given: str | list[str]) -> tuple[Path, ...]:
    """Return the files of the folder ``codebook``, then those that the project file names."""
    named = _paths(root, given)
    known = {path.resolve() for path in named}
    own = sorted((root / CODEBOOK_FOLDER).glob("*.toml"))
    return (*(path for path in own if path.resolve() not in known), *named)


def _fold(given: bool | str | list[str]) -> tuple[str, ...] | None:
    if isinstance(given, bool):
        return None if given else ()
    return (given,) if isinstance(given, str) else tuple(given)


def _exports(
    root: Path, entries: list[dict[str, Any]], problems: list[Problem]
) -> tuple[ExportFile, ...]:
    exports = []
    for number, entry in enumerate(entries, start=1):
        problems.extend(_unknown_keys(f"exports, entry {number}", entry, _EXPORT_KEYS))
        problems.extend(wrong_entry(number, entry))
        if isinstance(entry.get("file"), str) and entry["file"]:
            edition = entry.get("edition")
            exports.append(
                ExportFile(
                    root / entry["file"],
                    None if edition is None else str(edition),
                    bool(entry.get("invented", False)),
                )
            )
    return tuple(exports)


def _policy(given: Mapping[str, Any], problems: list[Problem]) -> Policy:
    try:
        return policy_of(given)
    except DisclosureError as error:
        problems.extend(
            replace(each, where=f"{FILE_NAME}, {each.where}") for each in error.problems
        )
        return Policy()


def _vocabulary(given: dict[str, Any], problems: list[Problem]) -> Mapping[str, str]:
    fields = Fields(f"{FILE_NAME}, [vocabulary]", given, problems)
    return MappingProxyType(read_words(fields))


@checked(ProjectError)
def bind(folder: str | Path, edition: str, concept: str, heading: str) -> Path:
    """Record in ``survey.toml`` that an edition holds a concept under another heading.

    Comments and order of the file are kept.

    Raises
    ------
    CodebookError
        If the edition or concept is unknown or the heading is taken.
    ProjectError
        If the project file is wrong or cannot be written; it stays as it was.
    """
    project = read_project(folder)
    project.codebook().bind(edition, concept, heading)
    path = project.folder / FILE_NAME

    def change(before: str | None) -> str:
        document = tomlkit.parse(before or "")
        bindings = document.setdefault("bind", tomlkit.table(is_super_table=True))
        bindings.setdefault(edition, tomlkit.table())[concept] = heading
        return tomlkit.dumps(document)

    with faults_as(ProjectError, f"{FILE_NAME} cannot be written", path, "a file to write to"):
        edit_file(path, change)
    return path
