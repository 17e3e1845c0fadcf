"""Weights: margins are met, and what cannot be met is an error."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import EstimateError
from survey.estimates import crosstab, poststratify, rake, share
from survey.estimates.weighting.raking import _trimmed
from tests.estimates import builders as make


@cache
def drawn(seed, clouds=150):
    return make.invented(seed, clouds=clouds)


parts = st.lists(st.floats(0.1, 1), min_size=3, max_size=3).map(
    lambda sizes: [size / sum(sizes) for size in sizes]
)


def targets(labels, sizes):
    return dict(zip(labels, sizes, strict=True))


@given(st.integers(0, 10), parts, parts)
def test_margins_are_met_among_those_who_answered(seed, stages, sizes):
    responses = drawn(seed)
    margins = {"stage": targets(make.STAGES, stages), "size": targets(make.SIZES, sizes)}
    weights = rake(responses, margins)
    for concept, wanted in margins.items():
        found = share(responses, concept, weights=weights).frame.set_index("answer")["value"]
        assert found.to_dict() == pytest.approx(wanted, abs=1e-8)
    assert weights.values.mean() == pytest.approx(1)
    assert (weights.values > 0).all()
    assert weights.design_effect >= 1
    assert weights.effective <= len(responses.deployments)
    assert weights.margins["after"].to_numpy() == pytest.approx(
        weights.margins["target"].to_numpy(), abs=1e-8
    )


@given(st.integers(0, 10), parts)
def test_numbers_of_the_population_do_as_well_as_shares(seed, stages):
    responses = drawn(seed)
    first = rake(responses, {"stage": targets(make.STAGES, stages)})
    second = rake(responses, {"stage": targets(make.STAGES, [5000 * each for each in stages])})
    assert first.values.to_numpy() == pytest.approx(second.values.to_numpy())


def test_margins_that_hold_already_need_no_weights():
    responses = make.build([{"stage": stage} for stage in make.STAGES * 5])
    weights = rake(responses, {"stage": targets(make.STAGES, [1 / 3] * 3)})
    assert weights.values.to_numpy() == pytest.approx(1)
    plain, weighted = share(responses, "stage"), share(responses, "stage", weights=weights)
    assert plain.frame["value"].tolist() == pytest.approx(weighted.frame["value"].tolist())
    assert weighted.frame["weighted_base"].tolist() == pytest.approx([15] * 3)


@given(parts)
def test_trimming_holds_together_with_the_margins(stages):
    responses = drawn(4)
    margins = {"stage": targets(make.STAGES, stages)}
    try:
        weights = rake(responses, margins, trim=(0.5, 2.0))
    except EstimateError as error:
        assert "loosen the trimming" in str(error)
        return
    assert weights.range[0] >= 0.5 - 1e-12
    assert weights.range[1] <= 2.0 + 1e-12


@given(
    st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=40),
    st.floats(0, 0.95),
    st.floats(1.05, 20),
)
def test_trimmed_weights_have_mean_1_and_stay_in_proportion_inside_the_limits(raw, low, high):
    """By the definition: limits are multiples of the mean, and only they change a proportion."""
    weight = np.array(raw)
    trimmed = _trimmed(weight, low, high)
    assert trimmed.mean() == pytest.approx(1, rel=1e-9)
    assert trimmed.min() >= low - 1e-9
    assert trimmed.max() <= high * (1 + 1e-9)
    free = (trimmed > low * (1 + 1e-9)) & (trimmed < high * (1 - 1e-9))
    factors = trimmed / weight
    assert factors[free] == pytest.approx(factors[free][0] if free.any() else 1, rel=1e-9)
    for factor in factors[free][:1]:
        assert (factor * weight[trimmed <= low] <= low * (1 + 1e-9)).all()
        assert (factor * weight[trimmed >= high] >= high * (1 - 1e-9)).all()


@pytest.mark.parametrize(
    ("wanted", "trim", "tolerance", "at_limit"),
    [
        ([0.5, 0.3, 0.2], (0.5, 1.3), 0.05, 16),  # the largest weight was 1.35
        ([0.5, 0.3, 0.2], (0.0, 1.5), 0.01, 16),
        ([0.6, 0.25, 0.15], (0.8, 2.0), 0.03, 47),  # the smallest was .78
        ([0.6, 0.25, 0.15], (0.5, 1.3), 0.03, 0),
    ],
)
def test_a_loose_tolerance_loosens_no_limit(wanted, trim, tolerance, at_limit):
    responses = drawn(4)
    weights = rake(
        responses, {"stage": targets(make.STAGES, wanted)}, trim=trim, tolerance=tolerance
    )
    assert weights.range[0] >= trim[0] - 1e-12
    assert weights.range[1] <= trim[1] + 1e-12
    found = share(responses, "stage", weights=weights).frame.set_index("answer")["value"]
    assert np.abs(found[list(make.STAGES)].to_numpy() - wanted).max() < tolerance
    values = weights.values.to_numpy()
    assert weights.trimmed == np.isclose(values[:, None], trim, rtol=1e-9).any(axis=1).sum()
    assert weights.trimmed == at_limit


def test_cells_are_met_one_by_one():
    responses = make.invented(5, clouds=300, blank=0.0)
    crossed = crosstab(responses, "stage", "public", stats=["count"]).frame
    cells = [(row.answer, row.public) for row in crossed.itertuples() if row.count]
    wanted = dict(
        zip(cells, np.arange(1, len(cells) + 1) / sum(range(1, len(cells) + 1)), strict=True)
    )
    weights = poststratify(responses, ["stage", "public"], wanted)
    assert weights.margins["after"].to_numpy() == pytest.approx(
        weights.margins["target"].to_numpy()
    )


STAGE = targets(make.STAGES, [0.5, 0.3, 0.2])


@pytest.mark.parametrize(
    ("margins", "words"),
    [
        ({}, "at least one"),
        ({"stage": {"Production": 1.0}}, "no target for 'Testing', which was chosen"),
        ({"stage": {**STAGE, "Retired": 0.0}}, "an answer that the question offers"),
        ({"stage": {"Production": 0.5, "Testin": 0.5}}, "did you mean 'Testing'"),
        ({"stage": {**STAGE, "Production": -0.5}}, "not a positive number"),
        ({"stage": {**STAGE, "Production": 0.4}}, "shares that add up to 0.9"),
        (
            {
                "stage": {key: 100 * value for key, value in STAGE.items()},
                "size": targets(make.SIZES, [50, 50, 50]),
            },
            "the same total",
        ),
        ({"tools": targets(make.TOOLS, [0.2] * 5)}, "one answer per unit"),
        ({"score": targets(make.SCORES, [1] * 11), "stage": STAGE}, "the same total"),
    ],
)
def test_contradictory_targets_are_errors(margins, words):
    with pytest.raises(EstimateError) as caught:
        rake(drawn(6), margins)
    assert words in str(caught.value)


def test_targets_that_answers_cannot_meet_are_an_error():
    """Every large cloud is in production, so no weights give both margins."""
    rows = [
        {"size": size, "stage": stage}
        for size, stage in zip(make.SIZES * 10, make.STAGES * 10, strict=True)
    ]
    margins = {
        "stage": targets(make.STAGES, [0.5, 0.3, 0.2]),
        "size": targets(make.SIZES, [0.2, 0.3, 0.5]),
    }
    with pytest.raises(EstimateError, match="did not meet its margins"):
        rake(make.build(rows), margins)


def test_weights_fit_only_the_answers_they_were_made_for():
    responses = drawn(7)
    weights = rake(responses, {"stage": STAGE})
    half = responses.in_edition("2019")
    assert len(share(half, "tools", weights=weights)) == 5, "a part has its weights, too"
    with pytest.raises(EstimateError, match="one for every row"):
        share(responses, "tools", weights=rake(half, {"stage": STAGE}))
    with pytest.raises(EstimateError, match="weights of respondents"):
        share(responses, "score", weights=weights)
    with pytest.raises(EstimateError, match="another unit"):
        share(responses, "tools", unit="organization", weights=weights)


def test_rows_with_the_same_number_are_told_apart_by_whoever_weights_them():
    responses = drawn(7)
    twice = pd.concat([responses.deployments, responses.deployments], ignore_index=True)
    doubled = replace(responses, deployments=twice)
    weights = rake(doubled, {"stage": STAGE})
    many = len(responses.deployments)
    with pytest.raises(EstimateError, match=f"{many} rows with the number of another deployment"):
        share(doubled, "tools", weights=weights)
