"""A draft that was made from just the same is left as it is; anything else is made anew."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.disclosure import LEDGER_FILE, Policy
from survey.project import Processed, project_answers, read_project, report_made_from
from survey.project.report_plan import ReportPlan
from survey.synthetic import simulate


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    simulate("2019", respondents=25, seed=3).write(folder / "data" / "raw")
    return folder


@pytest.fixture(scope="module")
def processed(project: Path) -> Processed:
    return project_answers(read_project(project))


def inodes(folder: Path) -> dict[str, int]:
    """Return file -> inode: a file that is written again has another one."""
    return {str(path): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_a_draft_is_left_alone_until_something_changes(project: Path, tmp_path: Path) -> None:
    options = ("report", "--project", project, "--out", tmp_path)
    run(*options)
    before = inodes(tmp_path)
    again = run(*options)
    assert "nothing has changed" in again.output
    assert inodes(tmp_path) == before
    record = json.loads(run(*options, "--json").stdout)
    assert record["unchanged"] is True
    assert {str(tmp_path / name) for name in record["written"]} == set(before) - {
        str(path) for path in tmp_path.iterdir()
    }
    (tmp_path / "2019" / "glossary.html").unlink()
    made = json.loads(run(*options, "--json").stdout)
    assert "unchanged" not in made
    assert "2019/glossary.html" in made["written"]


def test_everything_behind_a_report_is_in_its_digest(project: Path, processed: Processed) -> None:
    here = read_project(project)
    digests = [
        report_made_from(here, processed, "2019"),
        report_made_from(here, processed, "2018"),
        report_made_from(replace(here, title="Another"), processed, "2019"),
        report_made_from(replace(here, policy=Policy(small=90)), processed, "2019"),
        report_made_from(here, replace(processed, made_from="0" * 64), "2019"),
        report_made_from(here, replace(processed, figures=("a figure",)), "2019"),
        report_made_from(replace(here, variables=("a variable",)), processed, "2019"),
    ]
    (project / LEDGER_FILE).write_text("{}")
    digests.append(report_made_from(here, processed, "2019"))
    (project / LEDGER_FILE).unlink()
    assert len(set(digests)) == len(digests)
    assert report_made_from(here, processed, "2019") == digests[0]


def test_nobody_knows_what_a_python_file_reads(project: Path, processed: Processed) -> None:
    here = read_project(project)
    own = replace(here, report=ReportPlan(files=(Path("tables.py"),)))
    assert report_made_from(own, processed, "2019") == ""
    assert report_made_from(here, replace(processed, made_from=""), "2019") == ""
