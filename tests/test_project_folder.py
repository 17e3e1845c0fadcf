"""What a command writes or reads by default belongs to the project, wherever it is called from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.disclosure import LEDGER_FILE
from survey.synthetic import simulate
from tests.files.kill_project import make_bakers


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def bakers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, and another folder as the current one."""
    make_bakers(tmp_path / "bakers")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "bakers"


def test_reports_go_to_the_project(bakers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same bytes as where the project is the current folder."""
    assert run("report", "--project", bakers).exit_code == 0
    reports = bakers / "reports"
    written = {name: (reports / name).read_bytes() for name in names(reports)}
    assert "2031/index.html" in written
    assert not names(Path.cwd())
    shutil.rmtree(reports)
    monkeypatch.chdir(bakers)
    assert run("report", "--fresh").exit_code == 0
    assert {name: (reports / name).read_bytes() for name in names(reports)} == written


def test_a_given_folder_is_one_of_the_current_folder(bakers: Path) -> None:
    assert run("report", "--project", bakers, "--out", "drafts").exit_code == 0
    assert Path("drafts/2031/index.html").exists()
    assert not (bakers / "reports").exists()


def test_exact_counts_go_to_the_project(bakers: Path) -> None:
    settings = bakers / "survey.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[policy]\nprofile = "internal"\n', "utf-8")
    assert run("report", "--project", bakers).exit_code == 0
    assert (bakers / "reports-internal" / "2031" / "index.html").exists()
    assert not names(Path.cwd())


def test_what_bars_a_report_is_looked_for_in_the_project(bakers: Path) -> None:
    assert run("report", "--project", bakers, "--final").exit_code == 0
    manifest = json.loads((bakers / "reports" / "2031" / "manifest.json").read_text("utf-8"))
    assert manifest["status"] == "final"
    for edition in ("2030", "2031"):
        draft = run("report", "--project", bakers, "--edition", edition)
        assert draft.exit_code == 2
        assert "A draft never" in draft.stderr
    (bakers / LEDGER_FILE).unlink()
    for out in ((), ("--out", "other")):
        lost = run("report", "--project", bakers, "--final", *out)
        assert lost.exit_code == 2
        assert "The ledger is lost" in lost.stderr
    assert not names(Path.cwd())


def test_cleaning_files_takes_the_key_of_the_project(bakers: Path) -> None:
    (export,) = (
        path
        for path in simulate("2019", respondents=5, seed=1).write(Path.cwd() / "raw")
        if path.name.startswith("Survey_2")
    )
    before = names(Path.cwd())
    made = run("clean", export, "--project", bakers, "--out", bakers / "cleaned")
    assert made.exit_code == 0, made.output
    assert (bakers / ".survey-key").exists()
    assert names(Path.cwd()) == before


def test_claims_are_those_of_the_project(bakers: Path) -> None:
    assert run("report", "--project", bakers, "--out", ".").exit_code == 0
    settings = bakers / "survey.toml"
    own = '\n[[claims]]\ntext = "Most"\ntable = "ovens"\nanswer = "Wood"\nmore_than = 0.1\n'
    settings.write_text(settings.read_text("utf-8") + own, "utf-8")
    assert "own" not in json.loads(run("claims", "2031", "--json").stdout)
    (claim,) = json.loads(run("claims", "2031", "--project", bakers, "--json").stdout)["own"]
    assert claim["text"] == "Most"
