"""Published tables, from answers that match them.

``published.csv`` holds what was printed: the technical committee's counts (openstack/governance,
``doc/source/user_survey``) and the percentages of the 2020 and 2021 reports (openinfra.dev).
``published_stages.csv`` holds the stacked bars of April 2016: tools by stage, of all deployments.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Kind, read_codebook
from survey.estimates import crosstab, nps, percentages, share
from survey.provenance import Provenance
from survey.responses import AnswerSetArray, AnswerSetDtype, Responses
from tests.estimates import builders as make

LOGGED = 300  # "over 300 deployments" were logged in 2021
PRINTED = pd.read_csv(Path(__file__).with_name("published.csv"), dtype={"edition": str})
TABLES = [
    pytest.param(edition, concept, rows, id=f"{source}-{edition}-{concept}")
    for (source, edition, concept), rows in PRINTED.groupby(
        ["source", "edition", "concept"], sort=False
    )
]


@cache
def codebook():
    return read_codebook()


def matching(edition: str, concept: str, counts: dict[str, int], size: int) -> Responses:
    """Build ``size`` deployments of which so many gave each answer."""
    question = codebook().question(concept, edition)
    if question.kind is Kind.SINGLE:
        given = [label for label, count in counts.items() for _ in range(count)]
        values = pd.Categorical([*given, *[None] * (size - len(given))], question.labels)
    else:
        items = question.row_labels or question.labels
        codes = np.zeros((size, len(items)), dtype=np.uint8)
        start = 0
        for answer, count in counts.items():
            item, _, level = answer.partition(" / ")
            chosen = np.arange(start, start + count) % size
            assert not codes[chosen, items.index(item)].any(), "levels exclude each other"
            codes[chosen, items.index(item)] = question.labels.index(level) + 1 if level else 1
            start = (start + count) % size
        levels = question.labels if question.kind is Kind.MATRIX else ()
        values = AnswerSetArray(codes, AnswerSetDtype(items, levels))
    keys = {
        "edition": edition,
        "organization": [f"o{place}" for place in range(size)],
        "respondent": [f"r{place}" for place in range(size)],
        "copied": False,
    }
    people = pd.DataFrame(keys)
    clouds = people.assign(deployment=[f"d{place}" for place in range(size)])
    clouds[concept] = values
    return Responses(
        people, clouds, codebook(), pd.DataFrame(), pd.DataFrame(), Provenance(codebook=(edition,))
    )


@pytest.mark.parametrize(("edition", "concept", "rows"), TABLES)
def test_what_was_printed_comes_out(edition, concept, rows):
    """Counts are exact; percentages are those printed, rounded or cut off as they were."""
    rows = rows.sort_values("answer")
    size = int(rows["base"].fillna(rows["count"].max()).fillna(LOGGED).iloc[0])
    counts = rows["count"].fillna(np.round(rows["percent"] * size / 100)).astype(int)
    if codebook().question(concept, edition).kind is Kind.SINGLE:
        size = max(size, int(counts.sum()))
    wanted = dict(zip(rows["answer"], counts, strict=True))
    table = share(matching(edition, concept, wanted, size), concept)
    frame = table.frame.set_index("answer")
    assert {answer: frame.loc[answer, "count"] for answer in wanted} == wanted
    exact = 100 * frame.loc[rows["answer"], "value"].to_numpy()
    printed = rows["percent"].to_numpy()
    known = ~np.isnan(printed)
    cut = np.floor(exact) == printed
    assert (cut | (np.round(exact) == printed))[known].all()
    if rows["count"].isna().all() and (table.several or printed.sum() == 100):
        shown = pd.Series(percentages(table), index=frame.index)
        assert shown[rows["answer"]].tolist() == printed.tolist()


def test_stacked_bars_are_shares_of_all():
    """Tools by stage, April 2016: parts of the 283 deployments that answered, to the digit."""
    printed = pd.read_csv(Path(__file__).with_name("published_stages.csv"))
    stages = dict(
        zip(
            ("Proof of Concept", "Dev/QA", "Production"),
            codebook().question("deployment_stage", "2015").labels,
            strict=True,
        )
    )
    sizes = {"Proof of Concept": 45, "Dev/QA": 54, "Production": 184}
    tools = codebook().question("deployment_tools", "2015").labels
    codes = []
    for stage, size in sizes.items():
        own = printed[printed["stage"] == stage].set_index("tool")["count"]
        own = own.rename({"Other Tool": "Other"}).reindex(tools).fillna(0).astype(int)
        part = np.zeros((size, len(tools)), dtype=np.uint8)
        start = 0
        for column, count in enumerate(own):  # one after the other, so that each has a tool
            part[(start + np.arange(count)) % size, column] = 1
            start += count
        codes.append(part)
    answers = matching("2015", "deployment_tools", {}, sum(sizes.values()))
    answers.deployments["deployment_tools"] = AnswerSetArray(
        np.vstack(codes), AnswerSetDtype(tools)
    )
    given = [stages[stage] for stage, size in sizes.items() for _ in range(size)]
    answers.deployments["deployment_stage"] = pd.Categorical(given, list(stages.values()))
    table = crosstab(
        answers, "deployment_tools", "deployment_stage", stats=["count", "total share"]
    ).frame.set_index(["deployment_stage", "answer"])
    for row in printed.itertuples():
        found = table.loc[(stages[row.stage], {"Other Tool": "Other"}.get(row.tool, row.tool))]
        assert found["count"] == printed.loc[row.Index, "count"]
        assert round(100 * found["total_share"]) == row.percent


def test_the_score_of_2021():
    """A score of 36 from 300 respondents: from counts, not from rounded shares."""
    scores = ["10"] * 163 + ["8"] * 82 + ["3"] * 55
    rows = [{"score": score} for score in scores]
    assert nps(make.build(rows), concept="score").frame["value"].tolist() == [36.0]
