"""Organizations behind a count: seven clouds of one organization are that organization's secret.

A table says on how many organizations a base rests, not on how many each count does. With the
answers at hand, every count is made again, and its organizations are counted; where the count
comes out different (another selection of answers), nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.disclosure.cells import Counted, number, rows_of
from survey.estimates.indicator import read_indicator
from survey.estimates.sample import Sample, draw
from survey.estimates.table import Estimates
from survey.responses import Responses

__all__ = ["Organizations"]

Flags = npt.NDArray[np.bool_]


class Organizations:
    """Counts the organizations behind the rows of tables made from some answers.

    Parameters
    ----------
    answers
        The answers behind the tables.
    edition
        The edition that tables are about which do not group by edition.
    """

    def __init__(self, answers: Responses, edition: str) -> None:
        self.answers = answers
        self.edition = edition
        self.sample = cache(self._sample)
        self.gave = cache(self._gave)

    def behind(self, table: Estimates, pair: Counted) -> npt.NDArray[np.float64]:
        """Return how many organizations are behind each count, missing where it is not known."""
        counts = number(table.frame[pair.count])
        if table.spec.unit is Unit.ORGANIZATION:
            return np.full(len(counts), np.nan)
        in_edition = self._behind(table, counts, pair.edition or self.edition)
        if not np.isnan(in_edition).all():
            return in_edition
        return self._behind(table, counts, "")

    def _behind(
        self, table: Estimates, counts: npt.NDArray[np.float64], period: str
    ) -> npt.NDArray[np.float64]:
        copies = bool(dict(table.spec.options).get("copies"))
        sample = self.sample(table.spec.unit, copies)
        found = np.full(len(counts), np.nan)
        for row in rows_of(table, period):
            inside = np.ones(len(sample), dtype=bool)
            for concept, answer in (*row.group.items(), (table.spec.concept, row.answer)):
                inside = inside & self._chose(table, concept, answer, copies)
            if inside.sum() == counts[row.place]:
                found[row.place] = len(np.unique(sample.cluster[inside]))
        return found

    def _chose(self, table: Estimates, concept: str, answer: str, copies: bool) -> Flags:
        """Return which units gave an answer; all of them for an edition without a name."""
        sample = self.sample(table.spec.unit, copies)
        if concept == "edition":
            if answer not in sample.editions:
                return np.full(len(sample), not answer)
            return np.asarray(sample.edition == sample.editions.index(answer))
        given = self.gave(concept, table.spec.unit, copies)
        return np.asarray(given.get(answer, np.zeros(len(sample), dtype=bool)))

    def _sample(self, unit: Unit, copies: bool) -> Sample:
        return draw(self.answers, unit, copies=copies)

    def _gave(self, concept: str, unit: Unit, copies: bool) -> Mapping[str, Any]:
        """Return answer -> which units gave it; nothing of what these answers do not hold."""
        frames = (self.answers.respondents, self.answers.deployments)
        if concept in self.answers.concepts and not any(concept in frame for frame in frames):
            return {}
        indicator = read_indicator(self.sample(unit, copies), concept)
        return dict(zip(indicator.answers, indicator.chosen.T, strict=True))
