"""Weights for panel attrition in the decomposition of a change, and in its variance."""

import numpy as np
import pandas as pd
import pytest

from survey.errors import EstimateError
from survey.estimates import decompose_change
from survey.estimates.change.attrition import Attrition
from survey.estimates.numbers.exchange import exchange_editions
from tests.estimates import builders as make

BANDS = ("1 to 9", "10 to 99", "100 or more")


def population(random, size=400):
    """Small organizations double and mostly leave; large ones stay as they are, and stay."""
    small = random.random(size) < 0.5
    earlier = np.where(small, 1.0, 4.0) * np.exp(0.4 * random.normal(size=size))
    grown = np.where(small, 2.0, 1.0) * np.exp(0.3 * random.normal(size=size))
    stayed = random.random(size) < np.where(small, 0.3, 0.8)
    return small, earlier, earlier * grown, stayed


def test_weights_undo_what_those_who_left_hide():
    """400 samples: the weighted change is unbiased, its 95 % interval covers 92 to 98 %."""
    random = np.random.default_rng(20261129)
    off, plain_off, inside = [], [], []
    true = 400 * 0.5 * np.exp(0.08) * (2 * np.exp(0.045) - 1 + 4 * (np.exp(0.045) - 1))
    for _ in range(400):
        small, earlier, later, stayed = population(random)
        found = Attrition(np.ones(400, dtype=bool), stayed, small.astype(int), 2)
        pair = found.scores(np.column_stack([earlier, later]))
        change = exchange_editions(pair[:, :1], pair[:, 1:], replicates=399)
        off.append(change.value[0] - true)
        plain_off.append((later - earlier)[stayed].sum() * 400 / stayed.sum() - true)
        inside.append(change.low[0] <= true <= change.high[0])
    error = np.std(off) / np.sqrt(400)
    assert abs(np.mean(off)) < 3 * error
    assert abs(np.mean(plain_off)) > 10 * error
    assert 0.92 <= np.mean(inside) <= 0.98


def test_scores_add_up_to_weighted_sums_and_know_that_weights_are_estimated():
    random = np.random.default_rng(3)
    small, earlier, _, stayed = population(random, 60)
    panel = random.random(60) < 0.9
    found = Attrition(panel, stayed, np.where(small, 0, -1), 1)
    scores = found.scores(earlier[:, None])
    assert scores.sum() == pytest.approx((found.weight * earlier).sum())
    assert found.weight.sum() == pytest.approx(panel.sum())
    left = panel & ~stayed & small
    assert scores[left] == pytest.approx(earlier[panel & stayed & small].mean())
    assert (scores[~panel] == 0).all()


def answers(rows):
    return make.build(
        [
            {"edition": edition, "organization": name, "size": BANDS[band], "stage": stage}
            for edition, name, band, stage in rows
        ],
        make.book(("2018", "2019")),
    )


TESTING, LIVE = make.STAGES[1], make.STAGES[0]
ROWS = [
    *(("2018", f"t{place}", 0, TESTING) for place in range(4)),
    *(("2018", f"l{place}", 1, LIVE) for place in range(3)),
    *(("2019", f"t{place}", 1, TESTING) for place in range(1)),
    *(("2019", f"l{place}", 1, LIVE) for place in range(3)),
    ("2019", "new", 2, LIVE),
]


def test_those_that_came_back_stand_for_those_of_their_cell():
    """One of four testing organizations came back, and grew: it stands for four."""
    plain = decompose_change(answers(ROWS), "size", "2018", "2019").frame.set_index("answer")
    table = decompose_change(answers(ROWS), "size", "2018", "2019", attrition="stage")
    found = table.frame.set_index("answer")
    assert found.loc["grew", "value"] == pytest.approx(4 * plain.loc["grew", "value"])
    assert found.loc[["entered", "left"], "value"].tolist() == [0.0, 0.0]
    assert found["count"].equals(plain["count"])
    parts = found.drop(index="total")
    for column in ("value", "earlier", "later"):
        assert parts[column].sum() == pytest.approx(found.loc["total", column])
    assert found.loc["total", "earlier"] == pytest.approx(plain["earlier"].drop("total").sum())
    assert any("have weight 0" in note for note in table.notes)
    assert any("cannot decide" in note for note in table.notes)
    again = table.statistic.ask_again(table.design, table.arguments)
    pd.testing.assert_frame_equal(again.frame, table.frame)


def test_a_cell_of_which_nobody_came_back_is_refused():
    rows = [row for row in ROWS if row[:2] != ("2019", "t0")]
    with pytest.raises(EstimateError, match="nobody of 'Testing' came back"):
        decompose_change(answers(rows), "size", "2018", "2019", attrition="stage")
