"""Files of ours among those of others: which are ours is written down in their folder.

Invented exports lie where real ones do. A hidden record of what was written, with digests, tells
whether a file may be replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from survey.errors import Problem, SurveyError
from survey.files.final_reports import refuse_inside
from survey.files.lock import alone_in
from survey.files.reading import printable, read_file
from survey.files.writing import write_file
from survey.provenance import digest_of

__all__ = ["RECORD", "write_among_others", "wrote_among_others"]

RECORD = ".survey-files.json"


def write_among_others(
    root: Path, contents: Mapping[str, bytes], *, error: type[SurveyError]
) -> None:
    """Write files below a folder in which others lie, and none over another's.

    Parameters
    ----------
    root
        The folder; made if it is not there.
    contents
        Path of a file below it -> its bytes.
    error
        What to raise if a file that is there is not ours, or was changed since.

    Raises
    ------
    SurveyError
        The class given; nothing was written.
    OSError
        If the system refuses. Each file was written whole or not at all.
    """
    refuse_inside(root / RECORD)
    root.mkdir(parents=True, exist_ok=True)
    with alone_in(root):
        known = _known(root / RECORD)
        digests = {name: _digest(root / name) for name in contents}
        problems = [
            Problem(
                printable(name),
                "a file that survey did not write, or that was changed since",
                "a new name, or a file that survey wrote",
                "choose another folder, or move it away",
            )
            for name, digest in digests.items()
            if digest not in ("", digest_of(contents[name]), *known.get(name, ()))
        ]
        if problems:
            raise error("Files of others are not replaced", problems)
        fresh = {name: [digest_of(content)] for name, content in contents.items()}
        # Recorded before and after: what a killed run wrote is known to the next one, too.
        both = {n: list(dict.fromkeys([*known.get(n, ()), *fresh[n]])) for n in fresh}
        _record(root, known | both)
        for name, content in contents.items():
            if digests[name] != fresh[name][0]:
                write_file(root / name, content)
        _record(root, known | fresh)


def wrote_among_others(root: Path, name: str) -> bool:
    """Whether a file below a folder was written by :func:`write_among_others`, and is as it was.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    return _digest(root / name) in _known(root / RECORD).get(name, ())


def _digest(path: Path) -> str:
    """Return the digest of a file, nothing if there is none."""
    if path.is_symlink():
        return "a link"
    try:
        return digest_of(read_file(path))
    except FileNotFoundError:
        return ""


def _known(record: Path) -> dict[str, list[str]]:
    """Return the digests with which we wrote each file."""
    try:
        plain = json.loads(read_file(record))
        return {str(name): [str(digest) for digest in each] for name, each in plain.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}


def _record(root: Path, digests: Mapping[str, list[str]]) -> None:
    write_file(root / RECORD, json.dumps(digests, indent=1, sort_keys=True) + "\n")
