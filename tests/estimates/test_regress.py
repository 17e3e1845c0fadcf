"""Regressions on bands through the public verb: known slopes, and what the table says."""

import numpy as np
import pytest
from scipy.stats import t as student

from survey.errors import EstimateError
from survey.estimates import design, regress
from tests.estimates import band_builders as make

CORES, TEAM, STAGE, NODES = "compute_cores", "team_size", "deployment_stage", "compute_nodes"


def code_of(concept, numbers):
    lows = [band.low for band in make.codebook().question(concept, make.EDITION).bands.values()]
    return np.searchsorted(lows, numbers, side="right") - 1


def invented(size, slope, seed, *, factor=1.0, clouds=1):
    """Return clouds whose team grows with cores at an elasticity, and is larger in tests."""
    random = np.random.default_rng(seed)
    logs = random.normal(7, 2.5, size)
    stages = make.codebook().question(STAGE, make.EDITION).labels
    testing = random.random(size) < 0.4
    shared = np.repeat(random.normal(0, 0.4, size), clouds)[:size]
    team = np.exp(0.5 + slope * (logs - 7) + np.log(factor) * testing + shared)
    team *= np.exp(random.normal(0, 0.5, size))
    cores = code_of(CORES, np.maximum(np.exp(logs), 1))
    people = code_of(TEAM, np.maximum(np.floor(team), 1))
    return make.answers_of(
        [
            {
                "organization": f"o{number // clouds}",
                CORES: make.label(CORES, int(cores[number])),
                TEAM: make.label(TEAM, int(people[number])),
                STAGE: stages[1] if testing[number] else stages[0],
            }
            for number in range(size)
        ]
    )


def test_elasticity_and_factor_come_out():
    """A slope of .3 and a factor of 1.5 in 3,000 clouds, within three standard errors."""
    table = regress(invented(3000, 0.3, 1, factor=1.5), TEAM, [CORES, STAGE]).frame
    cores, testing = table.iloc[0], table.iloc[1]
    assert cores["coefficient"] == pytest.approx(0.3, abs=max(3 * cores["se"], 0.02))
    assert cores["value"] == pytest.approx(2 ** cores["coefficient"])
    assert testing["value"] == pytest.approx(1.5, rel=0.12)
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()


def test_intervals_cover_with_clouds_in_organizations():
    """Of 150 samples of 200 clouds, two to an organization, 95 % intervals hold 90 to 99 %."""
    held = [
        row["coefficient_low"] <= 0.3 <= row["coefficient_high"]
        for seed in range(150)
        for _, row in regress(
            invented(200, 0.3, 100 + seed, clouds=2), TEAM, CORES
        ).frame.iterrows()
    ]
    assert 0.90 <= np.mean(held) <= 0.99


def test_who_did_not_answer_everything_is_not_in_the_base():
    answers = invented(120, 0.3, 2)
    frame = answers.deployments.copy()
    frame.loc[:19, CORES] = None
    table = regress(answers.with_frame(answers.question(CORES).unit, frame), TEAM, CORES)
    assert table.frame["base"].tolist() == [100]
    assert "Base: deployments that answered every question." in table.notes


def test_the_design_is_that_of_every_verb():
    answers = invented(120, 0.3, 3, clouds=3)
    alone = regress(design(answers, cluster=None), TEAM, CORES).frame.iloc[0]
    together = regress(answers, TEAM, CORES).frame.iloc[0]
    assert alone["coefficient"] == together["coefficient"]
    assert (alone["clusters"], together["clusters"]) == (120, 40)


def test_degrees_of_freedom_are_the_effective_number_of_organizations():
    """Thirty clouds of one organization and ninety of as many others."""
    answers = invented(120, 0.3, 3)
    frame = answers.deployments.copy()
    frame["organization"] = ["giant"] * 30 + [f"o{place}" for place in range(90)]
    row = regress(answers.with_frame(answers.question(CORES).unit, frame), TEAM, CORES).frame.iloc[
        0
    ]
    freedom = 120**2 / (30**2 + 90) - 1
    half = (row["coefficient_high"] - row["coefficient_low"]) / 2
    assert half / row["se"] == pytest.approx(student.ppf(0.975, freedom))
    assert row["p"] == pytest.approx(2 * student.sf(abs(row["coefficient"] / row["se"]), freedom))


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda a: regress(a, STAGE, CORES), "bands of a number"),
        (lambda a: regress(a, TEAM, "projects_used"), "kind 'matrix'"),
        (lambda a: regress(a, TEAM, CORES, unit="organization"), "'deployment'"),
        (lambda a: regress(a, TEAM, 5), "on"),
        (lambda a: regress(a, TEAM, [CORES, CORES]), "do not depend on each other"),
    ],
)
def test_what_cannot_be_asked_is_said(ask, words):
    with pytest.raises(EstimateError) as caught:
        ask(invented(60, 0.3, 4))
    assert words in str(caught.value)


def test_too_few_answers_are_refused():
    with pytest.raises(EstimateError, match="leave predictors out"):
        regress(invented(3, 0.3, 5), TEAM, CORES)
