"""How many records of an edition differ today from those that were published.

Columns as published stand beside a new one: where the new one is counted from answers of which few
changed in between, both together tell what changed. So the ledger keeps a digest of each record as
it was published, and a new column waits while 1 to 19 records of its edition differ.

A digest is made with the record's secret key, and nobody who lacks it can test a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, partial
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.responses import AnswerSetArray, Responses

__all__ = [
    "DERIVED",
    "TABLES",
    "WAITS",
    "WHETHER_COUNTED",
    "Keys",
    "Records",
    "as_published",
    "changed_records",
    "editions_of",
    "note_of_waiting",
    "numbers_in",
    "records_of",
    "text_number",
    "waiting",
]

Keys = npt.NDArray[np.uint64]
Editions = Mapping[str, Mapping[str, "Records"]]
"""Edition -> unit -> the records."""
TABLES: Final = (Unit.RESPONDENT, Unit.DEPLOYMENT)
WHETHER_COUNTED: Final = ("completed", "copied")
DERIVED: Final = "(derived)"
WAITS: Final = (
    f"Not published yet: fewer than {ENOUGH} records of an edition changed since its answers were "
    "first published, or fewer in a question behind these, and what was not published then waits "
    "until more have"
)
_digest = partial(blake2b, digest_size=8)


@dataclass(frozen=True, eq=False)
class Records:
    """The records of an edition, as digests of their answers.

    Attributes
    ----------
    columns
        The columns that the digests are made of: every answer as it was cleaned, and whether the
        record is complete or an exact copy. Pseudonyms are not among them, nor days and personal
        answers; nor codes of texts and variables of one's own, whose definition may change.
    digests
        One number of 64 bits per record, in their own order.
    """

    columns: tuple[str, ...]
    digests: Keys

    def changed(self, now: Records) -> int:
        """Return how many records went, came or changed at least.

        Examples
        --------
        >>> before, now = (Records((), np.array(d, np.uint64)) for d in ([1, 2, 3], [2, 4]))
        >>> before.changed(now)
        2
        """
        both = len(np.intersect1d(self.digests, now.digests))
        return max(len(self.digests), len(now.digests)) - both


def records_of(bodies: Iterable[Responses]) -> dict[str, dict[str, Records]]:
    """Return the records of every edition, for each unit.

    An organization is what its records are.
    """
    known = tuple(bodies)
    names = dict.fromkeys(edition for body in known for edition in body.editions)
    found: dict[str, dict[str, Records]] = {}
    for edition in names:
        columns = {unit: _columns(known, edition, unit) for unit in TABLES}
        whole = tuple(sorted({name for own in columns.values() for name in own}))
        found[edition] = {
            unit.value: _records(known, edition, unit, columns.get(unit, whole)) for unit in Unit
        }
    return found


def changed_records(bodies: Iterable[Responses], published: Editions) -> dict[str, dict[str, int]]:
    """Return edition -> unit -> how many records differ at least from those that were published.

    Where a question that was published is gone, it cannot be said of any record that it is the
    same: then there are too few changes for a new column.
    """
    known = tuple(bodies)
    there = {name for body in known for unit in TABLES for name in body.frame(unit)}
    found: dict[str, dict[str, int]] = {}
    for edition in dict.fromkeys(edition for body in known for edition in body.editions):
        for unit, before in published.get(edition, {}).items():
            number = before.changed(_records(known, edition, Unit(unit), before.columns))
            if not there.issuperset(before.columns):
                number = min(max(number, 1), ENOUGH - 1)
            found.setdefault(edition, {})[unit] = number
    return found


@cache
def editions_of(name: str) -> tuple[str, ...]:
    """Return the editions that a column of the ledger is about.

    Examples
    --------
    >>> editions_of("deployment|compute_cores|answered||2018>2019|region=Europe")
    ('2018', '2019')
    """
    return tuple(re.split("[>+]", name.split("|")[4]))


def waiting(name: str, changed: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """Return the editions for which a new column waits, as few of their records changed.

    Parameters
    ----------
    name
        Of the column. A change of a respondent counts for deployments too, and the other way
        round: one of them can be a group of the other. One of an organization counts for
        organizations alone.
    changed
        Edition -> unit -> how many records changed.
    """
    own = {*TABLES, name.split("|", maxsplit=1)[0]}
    return tuple(
        edition
        for edition in editions_of(name)
        if any(0 < n < ENOUGH for unit, n in changed.get(edition, {}).items() if unit in own)
    )


def as_published(
    before: Mapping[str, Records], today: Mapping[str, Records], changed: Mapping[str, int]
) -> dict[str, Records]:
    """Return the records of an edition as published, by unit: today's unless few changed."""
    few = {unit for unit, number in changed.items() if 0 < number < ENOUGH}
    if few & {*TABLES}:
        few |= {*TABLES}
    if few and not before:
        return {}
    return {unit: before[unit] if unit in few else own for unit, own in today.items()}


