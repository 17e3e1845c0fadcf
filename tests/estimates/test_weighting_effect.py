"""What weights change in a headline, and what they cost."""

import numpy as np
import pandas as pd
import pytest

from survey.errors import EstimateError
from survey.estimates import compare, median, nps, rake, share, total, weighting_effect
from survey.estimates.examples import answers
from survey.publish.charts import figure_for

STAGE, CORES = "deployment_stage", "compute_cores"
CORE = ["answer", "count", "base", "value", "low", "high", "status"]


@pytest.fixture(scope="module")
def weights():
    return rake(answers(), {STAGE: {"Production": 5, "Testing": 3, "Proof of concept": 2}})


@pytest.mark.parametrize(
    "ask",
    [
        lambda **how: share(answers(), STAGE, **how),
        lambda **how: share(answers(), CORES, by="edition", **how),
        lambda **how: median(answers(), CORES, by="edition", **how),
        lambda **how: total(answers(), CORES, replicates=100, **how),
        lambda **how: compare(answers(), STAGE, "2018", "2019", **how),
    ],
)
def test_the_rows_are_those_without_weights_and_with_them(ask, weights):
    found = weighting_effect(ask(), weights).frame
    before, after = ask(), ask(weights=weights)
    for name, table in (("unweighted", before), ("weighted", after)):
        part = found[found["weighting"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(part[CORE], table.frame[CORE])
    changed = found.loc[found["weighting"] == "weighted", "difference"].to_numpy()
    wanted = after.frame["value"].to_numpy() - before.frame["value"].to_numpy()
    np.testing.assert_allclose(changed, wanted)
    assert (found.loc[found["weighting"] == "unweighted", "difference"].dropna() == 0).all()


def test_the_design_effect_is_that_of_the_weights_of_the_group(weights):
    found = weighting_effect(share(answers(), STAGE, by="edition"), weights).frame
    frame = answers().deployments
    own = weights.on(answers(), weights.unit)
    for edition in ("2018", "2019"):
        inside = (frame["edition"].astype(str) == edition) & ~frame["copied"].fillna(False)
        w = own[inside.to_numpy(dtype=bool)]
        row = found[(found["edition"] == edition) & (found["weighting"] == "weighted")].iloc[0]
        assert row["design_effect"] == pytest.approx(len(w) * (w**2).sum() / w.sum() ** 2)
    assert (found.loc[found["weighting"] == "unweighted", "design_effect"] == 1).all()


def test_it_says_what_it_assumes_and_cannot_be_published(weights):
    found = weighting_effect(share(answers(), STAGE), weights)
    assert any("cannot decide" in note for note in found.notes)
    assert found.statistic.public is None


def test_its_chart_shows_both_numbers_with_their_intervals(weights):
    for table in (share(answers(), STAGE), median(answers(), CORES)):
        drawn = figure_for(weighting_effect(table, weights))
        assert "weighted" in drawn.to_json()
        assert "unweighted" in drawn.to_json()


def test_what_does_not_know_its_answers_is_refused(weights):
    with pytest.raises(EstimateError, match="Cannot weight this table"):
        weighting_effect(share(answers(), STAGE).for_publication(), weights)
    with pytest.raises(EstimateError, match="do not fit"):
        weighting_effect(nps(answers()), weights)
