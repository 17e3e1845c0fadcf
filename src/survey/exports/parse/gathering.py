"""The columns of a file that is read block by block, each distinct text kept once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.exports.text_table import smallest

__all__ = ["Gathered"]

_FEW = 1 << 12  # distinct texts that are looked up one by one


class Gathered:
    """A table that grows by blocks of records.

    Blocks are not kept: the small arrays of many blocks, freed column by column, would leave
    gaps that take more memory than the file's answers.

    Parameters
    ----------
    width
        Number of columns.
    most
        Number of records that there are at most.

    Examples
    --------
    >>> found = Gathered(1, 4)
    >>> for texts in (["a", "b"], ["b", "c"]):
    ...     found.add(pa.table({"0": pa.array(texts).dictionary_encode()}))
    >>> found.table().column(0).to_pylist()
    ['a', 'b', 'b', 'c']
    """

    def __init__(self, width: int, most: int) -> None:
        self._columns = [_Column(most) for _ in range(width)]

    def add(self, block: pa.Table) -> None:
        """Put records below those that are there."""
        if len(block):
            for column, cells in zip(self._columns, block.columns, strict=True):
                column.add(cells)

    def table(self) -> pa.Table:
        """Return the columns, with numbers as small as they can be; they are used up."""
        names = [str(number) for number in range(len(self._columns))]
        self._columns.reverse()
        return pa.table([self._columns.pop().cells() for _ in names], names=names)


class _Column:
    """Distinct texts by first appearance, and the number of each record's text.

    Where there are many, those of each block are kept as they are until the last block is there.
    """

    def __init__(self, most: int) -> None:
        self._number: dict[str, int] = {}
        self._parts: list[pa.Array] = []
        self._texts = 0
        self._codes: npt.NDArray[np.integer] = np.empty(most, dtype=np.int8)
        self._end = 0

    def add(self, cells: pa.ChunkedArray) -> None:
        """Add the cells of a block."""
        whole = cells.combine_chunks()
        encoded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
        number = self._numbers_of(encoded.dictionary)
        kind = np.dtype(smallest(self._texts))
        if kind.itemsize > self._codes.itemsize:
            wider = np.empty(len(self._codes), dtype=kind)
            wider[: self._end] = self._codes[: self._end]
            self._codes = wider
        start, self._end = self._end, self._end + len(encoded)
        self._codes[start : self._end] = number[encoded.indices.to_numpy(zero_copy_only=False)]

    def _numbers_of(self, texts: pa.Array) -> npt.NDArray[np.integer]:
        """Return the number of each text of a block; a new one gets the next."""
        known = self._number
        if not self._parts and len(known) + len(texts) <= _FEW:
            found = [known.setdefault(text, len(known)) for text in texts.to_pylist()]
            self._texts = len(known)
            return np.array(found, dtype=np.int64)
        if not self._parts:
            self._parts = [pa.array(list(known), pa.string())]
            known.clear()
        self._parts.append(texts)
        before, self._texts = self._texts, self._texts + len(texts)
        return np.arange(before, self._texts)

    def cells(self) -> pa.Array:
        """Return the column; its parts are used up."""
        codes = self._codes[: self._end]
        if not self._parts:
            return pa.DictionaryArray.from_arrays(codes, pa.array(list(self._number), pa.string()))
        texts = pa.concat_arrays(self._parts)
        self._parts.clear()
        known = texts.dictionary_encode()
        number = known.indices.to_numpy().astype(smallest(len(known.dictionary)))
        return pa.DictionaryArray.from_arrays(number[codes], known.dictionary)
