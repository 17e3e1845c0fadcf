"""Random numbers that depend on what they are for, and on nothing else.

Every organization, person, cloud and edition draws from a stream of its own, so that what one
of them does is the same however many others are simulated, and on every platform. Chances by
name go further: adding a question to the codebook leaves the chances of all others alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt

__all__ = ["chances", "name_keys", "stream"]

Keys = npt.NDArray[np.uint64]
_STEP = 0x9E3779B97F4A7C15
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_ALL = 2**64


def stream(seed: int, *purpose: int | str) -> np.random.Generator:
    """Return the random stream for one purpose.

    Examples
    --------
    >>> first, again = (stream(7, "cloud", 3, 0).integers(100) for _ in range(2))
    >>> bool(first == again)
    True
    """
    entropy = [seed, *(_number(part) if isinstance(part, str) else part for part in purpose)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


@cache
def _number(part: str) -> int:
    return int.from_bytes(sha256(part.encode("utf-8")).digest()[:4], "big")


def name_keys(names: Iterable[tuple[str, str]]) -> Keys:
    """Return a key for each name, to draw chances with."""
    return np.array([_key("\x1f".join(name)) for name in names], dtype=np.uint64)


def chances(keys: Keys, seed: int, *purpose: int | str) -> npt.NDArray[np.float64]:
    """Return a number between 0 and 1 for every key: one purpose, independent by key.

    The numbers are the SplitMix64 generator's, started at key plus purpose.

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

    Examples
    --------
    >>> one, both = name_keys([("a", "")]), name_keys([("b", ""), ("a", "")])
    >>> bool(chances(one, 7, "cloud")[0] == chances(both, 7, "cloud")[1])
    True
    """
    start = _key("\x1f".join(map(str, (seed, *purpose)))) * _STEP % _ALL
    mixed = keys + np.uint64(start)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX[0]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[1]
    mixed ^= mixed >> np.uint64(31)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _key(name: str) -> int:
    return int.from_bytes(sha256(name.encode("utf-8")).digest()[:8], "big")
