"""The statistic that the page "Add a statistic" writes does what the page says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from survey.estimates import share, tabulate_again
from survey.estimates.statistic import Noise
from survey.exports import read_export
from survey.responses import Responses, clean, release_facts
from tests.pages import module_on

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def written() -> ModuleType:
    return module_on("add-a-statistic.md")


@pytest.fixture(scope="module")
def answers() -> Responses:
    return clean(read_export(ROOT / "data/raw/Survey_20240831120000.csv"))


def test_it_is_the_sum_of_the_shares_that_it_joins(written, answers):
    table = written.up_to_date(answers, 2)
    lags = share(release_facts(answers), "newest_release_lag").frame.head(3)
    assert table.frame["count"].tolist() == [lags["count"].sum()]
    assert table.frame["value"].iloc[0] == pytest.approx(lags["value"].sum())


def test_it_is_computed_again_from_its_counts(written, answers):
    table = written.up_to_date(answers, 1, by="deployment_stage", level=0.9)
    (cells,) = tabulate_again(table)
    again = table.statistic.point(cells, table.arguments).frame()
    pd.testing.assert_series_equal(table.frame["value"], again["value"])
    limits = table.statistic.public.limits(cells, table.arguments, Noise(3.0, 1.4))
    assert (limits.low <= limits.high).all()
    pd.testing.assert_frame_equal(
        table.frame, table.statistic.ask_again(table.design, table.arguments).frame
    )
