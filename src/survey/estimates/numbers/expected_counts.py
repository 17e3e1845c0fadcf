"""How many answers stand behind the published counts of bands.

A total rests on the few answers of the highest bands. There the noise of a published count is as
large as the count, and one answer more or less moves a total by millions. What published counts of
all editions and bands say together of a true count is closer to it than the published one: how many
of those with large numbers are in a band is much alike in every edition.

Nothing but published counts and the published chances of the noise is used, so that totals tell no
more than the counts do.

References
----------
Robbins, H. (1956). An empirical Bayes approach to statistics. Proceedings of the third Berkeley
    symposium on mathematical statistics and probability 1, 157-163.
Maritz, J. S. and Lwin, T. (1989). Empirical Bayes Methods, 2nd edition. Chapman and Hall. Chapter 3
    (counts that are Poisson around means that are gamma).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey.estimates.statistic import Noise
from survey.estimates.tabulation import Tabulation

__all__ = ["drawn_counts", "expected_counts", "mean_weight"]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_SHAPE: Final = 4.0
"""Of the gamma distribution: the counts that are due differ between editions by half their mean."""
_BELOW: Final = 2
"""A band is compared with the bands from so many below it."""
_PARTS: Final = np.geomspace(1e-3, 1.0, 25)
"""The part of those with large numbers that a band can have."""
_POWER: Final = 0.25
"""How much likelier large parts are at first: halfway from evenly on a logarithm to Jeffreys."""
_LEAST: Final = 1e-9


class TrueCounts(NamedTuple):
    """True counts that can be behind published ones.

    Attributes
    ----------
    true
        The counts, groups x bands x shifts.
    chances
        Their chances for each part that the band can have: parts x groups x bands x shifts.
    parts
        The chances of the parts: parts x groups x bands, alike for groups that are pooled.
    likeliest
        Which part makes the published counts likeliest, groups x bands.
    pool
        Per group: with which others it is pooled.
    """

    true: Counts
    chances: Floats
    parts: Floats
    likeliest: Counts
    pool: Counts


def expected_counts(table: Tabulation, noise: Noise) -> Tabulation:
    """Return the counts that are expected behind published ones, as weighted counts.

    A band has the part of those with large numbers that makes the published counts likeliest;
    :func:`drawn_counts` has the doubt about it as well.

    Parameters
    ----------
    table
        Published counts of bands.
    noise
        Knows the chances of the noise; without them counts are as they are.
    """
    if noise.chances is None:
        return table
    behind = _behind(table, noise.chances)
    group, band = np.indices(table.count.shape)
    expected = (behind.true * behind.chances[behind.likeliest, group, band]).sum(axis=2)
    return replace(table, weighted_count=expected * mean_weight(table))


def drawn_counts(
    table: Tabulation, noise: Noise, random: np.random.Generator, draws: int
) -> Floats:
    """Return true counts as they can be behind published ones, draws x groups x bands.

    They are not weighted. Of noise whose chances are not known they are normal; a band that nobody
    chose in any group was not offered, or nearly so, and has none.
    """
    shape = (draws, *table.count.shape)
    if noise.chances is None:
        spread = np.sqrt(noise.variance * (table.count.sum(axis=0) > 0))
        return np.asarray(np.maximum(table.count + spread * random.standard_normal(shape), 0.0))
    behind = _behind(table, noise.chances)
    place = random.random(shape)[:, behind.pool]  # the same for all groups of a pool
    part = (place[..., None] > np.moveaxis(behind.parts.cumsum(axis=0)[:-1], 0, -1)).sum(axis=-1)
    group, band = np.indices(table.count.shape)
    chances = behind.chances[part, group, band].cumsum(axis=-1)[..., :-1]
    chosen = (random.random((*shape, 1)) > chances).sum(axis=-1)
    return np.asarray(behind.true[group, band, chosen], dtype=np.float64)


def _behind(table: Tabulation, noise: Floats) -> TrueCounts:
    """Return the true counts that can be behind each published one, and their chances.

    The chance of a true count follows from that of the shift, and from what is due: the band's part
    of those in it, in the bands above and in two below. The part is that of all groups of a pool;
    how likely it is follows from their published counts.
    """
    published = table.count
    shifts = np.arange(noise.shape[1]) - noise.shape[1] // 2
    true = published[..., None] - shifts
    shift = noise[np.clip(true, 0, len(noise) - 1), np.arange(len(shifts))] * (true >= 0)
    assert table.bands is not None
    if not table.bands.disjoint:  # nobody can be in a band that an edition did not offer
        shift = np.where((published > 0)[..., None] | (true == 0), shift, 0.0)
    chances = shift * _chance(true, np.multiply.outer(_PARTS, _around(published))[..., None])
    whole = chances.sum(axis=3)
    as_published = np.broadcast_to(true == published[..., None], chances.shape)
    known = np.broadcast_to(whole[..., None] > 0, chances.shape)
    chances = np.where(known, chances / np.where(whole > 0, whole, 1.0)[..., None], as_published)
    pool = _pools(table)
    logarithm = np.log(np.maximum(whole, 1e-300))
    together = np.einsum("gh,phb->pgb", pool[:, None] == pool, logarithm)
    likely = together + _POWER * np.log(_PARTS)[:, None, None]
    parts = np.exp(likely - likely.max(axis=0))
    return TrueCounts(true, chances, parts / parts.sum(axis=0), together.argmax(axis=0), pool)


def _pools(table: Tabulation) -> Counts:
    """Return per group the number of its pool: groups that differ by edition alone.

    Where groups tell no editions apart all are in one, and each by itself where editions have other
    bands.
    """
    assert table.bands is not None
    if not table.bands.disjoint:
        return np.arange(len(table.groups))
    if "edition" not in table.names:
        return np.zeros(len(table.groups), dtype=np.int64)
    place = table.names.index("edition")
    others = [group[:place] + group[place + 1 :] for group in table.groups]
    numbers = {labels: number for number, labels in enumerate(dict.fromkeys(others))}
    return np.array([numbers[labels] for labels in others])


def _around(published: Counts) -> Floats:
    """Return how many are in a band, in the bands above it and in two below."""
    upwards = published[:, ::-1].cumsum(axis=1)[:, ::-1]
    around = upwards[:, np.maximum(np.arange(published.shape[1]) - _BELOW, 0)]
    return np.asarray(np.maximum(around, _LEAST), dtype=np.float64)


def _chance(true: Counts, due: Floats) -> Floats:
    """Return the chance of a count that is Poisson around a gamma mean."""
    from scipy.special import gammaln  # takes long to import

    count = np.maximum(true, 0)
    logarithm = gammaln(count + _SHAPE) - gammaln(count + 1.0) - gammaln(_SHAPE)
    logarithm = logarithm + count * np.log(due / (_SHAPE + due))
    return np.asarray(np.exp(logarithm + _SHAPE * np.log(_SHAPE / (_SHAPE + due))))


def mean_weight(table: Tabulation) -> Floats:
    """Return the mean weight of each group's units."""
    whole = table.base[:, :1].astype(np.float64)
    return np.divide(table.weighted_base[:, :1], whole, out=np.ones_like(whole), where=whole > 0)
