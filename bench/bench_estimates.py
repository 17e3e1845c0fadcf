"""What tables cost beside the arithmetic that they cannot do without.

Answers are the invented ones in ``data/raw``, repeated under other names to the wanted size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from timing import Ratio, side_by_side

from survey.codebook import Kind, Unit
from survey.estimates import crosstab, nps, share
from survey.estimates.design.sample import draw
from survey.estimates.precision.replicates import REPLICATES, draws, resampled_shares
from survey.estimates.shares.topline import closed_questions
from survey.estimates.table import Base
from survey.estimates.tabulation.products import wide_table
from survey.estimates.tabulation.sums import Groups, summed
from survey.exports import read_export
from survey.responses import AnswerSetArray, Responses, clean, pool

RAW = Path(__file__).resolve().parent.parent / "data" / "raw"
KEY = b"a key for benchmarks, and for them alone"
SMALL, LARGE = 435, 10_000
BOOTSTRAPPED = 500


@cache
def answers(size: int) -> Responses:
    """Return ``size`` deployments of three editions."""
    files = sorted(RAW.glob("*.csv"))[-3:]
    once = pool([clean(read_export(path), key=KEY) for path in files])
    times = -(-size // len(once.deployments))
    people, clouds = (
        pd.concat([_renamed(frame, number) for number in range(times)], ignore_index=True)
        for frame in (once.respondents, once.deployments)
    )
    clouds = clouds.iloc[:size].reset_index(drop=True)
    ids = [pd.MultiIndex.from_frame(frame[["edition", "respondent"]]) for frame in (people, clouds)]
    kept = people[ids[0].isin(ids[1])].reset_index(drop=True)
    return replace(once, respondents=kept, deployments=clouds)


def _renamed(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    renamed = frame.copy()
    for name in ("organization", "respondent", "deployment"):
        if name in renamed:
            renamed[name] = renamed[name].astype(str) + f"-{number}"
    return renamed


def bench_every_question_crossed_with_every_other() -> Ratio:
    """Cross all closed questions, beside the product of their indicator matrix with itself."""
    tables = answers(LARGE)
    closed = closed_questions(tables)
    matrix = wide_table(draw(tables, Unit.DEPLOYMENT), closed, Base.ANSWERED).matrix
    return side_by_side(
        f"{len(closed)} x {len(closed)} questions crossed",
        lambda: crosstab(tables, closed, closed, stats=("count",)),
        lambda: matrix.T @ matrix,
        against="the indicator matrix product",
        limit=2.0,
    )


def bench_default_cross_tables() -> list[Ratio]:
    """Cross all closed questions with intervals and verdicts, beside 30 times the bare counts."""
    tables = answers(SMALL)
    closed = closed_questions(tables)
    found = side_by_side(
        f"{len(closed)} x {len(closed)} questions crossed, intervals and verdicts",
        lambda: crosstab(tables, closed, closed),
        lambda: crosstab(tables, closed, closed, stats=("count",)),
        against="the same, counts alone",
        limit=30.0,
        repeat=3,
    )
    return [found, Ratio("the same", found.ours, 2.0, "2 s", 1.0)]


def bench_multiple_response() -> Ratio:
    """Tabulate and cross every question with several answers, beside splitting its text."""
    tables = answers(LARGE)
    names = [
        name
        for name in closed_questions(tables)
        if tables.question(name).unit is Unit.DEPLOYMENT
        and tables.question(name).kind is Kind.MULTIPLE
    ]
    texts = [_text(tables.deployments[name].array) for name in names]
    banner = ("edition", "deployment_stage")
    return side_by_side(
        f"{len(names)} multiple responses crossed",
        lambda: crosstab(tables, names, banner, stats=("count",)),
        lambda: [pc.split_pattern(text, "|") for text in texts],
        against="pyarrow splitting their text",
        limit=1.5,
        repeat=15,
    )


def _text(values: AnswerSetArray) -> pa.Array:
    return pa.array(["|".join(chosen) if chosen else None for chosen in values])


def bench_bootstrap() -> Ratio:
    """Resample 500 shares 2,000 times, beside the matrix product in it."""
    random = np.random.default_rng(1)
    clusters = np.arange(2500) % 1000
    chosen = random.random((2500, BOOTSTRAPPED)) < 0.3
    sums = summed(chosen, np.ones(2500, dtype=bool), Groups.everyone(2500), clusters, 1000)
    weights = draws(1000).astype(np.float64)
    return side_by_side(
        f"{REPLICATES} resamples of {BOOTSTRAPPED} shares",
        lambda: resampled_shares(sums),
        lambda: weights @ sums.chosen,
        against="the matrix product",
        limit=2.0,
    )


def bench_nine_graphs() -> list[Ratio]:
    """Compute the numbers behind the nine graphs of the existing dashboard, with intervals.

    Plain pandas counts texts and knows no intervals.
    """
    return [
        side_by_side(
            f"nine graphs, {size:,} deployments",
            _ours(answers(size)),
            _theirs(answers(size)),
            against="pandas counting texts",
            repeat=20,
        )
        for size in (1_000, LARGE)
    ]


def _ours(tables: Responses) -> Callable[[], object]:
    return lambda: [
        nps(tables),
        share(tables, "industry", "edition", top=5),
        share(tables, "region"),
        share(tables, "organization_size"),
        share(tables, "business_drivers"),
        share(tables, "emerging_technologies"),
        share(tables, "deployment_type", "edition"),
        share(tables, "paas_tools", "deployment_stage"),
        share(tables, "operating_system"),
    ]


def _theirs(tables: Responses) -> Callable[[], object]:
    """Count texts with pandas, as an analyst would from the export."""
    people, clouds = tables.respondents, tables.deployments
    several = {
        name: pd.Series(
            _text(clouds[name].array).to_pylist()
            if name in clouds
            else _text(people[name].array).to_pylist()
        )
        for name in (
            "business_drivers",
            "emerging_technologies",
            "paas_tools",
            "operating_system",
            "deployment_type",
        )
        if isinstance((clouds if name in clouds else people)[name].array, AnswerSetArray)
    }
    single = {
        name: (clouds if name in clouds else people)[name].astype(str)
        for name in (
            "likelihood_to_recommend",
            "industry",
            "primary_country",
            "organization_size",
            "deployment_stage",
            "operating_system",
            "deployment_type",
            "paas_tools",
        )
        if name not in several
    }
    return lambda: [
        *(column.value_counts(normalize=True) for column in single.values()),
        *(
            column.dropna().str.split("|").explode().value_counts() / column.notna().sum()
            for column in several.values()
        ),
    ]
