"""Answers carried over: blocks that stand unchanged against an earlier edition.

The survey's form is pre-filled with what the same respondent told last, deployments included,
as soon as it is opened. Two things look alike in a file and are not:

- an *exact copy*: a record that the system made, by its migration of 2018 or by opening the
  form, and that nobody touched afterwards. It says nothing about the later year, and estimates
  leave it out unless asked.
- answers that stand *unchanged* in a record that somebody went through: still an answer. They
  are shown, and count.

A record is taken for an exact copy when it bears the migration's stamp, or when it was last
changed within a minute of being opened (too short to read the form), is not marked as complete,
and all that it says stands in one earlier record of the same account. Anything else is shown where
agreement to that degree would happen by chance once in ten thousand times.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Codebook, Unit
from survey.dataclass import dataclass
from survey.responses.chance_agreement import Pairs, agreement, says_something, scores

__all__ = ["CARRY_OVER_COLUMNS", "carry_overs", "migrated", "no_carry_overs", "with_copies_marked"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

CARRY_OVER_COLUMNS = (
    "edition",
    "unit",
    "id",
    "earlier_edition",
    "earlier_id",
    "same_respondent",
    "compared",
    "equal",
    "added",
    "score",
    "exact",
)
_TYPES: dict[str, Any] = {
    "edition": object,
    "unit": object,
    "id": "int64",
    "earlier_edition": object,
    "earlier_id": "Int64",
    "same_respondent": bool,
    "compared": "int64",
    "equal": "int64",
    "added": "int64",
    "score": "float64",
    "exact": bool,
}
_MIGRATED = pd.Timestamp("2018-08-20 00:00:00")
_UNTOUCHED = pd.Timedelta(minutes=1)
_STANDS, _FEWEST = 0.95, 5
_IMPROBABLE, _UNLIKELY = 4.0, 1.0
_ROUNDS = 3
_NO_PAIRS: Ints = np.empty((0, 2), dtype=np.int64)


def no_carry_overs() -> pd.DataFrame:
    """Return the table of carry-overs without rows."""
    columns = {name: pd.Series([], dtype=kind) for name, kind in _TYPES.items()}
    return pd.DataFrame(columns)


def migrated(respondents: pd.DataFrame) -> pd.Series[bool]:
    """Whether each record is a copy of 2017 that the migration of 2018 stamped."""
    if not {"created", "edited"} <= set(respondents.columns):
        return pd.Series(False, index=respondents.index)
    return (respondents["created"] == _MIGRATED) & (respondents["edited"] == _MIGRATED)


def carry_overs(
    respondents: pd.DataFrame,
    deployments: pd.DataFrame,
    codebook: Codebook,
    flags: pd.DataFrame,
) -> pd.DataFrame:
    """Return the blocks of answers that stand unchanged against an earlier edition.

    A block is what one respondent says, or what is said of one deployment. It is compared with
    what the same account, or else the same organization, said in each earlier edition; the
    most recent counterpart that stands is shown. Blocks that stand in the same earlier record
    are weighed together. :mod:`survey.responses.chance_agreement` has the score.

    Returns
    -------
    DataFrame
        ``edition``, ``unit``, ``id`` (of the respondent or deployment), ``earlier_edition``,
        ``earlier_id`` (missing for a copy whose source no export has),
        ``same_respondent``, ``compared`` (answers of both editions that could be carried over),
        ``equal``, ``added`` (answers where the earlier one has none), ``score``, ``exact``.
    """
    tables = _Tables(respondents, deployments, codebook, flags)
    if len(tables.editions) < 2 and not migrated(respondents).any():
        return no_carry_overs()[list(CARRY_OVER_COLUMNS)]
    found = pd.concat([_blocks(tables, unit) for unit in _UNITS], ignore_index=True)
    copies = _untouched_copies(tables, found)
    found["exact"] = np.isin(found["record"], copies)
    told = found.groupby(["record", "source"])["score"].transform("sum")
    kept = found[found["exact"] | ((told >= _IMPROBABLE) & (found["compared"] >= _FEWEST))]
    joined = [*_without_source(tables, kept, copies), _shown(tables, kept)]
    everything = pd.concat(joined, ignore_index=True).astype(_TYPES)
    return _sorted(everything, codebook)[list(CARRY_OVER_COLUMNS)]


_UNITS = (Unit.RESPONDENT, Unit.DEPLOYMENT)


@dataclass(frozen=True)
class _Tables:
    """Both tables of pooled answers, with the row of each record."""

    respondents: pd.DataFrame
    deployments: pd.DataFrame
    codebook: Codebook
    flags: pd.DataFrame

    def frame(self, unit: Unit) -> pd.DataFrame:
        return self.deployments if unit is Unit.DEPLOYMENT else self.respondents

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Editions, oldest first."""
        present = {str(name) for name in self.respondents["edition"].unique()}
        return tuple(edition.name for edition in self.codebook if edition.name in present)

    @cached_property
    def _record(self) -> Ints:
        """Row of each deployment's respondent."""
        keys = ["edition", "respondent"]
        index = pd.MultiIndex.from_frame(self.respondents[keys])
        own = index.get_indexer(pd.MultiIndex.from_frame(self.deployments[keys]))
        return np.asarray(own, dtype=np.int64)

    def record(self, unit: Unit) -> Ints:
        """Return the row of each unit's respondent."""
        alone = np.arange(len(self.respondents), dtype=np.int64)
        return self._record if unit is Unit.DEPLOYMENT else alone

    def edition(self, unit: Unit) -> Ints:
        """Return the place of each unit's edition."""
        codes, names = pd.factorize(self.frame(unit)["edition"])
        places = [self.editions.index(str(name)) for name in names]
        return np.array([*places, -1], dtype=np.int64)[codes]


