"""Shares: recounted by hand, and what must hold of every table."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError, ResponsesError
from survey.estimates import CORE_COLUMNS, share
from survey.estimates.shares.selection import REST
from survey.responses import Responses
from tests.estimates import builders as make

CLOSED = [
    "score",
    "drivers",
    "primary_country",
    "stage",
    "size",
    "tools",
    "projects",
    "public",
    "deployment_countries",
    "region",
    "deployment_region",
]
GROUPS = [
    None,
    "edition",
    "stage",
    "tools",
    "deployment_countries",
    "region",
    ["edition", "stage"],
    ["tools", "size"],
]

concepts = st.sampled_from(CLOSED)
groupings = st.sampled_from(GROUPS)
seeds = st.integers(0, 80)
bases = st.sampled_from(["answered", "asked", "all"])


@cache
def drawn(seed: int) -> Responses:
    return make.invented(seed, clouds=40, organizations=15)


def given_answers(responses: Responses, concept: str) -> list[list[str]]:
    """Return what each deployment answered, as lists of labels, without this room's code."""
    deployments = responses.deployments
    people = responses.respondents.set_index(["edition", "respondent"])
    keys = zip(deployments["edition"], deployments["respondent"], strict=True)
    source = {"region": "primary_country", "deployment_region": "deployment_countries"}
    name = source.get(concept, concept)
    values = (
        list(deployments[name]) if name in deployments else [people.loc[key, name] for key in keys]
    )
    names = {"DE": "Germany", "US": "United States", "JP": "Japan", "BR": "Brazil", "FR": "France"}
    regions = {"DE": "Europe", "FR": "Europe", "US": "Americas", "BR": "Americas", "JP": "Asia"}
    found = []
    for value in values:
        if isinstance(value, dict):
            listed = [f"{row} / {level}" for row, level in value.items()]
        elif isinstance(value, tuple):
            listed = list(value)
        elif value is None or value is pd.NA or value != value:
            listed = []
        else:
            listed = [{True: "Yes", False: "No"}.get(value, value)]
        if concept in source:
            listed = list(dict.fromkeys(regions.get(each, each) for each in listed))
        found.append([names.get(each, each) for each in listed])
    return found


DECLINED = {"Don't know", "Prefer not to say"}


def groups_of(responses: Responses, by: str | list[str] | None) -> list[set[tuple[str, ...]]]:
    groups: list[set[tuple[str, ...]]] = [{()} for _ in range(len(responses.deployments))]
    for name in [by] if isinstance(by, str) else by or []:
        own = (
            [[year] for year in responses.deployments["edition"]]
            if name == "edition"
            else given_answers(responses, name)
        )
        groups = [
            {(*key, label) for key in keys for label in labels if label not in DECLINED}
            for keys, labels in zip(groups, own, strict=True)
        ]
    return groups


@given(seeds, concepts, groupings, bases)
def test_counts_and_bases_are_those_counted_by_hand(seed, concept, by, base):
    responses = drawn(seed)
    frame = share(responses, concept, by, unit="deployment", base=base).frame
    answers, groups = given_answers(responses, concept), groups_of(responses, by)
    names = frame.columns[: list(frame.columns).index("answer")]
    for row in frame.to_dict("records"):
        inside = [
            labels
            for labels, keys in zip(answers, groups, strict=True)
            if tuple(row[name] for name in names) in keys
        ]
        substantive = [labels for labels in inside if set(labels) - DECLINED]
        counted = substantive if base == "answered" else inside
        assert row["base"] == len(counted)
        assert row["count"] == sum(row["answer"] in labels for labels in counted)
        declined = [labels for labels in inside if labels and not set(labels) - DECLINED]
        assert row["declined"] == len(declined)


@given(
    seeds,
    concepts,
    groupings,
    bases,
    st.sampled_from(["auto", "wilson", "logit", "beta", "bootstrap"]),
)
def test_every_row_is_whole(seed, concept, by, base, interval):
    """No number without a status, no status without its numbers, and everything in order."""
    table = share(drawn(seed), concept, by, unit="deployment", base=base, interval=interval)
    frame = table.frame
    start = list(frame.columns).index("answer")
    assert tuple(frame.columns[start : start + len(CORE_COLUMNS)]) == CORE_COLUMNS
    assert table.groups == table.spec.by
    known = frame["status"].isin(["ok", "imprecise"]).to_numpy()
    assert set(frame["status"]) <= {"ok", "imprecise", "empty", "not offered"}
    for name in ("value", "low", "high", "n_eff", "deff", "se"):
        assert (frame[name].notna().to_numpy() == known).all(), name
    shown = frame[known]
    assert (shown["value"] == shown["count"] / shown["base"]).all()
    assert ((shown["low"] >= 0) & (shown["high"] <= 1)).all()
    assert (shown["low"] <= shown["value"] + 1e-12).all()
    assert (shown["value"] <= shown["high"] + 1e-12).all()
    assert (shown["high"] - shown["low"] > 0).all(), "nothing is known exactly"
    assert (shown["n_eff"] <= shown["base"] + 1e-9).all()
    assert ((frame["imprecise_because"] != "") == (frame["status"] == "imprecise")).all()
    assert frame["count"].dtype.kind == frame["base"].dtype.kind == "i"


