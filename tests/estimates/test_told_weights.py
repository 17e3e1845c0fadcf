"""A table says where answers do not count alike, and calls no bound certain that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from survey.disclosure import protect
from survey.estimates import compare, median, nonresponse_bounds, rake, share, total
from survey.estimates.examples import answers
from survey.estimates.table import Estimates
from survey.publish import figure

STAGES = {"Production": 0.4, "Testing": 0.4, "Proof of concept": 0.2}
CORES = "compute_cores"
VERBS: dict[str, Callable[..., Estimates]] = {
    "share": lambda **how: share(answers(), "deployment_stage", **how),
    "median": lambda **how: median(answers(), CORES, **how),
    "total": lambda **how: total(answers(), CORES, by="edition", replicates=100, **how),
    "compare": lambda **how: compare(answers(), CORES, "2018", "2019", statistic="median", **how),
    "nonresponse": lambda **how: nonresponse_bounds(answers(), "deployment_stage", **how),
}


def told(table: Estimates) -> str:
    return "\n".join(table.notes)


@pytest.fixture(scope="module")
def weights() -> Any:
    return rake(answers(), {"deployment_stage": STAGES})


@pytest.mark.parametrize("verb", VERBS)
def test_a_weighted_table_says_so_in_title_and_notes(verb: str, weights: Any) -> None:
    table, plain = VERBS[verb](weights=weights), VERBS[verb]()
    assert table.title.endswith("(weighted)")
    assert "Weighted (raking)" in told(table)
    assert "certain for" not in told(table)
    assert "eighted" not in plain.title + told(plain)


def test_a_weighted_total_is_called_one(weights: Any) -> None:
    assert "A weighted sum over the deployments" in told(VERBS["total"](weights=weights))
    assert "A sum over the deployments" in told(VERBS["total"]())


@pytest.mark.parametrize("verb", ["median", "total"])
def test_a_voice_for_each_organization_is_told(verb: str) -> None:
    table = VERBS[verb](unit="organization")
    assert table.title.endswith("(one voice for each organization)")
    assert "certain for" not in told(table)
    assert "certain for" in told(VERBS[verb]())


def test_a_total_of_organizations_is_not_that_of_their_clouds() -> None:
    said = told(VERBS["total"](unit="organization"))
    assert "not the total of all deployments" in said


@pytest.mark.parametrize("verb", ["median", "total"])
def test_figures_call_no_other_bounds_certain(verb: str, weights: Any) -> None:
    for how in ({"weights": weights}, {"unit": "organization"}):
        drawn = figure(VERBS[verb](**how)).to_json()
        assert "that are certain for those who answered" not in drawn
    assert "(weighted)" in figure(VERBS[verb](weights=weights)).to_json()
    assert "that are certain for those who answered" in figure(VERBS[verb]()).to_json()


@pytest.mark.parametrize("verb", ["share", "total"])
def test_a_publication_says_that_it_has_mean_weights(verb: str, weights: Any) -> None:
    table = VERBS[verb](weights=weights)
    (public,) = protect([table], title="Survey", edition="2019", answers=answers()).tables.values()
    assert public.title.endswith("(mean weight of each group)")
    assert "shares and medians within a group are not weighted" in "\n".join(public.notes)
