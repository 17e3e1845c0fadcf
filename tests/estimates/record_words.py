"""How numbers read, what records say, and what is said of samples.

``python -m tests.estimates.record_words`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from survey.codebook import Unit
from survey.estimates import (
    STATISTICS,
    Base,
    Estimates,
    Measure,
    Status,
    compare,
    decompose_change,
    design,
    growth_above,
    percentages,
    round_preserving,
    share,
    trend,
)
from survey.estimates import number_format as words
from survey.estimates.design.arguments import source_of
from survey.estimates.design.sample import draw
from survey.estimates.examples import answers
from survey.estimates.notes import (
    base_words,
    bounds_hold,
    edition_before,
    sample_notes,
    weights_note,
)
from survey.estimates.statistic import Public
from survey.estimates.tidy import Spec
from tests.estimates.change_answers import CORES, STAGE, clouds, cores
from tests.estimates.few_answers import few
from tests.estimates.recorded import Case, write

RECORDS = {"numbers_in_words": Path(__file__).with_name("recorded_numbers_in_words.json")}
SHARES = (0, 1e-9, 0.00499, 0.005, 0.00999, 0.01, 0.0101, 0.125, 0.284, 0.285, 0.5, 0.984, 0.985,
          0.99, 0.991, 0.995, 0.9999, 1, 1.1, -0.2)  # fmt: skip
DIFFERENCES = (0, 0.0004, -0.0004, 0.0005, 0.0342, -0.0342, 0.0994, 0.0995, 0.09949, 0.0996, 0.17,
               -0.175, 1, -1)  # fmt: skip
NUMBERS = (0, 0.001234, 0.5, 1, 7.5, 9.995, 12.345, 99.95, 999.4, 999.5, 12_345, 999_499, 999_500,
           1e6, 45_234_567, 999_499_999, 999_500_000, 1e9, 9.995e11, 9.994e11, 1e12, 3.2e15,
           -7.5, -2e6, np.inf, -np.inf, np.nan)  # fmt: skip
CHANCES = (0, 0.0009, 0.00099, 0.001, 0.0014, 0.0312, 0.0994, 0.0995, 0.09999, 0.1, 0.104, 0.5, 1)
COUNTS = (0, 1, 999, 1267.0, 12.25, 12.35, 1e6, -3, -0.5)


def written(write_one: Callable[..., Any], values: tuple[float, ...], *more: Any) -> Case:
    return lambda: [str(write_one(value, *more)) for value in values]


def rounded(*calls: tuple[list[float], int]) -> Case:
    return lambda: [round_preserving(values, digits) for values, digits in calls]


def with_rows(table: Estimates, **columns: Any) -> Estimates:
    return table.with_frame(table.frame.assign(**columns))


def record(name: str) -> Case:
    def laid() -> dict[str, Any]:
        statistic = STATISTICS[name]
        columns = {
            name: [str(column.role), column.heading, column.public, column.own_words]
            for name, column in statistic.columns.items()
        }
        plain = ("measure", "calculates", "called", "heading", "about_answers", "varies")
        return {
            **{each: getattr(statistic, each) for each in plain},
            "public": statistic.public is not None,
            "asks values": statistic.ask_values is not None,
            **columns,
        }

    return laid


def judged() -> dict[str, Any]:
    """Return which printed values are imprecise, at each side of every limit."""
    printed = {
        "low": np.array([0.4, 0.1, 0.4, np.nan, 0.35, 0.3, 0.0]),
        "high": np.array([0.5, 0.9, 0.5, 0.5, 0.65, 0.6, np.inf]),
        "base": np.array([30.0, 30, 29, 40, 100, 99, 60]),
        "earlier_base": np.array([31.0, 30, 50, 40, 100, 100, 29]),
    }
    effective = np.array([30.0, 30, 40, 40, 100, 99, 9])
    public = Public(lambda *_: None)  # type: ignore[arg-type, return-value]
    return {measure.value: public.judged(measure, printed, effective) for measure in Measure}


def about_samples() -> dict[str, Any]:
    """Return what is said of samples and their bases."""
    asked = {
        f"{unit} {base}": design(few(), unit=unit, base=base).asked(("size",), ())
        for unit in ("deployment", "organization")
        for base in ("answered", "asked", "all")
    }
    one = few().in_edition("2018")
    sample = draw(few(), Unit.DEPLOYMENT)
    usual = asked["deployment answered"]
    return {
        **{name: base_words(each, few().vocabulary) for name, each in asked.items()},
        "bounds": [bounds_hold(w, u) for w in (None, "w") for u in Unit],
        "weights": [str(note) for note in weights_note("w")] + [str(n) for n in weights_note(None)],
        "edition before": [edition_before(each) for each in (few(), one, answers())],
        "clusters": {str(each): list(sample_notes(sample, usual, each))
                     for each in ("organization", "respondent", None)},
        "sources": [source_of(few(), each) for each in ("size", "region", "deployment_region")],
    }  # fmt: skip


def invented() -> dict[str, Any]:
    """Return the answers that stand in the examples of the documentation."""
    found = answers()
    people = found.respondents.drop(columns="record_key").astype(str)
    columns = {name: " ".join(people[name]) for name in people}
    frame = found.deployments.drop(columns=["record_key", "deployment_tools"]).astype(str)
    tools = found.deployments["deployment_tools"].array
    keys = found.deployments["record_key"].astype(str)
    bands = found.question("compute_cores").bands.values()
    return {
        **columns,
        **{f"cloud's {name}": " ".join(frame[name]) for name in frame},
        "tools": ["".join(map(str, row)) for row in tools.codes.tolist()],
        "keys": " ".join(keys),
        "bands": [[band.low, band.high] for band in bands],
        "questions": [each.title for each in found.codebook.edition("2019").questions],
    }


def equal() -> list[bool]:
    """Return whether a table equals itself, itself made anew, and what differs in one thing."""
    one = share(few(), "stage")
    others = (
        one,
        share(few(), "stage"),
        share(few(), "stage", level=0.9),
        one.noted("more"),
        one.named("x", "y", "another title"),
        with_rows(one, count=0),
        "a text",
    )
    return [one == other for other in others]


def asked_again() -> dict[str, Any]:
    """Return how many rows tables have whose records asked their questions again."""
    tables = (
        trend(clouds(), "public", "primary_country"),
        trend(cores(), CORES, STAGE, statistic="total"),
        compare(clouds(), "tools", "2018", "2019", "size", fdr=0.2),
        compare(clouds(), "score", "2018", "2019", "size", statistic="nps"),
        compare(cores(), CORES, "2023", "2024", STAGE, statistic=0.25),
        growth_above(cores(), CORES, "2023", "2024", STAGE, more_than=2),
        decompose_change(cores(), CORES, "2023", "2024", STAGE, detail=False),
    )
    again = [each.statistic.ask_again(each.design, each.arguments) for each in tables]
    return {"rows": [len(each) for each in again],
            "alike": [one == other for one, other in zip(tables, again, strict=True)]}  # fmt: skip


IN_WORDS: Mapping[str, Case] = {
    "equal": equal,
    "asked again": asked_again,
    "shares": written(words.percent, SHARES),
    "shares with a digit": written(words.percent, SHARES, 1),
    "differences": written(words.points, DIFFERENCES),
    "numbers": written(words.compact, NUMBERS),
    "scores": written(words.score, (0, 0.4, 0.5, -0.5, -0.49, 36.4, -3, 100)),
    "counts": written(words.integer, COUNTS),
    "p-values": written(words.probability, CHANCES),
    "rounded": written(words.rounded, (0.5, -0.5, -0.4, 2.675, 23.66, 12_350), 0),
    "rounded to hundreds": written(words.rounded, (49.9, 50, 12_350, -50), -2),
    "rounded to cents": written(words.rounded, (2.675, 0.005, -0.005, 1.005), 2),
    "writers": lambda: {name: write_one(0.25) for name, write_one in words.WRITE.items()},
    "sums kept": rounded(
        ([33.4, 33.3, 33.3], 0),
        ([14.3, 14.3, 71.4], 0),
        ([0.5, 0.5], 0),
        ([1 / 3] * 3, 2),
        ([np.nan, 49.5, 50.5], 0),
        ([], 0),
        ([2.25, 2.25, 95.5], 1),
        ([12.5, 12.5, 75], -1),
    ),
    "percentages": lambda: percentages(share(few(), "stage", "edition")),
    "percentages of several answers": lambda: percentages(share(few(), "tools"), 1),
    "percentages that nearly add up": lambda: [
        percentages(with_rows(share(few(), "size"), value=[0.4, 0.3, 0.3 - less]))
        for less in (0, 1e-10, 1e-8, 0.005)
    ],
    "percentages of a part": lambda: percentages(share(few(), "stage", items=["Testing"]), 1),
    "status": lambda: {each: [each.has_value] for each in Status},
    "bases": lambda: list(Base),
    "spec": lambda: {each.name: getattr(Spec("share", "x"), each.name) for each in fields(Spec)},
    "judged": judged,
    "samples": about_samples,
    "examples": invented,
    **{name: record(name) for name in STATISTICS},
}
CASES = {"numbers_in_words": IN_WORDS}


if __name__ == "__main__":
    for kept, cases in CASES.items():
        write(RECORDS[kept], cases)
