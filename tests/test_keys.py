"""What is invented is known to be, and stored answers tell of no export."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.disclosure import LEDGER_FILE, Ledger
from survey.project import project_answers, read_project
from survey.project.inputs import KEY_FILE, key_in
from survey.provenance import digest_of
from survey.synthetic import simulate

MADE = simulate("2019", respondents=8, seed=3)


def test_files_of_simulate_are_invented_and_share_a_key_that_is_no_secret(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        folder = tmp_path / name
        MADE.write(folder / "data" / "raw")
        answers = project_answers(read_project(folder), final=True).answers
        assert answers.provenance.invented
        assert not (folder / ".survey-key").exists()
        found.append(answers.deployments["organization"].tolist())
    assert found[0] == found[1]


def test_a_changed_file_of_simulate_is_not_taken_for_invented(tmp_path: Path) -> None:
    path = MADE.write(tmp_path / "data" / "raw")[0]
    path.write_bytes(path.read_bytes().replace(b"en_US", b"de_DE"))
    answers = project_answers(read_project(tmp_path)).answers
    assert not all(source.invented for source in answers.provenance.sources)
    assert (tmp_path / ".survey-key").exists()


def test_answers_are_their_owners_and_no_manifest_tells_of_an_export(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    export = MADE.by_heading
    (tmp_path / "data" / "raw" / "Survey_1.csv").write_bytes(export)
    result = CliRunner().invoke(main, ["clean", "--project", str(tmp_path)])
    assert result.exit_code == 0, result.output
    files = [path for path in (tmp_path / "data" / "processed").rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert path.stat().st_mode & 0o077 == 0, path.name
        content = path.read_bytes()
        assert digest_of(export).encode() not in content, path.name
        assert f'"size": {len(export)}'.encode() not in content, path.name


def test_a_key_that_is_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / ".survey-key"
    key = key_in(path)
    said = capsys.readouterr().err
    assert "made a secret key" in said
    assert key.hex() not in said
    assert key_in(path) == key
    assert capsys.readouterr().err == ""


def test_beside_a_ledger_no_key_is_made(tmp_path: Path) -> None:
    """It would be another one than the ledger's, and stand where the copy is to be put back."""
    (tmp_path / "survey.toml").write_text("", encoding="utf-8")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "Survey_1.csv").write_bytes(MADE.by_heading)
    Ledger("key-00000000").write(tmp_path / LEDGER_FILE)
    for command in (["clean"], ["preview"], ["key", "init"], ["report", "--out", "drafts"]):
        result = CliRunner().invoke(main, [*command, "--project", str(tmp_path)])
        assert result.exit_code == 2, result.output
        assert "put" in result.output
        assert not (tmp_path / KEY_FILE).exists()


def test_a_lost_ledger_is_said_where_one_looks_for_it(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text("", encoding="utf-8")
    report = tmp_path / "reports" / "2024"
    report.mkdir(parents=True)
    (report / "manifest.json").write_text('{"status": "final"}', encoding="utf-8")
    key_in(tmp_path / KEY_FILE)
    for command in (["key", "check"], ["preview"]):
        result = CliRunner().invoke(main, [*command, "--project", str(tmp_path)])
        assert result.exit_code == 2, result.output
        assert "The ledger is lost" in result.output
