"""Notes on questions that were read by a draft of the codebook that nobody has confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from survey.provenance import Provenance

__all__ = ["UnconfirmedNote", "said_unconfirmed", "unconfirmed_notes"]

_EVERYWHERE = frozenset({"organization_name"})
"""What every interval rests on: whose clouds belong together."""
_TEXTS = ("concept", "by", "options", "counts")


class UnconfirmedNote(str):
    """A note that a table rests on unconfirmed questions; a plain string never is one."""


def said_unconfirmed(notes: Iterable[str]) -> tuple[str, ...]:
    """Return the notes that a table rests on unconfirmed questions."""
    return tuple(note for note in notes if isinstance(note, UnconfirmedNote))


def unconfirmed_notes(
    spec: Any, provenance: Provenance, editions: Collection[str], *, once: bool = False
) -> Iterator[UnconfirmedNote]:
    """Yield one note for each edition of which a table uses unconfirmed questions.

    Parameters
    ----------
    spec
        The question that the table answers; every concept that it names counts.
    provenance
        Knows what is not confirmed.
    editions
        Editions in the table.
    once
        Whether each cloud counts once: which descriptions are of the same one is told by all
        their answers.
    """
    if not provenance.unconfirmed:
        return
    used = {*_named(tuple(getattr(spec, key) for key in _TEXTS)), *_EVERYWHERE}
    found: dict[str, list[str]] = defaultdict(list)
    for one in provenance.unconfirmed:
        if (one.concept in used or once) and one.edition in editions:
            found[one.edition].append(one.concept)
    for edition, concepts in found.items():
        yield UnconfirmedNote(
            f"Not confirmed: the codebook of {edition} is a draft that nobody has looked at as to "
            f"{', '.join(concepts)}."
        )


def _named(value: Any) -> Iterator[str]:
    """Yield every text inside tuples."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from _named(each)
