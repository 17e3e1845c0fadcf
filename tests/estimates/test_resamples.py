"""Clusters that answered alike are drawn together: the same resamples, of fewer numbers."""

import numpy as np
import pytest

from survey.estimates.design import design_of
from survey.estimates.examples import answers
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.resample_pool import pooled, resamples
from survey.estimates.precision.bootstrap import generator, resampled


def pool_by(*by):
    return pooled(ask_bands(design_of(answers()), ("compute_cores",), by))


@pytest.mark.parametrize("by", [(), ("edition",), ("edition", "deployment_stage")])
def test_clusters_are_of_one_kind_where_they_gave_the_same_answers_in_the_same_groups(by):
    pool = pool_by(*by)
    told = [[("all", *row)] for row in pool.by_cluster.tolist()]
    sums = pool.sums
    for cluster, group, row in zip(sums.cluster, sums.group, sums.chosen, strict=True):
        if pool.place[cluster] >= 0:
            told[pool.place[cluster]].append((int(group), *row.tolist()))
    kind = resamples(pool, 100, generator()).kind
    pairs = {(number, str(sorted(map(str, each)))) for number, each in zip(kind, told, strict=True)}
    assert len(pairs) == len(set(kind)) == len({said for _, said in pairs})


@pytest.mark.parametrize("by", ["edition", "deployment_stage"])
def test_the_first_row_holds_the_answers_that_there_are(by):
    pool = pool_by(by)
    found = resamples(pool, 100, generator())
    assert found.counts[0].tolist() == pool.counts[0].tolist()
    for group in range(pool.sums.groups):
        assert found.counts_of(group)[0] == pytest.approx(pool.parts(group)[1].sum(axis=0))


def test_resamples_vary_as_those_of_single_clusters_do():
    pool, replicates = pool_by("edition"), 20_000
    found = resamples(pool, replicates, generator())
    single = resampled(pool.size, replicates, generator(1))
    for group in range(pool.sums.groups):
        clusters, parts = pool.parts(group)
        wanted = np.cov(single[:, clusters] @ parts, rowvar=False)
        drawn = found.counts_of(group)[1:]
        assert np.cov(drawn, rowvar=False) == pytest.approx(wanted, abs=0.05 * wanted.max())
        assert drawn.mean(axis=0) == pytest.approx(parts.sum(axis=0), abs=0.1)
