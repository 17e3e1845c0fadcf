"""Blocks of records put together: texts that repeat are kept once, and lines counted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.exports.records import Irregular, Records
from survey.exports.text_table import by_text, plain, smallest

__all__ = ["Gathered", "Part"]

_TOGETHER = 4  # blocks whose texts are numbered in one go
_REPEATED = 16  # times that a text occurs on average in a column kept by text
_MOST_TEXTS = 1 << 14


@dataclass(frozen=True)
class Part:
    """What one block holds: its records, and how many records and lines there are in all."""

    records: Records
    count: int
    lines: int
    ascii: bool
    encoded_once: bool = False
    encoded_twice: tuple[int, ...] = ()


@dataclass
class _Texts:
    """A column kept by its distinct texts, for as long as these repeat."""

    number: dict[str, int] = field(default_factory=dict)
    codes: list[npt.NDArray[np.integer]] = field(default_factory=list)

    def add(self, blocks: Sequence[pa.ChunkedArray]) -> None:
        chunks = [_by_number(chunk) for cells in blocks for chunk in cells.chunks]
        encoded = pa.chunked_array(chunks).unify_dictionaries().combine_chunks()
        texts = encoded.dictionary.to_pylist()
        own = [self.number.setdefault(text, len(self.number)) for text in texts]
        lookup = np.array(own or [0], dtype=smallest(len(self.number)))
        self.codes.append(lookup[encoded.indices.to_numpy(zero_copy_only=False)])

    def done(self) -> pa.Array:
        codes = np.concatenate(self.codes) if self.codes else np.array([], dtype=np.int8)
        self.codes.clear()
        return by_text(codes, list(self.number))


def _by_number(cells: pa.Array) -> pa.Array:
    return cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()


@dataclass
class Gathered:
    """The records of a file as far as they have been read.

    Texts are numbered in the order in which they come, some blocks at a time.
    """

    width: int
    lines_above: int
    count: int = 0
    waiting: list[pa.Table] = field(default_factory=list)
    columns: list[_Texts | list[pa.Array]] = field(default_factory=list)
    order: list[npt.NDArray[np.int64]] = field(default_factory=list)
    lines: list[npt.NDArray[np.int64]] = field(default_factory=list)
    irregular: list[Irregular] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)
    complete: bool = True
    ascii: bool = True
    encoded_once: bool = False
    encoded_twice: list[int] = field(default_factory=list)

    @property
    def repeated(self) -> frozenset[int]:
        """Columns that are kept by their distinct texts."""
        kept = enumerate(self.columns)
        return frozenset(number for number, each in kept if isinstance(each, _Texts))

    def add(self, part: Part) -> None:
        """Put the records of one more block behind those of the others."""
        records = part.records
        self.waiting.append(records.table)
        if len(self.waiting) == _TOGETHER:
            self._add_waiting()
        self.order.append(records.order + self.count)
        self.lines.append(records.lines + self.lines_above)
        self.irregular += [
            replace(each, order=each.order + self.count, line=each.line + self.lines_above)
            for each in records.irregular
        ]
        self.blank_lines += [line + self.lines_above for line in records.blank_lines]
        self.complete = records.last_line_complete
        self.ascii &= part.ascii
        self.encoded_once |= part.encoded_once
        self.encoded_twice += [line + self.lines_above for line in part.encoded_twice]
        self.count += part.count
        self.lines_above += part.lines

    def _add_waiting(self) -> None:
        if not self.columns:
            together = pa.concat_tables(self.waiting)
            self.columns = [_Texts() if _repeats(each) else [] for each in together.columns]
        for number, kept in enumerate(self.columns):
            blocks = [table.column(number) for table in self.waiting]
            if isinstance(kept, _Texts):
                kept.add(blocks)
                if len(kept.number) > _MOST_TEXTS:
                    whole = kept.done()
                    self.columns[number] = [whole.dictionary.take(whole.indices)]
            else:
                kept += [chunk for cells in blocks for chunk in plain(cells).chunks]
        self.waiting.clear()

    def records(self) -> Records:
        """Return all records, which are then no longer here."""
        if self.waiting:
            self._add_waiting()
        names = [str(number) for number in range(self.width)]
        if not self.columns:
            self.columns = [[] for _ in names]
        cells = []
        while self.columns:  # given away one by one, so that none is held twice
            kept = self.columns.pop(0)
            text = pa.string()
            cells.append(kept.done() if isinstance(kept, _Texts) else pa.chunked_array(kept, text))
        return Records(
            pa.table(cells, names=names),
            _joined(self.order),
            _joined(self.lines),
            tuple(self.irregular),
            tuple(self.blank_lines),
            self.complete,
            encoded_twice=tuple(self.encoded_twice),
        )


def _repeats(cells: pa.ChunkedArray) -> bool:
    """Whether a column holds few texts, each many times."""
    return len(cells.unique()) * _REPEATED <= max(len(cells), _REPEATED**2)


def _joined(parts: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.array([], dtype=np.int64)
