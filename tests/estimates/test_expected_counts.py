"""What stands behind published counts of bands, against enumeration and simulation."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pytest

from survey.disclosure.perturbation.noise import chance_table, perturb
from survey.estimates import tabulate_again, total
from survey.estimates.examples import answers
from survey.estimates.numbers import expected_counts as behind
from survey.estimates.numbers.expected_counts import drawn_counts, expected_counts
from survey.estimates.precision.bootstrap import generator
from survey.estimates.statistic import Noise
from survey.estimates.tabulation import Tabulation
from tests.estimates.test_recut_bands import recut

NOISE = Noise(2.5, 1.0, 0.95, chance_table())
SURVEYS = 40
EDGES = np.array([0, 100, 1000, np.inf])


@pytest.fixture(scope="module")
def table():
    return total(answers().in_edition("2019"), "compute_cores", replicates=100)


def counted(table, rows: np.ndarray) -> Tabulation:
    """Return a tabulation of several editions with counts of the same bands."""
    (cells,) = tabulate_again(table)
    first = np.zeros(len(rows), dtype=int)
    names = "presence count_keys base_keys largest largest_other weighted_count weighted_base"
    names += " count base declined declined_keys"
    arrays = {name: getattr(cells, name)[first] for name in names.split()}
    groups = tuple((str(2019 + row),) for row in range(len(rows)))
    wide = replace(cells, names=("edition",), groups=groups, whole=None, **arrays)
    return wide.with_counts(rows, np.repeat(rows.sum(axis=1)[:, None], rows.shape[1], axis=1))


def by_enumeration(row: np.ndarray, band: int) -> float:
    """Return the expected true count of one edition, with the most likely part, term by term."""
    around = row[max(band - 2, 0) :].sum()

    def terms(part: float) -> list[float]:
        shape, due = 4, part * around
        return [
            comb(true + shape - 1, true)
            * (due / (due + shape)) ** true
            * (shape / (due + shape)) ** shape
            * chance_table()[min(true, 8)][row[band] - true + 5]
            for true in range(max(row[band] - 5, 0), row[band] + 6)
        ]

    likeliest = max(np.geomspace(1e-3, 1.0, 25), key=lambda part: sum(terms(part)))
    found = terms(likeliest)
    true = range(max(row[band] - 5, 0), row[band] + 6)
    return sum(count * term for count, term in zip(true, found, strict=True)) / sum(found)


@pytest.mark.parametrize("row", [(60, 30, 3), (17, 4, 0), (0, 60, 12)])
def test_one_edition_is_what_enumeration_gives(table, row: tuple[int, ...]) -> None:
    rows = np.array([row])
    found = expected_counts(counted(table, rows), NOISE).weighted_count[0]
    assert found == pytest.approx([by_enumeration(rows[0], band) for band in range(3)])


def test_counts_without_noise_are_as_they_are(table) -> None:
    cells = counted(table, np.array([[60, 30, 3]]))
    assert expected_counts(cells, Noise(0.0, 1.0)).weighted_count.tolist() == [[60, 30, 3]]


def test_expected_counts_have_the_mean_weight_of_their_group(table) -> None:
    cells = counted(table, np.array([[60, 30, 3], [17, 4, 0]]))
    weight = np.array([[2.5], [0.5]])
    heavy = replace(cells, weighted_base=weight * cells.weighted_base)
    plain, weighted = (expected_counts(each, NOISE).weighted_count for each in (cells, heavy))
    assert weighted == pytest.approx(weight * plain)


def test_without_chances_the_noise_is_normal_where_anybody_answered(table) -> None:
    cells = counted(table, np.array([[6000, 3000, 0], [1700, 400, 0]]))
    drawn = drawn_counts(cells, Noise(9.0, 1.0), generator(0), 2000)
    assert (drawn[..., 2] == 0).all()
    assert drawn[..., :2].std(axis=0) == pytest.approx(3.0, rel=0.1)
    assert drawn[..., :2].mean(axis=0) == pytest.approx(cells.count[:, :2], abs=0.5)


def test_nobody_is_expected_in_a_band_that_an_edition_did_not_offer() -> None:
    (cells,) = tabulate_again(total(recut(), "compute_cores", "edition", replicates=100))
    public = cells.with_counts(cells.count, cells.base)
    nobody = public.count == 0
    assert nobody.sum() > 2
    assert expected_counts(public, NOISE).weighted_count[nobody].max() == 0
    assert drawn_counts(public, NOISE, generator(0), 50)[:, nobody].max() == 0


def test_counts_are_drawn_around_what_is_expected(table, monkeypatch) -> None:
    monkeypatch.setattr(behind, "_POWER", 0.0)
    cells = counted(table, np.array([[60, 30, 3], [63, 28, 4], [63, 30, 6]]))
    drawn = drawn_counts(cells, NOISE, generator(0), 4000)
    assert (np.abs(drawn - cells.count) <= 5).all()
    expected = expected_counts(cells, NOISE).weighted_count
    assert drawn.mean(axis=0) == pytest.approx(expected, abs=0.3)


def surveys(table):
    """Yield tabulations of six editions of true and published counts of lognormal numbers."""
    for seed in range(SURVEYS):
        drawn = np.random.default_rng(seed)
        sizes = np.exp(drawn.normal(3.4, 1.7, (6, 150)))
        rows = np.array([np.histogram(each, EDGES)[0] for each in sizes])
        keys = drawn.integers(1, 2**63, rows.shape, dtype=np.uint64)
        yield counted(table, rows), counted(table, perturb(rows, keys))


def test_published_totals_are_close_to_exact_ones_and_their_intervals_hold_them(table) -> None:
    """Closer than totals of the published counts themselves; 95 of 100 intervals hold it."""
    point, public = table.statistic.point, table.statistic.public
    before, after, held, inside = [], [], [], []
    for true, published in surveys(table):
        exact = point(true, table.arguments).value[:, 0]
        shown = point(public.expected(published, NOISE), table.arguments).value[:, 0]
        limits = public.limits(published, table.arguments, NOISE)
        before.append(np.log(point(published, table.arguments).value[:, 0] / exact))
        after.append(np.log(shown / exact))
        held.append((limits.low[:, 0] <= exact) & (exact <= limits.high[:, 0]))
        inside.append((limits.low[:, 0] <= shown) & (shown <= limits.high[:, 0]))
    assert np.std(after) < 0.85 * np.std(before)
    assert abs(np.median(after)) < np.log(1.1)
    assert np.mean(held) >= 0.95
    assert np.all(inside)
