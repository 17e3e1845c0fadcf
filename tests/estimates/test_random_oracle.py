"""Drawn data sets of awkward shapes: the same numbers as R; see ``tests/oracle/random_data.R``.

Data are drawn anew from the seeds that R's numbers were computed for. The nightly test draws 3,000
and runs R; ``CASES=3000 make oracle`` writes as many.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Choice, Codebook, Edition, Kind, Question, Unit
from survey.estimates import share
from survey.estimates.design.weights import Weights
from survey.estimates.numbers.interval_regression import fit_intervals
from survey.responses import Responses, read_frame
from tests.oracle import random_data

ORACLE = Path(__file__).parents[1] / "oracle"
NIGHTLY = 3000
GROUPS = ("first", "second", "third")
CLOSE = {"rtol": 1e-7, "atol": 1e-9}


@cache
def numbers(name: str, folder: Path = ORACLE) -> dict[int, pd.DataFrame]:
    return dict(list(pd.read_csv(folder / f"{name}.csv").groupby("case")))


def answers_of(drawn: pd.DataFrame) -> Responses:
    """Return a case as answers: a single choice or a multiple response, and a group."""
    offered = int(drawn["offered"].iloc[0])
    labels = [f"answer {place}" for place in range(1, offered + 1)]
    given = drawn[[f"answer_{place}" for place in range(1, offered + 1)]]
    several = bool((given.sum(axis=1) > 1).any())
    chosen = [[label for label, use in zip(labels, row, strict=True) if use == 1]
              for row in given.to_numpy()]  # fmt: skip
    questions = (
        _question("use", labels, Kind.MULTIPLE if several else Kind.SINGLE),
        _question("group", GROUPS, Kind.SINGLE),
    )
    frame = pd.DataFrame(
        {
            "edition": "2019",
            "respondent": [f"r{place}" for place in range(len(drawn))],
            "organization": [f"o{cluster}" for cluster in drawn["cluster"]],
            "group": [GROUPS[group - 1] for group in drawn["group"]],
            "use": chosen if several else [row[0] if row else None for row in chosen],
        }
    )
    edition = Edition("2019", "Drawn", "observed", questions)
    return read_frame(frame, Codebook(MappingProxyType({"2019": edition})))


def _question(concept: str, labels: object, kind: Kind) -> Question:
    choices = tuple(Choice(label, label) for label in labels)
    return Question(concept, concept, concept, kind, Unit.DEPLOYMENT, choices)


def weights_of(answers: Responses, drawn: pd.DataFrame) -> Weights:
    index = pd.MultiIndex.from_frame(answers.deployments[["edition", "deployment"]].astype(str))
    values = pd.Series(drawn["weight"].to_numpy(), index=index)
    return Weights(values, Unit.DEPLOYMENT, "drawn", pd.DataFrame())


def check_shares(number: int, wanted: pd.DataFrame) -> None:
    drawn = random_data.case(number)
    answers = answers_of(drawn)
    options = {"weights": weights_of(answers, drawn), "interval": "logit"}
    by_group = share(answers, "use", by="group", **options).frame.set_index("group")
    several = drawn["cluster"].nunique() > 1
    for domain, rows in wanted.groupby("domain"):
        if domain == 0:
            check_rows(share(answers, "use", **options).frame, rows, several)
            continue
        group = GROUPS[domain - 1]
        selected = answers.where(group=group)
        check_rows(share(selected, "use", **options).frame, rows, several)
        check_rows(by_group.loc[[group]], rows, several)


def check_rows(found: pd.DataFrame, wanted: pd.DataFrame, several: bool) -> None:
    assert found["count"].tolist() == wanted["count"].tolist()
    assert found["base"].tolist() == wanted["base"].tolist()
    np.testing.assert_allclose(found["value"], wanted["value"], **CLOSE)
    if not several:
        return
    np.testing.assert_allclose(found["se"], wanted["se"], **CLOSE)
    known = wanted["low"].notna().to_numpy()
    for side in ("low", "high"):
        np.testing.assert_allclose(found[side][known], wanted[side][known], **CLOSE)


def check_fit(number: int, wanted: pd.DataFrame) -> None:
    drawn = random_data.case(number)
    band = drawn["band"].to_numpy()
    groups = [(drawn["group"] == group).astype(float) for group in (2, 3)]
    found = fit_intervals(
        random_data.EDGES[band],
        random_data.EDGES[band + 1],
        np.column_stack([np.ones(len(drawn)), *groups]),
        drawn["cluster"].to_numpy(),
        drawn["weight"].to_numpy(),
    )
    assert found.converged
    estimates = np.append(found.coefficients, np.log(found.scale))
    np.testing.assert_allclose(estimates, wanted["estimate"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), wanted["se"], rtol=1e-5)


@pytest.mark.parametrize("number", numbers("random_shares"))
def test_shares_in_a_whole_sample_and_in_domains(number):
    check_shares(number, numbers("random_shares")[number])


@pytest.mark.parametrize("number", numbers("random_fits"))
def test_regressions_on_bands(number):
    check_fit(number, numbers("random_fits")[number])


def test_the_sample_has_the_shapes_that_go_wrong():
    drawn = [random_data.case(number) for number in numbers("random_shares")]
    sizes = [each["cluster"].value_counts() for each in drawn]
    units = np.array([len(each) for each in drawn])
    largest = np.array([size.iloc[0] for size in sizes]) / units
    assert {int(each["offered"].iloc[0]) for each in drawn} == set(range(1, 9))
    assert units.min() < 8
    assert units.max() > 1500
    assert sum(len(size) == 1 for size in sizes) >= 3
    assert sum((size == 2).mean() > 0.8 for size in sizes) >= 10
    assert sum(size.iloc[0] == 1 for size in sizes) >= 10
    assert ((largest > 0.2) & (largest < 0.5)).sum() >= 10
    rows = pd.concat(numbers("random_shares").values())
    assert (rows["value"] == 0).sum() > 20
    assert (rows["value"] == 1).sum() > 5
    assert len(numbers("random_fits")) > 50


@pytest.mark.nightly
def test_three_thousand_data_sets(tmp_path):
    """R computes them now, in one process of a few minutes."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed; try: apt-get install r-cran-survey r-cran-survival")
    data, many = tmp_path / "data.csv", os.environ.get("CASES", str(NIGHTLY))
    for command in (
        [sys.executable, ORACLE / "random_data.py", data, many],
        [rscript, ORACLE / "random_data.R", data, tmp_path],
    ):
        subprocess.run(command, check=True, timeout=7200)
    for number, wanted in numbers("random_shares", tmp_path).items():
        check_shares(number, wanted)
    for number, wanted in numbers("random_fits", tmp_path).items():
        check_fit(number, wanted)
