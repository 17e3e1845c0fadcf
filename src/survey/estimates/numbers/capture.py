"""How many there are that no list holds: capture and recapture with two lists, and a lower bound.

Two lists of the same population overlap the more, the more complete they are. Chapman's
estimator needs a population that does not change between the lists, members that are
recognized on both, lists that are independent of each other, and on at least one list the same
chance for every member. Where being on one list makes being on the other likelier, as with
large organizations, the estimate is too low.

Sources
-------
Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications to
    zoological sample censuses. University of California Publications in Statistics 1, 131-160.
Seber, G. A. F. (1970). The effects of trap response on tag recapture estimates. Biometrics 26,
    13-22 (variance).
Sadinle, M. (2009). Transformed logit confidence intervals for small populations in single
    capture-recapture estimation. Communications in Statistics 38, 1909-1924.
Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
    catchability. Biometrics 43, 783-791 (lower bound and its interval).
"""

from __future__ import annotations

import numpy as np

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem

__all__ = ["PopulationSize", "chao_lower_bound", "chapman"]


@dataclass(frozen=True)
class PopulationSize:
    """An estimated number of members, those on a list included.

    Attributes
    ----------
    value, se
        The estimate and its standard error.
    low, high
        Confidence limits; never below the number of members that some list holds.
    observed
        Members that some list holds.
    """

    value: float
    se: float
    low: float
    high: float
    observed: int


def chapman(first: int, second: int, both: int, level: float = 0.95) -> PopulationSize:
    """Return Chapman's estimate from the sizes of two lists and of their overlap.

    Parameters
    ----------
    first, second
        Members on each list.
    both
        Members on both.
    level
        Confidence level.

    Returns
    -------
    PopulationSize
        With Seber's standard error and Sadinle's transformed logit interval.

    Raises
    ------
    EstimateError
        If the overlap is larger than a list, or a number is negative.

    Examples
    --------
    Ten turtles are marked; of fifteen that are caught later, five bear the mark.

    >>> found = chapman(10, 15, 5)
    >>> round(found.value, 1), round(found.low), round(found.high)
    (28.3, 22, 65)
    """
    if not 0 <= both <= min(first, second):
        problem = Problem(
            "lists", f"{both} on both of {first} and {second}", "an overlap within both lists"
        )
        raise EstimateError("Cannot estimate from two lists", [problem])
    value = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both)
    se = np.sqrt(spread / ((both + 1) ** 2 * (both + 2)))
    only_first, only_second, shared = (each + 0.5 for each in (first - both, second - both, both))
    odds = only_first * only_second / shared
    log_se = np.sqrt(1 / shared + 1 / only_first + 1 / only_second + 1 / odds)
    factor = np.exp(_normal(level) * log_se)
    floor = first + second - both - 0.5
    observed = first + second - both
    return PopulationSize(
        float(value),
        float(se),
        float(min(max(floor + odds / factor, observed), value)),
        float(floor + odds * factor),
        observed,
    )


def chao_lower_bound(observed: int, once: int, twice: int, level: float = 0.95) -> PopulationSize:
    """Return Chao's lower bound of a number of members from how often each was seen.

    Parameters
    ----------
    observed
        Members seen at all, in any list or edition.
    once, twice
        Members seen exactly once, and exactly twice.
    level
        Confidence level.

    Returns
    -------
    PopulationSize
        The bias-corrected bound; it holds for any differences between members in how easily
        they are seen. Its limits take the logarithm of the number not seen as normal.

    Raises
    ------
    EstimateError
        If more members were seen once or twice than were seen.

    Examples
    --------
    >>> round(chao_lower_bound(76, 43, 16).value, 1)
    129.1
    """
    if min(once, twice) < 0 or once + twice > observed:
        problem = Problem(
            "counts", f"{once} once and {twice} twice of {observed}", "parts of those observed"
        )
        raise EstimateError("Cannot bound the number of members", [problem])
    unseen = once * (once - 1) / (2 * (twice + 1))
    variance = (
        unseen
        + once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    if unseen == 0:
        return PopulationSize(float(observed), 0.0, float(observed), float(observed), observed)
    factor = np.exp(_normal(level) * np.sqrt(np.log1p(variance / unseen**2)))
    return PopulationSize(
        float(observed + unseen),
        float(np.sqrt(variance)),
        float(observed + unseen / factor),
        float(observed + unseen * factor),
        observed,
    )


def _normal(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))
