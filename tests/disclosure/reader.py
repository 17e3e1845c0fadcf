"""A reader who deduces what was withheld, without a look at how it was protected.

Every cloud is of one kind: edition, stage (or none told), type (or none told), set of tools. How
many clouds are of which kind is unknown; every number in a publication is a sum over kinds.
Linear programming then gives the smallest and the largest value of every withheld count that
any set of clouds could have: the best that anybody can do with the published counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from survey.estimates.table import Estimates

Floats = npt.NDArray[np.float64]


class Reader:
    """Knows the published tables, and the lists of possible answers."""

    def __init__(
        self,
        tables: Iterable[Estimates],
        labels: dict[str, tuple[str, ...]],
        nets: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.tables = tuple(tables)
        self.nets = nets or {}
        tools = labels["hypervisors"]
        sets = [frozenset(c) for n in range(len(tools) + 1) for c in combinations(tools, n)]
        self.concepts = ("edition", "deployment_stage", "deployment_type", "hypervisors")
        self.kinds = list(
            product(
                labels["edition"],
                (*labels["deployment_stage"], None),
                (*labels["deployment_type"], None),
                sets,
            )
        )
        self._known: dict[tuple[str, str | None], Floats] = {}
        self.rows, self.totals = self._published()

    def _published(self) -> tuple[Floats, Floats]:
        rows: list[Floats] = []
        totals: list[float] = []
        for table, row in self._rows():
            for column, sums in (
                ("count", self._sums(table, row)),
                ("base", self._sums(table, row, base=True)),
            ):
                if not pd.isna(row[column]):
                    rows.append(sums)
                    totals.append(float(row[column]))
        if not rows:
            return np.zeros((1, len(self.kinds))), np.zeros(1)
        both = np.unique(np.column_stack([np.array(rows), totals]), axis=0)
        return both[:, :-1], both[:, -1]

    def _rows(self) -> Iterator[tuple[Estimates, pd.Series]]:
        for table in self.tables:
            for _, row in table.frame.iterrows():
                yield table, row

    def _sums(self, table: Estimates, row: pd.Series, *, base: bool = False) -> Floats:
        """Return which kinds of clouds a count, or a base, is the sum of."""
        inside = np.ones(len(self.kinds))
        for group in table.groups:
            inside *= self._gave(group, row[group])
        answer = None if base else row["answer"]
        return inside * self._gave(table.spec.concept, answer)

    def _gave(self, concept: str, answer: str | None) -> Floats:
        """Return which kinds of clouds gave an answer, or any answer."""
        if (concept, answer) not in self._known:
            given = [kind[self.concepts.index(concept)] for kind in self.kinds]
            joined = self.nets.get(str(answer), (answer,))
            self._known[concept, answer] = np.array(
                [
                    bool(each)
                    if answer is None
                    else answer in each
                    if isinstance(each, frozenset)
                    else each in joined
                    for each in given
                ],
                dtype=float,
            )
        return self._known[concept, answer]

    def deductions(self) -> Iterator[tuple[str, int, float, float]]:
        """Yield table, row, and the smallest and largest possible count of what is withheld."""
        for table in self.tables:
            for place, (_, row) in enumerate(table.frame.iterrows()):
                if pd.isna(row["count"]):
                    aim = self._sums(table, row)
                    yield table.name, place, self._extreme(aim), -self._extreme(-aim)

    def possible(self, **answers: str) -> tuple[float, float]:
        """Return the smallest and the largest possible number of clouds that gave all answers."""
        aim = np.ones(len(self.kinds))
        for concept, answer in answers.items():
            aim *= self._gave(concept, answer)
        return self._extreme(aim), -self._extreme(-aim)

    def _extreme(self, aim: Floats) -> float:
        found = linprog(aim, A_eq=self.rows, b_eq=self.totals, bounds=(0, 1000), method="highs")
        assert found.status == 0, found.message
        return float(found.fun)