@given(seeds, st.sampled_from(["score", "primary_country", "stage", "size", "public"]), groupings)
def test_answers_that_exclude_each_other_add_up(seed, concept, by):
    table = share(drawn(seed), concept, by, unit="deployment")
    assert not table.several
    for _, rows in table.per_group():
        if (rows["base"] > 0).all():
            assert rows["count"].sum() == rows["base"].iloc[0]
            assert rows["value"].sum() == pytest.approx(1)


@given(seeds, concepts, st.sampled_from(["edition", "stage", "tools"]))
def test_a_group_is_what_its_selection_is_by_itself(seed, concept, by):
    responses = drawn(seed)
    table = share(responses, concept, by, unit="deployment").frame
    keys = groups_of(responses, by)
    for label, rows in table.groupby(by, sort=False):
        alone = responses.where(pd.Series([(label,) in each for each in keys]))
        single = share(alone, concept, unit="deployment").frame.set_index("answer")
        for row in rows.to_dict("records"):
            if row["base"] and row["answer"] in single.index:
                other = single.loc[row["answer"]]
                assert row["count"] == other["count"]
                assert row["base"] == other["base"]
                assert row["clusters"] == other["clusters"]


@given(seeds, concepts, groupings, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seed, concept, by, random):
    from dataclasses import replace

    responses = drawn(seed)
    order = list(range(len(responses.deployments)))
    random.shuffle(order)
    mixed = replace(responses, deployments=responses.deployments.iloc[order].reset_index(drop=True))
    first, second = (
        share(each, concept, by, unit="deployment").frame for each in (responses, mixed)
    )
    pd.testing.assert_frame_equal(first, second)


@given(seeds)
def test_nets_and_the_rest_are_unions(seed):
    responses = drawn(seed)
    nets = {"Config": ["Ansible", "Puppet"], "Any": list(make.TOOLS)}
    frame = share(responses, "tools", nets=nets).frame.set_index("answer")
    answers = [set(each) for each in given_answers(responses, "tools") if each]
    assert frame.loc["Config", "count"] == sum(
        bool(each & {"Ansible", "Puppet"}) for each in answers
    )
    assert frame.loc["Any", "count"] == frame.loc["Any", "base"] == len(answers)
    top = share(responses, "tools", top=2).frame
    assert top["answer"].tolist()[-1] == REST
    kept = set(top["answer"].tolist()[:-1])
    assert top["count"].tolist()[-1] == sum(bool(each - kept) for each in answers)
    least = min(top["count"].tolist()[:-1])
    others = share(responses, "tools").frame.set_index("answer")["count"].drop(list(kept))
    assert least >= others.max()


@given(seeds)
def test_organizations_count_once(seed):
    responses = drawn(seed)
    frame = share(responses, "tools", unit="organization").frame
    voices: dict[str, set[str]] = {}
    for who, tools in zip(
        responses.deployments["organization"], given_answers(responses, "tools"), strict=True
    ):
        voices.setdefault(who, set()).update(tools)
    answered = [each for each in voices.values() if each]
    assert (frame["base"] == len(answered)).all()
    for row in frame.itertuples():
        assert row.count == sum(row.answer in each for each in answered)
        assert row.clusters == row.base


@given(seeds)
def test_rankings_tell_mean_rank_and_first_places(seed):
    responses = drawn(seed)
    frame = share(responses, "drivers", by="edition").frame
    for year, rows in frame.groupby("edition", sort=False):
        people = responses.respondents[responses.respondents["edition"] == year]
        ranked = [each for each in people["drivers"] if each]
        for row in rows.itertuples():
            ranks = [each.index(row.answer) + 1 for each in ranked if row.answer in each]
            assert row.count == len(ranks)
            if ranks:
                assert row.mean_rank == pytest.approx(np.mean(ranks))
            if ranked:
                assert row.share_ranked_first == pytest.approx(
                    sum(rank == 1 for rank in ranks) / len(ranked)
                )


