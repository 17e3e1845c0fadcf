"""What can be wrong in ``survey.toml``: types, files that are not there, editions unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from survey.codebook import Codebook, read_codebook
from survey.errors import CodebookError, Problem, did_you_mean

__all__ = ["FILE_NAME", "file_problems", "right_type", "wrong_entry", "wrong_types"]

FILE_NAME = "survey.toml"


class _Project(Protocol):
    @property
    def folder(self) -> Path: ...
    @property
    def exports(self) -> tuple[Any, ...]: ...
    @property
    def codebook_files(self) -> tuple[Path, ...]: ...
    @property
    def alias_files(self) -> tuple[Path, ...]: ...
    @property
    def frame_files(self) -> tuple[Path, ...]: ...
    @property
    def variables(self) -> tuple[Any, ...]: ...
    @property
    def report(self) -> Any: ...
    def codebook(self) -> Codebook: ...


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_names(value: Any) -> bool:
    given = [value] if isinstance(value, str) else value
    return _is_texts(given) and all(given)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _is_named_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_bindings(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(concepts, dict) and all(isinstance(each, str) for each in concepts.values())
        for concepts in value.values()
    )


_TYPES: Mapping[str, tuple[Any, str]] = {
    "title": (lambda value: isinstance(value, str), 'text: title = "OpenStack User Survey"'),
    "codebook": (_is_names, 'a list of files: codebook = ["mine.toml"]'),
    "policy": (lambda value: isinstance(value, dict), "a table: [policy]"),
    "vocabulary": (_is_named_texts, '[vocabulary] with unit = "bakery"'),
    "report": (lambda value: isinstance(value, dict), "a table: [report]"),
    "tables": (_is_tables, "a table for each table of the report: [[tables]]"),
    "variables": (_is_tables, "a table for each variable: [[variables]]"),
    "published": (_is_tables, "a table for each earlier total: [[published]]"),
    "claims": (_is_tables, "a table for each claim: [[claims]]"),
    "publisher": (_is_named_texts, '[publisher] with name = "Example Foundation"'),
    "exports": (_is_tables, "a table for each file: [[exports]]"),
    "bind": (_is_bindings, 'a table for each edition: [bind.2024] with concept = "Heading"'),
    "aliases": (_is_names, 'a list of files: aliases = ["aliases.toml"]'),
    "frames": (_is_names, 'a list of files: frames = ["frames/wishes.toml"]'),
    "fold": (
        lambda value: isinstance(value, bool) or _is_names(value),
        'a list of questions: fold = ["deployment_tools"]; true is all',
    ),
}
_ENTRY_TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "file": (str, 'file = "data/raw/Survey_....csv"'),
    "edition": ((str, int), 'edition = "2024"'),
    "invented": (bool, "invented = true"),
}


def right_type(key: str, value: Any) -> bool:
    """Whether the value of a key is of the type that it must be."""
    return key not in _TYPES or bool(_TYPES[key][0](value))


def wrong_types(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is not of the type that it must be."""
    for key, value in document.items():
        if not right_type(key, value):
            yield Problem(f"{FILE_NAME}, {key}", _shown(value), _TYPES[key][1])


def wrong_entry(number: int, entry: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong in itself about one entry of ``[[exports]]``."""
    where = f"{FILE_NAME}, exports, entry {number}"
    if not entry.get("file"):
        yield Problem(where, "no file", _ENTRY_TYPES["file"][1])
    for key, (kind, expected) in _ENTRY_TYPES.items():
        value = entry.get(key)
        if key in entry and (not isinstance(value, kind) or (key != "invented" and value is True)):
            yield Problem(where, f"{key} = {_shown(value)}", expected)


def _shown(value: Any) -> str:
    return repr(value)[:60]


def file_problems(project: _Project) -> Iterator[Problem]:
    """Yield what is wrong with the files that a project names."""
    yield from _absent(project)
    yield from _listed_twice(project)
    try:
        known = project.codebook().editions
    except CodebookError as error:
        yield from (problem for problem in error.problems if "No such file" not in str(problem))
        known = read_codebook().editions
    for number, export in enumerate(project.exports, start=1):
        if export.edition is not None and export.edition not in known:
            where = f"{FILE_NAME}, exports, entry {number}"
            hint = did_you_mean(export.edition, known)
            yield Problem(
                where, f"edition = {export.edition!r}", f"one of {', '.join(known)}", hint
            )


def _absent(project: _Project) -> Iterator[Problem]:
    named = [
        *((f"exports, entry {n}", e.path) for n, e in enumerate(project.exports, start=1)),
        *(("codebook", path) for path in project.codebook_files),
        *(("aliases", path) for path in project.alias_files),
        *(("frames", path) for path in project.frame_files),
        *(("report, published_figures", path) for path in project.report.figure_files),
        *(("variables", each.file) for each in project.variables if each.file is not None),
    ]
    for where, path in named:
        if not path.is_file():
            got = "a folder" if path.is_dir() else "no such file"
            yield Problem(f"{FILE_NAME}, {where}", f"{path.name}: {got}", "a file", _near(path))


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent.name!r}"
    names = [entry.name for entry in sorted(path.parent.iterdir()) if entry.is_file()]
    return did_you_mean(path.name, names) or "paths start at the folder of survey.toml"


def _listed_twice(project: _Project) -> Iterator[Problem]:
    times = Counter(export.path.resolve() for export in project.exports)
    for path, count in times.items():
        if count > 1:
            got = f"{path.name} listed {count} times"
            yield Problem(f"{FILE_NAME}, exports", got, "each file once")
