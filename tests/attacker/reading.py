"""Read published folders, as anybody can."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cell", "Key", "PublishedTable", "band_of", "read_folder", "read_folders"]

#: What is counted: edition, unit, and the (question, answer) pairs that all hold.
Key = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Cell:
    """One published row of counts; what the row does not show is None."""

    key: Key
    group: frozenset[tuple[str, str]]
    answer: str
    count: int | None
    base: int | None
    status: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class PublishedTable:
    """A table of shares."""

    folder: str
    name: str
    edition: str
    unit: str
    concept: str
    by: tuple[str, ...]
    several: bool
    counting: str
    cells: tuple[Cell, ...]


def read_folders(folders: Iterable[Path]) -> list[PublishedTable]:
    """Return every table of shares in several folders."""
    return [table for folder in folders for table in read_folder(folder)]


def read_folder(folder: Path) -> list[PublishedTable]:
    """Return the tables of shares of one report."""
    about = json.loads((folder / "tables" / "tables.json").read_text(encoding="utf-8"))
    return [
        _table(folder, str(about["edition"]), each)
        for each in about["tables"]
        if each["measure"] == "share" and each["statistic"] == "share"
    ]


def _table(folder: Path, edition: str, about: dict) -> PublishedTable:
    unit, concept, by = about["unit"], about["concept"], tuple(about["by"])
    rows = list(_rows(folder / "tables" / about["file"]))
    cells = []
    for row in rows:
        own = row.get("edition", edition)
        group = frozenset((name, row[name]) for name in by if name != "edition")
        key = (own, unit, group | {(concept, row["answer"])})
        cells.append(
            Cell(
                key,
                group,
                row["answer"],
                _whole(row["count"]),
                _whole(row["base"]),
                row["status"],
                *(_number(row[name]) for name in ("value", "low", "high")),
            )
        )
    return PublishedTable(
        str(folder),
        about["name"],
        edition,
        unit,
        concept,
        by,
        bool(about["several_answers"]),
        str(about["base"]),
        tuple(cells),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _whole(text: str) -> int | None:
    number = _number(text)
    return None if number is None else round(number)


_NUMBER = r"([\d,]+)"


def band_of(label: str) -> tuple[float, float] | None:
    """Return the interval that a label of a band names; other labels name none.

    Examples
    --------
    >>> band_of("10 to 99 cores"), band_of("Up to 5 people"), band_of("1,000 or more cores")
    ((10.0, 99.0), (0.0, 5.0), (1000.0, inf))
    """
    plain = label.replace("1 million", "1,000,000")
    for pattern, read in (
        (rf"{_NUMBER} (?:to|-|–) {_NUMBER}\b.*", lambda m: (_plain(m[1]), _plain(m[2]))),
        (rf"(?:Up to|At most) {_NUMBER}\b.*", lambda m: (0.0, _plain(m[1]))),
        (rf"{_NUMBER} or more\b.*", lambda m: (_plain(m[1]), float("inf"))),
        (rf"More than {_NUMBER}\b.*", lambda m: (_plain(m[1]) + 1, float("inf"))),
    ):
        found = re.fullmatch(pattern, plain)
        if found:
            return read(found)
    return None


def _plain(text: str) -> float:
    return float(text.replace(",", ""))
