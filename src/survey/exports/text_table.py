"""Columns of text, each kept by its distinct texts where these repeat.

Of some 200 columns of an export 190 hold a few texts over and over. Kept once, with a small
number per record, they take a tenth of the memory, and whatever is done to each distinct text
need not look for them again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from survey.exports.few_texts import FEW, FewTexts

__all__ = [
    "TextTable",
    "by_text",
    "distinct",
    "holds_any",
    "holds_pattern",
    "plain",
    "smallest",
]

Rows = npt.NDArray[np.int64]
Marked = npt.NDArray[np.bool_]


class TextTable:
    """A table of text.

    Parameters
    ----------
    stored
        Columns of text, or of text by number (``pyarrow.DictionaryArray``).
    few
        What :meth:`texts` gives of columns that have few texts.

    Examples
    --------
    >>> table = TextTable(pa.table({"0": pa.array(["a", "b", "a"]).dictionary_encode()}))
    >>> table.column(0).to_pylist(), table.take(np.array([2, 0])).column(0).to_pylist()
    (['a', 'b', 'a'], ['a', 'a'])
    """

    def __init__(self, stored: pa.Table, few: FewTexts | None = None) -> None:
        self._stored, self._few = stored, few or FewTexts([None] * stored.num_columns)

    @classmethod
    def of(cls, columns: Sequence[pa.Array | pa.ChunkedArray]) -> TextTable:
        """Put columns beside each other."""
        return cls(pa.table(list(columns), names=[str(number) for number in range(len(columns))]))

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self._stored.num_columns)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self._stored.nbytes)

    @property
    def columns(self) -> Iterator[pa.ChunkedArray]:
        """All columns as text, one after the other."""
        return (self.column(number) for number in range(self.width))

    def column(self, number: int) -> pa.ChunkedArray:
        """Return a column as text."""
        return plain(self._stored.column(number))

    def stored(self, number: int) -> pa.ChunkedArray:
        """Return a column as it is kept: text, or text by number."""
        return self._stored.column(number)

    def texts(self, number: int) -> Sequence[str]:
        """Return the distinct texts of a column, and perhaps some that no row has any more.

        Examples
        --------
        >>> TextTable.of([pa.array(["a", "b", "a"])]).texts(0)
        ['a', 'b']
        """
        few = self._few[number]
        if few is not None:
            return few
        kept = self.stored(number)
        by_number = pa.types.is_dictionary(kept.type)
        if by_number and kept.num_chunks == 1:
            own: list[str] = kept.chunk(0).dictionary.to_pylist()
            return own
        chunks = (each.dictionary if by_number else each for each in kept.chunks)
        return list(dict.fromkeys(text for each in chunks for text in each.to_pylist()))

    def count_with(self, number: int, *parts: str) -> int:
        """Return how many texts of a column hold one of some parts.

        Examples
        --------
        >>> table = TextTable.of([pa.array(["a-b", "", "c", "-", "a+b"])])
        >>> table.count_with(0, "-", "+")
        3
        """
        few = self._few[number]
        if few is None:
            return self._count_where(number, lambda texts: holds_any(texts, *parts))
        held, whole = [False] * len(few), "\0".join(few)
        for part in parts:
            if part in whole:
                held = [here or part in text for here, text in zip(held, few, strict=True)]
        return self._count_some(number, held)

    def count_matching(self, number: int, pattern: str, mark: str) -> int:
        r"""Return how many texts of a column match a pattern; all that do hold ``mark``.

        Examples
        --------
        >>> table = TextTable.of([pa.array(["a ?", "why?", "c"])])
        >>> table.count_matching(0, r" \?", "?")
        1
        """
        few = self._few[number]
        if few is None:
            return self._count_where(number, lambda texts: holds_pattern(texts, pattern, mark))
        search = re.compile(pattern).search
        held = [mark in text and search(text) is not None for text in few]
        return self._count_some(number, held)

    def _count_some(self, number: int, held: Sequence[bool]) -> int:
        """Return how many cells of a column hold some of its texts."""
        if not any(held):
            return 0
        counted = np.frombuffer(bytes(held), dtype=bool)
        cells = (chunk.indices for chunk in self.stored(number).chunks)
        codes = (each.to_numpy(zero_copy_only=False) for each in cells)
        return sum(int(np.count_nonzero(counted[each])) for each in codes)

    def _count_where(self, number: int, test: Callable[[pa.Array], Marked]) -> int:
        """Return how many texts of a column pass a test, which is put to each distinct one."""
        return sum(_count_where(chunk, test) for chunk in self.stored(number).chunks)

    @property
    def stored_table(self) -> pa.Table:
        """All columns as they are kept."""
        return self._stored

    def row(self, number: int) -> tuple[str, ...]:
        """Return the texts of one row."""
        return tuple(column[number].as_py() for column in self._stored.columns)

    def differ(self, number: int, here: Rows, there: Rows) -> npt.NDArray[np.bool_]:
        """Return where a column has another text in one row than in the other."""
        cells = self.stored(number)
        if pa.types.is_dictionary(cells.type):
            codes = cells.combine_chunks().indices.to_numpy(zero_copy_only=False)
            return np.asarray(codes[here] != codes[there])
        ours, theirs = cells.take(pa.array(here)), cells.take(pa.array(there))
        return np.asarray(pc.not_equal(ours, theirs))

    def filled(self, number: int, rows: Rows) -> npt.NDArray[np.bool_]:
        """Return which of some rows have a text in a column.

        Examples
        --------
        >>> TextTable.of([pa.array(["a", "", "b"])]).filled(0, np.array([2, 1]))
        array([ True, False])
        """
        cells = self.stored(number)
        if not pa.types.is_dictionary(cells.type):
            return np.asarray(pc.not_equal(cells.take(pa.array(rows)), ""))
        whole = cells.combine_chunks()
        blank = whole.dictionary.index("").as_py()  # -1 where no row is
        return np.asarray(whole.indices.to_numpy(zero_copy_only=False)[rows] != blank)

    def take(self, rows: Rows, only: Collection[int] | None = None) -> TextTable:
        """Return some rows, in the order in which they are named.

        Where only some columns are wanted, the others hold nothing.
        """
        places = pa.array(rows)
        if only is None:
            return TextTable(self._stored.take(places))
        blank = pa.nulls(len(rows))
        columns = enumerate(self._stored.columns)
        return TextTable.of([each.take(places) if at in only else blank for at, each in columns])

    def filter(self, keep: npt.NDArray[np.bool_]) -> TextTable:
        """Return the rows to keep."""
        return self if keep.all() else TextTable(self._stored.filter(pa.array(keep)), self._few)

    def replaced(self, number: int, cells: pa.Array) -> TextTable:
        """Return a copy with other cells in one column."""
        few = self._few.without(number)
        return TextTable(self._stored.set_column(number, str(number), cells), few)

    def with_column(self, cells: pa.Array) -> TextTable:
        """Return a copy with one column more."""
        return TextTable(self._stored.append_column(str(self.width), cells))

    def with_rows(self, rows: Sequence[Sequence[str]]) -> TextTable:
        """Return a copy with more rows at the end."""
        columns = {
            str(number): _longer(self.stored(number), cells)
            for number, cells in enumerate(zip(*rows, strict=True))
        }
        return TextTable(pa.table(columns)) if rows else self

    def frame(self) -> pd.DataFrame:
        """Return a frame of text."""
        columns = {str(number): self.column(number) for number in range(self.width)}
        return pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)  # type: ignore[no-any-return]


def _count_where(cells: pa.Array, test: Callable[[pa.Array], Marked]) -> int:
    if not pa.types.is_dictionary(cells.type):
        return int(np.count_nonzero(test(cells)))
    passed = test(cells.dictionary)
    if not passed.any():
        return 0
    return int(np.count_nonzero(passed[cells.indices.to_numpy(zero_copy_only=False)]))


def holds_any(texts: pa.Array, *parts: str) -> Marked:
    """Return which texts hold one of some parts.

    Examples
    --------
    >>> holds_any(pa.array(["a-b", "c", "+"]), "-", "+").tolist()
    [True, False, True]
    """
    if len(texts) < FEW:
        search = _any_of(parts).search
        return np.array([search(text) is not None for text in texts.to_pylist()], dtype=bool)
    found = np.zeros(len(texts), dtype=bool)
    for part in parts:
        rest = np.flatnonzero(~found)
        here = texts if len(rest) == len(texts) else texts.take(pa.array(rest))
        found[rest] = np.asarray(pc.match_substring(here, part))
    return found


@cache
def _any_of(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, parts)))


def holds_pattern(texts: pa.Array, pattern: str, mark: str) -> Marked:
    r"""Return which texts match a pattern; only those that hold ``mark``, one letter, can.

    Examples
    --------
    >>> holds_pattern(pa.array(["a ?", "why?", "c"]), r" \?", "?").tolist()
    [True, False, False]
    """
    found = np.zeros(len(texts), dtype=bool)
    if len(texts) < FEW:
        rest = np.array([at for at, t in enumerate(texts.to_pylist()) if mark in t], dtype=np.int64)
    else:
        rest = _marked(texts, mark)
    if not len(rest):
        return found
    found[rest] = np.asarray(pc.match_substring_regex(texts.take(pa.array(rest)), pattern))
    return found


def _marked(texts: pa.Array, mark: str) -> Rows:
    """Return the rows whose text holds an ASCII character; no other byte looks like one."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return np.array([], dtype=np.int64)
    bounds = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    bytes_ = np.frombuffer(data, dtype=np.uint8)[bounds[0] : bounds[-1]]
    places = np.flatnonzero(bytes_ == ord(mark)) + bounds[0]
    return np.unique(np.searchsorted(bounds, places, side="right") - 1)


