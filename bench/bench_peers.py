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
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bench_estimates import LARGE, SMALL, answers
from timing import Ratio, compared, side_by_side

from survey.codebook import Unit
from survey.estimates import compare, crosstab, median, nps, share, topline, total, trend
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
    """Tabulate every closed question with intervals, beside polars counting them."""
    found = []
    for size in (SMALL, LARGE):
        tables = answers(size)
        closed = closed_questions(tables)
        texts = {name: _texts(tables, name) for name in closed}
        for peer, limit, count in _counters(texts):
            beside = partial(topline, tables, unit="deployment")
            name = f"{len(closed)} questions with intervals, {size:,} deployments"
            found.append(side_by_side(name, beside, count, against=f"{peer} counting", limit=limit))
    return found


def _texts(tables: Responses, name: str) -> list[list[str]]:
    """Return the answers of each deployment."""
    sample = draw(tables, Unit.DEPLOYMENT)
    indicator = read_indicator(sample, name).substantive()
    return [[indicator.answers[place] for place in np.flatnonzero(row)] for row in indicator.chosen]


def _counters(
    texts: dict[str, list[list[str]]],
) -> list[tuple[str, float | None, Callable[[], Any]]]:
    """Return peers, with the limit that is on each, and what counts all questions."""
    series = {name: pd.Series(lists) for name, lists in texts.items()}
    counters: list[tuple[str, float | None, Callable[[], Any]]] = []
    if find_spec("polars"):
        import polars as pl

        frame = pl.DataFrame({name: pl.Series(lists) for name, lists in texts.items()})
        frame = frame.cast(pl.List(pl.Categorical))
        counters.append(
            (
                "polars",
                5.0,
                lambda: [frame[name].explode().drop_nulls().value_counts() for name in texts],
            )
        )
    if find_spec("duckdb"):
        import duckdb

        base = duckdb.connect()
        base.execute("set threads = 1")
        for name, lists in texts.items():
            long = pd.DataFrame({"answer": [each for row in lists for each in row]})
            base.execute(f'create table "{name}" as select * from long')
            del long
        counters.append(
            (
                "duckdb",
                None,
                lambda: [
                    base.execute(f'select answer, count(*) from "{name}" group by all').fetchall()
                    for name in texts
                ],
            )
        )
    counters.append(
        ("pandas", None, lambda: [each.explode().value_counts() for each in series.values()])
    )
    return counters


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
    }
