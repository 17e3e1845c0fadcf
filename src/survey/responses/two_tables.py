"""The two tables of typed answers, and what the codebook says of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from survey.checked import takes_texts
from survey.codebook import Codebook, Question, Unit
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.provenance import Provenance
from survey.responses.presence import Presence

__all__ = ["TwoTables"]


class TwoTables:
    """Respondents and deployments with their codebook; see :class:`Responses`."""

    respondents: pd.DataFrame
    deployments: pd.DataFrame
    codebook: Codebook
    issues: pd.DataFrame
    repairs: pd.DataFrame
    provenance: Provenance
    flags: pd.DataFrame
    counts: Mapping[str, Mapping[str, int]]
    identified: bool
    presence: Presence

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Editions that were read, oldest first; a selection keeps them even when empty."""
        present = set(self.provenance.codebook) or set(self.respondents["edition"].astype(str))
        return tuple(edition.name for edition in self.codebook if edition.name in present)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """Concepts that any of the present editions asks, in form order."""
        asked = (self.codebook.edition(name).by_concept for name in reversed(self.editions))
        return tuple(dict.fromkeys(concept for concepts in asked for concept in concepts))

    @cached_property
    def _newest(self) -> Mapping[str, Question]:
        """Questions as the newest present edition asks them."""
        asked = (self.codebook.edition(name).by_concept for name in self.editions)
        return {concept: question for each in asked for concept, question in each.items()}

    @takes_texts(ResponsesError)
    def question(self, concept: str, edition: str | None = None) -> Question:
        """Return the question behind ``concept``, as the newest present edition asks it.

        Raises
        ------
        ResponsesError
            If none of the present editions asks it.
        """
        asked = self.codebook.edition(edition).by_concept if edition else self._newest
        found = asked.get(concept)
        if found is not None:
            return found
        where = f"answers of {', '.join(self.editions) or 'no edition'}"
        hint = did_you_mean(concept, self.concepts) or "see answers.concepts"
        problem = Problem(where, repr(concept), "a concept that was asked", hint)
        raise ResponsesError(f"Unknown concept {concept!r}", [problem])

    @takes_texts(ResponsesError)
    def frame(self, unit: Unit) -> pd.DataFrame:
        """Return the table with one row per ``unit`` (respondents or deployments)."""
        return self.deployments if unit is Unit.DEPLOYMENT else self.respondents
