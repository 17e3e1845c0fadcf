"""Secondary rules: rows that are withheld so that others cannot be worked out.

A withheld count that stands alone among the answers of its group is the base less the others.
So further counts are withheld until, in every group, what is withheld is safe when taken
together, and until no reader can deduce any withheld count to within ``Policy.protection``
(:mod:`survey.disclosure.audit`). Complementary suppression: Hundepool et al. (2012), section 4.4;
the choice of the smallest fitting count, one at a time, is the usual greedy one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from survey.disclosure.audit import (
    Component,
    component_of,
    components,
    spreads,
    worked_out,
)
from survey.disclosure.cells import BASES, STAYING
from survey.disclosure.policy import Policy
from survey.disclosure.system import Relation, System

__all__ = ["protected_by", "with_rows"]

#: How many cells are tried of each sort.
_TRIALS = 6


def protected_by(
    system: System, first: Collection[int], policy: Policy, harmless: Collection[int] = ()
) -> set[int]:
    """Return the cells to withhold so that those in ``first`` are protected, them included.

    Parameters
    ----------
    system
        Cells and the relations between them.
    first
        Cells that are withheld by the primary rules.
    policy
        How much protection is enough.
    harmless
        Cells that are withheld for another reason; they may become known.
    """
    choice = _Choice(system, policy, set(harmless).difference(first))
    withheld = with_rows(system, {*first, *harmless})
    while more := choice.more(withheld):
        withheld = with_rows(system, withheld | more)
    return withheld


def with_rows(system: System, cells: Collection[int]) -> set[int]:
    """Add what goes with ``cells``: counts with their base, other numbers with their row."""
    in_row: dict[tuple[int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for cell, places in enumerate(system.places):
        for place in places:
            in_row[place.table, place.row][place.column].append(cell)
    found, queue = set(cells), list(cells)
    while queue:
        for place in system.places[queue.pop()]:
            row = in_row[place.table, place.row]
            gone = [] if place.column in STAYING - BASES else list(row["value"])
            if place.column in BASES:
                gone += row[place.column.replace("base", "count")]
            for other in set(gone) - found:
                found.add(other)
                queue.append(other)
    return found


class _Choice:
    """Chooses what else to withhold; remembers which components were found safe."""

    def __init__(self, system: System, policy: Policy, harmless: set[int]) -> None:
        self.system = system
        self.policy = policy
        self.derived = {cell for cell, places in enumerate(system.places) if not places}
        self.sensitive = (
            system.left_out
            | {
                cell
                for cell, places in enumerate(system.places)
                if any(place.column not in BASES for place in places)
            }
            - system.read
            - harmless
        )
        self.nobody = {
            relation.cells[0]
            for relation in system.relations
            if relation.kind == "part" and all(system.values[cell] == 0 for cell in relation.cells)
        }
        self.bases = {
            cell
            for cell, places in enumerate(system.places)
            if any(place.column in BASES for place in places)
        }
        self.relations_of: Mapping[int, list[Relation]] = defaultdict(list)
        for relation in system.relations:
            for cell in relation.cells:
                self.relations_of[cell].append(relation)
        self.safe: set[tuple[int, ...]] = set()

    def more(self, withheld: set[int]) -> set[int]:
        """Return cells to withhold next; nothing when everything is protected."""
        return (
            self.completing_groups(withheld, self.derived)
            or self.completing_groups(withheld, self.unknown(withheld) - withheld)
            or self.closing_gaps(withheld)
        )

    def unknown(self, withheld: set[int]) -> set[int]:
        """Return what a reader is not told: what is withheld, and sums of it."""
        return withheld | (
            self.derived - worked_out(self.system, withheld | self.derived, self.derived)
        )

    def completing_groups(self, withheld: set[int], unknown_sums: set[int]) -> set[int]:
        """Return one cell for every sum of which too little is withheld.

        Sums with a cell in ``unknown_sums`` tell nothing.
        """
        found: set[int] = set()
        for relation in self.system.relations:
            if relation.kind != "sum" or any(cell in unknown_sums for cell in relation.cells):
                continue
            hidden = [cell for cell in relation.cells if cell in withheld]
            if self.sensitive.isdisjoint(hidden) or relation.whole in withheld:
                continue
            if not found.intersection(relation.cells) and not self.enough(hidden):
                found.update(self.cheapest(relation.cells, withheld))
        return found

    def enough(self, hidden: list[int]) -> bool:
        """Whether these cells, taken together, may be known even to one who is in them.

        Their sum can be worked out; whoever makes up the smallest of them can take it off.
        """
        numbers = [self.system.values[cell] for cell in hidden]
        return len(hidden) > 1 and sum(numbers) - min(numbers) >= self.policy.cell_threshold

    def closing_gaps(self, withheld: set[int]) -> set[int]:
        """Return one cell for every component in which something can be deduced."""
        found: set[int] = set()
        unknown = self.unknown(withheld)
        for component in components(self.system, unknown):
            targets = self.targets(component, withheld)
            if not targets or component.cells in self.safe:
                continue
            exposed = self.exposed(component, targets)
            if exposed is None or not (cover := self.cover(exposed, component, unknown, withheld)):
                self.safe.add(component.cells)
            else:
                found |= cover
        return found

    def targets(self, component: Component, withheld: set[int]) -> list[int]:
        """Return the withheld counts of a component that must not be deduced.

        Zeros are shown where the policy says so; a withheld one only covers for others.
        """
        return [
            cell
            for cell in component.cells
            if cell in withheld
            and cell in self.sensitive
            and cell not in self.nobody
            and not (self.policy.zeros and self.system.values[cell] == 0)
        ]

    def exposed(self, component: Component, targets: list[int]) -> int | None:
        """Return a withheld cell that can be deduced too well, if there is one."""
        needed = self.policy.protection
        found = spreads(self.system, component, targets, needed, self.least(component))
        return next((cell for cell, width in found if width < needed), None)

    def cover(
        self, cell: int, component: Component, unknown: set[int], withheld: set[int]
    ) -> set[int]:
        """Return the cell to withhold in order to hide ``cell``.

        The cheapest one that hides it enough, else the one that hides it most. Totals that tell
        it, or that tell counts that add up with it, are tried first, since nothing else would
        help; then counts that add up with it,
        counts that hang together with it, medians and scores that tell of it, and last the
        bases of whole groups.
        """
        best: tuple[float, set[int]] = (-1.0, set())
        for near in self.neighbourhoods(cell, component, unknown - withheld):
            for candidates in self.trials(near, withheld):
                added = set().union(*(self.completed(each, withheld) for each in candidates))
                width = self.width_with(cell, added, unknown, withheld)
                if width >= self.policy.protection:
                    return added
                best = max(best, (width, candidates), key=lambda pair: pair[0])
        return best[1]

    def trials(self, near: set[int], withheld: set[int]) -> list[set[int]]:
        """Return what to try to withhold: the cheapest cells one by one, totals also together.

        Each bound of a total can tell the same count, so that one alone hides nothing.
        """
        each = [{cell} for cell in self.cheapest(near, withheld, _TRIALS)]
        together = set().union(*each) if near <= self.system.telling else set()
        return [*each, together] if len(together) > 1 else each

    def neighbourhoods(
        self, cell: int, component: Component, open_sums: set[int]
    ) -> tuple[set[int], ...]:
        """Return the cells around ``cell``, nearest first; other numbers and bases come last."""
        own = [each for each in self.relations_of[cell] if each.kind != "reading"]
        closed = _cells(
            each for each in own if each.kind == "sum" and open_sums.isdisjoint(each.cells)
        )
        beside = _cells(own)
        beyond = _cells(each for whole in beside & open_sums for each in self.relations_of[whole])
        around = _cells(component.relations)
        numbers, bases = self.system.read & around, self.bases & (around | beyond)
        counts = [near - numbers - bases for near in (closed, beside | beyond, around)]
        mates = _cells(each for mate in closed for each in self.relations_of[mate])
        telling = [
            self.system.telling & cells for cells in (_cells(self.relations_of[cell]), mates)
        ]
        return (*telling, *counts, numbers, bases)

    def completed(self, candidate: int, withheld: set[int]) -> set[int]:
        """Return ``candidate`` with what keeps it from being a lone gap in its sums."""
        added = with_rows(self.system, {candidate})
        for _ in range(_TRIALS):
            short = next(
                (
                    relation
                    for cell in sorted(added)
                    for relation in self.relations_of[cell]
                    if relation.kind == "sum"
                    and self.derived.isdisjoint(relation.cells)
                    and relation.whole not in withheld | added
                    and not self.enough([c for c in relation.cells if c in withheld | added])
                ),
                None,
            )
            more = self.cheapest(short.cells, withheld | added) if short else []
            if not more:
                break
            added |= with_rows(self.system, more)
        return added

    def width_with(
        self, cell: int, added: set[int], unknown: set[int], withheld: set[int]
    ) -> float:
        """Return how far ``cell`` can be deduced when ``added`` is withheld, too."""
        beside = {
            each
            for new in added
            for relation in self.relations_of[new]
            for each in relation.cells
            if each in self.derived
        }
        around = component_of(cell, self.relations_of, unknown | added | beside)
        targets = [cell, *(t for t in self.targets(around, withheld | added) if t != cell)]
        found = spreads(self.system, around, targets, self.policy.protection, self.least(around))
        return next(width for _, width in found)

    def least(self, component: Component) -> int:
        """Return the least number that a reader takes a withheld count to be.

        Zeros are shown, so it is at least 1, unless zeros are withheld as well, some of them
        in order to protect others: then a reader cannot tell.
        """
        covering = (
            self.system.values[cell] == 0 and cell in self.sensitive and cell not in self.nobody
            for cell in component.cells
        )
        return int(self.policy.zeros and not any(covering))

    def cheapest(self, cells: Collection[int], withheld: set[int], most: int = 1) -> list[int]:
        """Return the shown cells that cost least to withhold: small counts before bases."""
        shown = [
            cell
            for cell in cells
            if self.system.places[cell] and cell not in withheld and cell not in self.nobody
        ]
        return sorted(shown, key=lambda cell: self.cost(cell, withheld))[:most]

    def cost(self, cell: int, withheld: set[int]) -> tuple[int, int, bool, int, float, int]:
        """Return what withholding ``cell`` costs, most important first.

        Finely divided tables go before coarse ones; counts before other numbers and bases;
        zeros last, since most readers know what nobody chose.
        """
        places = self.system.places[cell]
        depth = min(self.system.depths[place.table] for place in places)
        kind = 2 * (cell in self.bases) + (cell in self.system.read)
        alone = sum(
            relation.kind == "sum" and not any(other in withheld for other in relation.cells)
            for relation in self.relations_of[cell]
        )
        value = self.system.values[cell]
        return -depth, kind, value == 0, alone, value, cell


def _cells(relations: Iterable[Relation]) -> set[int]:
    return {cell for relation in relations for cell in relation.cells}
