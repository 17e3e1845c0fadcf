"""Answer sets in Arrow: lists of what was chosen, ranks and matrices as maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype

__all__ = ["from_arrow", "to_arrow"]

Codes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


def to_arrow(array: AnswerSetArray) -> pa.Array:
    """Return answer sets as Arrow holds them; no answer is null.

    Examples
    --------
    >>> tools = AnswerSetArray.from_lists([["Kolla", "Juju"], []], ["Juju", "Kolla"])
    >>> to_arrow(tools).to_pylist()
    [['Juju', 'Kolla'], None]
    """
    rows, places, numbers = _chosen(array)
    offsets = np.searchsorted(rows, np.arange(len(array) + 1)).astype(np.int32)
    # an offset that is null makes its list null; the last one never is
    starts = pa.array(offsets, mask=np.append(~array.answered, False))
    items = _taken(array.items, places)
    if array.levels:
        return pa.MapArray.from_arrays(starts, items, _taken(array.levels, numbers - 1))
    if array.dtype.ranked:
        return pa.MapArray.from_arrays(starts, items, pa.array(numbers.astype(np.uint8)))
    return pa.ListArray.from_arrays(starts, items)


def _chosen(array: AnswerSetArray) -> tuple[Ints, Ints, Ints]:
    """Return row, item and number of everything chosen, row by row; ranks ascend."""
    rows, places = np.nonzero(array.codes)
    numbers = array.codes[rows, places].astype(np.int64)
    if array.dtype.ranked:
        order = np.lexsort((places, numbers, rows))
        return rows[order], places[order], numbers[order]
    return rows, places, numbers


def _taken(texts: tuple[str, ...], places: Ints) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(places))


def from_arrow(values: Any, dtype: AnswerSetDtype) -> AnswerSetArray:
    """Return the answer sets in a list or map array.

    Raises
    ------
    KeyError
        If something was chosen that is not among the items or levels.
    """
    codes: Codes = np.zeros((len(values), len(dtype.items)), dtype=np.uint8)
    is_map = pa.types.is_map(values.type)
    counts = np.diff(values.offsets.to_numpy())
    rows = np.repeat(np.arange(len(values)), counts)
    first, last = (int(values.offsets[0].as_py()), int(values.offsets[-1].as_py()))
    chosen = (values.keys if is_map else values.values).slice(first, last - first)
    places = _places(chosen, dtype.items)
    if not is_map:
        codes[rows, places] = 1
        return AnswerSetArray(codes, dtype)
    numbers = values.items.slice(first, last - first)
    if dtype.levels:
        codes[rows, places] = _places(numbers, dtype.levels) + 1
    else:
        codes[rows, places] = numbers.to_numpy(zero_copy_only=False)
    return AnswerSetArray(codes, dtype)


def _places(texts: pa.Array, known: tuple[str, ...]) -> Ints:
    place = {text: number for number, text in enumerate(known)}
    encoded = texts.dictionary_encode()
    of_text = np.array([place[text] for text in encoded.dictionary.to_pylist()] or [0])
    return np.asarray(of_text[encoded.indices.to_numpy(zero_copy_only=False)], dtype=np.int64)
