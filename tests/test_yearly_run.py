"""The yearly run: a project from nothing, several editions, and what changed since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import survey.cli.publishing
from survey.cli import main
from survey.errors import EstimateError, Problem
from survey.project import read_project
from survey.publish.report_changes import Published, changed_numbers, read_published, reasons
from survey.synthetic import simulate


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


# ---------------------------------------------------------------- survey init


def test_a_new_project_is_protected_and_says_so_first(tmp_path: Path) -> None:
    result = run("init", "--project", tmp_path / "new", "--title", 'The "Bakery" survey')
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0].startswith("Profile: protected")
    project = read_project(tmp_path / "new")
    assert project.title == 'The "Bakery" survey'
    assert project.policy.profile == "protected"
    assert "/.survey-key" in (tmp_path / "new" / ".gitignore").read_text().splitlines()
    assert (tmp_path / "new" / "data" / "raw").is_dir()


def test_a_project_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text("# mine\n")
    (tmp_path / ".gitignore").write_text("*.pyc")
    assert run("init", "--project", tmp_path).exit_code == 2
    assert (tmp_path / "survey.toml").read_text() == "# mine\n"
    (tmp_path / "survey.toml").unlink()
    assert run("init", "--project", tmp_path, "--profile", "threshold").exit_code == 0
    assert (tmp_path / ".gitignore").read_text().startswith("*.pyc\n/data/raw/*\n")
    assert read_project(tmp_path).policy.profile == "threshold"


# ---------------------------------------------------------------- several editions


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for year in ("2018", "2019"):
        simulate(year, respondents=25, seed=3).write(folder / "data" / "raw")
    return folder


def test_an_edition_that_fails_does_not_stop_the_others(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = survey.cli.publishing.protected_tables

    def failing(*arguments: object, **named: object) -> object:
        if arguments[2] == "2018":
            raise EstimateError("No", [Problem("2018", "a fault")])
        return made(*arguments, **named)

    monkeypatch.setattr(survey.cli.publishing, "protected_tables", failing)
    result = run("report", "--project", project, "--out", tmp_path, "--edition", "all")
    assert result.exit_code == 2
    assert "1 of 2 editions were not published" in result.stderr
    assert "edition 2018" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["2019"]


# ---------------------------------------------------------------- what changed


def test_the_same_report_has_no_changed_number(project: Path, tmp_path: Path) -> None:
    options = ("--project", project, "--out", tmp_path, "--edition", "2019", "--json")
    assert run("report", *options).exit_code == 0
    assert len(read_published(tmp_path / "2019").numbers) > 20
    again = run("report", *options, "--fresh", "--compare", tmp_path / "2019")
    assert again.exit_code == 0, again.output
    (changed,) = json.loads(again.stdout)["changed"]
    assert changed == {"edition": "2019", "numbers": [], "why": []}


def test_every_changed_number_is_listed_with_its_reason() -> None:
    row = ("cores", (("edition", "2024"), ("answer", "1 to 9")))
    gone = ("cores", (("edition", "2024"), ("answer", "10 to 99")))
    before = Published({row: {"value": "0.1", "base": "90"}, gone: {"value": "0.2"}}, {"made": 1})
    after = Published({row: {"value": "0.2", "base": "90"}}, {"made": 1, "codebook": ["2024"]})
    found = list(changed_numbers(before, after))
    assert [(each.row, each.column, each.before, each.after) for each in found] == [
        ("2024, 1 to 9", "value", "0.1", "0.2"),
        ("2024, 10 to 99", "value", "0.2", ""),
    ]
    assert reasons(before, after) == ("codebook: other editions",)
    assert reasons(before, before)[0].startswith("data or decisions")
