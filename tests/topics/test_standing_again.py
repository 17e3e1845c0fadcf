"""Every standing table with a public computation is given again by its own counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from survey.estimates import Estimates, tabulate_again
from survey.exports import read_export
from survey.responses import clean, pool
from survey.topics import standing_tables

RAW = Path(__file__).parents[2] / "data" / "raw"
ESTIMATED = frozenset({"new_clouds"})  # whose value knows the day of each answer; bounds do not


@pytest.fixture(scope="module")
def tables() -> tuple[Estimates, ...]:
    files = [RAW / f"Survey_{year}0831120000.csv" for year in (2023, 2024)]
    return standing_tables(pool([clean(read_export(path), key=b"again" * 8) for path in files]))


def test_counts_give_counts_bases_and_values_again(tables):
    compared = 0
    for table in tables:
        assert table.statistic is not None, table.name
        if table.statistic.public is None:
            continue
        (cells,) = tabulate_again(table)
        assert (cells.count_keys[cells.count > 0] != 0).all(), table.name
        again = table.statistic.point(cells, table.arguments).frame()
        keys = [*table.groups, "answer"]
        own, other = (
            each.set_index([each[key].astype(str) for key in keys]) for each in (table.frame, again)
        )
        numbers = ["count", "base", *(["value"] if table.spec.statistic not in ESTIMATED else [])]
        first, second = (each[numbers].astype(float) for each in (own, other.loc[own.index]))
        np.testing.assert_allclose(second, first, 1e-6, 1e-9, err_msg=table.name)
        compared += 1
    assert compared >= 60