def note_of_waiting(held: Iterable[str]) -> str:
    """Return a note that says for which editions columns of a table wait; nothing without any."""
    said = ", ".join(sorted({edition for name in held for edition in editions_of(name)}))
    return f"{WAITS} ({said})." if said else ""


def _columns(bodies: Iterable[Responses], edition: str, unit: Unit) -> tuple[str, ...]:
    """Return the names of the columns that records of an edition are compared by."""
    names: set[str] = set()
    for body in bodies:
        asked = body.codebook.editions.get(edition)
        own = {
            question.concept
            for question in (asked.of_unit(unit) if asked else ())
            if not (question.personal or question.coded_from)
            and not question.heading.endswith(DERIVED)
        }
        names |= {*map(str, body.frame(unit).columns)} & {*own, *WHETHER_COUNTED}
    return tuple(sorted(names))


def _records(
    bodies: Iterable[Responses], edition: str, unit: Unit, columns: tuple[str, ...]
) -> Records:
    """Return the records of an edition, compared by some columns."""
    if unit in TABLES:
        parts = [_digests(body, edition, unit, columns)[0] for body in bodies]
        return Records(columns, np.unique(np.concatenate(parts)))
    members: dict[str, dict[bytes, int]] = {}
    for table in (_digests(body, edition, each, columns) for body in bodies for each in TABLES):
        for digest, key, organization in zip(*table, strict=True):
            members.setdefault(organization, {})[digest.tobytes()] = int(key)
    found = [
        _digest(b"".join(sorted(own)), key=_bytes(sum(own.values()))).digest()
        for own in members.values()
    ]
    return Records(columns, np.unique(np.frombuffer(b"".join(found), dtype="<u8")))


def _digests(
    body: Responses, edition: str, unit: Unit, columns: tuple[str, ...]
) -> tuple[Keys, Keys, list[str]]:
    """Return the digest of each record of an edition, its key, and its organization."""
    frame = body.frame(unit)
    rows = np.flatnonzero(frame["edition"].astype(str) == edition)
    nothing = np.zeros(len(frame), dtype="<u8")
    numbers = [numbers_in(body, unit, name) if name in frame else nothing for name in columns]
    answers = np.array(numbers, dtype="<u8").reshape(len(columns), len(frame))[:, rows].T
    keys = frame["record_key"].to_numpy(dtype=np.uint64)[rows]
    found = [
        _digest(row.tobytes(), key=_bytes(key)).digest()
        for row, key in zip(answers, keys.tolist(), strict=True)
    ]
    organizations = frame["organization"].astype(str).iloc[rows].tolist()
    return np.frombuffer(b"".join(found), dtype="<u8"), keys, organizations


def numbers_in(body: Responses, unit: Unit, name: str) -> Keys:
    """Return a number for each answer of a column, which follows from its text alone."""
    place = (numbers_in, unit, name)
    if place not in body.remembered:
        body.remembered[place] = _numbers_of(body.frame(unit)[name])
    return np.asarray(body.remembered[place])


def _numbers_of(column: pd.Series[Any]) -> Keys:
    """Return a number for each answer; 0 for none. Of several answers the numbers are added."""
    values = column.array
    if isinstance(values, AnswerSetArray):
        most = int(values.codes.max(initial=0))
        said = values.levels or tuple(map(str, range(1, most + 1)))
        known = np.array(
            [[0, *(text_number(f"{item}\0{each}") for each in said)] for item in values.items],
            dtype=np.uint64,
        ).reshape(len(values.items), -1)
        found = known[np.arange(len(known)), values.codes]
        return np.asarray(found.sum(axis=1, dtype=np.uint64))
    codes, labels = pd.factorize(column)
    return np.array([*map(text_number, map(str, labels)), 0], dtype=np.uint64)[codes]


def text_number(text: str) -> int:
    """Return a number for a text; 0 for none."""
    return int.from_bytes(_digest(text.encode(errors="surrogatepass")).digest(), "little") * bool(
        text
    )


def _bytes(key: int) -> bytes:
    return (key % 2**64).to_bytes(8, "little")
