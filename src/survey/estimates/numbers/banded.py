"""A banded question asked of groups: what quantiles, totals and ratios start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked
from survey.estimates.design.sample import Sample
from survey.estimates.file_notes import absent_notes, band_notes
from survey.estimates.notes import RANDOM_DRAW, bounds_hold, sample_notes
from survey.estimates.table import Status
from survey.estimates.tabulation.banded_answers import BandedAnswers, read_bands
from survey.estimates.tabulation.grouping import Grouping, group_by
from survey.estimates.tabulation.offers import questions_of, read_questions
from survey.estimates.tabulation.sums import Groups, Sums, cells, summed
from survey.responses import Responses

__all__ = ["Banded", "ask_bands", "first_column", "used_cells"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Banded:
    """The answers to one or several banded questions, in groups.

    Attributes
    ----------
    asked
        Arguments that passed.
    sample, grouping
        The rows that count, and their groups.
    bands
        The answers to each question.
    weight
        Weight of each row; ``None`` for 1.
    design
        Whose answers they are, and who counts.
    """

    design: Design
    asked: Asked
    sample: Sample
    grouping: Grouping
    bands: tuple[BandedAnswers, ...]
    weight: Floats | None = None

    @property
    def only(self) -> BandedAnswers:
        """The answers to the (first) question."""
        return self.bands[0]

    @cached_property
    def answered(self) -> Flags:
        """Per row: whether every question was answered with a band."""
        return np.asarray(np.all([each.answered for each in self.bands], axis=0))

    @cached_property
    def was_asked(self) -> Flags:
        """Per row: whether the edition asked every question."""
        return np.asarray(np.all([each.asked for each in self.bands], axis=0))

    def with_bands(self, *bands: BandedAnswers) -> Banded:
        """Return a copy with other answers of the same rows."""
        return replace(self, bands=bands)

    def grouped(self, grouping: Grouping) -> Banded:
        """Return a copy with other groups of the same rows."""
        return replace(self, grouping=grouping)

    def bounds_hold(self, who: str = "those who answered") -> str:
        """Return for whom the edges of bands are bounds, as the end of a sentence."""
        return bounds_hold(self.design.weights, self.asked.unit, who)

    def sums(
        self, chosen: npt.NDArray[Any], domain: Flags | None = None, groups: Groups | None = None
    ) -> Sums:
        """Return sums by group and cluster; for organizations, each has one voice.

        The voice of an organization is shared out over its clouds.
        """
        inside = self.answered if domain is None else domain
        sample, among = self.sample, groups or self.grouping.groups
        added = summed(
            chosen,
            inside,
            among,
            sample.cluster,
            sample.clusters,
            weight=self.weight,
            strata=sample.strata,
        )
        if self.asked.unit is not Unit.ORGANIZATION:
            return added
        size = np.where(added.domain > 0, added.domain, 1.0)
        return replace(
            added,
            chosen=added.chosen / size,
            domain=added.domain / size,
            chosen_units=added.chosen,
            domain_units=(added.domain > 0).astype(float),
            weighted=True,
        )

    def one_hot(self, which: int = 0) -> npt.NDArray[np.float64]:
        """Return rows x cells: 1 where the answer is the cell."""
        bands = self.bands[which]
        return np.asarray(bands.code[:, None] == np.arange(len(bands.cells)), dtype=np.float64)

    def sizes(self) -> dict[str, npt.NDArray[np.intp]]:
        """Return per group how many units answered and were asked, and in how many clusters."""
        ones = np.ones((len(self.sample), 1))
        answered, asked = self.sums(ones), self.sums(ones, self.was_asked)
        found = {
            "answered": answered.per_group(answered.domain_units),
            "asked": asked.per_group(asked.domain_units),
            "clusters": answered.per_group((answered.domain_units > 0).astype(np.float64)),
        }
        return {name: first_column(values).astype(np.intp) for name, values in found.items()}

    def freedom(self) -> npt.NDArray[np.float64]:
        """Return per group the degrees of freedom of variances between clusters."""
        return np.asarray(first_column(cells(self.sums(np.ones((len(self.sample), 1)))).freedom))

    def statuses(self, count: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
        """Return ``ok``, ``empty`` or why there is nothing per group, from how many answered."""
        grouping = self.grouping
        possible = (grouping.existing & self._asked_by(read_questions)).any(axis=0)
        wanted = grouping.existing | grouping.absent
        ought = (wanted & self._asked_by(questions_of)).any(axis=0)
        status = np.where(count > 0, Status.OK.value, Status.EMPTY.value).astype(object)
        status[~possible] = Status.NOT_OFFERED.value
        status[~possible & ought] = Status.NOT_AVAILABLE.value
        return status

    def _asked_by(self, found: Callable[[Sample, str], Sequence[object]]) -> Flags:
        """Return, per edition as a column, whether every question is among those found."""
        asked = [
            [
                each is not None and place not in bands.not_offered
                for place, each in enumerate(found(self.sample, bands.concept))
            ]
            for bands in self.bands
        ]
        return np.asarray(np.all(asked, axis=0))[:, None]

    def members(self, group: int) -> npt.NDArray[np.intp]:
        """Return the rows of a group."""
        groups = self.grouping.groups
        inside = np.flatnonzero(groups.code == group)
        return inside if groups.rows is None else groups.rows[inside]

    def labels(self) -> list[tuple[str, ...]]:
        """Return the labels of each group."""
        if not self.grouping.names:
            return [()] * self.grouping.groups.count
        return [tuple(map(str, group)) for group in zip(*self.columns().values(), strict=True)]

    def columns(self, rows: int = 1) -> dict[str, npt.NDArray[np.object_]]:
        """Return the grouping columns, each group repeated for its ``rows``."""
        return {
            name: np.repeat(self.grouping.column(place), rows)
            for place, name in enumerate(self.grouping.names)
        }

    def notes(self) -> Iterator[str]:
        """Yield what must be said about the rows and the questions."""
        yield RANDOM_DRAW
        if self.asked.unit is Unit.ORGANIZATION:
            yield (
                f"Each organization has one voice, shared out over its {self.asked.rows.value}s."
            )
        yield from sample_notes(self.sample, self.asked, self.design.cluster)
        for each in self.bands:
            yield from absent_notes(self.sample, each.concept)
            yield from band_notes(self.sample, each.concept)
            found = questions_of(self.sample, each.concept)
            yield from dict.fromkeys(one.note for one in found if one is not None and one.note)


def ask_bands(
    answers: Responses | Design,
    concepts: Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    editions: Sequence[str] | None = None,
    stratified: bool = False,
    **options: Unpack[DesignOptions],
) -> Banded:
    """Read banded questions of the rows that count; of all ``editions`` or of some, in order.

    ``stratified`` says that the statistic knows strata.

    Raises
    ------
    EstimateError
        If an argument is not what it should be, or the answers are not bands of a number.
    ResponsesError
        If none of the editions asks a question.
    """
    design = design_of(answers, **options)
    asked = design.asked(concepts, by, answered=True)
    sample = design.sample(asked, editions, stratified=stratified)
    bands = tuple(read_bands(sample, concept) for concept in concepts)
    weight = design.weight(sample, asked)
    return Banded(design, asked, sample, group_by(sample, by), bands, weight)


def first_column(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the first column of a table whose columns are all the same."""
    return np.asarray(values[:, 0])


def used_cells(bands: BandedAnswers) -> BandedAnswers:
    """Return a copy that forgets the bands nobody chose, if bands overlap."""
    if bands.cells.disjoint:
        return bands
    present = np.unique(bands.code[bands.code >= 0])
    if not len(present):  # nobody answered: any band keeps the table's shape
        present = np.zeros(1, dtype=np.intp)
    place = np.full(len(bands.cells) + 1, -1, dtype=np.intp)
    place[present] = np.arange(len(present))
    return replace(bands, cells=bands.cells.pick(present), code=place[bands.code])
