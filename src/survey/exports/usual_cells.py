"""Whole columns that are as the survey system writes them, told without a look at each cell.

What the system writes of a record, its numbers and times, has one shape. Where the bytes of a
column have it throughout, there is nothing to repair, and no text needs to be taken out. A column
of which that is not certain is looked at cell by cell by whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["matching", "only_numbers", "only_times", "only_year"]

_TIME = b"0000-00-00 00:00:00"
_DIGITS_AS_0 = bytes.maketrans(b"123456789", b"000000000")
_MOST_DIGITS = 18


def only_numbers(cells: pa.ChunkedArray, least: int = 1) -> bool:
    """Whether all cells are numbers of ``least`` to 18 ASCII digits; if not, some may be.

    Examples
    --------
    >>> only_numbers(pa.chunked_array([["17", "4"]])), only_numbers(pa.chunked_array([["17", ""]]))
    (True, False)
    >>> only_numbers(pa.chunked_array([["17", ""]]), least=0)
    True
    """
    return all(
        least <= lengths.min(initial=_MOST_DIGITS)
        and lengths.max(initial=least) <= _MOST_DIGITS
        and (not text or text.isdigit())
        for lengths, text in _bytes_of(cells)
    )


def only_times(cells: pa.ChunkedArray) -> bool:
    """Whether all cells are written like 2024-08-31 12:00:00; if not, some may be.

    Examples
    --------
    >>> only_times(pa.chunked_array([["2024-08-31 12:00:00"]]))
    True
    >>> only_times(pa.chunked_array([["2024-08-31 12:00:00", "31.08.2024 12:00:00"]]))
    False
    """
    return all(_are_times(lengths, text) for lengths, text in _bytes_of(cells))


def _are_times(lengths: npt.NDArray[np.int32], text: bytes) -> bool:
    shape = text.translate(_DIGITS_AS_0)
    return bool((lengths == len(_TIME)).all()) and shape == _TIME * len(lengths)


def only_year(cells: pa.ChunkedArray) -> int | None:
    """Return the year of all cells, if they are times of one year.

    Examples
    --------
    >>> only_year(pa.chunked_array([["2024-08-31 12:00:00", "2024-01-01 00:00:00"]]))
    2024
    """
    if not len(cells) or not only_times(cells):
        return None
    ends = (pc.min_max(part).as_py() for part in _texts_of(cells) if len(part))
    years = {str(each)[:4] for pair in ends for each in pair.values()}
    return int(years.pop()) if len(years) == 1 else None


def matching(cells: pa.ChunkedArray, pattern: str) -> npt.NDArray[np.bool_]:
    """Return which cells match a pattern, which is put to each distinct text.

    Examples
    --------
    >>> matching(pa.chunked_array([pa.array(["en", "7", "en"]).dictionary_encode()]), "[a-z]")
    array([ True, False,  True])
    """
    found = [np.array([], dtype=bool)]
    for chunk in cells.chunks:
        if pa.types.is_dictionary(chunk.type):
            right = np.asarray(pc.match_substring_regex(chunk.dictionary, pattern))
            found.append(right[chunk.indices.to_numpy(zero_copy_only=False)])
        else:
            found.append(np.asarray(pc.match_substring_regex(chunk, pattern)))
    return np.concatenate(found)


def _texts_of(cells: pa.ChunkedArray) -> Iterator[pa.Array]:
    """Yield the texts of a column, and perhaps some that no row has any more."""
    for chunk in cells.chunks:
        yield chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk


def _bytes_of(cells: pa.ChunkedArray) -> Iterator[tuple[npt.NDArray[np.int32], bytes]]:
    """Yield the lengths of texts, and their bytes without anything between them."""
    for texts in _texts_of(cells):
        _, offsets, data = texts.buffers()
        if offsets is None or not len(texts):
            continue
        bounds = np.frombuffer(offsets, dtype=np.int32)[texts.offset :][: len(texts) + 1]
        first, last = int(bounds[0]), int(bounds[-1])
        text = data.slice(first, last - first).to_pybytes() if last > first else b""
        yield np.diff(bounds), text
