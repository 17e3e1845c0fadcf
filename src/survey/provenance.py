"""Where a result comes from: the files read, the codebook used, the steps taken.

Provenance holds no clock, no user name and no absolute path, so that the same input gives
the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from survey.dataclass import dataclass

__all__ = ["POOLED", "VERSION", "Provenance", "Source", "Unconfirmed", "digest_of"]

POOLED = "pooled"
"""The step after which editions were read beside each other."""

VERSION = "0.1.0"


def digest_of(content: bytes) -> str:
    """Return the SHA-256 digest of ``content`` in hexadecimal.

    Examples
    --------
    >>> digest_of(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read: its bare name, size in bytes and SHA-256 digest.

    ``invented`` is true for files of made-up answers; every output then says so.
    """

    name: str
    size: int
    sha256: str
    invented: bool = False

    @classmethod
    def of(cls, path: Path, content: bytes, *, invented: bool = False) -> Source:
        """Describe ``content`` read from ``path``; only the file's own name is kept."""
        return cls(path.name, len(content), digest_of(content), invented)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A question that was read by a draft of the codebook that nobody has confirmed."""

    edition: str
    concept: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Sources, codebook editions and steps behind a result, and what is not confirmed yet.

    Examples
    --------
    >>> Provenance(steps=("read",)).then("cleaned").steps
    ('read', 'cleaned')
    """

    sources: tuple[Source, ...] = ()
    codebook: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()

    @property
    def invented(self) -> bool:
        """Whether any source holds made-up answers."""
        return any(source.invented for source in self.sources)

    def then(self, step: str) -> Provenance:
        """Return a copy with ``step`` appended."""
        return replace(self, steps=(*self.steps, step))

    def merge(self, *others: Provenance) -> Provenance:
        """Return the union of several provenances, in order and without repeats."""
        all_of = (self, *others)
        return Provenance(
            tuple(dict.fromkeys(source for each in all_of for source in each.sources)),
            tuple(dict.fromkeys(name for each in all_of for name in each.codebook)),
            tuple(dict.fromkeys(step for each in all_of for step in each.steps)),
            tuple(dict.fromkeys(one for each in all_of for one in each.unconfirmed)),
        )
