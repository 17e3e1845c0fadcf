"""A written publication read back: its tables as frames, as anybody gets them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import Problem, PublishError
from survey.files import read_file

__all__ = ["ReadPublication", "read_publication"]

_FLAGS = {"True": True, "False": False}
_WORDS = frozenset({"answer", "status", "item", "level", "band", "verdict", "imprecise_because"})


@dataclass(frozen=True)
class ReadPublication:
    """The tables of a report's folder, by name, in reading order.

    Attributes
    ----------
    title, edition, invented
        What the publication says of itself.
    tables
        Name -> frame: groups, ``answer``, ``count``, ``base``, ``value``, ``low``, ``high``,
        ``status``, and what the statistic adds. Numbers are missing where nothing is shown.
    about
        Name -> how the table was made, as ``tables/tables.json`` says it.
    """

    title: str
    edition: str
    invented: bool
    tables: Mapping[str, pd.DataFrame]
    about: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __repr__(self) -> str:
        return f"<ReadPublication {self.title!r}, edition {self.edition}: {len(self)} tables>"


@checked(PublishError)
def read_publication(folder: str | Path) -> ReadPublication:
    """Return the tables of a report that :func:`survey.write_report` wrote.

    Parameters
    ----------
    folder
        The folder of an edition, such as ``reports/2024``.

    Raises
    ------
    PublishError
        If the folder holds no report, or a file of it cannot be read.

    Examples
    --------
    >>> import survey as sv  # doctest: +SKIP
    >>> sv.read_publication("reports/2024")["compute_cores"]  # doctest: +SKIP
    """
    root = Path(folder) / "tables"
    index = json.loads(_text(root / "tables.json"))
    tables = {entry["name"]: _frame(root / entry["file"], entry) for entry in index["tables"]}
    return ReadPublication(
        index["title"],
        index["edition"],
        bool(index["invented"]),
        tables,
        {entry["name"]: entry for entry in index["tables"]},
    )


def _text(path: Path) -> str:
    try:
        return read_file(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        expected = "the folder of an edition, with tables/tables.json"
        problem = Problem(path.name, str(error) or type(error).__name__, expected)
        raise PublishError("The publication cannot be read", [problem]) from None


def _frame(path: Path, entry: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table; labels stay text, whatever they look like, and flags are true or false."""
    rows = list(csv.DictReader(io.StringIO(_text(path))))
    words = {*entry["by"], *_WORDS}
    frame = pd.DataFrame(rows, columns=list(entry["columns"]), dtype=object)
    for name in frame.columns:
        if name in words:
            continue
        numbers = pd.to_numeric(frame[name].where(frame[name] != "", None), errors="coerce")
        written = frame[name].fillna("").ne("")
        if not (numbers.isna() & written).any():
            frame[name] = numbers.astype(float)
        elif frame[name][written].isin(list(_FLAGS)).all():
            flags = frame[name].map(_FLAGS).astype("boolean")
            frame[name] = flags if flags.isna().any() else flags.astype(bool)
    return frame