def plain(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells as text, however they are kept."""
    if not pa.types.is_dictionary(cells.type):
        return cells
    return pa.chunked_array(
        [chunk.dictionary.take(chunk.indices) for chunk in cells.chunks], pa.string()
    )


def by_text(codes: npt.NDArray[np.integer], texts: Sequence[str]) -> pa.DictionaryArray:
    """Return cells by number, in as few bytes as the numbers need."""
    small = codes.astype(smallest(len(texts)), copy=False)
    return pa.DictionaryArray.from_arrays(pa.array(small), pa.array(texts, pa.string()))


def distinct(cells: pa.ChunkedArray | pa.Array) -> tuple[list[str], Rows]:
    """Return the distinct texts of some cells by first appearance, and each row's number.

    Examples
    --------
    >>> kept = pa.array(["a", "b", "c", "b"]).dictionary_encode().take([3, 2, 1])
    >>> texts, codes = distinct(kept)
    >>> texts, codes.tolist()
    (['b', 'c'], [0, 1, 0])
    """
    array = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    known = pa.types.is_dictionary(array.type)
    encoded = array if known else array.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    texts = encoded.dictionary
    if known and not _by_appearance(codes, len(texts)):
        first = np.full(len(texts), len(codes))
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(codes))]
        number = np.zeros(len(texts), dtype=codes.dtype)
        number[order] = np.arange(len(order))
        codes, texts = number[codes], texts.take(pa.array(order))
    return texts.to_pylist(), codes.astype(np.int64, copy=False)


def _by_appearance(codes: npt.NDArray[np.integer], count: int) -> bool:
    """Whether all of some numbers occur, and each comes first after those below it."""
    if not len(codes) or codes[0]:
        return not count and not len(codes)
    most = np.maximum.accumulate(codes)
    return bool(most[-1] == count - 1 and np.count_nonzero(most[1:] != most[:-1]) == count - 1)


def smallest(count: int) -> npt.DTypeLike:
    """Return the smallest type of number for ``count`` distinct texts."""
    return np.int8 if count < 1 << 7 else np.int16 if count < 1 << 15 else np.int32


def _longer(cells: pa.ChunkedArray, more: Sequence[str]) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(cells.type):
        return pa.chunked_array([*cells.chunks, pa.array(more, pa.string())], pa.string())
    whole = cells.combine_chunks()
    count, new = len(whole.dictionary), dict[str, int]()
    known = pc.index_in(pa.array(more, pa.string()), value_set=whole.dictionary).to_pylist()
    added = [
        count + new.setdefault(text, len(new)) if code is None else code
        for text, code in zip(more, known, strict=True)
    ]
    texts = whole.dictionary
    if new:
        texts = pa.concat_arrays([texts, pa.array(list(new), pa.string())])
    codes = np.concatenate([whole.indices.to_numpy(zero_copy_only=False), added])
    small = codes.astype(smallest(len(texts)))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(small, texts)])
