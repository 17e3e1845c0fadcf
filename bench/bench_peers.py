"""Verbs beside the best peer that does the same, at the size of a survey and at 10,000 clouds.

polars, duckdb and pandas count; R's package ``survey`` has the same intervals. Peers hold the
answers in the form that suits them best, and start with them in memory. A peer that is not
installed is left out, and said to be (the extra ``bench``; R with ``r-cran-survey``).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bench_estimates import LARGE, SMALL, answers
from timing import Ratio, compared, side_by_side

from survey.codebook import Unit
from survey.estimates import (
    Estimates,
    compare,
    crosstab,
    mean,
    median,
    nps,
    rank_associations,
    ratio,
    share,
    topline,
    total,
    trend,
)
from survey.estimates.design.sample import draw
from survey.estimates.shares.topline import closed_questions
from survey.estimates.tabulation.indicator import read_indicator
from survey.responses import Responses

R_SCRIPT = """
library(survey)
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
questions <- sub("_[0-9]+$", "", names(data)[-1])
run <- function() {
  design <- svydesign(ids = ~cluster, weights = ~1, data = data)
  for (question in unique(questions)) {
    columns <- names(data)[-1][questions == question]
    answered <- subset(design, !is.na(data[[columns[1]]]))
    found <- svymean(reformulate(columns), answered)
    confint(found)
  }
}
run()
for (turn in 1:3) cat(sum(system.time(run())[1:2]), "\\n")
"""


def bench_counts_of_all_questions() -> list[Ratio]:
    """Tabulate every closed question with intervals, beside peers that count it and its base."""
    found = []
    for size in (SMALL, LARGE):
        tables = answers(size)
        closed = closed_questions(tables)
        given = {name: _given(tables, name) for name in closed}
        several = frozenset(name for name in closed if max(map(len, given[name])) > 1)
        beside = partial(topline, tables, unit="deployment")
        for peer, limit, count in _counters(given, several):
            name = f"{len(closed)} questions with intervals, {size:,} deployments"
            against = f"{peer} counting answers and bases"
            found.append(side_by_side(name, beside, count, against=against, limit=limit, repeat=15))
        name = f"the same, {size:,} deployments, each table looked at"
        looked_at = partial(_looked_at, beside)
        _, _, polars = _counters(given, several)[0]
        found.append(side_by_side(name, looked_at, polars, against="the first of these peers"))
    return found


def _looked_at(tables: Callable[[], Mapping[str, Estimates]]) -> list[pd.DataFrame]:
    """Return the frames of tables, which are made when somebody looks."""
    return [table.frame for table in tables().values()]


def _given(tables: Responses, name: str) -> list[list[str]]:
    """Return the answers of each deployment; none where it did not answer."""
    sample = draw(tables, Unit.DEPLOYMENT)
    indicator = read_indicator(sample, name).substantive()
    return [[indicator.answers[place] for place in np.flatnonzero(row)] for row in indicator.chosen]


_Counter = tuple[str, float | None, Callable[[], Any]]


def _counters(given: Mapping[str, list[list[str]]], several: frozenset[str]) -> list[_Counter]:
    """Return peers, with the limit that is on each, and what counts all questions.

    All have what a person has who cleaned the answers with them: a row per deployment and a column
    per question, with one answer or a list of them that is split already, and nothing where there
    was no answer.
    """
    peers = {"polars": (5.0, _polars), "duckdb": (None, _duckdb), "pandas": (None, _pandas)}
    return [
        (name, limit, counter(given, several))
        for name, (limit, counter) in peers.items()
        if find_spec(name)
    ]


def _column(lists: list[list[str]], *, several: bool) -> list[Any]:
    return [(each if several else each[0]) if each else None for each in lists]


def _polars(given: Mapping[str, list[list[str]]], several: frozenset[str]) -> Callable[[], Any]:
    import polars as pl

    columns = []
    for name, lists in given.items():
        kind = pl.List(pl.String) if name in several else pl.String
        final = pl.List(pl.Categorical) if name in several else pl.Categorical
        values = _column(lists, several=name in several)
        columns.append(pl.Series(name, values, dtype=kind).cast(final))
    frame = pl.DataFrame(columns)

    def counted(name: str) -> tuple[int, Any]:
        answered = frame[name].drop_nulls()
        each = answered.explode() if name in several else answered
        return len(answered), each.value_counts()

    return lambda: [counted(name) for name in given]


def _duckdb(given: Mapping[str, list[list[str]]], several: frozenset[str]) -> Callable[[], Any]:
    import duckdb

    base = duckdb.connect()
    base.execute("set threads = 1")
    answers = pd.DataFrame(
        {name: _column(lists, several=name in several) for name, lists in given.items()}
    )
    base.execute("create table answers as select * from answers")
    del answers
    bases = "select " + ", ".join(f'count("{name}")' for name in given) + " from answers"
    each = {name: f'unnest("{name}")' if name in several else f'"{name}"' for name in given}
    counts = [
        f"select answer, count(answer) from (select {what} as answer from answers) group by all"
        for what in each.values()
    ]
    return lambda: [base.execute(query).fetchall() for query in (bases, *counts)]


def _pandas(given: Mapping[str, list[list[str]]], several: frozenset[str]) -> Callable[[], Any]:
    series = {
        name: pd.Series(
            _column(lists, several=name in several),
            dtype=object if name in several else "category",
        )
        for name, lists in given.items()
    }

    def counted(name: str) -> tuple[int, Any]:
        answered = series[name].dropna()
        each = answered.explode() if name in several else answered
        return len(answered), each.value_counts()

    return lambda: [counted(name) for name in given]


def bench_intervals() -> list[Ratio]:
    """Compute clustered intervals of all closed questions, beside R's ``svymean``."""
    if not shutil.which("Rscript"):
        print("R is not installed: no intervals beside it", file=sys.stderr)
        return []
    return [_beside_r(size) for size in (SMALL, LARGE)]


