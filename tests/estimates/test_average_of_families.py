"""The average over families of distributions: weights of evidence, and a power law at the top."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.estimates.numbers.filling import fill
from survey.estimates.numbers.models import fit
from survey.estimates.tabulation.banded_answers import Cells

LOW = np.array([1.0, 10, 100, 1e3, 1e4, 1e5, 1e6])
REACH = np.append(LOW[1:], np.inf)
CELLS = Cells(LOW, REACH - 1, REACH, tuple(map(str, LOW)))
counts = st.lists(st.integers(0, 60), min_size=7, max_size=7).filter(lambda each: sum(each) > 0)


@given(counts, st.sampled_from(["model", "pareto"]))
def test_the_average_lies_between_its_families(number, top):
    n = np.array([number], dtype=float)
    each = np.stack([fill(name, CELLS, n, top).means[0] for name in ("lognormal", "weibull")])
    average = fill("average", CELLS, n, top).means[0]
    assert (average >= each.min(axis=0) * (1 - 1e-9)).all()
    assert (average <= each.max(axis=0) * (1 + 1e-9)).all()


def test_the_evidence_of_many_answers_picks_the_right_family():
    """A thousand Weibull clouds leave no weight to the lognormal family."""
    random = np.random.default_rng(3)
    sizes = np.maximum(6000 * random.exponential(size=5000) ** 2.4, 1)
    n = np.histogram(sizes, np.append(LOW, np.inf))[0].astype(float)[None]
    weibull, average = (fill(name, CELLS, n).means[0, :6] for name in ("weibull", "average"))
    np.testing.assert_allclose(average, weibull, rtol=0.01)


def test_draws_come_from_the_families_in_proportion_to_their_weights():
    n = np.tile([[6.0, 17, 38, 40, 30, 2, 0]], (4000, 1))
    filling = fill("average", CELLS, n, "pareto")
    totals = filling.drawn_totals(n, np.random.default_rng(1))
    expected = (n * filling.means).sum(axis=1)[0]
    assert totals.mean() == pytest.approx(expected, rel=0.02)


def test_answers_in_one_band_leave_the_even_spread():
    n = np.array([[0, 0, 5.0, 0, 0, 0, 0]])
    filling = fill("average", CELLS, n)
    assert not filling.settled[0]
    np.testing.assert_allclose(filling.means, fill("lognormal", CELLS, n).means)


def test_the_same_counts_are_fitted_once_and_nobody_can_change_the_fit():
    low, reach = np.array([0.0, 10, 100, 1000]), np.array([10.0, 100, 1000, np.inf])
    rows = np.array([[6.0, 17, 28, 20], [0.0, 0, 9, 0], [1.0, 30, 2, 1]])
    first, again = (fit("weibull", low, reach, rows.copy()) for _ in range(2))
    assert first is again
    with pytest.raises(ValueError, match="read-only"):
        first.theta[0, 0] = 1.0
    alone = [fit("weibull", low, reach, row) for row in rows]
    # Sums of a row alone are rounded otherwise than in a batch; both stop at the same place.
    np.testing.assert_allclose(np.concatenate([each.theta for each in alone]), first.theta, 1e-9)
