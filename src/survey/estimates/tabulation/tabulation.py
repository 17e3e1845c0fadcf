"""A tabulation: what was counted, by groups and answers, and nothing of what a record says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.estimates.tabulation.banded_answers import Cells as Intervals
from survey.estimates.tidy import Status

__all__ = ["Members", "Tabulation"]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


class Members(NamedTuple):
    """Who gave any answer: one entry for each unit of each group.

    Attributes
    ----------
    group
        Place of the group.
    keys
        Key of the unit.
    organization
        Number of its organization in the sample.
    """

    group: npt.NDArray[np.intp]
    keys: Keys
    organization: npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tabulation:
    """Counts of answers in groups; every array is groups x answers unless it says otherwise.

    A public number is computed from a tabulation with perturbed counts by the function that
    computes the internal one from this. So it holds all answers of the question, in the order
    of the codebook, whichever of them a table shows.

    Attributes
    ----------
    names
        Grouping concepts, outermost first.
    groups
        Labels of each group, one per grouping concept.
    answers
        Labels of the answers; after those of the question come unions of them (nets, the rest
        behind a top, ...).
    unit
        What is counted.
    count, base
        Units that gave the answer; units that could have and count.
    weighted_count, weighted_base
        The same, weighted; equal to them without weights.
    count_keys, base_keys
        Sums of the record keys of these units, modulo 2**64; 0 where records have no keys.
    largest, largest_other
        Most units of one organization among those that gave the answer, and among those in the
        base that did not.
    presence
        Status of each cell before precision is looked at: ``ok``, ``empty``, ``not offered``,
        ``not available``.
    exclusive
        Whether every unit in the base of a group gave at most one of the answers, and all
        answers have the same base: a part is then a part of the sum of the parts. Elsewhere an
        answer is part of those who gave it and those who did not.
    parts
        Per answer: positions of the answers that it is a union of; of an answer of the
        question, its own position.
    shown
        Positions of the answers that the table shows, in its order.
    declined, declined_keys
        Per group: units that declined to answer (outside the base), and their keys.
    columns
        Further labels of the answers, such as ``item`` and ``level`` of a matrix.
    organizations
        Per group: how many organizations are in the base of any answer; empty where nobody
        counted them.
    ranked
        Of a ranking: per shown answer the positions of the answers that divide it by rank, the
        first rank first.
    weighted
        Whether units have weights.
    bands
        Of a banded question: the intervals that are its answers.
    counts
        Of a banded question: what its numbers count.
    scores
        Numbers x answers: what each answer counts for, where a statistic weighs answers.
    whole
        Counts of all units that a model is fitted to, by edition where groups tell editions
        apart; ``None`` where they are the sums of the groups. Public numbers are fitted to
        those sums.
    figures
        Of a banded question: group -> published numbers of organizations that agreed to be named,
        added up, and how many answers of each band they stand in place of. Empty where none were
        asked for.
    members
        Which units are in the groups, by their keys; ``None`` where records have none.
    internal
        Why no public number can be computed from these counts; empty where one can.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    unit: Unit
    count: Counts
    base: Counts
    weighted_count: Floats
    weighted_base: Floats
    count_keys: Keys
    base_keys: Keys
    largest: Counts
    largest_other: Counts
    presence: npt.NDArray[np.object_]
    exclusive: bool
    parts: tuple[tuple[int, ...], ...]
    shown: tuple[int, ...]
    declined: Counts
    declined_keys: Keys
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organizations: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    ranked: tuple[tuple[int, ...], ...] = ()
    weighted: bool = False
    bands: Intervals | None = None
    counts: str = ""
    scores: Floats | None = None
    whole: Tabulation | None = None
    figures: Mapping[tuple[str, ...], tuple[float, tuple[float, ...]]] = field(default_factory=dict)
    members: Members | None = None
    internal: str = ""

    @cached_property
    def elementary(self) -> npt.NDArray[np.intp]:
        """Positions of the answers of the question, unions left out."""
        own = [place for place, parts in enumerate(self.parts) if parts == (place,)]
        return np.array(own, dtype=np.intp)

    @cached_property
    def places(self) -> npt.NDArray[np.intp] | slice:
        """Positions of the answers that the table shows, to index with."""
        if self.shown == tuple(range(len(self.answers))):
            return slice(None)
        return np.array(self.shown, dtype=np.intp)

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Cells in whose base there is anybody."""
        return np.asarray(self.presence == Status.OK.value)

    @property
    def other(self) -> Counts:
        """Units in the base that did not give the answer."""
        return self.base - self.count

    @property
    def other_keys(self) -> Keys:
        """Sums of the keys of those units, modulo 2**64."""
        return self.base_keys - self.count_keys

    @cached_property
    def mean_weights(self) -> Floats:
        """Mean weight of each group, 1 where nobody is."""
        whole = self.base.max(axis=1, initial=0)
        weight = self.weighted_base.max(axis=1, initial=0.0)
        mean = np.divide(weight, whole, out=np.ones(len(whole)), where=whole > 0)
        return np.asarray(mean)

    def with_counts(self, count: Counts, base: Counts) -> Tabulation:
        """Return a copy with other counts, such as perturbed ones, and no keys.

        Weighted counts are the counts times the mean weight of the group: a weight of a
        single cell would tell who is in it.
        """
        mean = self.mean_weights[:, None]
        presence = np.where(base > 0, Status.OK.value, Status.EMPTY.value).astype(object)
        absent = ~np.isin(self.presence.astype(str), [Status.OK.value, Status.EMPTY.value])
        presence[absent] = self.presence[absent]
        nothing = np.zeros(self.count.shape, dtype=np.uint64)
        return replace(
            self,
            count=count,
            base=base,
            weighted_count=count * mean,
            weighted_base=base * mean,
            count_keys=nothing,
            base_keys=nothing,
            largest=np.zeros_like(count),
            largest_other=np.zeros_like(count),
            presence=presence,
            whole=None,
            members=None,
        )
