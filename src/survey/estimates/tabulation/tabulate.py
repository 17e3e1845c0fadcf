"""From what was counted of a sample to its tabulation, with the sums of record keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.estimates.tabulation.banded_answers import Cells
from survey.estimates.tabulation.counting import Behind, Counted
from survey.estimates.tabulation.runs import added
from survey.estimates.tabulation.sums import Groups
from survey.estimates.tabulation.tabulation import Members, Tabulation

__all__ = ["tabulated", "with_keys"]

Counts = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.intp]


def tabulated(  # noqa: PLR0913
    counted: Counted,
    unit: Unit,
    *,
    exclusive: bool,
    parts: Sequence[tuple[int, ...]] | None = None,
    shown: Sequence[int] | None = None,
    ranked: Sequence[tuple[int, ...]] = (),
    keys: bool = True,
    bands: Cells | None = None,
    internal: str = "",
) -> Tabulation:
    """Return the tabulation of what was counted.

    Parameters
    ----------
    counted
        Counts of all answers of a question, unions of them behind.
    unit
        What was counted.
    exclusive
        Whether a unit gives one answer at most.
    parts, shown, ranked
        See :class:`Tabulation`; by default every answer stands for itself and is shown.
    bands, internal
        See :class:`Tabulation`.
    keys
        Whether to add up record keys, and to look for the largest organizations; what is
        internal does without.
    """
    cells, indicator, grouping = counted.cells, counted.indicator, counted.grouping
    size = len(indicator.answers)
    base = np.where(counted.not_offered | counted.not_available, 0, cells.base).astype(np.int64)
    nothing = _Side.empty(cells.count.shape)
    table = Tabulation(
        names=grouping.names,
        groups=grouping.tuples(),
        answers=indicator.answers,
        unit=unit,
        count=np.where(base > 0, cells.count, 0).astype(np.int64),
        base=base,
        weighted_count=np.where(cells.weighted_base > 0, cells.share * cells.weighted_base, 0.0),
        weighted_base=np.array(cells.weighted_base),
        count_keys=nothing.keys,
        base_keys=nothing.keys,
        largest=nothing.largest,
        largest_other=nothing.largest,
        presence=counted.statuses,
        exclusive=exclusive and unit is not Unit.ORGANIZATION and _share_a_base(base),
        parts=tuple(zip(range(size), strict=True)) if parts is None else tuple(parts),
        shown=tuple(range(size)) if shown is None else tuple(shown),
        declined=counted.declined.astype(np.int64),
        declined_keys=np.zeros(len(base), dtype=np.uint64),
        columns=indicator.columns,
        ranked=tuple(ranked),
        weighted=counted.weight is not None,
        bands=bands,
        internal=internal,
    )
    return with_keys(table, counted.behind) if keys else table


def with_keys(table: Tabulation, behind: Behind) -> Tabulation:
    """Return a tabulation with the sums of record keys, and the largest organizations."""
    own, other, members = _sides(behind, table.unit)
    some = table.base > 0
    return replace(
        table,
        count_keys=own.keys * some,
        base_keys=(own.keys + other.keys) * some,
        largest=own.largest * some,
        largest_other=other.largest * some,
        declined_keys=_declined_keys(behind),
        organizations=_organizations(behind),
        members=members,
    )


class _Side(NamedTuple):
    """Units on one side of an answer: sums of their keys, most of one organization."""

    keys: Keys
    largest: Counts

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> _Side:
        return cls(np.zeros(shape, dtype=np.uint64), np.zeros(shape, dtype=np.int64))


def _sides(behind: Behind, unit: Unit) -> tuple[_Side, _Side, Members]:
    """Return who gave each answer, who else is in its base (groups x answers), and all of them."""
    sample, groups = behind.sample, behind.grouping.groups
    domain = behind.domain if behind.domain.ndim == 2 else behind.domain[:, None]
    rows, code = _members(groups, np.asarray(domain.any(axis=1)))
    organization = sample.organization[rows]
    order = np.lexsort((organization, code))
    rows, code, organization = rows[order], code[order], organization[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (code[1:] != code[:-1]) | (organization[1:] != organization[:-1])
    starts = np.flatnonzero(first)
    inside, chosen = domain[rows], behind.indicator.chosen[rows] & domain[rows]
    keys = sample.record_keys[rows, None]
    part_of = code[starts]
    if unit is Unit.ORGANIZATION:
        # an organization is one unit with a key of its own, made of those of its records here
        keys, inside, chosen = (
            keys_of_organizations(_added(keys, starts)),
            _added(inside, starts) > 0,
            _added(chosen, starts) > 0,
        )
        code, organization = part_of, organization[starts]
        starts = np.arange(len(part_of))
    gave = np.asarray(chosen.any(axis=1))
    members = Members(code[gave], keys[gave, 0], organization[gave])
    base, own = (_per_part(flags, keys, starts) for flags in (inside, chosen))
    return (
        _side(own[0], own[1], part_of, groups.count),
        _side(base[0] - own[0], base[1] - own[1], part_of, groups.count),
        members,
    )


def keys_of_organizations(sums: Keys) -> Keys:
    """Return keys for organizations from the sums of their records' keys; 0 stays 0.

    Sums of the sums would be those of the records: a count of organizations would then carry the
    noise of the count of their respondents, and the two beside each other would tell how many
    organizations sent several. Mixed as by SplitMix64 (Steele, Lea and Flood, 2014).
    """
    mixed = (sums ^ (sums >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _per_part(
    flags: npt.NDArray[np.bool_], keys: Keys, starts: Ints
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return how many units each part has, and the sum of their keys."""
    return _added(flags, starts), _added(np.where(flags, keys, np.uint64(0)), starts)


def _organizations(behind: Behind) -> Counts:
    """Return how many organizations each group has, of those in the base of any answer."""
    domain, groups = behind.domain, behind.grouping.groups
    inside = domain if domain.ndim == 1 else np.asarray(domain.any(axis=1))
    rows, code = _members(groups, inside)
    organization = behind.sample.organization[rows]
    most = int(organization.max(initial=0)) + 1
    pairs = np.unique(code * most + organization)
    return np.bincount(pairs // most, minlength=groups.count).astype(np.int64)


def _side(counts: npt.NDArray[Any], sums: npt.NDArray[Any], group: Ints, groups: int) -> _Side:
    """Add parts up by group; they stand in the order of their groups."""
    size = (groups, counts.shape[1])
    total, largest = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int64)
    if len(group):
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        total[group[starts]] = _added(sums, starts)
        largest[group[starts]] = np.maximum.reduceat(counts, starts, axis=0)
    return _Side(total, largest)


def _added(values: npt.NDArray[Any], starts: Ints) -> npt.NDArray[Any]:
    """Add consecutive rows up; sums of keys wrap around at 2**64, as they must."""
    return added(values, starts, np.uint64 if values.dtype == np.uint64 else np.int64)


def _members(groups: Groups, inside: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    rows = np.arange(len(inside)) if groups.rows is None else groups.rows
    kept = inside[rows] & (groups.code >= 0)
    return rows[kept], groups.code[kept]


def _declined_keys(behind: Behind) -> Keys:
    groups, declined = behind.grouping.groups, behind.indicator.declined
    rows, code = _members(groups, declined)
    total = np.zeros(groups.count, dtype=np.uint64)
    np.add.at(total, code, behind.sample.record_keys[rows])
    return total


def _share_a_base(base: Counts) -> bool:
    """Whether the answers of each group have one base, where they have any."""
    most = base.max(axis=1, initial=0, keepdims=True)
    return bool(((base == most) | (base == 0)).all())
