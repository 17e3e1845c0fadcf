"""From a tabulation of true counts to one of counts that may be published.

Four steps, each a function from tabulation to tabulation: small groups are joined as the codebook
says, rare answers become one, counts are perturbed, and what is left of a whole follows from
its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.disclosure.noise import VARIANCE, perturb
from survey.estimates.table import Status
from survey.estimates.tabulation import Members, Tabulation
from survey.estimates.tidy import Base
from survey.responses import ANOTHER

__all__ = [
    "IN_A_UNION",
    "Joined",
    "as_printed",
    "joined_groups",
    "joined_rare",
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
IN_A_UNION = "Another answer, in a union"
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


class Joined(NamedTuple):
    """A tabulation with rare answers joined; ``gone`` and ``alone`` are groups x answers.

    Attributes
    ----------
    cells
        True counts.
    gone
        Cells that do not stand any more.
    alone
        Unions that join a rare answer with others: those have noise of their own.
    given
        Of the answers before any were joined: which no form lists, so that they stand because
        somebody gave them.
    names
        Names of the answers in the ledger, which say what a union consists of; by default those
        of the tabulation.
    """

    cells: Tabulation
    gone: Flags
    alone: Flags
    given: Flags | None = None
    names: tuple[str, ...] = ()

    def given_in(self, row: int) -> list[str]:
        """Return names of the answers that stand in a group because somebody gave them.

        So does a union of nothing but rare ones of them.
        """
        if self.given is None or not self.given.any():
            return []
        names, size = self.names or self.cells.answers, len(self.given)
        gone = self.gone[row, :size]
        found = [names[place] for place in np.flatnonzero(self.given & ~gone).tolist()]
        return [*found, *names[size:]] if gone.any() and self.given[gone].all() else found

    @property
    def all_given(self) -> frozenset[str]:
        """Names of the answers that stand because somebody gave them, joined ones too."""
        if self.given is None:
            return frozenset()
        names = self.names or self.cells.answers
        return frozenset(names[place] for place in np.flatnonzero(self.given).tolist())

    def unions(self, row: int) -> dict[str, tuple[str, ...]]:
        """Return of a single choice, in a group: name of a union -> names of its parts."""
        if not self.cells.exclusive:
            return {}
        names = self.names or self.cells.answers
        own = {*self.cells.elementary.tolist()}
        parts = {p: each for p, each in enumerate(self.cells.parts) if p not in own}
        size = len(names) if self.given is None else len(self.given)
        if len(names) == size + 1:  # rare answers that were joined into one
            parts[size] = tuple(np.flatnonzero(self.gone[row, :size]).tolist())
        return {names[p]: tuple(names[part] for part in each) for p, each in parts.items()}

    @property
    def own(self) -> frozenset[str]:
        """Names of the answers that are no unions of others that stand."""
        names = self.names or self.cells.answers
        return frozenset(names[place] for place in self.cells.elementary.tolist())


def joined_rare(cells: Tabulation, rare: Flags) -> Joined:
    """Return a tabulation in which rare answers of a single choice are one, "Another answer".

    Answers that the questionnaire does not list, which are called so anyway, are among them.
    Elsewhere units may have given several of them, so that they cannot be added; rare answers
    are then withheld.

    Parameters
    ----------
    cells
        True counts.
    rare
        Groups x answers: which are rare in the edition of the group.
    """
    nothing = np.zeros(rare.shape, dtype=bool)
    own = np.isin(np.arange(len(cells.answers)), cells.elementary)
    gone = rare & own
    if not gone.any() or not cells.exclusive:
        return Joined(cells, nothing, nothing)
    joins = np.asarray(gone.any(axis=1))
    for place in cells.elementary.tolist():
        if cells.answers[place] == ANOTHER:
            gone[joins, place] = True
    shown = [place for place in cells.shown if own[place]]
    unions = [place for place in cells.shown if not own[place]]
    within = np.isin(np.arange(len(own)), [part for place in unions for part in cells.parts[place]])
    if not (gone & within).any() or not gone[:, shown].any():
        return _joined(cells, gone, ANOTHER)
    # those in a union that is shown are counted there, and not in "Another answer" too
    first = _joined(cells, gone & ~within, ANOTHER)
    second = _joined(first.cells, _wider(gone & within), IN_A_UNION)
    return Joined(
        second.cells, _wider(first.gone) | second.gone, _wider(first.alone) | second.alone
    )


def _wider(flags: Flags) -> Flags:
    return np.column_stack([flags, np.zeros(len(flags), dtype=bool)])


def _joined(cells: Tabulation, gone: Flags, label: str) -> Joined:
    """Return a tabulation in which cells that are gone are one answer of this label."""
    nothing = np.zeros(gone.shape, dtype=bool)
    own = np.isin(np.arange(len(cells.answers)), cells.elementary)
    joins = np.asarray(gone.any(axis=1))
    alone = nothing
    for union in np.flatnonzero(~own).tolist():
        alone[:, union] = gone[:, list(cells.parts[union])].any(axis=1)
    arrays: dict[str, Any] = {}
    for name in ("count", "weighted_count", "count_keys"):
        values = getattr(cells, name)
        arrays[name] = _beside(values, gone, _added(values, gone))
    for name in ("base", "weighted_base", "base_keys", "largest_other"):
        values = getattr(cells, name)
        arrays[name] = _beside(values, gone, np.where(joins, values.max(axis=1), 0))
    most = np.where(gone, cells.largest, 0).max(axis=1, initial=0)
    arrays["largest"] = _beside(cells.largest, gone, most)
    presence = cells.presence[np.arange(len(gone)), gone.argmax(axis=1)].copy()
    for status in (Status.EMPTY.value, Status.OK.value):  # that of any answer that anybody gave
        presence[(gone & (cells.presence == status)).any(axis=1)] = status
    arrays["presence"] = np.column_stack([cells.presence, presence])
    last = len(cells.answers)
    joined = replace(
        cells,
        answers=(*cells.answers, label),
        parts=(*cells.parts, (last,)),
        shown=(*cells.shown, last) if gone[:, list(cells.shown)].any() else cells.shown,
        columns={name: (*values, "") for name, values in cells.columns.items()},
        **arrays,
    )
    return Joined(joined, np.column_stack([gone, ~joins]), np.column_stack([alone, nothing[:, 0]]))


def _added(values: npt.NDArray[Any], gone: Flags) -> npt.NDArray[Any]:
    return np.asarray(np.where(gone, values, 0).sum(axis=1, dtype=values.dtype))


def _beside(values: npt.NDArray[Any], gone: Flags, last: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return values without those of cells that are gone, and one more answer."""
    kept = np.where(gone, 0, values)
    return np.concatenate([kept, last[:, None]], axis=1).astype(values.dtype)


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