ONE_ORGANIZATION = [
    {"organization": "a", "stage": stage} for stage in ("Production",) * 3 + ("Testing",) * 2
]


def test_one_organization_is_one_voice():
    """Five clouds of one organization tell no more than one would, whatever they answer."""
    frame = share(make.build(ONE_ORGANIZATION), "stage").frame
    assert frame["n_eff"].tolist() == [1, 1, 1]
    assert frame["status"].eq("imprecise").all()
    assert (frame["high"] - frame["low"] > 0.5).all()


@pytest.mark.parametrize(("yes", "number"), [(0, 1), (1, 1), (0, 12), (12, 12), (0, 200)])
def test_nobody_and_everybody(yes, number):
    """At 0 and at n the interval is Wilson's over the organizations, two clouds in each."""
    from scipy.stats import binomtest

    rows = [
        {"organization": f"o{place // 2}", "stage": "Production" if place < 2 * yes else "Testing"}
        for place in range(2 * number)
    ]
    row = share(make.build(rows), "stage").frame.iloc[0]
    limits = binomtest(yes, number).proportion_ci(0.95, "wilson")
    assert (row["low"], row["high"]) == pytest.approx((limits.low, limits.high), abs=1e-9)
    assert row["deff"] == 2


def test_a_group_without_answers_keeps_its_shape():
    rows = [{"edition": "2018", "stage": "Production"}, {"edition": "2019"}]
    table = share(make.build(rows), "stage", "edition").frame
    later = table[table["edition"] == "2019"]
    assert len(later) == 3
    assert (later["status"] == "empty").all()
    assert later[["count", "base", "clusters"]].to_numpy().sum() == 0
    assert later[["value", "low", "high", "se"]].isna().all(axis=None)


def test_a_selection_of_nobody_keeps_its_shape():
    responses = make.invented(1)
    nobody = responses.where(pd.Series(False, index=responses.deployments.index))
    for concept in CLOSED[3:]:
        frame = share(nobody, concept, unit="deployment").frame
        assert len(frame) >= 1
        assert (frame["status"] == "empty").all()


class TestNotOffered:
    """An answer that an edition did not list is no 0 %."""

    older = tuple(make.questionnaire()[6].choices[:3])
    book = make.book(changed={"2018": {"tools": {"choices": older}, "public": None}})
    rows = (
        {"edition": "2018", "tools": ["Ansible"], "stage": "Production"},
        {"edition": "2018", "tools": ["Puppet", "Kolla"], "stage": "Testing"},
        {"edition": "2019", "tools": ["Juju"], "stage": "Production", "public": True},
        {"edition": "2019", "tools": ["Ansible"], "stage": "Production", "public": False},
        {"edition": "2019", "tools": ["Ansible"], "stage": "Testing"},
    )

    def test_by_edition_it_has_a_status(self):
        frame = share(make.build(self.rows, self.book), "tools", "edition").frame
        juju = frame.set_index(["edition", "answer"]).loc[(slice(None), "Juju"), :]
        assert juju["status"].tolist() == ["not offered", "imprecise"]
        assert juju["count"].tolist() == [0, 1]
        assert juju["base"].tolist() == [0, 3]

    def test_over_all_editions_its_base_is_those_that_offered_it(self):
        frame = share(make.build(self.rows, self.book), "tools").frame.set_index("answer")
        assert frame.loc["Juju", "base"] == 3
        assert frame.loc["Ansible", "base"] == 5

    def test_a_question_that_was_not_asked(self):
        frame = share(make.build(self.rows, self.book), "public", "edition").frame
        assert frame["status"].tolist() == ["not offered"] * 2 + ["imprecise"] * 2
        assert share(make.build(self.rows, self.book), "public", base="asked").frame["base"][0] == 3
        assert share(make.build(self.rows, self.book), "public", base="all").frame["base"][0] == 5

    def test_a_group_that_was_not_offered(self):
        frame = share(make.build(self.rows, self.book), "stage", ["edition", "tools"]).frame
        juju = frame[(frame["edition"] == "2018") & (frame["tools"] == "Juju")]
        assert set(juju["status"]) == {"not offered"}

    def test_an_answer_given_all_the_same_is_counted(self):
        rows = [*self.rows, {"edition": "2018", "tools": ["Juju"], "stage": "Testing"}]
        frame = share(make.build(rows, self.book), "tools", "edition").frame
        row = frame.set_index(["edition", "answer"]).loc[("2018", "Juju")]
        assert (row["count"], row["base"]) == (1, 3)


