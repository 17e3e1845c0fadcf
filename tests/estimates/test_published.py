"""Published tables, from answers that match them.

``published.csv`` holds what was printed: the technical committee's counts (openstack/governance,
``doc/source/user_survey``) and the percentages of the 2021 report (openinfra.dev).
"""

import runpy
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Kind, read_codebook
from survey.estimates import nps, percentages, share
from survey.provenance import Provenance
from survey.responses import AnswerSetArray, AnswerSetDtype, Responses

make = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("builders.py"))))
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
    wanted = dict(zip(rows["answer"], counts, strict=True))
    table = share(matching(edition, concept, wanted, size), concept)
    frame = table.frame.set_index("answer")
    assert {answer: frame.loc[answer, "count"] for answer in wanted} == wanted
    exact = 100 * frame.loc[rows["answer"], "value"].to_numpy()
    printed = rows["percent"].to_numpy()
    known = ~np.isnan(printed)
    cut = np.floor(exact) == printed
    assert (cut | (np.round(exact) == printed))[known].all()
    if rows["count"].isna().all():
        shown = pd.Series(percentages(table), index=frame.index)
        assert shown[rows["answer"]].tolist() == printed.tolist()


def test_the_score_of_2021():
    """A score of 36 from 300 respondents: from counts, not from rounded shares."""
    scores = ["10"] * 163 + ["8"] * 82 + ["3"] * 55
    rows = [{"score": score} for score in scores]
    assert nps(make.build(rows), concept="score").frame["value"].tolist() == [36.0]
