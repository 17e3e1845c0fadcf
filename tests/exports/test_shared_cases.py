"""The small inputs beside the project: each is read like the untouched export, or is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey.errors import ExportError
from survey.estimates import share
from survey.exports import read_export
from survey.responses import Responses, clean

KEY = b"k" * 32
CASES = "fixtures/cases/exports"


def cleaned(path: Path) -> Responses:
    return clean([read_export(path)], key=KEY)


@pytest.fixture(scope="module")
def untouched(shared: Path) -> Responses:
    return cleaned(shared / CASES / "base_flat.csv")


def other_cells(found: Responses, untouched: Responses) -> dict[str, int]:
    """Return how many cells differ, by column."""
    differing = {}
    for table in ("respondents", "deployments"):
        mine: pd.DataFrame = getattr(found, table)
        base: pd.DataFrame = getattr(untouched, table)
        assert len(mine) == len(base)
        assert list(mine) == list(base)
        for name in base:
            known = [frame[name].astype(object).map(str).to_numpy() for frame in (mine, base)]
            if (number := int((known[0] != known[1]).sum())) > 0:
                differing[str(name)] = number
    return differing


@pytest.mark.parametrize(
    "name", ["base_main.csv", "o03_dup_extra.csv", "o06b_float_nps.csv", "o20_bom_mid.csv"]
)
def test_nothing_is_lost(shared: Path, untouched: Responses, name: str) -> None:
    assert other_cells(cleaned(shared / CASES / name), untouched) == {}


@pytest.mark.parametrize("name", ["o24_dates_us.csv", "o24_dates_iso_T.csv"])
def test_rewritten_times_lose_their_seconds_alone(
    shared: Path, untouched: Responses, name: str
) -> None:
    found = cleaned(shared / CASES / name)
    assert found.editions == ("2024",)
    assert set(other_cells(found, untouched)) <= {"created", "edited"}
    for column in ("created", "edited"):
        minutes = untouched.respondents[column].dt.floor("min")
        assert (found.respondents[column] == minutes).all()


@pytest.mark.parametrize("name", ["o25_lost_Compute.csv", "o36_row_renamed_main.csv"])
def test_a_lost_row_is_not_available_and_the_others_stay(
    shared: Path, untouched: Responses, name: str
) -> None:
    found = cleaned(shared / CASES / name)
    assert set(other_cells(found, untouched)) == {"projects_used"}
    mine, base = (share(each, "projects_used").frame for each in (found, untouched))
    lost = mine["status"] == "not available"
    assert lost.any()
    assert mine.loc[lost, "value"].isna().all()
    assert (
        base.loc[~base["answer"].isin(mine.loc[~lost, "answer"]), "answer"]
        .str.contains("Compute")
        .all()
    )


def test_an_unlisted_option_stays_in_the_base(shared: Path, untouched: Responses) -> None:
    found = cleaned(shared / CASES / "o26_unlisted_option.csv")
    assert other_cells(found, untouched) == {"deployment_type": 25}
    table = share(found, "deployment_type").frame.set_index("answer")
    assert table.loc["Another answer", "count"] == 25
    assert table["base"].iloc[0] == 62


def test_two_editions_are_not_merged(shared: Path) -> None:
    with pytest.raises(ExportError, match="3 records of 2020 and 3 records of 2024"):
        read_export(shared / CASES / "cat_2020_2024_small.csv")


def test_a_second_heading_line_is_read_by_it(shared: Path) -> None:
    found = cleaned(shared / CASES / "second_heading_other_order.csv")
    assert (len(found.respondents), len(found.deployments)) == (25, 36)
