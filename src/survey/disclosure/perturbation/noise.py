"""The perturbation table: which noise a count gets, for each true count and each cell key.

A cell's key is a hash of the sum of the keys of its records, so that the same records get the
same noise wherever they are counted, and others get noise that has nothing to do with it.

The chances are those of maximum entropy under what we ask of them: a published count is at most
5 away from the true one, on average right, with a variance of 2.5, and never 1 or 2; 0 stays 0.
Beyond a count of 7 the conditions no longer depend on it. A survey that was first published with a
variance of 3 keeps it: its ledger says so.

References
----------
Fraser, B. and Wooton, J. (2005). A proposed method for confidentialising tabular output to
protect against differencing. UNECE/Eurostat work session on statistical data confidentiality.

Giessing, S. and Tent, R. (2019). Concepts for generalising tools implementing the cell key method
to the case of continuous variables. UNECE/Eurostat work session on statistical data
confidentiality.

Thompson, G., Broadfoot, S. and Elazar, D. (2013). Methodology for the automatic
confidentialisation of statistical outputs from remote servers at the Australian Bureau of
Statistics. UNECE/Eurostat work session on statistical data confidentiality.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = [
    "LARGEST",
    "VARIANCE",
    "VARIANCES",
    "PerturbationTable",
    "cell_keys",
    "chance_table",
    "chances",
    "perturb",
    "perturbation_table",
]

LARGEST, VARIANCE = 5, 2.5
"""How far a published count is from the true one at most, and the variance of the difference."""

VARIANCES = (VARIANCE, 3.0)
"""Of new surveys, and of those whose ledger is older."""

NEVER = (1, 2)
"""Counts that are never published."""

_KEYS = 1 << 16
_PER_STEP = 10
"""An organization with more clouds than this in a cell makes its noise larger."""

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


def chances(true: int, variance: float = VARIANCE) -> dict[int, float]:
    """Return published count -> its chance, for a true count.

    The chance of a shift ``d`` is proportional to ``exp(a * d + b * d**2)``: no other chances
    with the same mean and variance have a larger entropy.

    Examples
    --------
    >>> chances(0)
    {0: 1.0}
    >>> {published: round(chance, 2) for published, chance in chances(2).items()}
    {0: 0.37, 3: 0.52, 4: 0.1, 5: 0.01, 6: 0.0, 7: 0.0}
    """
    if true == 0:
        return {0: 1.0}
    shifts = np.array([d for d in range(-LARGEST, LARGEST + 1) if _may_stand(true + d)], float)

    def moments(multipliers: Floats) -> Floats:
        weights = _weights(multipliers, shifts)
        return np.array([weights @ shifts, weights @ shifts**2 - variance])

    from scipy.optimize import root  # takes a third of a second to import

    solved = root(moments, np.array([0.0, -0.1]), tol=1e-13)
    weights = _weights(solved.x, shifts)
    return {true + int(d): float(weight) for d, weight in zip(shifts, weights, strict=True)}


def _may_stand(count: int) -> bool:
    return count >= 0 and count not in NEVER


def _weights(multipliers: Floats, shifts: Floats) -> Floats:
    powers = multipliers[0] * shifts + multipliers[1] * shifts**2
    weights = np.exp(powers - powers.max())
    return np.asarray(weights / weights.sum())


@dataclass(frozen=True, eq=False)
class PerturbationTable:
    """What is added to a count, by the count and the cell key.

    Attributes
    ----------
    shifts
        One row per true count from 0, one column per cell key.
    period
        A count beyond the last row takes one of the last ``period`` rows in turn.
    """

    shifts: npt.NDArray[np.int8]
    period: int = 1

    @property
    def keys(self) -> int:
        """How many cell keys there are."""
        return int(self.shifts.shape[1])

    def look_up(self, counts: Ints, keys: npt.NDArray[np.integer]) -> Ints:
        """Return what is added to each count.

        Examples
        --------
        >>> table = perturbation_table()
        >>> table.look_up(np.array([0, 40, 40]), np.array([0, 0, table.keys - 1])).tolist()
        [0, -5, 5]
        """
        last = len(self.shifts) - 1
        beyond = last - self.period + 1 + (counts - last - 1) % self.period
        rows = np.where(counts <= last, counts, beyond)
        return np.asarray(self.shifts[rows, keys], dtype=np.int64)


@cache
def perturbation_table(variance: float = VARIANCE) -> PerturbationTable:
    """Return the table of the published method."""
    last = LARGEST + max(NEVER) + 1
    return PerturbationTable(np.stack([_row(true, variance) for true in range(last + 1)]))


@cache
def chance_table(variance: float = VARIANCE) -> Floats:
    """Return the chance of each shift, true counts x shifts from -5 to 5.

    Examples
    --------
    >>> chance_table().round(2)[2].tolist()
    [0.0, 0.0, 0.0, 0.37, 0.0, 0.0, 0.52, 0.1, 0.01, 0.0, 0.0]
    """
    last = LARGEST + max(NEVER) + 1
    found = np.zeros((last + 1, 2 * LARGEST + 1))
    for true in range(last + 1):
        for published, chance in chances(true, variance).items():
            found[true, published - true + LARGEST] = chance
    found.flags.writeable = False
    return found


def _row(true: int, variance: float) -> npt.NDArray[np.int8]:
    """Give each published count as many of the cell keys as its chance says, and one at least.

    A count that never came out would make bounds narrower than the chances say.
    """
    known = chances(true, variance)
    ends = np.rint(np.cumsum(list(known.values())) * _KEYS).astype(np.int64)
    shifts = np.array([published - true for published in known], dtype=np.int8)
    times = np.maximum(np.diff(ends, prepend=0), 1)
    times[times.argmax()] -= times.sum() - _KEYS
    return np.repeat(shifts, times)


def cell_keys(sums: Keys, keys: int = _KEYS) -> Ints:
    """Return the cell key for each sum of record keys.

    All 64 bits of the sum decide (the finalizer of SplitMix64): of two sums that differ by a
    known amount nobody can tell how their cell keys differ.

    Examples
    --------
    >>> cell_keys(np.array([1, 2], dtype=np.uint64)).tolist()
    [23745, 22222]
    """
    mixed = np.asarray(sums, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray(mixed % np.uint64(keys)).astype(np.int64)


def perturb(
    counts: Ints, sums: Keys, largest: Ints | None = None, *, variance: float = VARIANCE
) -> Ints:
    """Return the counts to publish.

    Parameters
    ----------
    counts
        True counts, of any shape.
    sums
        Sums of the keys of the records behind each count, modulo 2**64.
    largest
        How many units of one organization a cell has at most: where it is more than 10, the
        noise is larger in proportion, since a whole organization must hide behind it.
    variance
        Of the noise; one of ``VARIANCES``.

    Returns
    -------
    numpy.ndarray
        Counts of which none is 1, 2 or negative, and none of nothing is anything but 0.

    Examples
    --------
    >>> perturb(np.array([0, 1, 200]), np.array([0, 99, 1234], dtype=np.uint64)).tolist()
    [0, 0, 198]
    """
    counts = np.asarray(counts, dtype=np.int64)
    shifts = perturbation_table(variance).look_up(counts, cell_keys(sums))
    if largest is not None:
        shifts = shifts * np.maximum(1, -(-np.asarray(largest, dtype=np.int64) // _PER_STEP))
    published = counts + shifts
    published = np.where(published < min(NEVER) + 1, 0, published)
    raised = np.where((published > 0) & (published <= max(NEVER)), max(NEVER) + 1, published)
    return np.asarray(raised, dtype=np.int64)
