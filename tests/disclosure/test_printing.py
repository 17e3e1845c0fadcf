"""Published numbers at the length that they deserve."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.disclosure.published_digits import rounded
from survey.estimates import compare, median
from survey.estimates.examples import answers


def test_a_change_has_one_digit_where_its_interval_is_longer_than_the_numbers() -> None:
    """Medians whose own limits are a factor of two apart have one digit in both tables."""
    table = compare(answers(), "compute_cores", "2018", "2019", statistic="median")
    assert table.statistic is not None
    frame = pd.DataFrame(
        {
            "answer": ["wide", "narrow"],
            "value": [-86.0, -86.0],
            "low": [-1304.0, -290.0],
            "high": [1121.0, 121.0],
            "earlier": [1284.0, 1284.0],
            "later": [1198.0, 1198.0],
        }
    )
    printed = pd.DataFrame(rounded(frame, table.statistic, 2))
    assert printed.loc[0].tolist()[1:] == [-90, -1500, 1000, 1500, 1000]
    assert printed.loc[1].tolist()[1:] == [-86, -290, 120, 1300, 1200]


def test_wide_intervals_leave_one_digit_and_narrow_ones_two() -> None:
    table = median(answers(), "compute_cores")
    assert table.statistic is not None
    frame = pd.DataFrame(
        {
            "answer": ["wide", "narrow", "unknown", "nothing"],
            "count": [30, 30, 30, 0],
            "base": [30, 30, 30, 0],
            "value": [16_400_000.0, 1234.0, 1234.0, None],
            "low": [5_300_000.0, 1000.0, None, None],
            "high": [48_000_000.0, 1900.0, 4000.0, None],
            "status": ["ok", "ok", "ok", "empty"],
        }
    )
    printed = pd.DataFrame(rounded(frame, table.statistic, 2))
    assert printed["value"].tolist()[:3] == [15_000_000, 1200, 1200]
    assert printed["low"].tolist()[:2] == [5_000_000, 1000]
    assert printed["high"].tolist()[:3] == [50_000_000, 1900, 4000]
    assert printed["value"].isna().tolist() == [False, False, False, True]


def test_one_digit_moves_no_number_by_more_than_a_quarter() -> None:
    """A total of 14 million printed as 10 would be off by more than noise makes it."""
    table = median(answers(), "compute_cores")
    assert table.statistic is not None
    values = np.geomspace(0.011, 97_000_000.0, 997)
    frame = pd.DataFrame({"value": values, "low": values / 3, "high": values * 3})
    printed = np.asarray(rounded(frame, table.statistic, 2)["value"], dtype=float)
    assert np.abs(np.log(printed / values)).max() <= np.log(1.25) + 1e-9
    assert (np.diff(printed) >= 0).all()
    first = {f"{value:.3e}".split("e")[0] for value in printed.tolist()}
    assert first == {f"{digit:.3f}" for digit in (1, 1.5, *range(2, 10))}
