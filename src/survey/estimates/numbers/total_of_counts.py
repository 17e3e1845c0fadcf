"""Totals from how many answers lie in each band: the value, and its public limits."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from survey.estimates.numbers.expected_counts import (
    drawn_counts,
    expected_counts,
    mean_weight,
)
from survey.estimates.numbers.filling import AVERAGE, fill
from survey.estimates.numbers.models import FAMILIES
from survey.estimates.precision.bootstrap import generator
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Noise
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.banded_answers import Cells

__all__ = [
    "chosen_family",
    "drawn_totals",
    "limits_of_totals",
    "models_of",
    "point_of_totals",
]

Floats = npt.NDArray[np.float64]
_DRAWS: Final = 200


def chosen_family(name: str, cells: Cells, counts: Floats) -> str:
    """Return the family that is asked for; for ``"best"``, the one with the lowest AIC."""
    if name != "best":
        return name
    aic = {
        each: float(fitted.aic[0])
        for each in FAMILIES
        if (fitted := fill(each, cells, counts).fitted) is not None
    }
    return min(aic, key=lambda each: aic[each])


def point_of_totals(table: Tabulation, arguments: Arguments) -> Point:
    """Return the modelled total of each group, from how many answers lie in each band."""
    assert table.bands is not None
    bands, (added, replaced) = table.bands, _published(table)
    counts = np.maximum(table.weighted_count - replaced, 0.0)
    means = _means(table, arguments)
    known = table.known[:, :1]
    lower, closed = counts @ bands.low, counts @ np.where(bands.open, 0.0, bands.high)
    endless = counts[:, bands.open].sum(axis=1) > 0
    value = (counts * means).sum(axis=1) + added
    lower, closed = lower + added, closed + added
    whole = counts if table.whole is None else table.whole.weighted_count
    models = counts @ models_of(bands, whole.sum(axis=0)[None, :], _mean_weight(table)).T
    models = models + added[:, None]
    least, most = np.fmin(models.min(axis=1), value), np.fmax(models.max(axis=1), value)
    return Point(
        table.names,
        table.groups,
        ("total",),
        {
            "count": table.base[:, :1],
            "base": table.base[:, :1],
            "status": table.presence[:, :1],
            "value": np.where(known, value[:, None], np.nan),
            "lower_bound": np.where(known, lower[:, None], np.nan),
            "upper_bound": np.where(known & ~endless[:, None], closed[:, None], np.nan),
            "models_low": np.where(known, least[:, None], np.nan),
            "models_high": np.where(known, most[:, None], np.nan),
        },
    )


def _published(table: Tabulation) -> tuple[Floats, Floats]:
    """Return published numbers per group, and groups x bands: the answers they stand for."""
    added, replaced = np.zeros(len(table.groups)), np.zeros(table.count.shape)
    for place, group in enumerate(table.groups):
        if group in table.figures:
            added[place], replaced[place] = table.figures[group]
    return added, replaced


def _means(table: Tabulation, arguments: Arguments) -> Floats:
    """Return the expected number in each band, groups x bands, from the fit of its stratum."""
    means: Floats = _means_of(table, table.weighted_count[None], arguments)[0]
    return means


def _means_of(table: Tabulation, counts: Floats, arguments: Arguments) -> Floats:
    """Return the expected number in each band for counts in place of the table's weighted ones.

    ``counts`` is draws x groups x bands, and so are the means: all draws are fitted at once.
    """
    assert table.bands is not None
    whole = counts if table.whole is None else table.whole.weighted_count[None]
    means = _filled(table.bands, whole.sum(axis=1), arguments, _mean_weight(table))
    return np.asarray(np.broadcast_to(means[:, None], counts.shape))


def _filled(bands: Cells, counts: Floats, arguments: Arguments, mean_weight: float) -> Floats:
    """Return the expected number in each band, draws x bands."""
    name, top = arguments["family"], arguments["open_band"]
    if name in (*FAMILIES, AVERAGE):
        return fill(name, bands, counts, top, mean_weight).means
    # which family is best, and which bands are empty, differs from draw to draw
    each = (counts[row : row + 1] for row in range(len(counts)))
    return np.concatenate(
        [fill(chosen_family(name, bands, own), bands, own, top).means for own in each]
    )


def _mean_weight(table: Tabulation) -> float:
    """Return the mean weight of those whom the model is fitted to."""
    whole = table if table.whole is None else table.whole
    units = float(whole.count.sum())
    return float(whole.weighted_count.sum()) / units if whole.weighted and units else 1.0


def limits_of_totals(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return public limits of the totals of those who answered.

    They hold what the bands hide and what the noise of the counts hides: numbers are drawn inside
    their bands, by a model fitted to counts as another draw of organizations might give them, and
    counts are drawn from the true ones that can be behind the published ones.
    """
    assert table.bands is not None
    name = arguments["family"]
    added, replaced = _published(table)
    hidden = drawn_counts(table, noise, generator(1), _DRAWS) * mean_weight(table)
    drawn = np.maximum(hidden - replaced, 0.0)
    if name in (*FAMILIES, AVERAGE):
        model = _other_draws(table, noise)
        top, weight = arguments["open_band"], _mean_weight(table)
        filling = fill(name, table.bands, model.sum(axis=1), top, weight)
        random = generator(2)
        totals = np.stack(
            [filling.drawn_totals(drawn[:, group], random) for group in range(drawn.shape[1])],
            axis=1,
        )
    else:
        totals = (drawn * _means_of(table, drawn, arguments)).sum(axis=2)
    totals = np.where(table.known[:, 0], totals + added, 0.0)[..., None]
    tail = (1 - noise.level) / 2
    low, high = np.quantile(np.nan_to_num(totals), [tail, 1 - tail], axis=0)
    value = np.asarray(point_of_totals(expected_counts(table, noise), arguments).value, np.float64)
    return Limits(np.minimum(low, value), np.maximum(high, value))


def drawn_totals(table: Tabulation, arguments: Arguments, noise: Noise) -> tuple[Floats, Floats]:
    """Return totals and answers, draws x groups, of other draws of as many organizations."""
    drawn = _other_draws(table, noise)
    added, replaced = _published(table)
    own = np.maximum(drawn - replaced, 0.0)
    totals = (own * _means_of(table, drawn, arguments)).sum(axis=2) + added
    known = table.known[:, 0]
    return np.where(known, totals, 0.0), np.where(known, drawn.sum(axis=2), 0.0)


def _other_draws(table: Tabulation, noise: Noise) -> Floats:
    """Return weighted counts of other draws of as many organizations, draws x groups x bands."""
    counts = drawn_counts(table, noise, generator(3), _DRAWS)
    spread = np.sqrt(noise.design_effect * counts)
    normal = generator(0).standard_normal(counts.shape)
    return np.asarray(np.maximum(counts + spread * normal, 0.0) * mean_weight(table))


def models_of(cells: Cells, counts: Floats, mean_weight: float = 1.0) -> Floats:
    """Return models x cells: expected numbers by every family, and evenly without one.

    The open band holds a power law, but in the Weibull family's part of the average, and in the
    last, which puts it at its lower edge.
    """
    names = (*FAMILIES, AVERAGE, "pareto", "turnbull")
    found = (fill(name, cells, counts, None, mean_weight) for name in names)
    return np.concatenate([each.means for each in found])