# Blocks that stand


def _blocks(tables: _Tables, unit: Unit) -> pd.DataFrame:
    """Return each unit's counterpart: rows of both, of their records, and the evidence."""
    pairs, same = _candidates(tables, unit)
    found = agreement(tables.frame(unit), unit, pairs, tables.codebook, tables.flags)
    compared, equal = found.compared.sum(axis=0), found.equal.sum(axis=0)
    stands = (compared > 0) & (equal >= _STANDS * compared)
    told_afresh = same.copy()
    for _ in range(_ROUNDS):
        score = scores(found, pairs.gap, told_afresh)
        told_afresh = same & ~(stands & (score >= _IMPROBABLE))
    record = tables.record(unit)
    table = pd.DataFrame(
        {
            "unit": unit.value,
            "later": pairs.later,
            "earlier": pairs.earlier,
            "record": record[pairs.later],
            "source": record[pairs.earlier],
            "gap": pairs.gap,
            "same_respondent": same,
            "compared": compared,
            "equal": equal,
            "added": found.added.sum(axis=0),
            "score": score,
        }
    )
    return _one_each(table[stands & (score > 0)])


def _candidates(tables: _Tables, unit: Unit) -> tuple[Pairs, Flags]:
    """Return the pairs of one account or organization, and whether the account is the same."""
    if len(tables.editions) < 2:
        nobody = np.array([], dtype=np.int64)
        return Pairs(nobody, nobody, tables.editions, tables.edition(unit)), nobody.astype(bool)
    record, edition = tables.record(unit), tables.edition(unit)
    people = tables.respondents
    keys = {
        name: np.append(pd.factorize(people[name].where(~people[name].isin(["", "0"])))[0], -1)[
            record
        ]
        for name in ("member", "organization")
        if name in people
    }
    both = [_NO_PAIRS, *(_joined(key, edition) for key in keys.values())]
    pairs = np.unique(np.concatenate(both), axis=0)
    later, earlier = pairs[:, 0], pairs[:, 1]
    member = keys.get("member", np.full(len(record), -1, dtype=np.int64))
    same = (member[later] == member[earlier]) & (member[later] >= 0)
    return Pairs(later, earlier, tables.editions, edition), same


def _joined(key: Ints, edition: Ints) -> Ints:
    """Return pairs of rows (later, earlier) with the same key in different editions."""
    rows = pd.DataFrame({"key": key, "row": np.arange(len(key))})[key >= 0]
    told = [rows[edition[rows["row"]] == place] for place in range(edition.max(initial=-1) + 1)]
    pairs = [
        later.merge(earlier, on="key", suffixes=("", "_before"))[["row", "row_before"]]
        for earlier, later in combinations(told, 2)
    ]
    return pd.concat(pairs).to_numpy(dtype=np.int64) if pairs else _NO_PAIRS


