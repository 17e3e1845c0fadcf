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
from survey.responses import ONE_PER_CLOUD, WITH_COPIES, Responses

__all__ = ["Organizations"]

Flags = npt.NDArray[np.bool_]
_Way = tuple[bool, bool]


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
        way = _counted_as(table)
        sample = self.sample(table.spec.unit, way)
        found = np.full(len(counts), np.nan)
        for row in rows_of(table, period):
            inside = np.ones(len(sample), dtype=bool)
            for concept, answer in (*row.group.items(), (table.spec.concept, row.answer)):
                inside = inside & self._chose(table, concept, answer, way)
            if inside.sum() == counts[row.place]:
                found[row.place] = len(np.unique(sample.cluster[inside]))
        return found

    def _chose(self, table: Estimates, concept: str, answer: str, way: _Way) -> Flags:
        """Return which units gave an answer; all of them for an edition without a name."""
        sample = self.sample(table.spec.unit, way)
        if concept == "edition":
            if answer not in sample.editions:
                return np.full(len(sample), not answer)
            return np.asarray(sample.edition == sample.editions.index(answer))
        given = self.gave(concept, table.spec.unit, way)
        return np.asarray(given.get(answer, np.zeros(len(sample), dtype=bool)))

    def _sample(self, unit: Unit, way: _Way) -> Sample:
        copies, once = way
        counted = self.answers.with_copies() if copies else self.answers.without_copies()
        return draw(counted.one_per_cloud() if once else counted.every_description(), unit)

    def _gave(self, concept: str, unit: Unit, way: _Way) -> Mapping[str, Any]:
        """Return answer -> which units gave it; nothing of what these answers do not hold."""
        frames = (self.answers.respondents, self.answers.deployments)
        if concept in self.answers.concepts and not any(concept in frame for frame in frames):
            return {}
        indicator = read_indicator(self.sample(unit, way), concept)
        return dict(zip(indicator.answers, indicator.chosen.T, strict=True))


def _counted_as(table: Estimates) -> _Way:
    """Return whether exact copies counted in a table, and whether each cloud had one voice."""
    steps = table.provenance.steps
    copies = bool(dict(table.spec.options).get("copies")) or WITH_COPIES in steps
    return copies, ONE_PER_CLOUD in steps
