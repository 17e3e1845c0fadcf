"""Rare answers: those of a single choice become one before anything is perturbed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.table import Status
from survey.estimates.tabulation import Tabulation
from survey.responses import ANOTHER

__all__ = ["IN_A_UNION", "Joined", "joined_rare"]

Flags = npt.NDArray[np.bool_]
IN_A_UNION = "Another answer, in a union"


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
