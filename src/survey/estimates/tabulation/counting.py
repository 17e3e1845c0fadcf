"""Who counts, and for whom there is nothing to count: bases and statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design.sample import Sample
from survey.estimates.design.strata import Strata
from survey.estimates.tabulation.grouping import Grouping
from survey.estimates.tabulation.indicator import Indicator
from survey.estimates.tabulation.sums import Cells, Parts, Sums, cells, summed, sums_of
from survey.estimates.tabulation.tallies import Tallies
from survey.estimates.tidy import Base, Status

__all__ = ["Behind", "Counted", "count", "count_each", "declined_in", "nowhere"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]

_STATUSES = np.array(
    [
        each.value
        for each in (
            Status.OK,
            Status.EMPTY,
            Status.NOT_OFFERED,
            Status.NOT_COMPARABLE,
            Status.NOT_AVAILABLE,
        )
    ],
    dtype=object,
)
_AT_ONCE = 1 << 18
"""Sums by part and answer that are made at once; they stay in the processor's cache."""


class Behind(NamedTuple):
    """The units behind cells: their answers, their groups, and who counts in the base."""

    sample: Sample
    indicator: Indicator
    grouping: Grouping
    domain: Flags


@dataclass(frozen=True)
class Counted:
    """The cells of a table, and what they are cells of.

    Attributes
    ----------
    sample, indicator, grouping
        What was counted.
    summed_up
        What makes the sums by group and cluster behind the cells.
    cells
        Counts, shares and variances, groups x answers.
    not_offered
        Cells for which no unit of the group could have given the answer, or no file has it.
    not_available
        Those of them that could have been given, but that no file has a column for.
    not_comparable
        Those of them that are nets of bands which other bands cut.
    domain, weight
        Who counts in the base, and with what weight.
    declined
        Per group: units that declined to answer.
    """

    sample: Sample
    indicator: Indicator
    grouping: Grouping
    summed_up: Callable[[], Sums]
    cells: Cells
    not_offered: Flags
    not_available: Flags
    not_comparable: Flags
    domain: Flags
    weight: Floats | None
    declined: npt.NDArray[np.intp]

    @cached_property
    def sums(self) -> Sums:
        """Sums by group and cluster behind the cells."""
        return self.summed_up()

    @property
    def statuses(self) -> npt.NDArray[np.object_]:
        """``ok``, ``empty`` or why there is no number, for each cell."""
        number = np.where(self.cells.base > 0, 0, 1)
        for place, where in enumerate(
            (self.not_offered, self.not_comparable, self.not_available), start=2
        ):
            number[where] = place
        return np.asarray(_STATUSES[number])

    @property
    def behind(self) -> Behind:
        """The units behind the cells."""
        return Behind(self.sample, self.indicator, self.grouping, self.domain)

    def total_of(self, scores: npt.NDArray[Any]) -> Floats:
        """Return the (weighted) sum of scores, units x answers, in each cell."""
        sums = summed(
            scores,
            self.domain,
            self.grouping.groups,
            self.sample.cluster,
            self.sample.clusters,
            weight=self.weight,
            strata=self.sample.strata,
        )
        return sums.per_group(sums.chosen)


def count(
    sample: Sample,
    indicator: Indicator,
    grouping: Grouping,
    base: Base = Base.ANSWERED,
    weight: Floats | None = None,
    *,
    organizations: bool = False,
) -> Counted:
    """Count every answer in every group.

    Parameters
    ----------
    sample, indicator, grouping
        Units, their answers and their groups.
    base
        Who counts in the denominator.
    weight
        Weight of each unit.
    organizations
        Whether to count clusters in place of units: a cluster gave an answer if any of its
        units did.
    """
    return count_each(sample, (indicator,), grouping, base, weight, organizations=organizations)[0]


def count_each(
    sample: Sample,
    indicators: Sequence[Indicator],
    grouping: Grouping,
    base: Base = Base.ANSWERED,
    weight: Floats | None = None,
    *,
    organizations: bool = False,
) -> list[Counted]:
    """Count several questions as :func:`count` does; they share groups, clusters and sums."""
    parts = Parts.of(grouping.groups, sample.cluster, sample.clusters)
    return [
        counted
        for some in _blocks(indicators, len(parts.group))
        for counted in _count(
            sample, some, grouping, parts, base, weight=weight, organizations=organizations
        )
    ]


def _blocks(indicators: Sequence[Indicator], parts: int) -> Iterator[list[Indicator]]:
    """Yield questions that are counted at once, in their order."""
    block: list[Indicator] = []
    size = 0
    for indicator in indicators:
        more = parts * len(indicator.answers)
        if block and size + more > _AT_ONCE:
            yield block
            block, size = [], 0
        block.append(indicator)
        size += more
    yield block


