"""What layouts know of an edition, kept for as long as the edition is there."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar, TypeVarTuple

from survey.codebook import Edition

__all__ = ["by_identity", "kept"]

_R = TypeVar("_R")
_V = TypeVar("_V")
_Rest = TypeVarTuple("_Rest")
_FILES = 16  # values of which something is kept, such as the headings of files


def kept(function: Callable[[Edition], _R]) -> Callable[[Edition], _R]:
    """Keep what a function says of each edition, which never changes.

    Editions are told apart by identity: to compare all their questions would cost more than
    most functions do.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> edition, asked = read_codebook().edition("2019"), []
    >>> name = kept(lambda edition: asked.append(edition) or edition.name)
    >>> name(edition), name(edition), len(asked)
    ('2019', '2019', 1)
    """
    known: dict[int, tuple[weakref.ref[Edition], _R]] = {}

    @wraps(function)
    def call(edition: Edition) -> _R:
        number = id(edition)
        found = known.get(number)
        if found is not None and found[0]() is edition:
            return found[1]
        value = function(edition)
        known[number] = weakref.ref(edition, lambda _: known.pop(number, None)), value
        return value

    return call


def by_identity(function: Callable[[_V, *_Rest], _R]) -> Callable[[_V, *_Rest], _R]:
    """Keep what a function says of the last values, whose first it tells apart by identity.

    Examples
    --------
    >>> asked = []
    >>> longest = by_identity(lambda texts: asked.append(texts) or max(map(len, texts)))
    >>> texts = ["a", "bc"]
    >>> longest(texts), longest(texts), longest(["a", "bc"]), len(asked)
    (2, 2, 2, 2)
    """

    @lru_cache(maxsize=_FILES)
    def known(first: _Same[_V], *rest: *_Rest) -> _R:
        return function(first.value, *rest)

    @wraps(function)
    def call(first: _V, *rest: *_Rest) -> _R:
        return known(_Same(first), *rest)

    return call


class _Same(Generic[_V]):
    """A value that equals itself alone."""

    __slots__ = ("value",)

    def __init__(self, value: _V) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value
