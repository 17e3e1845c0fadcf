"""One committed export with a column less, renamed, or with a no-break space in its heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from survey.exports import read_export

__all__ = ["OPERATORS", "RAW", "Table", "drop", "rows_of", "written"]

RAW = Path(__file__).parents[2] / "data/raw"
Table = list[list[str]]


def rows_of(path: Path) -> Table:
    """Return the cells of an export once its damaged records are put back; headings first."""
    export = read_export(path)
    return [list(export.headings), *export.frame.to_numpy().tolist()]


def drop(rows: Table, place: int) -> Table:
    return [[*row[:place], *row[place + 1 :]] for row in rows]


def rename(rows: Table, place: int) -> Table:
    head = [*rows[0]]
    head[place] = f"{head[place]} (as asked this year)"
    return [head, *rows[1:]]


def no_break_space(rows: Table, place: int) -> Table:
    head = [*rows[0]]
    name = head[place]
    middle = name.index(" ") if " " in name else len(name)
    head[place] = f"{name[:middle]}\N{NO-BREAK SPACE}{name[middle + 1 :]}"
    return [head, *rows[1:]]


OPERATORS: dict[str, Callable[[Table, int], Table]] = {
    "dropped": drop,
    "renamed": rename,
    "no-break space": no_break_space,
}


def written(path: Path, rows: Table) -> Path:
    """Write cells as the exporter writes them, one record per line."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path
