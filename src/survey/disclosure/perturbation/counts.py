"""From a tabulation of true counts to one of counts that may be published.

Four steps, each a function from tabulation to tabulation: small groups are joined as the codebook
says, rare answers become one, counts are perturbed, and what is left of a whole follows from
its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.disclosure.perturbation.noise import VARIANCE, perturb
from survey.disclosure.perturbation.rare_answers import IN_A_UNION, Joined
from survey.estimates.table import Status
from survey.estimates.tabulation import Members, Tabulation
from survey.estimates.tidy import Base
from survey.responses import ANOTHER

__all__ = [
    "as_printed",
    "joined_groups",
    "over_shown",
    "perturbed",
    "printed_bases",
    "with_nobody",
    "without_groups",
]

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
_PER_CELL = (
    "count",
    "base",
    "weighted_count",
    "weighted_base",
    "count_keys",
    "base_keys",
    "declined",
    "declined_keys",
)
_LARGEST = ("largest", "largest_other", "organizations")
"""Of joined groups the largest counts: organizations are rarely in several of them."""


def joined_groups(cells: Tabulation, classes: Mapping[str, Mapping[str, str]]) -> Tabulation:
    """Return a tabulation whose groups are joined into classes.

    Parameters
    ----------
    cells
        True counts.
    classes
        Grouping concept -> label -> class. Only concepts of which a unit has one answer: counts
        and keys of the groups are added.
    """
    known = [classes.get(name, {}) for name in cells.names]
    labels = [
        tuple(own.get(label, label) for own, label in zip(known, group, strict=True))
        for group in cells.groups
    ]
    places = {group: place for place, group in enumerate(dict.fromkeys(labels))}
    if len(places) == len(labels):
        return replace(cells, groups=tuple(labels))
    code = np.array([places[group] for group in labels])
    order = np.argsort(code, kind="stable")
    starts = np.unique(code[order], return_index=True)[1]
    added: dict[str, Any] = {
        # the kind is kept: sums of keys wrap around at 2**64, as they must
        name: np.add.reduceat(values := getattr(cells, name)[order], starts, dtype=values.dtype)
        for name in _PER_CELL
    }
    largest: dict[str, Any] = {
        name: np.maximum.reduceat(getattr(cells, name)[order], starts)
        for name in _LARGEST
        if len(getattr(cells, name)) == len(labels)
    }
    presence = cells.presence[order]
    joined = presence[starts].copy()
    for status in (Status.EMPTY.value, Status.OK.value):  # that of any group with answers
        joined[np.logical_or.reduceat(presence == status, starts)] = status
    members = cells.members._replace(group=code[cells.members.group]) if cells.members else None
    return replace(
        cells, groups=tuple(places), presence=joined, members=members, **added, **largest
    )


def without_groups(cells: Tabulation, gone: Flags) -> Tabulation:
    """Return a tabulation without some of its groups."""
    kept = np.flatnonzero(~gone)
    arrays: dict[str, Any] = {
        name: getattr(cells, name)[kept]
        for name in (*_PER_CELL, *_LARGEST, "presence")
        if len(getattr(cells, name)) == len(gone)
    }
    if cells.members is not None:
        place = np.cumsum(~gone) - 1
        inside = ~gone[cells.members.group]
        group, keys, organization = cells.members
        arrays["members"] = Members(place[group[inside]], keys[inside], organization[inside])
    return replace(cells, groups=tuple(cells.groups[place] for place in kept), **arrays)


def with_nobody(cells: Tabulation, groups: Sequence[tuple[str, ...]]) -> Tabulation:
    """Return a tabulation with further groups, in which nobody is."""
    arrays: dict[str, Any] = {}
    for name in (*_PER_CELL, *_LARGEST, "presence"):
        values = getattr(cells, name)
        if len(values) == len(cells.groups):
            nothing = Status.EMPTY.value if name == "presence" else 0
            more = np.full((len(groups), *values.shape[1:]), nothing, dtype=values.dtype)
            arrays[name] = np.concatenate([values, more])
    return replace(cells, groups=(*cells.groups, *groups), **arrays)


def perturbed(
    cells: Tabulation, alone: Flags | None = None, variance: float = VARIANCE
) -> Tabulation:
    """Return a tabulation with counts that may be published.

    Parameters
    ----------
    cells
        True counts with the sums of their record keys.
    alone
        Unions that get noise of their own, see :func:`joined_rare`; none by default.
    variance
        Of the noise of a count.

    Notes
    -----
    The answers of a single choice are perturbed each by itself; their sum is the base, and the
    sum of some of them the count of a union. Elsewhere those who gave an answer and those who
    did not are perturbed, and their sum is the base of the answer. So no part is above its
    whole, and a whole of 0 has no parts.
    """
    noisy = partial(perturb, variance=variance)
    count = noisy(cells.count, cells.count_keys, cells.largest)
    elementary = set(cells.elementary.tolist())
    unions = [place for place in range(len(cells.answers)) if place not in elementary]
    if cells.exclusive:
        base = _of_parts(cells, count, unions, alone, noisy)
    else:
        base = count + noisy(cells.other, cells.other_keys, cells.largest_other)
    for union in unions:
        parts = list(cells.parts[union])
        most = count[:, parts].max(axis=1)
        if cells.exclusive:
            count[:, union] = np.minimum(count[:, union], base.max(axis=1, initial=0))
        raised = np.maximum(count[:, union], most)
        base[:, union] += 0 if cells.exclusive else raised - count[:, union]
        count[:, union] = raised
    for place, ranks in enumerate(cells.ranked):
        whole = count[:, [cells.shown[place]]]
        count[:, list(ranks)] = np.minimum(count[:, list(ranks)], whole)
    offered = cells.base > 0
    published = cells.with_counts(np.where(offered, count, 0), np.where(offered, base, 0))
    declined = noisy(cells.declined, cells.declined_keys)
    return replace(published, declined=declined, declined_keys=np.zeros_like(cells.declined_keys))


def _of_parts(
    cells: Tabulation,
    count: Counts,
    unions: Sequence[int],
    alone: Flags | None,
    noisy: Callable[[Counts, Keys], Counts],
) -> Counts:
    """Return the base of every answer; counts of unions become the sum of their parts."""
    own = cells.elementary
    for union in unions:
        total = count[:, list(cells.parts[union])].sum(axis=1)
        kept = False if alone is None else alone[:, union]
        count[:, union] = np.where(kept, count[:, union], total)
    whole, keys = cells.base.max(axis=1, initial=0), cells.base_keys.max(axis=1, initial=0)
    rest = whole - cells.count[:, own].sum(axis=1)
    rest_keys = keys - cells.count_keys[:, own].sum(axis=1, dtype=np.uint64)
    total = count[:, own].sum(axis=1) + noisy(rest, rest_keys)
    return np.repeat(total[:, None], len(cells.answers), axis=1)


def printed_bases(cells: Tabulation, published: Tabulation, variance: float = VARIANCE) -> Counts:
    """Return the base that is printed beside each answer.

    Of a single choice it is the sum of the parts. Elsewhere each answer has a sum of its own (those
    who gave it and those who did not); printed are the perturbed units in the base, one number for
    all answers that share them, since thirty such sums would give their whole away.

    Parameters
    ----------
    cells, published
        True counts, and what :func:`perturbed` made of them.
    variance
        Of the noise of a count.
    """
    if cells.exclusive:
        return published.base.copy()
    base = perturb(cells.base, cells.base_keys, variance=variance)
    raised = np.maximum(base, published.count)
    alike = cells.base_keys == cells.base_keys[:, :1]
    most = np.where(alike, raised, 0).max(axis=1, keepdims=True)
    base = np.where(alike, most, raised)
    for row in np.flatnonzero(~alike.all(axis=1)).tolist():  # answers that some editions lack
        _, same = np.unique(cells.base_keys[row], return_inverse=True)
        wholes = np.zeros(len(same), dtype=np.int64)
        np.maximum.at(wholes, same, raised[row])
        base[row] = wholes[same]
    return np.where(published.base > 0, base, 0)


def as_printed(public: Tabulation, bases: Counts) -> Tabulation:
    """Return the counts that limits are computed from: they tell no more than what is printed.

    Of several answers each is a share of a sum of its own, those who gave it and those who did
    not. A limit from that sum would tell it, and with it whether nobody gave an answer that is
    shown as 0, since only then are those who did not give it everybody.
    """
    if public.exclusive:
        return public
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.nan_to_num(public.weighted_count / public.weighted_base).round(2)
    base = bases.astype(np.float64)
    return replace(public, base=bases, weighted_base=base, weighted_count=share * base)


def over_shown(
    joined: Joined, public: Tabulation, bases: Counts, whole: Base = Base.ANSWERED
) -> tuple[Tabulation, Counts]:
    """Return counts in which unions that divide a whole add up to it.

    A union with noise of its own is not the sum of its parts, so that the base less the other rows
    would give that sum, and say by another number than the union's that several parts have units.

    Which rows there are decides, and no true count. Answers that no form lists and no row shows
    are not in the base: whether it has them would tell that somebody gave one. ``whole`` says who
    counts in the base; those who gave no answer are in no row.
    """
    shown, own = list(public.shown), set(joined.cells.elementary.tolist())
    inside = [part for place in shown for part in public.parts[place]]
    others = [place for place in sorted(own) if public.answers[place] == ANOTHER]
    unread = {place for place in own if public.answers[place] in (ANOTHER, IN_A_UNION)} - {*inside}
    divided = public.exclusive and sorted(inside) == sorted(own - unread)
    if not (divided and joined.alone.any() and whole is Base.ANSWERED):
        return public, bases
    base = np.repeat(public.count[:, shown].sum(axis=1)[:, None], len(public.answers), axis=1)
    # limits allow for the noise of each answer that has a base; the last one joins rare answers
    base[:, sorted(unread.intersection(others[:-1]))] = 0
    return public.with_counts(public.count, base), base
