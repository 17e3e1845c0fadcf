"""A p-value of exactly the false discovery rate is a clear one; a little above it, it is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from survey.estimates import Estimates, crosstab, rank_associations
from survey.estimates.shares.banner import NO_CLEAR
from tests.estimates.shapes import clustered

VERBS: dict[str, tuple[Callable[[float], Estimates], str]] = {
    "associations": (
        lambda fdr: rank_associations(clustered(), "tools", against=["projects", "stage"], fdr=fdr),
        "could be noise",
    ),
    "cross tables": (
        lambda fdr: crosstab(clustered(), "tools", "stage", stats=["verdict"], fdr=fdr),
        NO_CLEAR,
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_p_value_of_exactly_the_rate_is_clear(name: str) -> None:
    verb, noise = VERBS[name]
    p = verb(0.05).frame["p_adjusted"].to_numpy()
    least = float(np.nanmin(p))
    assert 0 < least < 1
    for rate, clear in ((least, True), (float(np.nextafter(least, 0)), False)):
        found = verb(rate).frame
        some = found["p_adjusted"] == least
        assert ((found.loc[some, "verdict"] != noise) == clear).all()
        assert (found.loc[found["p_adjusted"] > least, "verdict"] == noise).all()
