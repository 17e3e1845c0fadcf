"""Variables of one's own: derived, taken together, joined; verbs take them like any question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.errors import ResponsesError
from survey.estimates import crosstab, median, share
from survey.exports import read_export
from survey.responses import (
    Aliases,
    AnswerSetArray,
    Presence,
    Responses,
    clean,
    pool,
    read_answers,
    write_answers,
)
from survey.responses.names import squeezed_name

RAW = Path(__file__).parents[2] / "data/raw"
KEY = b"k" * 32


@pytest.fixture(scope="module")
def answers() -> Responses:
    return clean(read_export(RAW / "Survey_20240831120000.csv"), key=KEY)


@pytest.fixture(scope="module")
def identified() -> Responses:
    return clean(read_export(RAW / "Survey_20240831120000.csv"), key=KEY, identified=True)


def plain(column: pd.Series) -> list[object]:
    return [None if pd.isna(each) else each for each in column]


def large(answers: Responses) -> Responses:
    return answers.derive(
        "large_cloud",
        lambda d: d["compute_cores"] >= "10,000 to 99,999 cores",
        title="Large clouds",
    )


def test_a_condition_is_missing_where_nothing_was_answered(answers: Responses) -> None:
    made = large(answers)["large_cloud"]
    cores = answers["compute_cores"]
    assert made.isna().equals(cores.isna())
    assert made.sum() == (cores >= "10,000 to 99,999 cores").sum()


def test_do_not_know_is_neither_yes_nor_no(answers: Responses) -> None:
    made = answers.derive("big_team", lambda d: d["team_size"] > "6 to 10 people")["big_team"]
    team = answers["team_size"]
    assert made[team == "Don't know"].isna().all()
    assert made.notna().sum() == (team.notna() & (team != "Don't know")).sum()


def test_a_function_that_knows_what_is_missing_decides_itself(answers: Responses) -> None:
    made = answers.derive("gave_cores", lambda d: d["compute_cores"].notna().astype("boolean"))
    assert made["gave_cores"].notna().all()
    assert made["gave_cores"].sum() == answers["compute_cores"].notna().sum()


def test_verbs_take_a_variable(answers: Responses) -> None:
    made = large(answers)
    counted = share(made, "large_cloud").frame.set_index("answer")
    assert counted.loc["Yes", "count"] == made["large_cloud"].sum()
    assert share(made, "large_cloud").title == "Large clouds"
    grouped = share(made, "deployment_tools", by="large_cloud").frame
    assert set(grouped["large_cloud"]) == {"Yes", "No"}
    assert len(crosstab(made, ["deployment_stage"], ["large_cloud"]).frame)
    chosen = made.where(made["large_cloud"] == True)  # noqa: E712  # of a nullable column
    assert len(chosen.deployments) == made["large_cloud"].sum()
    assert len(made.where(large_cloud="Yes").deployments) == made["large_cloud"].sum()
    assert len(made.where(large_cloud=True).deployments) == made["large_cloud"].sum()
    lacking = replace(answers, deployments=answers.deployments.drop(columns="compute_cores"))
    with pytest.raises(ResponsesError, match="no file has a column"):
        lacking.where(compute_cores="1 to 9 cores")


def test_what_respondents_say_is_per_respondent(answers: Responses) -> None:
    made = answers.derive("telco", lambda d: d["industry"].isin(["Telecommunications"]))
    assert made.question("telco").unit == "respondent"
    assert len(made["telco"]) == len(answers.respondents)
    both = answers.derive(
        "both", lambda d: d["industry"].notna() & (d["compute_cores"] > "1 to 9 cores")
    )
    assert both.question("both").unit == "deployment"


def test_labels_name_the_values(answers: Responses) -> None:
    made = answers.derive(
        "size",
        lambda d: d["compute_cores"] >= "1,000 to 9,999 cores",
        labels={True: "Large", False: "Small"},
    )
    assert list(made["size"].cat.categories) == ["Large", "Small"]
    assert share(made, "size").frame["answer"].tolist() == ["Large", "Small"]


def test_coarser_bands_are_bands(answers: Responses) -> None:
    made = answers.derive(
        "cores_in_two",
        {
            "Up to 999": ["1 to 9 cores", "10 to 99 cores", "100 to 999 cores"],
            "1,000 or more": [
                "1,000 to 9,999 cores",
                "10,000 to 99,999 cores",
                "100,000 to 999,999 cores",
                "1 million or more cores",
            ],
        },
        of="compute_cores",
    )
    bands = made.question("cores_in_two").bands
    assert (bands["Up to 999"].low, bands["Up to 999"].high) == (1, 999)
    assert bands["1,000 or more"].high is None
    assert made["cores_in_two"].isna().equals(answers["compute_cores"].isna())
    assert median(made, "cores_in_two").frame["value"].notna().all()


def test_a_union_of_options_counts_each_unit_once(answers: Responses) -> None:
    tools = answers["hypervisors"]
    made = answers.derive(
        "virtualization",
        {"KVM": ["KVM (x86)", "KVM (ppc64)"], "Containers": ["Docker", "LXC"]},
        of="hypervisors",
    )
    expected = tools.map(lambda t: bool({"Docker", "LXC"} & set(t)), na_action="ignore")
    table = share(made, "virtualization").frame.set_index("answer")
    assert isinstance(made["virtualization"].array, AnswerSetArray)
    assert table.loc["Containers", "count"] == sum(each is True for each in expected)


def test_an_edition_without_the_source_has_no_variable(answers: Responses) -> None:
    older = clean(read_export(RAW / "Survey_20230831120000.csv"), key=KEY)
    lacking = replace(
        older,
        deployments=older.deployments.drop(columns="compute_cores"),
        presence=Presence({"2023": {"compute_cores": ()}}),
    )
    made = large(pool([lacking, answers]))
    frame = share(made, "large_cloud", by="edition").frame
    assert set(frame[frame["edition"] == "2023"]["status"].astype(str)) == {"not available"}
    assert frame[frame["edition"] == "2024"]["value"].notna().all()


def test_assigned_and_stored(answers: Responses, tmp_path: Path) -> None:
    made = answers.assign(
        odd=np.arange(len(answers.deployments)) % 2,
        stage=answers.deployments["deployment_stage"].astype(object),
    )
    assert share(made, "odd").frame["answer"].tolist() == ["0", "1"]
    write_answers(made, tmp_path)
    pd.testing.assert_series_equal(read_answers(tmp_path)["stage"], made["stage"])


@pytest.mark.parametrize("on", ["organization", "names", "key"])
def test_a_table_is_joined_on_organizations(
    answers: Responses, identified: Responses, on: str
) -> None:
    people = identified.respondents.dropna(subset=["organization_name"])
    first = people.drop_duplicates("organization").head(40)
    names = first["organization_name"].astype(str).str.upper() + ", Inc."
    keys = first["organization"] if on == "organization" else names
    table = pd.Series(["gold", "silver"] * 20, index=pd.Index(keys), name="member_level")
    asked = answers if on == "key" else identified
    made = asked.join(table, "organization", key=KEY if on == "key" else None)
    level = dict(zip(first["organization"], table, strict=True))
    expected = asked.respondents["organization"].map(level)
    assert plain(made["member_level"]) == plain(expected)
    assert len(share(made, "member_level").frame) == 2
    assert len(share(made, "deployment_stage", by="member_level").frame)


def test_aliases_find_other_spellings(identified: Responses) -> None:
    name = str(identified.respondents["organization_name"].dropna().iloc[0])
    aliases = Aliases(same_names=((squeezed_name("The Old Firm"), squeezed_name(name)),))
    table = pd.Series(["yes"], index=["The Old Firm"], name="known")
    made = identified.join(table, "organization", aliases=aliases)
    assert made["known"].notna().sum() >= 1


def test_a_table_is_joined_on_countries_and_records(answers: Responses) -> None:
    union = pd.DataFrame({"primary_country": ["Germany", "FR", "US"], "union": ["EU", "EU", "no"]})
    made = answers.join(union, "primary_country")
    country = answers["primary_country"].astype(object)
    expected = country.map({"DE": "EU", "FR": "EU", "US": "no"})
    assert plain(made["union"]) == plain(expected)
    ids = answers.deployments["deployment"]
    thirds = pd.cut(np.arange(len(ids)), 3, labels=["low", "middle", "high"])
    costs = pd.Series(thirds, index=ids, name="cost")
    costly = answers.join(costs, "deployment")
    assert costly["cost"].notna().all()
    assert share(costly, "cost").frame["answer"].tolist() == ["low", "middle", "high"]


def test_mistakes_are_said(answers: Responses) -> None:
    with pytest.raises(ResponsesError, match="compute_cores"):
        answers.derive("x", lambda d: d["compute_core"] == 1)
    with pytest.raises(ResponsesError, match="taken"):
        answers.derive("industry", lambda d: d["compute_cores"].notna())
    with pytest.raises(ResponsesError, match="KVM"):
        answers.derive("x", {"All": ["KVM (x68)"]}, of="hypervisors")
    with pytest.raises(ResponsesError, match=r"pandas\.cut"):
        answers.derive("x", np.arange(len(answers.deployments)))
    with pytest.raises(ResponsesError, match="none of which"):
        answers.join(pd.Series([1], index=["Nobody"], name="x"), "organization")
    with pytest.raises(ResponsesError, match="each key once"):
        answers.join(pd.Series([1, 2], index=["DE", "DE"], name="x"), "primary_country")
