"""Every verb, the standing tables, the topline and the quality page, on any subset of questions."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from survey.estimates import (
    Estimates,
    association,
    compare,
    crosstab,
    median,
    new_clouds,
    nps,
    rank_associations,
    ratio,
    sensitivity,
    share,
    topline,
    total,
    trend,
)
from survey.exports import read_export
from survey.responses import Presence, Responses, clean, implausible, pool, quality, release_facts
from survey.topics import standing_tables

RAW = Path(__file__).parents[2] / "data/raw"
YEARS = ("2023", "2024")


@pytest.fixture(scope="module")
def parts() -> tuple[Responses, ...]:
    files = (RAW / f"Survey_{year}0831120000.csv" for year in YEARS)
    return tuple(clean(read_export(file), key=b"k" * 32) for file in files)


def without(part: Responses, gone: list[str]) -> Responses:
    """Return answers of a file that had no column for some questions."""
    (edition,) = part.editions
    return replace(
        part,
        respondents=part.respondents.drop(columns=gone, errors="ignore"),
        deployments=part.deployments.drop(columns=gone, errors="ignore"),
        presence=Presence(MappingProxyType({edition: dict.fromkeys(gone, ())})),
    )


def lost(answers: Responses, table: Estimates, edition: str) -> bool:
    named = {table.spec.concept, *table.spec.by} & set(answers.concepts)
    asked = answers.codebook.edition(edition).by_concept
    return any(each in asked and not answers.available(each, edition) for each in named)


@pytest.mark.parametrize(("seed", "kept"), [(1, 0.0), (2, 0.4)])
def test_the_standing_tables_of_a_subset(
    parts: tuple[Responses, ...], seed: int, kept: float
) -> None:
    rng = random.Random(seed)
    cut = [without(part, [c for c in part.concepts if rng.random() > kept]) for part in parts]
    for answers in (pool(cut), cut[1]) if kept else (pool(cut),):
        for table in (*standing_tables(answers), *topline(answers).values()):
            for edition in table.editions:
                rows = table.frame
                if "edition" in rows:
                    rows = rows[rows["edition"].astype(str) == edition]
                if len(table.editions) == 1 or "edition" in table.frame:
                    assert not (lost(answers, table, edition) and rows["value"].notna().any())
        assert quality(answers).sections
        implausible(answers)


def of_the_newest(answers: Responses) -> Estimates:
    newest = answers.in_edition("2024")
    return sensitivity(newest, median(newest, "compute_cores"))


VERBS: dict[str, Callable[[Responses], Estimates]] = {
    "share": lambda a: share(a, "compute_cores"),
    "share by": lambda a: share(a, "deployment_stage", by=["edition", "compute_cores"]),
    "share of regions": lambda a: share(a, "region"),
    "median": lambda a: median(a, "compute_cores", by="deployment_stage"),
    "total": lambda a: total(a, "compute_cores", by="edition", replicates=100),
    "ratio": lambda a: ratio(a, "compute_cores", "compute_nodes"),
    "nps": lambda a: nps(a, by="edition"),
    "crosstab": lambda a: crosstab(a, ["deployment_stage"], ["compute_cores", "edition"]),
    "compare": lambda a: compare(a, "compute_cores", *YEARS),
    "trend": lambda a: trend(a, "compute_cores"),
    "rank_associations": lambda a: rank_associations(
        a, "compute_cores", against=["deployment_stage"]
    ),
    "association": lambda a: association(a, "compute_cores", "compute_nodes"),
    "new clouds": lambda a: new_clouds(a, 9, by="edition"),
    "sensitivity": lambda a: sensitivity(
        a.in_edition("2024"), median(a.in_edition("2024"), "compute_cores")
    ),
    "releases": lambda a: share(release_facts(a), "newest_release_support", by="edition"),
}
GONE = ["compute_cores", "compute_nodes", "likelihood_to_recommend", "releases_in_use"]
GONE += ["deployment_year", "primary_country"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("editions", [YEARS, ("2024",)], ids=["both", "newest"])
def test_a_verb_on_questions_that_are_gone(
    parts: tuple[Responses, ...], verb: str, editions: tuple[str, ...]
) -> None:
    cut = pool(without(part, GONE) if part.editions[0] in editions else part for part in parts)
    table = VERBS[verb](cut)
    for edition in editions:
        rows = table.frame
        if "edition" in rows:
            rows = rows[rows["edition"].astype(str) == edition]
        elif len(editions) < len(table.editions):
            continue
        if verb != "crosstab" or "group" not in rows:
            assert rows["value"].isna().all()
            assert set(rows["status"].astype(str)) == {"not available"}
    assert all(len(note) > 5 for note in table.notes)