def _one_each(table: pd.DataFrame) -> pd.DataFrame:
    """Keep one counterpart per block, and one block of an edition per counterpart.

    The same account goes first, then the most recent edition, then the highest score.
    """
    ordered = table.sort_values(
        ["same_respondent", "gap", "score", "later", "earlier"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    taken: set[tuple[str, int, int]] = set()
    kept = []
    for later, earlier, gap in zip(
        *(ordered[n].tolist() for n in ("later", "earlier", "gap")), strict=True
    ):
        ends = {("later", later, 0), ("earlier", earlier, gap)}
        kept.append(not ends & taken)
        if kept[-1]:
            taken |= ends
    return ordered[np.array(kept, dtype=bool)]


# Copies that nobody touched


def _untouched_copies(tables: _Tables, found: pd.DataFrame) -> Ints:
    """Return the records that nobody touched and that stand as a whole.

    A few answers may be added, and whole deployments: the export of the earlier edition can have
    lost them. What it does have of the record must stand.
    """
    own = found[(found["equal"] == found["compared"]) & found["same_respondent"]]
    whole = own.groupby(["record", "source"]).agg(
        blocks=("score", "size"),
        score=("score", "sum"),
        compared=("compared", "sum"),
        added=("added", "sum"),
    )
    record = whole.index.get_level_values("record").to_numpy()
    source = whole.index.get_level_values("source").to_numpy()
    told = _blocks_told(tables)
    exact = (
        (whole["blocks"] == np.minimum(told[record], told[source]))
        & (whole["score"] >= _UNLIKELY)
        & (whole["added"] <= (1 - _STANDS) * whole["compared"])
        & _untouched(tables)[record]
    )
    stamped = np.flatnonzero(migrated(tables.respondents))
    return np.unique(np.concatenate([record[exact], stamped]))


def _blocks_told(tables: _Tables) -> Ints:
    """Return in how many blocks each record says something."""
    told = np.zeros(len(tables.respondents), dtype=np.int64)
    for unit in _UNITS:
        spoken = says_something(tables.frame(unit), unit, tables.codebook)
        told += np.bincount(tables.record(unit)[spoken], minlength=len(told))
    return told


def _untouched(tables: _Tables) -> Flags:
    """Whether each record was last changed within a minute of being opened.

    Where that holds for more than half of an edition, or times are mere dates, the two stamps
    say nothing. A record marked as complete was sent off by somebody.
    """
    people = tables.respondents
    if not {"created", "edited"} <= set(people.columns):
        return np.zeros(len(people), dtype=bool)
    created, edited = pd.to_datetime(people["created"]), pd.to_datetime(people["edited"])
    dated = (created == created.dt.normalize()) & (edited == edited.dt.normalize())
    brief = ((edited - created) <= _UNTOUCHED) & (edited >= created) & ~dated
    usual = brief.groupby(people["edition"].astype(str)).transform("mean") > 0.5
    sent = people.get("completed", pd.Series(False, people.index)).fillna(False).astype(bool)
    return np.asarray(brief & ~usual & ~sent, dtype=bool)


def with_copies_marked(frame: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return respondents or deployments with ``copied`` set for exact copies of whole records."""
    records = found.loc[
        found["exact"] & (found["unit"] == Unit.RESPONDENT.value), ["edition", "id"]
    ]
    if records.empty:
        return frame
    copies = pd.MultiIndex.from_frame(records.astype({"edition": str}))
    keys = pd.MultiIndex.from_arrays([frame["edition"].astype(str), frame["respondent"]])
    return frame.assign(copied=frame["copied"].to_numpy(dtype=bool) | keys.isin(copies))


# The table


def _shown(tables: _Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Return the blocks by the numbers of their records in place of rows."""
    parts = [no_carry_overs()]
    for unit in _UNITS:
        own, frame = found[found["unit"] == unit.value], tables.frame(unit)
        if len(own):
            later, earlier = frame.iloc[own["later"]], frame.iloc[own["earlier"]]
            parts.append(
                own.assign(
                    edition=later["edition"].astype(str).to_numpy(),
                    id=later[unit.value].to_numpy(),
                    earlier_edition=earlier["edition"].astype(str).to_numpy(),
                    earlier_id=earlier[unit.value].to_numpy(),
                )[list(CARRY_OVER_COLUMNS)].astype(_TYPES)
            )
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _without_source(tables: _Tables, found: pd.DataFrame, copies: Ints) -> Iterator[pd.DataFrame]:
    """Yield the blocks of untouched copies whose source no export has."""
    for unit in _UNITS:
        rows = np.flatnonzero(np.isin(tables.record(unit), copies))
        rows = np.setdiff1d(rows, found.loc[found["unit"] == unit.value, "later"])
        if len(rows):
            frame = tables.frame(unit).iloc[rows]
            columns = {
                "edition": frame["edition"].astype(str).to_numpy(),
                "id": frame[unit.value].to_numpy(),
            }
            yield pd.DataFrame(
                {
                    **columns,
                    "unit": unit.value,
                    "earlier_edition": None,
                    "earlier_id": pd.array([pd.NA] * len(rows), dtype="Int64"),
                    "same_respondent": True,
                    "compared": 0,
                    "equal": 0,
                    "added": 0,
                    "score": np.nan,
                    "exact": True,
                }
            ).astype(_TYPES)


def _sorted(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(codebook.editions)}
    order = pd.DataFrame(
        {
            "edition": table["edition"].map(place),
            "unit": table["unit"] == Unit.DEPLOYMENT.value,
            "id": table["id"],
        }
    ).sort_values(["edition", "unit", "id"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)
