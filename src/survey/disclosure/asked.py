"""What a table asks of whom: everybody, or a selection beside everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.disclosure.column_names import asks_its_own, column_names
from survey.disclosure.ledger import Register
from survey.disclosure.ledger_column import ENOUGH
from survey.disclosure.policy import Policy
from survey.disclosure.published_answers import is_given
from survey.disclosure.selections import selection_name, with_everybody
from survey.estimates.design import Design
from survey.estimates.statistic import Arguments, Statistic
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation
from survey.responses import Responses

__all__ = ["Asked"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """A table, and which of its groups print the numbers of all.

    Attributes
    ----------
    table, statistic, arguments, policy, register
        The table, what it asks, the rules, and the columns of the publication.
    beside
        Whether the publication asks the question of others, too.
    of_all
        Groups of a selection that print the numbers of all.
    apart
        Whether a selection has other groups than these.
    top
        The most frequent answers, by published counts, where the table shows them.
    """

    table: Estimates
    statistic: Statistic
    arguments: Arguments
    policy: Policy
    register: Register
    beside: bool = False
    of_all: frozenset[tuple[str, ...]] = frozenset()
    apart: bool = True
    top: tuple[str, ...] = ()

    @property
    def breakdown(self) -> bool:
        """Whether the table has groups other than editions, or is about a selection."""
        selects = self.apart and self.whole is not None
        return bool(set(self.arguments.by) - {"edition"}) or selects

    @cached_property
    def everybody(self) -> Design | None:
        """The design of all, where a selection is printed beside others and asks what all do."""
        assert self.table.design is not None
        design = self.table.design
        if not self.beside or self.whole is None:
            return None
        if asks_its_own(self.whole, design.answers, self.arguments.concept):
            return None
        return replace(design, answers=self.whole, weights=None)

    def counts_of_all(self) -> tuple[Tabulation, ...]:
        """Return true counts of everybody, by the same groups and answers."""
        assert self.everybody is not None
        asked = Arguments(self.arguments.concept, self.arguments.by, self.arguments.options)
        return self.statistic.tabulate(self.everybody.but(unit=self.table.spec.unit), asked)

    def among(self, chosen: Tabulation, every: Tabulation) -> tuple[Self, Tabulation]:
        """Return counts of a selection with those of all where few are left out, and their job."""
        published = [self.register.has_published(name) for name in self.column_names(every)]
        apart = [g for g, known in zip(every.groups, published, strict=True) if known]
        cells, of_all = with_everybody(chosen, every, apart)
        return replace(self, of_all=of_all, apart=len(of_all) < len(cells.groups)), cells

    def column_names(self, cells: Tabulation) -> list[str]:
        """Return the name of each group's column; that of a selection says what was selected."""
        names = column_names(self.table, self.arguments, cells)
        assert self.table.design is not None
        if not self.beside or self.table.design.answers.whole is None:
            return names
        of_whom = selection_name(self.table.design.answers)
        return [
            name if group in self.of_all else f"{name}|{of_whom}"
            for name, group in zip(names, cells.groups, strict=True)
        ]

    @cached_property
    def whole(self) -> Responses | None:
        """The answers that the table selects from; nothing if it has nearly all of its editions.

        Who leaves out fewer records than a column needs to be drawn anew corrects, and selects not,
        unless others are asked the same in this publication.
        """
        assert self.table.design is not None
        own = self.table.design.answers
        if own.whole is None:
            return None
        whole = own.whole.in_edition(*own.editions)
        if self.beside and (own.copies_count, own.clouds_once) != (
            whole.copies_count,
            whole.clouds_once,
        ):
            whole = replace(whole, copies_count=own.copies_count, clouds_once=own.clouds_once)
        left_out = [
            len(every) - len(some)
            for every, some in (
                (whole.respondents, own.respondents),
                (whole.deployments, own.deployments),
            )
        ]
        return whole if self.beside or max(left_out) >= ENOUGH else None

    def given(self, answers: Sequence[str]) -> Flags:
        """Return which answers stand because somebody gave them."""
        countries = self.lists_what_was_given
        return np.array([is_given(a, of_countries=countries) for a in answers], dtype=bool)

    @property
    def lists_what_was_given(self) -> bool:
        """Whether the answers are not those of a list but those that somebody gave."""
        return self.of_countries(self.arguments.concept)

    def of_countries(self, concept: str) -> bool:
        """Return whether the answers of a question are countries."""
        assert self.table.design is not None
        answers = self.table.design.answers
        return concept in answers.concepts and answers.question(concept).kind.names_countries
