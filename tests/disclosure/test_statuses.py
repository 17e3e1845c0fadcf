"""The status of a published number follows from what is printed beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import protect
from survey.estimates import compare, share, total
from survey.estimates.statistic import Role
from survey.estimates.table import Estimates
from tests.disclosure.surveys import invented

EDITIONS = ("2019", "2020")


def printed(table: Estimates) -> pd.DataFrame:
    """Return the rows of a table, as published, that have a number."""
    frame = protect([table.named("a", "t")], title="T", edition="2020")["a"].frame
    shown = frame[frame["status"].isin(["ok", "imprecise"])]
    numbers = ["count", "base", "value", "low", "high"]
    return shown.astype(dict.fromkeys(numbers, float)).reset_index(drop=True)


@pytest.mark.parametrize(("size", "seed"), [(120, 0), (220, 1), (500, 2)])
@pytest.mark.parametrize("concept", ["hypervisors", "deployment_tools", "compute_cores"])
def test_a_share_is_judged_by_its_printed_interval(concept: str, size: int, seed: int) -> None:
    """No design effect is above 4, so that 120 units are worth 30."""
    rows = printed(share(invented(size, seed, EDITIONS), concept, by="edition"))
    rows = rows[rows["base"] >= 120]
    wide = (rows["high"] - rows["low"]).round(6) >= 0.3
    assert len(rows)
    assert (rows["status"] == "imprecise").tolist() == wide.tolist()


def test_rare_answers_of_many_are_not_imprecise_since_they_are_rare() -> None:
    """Five of a hundred are no less precise than one of a hundred."""
    rows = printed(share(invented(500, 3), "deployment_tools"))
    rare = rows[(rows["value"] > 0) & (rows["value"] < 0.1)]
    assert len(rare)
    assert (rows["status"] == "ok").all()


@pytest.mark.parametrize(("by", "seed"), [("edition", 4), (["edition", "deployment_stage"], 2)])
def test_a_total_is_judged_by_its_printed_interval(by: str | list[str], seed: int) -> None:
    rows = printed(total(invented(150, seed, EDITIONS), "compute_cores", by=by, replicates=100))
    wide = rows["high"] - rows["low"] > 1.6 * rows["value"]
    assert wide.any() == (by != "edition")
    assert (rows["status"] == "imprecise").tolist() == wide.tolist()
    precise = rows[rows["status"] == "ok"]
    assert (precise["high"] < 10 * precise["low"]).all()


def test_a_change_of_totals_is_judged_by_the_larger_of_both() -> None:
    table = compare(invented(150, 4, EDITIONS), "compute_cores", *EDITIONS, statistic="total")
    rows = printed(table)
    larger = np.fmax(rows["earlier"].astype(float), rows["later"].astype(float))
    wide = rows["high"] - rows["low"] > 1.6 * larger
    assert (rows["status"] == "imprecise").tolist() == wide.tolist()


def test_no_published_column_is_a_bound_but_those_over_models() -> None:
    """Of perturbed counts nothing is certain, so that edges of bands would promise too much."""
    answers = invented(150, 4, EDITIONS)
    for table in (
        total(answers, "compute_cores", by="edition", replicates=100),
        compare(answers, "compute_cores", *EDITIONS, statistic="total"),
    ):
        statistic = table.statistic
        assert statistic is not None
        bounds = set(statistic.of_role(Role.BOUND)) & set(printed(table))
        assert bounds <= {"models_low", "models_high"}
