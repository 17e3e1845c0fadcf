"""Families of distributions: numbers drawn inside bands lie where the distribution has them."""

import numpy as np
import pytest

from survey.estimates.numbers.models import FAMILIES

LOW = np.array([0.0, 1, 10, 100, 1e3, 1e4, 1e5, 1e6])
REACH = np.append(LOW[1:], np.inf)
SHARES = (np.arange(50) + 0.5) / 50


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize("spread", [0.25, 1.0, 2.5, 12.0])
@pytest.mark.parametrize("location", [-3.0, 3.0, 9.0, 20.0])
def test_a_share_of_the_numbers_of_a_band_lies_above_each_draw(family, spread, location):
    """Holds wherever a band has more than a millionth of the numbers."""
    theta = np.array([[location, np.log(spread)]])
    cells = np.repeat(np.arange(len(LOW)), len(SHARES))
    drawn = np.tile(SHARES, len(LOW))
    values = family.values(drawn, LOW, REACH, theta, np.zeros_like(cells), cells)
    values = values.reshape(len(LOW), len(SHARES))
    probability = family.between(LOW, REACH, theta)[0]
    ends = np.repeat(REACH, len(SHARES))
    above = family.between(values.ravel(), ends, theta)[0].reshape(values.shape)
    usual = probability > 1e-6
    assert usual.any()
    part = above[usual] / probability[usual][:, None]
    np.testing.assert_allclose(part, np.broadcast_to(SHARES, part.shape), atol=1e-6)