def _beside_r(size: int) -> Ratio:
    tables = answers(size)
    sample = draw(tables, Unit.DEPLOYMENT)
    columns: dict[str, Any] = {"cluster": sample.cluster}
    for number, name in enumerate(closed_questions(tables)):
        indicator = read_indicator(sample, name).substantive()
        for place in range(len(indicator.answers)):
            given = indicator.chosen[:, place].astype(float)
            columns[f"q{number}_{place}"] = np.where(indicator.answered, given, np.nan)
    with tempfile.TemporaryDirectory() as folder:
        file, script = Path(folder) / "answers.csv", Path(folder) / "svymean.R"
        pd.DataFrame(columns).to_csv(file, index=False, na_rep="NA")
        script.write_text(R_SCRIPT, encoding="utf-8")
        said = subprocess.run(
            ["Rscript", str(script), str(file)], capture_output=True, text=True, check=True
        ).stdout
    ours = side_by_side(
        "", partial(topline, tables, unit="deployment"), lambda: None, against="", repeat=5
    )
    theirs = [float(line) for line in said.split()]
    name = f"all closed questions with clustered intervals, {size:,} deployments"
    return compared(name, [ours.ours], theirs, "R survey: svymean and confint", 0.1)


def bench_verbs() -> list[Ratio]:
    """Compute one table of each verb, beside what a person does not notice."""
    found = []
    for size, patience in ((SMALL, 0.1), (LARGE, 0.3)):
        tables = answers(size)
        for name, verb in _verbs(tables).items():
            verb()
            alone = side_by_side(name, verb, lambda: None, against="", repeat=3)
            said = f"{name}, {size:,} deployments"
            against = f"{1000 * patience:.0f} ms"
            found.append(Ratio(said, alone.ours, patience, against, 1.0))
    return found


def _verbs(tables: Responses) -> dict[str, Callable[[], object]]:
    earlier, later = tables.editions[-2:]
    return {
        "share by edition": lambda: share(tables, "hypervisors", "edition"),
        "nps by edition": lambda: nps(tables, "edition"),
        "median": lambda: median(tables, "compute_cores"),
        "total by stage": lambda: total(tables, "compute_cores", by="deployment_stage"),
        "compare": lambda: compare(tables, "hypervisors", earlier, later),
        "trend": lambda: trend(tables, "hypervisors"),
        "crosstab": lambda: crosstab(tables, "hypervisors", "deployment_stage"),
        "mean by edition": lambda: mean(tables, "likelihood_to_recommend", "edition"),
        "ratio": lambda: ratio(tables, "compute_cores", "compute_nodes"),
        "rank associations": lambda: rank_associations(tables, "deployment_stage"),
        "topline by edition": partial(_looked_at, lambda: topline(tables, "edition")),
    }
