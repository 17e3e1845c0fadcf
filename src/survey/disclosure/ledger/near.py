"""Columns of nearly the same units: one has the numbers of the other, or is withheld.

Noise follows the units behind a count. Where two groups of a question differ by one cloud, the
rows that differ between them are the answers of that cloud; where they differ by few, those of the
few. So of two such columns, whatever groups, variables or selections they are of, one is drawn, and
the other has its numbers; where these would be far off, it is withheld.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.disclosure.ledger.column_names import WHO_COUNTS, group_name
from survey.disclosure.ledger.ledger_column import ENOUGH, Column
from survey.disclosure.ledger.shared_rows import SharedRows
from survey.estimates.tabulation import Members, Tabulation
from survey.responses import Responses

__all__ = ["OF_NUMBERS", "Leader", "Neighbours", "Units", "far_off", "notes_of"]

Keys = npt.NDArray[np.uint64]
OF_NUMBERS: Final = "|numbers"
"""Behind the name of a column of numbers, which leaves unlisted answers out of its base."""

ORGANIZATIONS: Final = 5
"""Two groups differ by as many organizations, too, or one of them is withheld."""

_FIFTH: Final = 5
_ALL: Final = "all"
_GROUP: Final = re.compile(r"(^|,)([a-z_][a-z0-9_]*)=")
_STEP: Final = 32
"""Columns of about the same size are kept together."""


BySize = dict[int, list[tuple[str, int, int]]]
"""About how many units -> columns of as many: name, units, and how many they are."""


class Records(NamedTuple):
    """Keys of records in ascending order, and the number of the organization of each."""

    keys: Keys
    organization: npt.NDArray[np.intp]


class Units:
    """The units of a survey in the order in which they were first seen.

    A set of them is a whole number, of which each bit is a unit: sets are compared at once.
    """

    def __init__(self, keys: Iterable[int] | Keys = ()) -> None:
        self.keys: Keys = np.array([*keys], dtype=np.uint64)
        self._organization = -1 - np.arange(len(self.keys))  # of each its own, as nobody knows
        self._order = np.argsort(self.keys)
        self._records = Records(self.keys[:0], self._organization[:0])
        self._most: dict[tuple[int, int], int] = {}

    def learn(self, keys: Keys, organization: npt.NDArray[np.intp]) -> None:
        """Note the organization of each record, also of those that no table has counted yet.

        Tables number the organizations of those that they count, each in its own way.
        """
        order = np.argsort(keys)
        self._records = Records(keys[order], organization[order])
        self._organization = self._organizations(self.keys, self._organization)
        self._most = {}

    def sets_of(self, members: Members, groups: int) -> list[int]:
        """Return the set of units of each group."""
        place = self._places(members)
        inside = np.zeros((groups, len(self.keys)), dtype=bool)
        inside[members.group, place] = True
        packed = np.packbits(inside, axis=1, bitorder="little")
        return [int.from_bytes(row.tobytes(), "little") for row in packed]

    def are_of(self, organizations: int, some: int) -> bool:
        """Return whether a set of units has so many organizations at least."""
        found: set[int] = set()
        while some and len(found) < organizations:
            first = some & -some
            found.add(int(self._organization[first.bit_length() - 1]))
            some ^= first
        return len(found) >= organizations

    def most_of(self, organizations: int) -> int:
        """Return how many units so many organizations have at most."""
        known = len(self.keys), organizations
        if known not in self._most:
            sizes = np.unique(self._organization, return_counts=True)[1]
            self._most = {known: int(np.sort(sizes)[-organizations:].sum())}
        return self._most[known]

    def _places(self, members: Members) -> npt.NDArray[np.intp]:
        found = self._find(members.keys)
        new = found < 0
        if new.any():
            keys, first = np.unique(members.keys[new], return_index=True)
            unknown = self._organization.min(initial=0) - 1 - members.organization[new][first]
            own = self._organizations(keys, unknown)
            self.keys = np.concatenate([self.keys, keys])
            self._organization = np.concatenate([self._organization, own])
            self._order = np.argsort(self.keys)
            found = self._find(members.keys)
        return found

    def _find(self, keys: Keys) -> npt.NDArray[np.intp]:
        """Return the place of each key, -1 for a new one."""
        found = _places_in(self.keys[self._order], keys)
        return np.where(found < 0, -1, self._order[found]) if len(self.keys) else found

    def _organizations(self, keys: Keys, otherwise: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the organization of each key, ``otherwise`` of those that are no record."""
        place = _places_in(self._records.keys, keys)
        known = place >= 0
        found = otherwise.copy()
        found[known] = self._records.organization[place[known]]
        return found


def _places_in(ordered: Keys, keys: Keys) -> npt.NDArray[np.intp]:
    """Return the place of each key among those in ascending order, -1 for a new one."""
    if not len(ordered):
        return np.full(len(keys), -1)
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.where(ordered[place] == keys, place, -1)


