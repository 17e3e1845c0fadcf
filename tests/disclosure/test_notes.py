"""What published notes, titles and options say does not follow from exact answers."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

import survey as sv
from survey.disclosure import Publication, protect
from survey.responses import Responses
from survey.synthetic import simulate
from survey.topics import standing_tables

ROUGH = re.compile(r"About [\d,]+|Fewer than \d+")


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


def said(publication: Publication, name: str) -> set[str]:
    table = publication[name]
    return {ROUGH.sub("N", text) for text in (table.title, *table.notes)}


def test_words_beside_tables_hold_no_number_of_the_answers(answers: Responses) -> None:
    one, other = published(answers), published(fewer(answers, 12))
    shared = [name for name in one.tables if name in other.tables]
    assert len(shared) > 40
    differ = {
        text
        for name in shared
        for text in said(one, name) ^ said(other, name)
        if re.search(r"\d", text)
    }
    assert not differ
