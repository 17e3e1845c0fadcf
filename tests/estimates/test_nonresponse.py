"""Worst cases: against every way in which those who did not answer could have answered."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError
from survey.estimates import nonresponse_bounds
from tests.estimates import builders as make


@given(st.lists(st.sampled_from([*make.STAGES, None]), min_size=1, max_size=7).filter(any))
def test_bounds_are_the_extremes_of_all_completions(stages):
    rows = [{"stage": stage, "organization": f"o{n}"} for n, stage in enumerate(stages)]
    table = nonresponse_bounds(make.build(rows), "stage").frame.set_index("answer")
    blanks = [place for place, stage in enumerate(stages) if stage is None]
    found = {stage: [] for stage in make.STAGES}
    for filled in product(make.STAGES, repeat=len(blanks)):
        whole = list(stages)
        for place, stage in zip(blanks, filled, strict=True):
            whole[place] = stage
        for stage in make.STAGES:
            found[stage].append(whole.count(stage) / len(whole))
    for stage in make.STAGES:
        row = table.loc[stage]
        assert row["lower_bound"] == pytest.approx(min(found[stage]))
        assert row["upper_bound"] == pytest.approx(max(found[stage]))
        assert row["not_answered"] == len(blanks)
        assert row["lower_bound"] - 1e-12 <= row["value"] <= row["upper_bound"] + 1e-12


def test_groups_keep_their_own_bounds():
    table = nonresponse_bounds(make.invented(1), "stage", by="edition").frame
    np.testing.assert_allclose(table["asked"] - table["base"], table["not_answered"])
    assert (table["upper_bound"] >= table["lower_bound"]).all()


@pytest.mark.parametrize("options", [{"base": "asked"}, {"unit": "organization"}])
def test_what_has_no_bounds_is_refused(options):
    with pytest.raises(EstimateError, match="Cannot bound"):
        nonresponse_bounds(make.invented(1), "stage", **options)
