"""What a sensitivity card asks for of some groups is what the table of all groups says of them."""

from __future__ import annotations

import numpy as np
import pytest

from survey.errors import EstimateError
from survey.estimates import distribution, mean, median, tabulate_again, total
from survey.estimates.numbers.total import TOTAL
from tests.estimates.record_bands import CORES, STAGE, STAGES, clouds, now, other_bands

NUMBERS = ("value", "low", "high", "models_low", "models_high", "open_top_share", "largest_share")


@pytest.mark.parametrize("wanted", [STAGES[:1], STAGES[1:], ()])
def test_values_of_some_groups_are_those_of_the_whole_table(wanted):
    """Also their random numbers: those of the other groups are passed over."""
    table = total(now(), CORES, STAGE, replicates=100)
    groups = frozenset((name,) for name in wanted)
    some = TOTAL.ask_values(table.design, table.arguments, groups)
    assert some.notes == ()
    for row, own in zip(some.frame.to_dict("records"), table.frame.to_dict("records"), strict=True):
        shown = row[STAGE] in wanted
        for name in NUMBERS:
            assert row[name] == pytest.approx(own[name] if shown else np.nan, nan_ok=True), name
        assert np.isnan([row["draw_low"], row["draw_high"]]).all()
        for name in (STAGE, "count", "lower_bound", "upper_closed", "asked", "clusters"):
            assert row[name] == own[name], name


STRATA = {"strata": "edition", "cluster": None}


def test_a_median_knows_strata_in_public_too():
    table = median(clouds(), CORES, **STRATA)
    (cells,) = tabulate_again(table)
    assert cells.count.sum() == table.frame["base"].sum() > 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda: median(other_bands(), CORES, **STRATA),
        lambda: total(clouds(), CORES, **STRATA),
        lambda: mean(clouds(), CORES, **STRATA),
        lambda: distribution(clouds(), CORES, **STRATA),
    ],
)
def test_what_knows_no_strata_says_so(ask):
    with pytest.raises(EstimateError, match="strata"):
        ask()
