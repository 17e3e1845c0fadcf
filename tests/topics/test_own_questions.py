"""A question that a project adds: in its topic, over its years, with a gap where it is dropped."""

from __future__ import annotations

import random
from dataclasses import replace
from types import MappingProxyType

import pytest

from survey.codebook import Codebook, read_codebook
from survey.estimates import Estimates
from survey.exports import read_export
from survey.responses import clean
from survey.topics import own_questions
from tests.new_edition.changes import Form, new_question
from tests.new_edition.measure import NEWEST, sheet_of

YEARS = ("2026", "2027", "2028")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Estimates]]:
    """Return the tables of three editions, of which the last asks nothing new."""
    folder = tmp_path_factory.mktemp("own")
    book = read_codebook()
    paths, editions = {}, {}
    for year in YEARS:
        form = Form(sheet_of(year), replace(book.edition(NEWEST), name=year))
        rng = random.Random(5)
        while year != YEARS[-1] and len(form.touched) < 5:
            new_question(form, rng)
        own = {
            concept: replace(form.question(concept), topic="landscape") for concept in form.touched
        }
        questions = tuple(own.get(q.concept, q) for q in form.edition.questions)
        editions[year] = replace(form.edition, questions=questions)
        paths[year] = form.sheet.write(folder / f"Survey_{year}.csv")
    known: Codebook = replace(book, editions=MappingProxyType({**book.editions, **editions}))
    exports = {y: read_export(path, edition=y, codebook=known) for y, path in paths.items()}
    return {
        year: {
            t.name: t for t in own_questions(clean([exports[y] for y in YEARS if y <= year]), year)
        }
        for year in YEARS
    }


def test_the_first_year_has_a_table_of_each(tables: dict[str, dict[str, Estimates]]) -> None:
    assert set(tables["2026"]) == {
        "gpu_servers", "upgrade_confidence", "accelerator_types", "support_contract",
        "ai_workload_share",
    }  # fmt: skip
    assert {table.topic for table in tables["2026"].values()} == {"landscape"}


def test_the_second_year_has_the_years_and_medians_of_bands(
    tables: dict[str, dict[str, Estimates]],
) -> None:
    found = tables["2027"]
    assert {f"{name}_by_edition" for name in tables["2026"]} <= set(found)
    assert found["gpu_servers_median"].frame["value"].notna().all()
    assert "upgrade_confidence_median" not in found


def test_a_dropped_question_ends_in_a_gap(tables: dict[str, dict[str, Estimates]]) -> None:
    found = tables["2028"]
    assert "gpu_servers" not in found
    frame = found["gpu_servers_by_edition"].frame
    last = frame[frame["edition"].astype(str) == "2028"]
    assert last["value"].isna().all()
    assert set(last["status"]) <= {"not offered", "not available", "not asked"}
