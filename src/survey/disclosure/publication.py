"""Publication: the tables that may leave, protected together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from survey.disclosure.policy import Policy
from survey.estimates.table import Estimates
from survey.provenance import Provenance

__all__ = ["Publication"]


@dataclass(frozen=True)
class Publication:
    """Tables that passed disclosure control, the policy they passed, and the audit.

    Only :func:`survey.protect` makes one; every writer asks for one.

    Attributes
    ----------
    title
        Title of the publication.
    edition
        The edition it is about.
    tables
        Name -> protected table, in reading order; ``Estimates.topic`` says the chapter.
    policy
        The rules that were applied.
    audit
        One row per table: cells in all, withheld by rule, withheld to protect others.
    provenance
        Files and codebook behind all tables.
    """

    title: str
    edition: str
    tables: Mapping[str, Estimates]
    policy: Policy
    audit: pd.DataFrame
    provenance: Provenance

    def __getitem__(self, name: str) -> Estimates:
        return self.tables[name]

    def __len__(self) -> int:
        return len(self.tables)

    @property
    def topics(self) -> tuple[str, ...]:
        """Chapters in reading order."""
        return tuple(dict.fromkeys(table.topic for table in self.tables.values()))

    def of_topic(self, topic: str) -> tuple[Estimates, ...]:
        """Return the tables of one chapter."""
        return tuple(table for table in self.tables.values() if table.topic == topic)
