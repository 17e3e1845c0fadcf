"""Cross-tabulation, the whole questionnaire, and screening."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError
from survey.estimates import crosstab, rank_associations, share, topline
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
]
KEY = ["question", "banner", "group", "answer"]
seeds = st.integers(0, 20)
several = st.lists(st.sampled_from(CLOSED), min_size=2, max_size=4, unique=True)
bases = st.sampled_from(["answered", "asked", "all"])


@cache
def drawn(seed):
    return make.invented(seed, clouds=60, organizations=20)


@given(seeds, several, several, bases)
def test_the_matrix_product_counts_what_each_table_counts(seed, rows, cols, base):
    older = make.questionnaire()[6].choices[:3]
    book = make.book(changed={"2018": {"tools": {"choices": older}, "public": None}})
    responses = replace(drawn(seed), codebook=book) if seed % 2 else drawn(seed)
    columns = [*cols, "edition"]
    product = crosstab(
        responses, rows, columns, stats=["count"], base=base, unit="deployment"
    ).frame
    tables = crosstab(
        responses, rows, columns, stats=["count", "share"], base=base, unit="deployment"
    ).frame
    product[KEY] = product[KEY].astype(str)
    assert len(product) == len(tables)
    both = product.merge(tables, on=KEY, suffixes=("", "_each"), validate="1:1")
    assert len(both) == len(tables)
    assert both["count"].tolist() == both["count_each"].tolist()
    assert both["base"].tolist() == both["base_each"].tolist()
    status = both["status_each"].replace("imprecise", "ok")
    assert both["status"].astype(str).tolist() == status.tolist()
    known = both["status"].astype(str) == "ok"
    assert both["value"][known].tolist() == both["count"][known].tolist()
    assert both["value"][~known].isna().all()


@given(seeds, st.sampled_from(["stage", "tools", "score"]), st.sampled_from(["size", "tools"]))
def test_a_table_of_two_questions_is_a_share_by_group(seed, row, col):
    table = crosstab(drawn(seed), row, col, stats=["share"], unit="deployment")
    wanted = share(drawn(seed), row, col, unit="deployment")
    pd.testing.assert_frame_equal(table.frame, wanted.frame)
    assert table.groups == (col,)


@given(seeds)
def test_row_shares_add_up_over_columns_that_exclude_each_other(seed):
    frame = crosstab(drawn(seed), "tools", "size", stats=["row share"]).frame
    sums = frame.groupby("answer")["row_share"].sum()
    assert sums[sums > 0].to_numpy() == pytest.approx(1)


@given(seeds, st.sampled_from(["size", "tools"]))
def test_a_column_is_compared_with_the_others_of_its_banner(seed, col):
    responses = drawn(seed)
    frame = crosstab(responses, "stage", col, stats=["verdict"]).frame
    clouds = responses.deployments
    members = pd.Series(
        [
            (given,) if isinstance(given, str) else given or ()
            for given in clouds[col].astype(object).where(clouds[col].notna(), None)
        ]
    )
    known = clouds["stage"].notna()
    inside = members.map(lambda labels: bool(set(labels) - {"Don't know"})) & known
    for row in frame.itertuples():
        own = members.map(lambda labels, group=row[1]: group in labels) & inside
        rest = inside & ~own
        if own.any() and rest.any():
            wanted = (clouds["stage"][own] == row.answer).mean() - (
                clouds["stage"][rest] == row.answer
            ).mean()
            assert row.difference == pytest.approx(wanted)
            if min(own.sum(), rest.sum()) < 10:
                assert row.verdict == "too few to test"
                continue
            assert row.verdict in ("higher than the rest", "lower than the rest", "could be noise")
            if row.verdict != "could be noise":
                assert (row.difference > 0) == row.verdict.startswith("higher")
        else:
            assert row.verdict == "not comparable"


def test_letters_name_the_columns_that_are_exceeded():
    """90 % of large clouds are in production, 20 % of the others: C exceeds A and B."""
    rows = [
        {"size": size, "stage": "Production" if number < most else "Testing"}
        for size, most in zip(make.SIZES, (12, 12, 54), strict=True)
        for number in range(60)
    ]
    frame = crosstab(make.build(rows), "stage", "size", stats=["letters"]).frame
    found = frame.set_index(["answer", "size"])
    assert found.loc["Production", "letter"].tolist() == ["A", "B", "C"]
    assert found.loc["Production", "higher_than"].tolist() == ["", "", "AB"]
    assert found.loc["Testing", "higher_than"].tolist() == ["C", "C", ""]


def test_the_whole_questionnaire():
    responses = make.invented(2)
    tables = topline(responses)
    assert list(tables) == [*CLOSED[:3], *CLOSED[3:]]
    pd.testing.assert_frame_equal(tables["tools"].frame, share(responses, "tools").frame)
    crossed = topline(responses, by="stage", level=0.9)
    assert crossed["score"].spec.unit.value == "deployment"
    assert crossed["score"].spec.level == 0.9


def planted(seed: int) -> list[dict[str, object]]:
    """Return clouds whose tools depend on their size, and on nothing else."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(240):
        size = int(rng.integers(3))
        tools = [
            tool
            for tool, chance in zip(make.TOOLS, (0.2 + 0.3 * size, 0.4, 0.4, 0.4, 0.1), strict=True)
            if rng.random() < chance
        ]
        rows.append(
            {
                "organization": f"o{number % 160}",
                "size": make.SIZES[size],
                "tools": tools,
                "stage": make.STAGES[rng.integers(3)],
                "public": bool(rng.random() < 0.5),
                "projects": {
                    name: make.LEVELS[rng.integers(3)]
                    for name in make.PROJECTS
                    if rng.random() < 0.6
                },
            }
        )
    return rows


