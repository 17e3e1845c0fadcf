"""One change has one number, one interval and one verdict, whichever verb is asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from survey.codebook import PublishedFigure
from survey.estimates import Estimates, compare, compare_numbers, decompose_change, total
from survey.exports import read_export
from survey.responses import Responses, clean

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
CORES, PAIR = "compute_cores", ("2023", "2024")
COMPARED = ("value", "low", "high", "earlier", "later", "p", "verdict", "status")


@cache
def committed() -> Responses:
    return clean([read_export(path) for path in sorted(RAW.glob("Survey_20*.csv"))])


def row(table: Estimates, **chosen: str) -> dict[str, object]:
    frame = table.frame
    for name, label in chosen.items():
        frame = frame[frame[name] == label]
    (found,) = frame.to_dict("records")
    return found


@pytest.mark.parametrize("options", [{}, {"one_per_cloud": True}, {"include_carried_over": True}])
def test_the_change_of_the_committed_total_is_one(options: dict[str, bool]) -> None:
    answers = committed()
    compared = row(compare_numbers(answers, CORES, *PAIR, statistic="total", **options))
    short = row(compare(answers, CORES, *PAIR, statistic="total", **options))
    apart = row(decompose_change(answers, CORES, *PAIR, **options), answer="total")
    parts = row(decompose_change(answers, CORES, *PAIR, detail=False, **options), answer="total")
    for other in (short, apart, parts):
        assert {name: other[name] for name in COMPARED} == {n: compared[n] for n in COMPARED}
    totals = total(answers, CORES, "edition", replicates=100, **options)
    for edition, side in zip(PAIR, ("earlier", "later"), strict=True):
        assert row(totals, edition=edition)["value"] == compared[side]


def test_groups_of_a_total_change_as_their_totals_do() -> None:
    answers, by = committed(), "deployment_stage"
    compared = compare_numbers(answers, CORES, *PAIR, by, statistic="total").frame
    totals = total(answers, CORES, ["edition", by], replicates=100)
    for each in compared.to_dict("records"):
        if each["status"] in ("ok", "imprecise"):
            for edition, side in zip(PAIR, ("earlier", "later"), strict=True):
                assert row(totals, edition=edition, **{by: each[by]})["value"] == each[side]


def test_published_figures_change_all_of_them_alike() -> None:
    answers = committed()
    name = str(answers.deployments["organization"].dropna().iloc[-1])
    figures = [PublishedFigure(name, edition, 5_000_000, "a talk") for edition in PAIR]
    compared = row(
        compare_numbers(answers, CORES, *PAIR, statistic="total", published_figures=figures)
    )
    apart = row(decompose_change(answers, CORES, *PAIR, published_figures=figures), answer="total")
    assert {n: apart[n] for n in COMPARED} == {n: compared[n] for n in COMPARED}
    totals = total(answers, CORES, "edition", published_figures=figures, replicates=100)
    assert row(totals, edition="2024")["value"] == compared["later"]
    plain = row(compare_numbers(answers, CORES, *PAIR, statistic="total"))
    assert compared["later"] != plain["later"]


def test_verdict_interval_and_p_agree() -> None:
    for earlier, later in (("2019", "2020"), ("2020", "2021"), PAIR):
        for statistic in ("total", "mean"):
            found = row(compare(committed(), CORES, earlier, later, statistic=statistic))
            outside = found["low"] > 0 or found["high"] < 0
            assert (found["p"] < 0.05) == outside == (found["verdict"] == "clear change")
            apart = found["factor_low"] > 1 or found["factor_high"] < 1
            assert apart == outside


def test_other_editions_do_not_move_a_change_but_by_the_model() -> None:
    """With the same model, a pair of editions gives the same change alone and among others."""
    answers = committed()
    fixed = {"statistic": "total", "family": "turnbull"}
    alone = row(compare_numbers(answers.in_edition(*PAIR), CORES, *PAIR, **fixed))
    among = row(compare_numbers(answers, CORES, *PAIR, **fixed))
    assert np.isclose(alone["value"], among["value"], rtol=1e-6)
    assert alone["p"] == among["p"]
