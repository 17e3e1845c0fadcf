"""Small exports to change: a few invented respondents, written as the survey system writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from survey.exports import Export, read_editions, read_export
from survey.synthetic import by_heading, flat, saved, simulate

__all__ = ["Rows", "answers", "changed", "read_all", "read_rows", "sheet", "small", "write"]

Rows = list[list[str]]


@cache
def _content(edition: str, layout: str, respondents: int) -> bytes:
    answers = saved(simulate(edition, respondents=respondents, seed=11).answers)
    return (flat if layout == "flat" else by_heading)(answers)


def small(edition: str = "2024", layout: str = "by-heading", respondents: int = 12) -> Rows:
    """Return headings and records of an export, as cells; all have one width."""
    text = _content(edition, layout, respondents).decode()
    rows = [_cells(line) for line in text.removesuffix("\n").split("\n")]
    return [row for row in rows if len(row) == len(rows[0])]


def _cells(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    return [cell.replace("\0", "\r") for cell in next(csv.reader([line.replace("\r", "\0")]))]


def sheet(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """Return rows as an office program writes them."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def write(folder: Path, rows: Sequence[Sequence[str]], name: str = "changed.csv") -> Path:
    """Write rows and return the path."""
    path = folder / name
    path.write_bytes(sheet(rows))
    return path


def read_rows(folder: Path, rows: Sequence[Sequence[str]]) -> Export:
    """Write and read rows of one edition."""
    return read_export(write(folder, rows))


def read_all(folder: Path, rows: Sequence[Sequence[str]]) -> tuple[Export, ...]:
    """Write and read rows of any editions."""
    return read_editions(write(folder, rows))


def changed(rows: Rows, heading: str, change: Callable[[str], str]) -> Rows:
    """Return rows with other cells under one heading."""
    at = rows[0].index(heading)
    return [
        rows[0],
        *([*row[:at], change(row[at]) if row[at] else "", *row[at + 1 :]] for row in rows[1:]),
    ]


def answers(export: Export, but: Sequence[str] = ()) -> list[tuple[tuple[str, str], ...]]:
    """Return the filled cells of each record by heading, whatever the order of the columns."""
    frame = export.frame
    return [
        tuple(
            sorted((h, text) for h, text in zip(frame, row, strict=True) if text and h not in but)
        )
        for row in frame.itertuples(index=False)
    ]
