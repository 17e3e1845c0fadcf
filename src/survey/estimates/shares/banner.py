"""Comparisons inside a table: each column with the rest, or with every other column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.change.change import Change
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.grouping import Grouping
from survey.estimates.tabulation.sums import Groups

__all__ = [
    "HIGHER",
    "LOWER",
    "NO_CLEAR",
    "Banner",
    "alphabet",
    "banner_of",
    "letters",
    "pairs_of",
    "versus_each",
]

HIGHER, LOWER, NO_CLEAR = "higher than the rest", "lower than the rest", "could be noise"

Counter = Callable[[Grouping], Counted]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Banner:
    """The columns of several questions beside each other.

    Attributes
    ----------
    grouping
        All columns as groups of one grouping.
    place
        Per column: the number of its question.
    labels
        Per column: its label.
    own, rest
        Units x columns: who is in it, and who is in another column of its question alone.
    """

    grouping: Grouping
    place: Ints
    labels: tuple[str, ...]
    own: npt.NDArray[np.bool_]
    rest: npt.NDArray[np.bool_]


def banner_of(groupings: Sequence[Grouping], size: int) -> Banner:
    """Put the groups of one question each beside each other.

    Parameters
    ----------
    groupings, size
        The groups, and the number of units.
    """
    sizes = [each.groups.count for each in groupings]
    starts = np.cumsum([0, *sizes])
    members = [_memberships(each, size) for each in groupings]
    rows = np.concatenate([rows for rows, _ in members])
    code = np.concatenate([code + start for (_, code), start in zip(members, starts, strict=False)])
    place = np.repeat(np.arange(len(groupings)), sizes)
    own = np.zeros((size, starts[-1]), dtype=bool)
    own[rows, code] = True
    inside = np.zeros((size, len(groupings)), dtype=bool)
    inside[rows, place[code]] = True
    labels = tuple(label for each in groupings for label in each.labels[0])
    grouping = Grouping(
        ("group",),
        (labels,),
        Groups(code, len(place), rows),
        (),
        np.concatenate([each.existing for each in groupings], axis=1),
        np.concatenate([each.absent for each in groupings], axis=1),
    )
    return Banner(grouping, place, labels, own, inside[:, place] & ~own)


def versus_each(counter: Counter, grouping: Grouping, size: int, level: float) -> Change:
    """Compare every pair of groups, in the order of :func:`pairs_of`."""
    rows, code = _memberships(grouping, size)
    own = [rows[code == group] for group in range(grouping.groups.count)]
    units = [own[pair[side]] for side in (0, 1) for pair in pairs_of(len(own))]
    doubled = Groups(
        np.repeat(np.arange(len(units)), [len(each) for each in units]).astype(np.intp),
        len(units),
        np.concatenate([np.array([], dtype=np.intp), *units]),
    )
    return Change(counter(_plain(grouping, doubled)), level, comparable=True, nets=0)


def pairs_of(groups: int) -> tuple[tuple[int, int], ...]:
    """Return every pair of groups, first one first.

    Examples
    --------
    >>> pairs_of(3)
    ((0, 1), (0, 2), (1, 2))
    """
    return tuple(combinations(range(groups), 2))


def letters(
    clear: npt.NDArray[np.bool_],
    second_higher: npt.NDArray[np.bool_],
    groups: int,
) -> npt.NDArray[np.object_]:
    """Return, for each group and answer, the letters of the groups that it exceeds.

    Parameters
    ----------
    clear
        Pairs x answers: whether the pair differs clearly.
    second_higher
        Pairs x answers: whether the second group's share is the higher one.
    groups
        Number of groups; the first is ``A``.

    Examples
    --------
    >>> letters(np.array([[True], [True], [False]]), np.array([[False], [True], [True]]), 3)
    array([['B'],
           [''],
           ['A']], dtype=object)
    """
    marks = np.full((groups, clear.shape[1]), "", dtype=object)
    for number, (first, second) in enumerate(pairs_of(groups)):
        upper, lower = clear[number] & second_higher[number], clear[number] & ~second_higher[number]
        marks[second, upper] += _letter(first)
        marks[first, lower] += _letter(second)
    return marks


def alphabet(groups: int) -> tuple[str, ...]:
    """Return the letter of each group."""
    return tuple(_letter(group) for group in range(groups))


def _letter(place: int) -> str:
    """Return A to Z, then AA, AB, ..."""
    rounds, rest = divmod(place, 26)
    return (_letter(rounds - 1) if rounds else "") + chr(ord("A") + rest)


def _memberships(grouping: Grouping, size: int) -> tuple[Ints, Ints]:
    groups = grouping.groups
    rows = np.arange(size) if groups.rows is None else groups.rows
    kept = groups.code >= 0
    return rows[kept], groups.code[kept]


def _plain(grouping: Grouping, groups: Groups) -> Grouping:
    """Return groups without a meaning of their own."""
    names = tuple(str(number) for number in range(groups.count))
    existing = np.ones((len(grouping.existing), groups.count), dtype=bool)
    absent = np.zeros_like(existing)
    return Grouping(("compared",), (names,), groups, grouping.stacked, existing, absent)
