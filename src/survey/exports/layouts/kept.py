"""What layouts know of an edition, kept for as long as the edition is there."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from survey.codebook import Edition

__all__ = ["kept"]

_R = TypeVar("_R")


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
