"""Totals over the editions: one fit, a slope, and the test that a change of totals has."""

import numpy as np
import pytest

from survey.errors import EstimateError
from survey.estimates import compare, total, trend
from tests.estimates import builders as make

SIZE, STAGE = "size", "stage"
NUMBERS = ["value", "low", "high", "count", "status"]


@pytest.fixture(scope="module")
def answers():
    return make.invented(3, 300, editions=("2017", "2018", "2019", "2021"))


@pytest.mark.parametrize("by", [None, STAGE])
def test_the_numbers_are_those_of_totals_by_edition(answers, by):
    found = trend(answers, SIZE, by, statistic="total")
    same = total(answers, SIZE, ["edition", *([by] if by else [])])
    assert found.frame[NUMBERS].equals(same.frame[NUMBERS])


def test_the_slope_is_that_of_the_totals_on_the_years(answers):
    found = trend(answers, SIZE, statistic="total").frame
    years = found["edition"].astype(float)
    assert len(years) > 2
    slope = np.polyfit(years, found["value"], 1)[0]
    assert found["slope"].to_numpy() == pytest.approx(np.full(len(found), slope))
    assert (found["slope_low"] < found["slope"]).all()
    assert ((found["slope_low"] > 0) | (found["slope_high"] < 0)).eq(found["p"] < 0.05).all()


def test_two_editions_have_the_change_of_their_totals(answers):
    first, second = answers.editions[:2]
    pair = answers.in_edition(first, second)
    line = trend(pair, SIZE, statistic="total").frame.iloc[0]
    change = compare(pair, SIZE, first, second, statistic="total").frame.iloc[0]
    years = float(second) - float(first)
    for slope, difference in (("slope", "value"), ("slope_low", "low"), ("slope_high", "high")):
        assert line[slope] * years == pytest.approx(change[difference])
    assert line["p"] == change["p"]


def test_what_records_alone_tell_is_not_public(answers):
    record = trend(answers, SIZE, statistic="total").statistic
    assert record.public is not None
    assert not {"slope", "slope_low", "p", "verdict"} & set(record.public_columns)


def test_totals_have_no_answers_to_choose(answers):
    with pytest.raises(EstimateError, match="nets") as caught:
        trend(answers, SIZE, statistic="total", nets={"a": ["b"]}, top=3)
    assert "top" in str(caught.value)
    with pytest.raises(EstimateError, match="statistic"):
        trend(answers, SIZE, statistic="median")
