"""The release plan: which table of which question stands where, and what was withheld of it."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.disclosure.ledger.changed_records import WAITS
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.estimates.table import Estimates, Status

__all__ = ["Fate", "PlannedTable", "planned"]


_NEW: Final = f"it is new, and waits until {ENOUGH} records or answers behind it changed"


class Fate(StrEnum):
    """What becomes of a table."""

    PUBLISHED = "published"
    WITHHELD = "withheld"
    INTERNAL = "internal"


@dataclass(frozen=True)
class PlannedTable:
    """One table in the release plan.

    Attributes
    ----------
    name, title, topic
        What the table is called, and its chapter.
    concept, by, editions
        The question, its groups, and the editions it is about.
    fate, reason
        What becomes of it, and why it is not published.
    joined
        Class -> the groups that it joins, where small groups are joined.
    withheld
        Groups that are too small to be shown.
    """

    name: str
    title: str
    topic: str
    concept: str
    by: tuple[str, ...]
    editions: tuple[str, ...]
    fate: Fate
    reason: str = ""
    joined: tuple[tuple[str, tuple[str, ...]], ...] = ()
    withheld: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the entry as plain values, for JSON.

        Examples
        --------
        >>> entry = PlannedTable("a", "A", "t", "kvm", (), ("2024",), Fate.INTERNAL, "a model")
        >>> entry.record()["fate"], entry.record()["joined"]
        ('internal', {})
        """
        plain = asdict(self) | {"fate": self.fate.value}
        plain["joined"] = {name: list(labels) for name, labels in self.joined}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()}


def planned(
    name: str,
    table: Estimates,
    public: Estimates | None,
    classes: dict[str, dict[str, str]],
) -> PlannedTable:
    """Return the entry of a table in the release plan.

    Parameters
    ----------
    name
        What the publication calls the table.
    table, public
        As calculated, and as published; nothing where it is internal only.
    classes
        Grouping concept -> label -> class, as the codebook declares them.
    """
    about = (table.title, table.topic, table.spec.concept, table.spec.by, table.editions)
    if public is None:
        reason = "this statistic is for internal use: it cannot be computed from perturbed counts"
        return PlannedTable(name, *about, Fate.INTERNAL, reason)
    codes, statuses = pd.factorize(public.frame["status"])
    gone = np.asarray(statuses == Status.SUPPRESSED.value)[codes]
    waits = any(note.startswith(WAITS) for note in public.notes)
    nothing = (len(public) > 0 or waits) and bool(gone.all())
    hidden = _hidden(public, gone)
    fate = Fate.WITHHELD if nothing else Fate.PUBLISHED
    reason = (_NEW if waits else "too few answered") if nothing else ""
    return PlannedTable(name, *about, fate, reason, _joined(table, classes), hidden)


def _hidden(public: Estimates, gone: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the names of groups of which no row is shown."""
    names = public.groups
    if not gone.any() or (not names and not gone.all()):
        return ()
    if not names:
        return ("everybody",)
    labels = [public.frame[name].astype(str).to_numpy(dtype=object) for name in names]
    rows = list(zip(*labels, strict=True))
    told = {row for row, hidden in zip(rows, gone.tolist(), strict=True) if not hidden}
    return tuple(" · ".join(row) for row in dict.fromkeys(rows) if row not in told)


def _joined(
    table: Estimates, classes: dict[str, dict[str, str]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the classes that join two groups of the table and more."""
    found: dict[str, list[str]] = {}
    for concept in table.groups:
        for label in map(str, table.frame[concept].unique()):
            found.setdefault(classes.get(concept, {}).get(label, label), []).append(label)
    return tuple((name, tuple(labels)) for name, labels in found.items() if len(labels) > 1)
