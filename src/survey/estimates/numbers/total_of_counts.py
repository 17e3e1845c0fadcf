"""Totals from how many answers lie in each band: the value, and its public limits."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from survey.estimates.numbers.bands import Cells
from survey.estimates.numbers.filling import AVERAGE, fill
from survey.estimates.numbers.models import FAMILIES
from survey.estimates.precision.bootstrap import generator
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Noise
from survey.estimates.tabulation import Point, Tabulation

__all__ = ["chosen_family", "limits_of_totals", "point_of_totals"]

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
    bands, counts = table.bands, table.weighted_count
    means = _means(table, arguments)
    known = table.known[:, :1]
    lower, closed = counts @ bands.low, counts @ np.where(bands.open, 0.0, bands.high)
    endless = counts[:, bands.open].sum(axis=1) > 0
    return Point(
        table.names,
        table.groups,
        ("total",),
        {
            "count": table.base[:, :1],
            "base": table.base[:, :1],
            "status": table.presence[:, :1],
            "value": np.where(known, (counts * means).sum(axis=1)[:, None], np.nan),
            "lower_bound": np.where(known, lower[:, None], np.nan),
            "upper_bound": np.where(known & ~endless[:, None], closed[:, None], np.nan),
        },
    )


def _means(table: Tabulation, arguments: Arguments) -> Floats:
    """Return the expected number in each band, groups x bands, from the fit of its stratum."""
    means: Floats = _means_of(table, table.weighted_count[None], arguments)[0]
    return means


def _means_of(table: Tabulation, counts: Floats, arguments: Arguments) -> Floats:
    """Return the expected number in each band for counts in place of the table's weighted ones.

    ``counts`` is draws x groups x bands, and so are the means: all draws are fitted at once.
    """
    assert table.bands is not None
    stratum = _strata(table)
    whole = counts if table.whole is None else table.whole.weighted_count[None]
    of_whole = stratum if table.whole is None else np.arange(whole.shape[1])
    means = np.zeros_like(counts)
    for number in np.unique(stratum):
        fitted_to = np.compress(of_whole == number, whole, axis=1).sum(axis=1)
        means[:, stratum == number] = _filled(table.bands, fitted_to, arguments)[:, None]
    return means


def _filled(bands: Cells, counts: Floats, arguments: Arguments) -> Floats:
    """Return the expected number in each band, draws x bands."""
    name, top = arguments["family"], arguments["open_band"]
    if name in (*FAMILIES, AVERAGE):
        return fill(name, bands, counts, top).means
    # which family is best, and which bands are empty, differs from draw to draw
    each = (counts[row : row + 1] for row in range(len(counts)))
    return np.concatenate(
        [fill(chosen_family(name, bands, own), bands, own, top).means for own in each]
    )


def _strata(table: Tabulation) -> npt.NDArray[np.intp]:
    """Return the number of each group's stratum: its edition, or the same for all."""
    if "edition" not in table.names:
        return np.zeros(len(table.groups), dtype=np.intp)
    editions = [group[table.names.index("edition")] for group in table.groups]
    return np.array([sorted(set(editions)).index(name) for name in editions], dtype=np.intp)


def limits_of_totals(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return public limits: percentiles of totals from counts drawn around the perturbed ones.

    The count of each band varies as that of a random sample times the design effect, and by
    its noise; the model is fitted to each draw anew.
    """
    assert table.bands is not None
    counts = np.maximum(table.count, 0).astype(np.float64)
    spread = np.sqrt(noise.design_effect * counts + noise.variance * (counts > 0))
    noisy = counts + spread * generator(0).standard_normal((_DRAWS, *counts.shape))
    scale = np.divide(table.weighted_count, counts, out=np.ones_like(counts), where=counts > 0)
    drawn = np.maximum(noisy, 0.0) * scale
    means = _means_of(table, drawn, arguments)
    totals = np.where(table.known[:, :1], (drawn * means).sum(axis=2)[..., None], 0.0)
    tail = (1 - noise.level) / 2
    low, high = np.quantile(np.nan_to_num(totals), [tail, 1 - tail], axis=0)
    found = point_of_totals(table, arguments).value
    return Limits(np.minimum(low, found), np.maximum(high, found))