def test_screening_finds_what_was_planted():
    found = rank_associations(make.build(planted(1)), "size").frame
    first = found.iloc[0]
    assert (first["answer"], first["strongest"]) == ("tools", "Ansible")
    assert first["verdict"] == "clear association"
    # Shares of 20, 50 and 80 % in groups of equal size: V is the root of 0.06 / 0.25.
    assert first["low"] < np.sqrt(0.06 / 0.25) < first["high"]
    assert found["verdict"].iloc[1:].isin(["could be noise", "not comparable"]).all()
    assert found["value"].iloc[1:].max() < 0.2


def test_screening_two_questions_is_the_same_both_ways():
    responses = make.build(planted(2))
    for one, two in (("size", "tools"), ("stage", "size"), ("tools", "projects")):
        there, back = (
            rank_associations(responses, a, against=[b]).frame.iloc[0]
            for a, b in ((one, two), (two, one))
        )
        for name in ("value", "low", "high", "p", "base"):
            assert there[name] == pytest.approx(back[name])


def test_screening_knows_pearsons_statistic():
    """Unclustered single answers: Cramer's V and the test are the textbook's, to first order."""
    from scipy.stats import chi2_contingency

    responses = make.build(planted(3))
    found = rank_associations(responses, "size", against=["stage"], cluster=None).frame.iloc[0]
    table = pd.crosstab(responses.deployments["size"], responses.deployments["stage"])
    wanted = chi2_contingency(table.loc[:, table.sum() > 0], correction=False)
    assert found["p"] == pytest.approx(wanted.pvalue, abs=0.02)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda a: crosstab(a, "stage", "size", stats=["counts"]), "did you mean 'count'"),
        (lambda a: crosstab(a, [], "size"), "at least one concept"),
        (lambda a: crosstab(a, "stage", "remark"), "has no shares"),
        (lambda a: crosstab(a, "stage", "size", fdr=5), "such as 0.05"),
        (lambda a: rank_associations(a, "stage", against=["tool"]), "did you mean 'tools'"),
        (lambda a: rank_associations(a, "remark"), "has no shares"),
    ],
)
def test_mistakes_are_named_with_advice(call, words):
    with pytest.raises(EstimateError) as caught:
        call(make.invented(1))
    assert words in str(caught.value)
