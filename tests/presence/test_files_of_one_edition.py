"""Two files of one edition, of which one lacks a column: its records are in no base of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from survey.codebook import read_codebook
from survey.estimates import share
from survey.exports import read_export
from survey.responses import Responses, clean, read_answers, shown, write_answers
from tests.exports.small import Rows, small, write

KEY = b"k" * 32
Kept = Callable[[str], bool]


def all_kept(heading: str) -> bool:
    return True


def halves(folder: Path, rows: Rows, first: Kept, second: Kept) -> Responses:
    """Read two halves of an export, each with some of the columns."""
    until = next(n for n in range(len(rows) // 2, len(rows)) if rows[n][0] != rows[n - 1][0])
    parts = []
    for name, half, kept in (("a", rows[1:until], first), ("b", rows[until:], second)):
        places = [at for at, heading in enumerate(rows[0]) if kept(heading)]
        cells = [[row[at] for at in places] for row in [rows[0], *half]]
        parts.append(read_export(write(folder, cells, f"Survey_{name}.csv"), edition="2024"))
    return clean(parts, key=KEY)


@pytest.mark.parametrize(
    ("heading", "concept"), [("TeamSize", "team_size"), ("Hypervisors", "hypervisors")]
)
def test_who_has_no_column_is_not_asked(tmp_path: Path, heading: str, concept: str) -> None:
    rows = small(respondents=30)
    whole = halves(tmp_path, rows, all_kept, all_kept)
    half = halves(tmp_path, rows, all_kept, lambda name: name != heading)
    without = half.presence.without_column("2024", concept)
    assert 0 < len(without) < len(whole.deployments)
    assert not shown(half, concept)[half.deployments["deployment"].isin(without)].any()
    for base in ("asked", "answered"):
        table = share(half, concept, base=base)
        expected = share(
            whole.where(~whole.deployments["deployment"].isin(without), unit="deployment"),
            concept,
            base=base,
        )
        assert table.frame["base"].tolist() == expected.frame["base"].tolist()
        assert table.frame["count"].tolist() == expected.frame["count"].tolist()
        assert any("Some files of 2024 have no column" in note for note in table.notes)


def test_what_is_stored_says_it_too(tmp_path: Path) -> None:
    answers = halves(tmp_path, small(respondents=30), all_kept, lambda name: name != "TeamSize")
    write_answers(answers, tmp_path / "out")
    assert read_answers(tmp_path / "out").presence == answers.presence


def test_a_choice_that_one_file_lacks_is_not_available(tmp_path: Path) -> None:
    """Its units would count as if they had not chosen it."""
    rows = small(layout="flat", respondents=30)
    question = read_codebook().question("hypervisors", "2024")
    gone = question.flat_headings[0]
    answers = halves(tmp_path, rows, all_kept, lambda name: name != gone)
    table = share(answers, "hypervisors").frame.set_index("answer")
    assert table.loc[question.labels[0], "status"] == "not available"
    assert table["value"].isna()[question.labels[0]]
    assert answers.presence.lacking("2024", "hypervisors") == (question.labels[0],)


def test_two_exports_of_the_same_answers_have_what_either_has(tmp_path: Path) -> None:
    rows = small(respondents=30)
    at = rows[0].index("TeamSize")
    part = [[*row[:at], *row[at + 1 :]] for row in rows]
    exports = [read_export(write(tmp_path, each, name), edition="2024")
               for name, each in (("Survey_a.csv", rows), ("Survey_b.csv", part))]  # fmt: skip
    answers = clean(exports, key=KEY)
    assert not answers.presence.absent
    assert not answers.presence.partly
