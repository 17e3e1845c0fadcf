"""Change of a total or a mean between two editions: one model, one interval, one test.

One model of what lies inside the bands serves all editions of the answers, so that the numbers
of both editions are those of :func:`survey.estimates.total` by edition. The interval and the test
exchange the editions of organizations (:mod:`survey.estimates.numbers.exchange`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.change.number_change import Moved
from survey.estimates.design import Design
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.numbers.exchange import TotalChange, exchange_editions
from survey.estimates.numbers.filling import Filling, fill
from survey.estimates.numbers.known import Figures, apply_known
from survey.estimates.numbers.resample_pool import Pool, pooled
from survey.estimates.numbers.total_of_counts import chosen_family
from survey.estimates.tabulation.banded_answers import Cells, check_additive

__all__ = ["EditionSums", "Model", "change_of_sums", "edition_sums", "moved_by_exchange"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """How the numbers behind bands are modelled, and which figures replace bands."""

    family: str
    open_band: str | float | None = None
    figures: Figures = field(default_factory=Figures)

    def filling(self, cells: Cells, pool: Pool) -> Filling:
        """Return what lies inside the bands, from all answers together."""
        name = chosen_family(self.family, cells, pool.counts)
        return fill(name, cells, pool.counts, self.open_band, pool.mean_weight)


@dataclass(frozen=True)
class EditionSums:
    """All editions of a banded question, the two that are compared last.

    Attributes
    ----------
    banded, pool
        The answers, by edition first, and all of them together.
    filling
        What lies inside the bands.
    """

    banded: Banded
    pool: Pool
    filling: Filling

    def expected(self) -> dict[tuple[float, float, float], float]:
        """Return the edges of a band -> the expected number in it."""
        cells = self.banded.only.cells
        edges = zip(cells.low, cells.high, cells.reach, strict=True)
        return dict(zip(edges, self.filling.means[0].tolist(), strict=True))

    def by_cluster(self) -> tuple[Floats, Floats]:
        """Return clusters x groups: expected sums, and answers."""
        sums = self.pool.sums
        shape = (self.banded.sample.clusters, self.banded.grouping.groups.count)
        total, many = np.zeros(shape), np.zeros(shape)
        total[sums.cluster, sums.group] = sums.chosen @ self.filling.means[0]
        many[sums.cluster, sums.group] = sums.chosen.sum(axis=1)
        return total, many


class _Bounds(NamedTuple):
    lower: Floats
    upper: Floats


def edition_sums(
    design: Design,
    concept: str,
    editions: Sequence[str],
    by: str | Sequence[str] | None,
    model: Model,
) -> EditionSums:
    """Read a banded question of all editions, with those that are compared last."""
    others = [name for name in design.answers.editions if name not in editions]
    groups = ("edition", *((by,) if isinstance(by, str) else by or ()))
    banded = ask_bands(design, (concept,), groups, editions=(*others, *editions))
    check_additive(banded.only)
    known = apply_known(banded.sample, banded.only, model.figures)
    banded = banded.with_bands(known.bands)
    pool = pooled(banded)
    return EditionSums(banded, pool, model.filling(banded.only.cells, pool))


def change_of_sums(sums: EditionSums, *, mean: bool) -> Moved:
    """Return the change of the total of every group, or of its mean per answer."""
    total, many = sums.by_cluster()
    (earlier, later), sizes = _pair(sums, total), _pair(sums, many)
    level = sums.banded.asked.level
    found = exchange_editions(earlier, later, level, sizes=sizes if mean else None)
    return moved_by_exchange(found, _bounds(sums, mean=mean))


def moved_by_exchange(found: TotalChange, bounds: tuple[_Bounds, _Bounds]) -> Moved:
    """Return the change with the hard bounds of both editions."""
    (first, second) = bounds
    return Moved(
        found.earlier,
        found.later,
        found.low,
        found.high,
        found.factor,
        found.factor_low,
        found.factor_high,
        second.lower - first.upper,
        second.upper - first.lower,
        found.p_value,
    )


def _pair(sums: EditionSums, values: Floats) -> tuple[Floats, Floats]:
    """Return the columns of the two editions that are compared."""
    *_, earlier, later = np.split(values, len(sums.banded.sample.editions), axis=1)
    return earlier, later


def _bounds(sums: EditionSums, *, mean: bool) -> tuple[_Bounds, _Bounds]:
    """Return hard bounds of both editions; infinite where an answer lies in an open band."""
    cells = sums.banded.only.cells
    counts = sums.pool.sums.per_group(sums.pool.sums.chosen)
    size = counts.sum(axis=1) if mean else np.ones(len(counts))
    size = np.where(size > 0, size, np.nan)
    endless = counts[:, cells.open].sum(axis=1) > 0
    closed = counts @ np.where(cells.open, 0.0, cells.high)
    lower, upper = counts @ cells.low / size, np.where(endless, np.inf, closed / size)
    many = len(sums.banded.sample.editions)
    *_, first, second = (
        _Bounds(*each) for each in zip(np.split(lower, many), np.split(upper, many), strict=True)
    )
    return first, second
