"""Publications: what stands in them, rounded and limited, and what does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from survey.codebook.hierarchies import class_of
from survey.disclosure import Policy, Publication, protect
from survey.disclosure.policy import Profile
from survey.disclosure.release_plan import Fate
from survey.errors import DisclosureError
from survey.estimates import share
from survey.estimates.statistic import Role
from survey.estimates.table import CORE_COLUMNS, Estimates
from survey.responses import ANOTHER, Responses
from tests.disclosure.surveys import CONCEPTS, GROUPS, invented

EDITIONS = ("2018", "2019")


@pytest.fixture(scope="module")
def answers() -> Responses:
    return invented(150, 11, EDITIONS)


def tables_of(answers: Responses) -> Iterator[Estimates]:
    for concept in CONCEPTS:
        yield share(answers, concept).named(concept, "t")
        yield share(answers, concept, by="edition").named(f"{concept} by edition", "t")
        for by in GROUPS:
            if by != concept:
                yield share(answers, concept, by=["edition", by]).named(f"{concept} by {by}", "t")


@pytest.fixture(scope="module")
def tables(answers: Responses) -> dict[str, Estimates]:
    return {table.name: table for table in tables_of(answers)}


@pytest.fixture(scope="module")
def made(answers: Responses, tables: dict[str, Estimates]) -> Publication:
    return protect(tables.values(), title="T", edition="2019", answers=answers)


def rows(publication: Publication) -> pd.DataFrame:
    frames = [
        table.frame.assign(table=name, breakdown=" by " in name and not name.endswith("edition"))
        for name, table in publication.tables.items()
    ]
    return pd.concat(frames, ignore_index=True)


def test_no_column_stands_that_counts_do_not_give(made: Publication) -> None:
    for table in made.tables.values():
        assert table.statistic is not None
        allowed = {*table.groups, *CORE_COLUMNS, *table.statistic.public_columns}
        assert {*table.frame.columns} <= allowed
        for name in table.frame.columns.difference([*table.groups, *CORE_COLUMNS]):
            role = table.statistic.columns[name].role
            assert role not in (Role.DIAGNOSTIC, Role.P_VALUE, Role.BOUND)
        assert table.design is None
        assert table.arguments is None


def test_numbers_have_the_length_that_they_deserve(made: Publication) -> None:
    shown = rows(made)
    for name, step in (("value", 100), ("low", 200), ("high", 200)):
        numbers = shown[name].dropna().to_numpy(dtype=float) * step
        assert len(numbers) > 500
        assert np.abs(numbers - np.rint(numbers)).max() < 1e-9
    ordered = shown.dropna(subset=["value", "low", "high"])
    assert (ordered["low"] <= ordered["value"] + 0.0051).all()
    assert (ordered["value"] <= ordered["high"] + 0.0051).all()


def test_a_group_stands_from_twenty_units_or_not_at_all(made: Publication) -> None:
    shown = rows(made)
    hidden = shown[shown["status"] == "suppressed"]
    numbers = ["count", "base", "value", "low", "high"]
    assert len(hidden) > 20
    assert hidden[numbers].isna().all(axis=None)
    several = shown["base"].dropna().astype(float)
    assert several[several > 0].min() >= 11  # of a group of 20, one answer's base may be less


def test_few_organizations_are_no_group(answers: Responses) -> None:
    frame = answers.deployments.copy()
    proof = frame["deployment_stage"] == "Production / Full Operational Use"
    frame.loc[proof, "organization"] = "org-1"
    one = dataclasses.replace(answers, deployments=frame)
    table = share(one, "hypervisors", by="deployment_stage").named("a", "t")
    shown = protect([table], title="T", edition="2019", answers=one)["a"].frame
    group = shown["deployment_stage"] == "Production / Full Operational Use"
    assert group.any()
    assert (shown.loc[group, "status"] == "suppressed").all()
    assert shown.loc[group, "base"].isna().all()


def test_small_groups_show_limits_for_few_and_for_all_but_few(made: Publication) -> None:
    shown = rows(made)
    limited = shown[shown["status"].isin(["below", "above"])]
    assert {"below", "above"} == set(limited["status"])
    assert (limited["base"].astype(int) < 30).all()
    assert limited[["value", "count"]].isna().all(axis=None)
    below, above = (limited[limited["status"] == name] for name in ("below", "above"))
    assert below["low"].isna().all()
    assert above["high"].isna().all()
    wanted = np.ceil(400 / below["base"].astype(float) / 5) * 0.05
    assert below["high"].to_numpy(dtype=float) == pytest.approx(wanted.to_numpy())
    usable = shown[shown["breakdown"] & shown["status"].isin(["ok", "imprecise"])]
    small = usable[usable["base"].astype(int) < 30]
    assert len(small)
    assert not small["count"].astype(int).isin([0, 3, 4]).any()


def test_groups_are_joined_as_the_codebook_says(made: Publication) -> None:
    for by in ("region", "industry", "organization_size"):
        table = made[f"hypervisors by {by}"].frame
        assert not {label for label, name in class_of(by).items() if label != name} & {*table[by]}
    assert "Asia and Oceania" in set(made["hypervisors by region"].frame["region"])


def test_rare_answers_stand_in_tables_without_breakdowns_alone(made: Publication) -> None:
    whole = made["industry by edition"].frame
    for edition in EDITIONS:
        here = whole[whole["edition"] == edition]
        rare = set(here.loc[here["count"] < 5, "answer"])
        assert rare
        part = made["industry by region"].frame
        answers = set(part.loc[part["edition"] == edition, "answer"])
        assert not rare & answers
        assert ANOTHER in answers


def test_a_selection_is_a_breakdown(answers: Responses) -> None:
    """Who selects a group by hand sees no more of it than the table by groups shows."""
    stage = "Production / Full Operational Use"
    by_group = share(answers, "compute_cores", by=["edition", "deployment_stage"]).named("a", "t")
    chosen = answers.where(deployment_stage=stage)
    selected = share(chosen, "compute_cores", by="edition").named("b", "t")
    made = protect([by_group, selected], title="T", edition="2019", answers=answers)
    group = made["a"].frame
    group = group[group["deployment_stage"] == stage].drop(columns="deployment_stage")
    told = ["edition", "answer", "count", "base", "value", "status"]
    pd.testing.assert_frame_equal(
        group[told].reset_index(drop=True), made["b"].frame[told].reset_index(drop=True)
    )


def test_the_most_frequent_answers_stand_in_the_order_of_published_counts() -> None:
    for seed in range(12):
        answers = invented(60, seed)
        table = share(answers, "industry", top=6).named("a", "t")
        shown = protect([table], title="T", edition="2019", answers=answers)["a"].frame
        counts = shown["count"].tolist()[:-1]
        assert counts == sorted(counts, reverse=True)


def test_single_choices_add_up_but_for_rounding(made: Publication) -> None:
    for concept in ("industry", "compute_cores", "deployment_stage"):
        for _, group in made[f"{concept} by edition"].frame.groupby("edition"):
            assert group["count"].sum() == group["base"].iloc[0]
            assert group["value"].sum() == pytest.approx(1, abs=0.005 * len(group))


def test_the_same_answers_give_the_same_publication(
    answers: Responses, tables: dict[str, Estimates], made: Publication
) -> None:
    again = protect(reversed(list(tables.values())), title="T", edition="2019", answers=answers)
    for name in tables:
        pd.testing.assert_frame_equal(made[name].frame, again[name].frame)


def test_answers_keep_the_order_of_the_table(answers: Responses) -> None:
    """A union stands behind its parts where it is counted, and where the table has it here."""
    concept = CONCEPTS[0]
    first, *rest = share(answers, concept).frame["answer"].astype(str)
    table = share(answers, concept, by="edition", items=rest, nets={"A union": [first]})
    order = ["A union", *rest]
    frame = table.frame.sort_values(
        "answer", key=lambda column: column.astype(str).map(order.index), kind="stable"
    ).sort_values("edition", kind="stable")
    named = table.with_frame(frame.reset_index(drop=True)).named("cut", "t")
    made = protect([named], title="T", edition="2019", answers=answers)
    for _, rows in made["cut"].per_group():
        assert [each for each in rows["answer"] if each in order] == order


def test_a_cell_prints_the_same_count_wherever_it_stands(made: Publication) -> None:
    whole = made["compute_cores by edition"].frame
    crossed = made["compute_cores by industry"].frame
    other = protect(
        [share(invented(150, 11, EDITIONS), "compute_cores", by="edition").named("x", "t")],
        title="T",
        edition="2019",
    )["x"].frame
    assert whole["count"].tolist() == other["count"].tolist()
    assert len(crossed)


def test_statistics_without_public_computation_are_internal(answers: Responses) -> None:
    table = share(answers, "compute_cores").named("a", "t")
    assert table.statistic is not None
    secret = dataclasses.replace(table, statistic=dataclasses.replace(table.statistic, public=None))
    made = protect([secret], title="T", edition="2019")
    assert len(made) == 0
    (entry,) = made.plan
    assert entry.fate is Fate.INTERNAL
    assert "internal" in entry.record()["reason"]


def test_the_plan_says_what_was_joined_and_withheld(made: Publication) -> None:
    plan = {entry.name: entry for entry in made.plan}
    assert {*plan} == {*made.tables}
    by_region = plan["hypervisors by region"].record()
    assert by_region["by"] == ["edition", "region"]
    assert set(by_region["joined"]["Asia and Oceania"]) >= {"Asia", "Oceania"}
    hidden = [entry for entry in made.plan if entry.withheld]
    for entry in hidden:
        frame = made[entry.name].frame
        assert (frame["status"] == "suppressed").any()


def test_records_without_keys_are_refused(answers: Responses) -> None:
    bare = dataclasses.replace(
        answers, deployments=answers.deployments.assign(record_key=np.uint64(0))
    )
    with pytest.raises(DisclosureError, match="records without keys"):
        protect([share(bare, "compute_cores")], title="T", edition="2019")


def test_a_table_made_by_hand_has_no_way_to_be_perturbed(answers: Responses) -> None:
    table = share(answers, "compute_cores")
    with pytest.raises(DisclosureError, match="does not know who was counted"):
        protect([dataclasses.replace(table, design=None)], title="T", edition="2019")


def test_the_profile_threshold_has_exact_counts_and_no_breakdowns(
    answers: Responses, tables: dict[str, Estimates]
) -> None:
    policy = Policy(profile=Profile.THRESHOLD)
    made = protect(tables.values(), policy, title="T", edition="2019", answers=answers)
    assert {"compute_cores", "compute_cores by edition"} <= {*made.tables}
    assert "compute_cores by region" not in made.tables
    exact = tables["compute_cores by edition"].frame
    assert made["compute_cores by edition"].frame["count"].tolist() == exact["count"].tolist()
    assert "se" not in made["compute_cores"].frame


def test_the_profile_internal_is_complete_and_says_so(
    answers: Responses, tables: dict[str, Estimates]
) -> None:
    policy = Policy(profile=Profile.INTERNAL)
    made = protect(tables.values(), policy, title="T", edition="2019", answers=answers)
    pd.testing.assert_frame_equal(made["industry"].frame, tables["industry"].frame)
    assert made.stamp.startswith("INTERNAL")


def test_what_was_given_stays_as_it_was(answers: Responses) -> None:
    table = share(answers, "compute_cores", by=["edition", "region"])
    before = table.frame.copy()
    protect([table], title="T", edition="2019", answers=answers)
    pd.testing.assert_frame_equal(table.frame, before)


@pytest.mark.parametrize("seed", range(6))
def test_the_most_frequent_answers_are_so_by_published_counts(seed: int) -> None:
    """True counts would say which of two answers with few is above the other."""
    answers = invented(60, seed, ("2018", "2019"))
    whole = share(answers, "hypervisors", by="edition").named("whole", "t")
    top = share(answers, "hypervisors", by="edition", top=3).named("top", "t")
    made = protect([whole, top], title="T", edition="2019")
    shown = made["top"].frame["answer"].astype(str).unique()
    counts = made["whole"].frame.groupby("answer", sort=False)["count"].sum()
    ordered = counts.sort_values(ascending=False, kind="stable")
    assert set(shown) == {*ordered.index[:3], "Any other answer"}
    both = made["top"].frame.merge(made["whole"].frame, on=["edition", "answer"])
    assert (both["count_x"] == both["count_y"]).all()
    assert len(both) == 6


def test_what_only_a_selection_tells_is_rare_by_its_own_counts() -> None:
    """Its codebook lists the question, as for the path of an upgrade; nobody else has answers."""
    every = invented(300, 4)
    whole = dataclasses.replace(
        every, deployments=every.deployments.drop(columns="deployment_type")
    )
    chosen = whole.where(whole.deployments["deployment_stage"].notna(), unit="deployment")
    kept = every.deployments.loc[chosen.deployments.index, "deployment_type"]
    own = dataclasses.replace(chosen, deployments=chosen.deployments.assign(deployment_type=kept))
    assert "deployment_type" in whole.concepts
    exact = share(own, "deployment_type").named("types", "sizes")
    public = protect([exact], title="S", edition="2019", answers=own)["types"].frame
    both = public.merge(exact.frame, on="answer", suffixes=("", "_exact"))
    often = both[both["value_exact"] > 0.1]
    assert len(often) > 1
    assert ((often["value"] - often["value_exact"]).abs() < 0.1).all()
