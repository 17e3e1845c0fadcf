"""Identifiers as words, and notes sorted by who reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["capital", "divided", "humanised", "is_method_note", "legible", "sentence"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_METHOD = re.compile(
    r"\b(logit|Student|Wilson|Rao|Bilder|Benjamini|bootstrap|jackknife|MOVER|percentile|"
    r"linearized|clusters?|p [=<]|F\(|one_per_cloud|sensitivity\(\)|columns? '|"
    r"maximum likelihood|Fisher|distribution|a model of|catalogue|flat export|heading, wording)",
)


def humanised(name: str) -> str:
    """Return an identifier as words.

    Examples
    --------
    >>> humanised("compute_cores")
    'Compute cores'
    """
    return capital(" ".join(name.replace("_", " ").split()))


def capital(text: str) -> str:
    """Return a text that begins with a capital, the rest as it is.

    Examples
    --------
    >>> capital("withheld")
    'Withheld'
    """
    return text[:1].upper() + text[1:]


def legible(text: str) -> str:
    """Return a text in which halves of surrogate pairs, which no file can hold, are replaced.

    Examples
    --------
    >>> legible("a" + chr(0xD800) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def sentence(text: str) -> str:
    """Return a text that ends like a sentence.

    Examples
    --------
    >>> sentence("Nobody answered"), sentence("Why?")
    ('Nobody answered.', 'Why?')
    """
    stripped = text.strip()
    return stripped if not stripped or stripped[-1] in ".?!" else f"{stripped}."


def is_method_note(note: str) -> bool:
    """Whether a note is for analysts: it names a statistical method, a column or a function.

    Examples
    --------
    >>> is_method_note("p = 0.198 (Rao-Scott)"), is_method_note("Some answers were not offered.")
    (True, False)
    """
    return bool(_METHOD.search(note))


def divided(notes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return notes for everybody, and method notes."""
    found = [str(note) for note in notes]
    return (
        tuple(note for note in found if not is_method_note(note)),
        tuple(note for note in found if is_method_note(note)),
    )
