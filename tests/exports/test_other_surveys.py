"""Files of other survey tools as people hand them over, one fault each, with the right counts.

Each folder of ``other_surveys`` has a file of results, the codebook that describes it, and the
counts that a person finds in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survey.codebook import read_codebook
from survey.errors import CodebookError
from survey.estimates import share
from survey.exports import Export, read_export
from survey.responses import Responses, clean

CASES = Path(__file__).parent / "other_surveys"
REFUSED = {"g63_reserved_member": "answers have a column of that name"}
READ = sorted({path.name for path in CASES.iterdir()} - set(REFUSED))


def _read(case: str) -> Export:
    folder = CASES / case
    path = next(iter(folder.glob("*.csv")))
    return read_export(path, codebook=read_codebook(folder / "mine.toml"))


def _expected(case: str) -> dict[str, Any]:
    path = CASES / case / "expected.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _counts(answers: Responses, concept: str) -> dict[str, int]:
    frame = share(answers, concept).frame
    counts = dict(zip(frame["answer"], frame["count"], strict=True))
    return {**counts, "(base)": frame["base"].max()}


@pytest.mark.parametrize("case", READ)
def test_a_file_is_read_with_its_counts(case: str) -> None:
    expected, answers = _expected(case), clean(_read(case))
    for concept, right in expected.get("expect", {}).items():
        counts = _counts(answers, concept)
        assert {answer: counts.get(answer) for answer in right} == right
    if expected.get("respondents"):
        assert len(answers.respondents) == expected["respondents"]
    if expected.get("issue"):
        assert expected["issue"] in set(answers.issues["code"])


@pytest.mark.parametrize(("case", "reason"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_read_right_is_refused_with_the_reason(case: str, reason: str) -> None:
    with pytest.raises(CodebookError, match=reason):
        _read(case)


def test_what_was_written_beside_the_choices_counts_as_other() -> None:
    answers = clean(_read("g73_unlisted_base"))
    assert _counts(answers, "s") == {"Yes": 20, "No": 10, "Other": 10, "(base)": 40}
    assert _counts(answers, "m") == {"Bread": 30, "Soup": 10, "Other": 10, "(base)": 40}


def test_labels_of_every_kind_are_counted() -> None:
    answers = clean(_read("g74_likert_and_labels"))
    assert _counts(answers, "likert") == {
        "Strongly agree": 0,
        "Agree": 172,
        "Neutral": 86,
        "Disagree": 86,
        "Strongly disagree": 86,
        "(base)": 430,
    }
    sizes = _counts(answers, "size")
    assert sizes.pop("(base)") == sum(sizes.values()) == 430


def test_records_that_are_no_answers_are_counted_apart() -> None:
    assert _read("g50_test_rows").counts == {"read": 3, "kept": 2, "preview": 1}
    assert _read("g41_blank_rows").counts == {"read": 5, "kept": 2, "blank record": 3}
    assert _read("g11_qualtrics_3").counts == {"read": 4, "kept": 2, "heading line": 2}


def test_a_quote_is_a_quote_where_cells_are_not_quoted() -> None:
    answers = clean(_read("g43_tsv_quotes"), identified=True)
    assert answers.respondents["b"].tolist() == ['the "apply" family', '5" disk', '"why?']
    assert "unquoted" in set(answers.repairs["rule"])


def test_a_codebook_can_say_that_cells_are_not_quoted(tmp_path: Path) -> None:
    toml = (CASES / "g43_tsv_quotes" / "mine.toml").read_text("utf-8")
    book, path = tmp_path / "mine.toml", tmp_path / "results.csv"
    book.write_text(toml.replace("[layout]", "[layout]\nquoted = false"), "utf-8")
    path.write_text('ID\tA\tB\n1\tYes\t"so"\n2\tNo\tplain\n', "utf-8")
    answers = clean(read_export(path, codebook=read_codebook(book)), identified=True)
    assert answers.respondents["b"].tolist() == ['"so"', "plain"]


def test_a_long_heading_hides_itself_alone() -> None:
    found = clean(_read("g65_hidden_headings")).issues
    assert found["column"].tolist() == ["Remarks", "(column 4)"]


def test_a_choice_without_a_column_is_not_available() -> None:
    answers = clean(_read("g62_typo_column"))
    table = share(answers, "a").frame.set_index("answer")
    assert table.loc["y", "status"] == "not available"
    assert pd.isna(table.loc["y", "value"])
    absent = answers.issues[answers.issues["code"] == "absent heading"].iloc[0]
    assert absent["column"] == "A22"
    assert "did you mean 'A2'" in absent["message"]
