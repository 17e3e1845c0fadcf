"""Read published folders, as anybody can."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ALL_OF", "Cell", "Key", "PublishedTable", "band_of", "read_folder", "read_folders"]

ALL_OF = " | "
"""Between the labels of a group or an answer that is a union of several."""

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
    """Return everything in one report that counts answers.

    Tables of shares; both editions of comparisons; the three sums of a net promoter score, and
    who is under a limit, as tables of unions of answers.
    """
    about = json.loads((folder / "tables" / "tables.json").read_text(encoding="utf-8"))
    edition, tables = str(about["edition"]), about["tables"]
    titles = {each.get("title", ""): each["concept"] for each in tables}
    labels: dict[str, set[str]] = {}
    for each in tables:
        if each["statistic"] == "share":
            for row in _rows(folder / "tables" / each["file"]):
                labels.setdefault(each["concept"], set()).add(row["answer"])
    found = []
    for each in tables:
        rows = list(_rows(folder / "tables" / each["file"]))
        counted = _READ.get(each["statistic"])
        if counted:
            selected = _selection(each.get("title", ""), titles, labels)
            own = [row for row in counted(rows, each, edition) if not _of_others(row, each)]
            found.append(_table(folder, edition, each, own, selected))
    return found


def _of_others(row: dict[str, str], about: dict) -> bool:
    """Whether the notes say that a row repeats the row of another group."""
    group = ", ".join(row[name] for name in about["by"])
    said = [note for note in about.get("notes", ()) if "; the numbers are those of" in note]
    return any(note.startswith("Fewer than 20 ") or group in note for note in said)


def _selection(title: str, titles: dict[str, str], labels: dict[str, set[str]]) -> frozenset:
    """Return the selection that a title tells of as pairs of question and label."""
    told = re.search(r" \(selected: (.*)\)$", title)
    pairs = set()
    for part in told[1].split("; ") if told else ():
        name, _, said = part.partition(": ")
        concept = titles.get(name, name)
        pairs.add((concept, ALL_OF.join(sorted(_labels(said, labels.get(concept, set()))))))
    return frozenset(pairs)


def _labels(said: str, known: set[str]) -> list[str]:
    """Take "A or B" apart; labels may hold the word themselves."""
    if said in known:
        return [said]
    for label in sorted(known):
        if said.startswith(f"{label} or "):
            rest = _labels(said.removeprefix(f"{label} or "), known)
            if rest:
                return [label, *rest]
    return []


def _own_rows(rows: list[dict[str, str]], about: dict, edition: str) -> Iterator[dict[str, str]]:
    yield from ({"edition": edition, **row} for row in rows)


def _both_editions(
    rows: list[dict[str, str]], about: dict, edition: str
) -> Iterator[dict[str, str]]:
    """Take a comparison apart; the editions stand in its title."""
    years = re.findall(r"\b(20\d\d)\b", about["title"])
    if len(years) < 2 or about["measure"] != "difference":
        return
    for row in rows:
        before = {"count": row["earlier_count"], "base": row["earlier_base"], "value": ""}
        limits = {"low": "", "high": ""}
        yield {**row, **before, **limits, "edition": years[-2]}
        yield {**row, **limits, "value": "", "edition": years[-1]}


SCORES = {"promoters": range(9, 11), "passives": range(7, 9), "detractors": range(7)}


def _sums_of_scores(
    rows: list[dict[str, str]], about: dict, edition: str
) -> Iterator[dict[str, str]]:
    for row in rows:
        for name, scores in SCORES.items():
            union = {"answer": ALL_OF.join(sorted(map(str, scores))), "count": row[name]}
            yield {"edition": edition, **row, **union, "value": "", "low": "", "high": ""}


_READ = {
    "share": _own_rows,
    "adoption": _own_rows,
    "compare": _both_editions,
    "nps": _sums_of_scores,
}


def _table(
    folder: Path,
    edition: str,
    about: dict,
    rows: Iterable[dict[str, str]],
    selected: frozenset[tuple[str, str]],
) -> PublishedTable:
    unit, concept = about["unit"], about["concept"]
    by = tuple(about["by"])
    cells = []
    for row in rows:
        group = selected | {(name, row[name]) for name in by if name != "edition"}
        key = (row["edition"], unit, group | {(concept, row["answer"])})
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
    grouped = (*by, *(name for name, _ in sorted(selected)))
    return PublishedTable(
        str(folder),
        about["name"],
        edition,
        unit,
        concept,
        grouped,
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