class Leader(NamedTuple):
    """A column whose numbers stand for those of another one.

    Attributes
    ----------
    name
        Its name.
    far
        Whether its numbers would be far off, so that the other is withheld.
    """

    name: str
    far: bool


class Neighbours:
    """The columns that were drawn so far, by what was asked and the units behind them.

    Parameters
    ----------
    units
        Unit of observation -> its units, as the ledger has them.
    """

    def __init__(self, units: Mapping[str, Units] | None = None) -> None:
        known = {unit: Units(each.keys) for unit, each in (units or {}).items()}
        self.units = defaultdict(Units, known)
        self._drawn: dict[tuple[str, ...], dict[str, BySize]] = defaultdict(dict)
        self._small: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        self._rows = SharedRows()
        self._uncorrected: set[str] = set()

    def learn(self, bodies: Iterable[Responses]) -> None:
        """Note of which organization each record of some answers is."""
        known = [*bodies]
        self._rows.learn(known)
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
            frames = {id(frame): frame for frame in (body.frame(unit) for body in known)}
            some = [f for f in frames.values() if {"record_key", "organization"} <= {*f.columns}]
            if not some:
                continue
            keys = np.concatenate([f["record_key"].to_numpy(dtype=np.uint64) for f in some])
            names = pd.concat([f["organization"].astype(object) for f in some])
            code = pd.factorize(names)[0]
            alone = code < 0
            code[alone] = len(code) + np.arange(int(alone.sum()))
            self.units[unit.value].learn(keys, code)

    def sets_of(self, cells: Tabulation) -> list[int]:
        """Return the set of units of each group; empty ones where records have no keys."""
        if cells.members is None:
            return [0] * len(cells.groups)
        return self.units[cells.unit.value].sets_of(cells.members, len(cells.groups))

    def lead_published(
        self, columns: Mapping[str, Column], corrected: Collection[str], least: int = ENOUGH
    ) -> None:
        """Note columns as they were published, but of questions that are drawn anew.

        Those of fewer than ``least`` were not shown.
        """
        for name, column in columns.items():
            if column.like or name.split("|")[1] in corrected:
                continue
            if column.hidden or column.largest < least:
                self.leave_out(name, column.units)
            else:
                self.lead(name, column)

    def lead(self, name: str, column: Column) -> None:
        """Note a column that is shown with numbers of its own."""
        if units := column.units:
            of_size = self._drawn[_asked(name)].setdefault(_edition(name), defaultdict(list))
            size = units.bit_count()
            of_size[size // _STEP].append((name, units, size))
            self._rows.lead(name, column)

    def of_the_same_answers(self, name: str, column: Column) -> Leader | None:
        """Return a column of another question, in another group of nearly the same units.

        Only where the records behind an answer are the same in both, so that one question is made
        of the other, as a variable that takes its answers together: the rows that differ would be
        the answers of those who are in one group alone.
        """
        everybody = self.units[name.split("|", 1)[0]]
        asked, whose = _asked(name), _whose(name)
        for other, units in self._rows.beside(name, column):
            if _asked(other) == asked or _whose(other) == whose:
                continue
            apart = units ^ column.units
            if apart.bit_count() < ENOUGH or not everybody.are_of(ORGANIZATIONS, apart):
                return Leader(other, far=True)
        return None

    def lead_uncorrected(
        self, columns: Mapping[str, Column], drawn: Collection[str], corrections: Collection[str]
    ) -> None:
        """Note published columns of corrected questions that are not among those drawn now.

        Readers have them: what is near one of them is withheld, as its numbers were not corrected.
        """
        stay = {n: c for n, c in columns.items() if n not in drawn and _asked(n)[1] in corrections}
        self._uncorrected |= {*stay}
        self.lead_published(stay, ())

    def leave_out(self, name: str, units: int) -> None:
        """Note a column that is too small to be shown."""
        if units:
            self._small[_asked(name)].append((units, units.bit_count()))

    def is_left_out(self, name: str, units: int) -> bool:
        """Return whether a column is too small but for few: it would tell that they differ."""
        size = units.bit_count()
        return any(
            _FIFTH * (units ^ small).bit_count() < other
            for small, other in self._small.get(_asked(name), ())
            if abs(size - other) < ENOUGH
        )

    def nearest(self, name: str, units: int) -> Leader | None:
        """Return the column whose units differ by the fewest from those of another one.

        Nothing if there are 20 or more, of 5 organizations or more, that are in one of the two
        alone, whichever column it is. Those of the same base and options go first; the numbers of
        others would be far off.
        """
        size = units.bit_count()
        drawn = self._drawn.get(_asked(name))
        if not drawn or not size:
            return None
        everybody, how = self.units[name.split("|", 1)[0]], _how(name)
        window = max(ENOUGH - 1, everybody.most_of(ORGANIZATIONS - 1))
        own, found = _edition(name), []
        near = range((size - window) // _STEP, (size + window) // _STEP + 1)
        alike = [of_size for e, of_size in drawn.items() if _share_an_edition(e, own)]
        for leaders in (of_size.get(about, ()) for of_size in alike for about in near):
            for leader, behind, other in leaders:
                few = (apart := units ^ behind).bit_count()
                if few > window:
                    continue
                if size + other - few < min(size, other) or _same(leader, name, few):
                    continue
                if few < ENOUGH:
                    same = _how(leader) == how
                    found.append((not same, few, other if same else 0, leader))
                elif not everybody.are_of(ORGANIZATIONS, apart):
                    found.append((True, few, 0, leader))
        if not found:
            return None
        _, few, other, leader = min(found)
        return Leader(leader, far=_FIFTH * few >= other or leader in self._uncorrected)


def far_off(one: int, other: int) -> bool:
    """Return whether two bases differ by so much that a share of one is none of the other.

    Columns of the same answers can have other bases, where those who gave none count, too.

    Examples
    --------
    >>> far_off(100, 118), far_off(100, 130)
    (False, True)
    """
    return _FIFTH * abs(one - other) >= other


def notes_of(
    like: Mapping[tuple[str, ...], Leader],
    names: Sequence[str],
    rows: Mapping[str, npt.NDArray[Any]],
    title_of: Callable[[str], str],
) -> list[str]:
    """Return notes that say which groups have the numbers of others, or are withheld instead.

    The words are the same whether one differs or 19. A comparison has the groups of several
    editions behind one row. ``title_of`` has the words of a question.
    """
    if not like:
        return []
    places = [place for place, name in enumerate(names) if name in rows]
    labelled = list(zip(*(rows[names[place]].tolist() for place in places), strict=True)) or [()]
    shown = ~np.isnan(rows["base"].astype(np.float64)) if "base" in rows else np.ones(len(labelled))
    seen, listed = {*compress(labelled, shown.tolist())}, {*labelled}
    found: dict[tuple[str, bool], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for group, leader in like.items():
        labels = tuple(group[place] for place in places)
        if labels in (listed if leader.far else seen):
            own = group_name(names, group)
            found[_said_of(leader.name, own, title_of), leader.far][", ".join(group)] = labels
    notes = []
    for (whom, far), groups in found.items():
        apart = "are left out" if whom == _ALL else f"differ from {whom}"
        few = f"fewer than {ENOUGH} {apart}"
        if far:  # as where few organizations are apart
            few = f"fewer than {ENOUGH}, or fewer than {ORGANIZATIONS} organizations, {apart},"
        told = f"not shown, since {few} and it would tell their answers"
        said = told if far else f"{few}; the numbers are those of {whom}"
        every = {*groups.values()} == (listed if far else seen)
        notes.append(f"{said[0].upper()}{said[1:]}." if every else f"{'; '.join(groups)}: {said}.")
    return notes


def _said_of(name: str, own: str, title_of: Callable[[str], str]) -> str:
    """Return whom a column is of, in words; the same group of a selection is of all."""
    said, *selected = name.split("|")[5:]
    group = _GROUP.sub(lambda found: f"{found[1]}{title_of(found[2])}: ", said)
    if any(part.startswith("of ") for part in selected):
        return f"another selection ({group})" if said else "another selection"
    return _ALL if said in (own, "") else group


def _asked(name: str) -> tuple[str, ...]:
    """Return unit and concept of a column."""
    return tuple(name.split("|", 2)[:2])


def _edition(name: str) -> str:
    """Return the edition of a column, or several."""
    return name.split("|", 5)[4]


@cache
def _share_an_edition(one: str, other: str) -> bool:
    return not {*re.split("[>+]", one)}.isdisjoint(re.split("[>+]", other))


def _how(name: str) -> tuple[str, str, bool]:
    """Return base and options of a column, and whether it is one of numbers.

    Not whether copies count: that makes other units, and no other way to draw.
    """
    base, options = name.split("|", 4)[2:4]
    said = [part for part in options.split(",") if not part.startswith(WHO_COUNTS)]
    return base, ",".join(said), OF_NUMBERS in name


def _who_counts(name: str) -> list[str]:
    return [part for part in name.split("|", 4)[3].split(",") if part.startswith(WHO_COUNTS)]


def _same(one: str, other: str, few: int) -> bool:
    """Whether two columns are of the same group: they show the same units in two ways.

    Columns of numbers leave out who gave an answer that no form lists.
    """
    alike = not few and _who_counts(one) == _who_counts(other)
    alike |= (OF_NUMBERS in one) != (OF_NUMBERS in other)
    return one == other or (_whose(one) == _whose(other) and alike)


def _whose(name: str) -> list[str]:
    """Return edition, group and selection of a column."""
    return name.replace(OF_NUMBERS, "").split("|")[4:]
