"""From true counts to published ones: sums, parts and wholes, and what keys do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.disclosure.perturbation.counts import joined_groups, perturbed
from survey.disclosure.perturbation.rare_answers import joined_rare
from survey.estimates import share, tabulate_again
from survey.estimates.tabulation import Tabulation
from survey.responses import ANOTHER
from tests.disclosure.surveys import CONCEPTS, GROUPS, invented

SLOW = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def cells_of(concept: str, by: str | list[str], seed: int, size: int = 90) -> Tabulation:
    (cells,) = tabulate_again(share(invented(size, seed), concept, by=by))
    return cells


@SLOW
@given(st.sampled_from(CONCEPTS), st.sampled_from(GROUPS), st.integers(0, 50))
def test_published_counts_hang_together(concept: str, by: str, seed: int) -> None:
    cells = cells_of(concept, by, seed) if concept != by else cells_of(concept, [], seed)
    shown = perturbed(cells)
    assert not np.isin(shown.count, [1, 2]).any()
    assert (shown.count[cells.count == 0] == 0).all()
    assert (shown.count <= shown.base).all()
    assert (shown.count[shown.base == 0] == 0).all()
    assert (shown.count_keys == 0).all()
    own = cells.elementary
    assert (np.abs(shown.count - cells.count)[:, own] <= 10).all()
    if cells.exclusive:
        assert (shown.count[:, own].sum(axis=1) == shown.base.max(axis=1)).all()


@SLOW
@given(st.integers(0, 50))
def test_a_cell_has_one_published_count_in_every_table_that_shows_it(seed: int) -> None:
    answers = invented(90, seed)
    (rows,) = tabulate_again(share(answers, "compute_cores", by="deployment_stage"))
    (columns,) = tabulate_again(share(answers, "deployment_stage", by="compute_cores"))
    one, other = perturbed(rows), perturbed(columns)
    place = {group[0]: row for row, group in enumerate(columns.groups)}
    for row, (stage,) in enumerate(rows.groups):
        for column, band in enumerate(rows.answers):
            if band in place:
                there = other.count[place[band], columns.answers.index(stage)]
                assert one.count[row, column] == there


def test_joined_groups_are_counted_as_if_they_had_been_one() -> None:
    answers = invented(150, 4)
    frame = answers.deployments.copy()
    (apart,) = tabulate_again(share(answers, "hypervisors", by="deployment_stage"))
    classes = {"Proof of Concept": "early", "Under development / In testing": "early"}
    joined = joined_groups(apart, {"deployment_stage": classes})
    early = frame["deployment_stage"].isin(list(classes))
    (one,) = tabulate_again(share(answers.where(early), "hypervisors"))
    row = joined.groups.index(("early",))
    assert (joined.count[row] == one.count[0]).all()
    assert (joined.count_keys[row] == one.count_keys[0]).all()
    assert (joined.base_keys[row] == one.base_keys[0]).all()
    assert (joined.declined_keys[row] == one.declined_keys[0]).all()


def test_rare_answers_become_one_with_the_noise_of_one_count() -> None:
    cells = cells_of("industry", "region", 2, 150)
    rare = np.array([answer in ("Energy", "Travel", "Gaming") for answer in cells.answers])
    joined, gone, alone, *_ = joined_rare(cells, np.tile(rare, (len(cells.groups), 1)))
    assert not alone.any()
    assert joined.answers[-1] == ANOTHER
    assert (gone == [*rare, False]).all()
    assert (joined.count[gone] == 0).all()
    assert (joined.count_keys[gone] == 0).all()
    assert (joined.count[:, -1] == cells.count[:, rare].sum(axis=1)).all()
    assert (
        joined.count_keys[:, -1] == cells.count_keys[:, rare].sum(axis=1, dtype=np.uint64)
    ).all()
    shown = perturbed(joined, alone)
    assert (shown.count.sum(axis=1) == shown.base.max(axis=1)).all()


def test_a_union_with_a_rare_part_has_noise_of_its_own_and_holds_its_parts() -> None:
    nets = {"Services": ["Finance", "Insurance", "Travel"]}
    (cells,) = tabulate_again(share(invented(150, 2), "industry", by="region", nets=nets))
    rare = np.array([answer == "Travel" for answer in cells.answers])
    joined, _, alone, *_ = joined_rare(cells, np.tile(rare, (len(cells.groups), 1)))
    union = joined.answers.index("Services")
    assert np.flatnonzero(alone.any(axis=0)).tolist() == [union]
    shown = perturbed(joined, alone)
    parts = [joined.answers.index(name) for name in ("Finance", "Insurance")]
    assert (shown.count[:, union] >= shown.count[:, parts].max(axis=1)).all()
    assert (shown.count[:, union] <= shown.base.max(axis=1)).all()


def test_answers_are_joined_where_they_are_rare_alone() -> None:
    cells = cells_of("industry", "region", 2, 150)
    rare = np.zeros(cells.count.shape, dtype=bool)
    rare[0, :3] = True
    joined, gone, *_ = joined_rare(cells, rare)
    assert np.flatnonzero(gone[0]).tolist() == [0, 1, 2]
    assert [np.flatnonzero(row).tolist() for row in gone[1:]] == [[len(cells.answers)]] * (
        len(gone) - 1
    )
    assert joined.count.sum(axis=1).tolist() == cells.count.sum(axis=1).tolist()
    plain, shown = perturbed(cells), perturbed(joined)
    assert (plain.count[1:] == shown.count[1:, :-1]).all()
    assert (plain.base[1:].max(axis=1) == shown.base[1:].max(axis=1)).all()


def test_those_who_gave_no_listed_answer_are_in_the_whole() -> None:
    (cells,) = tabulate_again(share(invented(150, 2), "compute_cores", base="all"))
    assert cells.count.sum() < cells.base.max()
    shown = perturbed(cells)
    rest = shown.base.max() - shown.count.sum()
    assert abs(rest - (cells.base.max() - cells.count.sum())) <= 5


def test_a_large_organization_has_larger_noise() -> None:
    cells = cells_of("hypervisors", [], 5, 400)
    small, large = (replace(cells, largest=np.full_like(cells.largest, m)) for m in (10, 21))
    shifts = perturbed(small).count - cells.count
    larger = perturbed(large).count - cells.count
    far = cells.count > 40
    assert far.any()
    assert (larger[far] == 3 * shifts[far]).all()


@pytest.mark.parametrize("by", ["region", "compute_cores"])
def test_weighted_counts_use_the_mean_weight_of_the_group(by: str) -> None:
    cells = cells_of("hypervisors", by, 8, 200)
    heavy = replace(cells, weighted_base=cells.base * 2.5, weighted_count=cells.count * 9.0)
    shown = perturbed(heavy)
    assert shown.weighted_count == pytest.approx(shown.count * 2.5)
