"""The same question asked of other readers: which untouched records do they lose or change?"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Sequence
from functools import cache

import pandas as pd

from tests.fuzz.cases import Case
from tests.synthetic.replay import table

__all__ = ["by_csv", "by_pandas"]

csv.field_size_limit(1 << 30)


@cache
def _records(data: bytes) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, table(data)[1:]))


def by_csv(case: Case) -> bool:
    """Whether ``csv.reader`` silently lost or changed an untouched record."""
    try:
        rows = list(csv.reader(io.StringIO(case.data.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return False
    return _lost(case, rows)


def by_pandas(case: Case, *, whole: bool) -> bool:
    """Whether ``pandas.read_csv`` with its defaults did.

    Compared is what it makes of the sound file, or with ``whole`` what stands in it.
    """
    sound = _records(case.source.data) if whole else _frame_rows(case.source.data) or []
    rows = _frame_rows(case.data)
    if rows is None or case.file is None or case.file.columns:
        return False
    found = {tuple(row) for row in rows}
    return any(tuple(sound[number]) not in found for number in case.file.untouched)


def _frame_rows(data: bytes) -> list[list[str]] | None:
    """Return the rows as text, or None if pandas refuses the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pd.read_csv(io.BytesIO(data))
    except (UnicodeError, ValueError, OSError):
        return None
    columns = [] if isinstance(frame.index, pd.RangeIndex) else frame.index.to_frame().T.to_numpy()
    cells = [*columns, *(frame[name].to_numpy() for name in frame.columns)]
    return [[_text(value) for value in row] for row in zip(*cells, strict=True)]


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)
    return str(value)


def _lost(case: Case, rows: Sequence[Sequence[str]]) -> bool:
    if case.file is None or case.file.columns:
        return False
    found = {tuple(row) for row in rows}
    records = _records(case.source.data)
    return any(records[number] not in found for number in case.file.untouched)
