"""What a sensitivity card asks for of some groups is what the table of all groups says of them."""

from __future__ import annotations

import numpy as np
import pytest

from survey.estimates import total
from survey.estimates.numbers.total import TOTAL
from tests.estimates.record_bands import CORES, STAGE, STAGES, now

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
