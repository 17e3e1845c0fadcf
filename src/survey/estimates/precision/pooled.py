"""One design effect for all answers to a question: a generalized variance function.

The variance of a rare answer rests on few organizations and goes with the estimate: samples
that overestimate the share tend to underestimate its relative variance. How much clusters
inflate variances is much the same for the answers to one question, and is known better from
all of them together.

Sources
-------
Wolter, K. M. (2007). Introduction to Variance Estimation, chapter 7 (generalized variance
    functions). Springer.
Rao, J. N. K. and Scott, A. J. (1984). On chi-squared tests for multiway contingency tables
    with cell proportions estimated from survey data. Annals of Statistics 12, 46-60. (The
    mean design effect of a table.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from survey.estimates.tabulation.sums import Cells

__all__ = ["pooled_effect", "pooled_effects"]

Floats = npt.NDArray[np.float64]

_NO_SPREAD = 1e-12
_FEWEST = 3
"""Two answers that exclude each other have one variance between them: no pool."""


def pooled_effect(cells: Cells, answers: Sequence[int] | None = None) -> Floats:
    """Return the design effect of a question in each group, groups x 1; at least 1.

    The variances of the answers over those that as many independent units would have, both
    added up. ``nan`` where fewer than three answers vary.

    Parameters
    ----------
    cells
        Groups x answers.
    answers
        Positions of the answers to pool; ``None`` for all.

    Examples
    --------
    >>> from survey.estimates.tabulation.sums import Groups, cells, summed
    >>> chosen = np.repeat(np.eye(3), 4, axis=0)[[0, 0, 1, 1, 4, 4, 5, 5, 8, 8, 9, 9]]
    >>> everyone, organization = np.ones(12, dtype=bool), np.repeat(np.arange(6), 2)
    >>> found = cells(summed(chosen, everyone, Groups.everyone(12), organization, 6))
    >>> pooled_effect(found).round(2).tolist()
    [[2.4]]
    """
    size = cells.share.shape[1]
    question = np.zeros(size, dtype=np.intp)
    if answers is not None:
        question[:] = -1
        question[list(answers)] = 0
    return pooled_effects(cells, question, 1)


def pooled_effects(cells: Cells, question: npt.NDArray[np.intp], questions: int) -> Floats:
    """Return the design effects of several questions side by side, groups x questions.

    ``question`` is the number of the question of each answer; -1 where an answer is not pooled.
    """
    share, variance = cells.share, cells.variance
    spread = share * (1 - share)
    varies = variance > _NO_SPREAD * spread
    pool = (question[:, None] == np.arange(questions)).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        simple = np.where(varies, spread / cells.base, 0.0) @ pool
        effect = (np.where(varies, variance, 0.0) @ pool) / simple
    enough = varies @ pool >= _FEWEST
    return np.where(enough, np.maximum(effect, 1.0), np.nan)
