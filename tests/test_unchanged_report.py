"""A draft that was made from just the same is left as it is; anything else is made anew."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.disclosure import LEDGER_FILE, Policy
from survey.project import Processed, project_answers, read_project, report_made_from
from survey.project import processed as processed_module
from survey.project.report_plan import ReportPlan
from survey.responses.store import reuse
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


def test_nothing_to_do_reads_no_answer(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only digests are compared; answers that somebody changed are cleaned anew all the same."""
    options = ("report", "--project", project, "--out", tmp_path, "--json")
    run(*options)

    def never(*_: object) -> None:
        raise AssertionError("answers were read")

    with monkeypatch.context() as patch:
        patch.setattr(reuse, "read_set", never)
        patch.setattr(processed_module, "read_exports", never)
        record = json.loads(run(*options).stdout)
    assert (record["unchanged"], record["processed"]["reused"]) == (True, True)
    stored = project / "data" / "processed" / "2019" / "respondents.csv"
    stored.write_bytes(stored.read_bytes() + b"\n")
    record = json.loads(run(*options).stdout)
    assert (record["unchanged"], record["processed"]["reused"]) == (True, False)
    assert json.loads(run(*options).stdout)["processed"]["reused"] is True


def test_nothing_to_do_imports_nothing_that_writes(project: Path, tmp_path: Path) -> None:
    options = ("report", "--project", str(project), "--out", str(tmp_path))
    run(*options)
    code = (
        "import sys; from survey.cli import main; main(sys.argv[1:], standalone_mode=False); "
        "print(*({'openpyxl', 'plotly', 'scipy', 'rapidfuzz'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", code, *options]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [
        "ok edition 2019: nothing has changed since it was written",
        "",
    ]


def test_a_page_that_somebody_changed_is_not_passed_over(project: Path, tmp_path: Path) -> None:
    options = ("report", "--project", project, "--out", tmp_path, "--edition", "all")
    run(*options)
    page = tmp_path / "2019" / "glossary.html"
    page.write_text(page.read_text("utf-8") + "<p>by hand</p>", "utf-8")
    refused = CliRunner().invoke(main, [str(each) for each in options])
    assert refused.exit_code == 2
    assert "glossary.html" in refused.output


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
