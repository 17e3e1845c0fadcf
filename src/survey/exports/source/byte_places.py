"""Where a byte stands in a file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["places_of"]

_BLOCK = 1 << 16


def places_of(byte: int, bytes_: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the positions of a byte, in order.

    The bytes are compared in blocks that the processor's cache holds: fresh memory for an array
    as long as the file costs more than the comparison.

    Examples
    --------
    >>> places_of(ord("b"), np.frombuffer(b"abcb", dtype=np.uint8)).tolist()
    [1, 3]
    """
    found = [np.array([], dtype=np.int64)]
    for start in range(0, len(bytes_), _BLOCK):
        places = np.flatnonzero(bytes_[start : start + _BLOCK] == byte)
        found.append(places + start if start else places)
    return np.concatenate(found)
