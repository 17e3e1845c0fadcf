"""Whether a publication stands in the ledger."""

from __future__ import annotations

from survey.dataclass import dataclass

__all__ = ["Noted"]


@dataclass
class Noted:
    """Whether the counts of a publication stand in a ledger that was written.

    What is published and in no ledger would be drawn anew by the next report.

    Attributes
    ----------
    edition
        The edition that it is about.
    in_ledger
        Whether a ledger with its counts was written.
    key, number, digest
        Name of the key of that ledger, and number and digest of the publication there.
    known
        Digests of all publications in that ledger.
    """

    edition: str = ""
    in_ledger: bool = False
    key: str = ""
    number: int = 0
    digest: str = ""
    known: frozenset[str] = frozenset()
