"""Arguments that are not what they should be, said so before anything is computed.

Each function looks at one argument and returns what is wrong with it, so that a caller can
tell everything at once. ``bool`` is no number here: ``level=True`` is a slip.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from numbers import Integral, Real
from typing import Any, Final

import numpy as np

from survey.errors import EstimateError, Problem, did_you_mean

__all__ = ["MOST_REPLICATES", "fraction", "names", "number", "one_of", "require", "text", "whole"]

MOST_REPLICATES: Final = 100_000
"""More bootstrap replicates would fill the memory and tell nothing."""


def require(message: str, problems: Iterable[Problem]) -> None:
    """Raise one error with every problem, if there is any."""
    found = list(problems)
    if found:
        raise EstimateError(message, found)


def fraction(name: str, value: Any, example: float) -> list[Problem]:
    """Return what is wrong with a number that must lie between 0 and 1.

    Examples
    --------
    >>> fraction("level", 0.9, 0.95)
    []
    >>> print(fraction("level", "high", 0.95)[0])
    level: got 'high'; expected a number between 0 and 1, such as 0.95.
    """
    if _is_number(value) and 0 < value < 1:
        return []
    return [Problem(name, repr(value), f"a number between 0 and 1, such as {example:g}")]


_LARGEST = sys.float_info.max
"""Whole numbers may be larger than any that can be computed with."""


def number(name: str, value: Any, expected: str, above: float = -np.inf) -> list[Problem]:
    """Return what is wrong with a number that must be finite, and larger than ``above``."""
    if _is_number(value) and abs(value) <= _LARGEST and value > above:
        return []
    return [Problem(name, repr(value), expected)]


def whole(name: str, value: Any, least: int, most: int | None = None) -> list[Problem]:
    """Return what is wrong with a whole number that must not be below ``least``.

    Examples
    --------
    >>> whole("top", 3, 1), len(whole("top", 2.5, 1)), len(whole("top", True, 1))
    ([], 1, 1)
    """
    right = isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least
    if right and (most is None or int(value) <= most):
        return []
    end = "" if most is None else f" to {most:,}"
    return [Problem(name, repr(value), f"a whole number from {least:,}{end}")]


def text(name: str, value: Any, expected: str) -> list[Problem]:
    """Return what is wrong with a word."""
    return [] if isinstance(value, str) else [Problem(name, repr(value), expected)]


def one_of(name: str, value: Any, known: Collection[str]) -> list[Problem]:
    """Return what is wrong with a word that must be one of some."""
    if isinstance(value, str) and value in known:
        return []
    hint = did_you_mean(str(value), known)
    return [Problem(name, repr(value), f"one of {', '.join(known)}", hint)]


def names(where: str, value: Any, expected: str = "a concept, or several") -> tuple[str, ...]:
    """Return one or several names as a tuple; ``None`` is none of them.

    Raises
    ------
    EstimateError
        If it is anything else.

    Examples
    --------
    >>> names("by", "edition"), names("by", ["a", "b"]), names("by", None)
    (('edition',), ('a', 'b'), ())
    """
    if isinstance(value, str):
        return (value,)
    if value is None:
        return ()
    if isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
        given = tuple(value)
        if all(isinstance(each, str) for each in given):
            return given
    raise EstimateError(f"Cannot read {where!r}", [Problem(where, repr(value), expected)])


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
