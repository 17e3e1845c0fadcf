"""Canaries: words in every confidential cell, looked for in everything that comes out."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Kind
from survey.disclosure import Register, protect
from survey.errors import SurveyError
from survey.estimates import Estimates, share
from survey.publish import write_report
from survey.responses import Responses
from tests.disclosure.surveys import BOOK, CONCEPTS, invented
from tests.privacy import find_personal, says

ROWS = 400


@pytest.fixture(scope="module")
def singing() -> tuple[Responses, list[str]]:
    """Answers with a canary in every cell of free text, names, accounts and keys."""
    answers = invented(ROWS, 5)
    words: list[str] = []
    edition = BOOK.edition("2019")
    for frame, unit in ((answers.respondents, "respondent"), (answers.deployments, "deployment")):
        for question in edition.questions:
            confidential = question.personal or not question.kind.closed
            if question.unit.value == unit and confidential and question.kind is not Kind.COUNTRY:
                frame[question.concept] = _canaries(question.concept, len(frame), words)
    people = answers.respondents
    people["member"] = _canaries("member", len(people), words)
    number = people["organization"].str.removeprefix("org-")
    people["organization"] = "canary-org-" + number
    clouds = answers.deployments
    clouds["organization"] = "canary-org-" + clouds["organization"].str.removeprefix("org-")
    words += sorted(set(people["organization"]))
    words += [str(key) for key in (*people["record_key"], *clouds["record_key"])]
    return replace(answers, respondents=people, deployments=clouds), words


def _canaries(name: str, size: int, words: list[str]) -> pd.Series:
    made = [f"canary-{name}-{number}" for number in range(size)]
    words += made
    return pd.Series(made, dtype=object)


def tables_of(answers: Responses) -> list[Estimates]:
    return [share(answers, concept).named(concept, "t") for concept in CONCEPTS]


def test_no_canary_sings_in_what_is_written(
    singing: tuple[Responses, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, scripts, charts, workbook, sentences, tables, manifest and plan."""
    answers, words = singing
    assert len(words) > 10 * ROWS
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = protect(tables_of(answers), title="T", edition="2019", answers=answers)
    written = write_report(made, tmp_path / "reports")
    assert {path.suffix for path in written} >= {".html", ".js", ".json", ".csv", ".xlsx", ".md"}
    plan = json.dumps([entry.record() for entry in made.plan])
    (tmp_path / "plan.json").write_text(plan)
    (tmp_path / "repr.txt").write_text(repr(made) + made._repr_html_() + str(made.left_out))
    assert find_personal(tmp_path, ["canary"], parts=True) == []
    keys = [word for word in words if not word.startswith("canary")]
    assert len(keys) > 2 * ROWS
    assert find_personal(tmp_path / "reports" / "2019" / "tables", keys, parts=True) == []


def test_every_file_of_a_draft_says_so(
    singing: tuple[Responses, list[str]], tmp_path: Path
) -> None:
    """But bare tables as CSV, which ``tables.json`` describes, and the parts of a page."""
    answers, _ = singing
    made = protect(tables_of(answers)[:3], title="T", edition="2019", answers=answers)
    silent = []
    for path in write_report(made, tmp_path):
        if path.suffix == ".csv" or path.parent.name in ("assets", "data"):
            continue
        texts = [path.read_bytes()]
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as parts:
                texts = [parts.read(name) for name in parts.namelist() if "sheets/sheet" in name]
        if not all(b"DRAFT" in text or b'"draft"' in text for text in texts):
            silent.append(path.name)
    assert not silent


def broken(answers: Responses, number: int) -> Iterator[Estimates]:
    """Return tables of which one is wrong in a way that an error must not quote."""
    drawn = np.random.default_rng(number)
    concept = CONCEPTS[int(drawn.integers(len(CONCEPTS)))]
    table = share(answers, concept).named(concept, "t")
    word = f"canary-organization_name-{int(drawn.integers(ROWS))}"
    frame = table.frame
    match number % 5:
        case 0:
            yield table.with_frame(frame.assign(answer=[word, *frame["answer"][1:]]))
        case 1:
            yield table.noted(f"As {answers.respondents['organization'].iloc[number]} says.")
        case 2:
            yield replace(table, title=f"By {answers.respondents['organization'].iloc[number]}")
        case 3:
            wrong = replace(table.spec, concept="organization_name")
            yield replace(table, spec=wrong).with_frame(frame.assign(answer=word))
        case _:
            spec = replace(table.spec, by=("industry",))
            own = frame.assign(industry=word)[["industry", *frame.columns]]
            yield replace(table, spec=spec).with_frame(own)


FAILURES = [
    number if number < 40 else pytest.param(number, marks=pytest.mark.nightly)
    for number in range(200)
]


@pytest.mark.parametrize("number", FAILURES)
def test_no_canary_sings_in_a_failure(
    singing: tuple[Responses, list[str]], number: int, caplog: pytest.LogCaptureFixture
) -> None:
    answers, words = singing
    out, err = io.StringIO(), io.StringIO()
    with (
        caplog.at_level(logging.DEBUG),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SurveyError) as error,
    ):
        protect(
            broken(answers, number),
            title="T",
            edition="2019",
            answers=answers,
            register=Register(),
        )
    said = "\n".join((str(error.value), out.getvalue(), err.getvalue(), caplog.text))
    assert "canary" not in said
    assert says(said, words[:50]) == []