def _count(
    sample: Sample,
    indicators: Sequence[Indicator],
    grouping: Grouping,
    parts: Parts,
    base: Base,
    *,
    weight: Floats | None,
    organizations: bool,
) -> Iterator[Counted]:
    domains = [_domain(sample, each, base) for each in indicators]
    bases = [each[:, None] if each.ndim == 1 else each for each in domains]
    answers, columns = _slices([each.chosen for each in indicators]), _slices(bases)
    place = np.concatenate(
        [
            np.broadcast_to(np.arange(own.start, own.stop), each.chosen.shape[1])
            for own, each in zip(columns, indicators, strict=True)
        ]
    )
    given = np.empty((len(sample), len(place)), dtype=bool)
    for each, who, own in zip(indicators, bases, answers, strict=True):
        np.logical_and(each.chosen, who, out=given[:, own])
    sums_at, found = _added_up(
        parts,
        given,
        _beside(bases),
        place,
        weight=weight,
        strata=sample.strata,
        organizations=organizations,
    )
    nowhere_at_all = nowhere(
        sample,
        _beside([each.offered for each in indicators]),
        _beside([each.absent for each in indicators]),
        grouping,
    )
    for indicator, domain, own, where in zip(indicators, domains, answers, columns, strict=True):
        not_offered, not_available = (each[:, own] for each in nowhere_at_all)
        yield Counted(
            sample,
            indicator,
            grouping,
            partial(sums_at, own, where),
            found.at(own),
            not_offered,
            not_available,
            not_offered & _cut(indicator, grouping),
            domain,
            weight,
            declined_in(sample, indicator, grouping),
        )


def _beside(tables: Sequence[Flags]) -> Flags:
    return tables[0] if len(tables) == 1 else np.concatenate(tables, axis=1)


def _slices(tables: Sequence[Flags]) -> list[slice]:
    """Return which columns each table has when they stand side by side."""
    ends = np.cumsum([each.shape[1] for each in tables]).tolist()
    return [slice(end - each.shape[1], end) for end, each in zip(ends, tables, strict=True)]


def _domain(sample: Sample, indicator: Indicator, base: Base) -> Flags:
    """Return who counts: per unit, or per unit and answer where the answers' bases differ."""
    if base is Base.ALL:
        return np.ones(len(sample), dtype=bool)
    who = indicator.answered if base is Base.ANSWERED else indicator.shown
    if indicator.offered[indicator.asked].all():
        return who
    return np.asarray(who[:, None] & indicator.offered[sample.edition])


def _added_up(
    parts: Parts,
    given: Flags,
    domain: Flags,
    place: Ints,
    *,
    weight: Floats | None,
    strata: Strata | None,
    organizations: bool,
) -> tuple[Callable[[slice, slice], Sums], Cells]:
    """Return what gives the sums of some answers in some bases, and the cells of all."""
    if weight is None and strata is None:
        tallies = Tallies.of(parts, given, domain, place)
        tallies = tallies.one_voice() if organizations else tallies
        return tallies.sums, tallies.cells()
    sums = sums_of(parts, given, domain, place, weight=weight, strata=strata)
    sums = _one_voice(sums) if organizations else sums
    return sums.at, cells(sums)


def _one_voice(sums: Sums) -> Sums:
    chosen, domain = sums.chosen_units > 0, sums.domain_units > 0
    return replace(
        sums,
        chosen=chosen.astype(float),
        domain=domain.astype(float),
        chosen_units=chosen.astype(float),
        domain_units=domain.astype(float),
    )


def nowhere(
    sample: Sample, offered: Flags, absent: Flags, grouping: Grouping
) -> tuple[Flags, Flags]:
    """Return the cells that nobody could have filled, and those of them that no file has.

    ``offered`` and ``absent`` are those of an :class:`Indicator`, or of several side by side.
    """
    shape = (grouping.groups.count, offered.shape[1])
    if offered.all() and grouping.existing.all():
        return np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    listed = offered | absent
    possible, wanted = grouping.existing, grouping.existing | grouping.absent
    never = ~_reached(possible.T, offered)
    lost = never & _reached(wanted.T, listed)
    if "edition" in grouping.names:
        return never, lost
    # A group counts in the editions in which it has members; without any, where it could be.
    present = _members_by_edition(sample, grouping)
    members = np.asarray(present.any(axis=1))[:, None]
    not_here = members & ~_reached(present, offered)
    lost_here = np.where(members, not_here & _reached(present, listed), lost)
    return not_here | lost_here, lost_here


def _cut(indicator: Indicator, grouping: Grouping) -> Flags:
    """Return groups x answers: whether an edition of the group cuts the bands of a net."""
    if not indicator.recut:
        return np.zeros((grouping.groups.count, len(indicator.answers)), dtype=bool)
    cut = np.zeros(indicator.offered.shape, dtype=bool)
    for name, editions in indicator.recut.items():
        if name in indicator.answers:
            cut[list(editions), indicator.answers.index(name)] = True
    return _reached(grouping.existing.T, cut & indicator.asked[:, None])


def _reached(groups: Flags, answers: Flags) -> Flags:
    """Return groups x answers: whether any edition has both."""
    return np.asarray(groups.astype(np.float32) @ answers.astype(np.float32) > 0)


def _members_by_edition(sample: Sample, grouping: Grouping) -> Flags:
    groups, size = grouping.groups, len(sample.editions)
    edition = sample.edition if groups.rows is None else sample.edition[groups.rows]
    member = groups.code >= 0
    times = np.bincount(groups.code[member] * size + edition[member], minlength=groups.count * size)
    return np.asarray(times.reshape(groups.count, size) > 0)


def declined_in(sample: Sample, indicator: Indicator, grouping: Grouping) -> npt.NDArray[np.intp]:
    """Return how many units of each group declined to answer."""
    groups = grouping.groups
    if not indicator.declined.any():
        return np.zeros(groups.count, dtype=np.intp)
    declined = indicator.declined if groups.rows is None else indicator.declined[groups.rows]
    return np.bincount(groups.code[declined & (groups.code >= 0)], minlength=groups.count)
