"""Change and trend: what must hold of every comparison, and cases with a known answer."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError
from survey.estimates import compare, nps, share, trend
from tests.estimates import builders as make

CLOSED = ["score", "drivers", "stage", "size", "tools", "projects", "public"]
concepts = st.sampled_from(CLOSED)
seeds = st.integers(0, 80)


@cache
def drawn(seed):
    return make.invented(seed, clouds=60, organizations=20)


@given(seeds, concepts, st.sampled_from([None, "stage", "tools"]))
def test_a_difference_is_that_of_the_shares(seed, concept, by):
    responses = drawn(seed)
    table = compare(responses, concept, "2018", "2019", by, unit="deployment").frame
    groups = ["edition", by] if by else ["edition"]
    shares = share(responses, concept, groups, unit="deployment").frame
    for number, year in ((1, "2018"), (2, "2019")):
        own = shares[shares["edition"] == year].reset_index(drop=True)
        names = (
            ("earlier", "earlier_count", "earlier_base")
            if number == 1
            else ("later", "count", "base")
        )
        assert own["count"].tolist() == table[names[1]].tolist()
        assert own["base"].tolist() == table[names[2]].tolist()
        both = table["value"].notna().to_numpy()
        assert own["value"][both].tolist() == table[names[0]][both].tolist()
    known = table[table["status"].isin(["ok", "imprecise"])]
    assert known["value"].to_numpy() == pytest.approx(
        (known["later"] - known["earlier"]).to_numpy()
    )
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    # No test is made on a base under ten.
    few = known[["earlier_base", "base"]].min(axis=1) < 10
    assert (few == (known["verdict"] == "too few to test")).all()
    assert (few == known["p"].isna()).all()
    tested = known[~few]
    assert ((tested["p"] < 0.05) == ((tested["low"] > 0) | (tested["high"] < 0))).all()
    assert (tested["p_adjusted"] >= tested["p"] - 1e-12).all()
    rest = table[~table["status"].isin(["ok", "imprecise"])]
    assert (rest["verdict"] == "not comparable").all()
    assert rest[["value", "low", "high", "se", "p"]].isna().all(axis=None)


@given(seeds, concepts)
def test_the_other_way_round_has_the_other_sign(seed, concept):
    responses = drawn(seed)
    there, back = (
        compare(responses, concept, *pair).frame for pair in (("2018", "2019"), ("2019", "2018"))
    )
    assert there["answer"].tolist() == back["answer"].tolist()
    for name, other, sign in (
        ("value", "value", -1),
        ("low", "high", -1),
        ("se", "se", 1),
        ("p", "p", 1),
        ("joint_p", "joint_p", 1),
    ):
        assert there[name].to_numpy() == pytest.approx(
            sign * back[other].to_numpy(), abs=1e-9, nan_ok=True
        )
    assert there["verdict"].tolist() == back["verdict"].tolist()


def twice(later: dict[str, object] | None = None) -> list[dict[str, object]]:
    """Return 40 organizations that answer the same in both editions, but for ``later``."""
    rows = []
    for edition in ("2018", "2019"):
        for number in range(40):
            own = {
                "edition": edition,
                "organization": f"o{number}",
                "stage": make.STAGES[number % 3],
                "tools": [make.TOOLS[number % 4]],
            }
            rows.append(own | (later or {} if edition == "2019" and number < 12 else {}))
    return rows


def test_organizations_that_stay_the_same_leave_little_doubt():
    """The same answers from the same organizations: no change, and hardly a doubt about it."""
    strangers = [
        row | {"organization": f"{row['organization']}-{row['edition']}"} for row in twice()
    ]
    frame, other = (
        compare(make.build(each), "stage", "2018", "2019").frame for each in (twice(), strangers)
    )
    assert frame["value"].tolist() == [0, 0, 0]
    assert frame["se"].to_numpy() == pytest.approx(0, abs=1e-12)
    # that none of them changed is a share of 0, which has an upper limit
    assert ((frame["high"] - frame["low"]) < 0.5 * (other["high"] - other["low"])).all()
    assert frame["verdict"].eq("could be noise").all()


def test_who_stays_makes_change_easier_to_see():
    rows = twice({"stage": "Production"})
    strangers = [row | {"organization": f"{row['organization']}-{row['edition']}"} for row in rows]
    known, unknown = (
        compare(make.build(each), "stage", "2018", "2019").frame.iloc[0]
        for each in (rows, strangers)
    )
    assert known["value"] == unknown["value"]
    assert known["se"] < 0.75 * unknown["se"]
    assert (known["verdict"], unknown["verdict"]) == ("clear change", "could be noise")


def test_a_reworded_question_is_not_compared():
    book = make.book(changed={"2018": {"stage": {"series": "old stage"}}})
    responses = make.build(twice(), book)
    table = compare(responses, "stage", "2018", "2019")
    assert table.frame["status"].eq("not comparable").all()
    assert table.frame["verdict"].eq("not comparable").all()
    assert table.frame["value"].isna().all()
    assert table.frame["earlier_base"].tolist() == [40, 40, 40], "what was asked still shows"
    assert any("worded differently" in note for note in table.notes)
    line = trend(responses, "stage").frame
    older = line[line["edition"] == "2018"]
    assert older["status"].eq("not comparable").all()
    assert older["value"].isna().all()
    assert line["series"].unique().tolist() == ["old stage", "stage"]
    assert line["verdict"].eq("not comparable").all()


def test_an_answer_that_is_new_leaves_a_gap():
    older = make.questionnaire()[6].choices[:3]
    book = make.book(changed={"2018": {"tools": {"choices": older}}})
    rows = [
        row | {"tools": ["Kolla"]} if row["tools"] == ["Juju"] and row["edition"] == "2018" else row
        for row in twice()
    ]
    frame = compare(make.build(rows, book), "tools", "2018", "2019").frame.set_index("answer")
    assert frame.loc["Juju", ["status", "verdict"]].tolist() == ["not offered", "not comparable"]
    assert frame.loc["Kolla", "status"] == "ok"
    line = trend(make.build(rows, book), "tools").frame.set_index(["edition", "answer"])
    assert line.loc[("2018", "Juju"), "status"] == "not offered"
    assert line.loc[("2019", "Juju"), "status"] == "ok"
    assert np.isnan(line.loc[("2019", "Juju"), "slope"])


def test_answers_that_were_merged_are_compared_as_one():
    tools = make.book().question("tools", "2019").choices
    merged = (
        *(replace(t, renamed_from=("Ansible", "Puppet")) for t in tools if t.label == "Ansible"),
        *(t for t in tools if t.label not in ("Ansible", "Puppet")),
    )
    book = make.book(changed={"2019": {"tools": {"choices": merged}}})
    table = compare(make.build(twice(), book), "tools", "2018", "2019")
    (note,) = (note for note in table.notes if "as one" in note)
    assert note.startswith("Between 2018 and 2019 Ansible and Puppet became Ansible")
    assert not any(
        "as one" in n for n in compare(make.build(twice()), "tools", "2018", "2019").notes
    )


def test_what_copies_would_change_is_told():
    rows = twice({"stage": "Production"})
    for row in rows[40:]:
        row["copied"] = row["stage"] != "Production"
    table = compare(make.build(rows), "stage", "2018", "2019")
    assert table.frame["base"].iloc[0] < 40
    with_copies = compare(make.build(rows), "stage", "2018", "2019", copies=True)
    gap = (with_copies.frame["value"] - table.frame["value"]).abs().max()
    assert any(f"up to {100 * gap:.1f} percentage points" in note for note in table.notes)


def test_the_family_of_verdicts_is_named():
    table = compare(make.build(twice()), "stage", "2018", "2019")
    assert any("3 comparisons in this table" in note for note in table.notes)


def climbing(tenths: int, organizations: int = 60) -> list[dict[str, object]]:
    return [
        {
            "edition": str(2018 + late),
            "organization": f"o{number}-{late}",
            "stage": "Production"
            if number < organizations * (3 + tenths * late) / 10
            else "Testing",
        }
        for late in range(4)
        for number in range(organizations)
    ]


def test_a_steady_rise_is_seen_and_measured():
    years = ("2018", "2019", "2020", "2021")
    frame = trend(make.build(climbing(1), make.book(years)), "stage").frame
    first = frame[frame["answer"] == "Production"]
    assert first["slope"].to_numpy() == pytest.approx(0.1)
    assert first["verdict"].eq("clear change").all()
    assert (first["slope_low"] > 0).all()
    flat = trend(make.build(climbing(0), make.book(years)), "stage").frame
    assert flat["verdict"].iloc[0] == "could be noise"
    assert (
        frame["value"].tolist()
        == share(make.build(climbing(1), make.book(years)), "stage", "edition")
        .frame["value"]
        .tolist()
    )


def test_a_complete_turn_is_a_clear_change():
    """From nobody to everybody leaves no residual, yet neither doubt nor certainty."""
    rows = [
        {"edition": edition, "organization": f"{edition}-{number}", "stage": stage}
        for edition, stage in (("2018", "Testing"), ("2019", "Production"))
        for number in range(30)
    ]
    row = trend(make.build(rows), "stage").frame.iloc[0]
    assert row["slope"] == 1
    assert row["p"] < 0.001
    assert row["slope_low"] < 1 < row["slope_high"]


def test_a_skipped_edition_does_not_bend_the_line():
    """The slope is per year, not per edition."""
    years = ("2018", "2019", "2020", "2021")
    whole = make.build(climbing(1), make.book(years))
    gap = make.book(years, {"2019": {"stage": None}})
    frame = trend(replace(whole, codebook=gap), "stage").frame
    assert frame[frame["edition"] == "2019"]["status"].eq("not offered").all()
    assert frame["slope"].iloc[0] == pytest.approx(0.1)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60), st.integers(1, 20))
def test_net_promoter_scores_come_from_counts(scores, organizations):
    rows = [
        {
            "organization": f"o{place % organizations}",
            "respondent": f"r{place}",
            "score": str(score),
        }
        for place, score in enumerate(scores)
    ]
    row = nps(make.build(rows), concept="score").frame.iloc[0]
    promoters, detractors = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    assert row["value"] == pytest.approx(100 * (promoters - detractors) / len(scores))
    assert (row["promoters"], row["detractors"]) == (promoters, detractors)
    assert row["promoters"] + row["passives"] + row["detractors"] == row["count"] == row["base"]
    assert -100 <= row["low"] <= row["value"] + 1e-9
    assert row["value"] - 1e-9 <= row["high"] <= 100
    assert row["high"] - row["low"] > 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda a: compare(a, "stage", "2018", "2109"), "did you mean '2019'"),
        (lambda a: compare(a, "stage", "2018", "2018"), "another edition"),
        (lambda a: compare(a, "stage", "2018", "2019", fdr=5), "such as 0.05"),
        (lambda a: compare(a, "remark", "2018", "2019"), "answers come from a list"),
        (lambda a: compare(a, "stage", "2018", "2019", by="edition"), "each grouping once"),
        (lambda a: trend(a, "stage", fdr=0), "such as 0.05"),
        (lambda a: nps(a, concept="stage", unit="deployment"), "from 0 to 10"),
        (lambda a: nps(a, concept="score", unit="organization"), "one by one"),
    ],
)
def test_mistakes_are_named_with_advice(call, words):
    with pytest.raises(EstimateError) as caught:
        call(make.invented(1))
    assert words in str(caught.value)
