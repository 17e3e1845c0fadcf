"""Small pieces of the gate: names of columns, design effects, thresholds, what is handed out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Ledger, Policy, Publication, Register, protect
from survey.disclosure.cuts import classes_of
from survey.disclosure.effect import design_effect
from survey.disclosure.ledger.column_names import asks_its_own, column_names, question_name
from survey.disclosure.policy import Profile
from survey.disclosure.public import public_table
from survey.disclosure.publication import Tables, handing_out_once, sealing
from survey.disclosure.refusals import refuse_without_keys
from survey.disclosure.unperturbed import exact_table, table_above_threshold
from survey.errors import DisclosureError, SurveyError
from survey.estimates import Estimates, share, total
from survey.estimates.examples import answers
from survey.provenance import Provenance
from survey.responses import ONE_PER_CLOUD, WITH_COPIES
from tests.disclosure import builders as make
from tests.disclosure.surveys import invented
from tests.disclosure.tabulations import by_hand

# ---------------------------------------------------------------- names and effects


def test_a_column_is_named_by_what_was_asked_of_whom_and_where() -> None:
    table = share(
        invented(90, 2, ("2018", "2019")), "industry", by=["edition", "organization_size"]
    )
    assert table.arguments is not None
    question = "respondent|industry|answered|"
    assert question_name(table) == question
    cells = by_hand([[1]] * 2, [[9]] * 2)
    cells = dataclasses.replace(
        cells, names=("size", "edition", "age"), groups=(("S", "2018", "x"), ("L", "2019", "y"))
    )
    assert column_names(table, table.arguments, cells) == [
        f"{question}|2018|age=x,size=S",
        f"{question}|2019|age=y,size=L",
    ]
    alone = dataclasses.replace(cells, names=("size",), groups=(("S",), ("L",)))
    names = column_names(table, table.arguments, alone)
    assert names == [f"{question}|2018+2019|size=S", f"{question}|2018+2019|size=L"]
    every = share(invented(90, 2), "industry", base="all", level=0.9)
    assert question_name(every) == "respondent|industry|all|"


def test_a_selection_has_questions_of_its_own() -> None:
    everybody = invented(40, 2)
    more = dataclasses.replace(
        everybody, deployments=everybody.deployments.assign(upgrade_path="x")
    )
    assert not asks_its_own(everybody, everybody, "industry")
    assert not asks_its_own(everybody, everybody, "hypervisors")
    assert asks_its_own(everybody, more, "upgrade_path")


@pytest.mark.parametrize(
    ("effects", "counts", "expected"),
    [
        ([1.25, 1.25], [1, 1], 1.25),
        ([1.26, 1.26], [1, 1], 1.5),
        ([1.0, 2.0], [3, 1], 1.25),
        ([1.0, 2.0], [1, 3], 1.75),
        ([0.2, 0.4], [1, 1], 1.0),
        ([9.0, 9.0], [1, 1], 4.0),
        ([np.nan, 1.6], [5, 1], 1.75),
        ([3.0, 1.1], [0, 1], 1.25),
        ([np.nan, np.inf], [1, 1], 1.0),
    ],
)
def test_a_design_effect_is_rounded_up_to_a_quarter(
    monkeypatch: pytest.MonkeyPatch, effects: list[float], counts: list[int], expected: float
) -> None:
    known = np.array([effects]), np.array([counts], dtype=float)
    monkeypatch.setattr("survey.disclosure.effect._effects", lambda *_: known)
    assert design_effect(share(invented(20, 1), "industry")) == expected


def test_where_no_share_can_be_computed_the_usual_effect_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise SurveyError("no shares", [])

    monkeypatch.setattr("survey.disclosure.effect._effects", fails)
    assert design_effect(share(invented(20, 1), "industry")) == 1.5


# ---------------------------------------------------------------- what has no public numbers


def test_internal_statistics_and_tables_of_nothing_have_no_public_table() -> None:
    table = share(invented(40, 2), "industry")
    assert table.statistic is not None
    assert public_table(dataclasses.replace(table, statistic=None), Policy()) is None
    internal = dataclasses.replace(table.statistic, public=None)
    assert public_table(dataclasses.replace(table, statistic=internal), Policy()) is None
    for missing in ("design", "arguments"):
        with pytest.raises(DisclosureError, match="who was counted"):
            public_table(dataclasses.replace(table, **{missing: None}), Policy())
        assert classes_of(dataclasses.replace(table, **{missing: None}), Policy()) == {}


@pytest.mark.parametrize(("count", "key", "refused"), [(1, 0, True), (0, 0, False), (1, 5, False)])
def test_counts_of_records_without_keys_are_refused(count: int, key: int, refused: bool) -> None:
    table = make.counted("deployment_stage", [20, 20])
    cells = by_hand([[count, 0]], [[9, 9]], [[key, 0]])
    if refused:
        with pytest.raises(DisclosureError, match="records without keys"):
            refuse_without_keys(table, cells)
    else:
        refuse_without_keys(table, cells)


# ---------------------------------------------------------------- exact tables


def with_bases(table: Estimates, *bases: int, **columns: list[object]) -> Estimates:
    frame = table.frame.assign(base=list(bases), **columns)
    return table.with_frame(frame)


def test_a_table_above_a_threshold_hides_groups_under_it() -> None:
    table = share(answers(), "deployment_stage", by="edition").named("stages", "t")
    status = ["ok", "ok", "imprecise", "empty", "not offered", "ok"]
    some = with_bases(table, 9, 10, 11, 0, 0, 9, status=status)
    made = table_above_threshold(some, Policy(profile=Profile.THRESHOLD))
    assert made is not None
    frame = made.frame
    assert frame["status"].tolist() == [
        "suppressed", "ok", "imprecise", "empty", "not offered", "suppressed",
    ]  # fmt: skip
    hidden = [True, False, False, False, False, True]
    for name in ("count", "base", "value", "low", "high"):
        assert frame[name].isna().tolist()[:3] == hidden[:3], name
        assert frame[name].isna().tolist()[5], name
    assert frame["answer"].tolist() == table.frame["answer"].tolist()
    assert "se" not in frame
    assert made.design is None
    rounded = frame["value"].dropna() * 100
    assert (rounded - rounded.round()).abs().max() < 1e-9


def test_breakdowns_and_internal_statistics_have_none() -> None:
    policy = Policy(profile=Profile.THRESHOLD)
    table = share(invented(60, 2), "deployment_stage", by="region")
    assert table_above_threshold(table, policy) is None
    whole = share(invented(60, 2), "deployment_stage")
    assert table_above_threshold(whole, policy) is not None
    assert table_above_threshold(dataclasses.replace(whole, statistic=None), policy) is None
    assert whole.statistic is not None
    internal = dataclasses.replace(whole.statistic, public=None)
    assert table_above_threshold(dataclasses.replace(whole, statistic=internal), policy) is None


def test_an_exact_table_is_a_copy_that_says_so() -> None:
    table = share(invented(60, 2), "deployment_stage").named("stages", "t")
    made = exact_table(table)
    assert made.title.startswith("INTERNAL: ")
    assert (made.design, made.arguments) == (None, None)
    pd.testing.assert_frame_equal(made.frame, table.frame)
    made.frame.loc[0, "answer"] = "changed"
    assert table.frame.loc[0, "answer"] != "changed"
    assert exact_table(dataclasses.replace(table, title="")).title == "INTERNAL: stages"


# ---------------------------------------------------------------- what is handed out


def test_copies_are_handed_out_one_for_each_access_or_once() -> None:
    tables = Tables({"a": share(answers(), "deployment_stage")})
    assert tables["a"].frame is not tables["a"].frame
    with handing_out_once():
        assert tables["a"] is tables["a"]
    assert tables["a"] is not tables["a"]
    assert (len(tables), [*tables], repr(tables)) == (1, ["a"], "Tables(a)")


def test_only_the_gate_makes_a_publication() -> None:
    def made() -> Publication:
        return Publication("T", "2019", {}, Policy(), Provenance())

    for _ in range(2):
        with pytest.raises(DisclosureError, match="cannot be made by hand"):
            made()
        with sealing():
            assert len(made()) == 0


def test_texts_with_missing_ones_before_them_are_read() -> None:
    table = share(answers(), "deployment_stage")
    own = pd.Series([None, "half \ud83d", 7], dtype=object)
    plain = pd.Series([None, "whole", 7], dtype=object)
    shown = Tables({"a": table.with_frame(table.frame.assign(one=own, other=plain))})["a"].frame
    assert shown["one"].tolist() == [None, "half \N{REPLACEMENT CHARACTER}", 7]
    assert shown["other"].tolist() == [None, "whole", 7]


def test_a_publication_says_what_it_is_and_what_it_leaves_out() -> None:
    table = share(invented(90, 2), "deployment_stage").named("stages", "sizes")
    gone = table.with_frame(table.frame.assign(status="suppressed")).named("gone", "more")
    some = invented(90, 2)

    def made(policy: Policy, *, final: bool, steps: tuple[str, ...] = ()) -> object:
        origin = dataclasses.replace(table.provenance, steps=steps)
        known = [dataclasses.replace(each, provenance=origin) for each in (table, gone)]
        register = Register(Ledger("k"), final=final)
        return protect(known, policy, title="T", edition="2019", answers=some, register=register)

    internal = Policy(profile=Profile.INTERNAL)
    draft, last, own = (
        made(Policy(), final=False),
        made(Policy(), final=True),
        made(internal, final=False),
    )
    assert (draft.status, last.status, own.status) == ("draft", "final", "internal")
    assert draft.stamp == "DRAFT: not published. Numbers may change."
    assert last.stamp == ""
    assert own.stamp == "INTERNAL: exact and complete. Not for publication."
    assert own.withheld == len(gone)
    assert own.topics == ("sizes", "more")
    telling = own.telling()
    assert [*telling.tables] == ["stages"]
    assert telling.withheld_tables == (own["gone"].title,)
    assert draft.telling() is draft
    assert "withheld, made-up" not in repr(draft)
    assert f"2 tables, {2 * len(table)} rows, {len(gone)} withheld" in repr(own)
    first, voices, *_ = draft.left_out
    assert first.endswith("are included.")
    assert "counts once for each description" in voices
    first, voices, *_ = made(Policy(), final=False, steps=(WITH_COPIES, ONE_PER_CLOUD)).left_out
    assert first.startswith("Some tables include records")
    assert "has one voice" in voices


def test_numbers_are_judged_by_the_limits_that_they_print_and_shares_at_95_per_cent() -> None:
    some = invented(240, 5)
    by = {"by": "industry", "replicates": 100}
    totals = {level: total(some, "compute_cores", level=level, **by) for level in (0.95, 0.5)}
    shares = {level: share(some, "deployment_type", by="industry", level=level) for level in totals}
    found = [
        protect([each.named("a", "t")], title="T", edition="2019")["a"].frame["status"].tolist()
        for each in (*totals.values(), *shares.values())
    ]
    assert (found[0].count("imprecise"), found[1].count("imprecise")) == (1, 0)
    assert "imprecise" in found[2]
    assert found[2] == found[3]