def test_copies_are_left_out_unless_asked_for():
    rows = [{"stage": "Production"}, {"stage": "Testing"}, {"stage": "Testing", "copied": True}]
    responses = make.build(rows)
    left_out = share(responses, "stage")
    assert left_out.frame["base"].tolist() == [2, 2, 2]
    assert any("1 deployment in" in note for note in left_out.notes)
    assert share(responses, "stage", copies=True).frame["count"].tolist() == [1, 2, 0]


def test_a_matrix_can_be_cut_by_row_level_or_cell():
    responses = make.invented(3)
    whole = share(responses, "projects").frame.set_index("answer")
    for items, wanted in (
        (["Nova"], ["Nova / Production", "Nova / Testing", "Nova / Interested"]),
        (["Testing"], ["Nova / Testing", "Neutron / Testing", "Cinder / Testing"]),
        (["Nova", "Cinder", "Testing"], ["Nova / Testing", "Cinder / Testing"]),
        (["Cinder / Interested"], ["Cinder / Interested"]),
    ):
        cut = share(responses, "projects", items=items).frame.set_index("answer")
        assert cut.index.tolist() == wanted
        pd.testing.assert_frame_equal(cut, whole.loc[wanted])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ({"concept": "stages"}, ResponsesError, "did you mean 'stage'"),
        ({"concept": "remark"}, EstimateError, "answers come from a list"),
        ({"concept": "stage", "by": "tool"}, EstimateError, "did you mean 'tools'"),
        ({"concept": "stage", "by": ["tools", "tools"]}, EstimateError, "each grouping once"),
        ({"concept": "stage", "by": "remark"}, EstimateError, "has no shares"),
        ({"concept": "stage", "unit": "deploymnt"}, EstimateError, "did you mean 'deployment'"),
        ({"concept": "stage", "unit": "respondent"}, EstimateError, "unit='deployment'"),
        ({"concept": "score", "by": "stage", "unit": "respondent"}, EstimateError, "unit="),
        ({"concept": "stage", "base": "asked!"}, EstimateError, "did you mean 'asked'"),
        ({"concept": "stage", "level": 95}, EstimateError, "between 0 and 1"),
        ({"concept": "tools", "items": ["Ansibel"]}, EstimateError, "did you mean 'Ansible'"),
        ({"concept": "tools", "nets": {"Any": ["Chef"]}}, EstimateError, "an answer that"),
        ({"concept": "tools", "nets": {"Juju": ["Juju"]}}, EstimateError, "name of its own"),
        ({"concept": "tools", "top": 0}, EstimateError, "from 1"),
        ({"concept": "tools", "cluster": "organisation"}, EstimateError, "'organization'"),
        ({"concept": "tools", "interval": "wald"}, EstimateError, "one of auto"),
    ],
)
def test_mistakes_are_named_with_advice(call, error, words):
    with pytest.raises(error) as caught:
        share(make.invented(1), **call)
    assert words in str(caught.value)


def test_the_same_question_gives_the_same_bytes():
    first, second = (share(make.invented(5), "tools", ["edition", "stage"]) for _ in range(2))
    assert first.frame.to_csv() == second.frame.to_csv()
    assert repr(first) == repr(second)
    assert first.spec == second.spec
    assert hash(first.spec) == hash(second.spec)


def test_resamples_that_all_agree_leave_the_interval_of_the_formula():
    rows = [{"edition": "2018", "organization": f"o{n}", "stage": "Production"} for n in range(30)]
    formula, resampled = (
        share(make.build(rows), "stage", interval=interval).frame[["low", "high"]]
        for interval in ("auto", "bootstrap")
    )
    assert (resampled["low"] < resampled["high"]).all()
    pd.testing.assert_frame_equal(resampled, formula)


@pytest.mark.parametrize("concept", ["stage", "tools"])
def test_resampling_organizations_agrees_with_linearizing(concept):
    responses = make.invented(9, clouds=400, organizations=200)
    formula, resampled = (
        share(responses, concept, "edition", interval=interval).frame
        for interval in ("auto", "bootstrap")
    )
    assert resampled["value"].tolist() == formula["value"].tolist()
    for side in ("low", "high"):
        assert resampled[side].to_numpy() == pytest.approx(formula[side].to_numpy(), abs=0.03)
    again = share(responses, concept, "edition", interval="bootstrap").frame
    pd.testing.assert_frame_equal(resampled, again)
