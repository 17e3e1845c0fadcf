"""``survey new-edition``: from an unknown export to a report, in a project of its own."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.codebook import read_codebook
from survey.errors import CodebookError
from survey.project import read_project
from tests.new_edition.changes import Form
from tests.new_edition.drawn import change_form
from tests.new_edition.measure import BEFORE, NEWEST, export_of, sheet_of

WAYS = ("rename_heading", "other_bands", "versioned_releases", "drop_question", "new_question")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path) -> tuple[Path, Path, Form]:
    """Return a project with last year's export, the new one, and its form."""
    folder = tmp_path / "project"
    (folder / "data" / "raw").mkdir(parents=True)
    shutil.copy(export_of(BEFORE), folder / "data" / "raw")
    (folder / "survey.toml").write_text(
        f'title = "Ours"\n\n[[exports]]\nfile = "data/raw/{export_of(BEFORE).name}"  # last year\n',
        encoding="utf-8",
    )
    form = Form(sheet_of("2026"), replace(read_codebook().edition(NEWEST), name="2026"))
    change_form(form, random.Random(11), 4, WAYS)
    path = form.sheet.write(folder / "data" / "raw" / "Survey_20260831120000.csv")
    return folder, path, form


def test_it_drafts_lists_the_file_and_says_what_is_open(project: tuple[Path, Path, Form]) -> None:
    folder, path, form = project
    result = run("new-edition", "2026", str(path), "--project", str(folder), "--json")
    record = json.loads(result.stdout)
    assert result.exit_code == (1 if record["open"] else 0)
    assert record["written"] == "codebook/2026.toml"
    text = (folder / "survey.toml").read_text("utf-8")
    assert "# last year" in text
    assert 'file = "data/raw/Survey_20260831120000.csv"\nedition = "2026"' in text
    known = read_project(folder).codebook()  # the folder is read by itself
    assert set(known.edition("2026").by_concept) == set(form.edition.by_concept)


def test_accepted_without_review_check_says_what_is_not_confirmed(
    project: tuple[Path, Path, Form],
) -> None:
    folder, path, _ = project
    place = ("--project", str(folder))
    assert run("new-edition", "2026", str(path), "--accept-unreviewed", *place).exit_code == 0
    first = (folder / "codebook" / "2026.toml").read_bytes()
    page = json.loads(run("check", str(path), *place, "--json").stdout)
    said = json.dumps(page)
    book = read_project(folder).codebook().edition("2026")
    unconfirmed = [q.concept for q in book.questions if not q.confirmed]
    assert unconfirmed
    assert all(f"look at {concept} in codebook/2026.toml" in said for concept in unconfirmed)
    rare = [(q.concept, label) for q in book.questions for label in q.unconfirmed_labels]
    assert rare
    assert all(f"look at '{label}' of {concept} in codebook" in said for concept, label in rare)
    assert run("new-edition", "2026", str(path), "--accept-unreviewed", *place).exit_code == 0
    assert (folder / "codebook" / "2026.toml").read_bytes() == first


def test_a_flat_export_is_refused_with_advice(tmp_path: Path) -> None:
    from survey.synthetic import simulate

    simulate("2024", respondents=12, seed=1).write(tmp_path)
    (flat,) = tmp_path.glob("Survey_Flat_*.csv")
    result = run("new-edition", "2026", str(flat), "--project", str(tmp_path))
    assert result.exit_code == 2
    assert "draft from the Survey_*.csv export" in result.stderr


def test_a_file_of_another_edition_is_not_overwritten(project: tuple[Path, Path, Form]) -> None:
    folder, path, _ = project
    mine = folder / "codebook" / "2026.toml"
    mine.parent.mkdir()
    mine.write_text('[edition]\nname = "2025"\nextends = "2025"\n', encoding="utf-8")
    result = run("new-edition", "2026", str(path), "--project", str(folder))
    assert result.exit_code == 2
    assert mine.read_text("utf-8").startswith('[edition]\nname = "2025"')
    mine.write_text("[edition\n", encoding="utf-8")
    with pytest.raises(CodebookError):
        read_project(folder).codebook()


def test_in_a_terminal_a_person_confirms_what_is_right(
    project: tuple[Path, Path, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.cli.new_edition import _ask
    from survey.console import Console
    from survey.responses.drafting import draft_edition

    _, path, _ = project
    draft = draft_edition(read_codebook(), "2026", [path])
    assert len(draft.open) > 1
    answers = iter([True, *[False] * len(draft.open)])
    monkeypatch.setattr("click.confirm", lambda *_, **__: next(answers))
    asked = _ask(Console(), draft)
    agreed = draft.open[0].question.concept
    assert [each.question.concept for each in asked.open] == [
        each.question.concept for each in draft.open[1:]
    ]
    (same,) = [each for each in asked.proposals if each.question.concept == agreed]
    assert same.question.confirmed
    assert set(draft.open[0].doubts) <= set(same.evidence)  # why is still said


def test_once_it_is_reviewed_a_second_run_has_nothing_to_look_at(
    project: tuple[Path, Path, Form],
) -> None:
    folder, path, _ = project
    command = ("new-edition", "2026", str(path), "--project", str(folder))
    first = run(*command)
    assert first.exit_code == 1
    assert "To look at, " in first.output
    assert "Listed answers that nobody gave and that have confirmed = false, " in first.output
    file = folder / "codebook" / "2026.toml"
    text = file.read_text("utf-8").replace(", confirmed = false", "")
    reviewed = text.replace("\nconfirmed = false", "")
    file.write_text(reviewed, encoding="utf-8")
    second = run(*command)
    assert file.read_text("utf-8") == reviewed
    assert second.exit_code == 0
    assert "To look at" not in second.output
    assert "confirmed = false" not in second.output
    assert "Nothing is left to confirm" in second.output
    assert json.loads(run(*command, "--json").stdout)["open"] == []


def test_a_question_that_is_still_marked_stays_open(project: tuple[Path, Path, Form]) -> None:
    folder, path, _ = project
    command = ("new-edition", "2026", str(path), "--project", str(folder), "--json")
    first = {each["concept"] for each in json.loads(run(*command).stdout)["open"]}
    again = run(*command)
    assert {each["concept"] for each in json.loads(again.stdout)["open"]} == first
    assert again.exit_code == 1


def test_a_file_of_another_year_is_said(project: tuple[Path, Path, Form]) -> None:
    folder, path, _ = project
    said = "are dated 2023, not 2026: is it the file of another year?"
    place = ("--project", str(folder), "--accept-unreviewed")
    assert said not in run("new-edition", "2026", str(path), *place).output
    old = run("new-edition", "2026", str(export_of(BEFORE)), *place)
    assert said in old.output
