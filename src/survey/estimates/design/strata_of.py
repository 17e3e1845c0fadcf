"""Which stratum each organization of a sample is from, read from columns beside the answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import EstimateError, Problem
from survey.estimates.design.design_columns import column_of, numbers_of
from survey.estimates.design.sample import Sample
from survey.estimates.design.strata import Strata

__all__ = ["strata_of_clusters"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_EVERYBODY = "all"


def strata_of_clusters(
    strata: str | None, fpc: str | float | None, sample: Sample, whole: Sample
) -> Strata:
    """Return the strata of the clusters of a sample.

    Parameters
    ----------
    strata, fpc
        Name of the column of strata (``None``: one stratum); name of the column of the number of
        clusters in the population of each, or that number.
    sample, whole
        The sample, and that of all answers that it was selected from.

    Raises
    ------
    EstimateError
        If a cluster is in two strata, a stratum has one cluster, or a population is smaller
        than its sample.
    """
    values = _values(whole, strata)
    codes, found = pd.factorize(values, sort=True)
    place, names = codes.astype(np.intp), np.asarray(found, dtype=object)
    counted = np.bincount(_per_cluster(place, whole.cluster, names), minlength=len(names))
    sizes: Floats = counted.astype(np.float64)
    problems = [
        Problem("strata", f"a single cluster in {name!r}", "two", "join it with another stratum")
        for name in names[sizes == 1]
    ]
    sampled = np.zeros(len(names))
    if fpc is not None:
        population = _populations(whole, fpc, place, len(names))
        problems += [
            Problem(
                "fpc",
                f"{population[each]:g} clusters in the population of {names[each]!r}",
                f"at least the {sizes[each]:g} in the sample",
            )
            for each in np.flatnonzero(population < sizes)
        ]
        sampled = sizes / population
    if problems:
        raise EstimateError("Cannot stratify", problems)
    own = pd.Index(names).get_indexer(pd.Index(_values(sample, strata), dtype=object))
    return Strata(_per_cluster(own.astype(np.intp), sample.cluster, names), sizes, sampled)


def _values(sample: Sample, strata: str | None) -> npt.NDArray[Any]:
    """Return the stratum of each row that counts."""
    if strata is None:
        return np.full(len(sample), _EVERYBODY, dtype=object)
    column = column_of(sample.answers, strata, sample.unit, "strata")
    values = sample.pick(column.astype(object).to_numpy())
    missing = int(pd.isna(values).sum())
    if missing:
        problem = Problem("strata", f"{missing} rows without an entry in {strata!r}", "one each")
        raise EstimateError("Cannot stratify", [problem])
    return values


def _per_cluster(place: Ints, cluster: Ints, names: npt.NDArray[Any]) -> Ints:
    """Return the stratum of each cluster."""
    found = np.zeros(int(cluster.max(initial=-1)) + 1, dtype=np.intp)
    found[cluster] = place
    torn = np.unique(cluster[found[cluster] != place])
    if len(torn):
        got = f"{len(torn)} clusters that are in several of {', '.join(map(str, names[:5]))}"
        hint = "a stratum is what organizations were chosen from: the same for all their rows"
        raise EstimateError("Cannot stratify", [Problem("strata", got, "each in one", hint)])
    return found


def _populations(sample: Sample, fpc: str | float, place: Ints, strata: int) -> Floats:
    """Return the number of clusters in the population of each stratum."""
    if not isinstance(fpc, str):
        return np.full(strata, float(fpc))
    numbers = numbers_of(sample.answers, fpc, sample.unit, "fpc", sample.rows)
    found = np.full(strata, np.nan)
    found[place] = numbers
    differ = int((found[place] != numbers).sum())
    if differ:
        problem = Problem("fpc", f"different numbers in one stratum ({differ} rows)", "one each")
        raise EstimateError("Cannot stratify", [problem])
    return found
