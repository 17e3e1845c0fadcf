"""Answers, tables and designs can be copied, cached and sent to another process."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from survey.disclosure import protect
from survey.estimates import Design, design, median, share
from survey.estimates.examples import answers
from survey.estimates.table import Estimates
from survey.responses import Responses

WAYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda each: pickle.loads(pickle.dumps(each)),
}
STAGE, CORES = "deployment_stage", "compute_cores"


def same(first: Estimates, second: Estimates) -> None:
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert (first.notes, first.title, first.spec) == (second.notes, second.title, second.spec)


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_of_answers_gives_the_same_tables(way: str) -> None:
    for given in (answers(), answers().where(edition="2019"), answers().in_edition("2019")):
        share(given, STAGE)  # what is remembered of them is no hindrance
        copied: Responses = WAYS[way](given)
        assert copied.codebook.editions.keys() == given.codebook.editions.keys()
        same(share(copied, STAGE, by="edition"), share(given, STAGE, by="edition"))
        same(median(copied, CORES), median(given, CORES))


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_of_a_table_can_be_published(way: str) -> None:
    table = share(answers(), STAGE, by="edition")
    copied: Estimates = WAYS[way](table)
    same(copied, table)
    for one, other in zip(_published(copied), _published(table), strict=True):
        same(one, other)


def _published(table: Estimates) -> list[Estimates]:
    publication = protect([table], title="Survey", edition="2019", answers=answers())
    return list(publication.tables.values())


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_of_a_design_counts_the_same(way: str) -> None:
    given = design(answers(), unit="organization", level=0.9)
    copied: Design = WAYS[way](given)
    same(share(copied, STAGE), share(given, STAGE))


def test_a_deep_copy_stays_read_only() -> None:
    editions = copy.deepcopy(answers()).codebook.editions
    assert isinstance(editions, MappingProxyType)


def test_another_process_computes_the_same() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        same(pool.submit(share, answers(), STAGE).result(), share(answers(), STAGE))
