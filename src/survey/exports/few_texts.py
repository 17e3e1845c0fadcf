"""The distinct texts of columns that have few, as Python's own once somebody looks at them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

__all__ = ["FEW", "FewTexts", "few_texts"]

FEW = 1 << 10  # texts that Python looks through faster than pyarrow begins to


class FewTexts:
    """The texts that columns can hold, taken out as they are asked for, where they are few.

    Parameters
    ----------
    distinct
        The distinct texts of each column that is kept by number and has few; else None.

    Examples
    --------
    >>> FewTexts([pa.array(["a", "b"]), None])[0]
    ('a', 'b')
    """

    def __init__(self, distinct: Sequence[pa.Array | None]) -> None:
        self.distinct = distinct
        self._known: dict[int, tuple[str, ...]] = {}

    @classmethod
    def of(cls, stored: pa.Table) -> FewTexts:
        """Look at the columns of a table."""
        return cls([_few(column) for column in stored.columns])

    def __getitem__(self, number: int) -> tuple[str, ...] | None:
        """Return the texts of a column, or None if they are many, or not known."""
        found = self._known.get(number)
        texts = self.distinct[number]
        if found is None and texts is not None:
            found = self._known[number] = tuple(texts.to_pylist())
        return found

    def without(self, number: int) -> FewTexts:
        """Return the same without those of a column, which were changed."""
        left = FewTexts([None if at == number else each for at, each in enumerate(self.distinct)])
        left._known = {at: texts for at, texts in self._known.items() if at != number}
        return left


def few_texts(cells: pa.ChunkedArray) -> tuple[str, ...] | None:
    """Return the texts that a column can hold, if it is kept by number and they are few.

    Examples
    --------
    >>> few_texts(pa.chunked_array([pa.array(["a", "b", "a"]).dictionary_encode()]))
    ('a', 'b')
    >>> few_texts(pa.chunked_array([pa.array(["a", "b", "a"])])) is None
    True
    """
    return FewTexts([_few(cells)])[0]


def _few(cells: pa.ChunkedArray) -> pa.Array | None:
    only = cells.chunk(0) if cells.num_chunks == 1 else None
    if not isinstance(only, pa.DictionaryArray):
        return None
    texts = only.dictionary
    return texts if len(texts) < FEW else None
