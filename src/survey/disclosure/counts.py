"""From a tabulation of true counts to one of counts that may be published.

Four steps, each a function from tabulation to tabulation: small groups are joined as the codebook
says, rare answers become one, counts are perturbed, and what is left of a whole follows from
its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.disclosure.noise import perturb
from survey.estimates.table import Status
from survey.estimates.tabulation import Tabulation
from survey.responses import ANOTHER

__all__ = ["joined_groups", "joined_rare", "perturbed", "printed_bases", "rows_of"]

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
    labels = [
        tuple(
            classes.get(name, {}).get(label, label)
            for name, label in zip(cells.names, group, strict=True)
        )
        for group in cells.groups
    ]
    places = {group: place for place, group in enumerate(dict.fromkeys(labels))}
    if len(places) == len(labels):
        return replace(cells, groups=tuple(labels))
    code = np.array([places[group] for group in labels])
    starts = [np.flatnonzero(code == place) for place in range(len(places))]
    added: dict[str, Any] = {
        name: _each(getattr(cells, name), starts, np.sum) for name in _PER_CELL
    }
    largest: dict[str, Any] = {
        name: _each(getattr(cells, name), starts, np.max)
        for name in _LARGEST
        if len(getattr(cells, name)) == len(labels)
    }
    presence = np.stack([_present(cells.presence[rows]) for rows in starts])
    return replace(cells, groups=tuple(places), presence=presence, **added, **largest)


def _each(
    values: npt.NDArray[Any], groups: Sequence[npt.NDArray[np.intp]], how: Callable[..., Any]
) -> npt.NDArray[Any]:
    """Join the rows of each group; sums of keys wrap around at 2**64."""
    return np.stack([how(values[rows], axis=0) for rows in groups]).astype(values.dtype)


def _present(presence: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the status of joined cells: that of any that has answers, else of the first."""
    found: npt.NDArray[np.object_] = presence[0].copy()
    for status in (Status.EMPTY.value, Status.OK.value):
        found[(presence == status).any(axis=0)] = status
    return found


def joined_rare(cells: Tabulation, rare: Flags) -> tuple[Tabulation, frozenset[int]]:
    """Return a tabulation in which rare answers of a single choice are one, "Another answer".

    Answers that the questionnaire does not list, which are called so anyway, are among them.

    Elsewhere units may have given several of them, so that they cannot be added; rare answers
    are then withheld.

    Returns
    -------
    tuple
        The tabulation, and the positions of unions that join a rare answer with others: those
        have noise of their own.
    """
    chosen = rare & np.isin(np.arange(len(cells.answers)), cells.elementary)
    gone = set(np.flatnonzero(chosen).tolist())
    if not gone or not cells.exclusive:
        return cells, frozenset()
    gone |= {place for place in cells.elementary.tolist() if cells.answers[place] == ANOTHER}
    kept = [place for place in range(len(cells.answers)) if place not in gone]
    at = {place: number for number, place in enumerate(kept)}
    own = len(kept)
    alone = frozenset(
        at[place]
        for place in kept
        if cells.parts[place] != (place,) and gone & {*cells.parts[place]}
    )
    parts = tuple(
        tuple(at[part] for part in cells.parts[place] if part in at) or (own,) for place in kept
    )
    arrays: dict[str, Any] = {
        name: _with_sum(getattr(cells, name), kept, sorted(gone))
        for name in ("count", "weighted_count", "count_keys")
    }
    bases: dict[str, Any] = {
        name: np.concatenate(
            [getattr(cells, name)[:, kept], getattr(cells, name).max(axis=1, keepdims=True)], axis=1
        )
        for name in ("base", "weighted_base", "base_keys", "largest_other")
    }
    largest = np.concatenate(
        [cells.largest[:, kept], cells.largest[:, sorted(gone)].max(axis=1, keepdims=True)], axis=1
    )
    presence = np.concatenate(
        [cells.presence[:, kept], _present(cells.presence[:, sorted(gone)].T)[:, None]], axis=1
    )
    shown = tuple(at[place] for place in cells.shown if place in at)
    joined = replace(
        cells,
        answers=(*(cells.answers[place] for place in kept), ANOTHER),
        **arrays,
        **bases,
        largest=largest,
        presence=presence,
        parts=(*parts, (own,)),
        shown=(*shown, own) if gone & {*cells.shown} else shown,
        columns={
            name: (*(values[place] for place in kept), "") for name, values in cells.columns.items()
        },
    )
    return joined, alone


