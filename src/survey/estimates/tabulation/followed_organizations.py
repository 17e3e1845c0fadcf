"""Tabulations of organizations that are followed over editions, by what became of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.grouping import Grouping
from survey.estimates.tabulation.tabulate import keys_of_organizations
from survey.estimates.tabulation.tabulation import Members, Tabulation
from survey.estimates.tidy import Status

__all__ = ["tabulated_organizations"]

Ints = npt.NDArray[np.intp]


def tabulated_organizations(
    sample: Sample,
    grouping: Grouping,
    group: Ints,
    code: Ints,
    labels: tuple[str, ...],
    scores: npt.NDArray[np.float64],
) -> Tabulation:
    """Return how many organizations are in each class, by group.

    Parameters
    ----------
    sample
        Rows of all editions; the clusters are organizations. The key of an organization is
        made of the keys of its rows.
    grouping, group
        The groups, and the one of each organization; -1 for none.
    code
        The class of each organization, -1 for none.
    labels, scores
        Names of the classes, and what each of them counts for.
    """
    keys = np.zeros(sample.clusters, dtype=np.uint64)
    np.add.at(keys, sample.cluster, sample.record_keys)
    keys = keys_of_organizations(keys)
    known = (group >= 0) & (code >= 0)
    shape = (grouping.groups.count, len(labels))
    count, count_keys = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.uint64)
    np.add.at(count, (group[known], code[known]), 1)
    np.add.at(count_keys, (group[known], code[known]), keys[known])
    whole = count.sum(axis=1, keepdims=True)
    base = np.broadcast_to(whole, shape)
    base_keys = np.broadcast_to(count_keys.sum(axis=1, keepdims=True, dtype=np.uint64), shape)
    places = tuple((place,) for place in range(len(labels)))
    return Tabulation(
        names=grouping.names,
        groups=grouping.tuples(),
        answers=labels,
        unit=Unit.ORGANIZATION,
        count=count,
        base=base,
        weighted_count=count.astype(np.float64),
        weighted_base=base.astype(np.float64),
        count_keys=count_keys,
        base_keys=base_keys,
        largest=np.minimum(count, 1),
        largest_other=np.minimum(base - count, 1),
        presence=np.where(base > 0, Status.OK.value, Status.EMPTY.value).astype(object),
        exclusive=True,
        parts=places,
        shown=tuple(range(len(labels))),
        declined=np.zeros(shape[0], dtype=np.int64),
        declined_keys=np.zeros(shape[0], dtype=np.uint64),
        organizations=whole[:, 0],
        scores=scores,
        members=Members(group[known], keys[known], np.flatnonzero(known)),
    )
