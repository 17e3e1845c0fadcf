"""What changed between two reports of an edition: every published number, and why it may have.

Both are read from their folders: tables and manifest are all that is needed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import Problem, PublishError
from survey.files import faults_as, read_file

__all__ = ["Published", "Reprint", "changed_numbers", "read_published", "reasons"]

_COMPARED = ("count", "base", "value", "low", "high", "status")
_MADE_FROM = {
    "inputs": "data: other exports, or other content",
    "codebook": "codebook: other editions",
    "policy": "policy: other rules",
    "made_with": "code: another version of the toolkit",
}
Row = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Published:
    """The numbers of a report and its manifest.

    Attributes
    ----------
    numbers
        Table and row -> column -> the number as printed.
    manifest
        What the manifest says.
    """

    numbers: Mapping[Row, Mapping[str, str]]
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reprint:
    """A number that is not as it was; empty where one report lacks it."""

    table: str
    row: str
    column: str
    before: str
    after: str


@checked(PublishError)
def read_published(folder: str | Path) -> Published:
    """Read the numbers of a report.

    Raises
    ------
    PublishError
        If the folder holds no report.

    Examples
    --------
    >>> read_published("reports/2024")  # doctest: +SKIP
    """
    root, numbers = Path(folder), dict[Row, Mapping[str, str]]()
    with faults_as(PublishError, "The report cannot be read", root, "the folder of a report"):
        text = read_file(root / "manifest.json")
        for path in sorted((root / "tables").glob("*.csv")):
            rows = csv.DictReader(io.StringIO(read_file(path).decode("utf-8")))
            for row in rows:
                keys = tuple((n, v) for n, v in row.items() if n in _keys(row))
                numbers[path.stem, keys] = {n: row[n] for n in _COMPARED if n in row}
    try:
        manifest = json.loads(text)
    except ValueError:
        problem = Problem("manifest.json", "a damaged manifest", "that of a report")
        raise PublishError("The report cannot be read", [problem]) from None
    return Published(numbers, manifest)


@checked(PublishError)
def changed_numbers(before: Published, after: Published) -> Iterator[Reprint]:
    """Yield every published number that is not as it was, gone and new ones included."""
    for row in dict.fromkeys((*before.numbers, *after.numbers)):
        old, new = before.numbers.get(row, {}), after.numbers.get(row, {})
        table, keys = row
        for column in dict.fromkeys((*old, *new)):
            if old.get(column, "") != new.get(column, ""):
                words = ", ".join(value for _, value in keys)
                yield Reprint(table, words, column, old.get(column, ""), new.get(column, ""))


@checked(PublishError)
def reasons(before: Published, after: Published) -> tuple[str, ...]:
    """Return what the two reports were made from that is not the same.

    Examples
    --------
    >>> one, other = Published({}, {"made_with": "1"}), Published({}, {"made_with": "2"})
    >>> reasons(one, other)
    ('code: another version of the toolkit',)
    """
    found = tuple(
        words
        for part, words in _MADE_FROM.items()
        if before.manifest.get(part) != after.manifest.get(part)
    )
    # Of confidential exports a manifest names no content: it is what is left.
    return found or ("data or decisions: other content of the same files",)


def _keys(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that say which row it is: all up to the answer."""
    names = list(row)
    return tuple(names[: names.index("answer") + 1]) if "answer" in names else tuple(names[:1])
