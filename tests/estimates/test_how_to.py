"""The statistic that the page "Add a statistic" writes does what the page says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from survey.disclosure import protect
from survey.errors import DisclosureError, EstimateError, ResponsesError
from survey.estimates import share, tabulate_again
from survey.estimates.examples import answers as without_releases
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
    return clean(read_export(ROOT / "data/raw/Survey_20240831120000.csv", invented=True))


@pytest.mark.parametrize("behind", [0, 2, 9])
def test_it_is_the_sum_of_the_shares_that_it_joins(written, answers, behind):
    row = written.up_to_date(answers, behind).frame.iloc[0]
    lags = share(release_facts(answers), "newest_release_lag").frame
    assert row["count"] == lags["count"].head(behind + 1).sum() < row["base"]
    assert row["base"] == lags["count"].sum()
    assert row["value"] == pytest.approx(row["count"] / row["base"])


@pytest.mark.parametrize("behind", [-1, 10, 2.5, "2", True, None])
def test_what_it_cannot_count_is_named(written, answers, behind):
    with pytest.raises(EstimateError, match="behind: got"):
        written.up_to_date(answers, behind)


def test_a_survey_that_asks_for_no_releases_is_told_so(written):
    with pytest.raises(ResponsesError, match="'releases_in_use'"):
        written.up_to_date(without_releases())


def test_it_can_be_published(written, answers):
    tables = [
        written.up_to_date(answers, behind, by).named(f"fresh_{behind}_{number}", "releases")
        for behind in (0, 9)
        for number, by in enumerate((None, "deployment_stage"))
    ]
    publication = protect(tables, title="Report", edition="2024", answers=answers)
    for table in tables:
        frame = publication[table.name].frame
        assert set(frame["answer"]) == set(table.frame["answer"])
        shown = frame[frame["value"].notna()]
        assert len(shown)
        assert shown["value"].between(shown["low"], shown["high"]).all()


def test_labels_that_no_record_names_are_refused_with_both_ways_out(written, answers):
    table = written.up_to_date(answers)
    nameless = replace(table, statistic=replace(table.statistic, calculates=""))
    with pytest.raises(DisclosureError, match=r"labels=\[\.\.\.\]\); a statistic names its own"):
        protect([nameless.named("x", "y")], title="Report", edition="2024", answers=answers)


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
