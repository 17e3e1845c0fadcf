"""Folders with a final publication: nothing else is written into them, or looks like a part.

The manifest of a report says whether it is final. Whoever gets a folder of final reports takes
what stands in it, below or beside them for published, too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from survey.errors import Problem
from survey.files.reading import printable, read_file

__all__ = [
    "LATEST",
    "MANIFEST",
    "Entry",
    "PublishedError",
    "noted_in",
    "published_around",
    "real_path",
    "refuse_among",
    "refuse_inside",
    "status_of",
]

MANIFEST = "manifest.json"
LATEST = "latest"
"""Beside the editions: the same files as the newest final one, for addresses that stay."""
_FINAL = "final"


class Entry(NamedTuple):
    """A final report in the ledger: its folder, the name of the key, and number and digest."""

    report: str
    key: str
    number: int
    digest: str


class PublishedError(OSError):
    """A file would be added to a final publication, or a confidential one stand beside it."""

    def __init__(self, path: Path, place: str) -> None:
        self.problem = Problem(
            printable(path.name),
            place,
            "a folder in which nothing is published",
            "write it elsewhere; a final publication is replaced as a whole, by another one",
        )
        super().__init__(self.problem.got)


def real_path(path: str | Path) -> Path:
    """Return where a path leads; links that lead in a circle stay for whoever opens them.

    ``Path.resolve`` ends in a ``RuntimeError`` there, which nobody takes for a fault of the system.
    """
    return Path(os.path.realpath(path))


def status_of(report: Path) -> str:
    """Return what a report says of itself in its manifest; nothing where it is none of ours.

    It is ``"draft"``, ``"final"`` or ``"internal"``.
    """
    return str(_said(report).get("status", ""))


def noted_in(folder: Path) -> tuple[Entry, ...]:
    """Return what the final reports in a folder say of the ledger that they are noted in.

    Reports that are older than such entries say nothing.
    """
    reports = [manifest.parent for manifest in sorted(folder.glob(f"*/{MANIFEST}"))]
    found = []
    for report, said in ((report, _said(report)) for report in reports):
        entry = said.get("ledger") if said.get("status") == _FINAL else None
        if isinstance(entry, dict) and isinstance(number := entry.get("number"), int):
            key, digest = (str(entry.get(name)) for name in ("key", "digest"))
            found.append(Entry(printable(report.name), key, number, digest))
    return tuple(found)


def _said(report: Path) -> dict[str, Any]:
    try:
        said = json.loads(read_file(report / MANIFEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def published_around(folder: Path) -> tuple[str, ...]:
    """Return the names of final publications among which the files of a folder would stand.

    They are the folder itself or one above, those that stand in it, and those beside a folder
    above. Nothing is looked at but manifests: of the folder and all above, of what stands in it,
    and of ``latest`` beside those above.
    """
    here = real_path(folder)
    above = [each for each in (here, *here.parents) if status_of(each) == _FINAL]
    inner = [each.parent for each in sorted(here.glob(f"*/{MANIFEST}"))]
    beside = [each / LATEST for each in here.parents]
    found = (*above, *(each for each in (*inner, *beside) if status_of(each) == _FINAL))
    return tuple(dict.fromkeys(printable(each.name) for each in found))


def refuse_inside(path: Path) -> None:
    """Refuse to add a file or folder to a final publication.

    Raises
    ------
    PublishedError
        If a folder above it is one.
    """
    for folder in real_path(path).parents:
        if status_of(folder) == _FINAL:
            place = f"a place in the final publication {printable(folder.name)}"
            raise PublishedError(path, place)


def refuse_among(path: Path) -> None:
    """Refuse to put a confidential file into a final publication, below or beside one.

    Raises
    ------
    PublishedError
        If one stands there.
    """
    if published := published_around(real_path(path).parent):
        raise PublishedError(path, f"a place among final publications ({', '.join(published)})")
