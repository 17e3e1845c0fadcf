"""False discovery control: how many "clear changes" of a family may be false.

Source
------
Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
    powerful approach to multiple testing. Journal of the Royal Statistical Society B 57,
    289-300.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "CLEAR",
    "NOISE",
    "NOT_COMPARABLE",
    "TESTED_FROM",
    "TOO_FEW",
    "adjusted",
    "family_words",
    "p_words",
    "verdicts",
]

CLEAR: Final = "clear change"
NOISE: Final = "could be noise"
NOT_COMPARABLE: Final = "not comparable"
TOO_FEW: Final = "too few to test"
TESTED_FROM: Final = 10
"""The smallest base that a test is made on: below, no verdict is better than a coin."""

Floats = npt.NDArray[np.float64]


def adjusted(p_values: npt.ArrayLike) -> Floats:
    """Return p-values adjusted by Benjamini and Hochberg; ``nan`` stays and does not count.

    Examples
    --------
    >>> adjusted([0.01, 0.04, float("nan"), 0.03]).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    p = np.asarray(p_values, dtype=np.float64)
    flat = p.ravel()
    tested = np.flatnonzero(~np.isnan(flat))
    result = np.full(flat.shape, np.nan)
    if len(tested):
        falling = tested[np.argsort(-flat[tested])]  # equal ones get one value in any order
        size = len(falling)
        scaled = flat[falling] * size / np.arange(size, 0, -1)
        result[falling] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return result.reshape(p.shape)


def verdicts(
    p_adjusted: Floats, rate: float, few: npt.ArrayLike = False
) -> npt.NDArray[np.object_]:
    """Return a plain word for each adjusted p-value; ``nan`` could not be compared.

    Parameters
    ----------
    p_adjusted, rate
        From :func:`adjusted`, and the false discovery rate.
    few
        Where a base is below :data:`TESTED_FROM`: those without a p-value are too few to test.

    Examples
    --------
    >>> verdicts(np.array([0.01, 0.2, np.nan]), 0.05).tolist()
    ['clear change', 'could be noise', 'not comparable']
    """
    words = np.where(p_adjusted <= rate, CLEAR, NOISE).astype(object)
    untested = np.where(few, TOO_FEW, NOT_COMPARABLE)
    return np.asarray(np.where(np.isnan(p_adjusted), untested, words))


def family_words(tested: int, rate: float) -> str:
    """Return the family over which false discoveries are controlled, as a sentence.

    Examples
    --------
    >>> print(family_words(1, 0.05))
    Verdicts: of all changes called clear, 5 % may be false (Benjamini-Hochberg over 1 comparison).
    """
    family = "1 comparison" if tested == 1 else f"the {tested} comparisons in this table"
    return (
        f"Verdicts: of all changes called clear, {100 * rate:g} % may be false "
        f"(Benjamini-Hochberg over {family})."
    )


def p_words(p_value: float) -> str:
    """Return a p-value for readers.

    Examples
    --------
    >>> p_words(0.0312), p_words(1e-9)
    ('p = 0.031', 'p < 0.001')
    """
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
