"""What leaves is safe: rules, complements, and a reader who tries to deduce the rest."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.disclosure import Policy, Publication, protect
from survey.disclosure.primary import RULES, primary
from survey.errors import DisclosureError
from survey.estimates.table import CORE_COLUMNS, Estimates
from tests.disclosure import builders as make
from tests.disclosure.reader import Reader

HERE = Path(__file__).parent

DEFAULT = settings.default.max_examples
SLOW = settings(max_examples=max(20, DEFAULT // 10), suppress_health_check=list(HealthCheck))
POLICY = Policy()


def published(tables: list[Estimates], policy: Policy = POLICY) -> Publication:
    return protect(tables, policy, title="OpenStack User Survey", edition="2019")


@given(make.surveys())
@SLOW
def test_no_withheld_count_can_be_deduced(tables: list[Estimates]) -> None:
    truth = {table.name: table.frame["count"].to_numpy() for table in tables}
    reader = Reader(published(tables).tables.values(), make.LABELS)
    for name, row, low, high in reader.deductions():
        count = truth[name][row]
        assert low - 1e-6 <= count <= high + 1e-6, "the reader's reasoning is wrong"
        assert count == 0 or high - low > POLICY.protection - 1e-6, (name, row, low, high)


@given(make.surveys())
@SLOW
def test_what_is_shown_is_safe_in_itself_and_true(tables: list[Estimates]) -> None:
    shown = published(tables)
    for table in tables:
        safe = shown[table.name].frame
        told = safe["status"].isin(["ok", "imprecise"]).to_numpy()
        gone = (safe["status"] == "suppressed").to_numpy()
        numbers = [name for name in CORE_COLUMNS[3:6] if name in safe] + ["count", "clusters"]
        assert safe.loc[gone, numbers].isna().all(axis=None)
        count = safe.loc[told, "count"].astype(float)
        base = safe.loc[told, "base"].astype(float)
        assert ((count == 0) | (count >= POLICY.cell_threshold)).all()
        assert ((base == count) | (base - count >= POLICY.cell_threshold)).all()
        assert (base >= POLICY.threshold).all()
        for name in (*table.groups, "answer", *numbers):
            assert safe.loc[told, name].tolist() == table.frame.loc[told, name].tolist()


@given(make.surveys(), st.integers(3, 12))
@SLOW
def test_a_stricter_policy_withholds_no_less_by_rule(tables: list[Estimates], step: int) -> None:
    mild, strict = Policy(threshold=step, cell_threshold=2), Policy(threshold=step + 5)
    shown = published(tables, strict)
    for table in tables:
        assert not (primary(table, mild) & ~primary(table, strict)).to_numpy().any()
        by_rule = primary(table, strict).any(axis=1)
        assert shown[table.name].frame["status"][by_rule].isin(["suppressed", "empty"]).all()


@given(make.surveys())
@SLOW
def test_protecting_twice_changes_nothing(tables: list[Estimates]) -> None:
    before = {table.name: table.frame.copy(deep=True) for table in tables}
    once = published(tables)
    again = published(list(once.tables.values()))
    for name in before:
        pd.testing.assert_frame_equal(again[name].frame, once[name].frame)
    for table in tables:
        pd.testing.assert_frame_equal(table.frame, before[table.name])


def withheld(publication: Publication, name: str) -> list[bool]:
    return [status == "suppressed" for status in publication[name].frame["status"]]


def single(counts: list[int], **columns: object) -> Estimates:
    """The stages of some clouds, counts as given."""
    return make.counted("deployment_stage", counts, **columns)


def test_a_lone_small_count_takes_the_next_smallest_with_it() -> None:
    shown = published([single([2, 9, 60])])
    assert withheld(shown, "deployment_stage") == [True, True, False]
    assert shown.audit.loc[0, ["cells", "withheld", "by_rule"]].tolist() == [3, 2, 1]


def test_two_small_counts_are_not_left_to_each_other() -> None:
    """Whoever is the one knows the other: 1 + 2 = base less the rest."""
    assert withheld(published([single([1, 2, 60])]), "deployment_stage") == [True, True, True]


def test_a_large_enough_rest_needs_no_complement() -> None:
    assert withheld(published([single([9, 9, 60])]), "deployment_stage") == [False] * 3


def test_multiple_answers_need_no_complement_but_all_but_one_is_withheld() -> None:
    shown = published([make.counted("hypervisors", [2, 30, 59, 40], base=60)])
    assert withheld(shown, "hypervisors") == [True, False, True, False]


def test_answers_that_a_table_leaves_out_are_a_count_as_well() -> None:
    """Two of three answers are shown, and their sum lacks 1 of the base."""
    table = single([30, 29], base=60)
    assert sum(withheld(published([table]), "deployment_stage")) > 0


def test_a_transposed_table_withholds_the_same() -> None:
    tables = make.standing(make.clouds(120, 7), [3, 4])
    shown = published(tables)
    cells = [
        {
            (row["deployment_stage"], row["deployment_type"]): row["status"] == "suppressed"
            for row in (
                shown[t.name].frame.rename(columns={"answer": t.spec.concept}).to_dict("records")
            )
        }
        for t in tables
    ]
    sure = {key for key in cells[0] if key in cells[1]}
    assert all(cells[0][key] == cells[1][key] or "empty" in _states(shown, key) for key in sure)


def _states(shown: Publication, key: tuple[str, str]) -> set[str]:
    return {
        str(row["status"])
        for table in shown.tables.values()
        for row in table.frame.to_dict("records")
        if set(key) <= set(row.values())
    }


def test_a_small_group_is_withheld_whole_and_its_base_when_tiny() -> None:
    frame = pd.concat([make.clouds(200, 1), make.clouds(40, 2)], ignore_index=True)
    frame = frame[(frame["deployment_type"] != make.TYPES[3]) | (frame.index < 8)]
    table = make.table(frame, "deployment_stage", ["deployment_type"])
    shown = published([table])["deployment_stage_by_deployment_type"].frame
    small = (table.frame["base"] < 10) & (table.frame["base"] > 0)
    assert small.any()
    assert (shown.loc[small, "status"] == "suppressed").all()
    tiny = (table.frame["base"] > 0) & (table.frame["base"] < 3)
    assert shown.loc[tiny, "base"].isna().all()
    assert shown.loc[small & ~tiny, "base"].notna().all()


def test_one_voice_is_no_table() -> None:
    table = single([20, 20, 20], clusters=2)
    assert all(withheld(published([table]), "deployment_stage"))


def test_a_unanimous_small_group_is_withheld() -> None:
    rows = [
        single([15, 0, 0]).frame.assign(deployment_type=make.TYPES[0]),
        single([30, 30, 30]).frame.assign(deployment_type=make.TYPES[1]),
    ]
    columns = ["deployment_type", *rows[0].columns[:-1]]
    table = make.table(make.clouds(40, 1), "deployment_stage", ["deployment_type"])
    table = table.with_frame(pd.concat(rows, ignore_index=True)[columns])
    assert withheld(published([table]), table.name)[0]
    assert not any(withheld(published([table], Policy(unanimous=False)), table.name))


def test_zeros_can_be_withheld() -> None:
    assert not any(withheld(published([single([0, 30, 30])]), "deployment_stage"))
    hidden = published([single([0, 30, 30])], Policy(zeros=False))
    assert withheld(hidden, "deployment_stage") == [True, True, False]


def test_a_dominated_total_is_withheld() -> None:
    table = make.total_of([0.3, 0.8])
    assert withheld(published([table]), "compute_cores_total") == [False, True]
    assert published([table])["compute_cores_total"].frame["value"].iloc[0] == 46_000_000


def test_the_p_percent_rule_needs_the_second_largest() -> None:
    table = make.total_of([0.6, 0.6])
    second = table.with_frame(table.frame.assign(second_share=[0.39, 0.1]))
    assert withheld(published([second]), "compute_cores_total") == [True, False]


def test_numbers_that_nobody_checked_do_not_stay_beside_withheld_ones() -> None:
    table = single([2, 9, 60])
    table = table.with_frame(table.frame.assign(cumulative=[2.0, 11.0, 71.0], se=0.1))
    frame = published([table])["deployment_stage"].frame
    assert frame["cumulative"].isna().all()
    assert frame["se"].notna().tolist() == [False, False, True]


def test_few_who_declined_are_withheld() -> None:
    table = single([20, 20, 20], declined=1)
    frame = published([table])["deployment_stage"].frame
    assert frame["declined"].isna().all()
    assert (frame["status"] == "ok").all()


def test_every_rule_fires_somewhere() -> None:
    tables = [
        *make.standing(make.clouds(60, 3)),
        make.total_of([0.3, 0.8]),
        make.median_of([40, 6]),
    ]
    audit = published(tables, Policy(zeros=False)).audit
    assert [rule for rule in RULES if audit[rule].sum() == 0] == []
    assert (audit["by_rule"] + audit["to_protect_others"] == audit["withheld"]).all()


@pytest.mark.parametrize(
    "wrong", [{"threshold": 0, "protection": -1, "dominance": 2}, {"cell_threshold": 2.5}]
)
def test_a_senseless_policy_names_every_rule(wrong: dict[str, float]) -> None:
    with pytest.raises(DisclosureError) as error:
        Policy(**wrong)
    assert all(name in str(error.value) for name in wrong)


def test_the_reader_finds_what_is_not_protected() -> None:
    """The test of the test: without complements the reader finds the small count."""
    table = single([2, 9, 60])
    frame = table.frame.astype({"count": "Int64"})
    frame.loc[0, ["count", "value"]] = pd.NA
    frame.loc[0, "status"] = "suppressed"
    [(_, row, low, high)] = Reader([table.with_frame(frame)], make.LABELS).deductions()
    assert (row, low, high) == (0, pytest.approx(2), pytest.approx(2))
