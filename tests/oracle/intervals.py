"""Write the data on which R's regressions on intervals are computed: ``intervals.py FILE``."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

EDGES = np.array([0.0, 1, 5, 10, 20, 50, 100, 300, np.inf])
CASES = {
    # name: units, clusters, share of exact numbers, whether weighted
    "independent": (200, 200, 0.0, False),
    "clustered": (400, 150, 0.0, False),
    "weighted": (400, 150, 0.0, True),
    "mixed": (300, 100, 0.2, True),
    "exact": (250, 90, 1.1, False),
    "small": (24, 9, 0.0, False),
}


def case(name: str, number: int) -> pd.DataFrame:
    """Return the units of one case: interval, two predictors, cluster and weight."""
    units, clusters, exact, weighted = CASES[name]
    random = np.random.default_rng([7, number])
    cluster = np.arange(units) if units == clusters else random.integers(0, clusters, units)
    x = random.normal(size=units) + 0.5 * random.normal(size=clusters)[cluster]
    kind = random.integers(0, 3, units)
    noise = 0.5 * random.normal(size=clusters)[cluster] + random.normal(size=units)
    value = np.exp(3 + 0.6 * x + 0.4 * (kind == 1) + noise)
    band = np.searchsorted(EDGES, value, side="right") - 1
    known = random.random(units) < exact
    return pd.DataFrame(
        {
            "case": name,
            "low": np.where(known, value, EDGES[band]),
            "reach": np.where(known, value, EDGES[band + 1]),
            "x": x,
            "kind": kind,
            "cluster": cluster,
            "weight": random.uniform(0.5, 2, units) if weighted else 1.0,
        }
    )


if __name__ == "__main__":
    frame = pd.concat([case(name, number) for number, name in enumerate(CASES)])
    frame.to_csv(sys.argv[1], index=False, float_format="%.17g", lineterminator="\n")
