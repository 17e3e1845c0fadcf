"""What published notes, titles and options say does not follow from exact answers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import survey as sv
from survey.disclosure import Publication, protect
from survey.responses import ANOTHER, Responses
from survey.synthetic import simulate
from survey.topics import standing_tables


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    folder = tmp_path_factory.mktemp("editions")
    for edition in ("2023", "2024"):
        simulate(edition, respondents=90, seed=5).write(folder / edition)
    files = sorted(Path(folder).rglob("Survey_2*.csv"))
    return sv.clean([sv.read_export(file) for file in files], key=b"k" * 32)


def published(answers: Responses) -> Publication:
    tables = standing_tables(answers, "2024")
    return protect(tables, title="T", edition="2024", answers=answers)


def fewer(answers: Responses, number: int) -> Responses:
    """Leave some respondents and their deployments out, as if they had not taken part."""
    kept = np.random.default_rng(1).permutation(len(answers.respondents))[number:]
    flags = np.isin(np.arange(len(answers.respondents)), kept)
    some = answers.where(flags, unit="respondent")
    return dataclasses.replace(some, selected=(), whole=None)


def said(publication: Publication, name: str) -> list[str]:
    """Return title and notes, but those on groups that nearly all are in: readers see these."""
    table = publication[name]
    return [table.title, *(note for note in table.notes if "ewer than 20" not in note)]


@pytest.mark.parametrize("left_out", [12, 60])
def test_words_beside_tables_do_not_follow_from_answers(answers: Responses, left_out: int) -> None:
    """Neither numbers of answers nor that there are any: an open band, an unlisted answer, ..."""
    one, other = published(answers), published(fewer(answers, left_out))
    shared = [name for name in one.tables if name in other.tables]
    assert len(shared) > 40
    differ = {
        name: set(said(one, name)) ^ set(said(other, name))
        for name in shared
        if said(one, name) != said(other, name)
    }
    assert not differ


def test_an_answer_of_no_list_stands_only_where_it_is_published(answers: Responses) -> None:
    """As one that is published as 0 it would say that somebody gave it."""
    for table in published(answers).tables.values():
        counts = [name for name in ("count", "earlier_count") if name in table.frame]
        rows = table.frame[table.frame["answer"] == ANOTHER]
        if len(rows) and not table.groups:
            assert (rows[counts].fillna(0) > 0).any(axis=None), table.name
