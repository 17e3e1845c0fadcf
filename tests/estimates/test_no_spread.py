"""Answers that all agree, or count for nothing: no interval of no width, no number of nobody."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates import Weights, compare, contrast, decompose_change, regress, share, trend
from survey.estimates.precision.intervals import wilson
from tests.estimates import builders as make

EDITIONS = ("2018", "2019")
UNSEEN = "no change can be seen inside the bands"


def stayed(size, stage=lambda place, edition: "Production"):
    """Return thirty clouds that answer in both editions, each in the same band."""
    rows = [
        {
            "edition": edition,
            "organization": f"o{place}",
            "size": size(place),
            "stage": stage(place, edition),
        }
        for edition in EDITIONS
        for place in range(30)
    ]
    return make.build(rows, make.book(EDITIONS))


@pytest.mark.parametrize("statistic", ["total", "mean"])
def test_a_change_nobody_of_whom_left_the_band_has_bounds_and_no_limits(statistic):
    answers = stayed(lambda place: make.SIZES[place % 2])
    (row,) = compare(answers, "size", *EDITIONS, statistic=statistic).frame.to_dict("records")
    assert row["value"] == 0
    assert row["lower_bound"] < 0 < row["upper_bound"]
    assert np.isnan([row[name] for name in ("low", "high", "factor_low", "factor_high")]).all()
    assert (row["status"], row["imprecise_because"]) == ("imprecise", UNSEEN)


def test_the_row_of_those_in_the_same_band_has_bounds_and_no_limits():
    answers = stayed(lambda place: make.SIZES[place % 2])
    row = decompose_change(answers, "size", *EDITIONS).frame.set_index("answer").loc["same band"]
    assert row["change_lower"] < row["value"] == 0 < row["change_upper"]
    assert np.isnan(row[["low", "high"]].astype(float)).all()
    assert (row["status"], row["imprecise_because"]) == ("imprecise", UNSEEN)


def answered_alike(answer, clouds=40):
    """Return clouds that answer in both editions, each the same."""
    rows = [
        {"edition": edition, "organization": f"o{place}", **answer(place)}
        for edition in EDITIONS
        for place in range(clouds)
    ]
    return make.build(rows, make.book(EDITIONS))


@pytest.mark.parametrize("high", [2, 10])
def test_a_change_of_shares_that_nobody_changed_is_that_of_a_share_of_nobody(high):
    """Half of them and a twentieth give the first answer, and nobody the last one."""
    answers = answered_alike(lambda place: {"stage": make.STAGES[int(place % high > 0)]})
    table = compare(answers, "stage", *EDITIONS).frame.set_index("answer")
    farthest = float(wilson(0.0, 40).high)
    assert (table["value"] == 0).all()
    assert table["high"].to_list() == pytest.approx([farthest] * 3)
    assert (-table["low"]).to_list() == pytest.approx([farthest] * 3)


def test_a_slope_of_those_who_all_stayed_is_as_wide_as_their_change():
    answers = answered_alike(lambda place: {"stage": make.STAGES[int(place % 10 > 0)]})
    change = compare(answers, "stage", *EDITIONS).frame.set_index("answer")
    line = trend(answers, "stage").frame.groupby("answer", sort=False, observed=True).first()
    assert (line["slope"].abs() < 1e-12).all()
    assert (line["p"] == 1).all()
    for slope, limit in (("slope_low", "low"), ("slope_high", "high")):
        assert line[slope].to_list() == pytest.approx(change[limit].to_list())


def test_a_change_of_a_score_that_nobody_changed_goes_as_far_as_who_may_have():
    answers = answered_alike(lambda place: {"score": make.SCORES[(9, 3, 10, 8, 2)[place % 5]]})
    (row,) = compare(answers, "score", *EDITIONS, statistic="nps").frame.to_dict("records")
    farthest = 200 * float(wilson(0.0, 40).high)
    assert row["value"] == 0
    assert (row["low"], row["high"]) == pytest.approx((-farthest, farthest))


def test_a_change_that_one_of_forty_made_is_near_that_of_nobody():
    def of(edition, place):
        return make.STAGES[(place + (place == 0 and edition == "2019")) % 2]

    rows = [
        {"edition": edition, "organization": f"o{place}", "stage": of(edition, place)}
        for edition in EDITIONS
        for place in range(40)
    ]
    answers = make.build(rows, make.book(EDITIONS))
    row = compare(answers, "stage", *EDITIONS).frame.set_index("answer").loc["Testing"]
    assert row["low"] < 0 < row["value"] < row["high"] < float(wilson(0.0, 40).high)


def test_a_contrast_of_groups_that_agree_has_the_interval_of_both():
    answers = stayed(lambda place: make.SIZES[0])
    table = contrast(answers, "stage", "edition", {"2018": -1, "2019": 1}).frame
    testing = table.set_index("answer").loc["Testing"]
    farthest = float(wilson(0.0, 30).high)
    assert testing["value"] == 0
    assert (testing["low"], testing["high"]) == pytest.approx((-farthest, farthest))
    assert np.isnan(testing["p"])


@pytest.mark.parametrize("band", make.SIZES)
def test_a_regression_of_answers_in_one_band_says_so(band):
    answers = stayed(lambda place: band, lambda place, edition: make.STAGES[place % 2])
    with pytest.raises(EstimateError, match="all 30 units that answered everything in one band"):
        regress(answers.in_edition("2019"), "size", ["stage"])


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.inf])
def test_weights_that_are_not_above_zero_are_refused(wrong):
    """As those of a column are: a group of nobody but these had no share, and was ``ok``."""
    answers = stayed(lambda place: make.SIZES[0])
    index = pd.MultiIndex.from_frame(answers.deployments[["edition", "deployment"]].astype(str))
    values = pd.Series(np.where(np.arange(len(index)) < 3, wrong, 1.0), index=index)
    weights = Weights(values, Unit.DEPLOYMENT, "hand", pd.DataFrame())
    with pytest.raises(EstimateError, match="3 rows with a weight that is not above 0"):
        share(answers, "stage", weights=weights)