def _with_sum(
    values: npt.NDArray[Any], kept: Sequence[int], gone: Sequence[int]
) -> npt.NDArray[Any]:
    total = values[:, gone].sum(axis=1, keepdims=True, dtype=values.dtype)
    return np.concatenate([values[:, kept], total], axis=1)


def perturbed(cells: Tabulation, alone: frozenset[int] = frozenset()) -> Tabulation:
    """Return a tabulation with counts that may be published.

    Parameters
    ----------
    cells
        True counts with the sums of their record keys.
    alone
        Positions of unions that get noise of their own, see :func:`joined_rare`.

    Notes
    -----
    The answers of a single choice are perturbed each by itself; their sum is the base, and the
    sum of some of them the count of a union. Elsewhere those who gave an answer and those who
    did not are perturbed, and their sum is the base of the answer. So no part is above its
    whole, and a whole of 0 has no parts.
    """
    count = perturb(cells.count, cells.count_keys, cells.largest)
    unions = [p for p in range(len(cells.answers)) if p not in set(cells.elementary.tolist())]
    if cells.exclusive:
        base = _of_parts(cells, count, [union for union in unions if union not in alone])
    else:
        base = count + perturb(cells.other, cells.other_keys, cells.largest_other)
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
    declined = perturb(cells.declined, cells.declined_keys)
    return replace(published, declined=declined, declined_keys=np.zeros_like(cells.declined_keys))


def _of_parts(cells: Tabulation, count: Counts, unions: Sequence[int]) -> Counts:
    """Return the base of every answer; counts of unions become the sum of their parts."""
    own = cells.elementary
    for union in unions:
        count[:, union] = count[:, list(cells.parts[union])].sum(axis=1)
    whole, keys = cells.base.max(axis=1, initial=0), cells.base_keys.max(axis=1, initial=0)
    rest = whole - cells.count[:, own].sum(axis=1)
    rest_keys = keys - cells.count_keys[:, own].sum(axis=1, dtype=np.uint64)
    total = count[:, own].sum(axis=1) + perturb(rest, rest_keys)
    return np.repeat(total[:, None], len(cells.answers), axis=1)


def printed_bases(cells: Tabulation, published: Tabulation) -> Counts:
    """Return the base that is printed beside each answer.

    Of a single choice it is the sum of the parts. Elsewhere each answer has a sum of its own (those
    who gave it and those who did not); printed are the perturbed units in the base, one number for
    all answers that share them, since thirty such sums would give their whole away.

    Parameters
    ----------
    cells, published
        True counts, and what :func:`perturbed` made of them.
    """
    if cells.exclusive:
        return published.base.copy()
    base = perturb(cells.base, cells.base_keys)
    for row in range(len(base)):
        for whole in np.unique(cells.base_keys[row]):
            alike = cells.base_keys[row] == whole
            base[row, alike] = np.maximum(base[row, alike], published.count[row, alike]).max()
    return np.where(published.base > 0, base, 0)


def rows_of(cells: Tabulation, rows: Sequence[int]) -> Tabulation:
    """Return some groups of a tabulation."""
    kept = list(rows)
    arrays: dict[str, Any] = {
        name: getattr(cells, name)[kept]
        for name in (*_PER_CELL, *_LARGEST, "presence")
        if len(getattr(cells, name)) == len(cells.groups)
    }
    return replace(cells, groups=tuple(cells.groups[row] for row in kept), **arrays)
