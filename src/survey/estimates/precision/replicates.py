"""Bootstrap of clusters: shares recomputed from resampled organizations.

Source
------
Rao, J. N. K. and Wu, C. F. J. (1988). Resampling inference with complex survey data. Journal of
    the American Statistical Association 83, 231-241. (One cluster fewer is drawn than there
    are, which makes the variance unbiased.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.pooled import pooled_effects
from survey.estimates.precision.precision import Precision, precision_of
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.sums import Cells, Sums

__all__ = ["REPLICATES", "draws", "measured", "measured_each", "resampled_shares"]

Floats = npt.NDArray[np.float64]
Single = npt.NDArray[np.float32]

REPLICATES: Final = 2000
_SEED = 20120416


def measured(
    counted: Counted, level: float, method: str, answers: Sequence[int] | None = None
) -> Precision:
    """Return the uncertainty of every cell; the method ``"bootstrap"`` resamples clusters.

    Shares of 0 and 1, and groups of one cluster, vary in no resample; they keep the interval
    of :func:`precision_of`, as does every cell for which a resample can be empty. The design
    effect of a question is pooled over ``answers``, or over all.
    """
    return measured_each([counted], level, method, None if answers is None else [answers])


def measured_each(
    counted: Sequence[Counted],
    level: float,
    method: str,
    answers: Sequence[Sequence[int]] | None = None,
) -> Precision:
    """Return the uncertainty of several questions in the same groups, side by side.

    ``answers`` are, for each, those that its design effect is pooled over; ``None`` for all.
    """
    cells = Cells.beside([each.cells for each in counted])
    sizes = [each.cells.share.shape[1] for each in counted]
    question = np.repeat(np.arange(len(counted)), sizes)
    pooled = pooled_effects(cells, _pooled_over(question, sizes, answers), len(counted))
    usual = "auto" if method == "bootstrap" else method
    found = precision_of(cells, level, usual, pooled[:, question])
    if method != "bootstrap":
        return found
    shares = [_resampled(each, level) for each in counted]
    low, high = (np.concatenate(side, axis=1) for side in zip(*shares, strict=True))
    known = low < high  # where a resample can be empty, both are missing
    return replace(found, limits=Limits(*np.where(known, (low, high), found.limits)))


def _pooled_over(
    question: npt.NDArray[np.intp], sizes: Sequence[int], answers: Sequence[Sequence[int]] | None
) -> npt.NDArray[np.intp]:
    """Return the question of each answer; -1 where its design effect is not pooled over it."""
    if answers is None:
        return question
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    kept = [start + place for start, own in zip(starts, answers, strict=True) for place in own]
    pooled = np.full(len(question), -1, dtype=np.intp)
    pooled[kept] = question[kept]
    return pooled


def _resampled(counted: Counted, level: float) -> tuple[Floats, Floats]:
    """Return percentiles of the shares of resampled clusters."""
    shape = counted.cells.share.shape
    if not counted.sums.clusters:
        return np.full(shape, np.nan), np.full(shape, np.nan)
    shares = resampled_shares(counted.sums).reshape(REPLICATES, *shape)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def draws(clusters: int, replicates: int = REPLICATES, seed: int = _SEED) -> Single:
    """Return replicates x clusters: how often each cluster is drawn.

    Examples
    --------
    >>> weights = draws(5, 1000)
    >>> weights.shape, weights.sum(axis=1).min(), weights.sum(axis=1).max()
    ((1000, 5), np.float32(4.0), np.float32(4.0))
    """
    drawn = max(clusters - 1, 1)
    random = np.random.default_rng(seed)
    chosen = random.integers(0, clusters, size=(replicates, drawn), dtype=np.int32)
    chosen += np.arange(replicates, dtype=np.int32)[:, None] * np.int32(clusters)
    times = np.bincount(chosen.ravel(), minlength=replicates * clusters)
    return times.reshape(replicates, clusters).astype(np.float32)


def resampled_shares(sums: Sums, replicates: int = REPLICATES, seed: int = _SEED) -> Single:
    """Return replicates x (groups x answers): every share in every resample.

    One matrix product gives the numerators of all shares, a narrower one the bases that
    they have in common. ``nan`` where nobody in the base was drawn.
    """
    weights = draws(sums.clusters, replicates, seed)
    given = weights @ _by_cluster(sums, sums.chosen)
    base = weights @ _by_cluster(sums, sums.domain)
    width = sums.chosen.shape[1] // sums.domain.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        shared = given.reshape(replicates, -1, width) / base[:, :, None]
    return np.asarray(shared.reshape(replicates, -1))


def _by_cluster(sums: Sums, values: Floats) -> Single:
    """Return clusters x (groups x columns); zero where a cluster is not in a group."""
    width = values.shape[1]
    table = np.zeros((sums.clusters, sums.groups, width), dtype=np.float32)
    table[sums.cluster, sums.group] = values
    return table.reshape(sums.clusters, sums.groups * width)
