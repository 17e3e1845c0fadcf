"""What weights change in a headline, and what they cost."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates import compare, median, nps, rake, share, total, weighting_effect
from survey.estimates.design.weights import Weights
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


def test_the_limits_of_the_difference_are_linearized_by_organization(weights):
    """Each organization counts a little more in turn: what that changes is its score."""
    found = weighting_effect(share(answers(), STAGE), weights).frame
    rows = found[found["weighting"] == "weighted"].set_index("answer")
    frame = answers().deployments
    inside = (~frame["copied"].fillna(False) & frame[STAGE].notna()).to_numpy(dtype=bool)
    frame, w = frame[inside], weights.on(answers(), weights.unit)[inside]
    organization, names = pd.factorize(frame["organization"])
    sizes = np.bincount(organization, w)
    freedom = sizes.sum() ** 2 / (sizes**2).sum() - 1
    for stage, row in rows.iterrows():
        y = (frame[STAGE].astype(str) == stage).to_numpy(float)

        def change(more, y=y):
            return np.average(y, weights=w * more) - np.average(y, weights=more)

        step = 1e-5
        score = [
            (change(1 + step * (organization == g)) - change(1 - step * (organization == g)))
            / (2 * step)
            for g in range(len(names))
        ]
        se = np.sqrt(len(names) / (len(names) - 1) * np.square(score).sum())
        half = t.ppf(0.975, freedom) * se
        assert row["difference_low"] == pytest.approx(row["difference"] - half, abs=1e-8)
        assert row["difference_high"] == pytest.approx(row["difference"] + half, abs=1e-8)


def test_equal_weights_change_nothing_and_have_no_width():
    frame = answers().deployments
    index = pd.MultiIndex.from_frame(frame[["edition", "deployment"]].astype(str))
    equal = Weights(pd.Series(2.0, index=index), Unit.DEPLOYMENT, "equal", pd.DataFrame())
    found = weighting_effect(share(answers(), STAGE, by="edition"), equal).frame
    after = found[found["weighting"] == "weighted"]
    for name in ("difference", "difference_low", "difference_high"):
        np.testing.assert_allclose(after[name].dropna(), 0, atol=1e-12)
    assert after["difference_low"].notna().any()
    assert found.loc[found["weighting"] == "unweighted", "difference_low"].isna().all()


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
