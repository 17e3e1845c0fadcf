"""Cross-tabulation in one go, beside each pair of questions counted by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Unit
from survey.estimates import crosstab, design, share
from survey.estimates.change.change import Change
from survey.estimates.precision.discovery import adjusted
from survey.estimates.shares.selection import shown
from survey.estimates.tabulation.counting import count
from survey.estimates.tabulation.grouping import Grouping, group_by
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tabulation.sums import Groups
from tests.estimates import builders as make

ROWS, COLUMNS = ("stage", "tools", "drivers"), ("size", "tools", "edition")
OPTIONS = {
    "units": {},
    "all units": {"base": "all"},
    "organizations": {"unit": "organization"},
    "independent": {"cluster": None},
    "weighted": {"weights": "weight"},
}


def answers_of(seed: int, organizations: int):
    """Return answers whose organizations describe few clouds each, or up to half of all."""
    drawn = make.invented(seed, clouds=90, organizations=organizations)
    weight = np.random.default_rng(seed).uniform(0.2, 4, len(drawn.deployments))
    return drawn.attach(pd.Series(weight, name="weight"), unit="deployment")


def pair_by_pair(answers, options):
    """Return the difference, its p-value and the few of each pair, from sums by cluster."""
    plan = design(answers, **{"unit": "deployment", **options})
    asked = plan.asked(ROWS)
    sample = plan.sample(asked)
    for row in ROWS:
        indicator = shown(read_indicator(sample, row), asked.base)
        for column in COLUMNS:
            grouping = with_rest(group_by(sample, column), len(sample))
            counted = count(
                sample,
                indicator,
                grouping,
                asked.base,
                plan.weight(sample, asked),
                organizations=asked.unit is Unit.ORGANIZATION,
            )
            change = Change(counted, asked.level, comparable=True, nets=0)
            rest, own = change.halves(counted.cells.share)
            yield own - rest, change.p_value, change.few


def with_rest(grouping: Grouping, size: int) -> Grouping:
    """Return the units of other columns, then those of each column."""
    groups = grouping.groups
    rows = np.arange(size) if groups.rows is None else groups.rows
    own = np.zeros((size, groups.count), dtype=bool)
    own[rows[groups.code >= 0], groups.code[groups.code >= 0]] = True
    rest = own.any(axis=1)[:, None] & ~own
    unit, code = np.nonzero(np.concatenate([rest, own], axis=1))
    names = tuple(str(number) for number in range(2 * groups.count))
    everywhere = np.ones((len(grouping.existing), len(names)), dtype=bool)
    doubled = Groups(code, len(names), unit)
    return Grouping(("side",), (names,), doubled, (), everywhere, ~everywhere)


@given(st.integers(0, 12), st.sampled_from([3, 30]), st.sampled_from(list(OPTIONS)))
def test_verdicts_are_those_of_each_pair_by_itself(seed, organizations, name):
    answers, options = answers_of(seed, organizations), OPTIONS[name]
    stats = ["share", "verdict"]
    frame = crosstab(answers, ROWS, COLUMNS, stats=stats, **{"unit": "deployment", **options}).frame
    pairs = list(pair_by_pair(answers, options))
    difference, p, few = (
        np.concatenate([each[place].ravel() for each in pairs]) for place in range(3)
    )
    known = frame["status"].isin(["ok", "imprecise"]).to_numpy()
    wanted = adjusted(np.where(known, p, np.nan))
    found = frame["p_adjusted"].to_numpy()
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12, nan_ok=True)
    assert np.isfinite(found).any() or name == "organizations"  # three of them are too few
    compared = (frame["verdict"] != "not comparable").to_numpy()
    assert frame["difference"][compared].to_numpy() == pytest.approx(
        difference[compared], abs=1e-12
    )
    assert (frame["verdict"] == "too few to test").tolist() == (known & few).tolist()


@given(st.integers(0, 12), st.sampled_from([3, 30]), st.sampled_from(list(OPTIONS)))
def test_shares_are_those_of_each_pair_by_itself(seed, organizations, name):
    answers = answers_of(seed, organizations)
    options = {"unit": "deployment", **OPTIONS[name]}
    frame = crosstab(answers, ROWS, COLUMNS, stats=["share"], **options).frame
    for (row, column), own in frame.groupby(["question", "banner"], sort=False):
        wanted = share(answers, row, column, **options).frame
        assert own["answer"].tolist() == wanted["answer"].tolist()
        assert own["group"].tolist() == wanted[column].tolist()
        for text in ("status", "imprecise_because", "check"):
            assert own[text].tolist() == wanted[text].tolist()
        for number in ("count", "base", "value", "low", "high", "n_eff", "deff", "clusters", "se"):
            given_, asked = own[number].to_numpy(), wanted[number].to_numpy()
            assert given_ == pytest.approx(asked, rel=1e-9, abs=1e-12, nan_ok=True), number
