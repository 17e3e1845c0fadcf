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


def by_pandas(case: Case) -> bool:
    """Whether ``pandas.read_csv`` with its defaults did, values compared as text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pd.read_csv(io.BytesIO(case.data))
    except (UnicodeError, ValueError, OSError):
        return False
    if isinstance(frame.index, pd.RangeIndex):
        rows = frame.to_numpy(dtype=object).tolist()
    else:  # the first columns became the index
        rows = frame.reset_index().to_numpy(dtype=object).tolist()
    return _lost(case, [[_text(value) for value in row] for row in rows])


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
