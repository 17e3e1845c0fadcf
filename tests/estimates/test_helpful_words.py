"""Notes and errors that a reader without the source needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import survey as sv
from survey.errors import EstimateError, ResponsesError
from survey.estimates import rank_associations, regress, share, total, trend
from survey.estimates.examples import answers


def test_a_regression_says_what_its_factors_are_against() -> None:
    told = "\n".join(regress(answers(), "compute_cores", ["deployment_stage"]).notes)
    assert "The factor is against 'Production' for: Stage of the deployment: Testing" in told


RAW = Path(__file__).parents[2] / "data" / "raw"
SIZES = {"Small": ["1 to 99 cores", "100 to 999 cores"], "Large": ["1,000 cores or more"]}


def test_a_regression_on_bands_says_that_it_is_per_doubling() -> None:
    read = sv.clean(sv.read_export(RAW / "Survey_20240831120000.csv", invented=True))
    told = "\n".join(regress(read, "compute_cores", ["organization_size"]).notes)
    assert "The factor is that of twice the number for: Employees of the organization." in told


def test_a_ranking_of_associations_says_that_it_knows_no_order() -> None:
    sized = answers().derive("size", SIZES, of="compute_cores")
    ordered = rank_associations(sized, "compute_cores")
    assert "association() follows the order" in "\n".join(ordered.notes)
    plain = rank_associations(answers(), "deployment_stage")
    assert "association() follows the order" not in "\n".join(plain.notes)


def test_a_trend_says_that_its_verdict_is_of_the_whole_line() -> None:
    told = "\n".join(trend(answers(), "deployment_stage").notes)
    assert "the rows of an answer have one, and compare() tests two editions" in told
    alone = "\n".join(trend(answers().in_edition("2019"), "deployment_stage").notes)
    assert "One edition has no trend" in alone


WRONG: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "number": (
        lambda: answers().derive("big", lambda d: d["compute_cores"] >= 1000),
        ResponsesError,
        "labels in order, no numbers: d\\['compute_cores'\\] >= '1,000 cores or more'",
    ),
    "mask": (
        lambda: answers().where("stage == 'x'"),  # type: ignore[arg-type]
        ResponsesError,
        "a Series, an array, a function or None",
    ),
    "list": (
        lambda: share(answers(), ["deployment_stage"]),  # type: ignore[arg-type]
        EstimateError,
        "write 'deployment_stage'",
    ),
    "region": (lambda: answers().where(region="Europe"), ResponsesError, "give the countries"),
    "bands": (
        lambda: total(answers(), "deployment_stage"),
        EstimateError,
        "banded here: compute_cores",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_error_says_what_to_do(case: str) -> None:
    call, kind, said = WRONG[case]
    with pytest.raises(kind, match=said):
        call()
