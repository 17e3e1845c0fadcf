"""Audit: what a reader who can do algebra deduces about withheld counts.

Every published count is known to the reader, every withheld one is a whole number that is not,
and all satisfy the relations of a :class:`~survey.disclosure.system.System`. The largest and the
smallest value that a withheld count can then take is found by integer programming (HiGHS, the
solver in SciPy): the *feasibility interval* of Hundepool et al. (2012), section 4.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.disclosure.system import Relation, System

__all__ = ["Component", "component_of", "components", "spreads", "worked_out"]

_NO_LIMIT = 1e6
_NODES = 200
_CLOSE = 1e-6


@dataclass(frozen=True)
class Component:
    """Unknown cells that hang together, and the relations between them."""

    cells: tuple[int, ...]
    relations: tuple[Relation, ...]


def worked_out(system: System, hidden: Collection[int], sums: Collection[int]) -> set[int]:
    """Return the sums that follow from what is shown by adding and subtracting.

    Parameters
    ----------
    system
        Cells and relations.
    hidden
        Cells whose number the reader is not given.
    sums
        Those of them that no table shows, and that only add up others.
    """
    unknown = set(hidden)
    waiting = _relations_of(relation for relation in system.relations if relation.exact)
    queue = [relation for relation in system.relations if relation.exact]
    while queue:
        relation = queue.pop()
        left = [cell for cell in relation.cells if cell in unknown]
        if len(left) == 1 and left[0] in sums:
            unknown.discard(left[0])
            queue.extend(waiting[left[0]])
    return set(sums) - unknown


def _relations_of(relations: Iterable[Relation]) -> Mapping[int, list[Relation]]:
    found: dict[int, list[Relation]] = defaultdict(list)
    for relation in relations:
        for cell in relation.cells:
            found[cell].append(relation)
    return found


def component_of(
    cell: int, relations_of: Mapping[int, Sequence[Relation]], unknown: Collection[int]
) -> Component:
    """Return the unknown cells that hang together with ``cell``."""
    cells, relations, queue = {cell}, {}, [cell]
    while queue:
        for relation in relations_of[queue.pop()]:
            if id(relation) not in relations:
                relations[id(relation)] = relation
                fresh = {each for each in relation.cells if each in unknown} - cells
                cells |= fresh
                queue.extend(sorted(fresh))
    return Component(tuple(sorted(cells)), tuple(relations.values()))


def components(system: System, unknown: Collection[int]) -> tuple[Component, ...]:
    """Return the unknown cells in sets between which there is no relation."""
    leader = {cell: cell for cell in sorted(unknown)}

    def lead(cell: int) -> int:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    relevant = []
    for relation in system.relations:
        left = [cell for cell in relation.cells if cell in leader]
        if left:
            relevant.append((left[0], relation))
        for cell in left[1:]:
            leader[lead(cell)] = lead(left[0])
    cells: dict[int, list[int]] = defaultdict(list)
    relations: dict[int, list[Relation]] = defaultdict(list)
    for cell in leader:
        cells[lead(cell)].append(cell)
    for cell, relation in relevant:
        relations[lead(cell)].append(relation)
    return tuple(Component(tuple(cells[each]), tuple(relations[each])) for each in cells)


def spreads(
    system: System, component: Component, targets: Sequence[int], enough: float, least: int = 0
) -> Iterator[tuple[int, float]]:
    """Yield how far each target can be deduced: target, largest less smallest possible value.

    The search for a target ends as soon as its values are known to differ by ``enough``, so
    that a wide spread may be wider than said; a narrow one is exact.

    Parameters
    ----------
    system, component
        What is known.
    targets
        The withheld cells of the component.
    enough
        A difference that is wide enough.
    least
        What a reader takes each target to be at least.
    """
    problem = _Problem.of(system, component, dict.fromkeys(targets, least))
    place = {cell: number for number, cell in enumerate(component.cells)}
    low = np.array([system.values[cell] for cell in component.cells])
    high = low.copy()
    for cell in targets:
        for sign in (-1.0, 1.0):
            if high[place[cell]] - low[place[cell]] >= enough:
                break
            found = problem.extreme(place[cell], sign)
            if found is not None:
                low, high = np.minimum(low, found), np.maximum(high, found)
        yield cell, float(high[place[cell]] - low[place[cell]])


@dataclass(frozen=True)
class _Problem:
    """The integer program of one component."""

    matrix: Any
    at_least: npt.NDArray[np.float64]
    at_most: npt.NDArray[np.float64]
    lowest: npt.NDArray[np.float64]

    @classmethod
    def of(cls, system: System, component: Component, least: Mapping[int, int]) -> _Problem:
        from scipy.sparse import csr_array

        place = {cell: number for number, cell in enumerate(component.cells)}
        rows, columns, weights = [], [], []
        known = np.zeros(len(component.relations))
        for row, relation in enumerate(component.relations):
            for cell, weight in zip(relation.cells, relation.weights, strict=True):
                if cell in place:
                    rows.append(row)
                    columns.append(place[cell])
                    weights.append(weight)
                else:
                    known[row] += weight * system.values[cell]
        # HiGHS in scipy before 1.15 takes 32-bit indices only.
        places = (np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32))
        shape = (len(component.relations), len(component.cells))
        return cls(
            csr_array((weights, places), shape=shape),
            np.array([relation.low for relation in component.relations]) - known,
            np.array([relation.high for relation in component.relations]) - known,
            np.array(
                [
                    -np.inf if cell in system.read else float(least.get(cell, 0))
                    for cell in component.cells
                ]
            ),
        )

    def extreme(self, place: int, sign: float) -> npt.NDArray[np.float64] | None:
        """Return a solution in which one cell is as large (``sign`` -1) or small as can be.

        Most of these programs have whole solutions of themselves; the others are solved again
        with whole numbers demanded.
        """
        aim = np.zeros(len(self.lowest))
        aim[place] = sign
        counts = self.lowest >= 0
        for whole in (np.zeros(len(aim), dtype=np.int64), counts.astype(np.int64)):
            found = self._solved(aim, whole)
            if found is None or np.abs(found - np.round(found))[counts].max(initial=0) < _CLOSE:
                break
        return None if found is None else np.asarray(np.where(counts, np.round(found), found))

    def _solved(
        self, aim: npt.NDArray[np.float64], whole: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        solved = milp(
            aim,
            integrality=whole,
            bounds=Bounds(self.lowest, np.where(self.lowest < 0, np.inf, _NO_LIMIT)),
            constraints=LinearConstraint(self.matrix, self.at_least, self.at_most),
            options={"node_limit": _NODES},
        )
        return None if solved.x is None else np.asarray(solved.x, dtype=np.float64)
