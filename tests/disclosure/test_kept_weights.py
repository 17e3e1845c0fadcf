"""A column that is printed again keeps its mean weight and published figures."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from survey.codebook import PublishedFigure
from survey.disclosure import Ledger, Publication, Register, protect, read_ledger
from survey.estimates import Estimates, Weights, compare, quantile, rake, total
from survey.responses import Responses
from tests.disclosure.surveys import invented
from tests.disclosure.test_new_columns import Change, changed, texts, without, without_people

EDITIONS = ("2018", "2019")
CORES = "compute_cores"
NAMED = "org-3"
FIGURES = [PublishedFigure(NAMED, edition, 90_000_000, "a talk") for edition in EDITIONS]


def survey(seed: int) -> Responses:
    answers = invented(170, seed, EDITIONS)
    clouds = answers.deployments
    return dataclasses.replace(answers, deployments=clouds.assign(is_public="Public"))


def weights_of(answers: Responses, large: float = 0.5) -> Weights:
    """Return weights that follow from answers: another size of one cloud moves all of them."""
    labels = answers.question(CORES).labels
    sizes = {"Small": labels[:3], "Large": labels[3:]}
    wider = answers.derive("size", sizes, of=CORES)
    return rake(wider, {"size": {"Small": 1 - large, "Large": large}}, unit="deployment")


def tables(answers: Responses) -> list[Estimates]:
    weights = weights_of(answers)
    over_region = ["edition", "region"]
    return [
        total(answers, CORES, by="edition", weights=weights).named("weighted", "t"),
        total(answers, CORES, by=over_region, weights=weights).named("by_region", "t"),
        compare(answers, CORES, *EDITIONS, statistic="total", weights=weights).named("change", "t"),
        total(answers, CORES, by="edition", published_figures=FIGURES).named("figures", "t"),
        total(answers, CORES, by="edition").named("without", "t"),
        quantile(answers, CORES, [0.25, 0.75], by=over_region).named("quartiles", "t"),
    ]


def published(answers: Responses, register: Register) -> Publication:
    return protect(tables(answers), title="T", edition="2019", answers=answers, register=register)


def nobody_named(answers: Responses, number: int, drawn: np.random.Generator) -> Responses:
    """Let the organization of the figures withdraw: none of its clouds may be named."""
    clouds = answers.deployments
    theirs = clouds["organization"].eq(NAMED) & clouds["edition"].eq("2019")
    assert 0 < theirs.sum() <= number
    agreed = clouds["is_public"].mask(theirs, "Confidential")
    return dataclasses.replace(answers, deployments=clouds.assign(is_public=agreed))


@pytest.mark.parametrize(
    ("change", "number"),
    [(without, 9), (without_people, 9), (changed, 19), (nobody_named, 19)],
)
def test_a_kept_column_is_printed_with_the_weight_and_figures_that_it_had(
    change: Change, number: int, tmp_path: Path
) -> None:
    answers = survey(4)
    register = Register(Ledger("k"), final=True)
    before = texts(published(answers, register))
    assert before["figures"] != before["without"]
    ledger = read_ledger(register.entries("k").write(tmp_path / "ledger.json"))
    assert any(column.weight not in (0, 1) for column in ledger.columns.values())
    assert [column.figures for column in ledger.columns.values() if column.figures]
    after = change(answers, number, np.random.default_rng(1))
    fresh = texts(published(after, Register(Ledger("k"))))
    assert fresh != before
    register = Register(ledger, final=True)
    assert texts(published(after, register)) == before
    later = register.entries("k")
    assert dataclasses.replace(later, units=ledger.units).text() == ledger.text()


def test_weights_to_other_targets_are_of_other_columns() -> None:
    answers = survey(4)
    seen = set()
    for large in (0.5, 0.4, 0.5):
        register, weights = Register(Ledger("k")), weights_of(answers, large)
        table = total(answers, CORES, weights=weights).named("t", "t")
        protect([table], title="T", edition="2019", answers=answers, register=register)
        seen.update(name for name in register.used if "weights=" in name)
    assert len(seen) == 2
