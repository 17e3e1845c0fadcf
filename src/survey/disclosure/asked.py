"""What a table asks of whom: everybody, or a selection."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.disclosure.ledger.published_answers import is_given
from survey.disclosure.ledger.register import Register
from survey.disclosure.policy import Policy
from survey.estimates.statistic import Arguments, Statistic
from survey.estimates.table import Estimates
from survey.responses import Responses

__all__ = ["Asked"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """A table, and what is asked for it.

    Attributes
    ----------
    table, statistic, arguments, policy, register
        The table, what it asks, the rules, and the columns of the publication.
    top
        The most frequent answers, by published counts, where the table shows them.
    """

    table: Estimates
    statistic: Statistic
    arguments: Arguments
    policy: Policy
    register: Register
    top: tuple[str, ...] = ()

    @property
    def breakdown(self) -> bool:
        """Whether the table has groups other than editions, or is about a selection."""
        return bool(set(self.arguments.by) - {"edition"}) or self.whole is not None

    @cached_property
    def whole(self) -> Responses | None:
        """The answers that the table selects from; nothing if it has nearly all of its editions.

        Who leaves out fewer records than a column needs to be drawn anew corrects, and selects not.
        """
        assert self.table.design is not None
        own = self.table.design.answers
        if own.whole is None:
            return None
        whole = own.whole.in_edition(*own.editions)
        left_out = [
            len(every) - len(some)
            for every, some in (
                (whole.respondents, own.respondents),
                (whole.deployments, own.deployments),
            )
        ]
        return whole if max(left_out) >= ENOUGH else None

    def title_of(self, concept: str) -> str:
        """Return the words of a question; its name where it is none."""
        assert self.table.design is not None
        answers = self.table.design.answers
        return (concept in answers.concepts and answers.question(concept).title) or concept

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
