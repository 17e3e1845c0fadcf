"""Which files a project reads: those that it lists, else every export in ``data/raw``.

Files are recognized by content, whatever they are called. What is left out is said, with the
reason; what is hidden, or an office program's lock, is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from survey.checked import checked
from survey.codebook import Codebook
from survey.dataclass import dataclass
from survey.errors import ExportError, Problem, ProjectError
from survey.exports import Layout, recognize_export
from survey.files import read_file, wrote_among_others
from survey.project.settings import ExportFile, Project
from survey.project.settings_checks import FILE_NAME
from survey.provenance import digest_of

__all__ = ["Intake", "Left", "intake_of"]

_RAW = Path("data") / "raw"
_READ = frozenset({".csv", ".tsv", ".tab", ".txt", ".json", ".xlsx", ".ods", ""})
_LOCKS = ("~$", ".~lock.")


@dataclass(frozen=True, slots=True)
class Left:
    """A file that is not read, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class Intake:
    """The files that a project reads, and those that it leaves.

    Attributes
    ----------
    exports
        What is read.
    left
        What was found beside it and is not read; nothing where the project lists its files.
    """

    exports: tuple[ExportFile, ...]
    left: tuple[Left, ...] = ()


@checked(ProjectError)
def intake_of(project: Project, codebook: Codebook | None = None) -> Intake:
    """Return the files that a project reads.

    Raises
    ------
    ProjectError
        If there is nothing to read, or two listed files are the same.
    """
    if project.exports:
        _refuse_copies(project)
        return Intake(project.exports)
    found = _found(project.folder / _RAW, codebook or project.codebook())
    if not found.exports:
        raise _nothing(found)
    return found


def _nothing(found: Intake) -> ProjectError:
    hint = (
        "put exports there, list them in survey.toml, or make invented ones with 'survey simulate'"
    )
    got = "no export"
    if found.left:
        got += " among " + ", ".join(left.path.name for left in found.left[:5])
    problem = Problem(_RAW.as_posix(), got, "at least one Survey_*.csv", hint)
    return ProjectError("There is nothing to report", [problem])


def _refuse_copies(project: Project) -> None:
    first: dict[str, str] = {}
    problems = []
    for number, export in enumerate(project.exports, start=1):
        content = _content(export.path)
        if content is None:
            continue  # reading it says why
        name = first.setdefault(digest_of(content), export.path.name)
        if name != export.path.name:
            where = f"{FILE_NAME}, exports, entry {number}"
            got = f"{export.path.name}, the same as {name} byte for byte"
            problems.append(Problem(where, got, "each export once"))
    if problems:
        raise ProjectError(f"{FILE_NAME} cannot be used", problems)


def _content(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except OSError:
        return None


def _found(folder: Path, codebook: Codebook) -> Intake:
    exports: list[ExportFile] = []
    left: list[Left] = []
    seen: dict[str, str] = {}
    for path in _files(folder):
        why = _why_not(path, codebook, seen)
        if why:
            left.append(Left(path, why))
        else:
            exports.append(ExportFile(path, invented=_is_invented(folder, path)))
    return Intake(tuple(exports), tuple(left))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith((".", *_LOCKS)) for part in inside)
        if path.is_file() and not hidden:
            yield path


def _why_not(path: Path, codebook: Codebook, seen: dict[str, str]) -> str:
    """Return why a file is not read, or nothing if it is."""
    if path.suffix.lower() not in _READ:
        return "not a kind of file that exports come in"
    try:
        layout = recognize_export(path, codebook=codebook)
    except ExportError as error:
        return _in_short(error)
    if layout is Layout.FREE_TEXT:
        return "texts that name no survey, which cannot be joined to answers"
    name = seen.setdefault(digest_of(read_file(path)), path.name)
    return "" if name == path.name else f"the same as {name} byte for byte"


def _is_invented(folder: Path, path: Path) -> bool:
    """Whether ``survey simulate`` wrote a file and nobody changed it since."""
    return wrote_among_others(folder, path.relative_to(folder).as_posix())


def _in_short(error: ExportError) -> str:
    """Return an error in a few words, none of them from the file's cells."""
    if error.message.startswith("Cannot read") and len(error.problems) == 1:
        return error.problems[0].got
    return "not an export that the codebook knows"
