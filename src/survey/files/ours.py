"""What in a written folder is ours: what its manifest lists, as it was written.

Anything else is a person's: a note beside the report, a repository around it, a correction made
by hand in one of our own files. None of it may be lost when the folder is written again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from survey.errors import Problem, SurveyError
from survey.files.final_reports import MANIFEST
from survey.files.reading import printable, read_file
from survey.files.writing import DRAFT
from survey.provenance import digest_of

__all__ = [
    "MANIFEST",
    "STRAY",
    "Foreign",
    "foreign_files",
    "refuse_foreign",
    "refuse_other_page",
    "signed",
]

STRAY = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"})  # nobody's work
_SHOWN = 5
_HINT = "move it away, or write to another folder"
_SIGNATURE = "<!-- written by openstack-survey, sha256 {} -->\n"
Foreign = Callable[[Path], Iterable[str]]


def foreign_files(folder: Path) -> tuple[str, ...]:
    """Return the names of what lies in a written folder and is not ours.

    Ours is what ``manifest.json`` lists (as ``outputs`` or ``files``) with the digest that it
    still has. A folder in which nothing is ours is named once, without what is in it. Without a
    manifest nothing is ours.

    Raises
    ------
    OSError
        If something in it cannot be read.
    """
    listed = _listed(folder / MANIFEST)
    found = {_outermost(name, listed): None for name in _strange(folder, listed)}
    return tuple(found)


def refuse_foreign(
    folders: Iterable[Path],
    *,
    error: type[SurveyError],
    foreign: Foreign = foreign_files,
) -> None:
    """Raise ``error`` if folders that are to be replaced hold what is not ours.

    Raises
    ------
    SurveyError
        The class given, with what is in the way in each folder.
    """
    problems = [problem for folder in folders for problem in _problems(folder, foreign)]
    if problems:
        raise error("What survey did not write is not replaced", problems)


def _problems(folder: Path, foreign: Foreign) -> Iterator[Problem]:
    place = printable(folder.name)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        yield Problem(place, "a file or a link", "a folder that survey wrote", _HINT)
    elif folder.is_dir() and (names := sorted(foreign(folder))):
        shown = ", ".join(map(printable, names[:_SHOWN]))
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        expected = "files that survey wrote and nobody changed"
        yield Problem(place, shown + more, expected, _HINT)


def _strange(folder: Path, listed: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths in a folder, links not followed, that are not as they were written."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in (*links, *files):
            path = Path(place) / name
            inner = path.relative_to(folder).as_posix()
            passed_over = inner == MANIFEST or name in STRAY or name.startswith(DRAFT)
            if not passed_over and not _as_written(path, listed.get(inner)):
                yield inner


def _as_written(path: Path, digest: str | None) -> bool:
    if digest is None or path.is_symlink() or not path.is_file():
        return False
    return digest_of(read_file(path)) == digest


def _outermost(name: str, listed: Mapping[str, str]) -> str:
    """Return the outermost folder of a path in which nothing is listed, or the path itself."""
    parts = name.split("/")
    for depth in range(1, len(parts)):
        folder = "/".join(parts[:depth]) + "/"
        if not any(other.startswith(folder) for other in listed):
            return folder.rstrip("/")
    return name


def _listed(manifest: Path) -> dict[str, str]:
    """Return the paths that a manifest lists, with their digests; nothing if there is none."""
    try:
        plain = json.loads(read_file(manifest))
        if "outputs" in plain:
            return {str(each["path"]): str(each["sha256"]) for each in plain["outputs"]}
        return {str(name): str(each["sha256"]) for name, each in plain["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def signed(page: str) -> str:
    r"""Return an HTML page with a last line by which it is known again, unless it was changed.

    Examples
    --------
    >>> signed("<!doctype html>\n")[:53]
    '<!doctype html>\n<!-- written by openstack-survey, sha'
    """
    return page + _SIGNATURE.format(digest_of(page.encode()))


def refuse_other_page(path: Path, *, error: type[SurveyError], message: str) -> None:
    """Raise ``error`` if a page would replace a file that is no page as we wrote it.

    Raises
    ------
    SurveyError
        The class given.
    OSError
        If the file that is there cannot be read.
    """
    try:
        content = read_file(path)
    except FileNotFoundError:
        return
    length = len(_SIGNATURE.format(digest_of(b"")))
    page, signature = content[:-length], content[-length:]
    if signature != _SIGNATURE.format(digest_of(page)).encode():
        got = "a file that survey did not write, or that was changed since"
        hint = "choose another name, or move it away"
        problem = Problem(printable(path.name), got, "a new name, or an earlier page", hint)
        raise error(message, [problem])
