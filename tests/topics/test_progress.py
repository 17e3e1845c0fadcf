"""A survey in the field: counts to date, clouds not yet back, thin regions, headlines."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.errors import EstimateError
from survey.estimates import median, nps, share
from survey.exports import read_export
from survey.responses import Responses, clean
from survey.topics import Progress, progress

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
DAY = date(2024, 7, 10)


@pytest.fixture(scope="module")
def answers() -> Responses:
    files = [RAW / f"Survey_{year}0831120000.csv" for year in ("2023", "2024")]
    return clean([read_export(file) for file in files], key=b"k" * 32)


@pytest.fixture(scope="module")
def found(answers: Responses) -> Progress:
    return progress(answers, day=DAY)


def begun(answers: Responses, edition: str, day: str) -> pd.DataFrame:
    people = answers.respondents
    mine = (people["edition"].astype(str) == edition) & ~people["copied"].astype(bool)
    return people[mine & (people["created"] < day)]


def test_answers_to_date_stand_beside_the_same_day_of_last_year(
    answers: Responses, found: Progress
) -> None:
    row = found.answers.set_index("what").loc["respondents"]
    assert row["to_date"] == len(begun(answers, "2024", "2024-07-11"))
    assert row["same_day"] == len(begun(answers, "2023", "2023-07-11"))
    assert row["in_the_end"] == len(begun(answers, "2023", "2024"))
    assert row["ratio"] == row["to_date"] / row["same_day"]
    organizations = found.answers.set_index("what").loc["organizations", "to_date"]
    assert organizations == begun(answers, "2024", "2024-07-11")["organization"].nunique()
    assert (found.before, found.edition, found.day) == ("2023", "2024", DAY)


def test_large_clouds_are_missing_until_their_organization_describes_one(
    answers: Responses, found: Progress
) -> None:
    clouds = answers.deployments[~answers.deployments["copied"].astype(bool)]
    before = clouds[clouds["edition"].astype(str) == "2023"]
    large = before[before["compute_cores"] >= "10,000 to 99,999 cores"]
    people = begun(answers, "2024", "2024-07-11")["respondent"]
    now = clouds[(clouds["edition"].astype(str) == "2024") & clouds["respondent"].isin(people)]
    missing = large[
        ~large["organization"].isin(now["organization"]) & large["organization"].notna()
    ]
    assert set(found.missing_clouds["deployment"]) == set(missing["deployment"])
    assert len(missing) > 10
    sizes = found.missing_clouds["size"].tolist()
    assert sizes[0] == "1 million or more cores"
    assert sizes == sorted(sizes, key=["1 million or more cores", "100,000 to 999,999 cores",
                                       "10,000 to 99,999 cores"].index)  # fmt: skip
    larger = progress(answers, day=DAY, large=1_000_000)
    assert set(larger.missing_clouds["size"]) == {"1 million or more cores"}
    at_the_end = progress(answers)
    assert len(at_the_end.missing_clouds) < len(found.missing_clouds)


def test_regions_with_too_few_answers_are_called_thin(found: Progress) -> None:
    regions = found.regions.set_index("region")
    assert regions["clouds"].sum() <= found.answers.set_index("what").loc["clouds", "to_date"]
    for _, row in regions.iterrows():
        few = row["clouds"] < 20 or row["organizations"] < 5
        assert (row["thin"] == "too few to publish") == few
    assert "too few to publish" in set(regions["thin"])
    assert "" in set(regions["thin"])


def test_headlines_are_the_usual_ones_of_the_answers_so_far(
    answers: Responses, found: Progress
) -> None:
    now = answers.in_edition("2024")
    now = now.where(now.respondents["created"] < "2024-07-11", unit="respondent")
    shown = found.headlines.set_index(["headline", "when"])
    cores = median(now, "compute_cores").frame.iloc[0]
    row = shown.loc[("cores of the median cloud", "today")]
    assert (row["value"], row["low"], row["high"]) == (cores["value"], cores["low"], cores["high"])
    assert row["width"] == cores["high"] / cores["low"]
    score = nps(answers.in_edition("2023")).frame.iloc[0]
    row = shown.loc[("net promoter score", "in the end")]
    assert row["value"] == score["value"]
    assert row["width"] == pytest.approx(score["high"] - score["low"])
    stages = share(now, "deployment_stage").frame.set_index("answer")
    assert (
        shown.loc[("clouds in production", "today"), "value"]
        == (stages.loc["Production / Full Operational Use", "value"])
    )


def test_before_anybody_answered_nothing_is_wrong(answers: Responses) -> None:
    empty = progress(answers, day=date(2024, 1, 1))
    assert set(empty.answers["to_date"]) == {0}
    assert not len(empty.headlines[empty.headlines["when"] == "today"].dropna(subset="value"))


def test_without_an_edition_before_it_there_is_nothing_to_compare(answers: Responses) -> None:
    with pytest.raises(EstimateError, match="Nothing to compare with"):
        progress(answers.in_edition("2023"))
    with pytest.raises(EstimateError, match="Nothing to compare with"):
        progress(answers, "2022")


def test_the_command_finds_last_year_in_the_project(tmp_path: Path, found: Progress) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    for year in ("2022", "2023", "2024"):
        shutil.copy(RAW / f"Survey_{year}0831120000.csv", tmp_path / "data" / "raw")
    file = tmp_path / "data" / "raw" / "Survey_20240831120000.csv"
    place = ["--project", str(tmp_path), "--on", "2024-07-10"]
    ran = CliRunner().invoke(main, ["progress", str(file), *place, "--json"])
    assert ran.exit_code == 0, ran.output
    record = json.loads(ran.stdout)
    assert record["internal"] is True
    assert record["before"] == "2023"
    assert record["answers"][0]["to_date"] == found.answers["to_date"].iloc[0]
    assert len(record["missing_clouds"]) == len(found.missing_clouds)
    assert all(each["organization"].startswith("org-") for each in record["missing_clouds"])
    named = CliRunner().invoke(main, ["progress", str(file), *place, "--names"])
    assert named.exit_code == 0
    assert "INTERNAL" in named.stderr
    assert "org-" not in named.stdout


def test_the_first_edition_has_nothing_before_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "raw" / "Survey_20240831120000.csv"
    file.parent.mkdir(parents=True)
    shutil.copy(RAW / file.name, file)
    (tmp_path / "survey.toml").write_text(
        f'[[exports]]\nfile = "data/raw/{file.name}"\n', encoding="utf-8"
    )
    ran = CliRunner().invoke(main, ["progress", str(file), "--project", str(tmp_path)])
    assert ran.exit_code == 2
    assert "last year's" in ran.stderr
