"""Publication: the tables that may leave, protected together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import OPENSTACK, Vocabulary
from survey.dataclass import dataclass
from survey.disclosure.ledger.noted import Noted
from survey.disclosure.policy import INTERNAL, Policy, Profile
from survey.disclosure.release_plan import PlannedTable
from survey.errors import DisclosureError, Problem
from survey.estimates.table import Estimates, Status
from survey.provenance import Provenance
from survey.responses import ONE_PER_CLOUD, WITH_COPIES

__all__ = ["Noted", "Publication", "Tables", "handing_out_once", "sealing"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_sealing: ContextVar[bool] = ContextVar("_sealing", default=False)


@contextmanager
def sealing() -> Iterator[None]:
    """Allow publications to be made inside; only the gate in ``protect`` opens it."""
    token = _sealing.set(True)
    try:
        yield
    finally:
        _sealing.reset(token)


_handed: ContextVar[dict[int, tuple[Estimates, Estimates]] | None] = ContextVar(
    "_handed", default=None
)


@contextmanager
def handing_out_once() -> Iterator[None]:
    """Hand out one copy of each table inside, for writers of files, who change none."""
    token = _handed.set({})
    try:
        yield
    finally:
        _handed.reset(token)


class Tables(Mapping[str, Estimates]):
    """Protected tables by name; what is handed out is a copy.

    A reader may change the frame that it got; the publication stays what was protected.
    """

    def __init__(self, tables: Mapping[str, Estimates]) -> None:
        self._tables = {name: _plain(table) for name, table in tables.items()}

    def __getitem__(self, name: str) -> Estimates:
        table, handed = self._tables[name], _handed.get()
        if handed is None:
            return _copied(table)
        if id(table) not in handed:  # the table is kept, so that no other one gets its id
            handed[id(table)] = table, _copied(table)
        return handed[id(table)][1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"Tables({', '.join(self._tables)})"


def _copied(table: Estimates) -> Estimates:
    return table.with_frame(table.frame.copy(deep=True))


def _plain(table: Estimates) -> Estimates:
    """Return ``table`` with options that hold no objects: those may name organizations.

    Its frame was made by the gate and is nobody else's.
    """
    options = tuple((name, _plain_value(value)) for name, value in table.spec.options)
    frame = _legible(table.frame)
    return replace(table, frame=frame, spec=replace(table.spec, options=options))


def _legible(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without halves of surrogate pairs, which no file and no string type holds."""
    for name, kind in frame.dtypes.items():
        if not (isinstance(kind, np.dtype) and kind.kind == "O"):
            continue
        cells = frame[name].tolist()
        if any(isinstance(cell, str) and _SURROGATE.search(cell) for cell in cells):
            whole = [_SURROGATE.sub(_REPLACED, c) if isinstance(c, str) else c for c in cells]
            frame[name] = pd.Series(whole, index=frame.index, dtype=object)
    return frame


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return tuple((str(key), _plain_value(each)) for key, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(_plain_value(each) for each in value)
    return type(value).__name__


@dataclass(frozen=True, eq=False)
class Publication:
    """Tables that passed disclosure control, the policy they passed, and the release plan.

    Only :func:`survey.protect` makes one; every writer asks for one.

    Attributes
    ----------
    title
        Title of the publication.
    edition
        The edition it is about.
    tables
        Name -> protected table, in reading order; ``Estimates.topic`` says the chapter.
        Every access hands out a copy.
    policy
        The rules that were applied.
    provenance
        Files and codebook behind all tables.
    withheld_tables
        Titles of tables of which nothing may be shown, once :meth:`telling` left them out.
    plan
        The release plan: what becomes of every table, and why.
    final
        Whether it is published; a draft says so wherever it stands.
    noted
        Whether its counts stand in the ledger: nothing final is written before.
    vocabulary
        What the survey calls those who answered and what they described.

    Raises
    ------
    DisclosureError
        If it is made by anything but :func:`survey.protect`.

    Examples
    --------
    >>> from survey.disclosure import protect
    >>> publication = protect([], title="OpenStack User Survey", edition="2019")
    >>> publication.title, len(publication.tables)
    ('OpenStack User Survey', 0)
    """

    title: str
    edition: str
    tables: Mapping[str, Estimates]
    policy: Policy
    provenance: Provenance
    withheld_tables: tuple[str, ...] = ()
    plan: tuple[PlannedTable, ...] = ()
    final: bool = False
    vocabulary: Vocabulary = OPENSTACK
    noted: Noted = field(default_factory=Noted, repr=False)

    def __post_init__(self) -> None:
        if not _sealing.get():
            problem = Problem(
                "Publication(...)",
                "tables that nobody checked",
                "tables that passed disclosure control",
                "make it with survey.protect(tables, title=..., edition=...)",
            )
            raise DisclosureError("A publication cannot be made by hand", [problem])
        object.__setattr__(self, "tables", Tables(self.tables))

    def __getitem__(self, name: str) -> Estimates:
        return self.tables[name]

    def __len__(self) -> int:
        return len(self.tables)

    @property
    def stamp(self) -> str:
        """What every page, sheet and figure says first; nothing for a final publication."""
        if self.internal:
            return f"{INTERNAL}: exact and complete. Not for publication."
        return "" if self.final else "DRAFT: not published. Numbers may change."

    @property
    def status(self) -> str:
        """What every file for programs says of it: ``internal``, ``final`` or ``draft``."""
        if self.internal:
            return "internal"
        return "final" if self.final else "draft"

    @property
    def internal(self) -> bool:
        """Whether counts are exact and complete, for those who may see the answers."""
        return self.policy.profile is Profile.INTERNAL

    @property
    def topics(self) -> tuple[str, ...]:
        """Chapters in reading order."""
        return tuple(dict.fromkeys(table.topic for table in self.tables.values()))

    @checked(DisclosureError)
    def of_topic(self, topic: str) -> tuple[Estimates, ...]:
        """Return the tables of one chapter."""
        return tuple(table for table in self.tables.values() if table.topic == topic)

    def telling(self) -> Publication:
        """Return the publication without tables of which every row is withheld."""
        silent = {
            name: table
            for name, table in self.tables.items()
            if len(table) and _withheld(table) == len(table)
        }
        if not silent:
            return self
        kept = {name: table for name, table in self.tables.items() if name not in silent}
        titles = tuple(table.title or name for name, table in silent.items())
        with sealing():
            return replace(self, tables=kept, withheld_tables=(*self.withheld_tables, *titles))

    @property
    def left_out(self) -> tuple[str, ...]:
        """Which records count and which do not, in sentences; numbers are rough."""
        said = (str(note) for table in self.tables.values() for note in table.left_out)
        copies = WITH_COPIES in self.provenance.steps or any(
            dict(table.spec.options).get("copies") for table in self.tables.values()
        )
        once = ONE_PER_CLOUD in self.provenance.steps
        voices = self.vocabulary.fill(_CLOUDS[once])
        return (_COPIES[copies], voices, *dict.fromkeys(said))

    @property
    def withheld(self) -> int:
        """How many rows are withheld in all tables."""
        return sum(_withheld(table) for table in self.tables.values())

    def __repr__(self) -> str:
        rows = sum(len(table) for table in self.tables.values())
        invented = ", made-up answers" if self.provenance.invented else ""
        return (
            f"<Publication {self.title!r}, edition {self.edition}: {len(self)} tables, "
            f"{rows} rows, {self.withheld} withheld{invented}>"
        )

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td>{escape(table.topic)}</td><td>{escape(name)}</td>"
            f"<td style='text-align:left'>{escape(table.title)}</td><td>{len(table)}</td>"
            f"<td>{_withheld(table)}</td></tr>"
            for name, table in self.tables.items()
        )
        invented = " Made-up answers." if self.provenance.invented else ""
        return (
            f"<table><caption>{escape(self.title)}, edition {escape(self.edition)}.{invented}"
            "</caption><tr><th>Topic</th><th>Name</th><th>Title</th><th>Rows</th>"
            f"<th>Withheld</th></tr>{body}</table>"
        )


_COPIES = {
    False: "Records pre-filled from an earlier edition and never edited are excluded; records that "
    "a respondent reviewed and left unchanged are included.",
    True: "Some tables include records pre-filled from an earlier edition and never edited.",
}
_CLOUDS = {
    False: "A {unit} that several colleagues described counts once for each description; where the "
    "notes of a table say so, as those of totals, it counts once.",
    True: "In some tables each {unit} has one voice, whoever described it: the fullest "
    "description.",
}


def _withheld(table: Estimates) -> int:
    return int((table.frame["status"].astype(str) == Status.SUPPRESSED).sum())
