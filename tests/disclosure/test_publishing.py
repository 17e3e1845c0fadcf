"""From the command line: drafts, final publications, the ledger, the key."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.disclosure import LEDGER_FILE, read_ledger
from survey.errors import PublishError
from survey.publish import refuse_report
from survey.synthetic import simulate

pytestmark = pytest.mark.filterwarnings("error")


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--project", str(project)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose answers nobody says are invented."""
    folder = tmp_path_factory.mktemp("project")
    raw = folder / "data" / "raw"
    written = simulate("2024", respondents=60, seed=3).write(folder / "made")
    raw.mkdir(parents=True)
    shutil.copy(written[0], raw)
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "data", tmp_path / "p" / "data")
    return tmp_path / "p"


def test_nothing_final_is_made_without_a_key(project: Path) -> None:
    out = project / "reports"
    refused = run(project, "report", "--final", "--out", str(out))
    assert refused.exit_code == 2
    assert "survey key init" in refused.output
    assert not out.exists()
    assert not (project / ".survey-key").exists()


def test_the_key_is_made_once_copied_and_checked(project: Path) -> None:
    assert run(project, "key", "check").exit_code == 2
    first = run(project, "key", "init")
    assert first.exit_code == 0, first.output
    assert run(project, "key", "init").exit_code == 2
    safe = project.parent / "safe"
    assert (
        CliRunner().invoke(main, ["key", "backup", str(safe), "--project", str(project)]).exit_code
        == 0
    )
    assert (safe / ".survey-key").read_bytes() == (project / ".survey-key").read_bytes()
    assert stat.S_IMODE((safe / ".survey-key").stat().st_mode) == 0o600
    assert "nothing published" in run(project, "key", "check").output


def test_a_final_report_writes_the_ledger_and_bars_drafts(project: Path) -> None:
    out = project / "reports"
    assert run(project, "key", "init").exit_code == 0
    final = run(project, "report", "--final", "--out", str(out))
    assert final.exit_code == 0, final.output
    manifest = json.loads((out / "2024" / "manifest.json").read_text())
    assert manifest["status"] == "final"
    assert "sha256" not in manifest["inputs"][0]
    ledger = read_ledger(project / LEDGER_FILE)
    assert ledger.key in run(project, "key", "check").output
    assert stat.S_IMODE((project / LEDGER_FILE).stat().st_mode) == 0o600
    assert len(ledger.columns) > 50
    draft = run(project, "report", "--out", str(out))
    assert draft.exit_code == 2
    assert "never replaces" in draft.output
    with pytest.raises(PublishError, match="never stands beside what is published"):
        refuse_report(out, "2023")
    drafts = run(project, "report", "--out", str(project / "drafts"))
    assert drafts.exit_code == 0
    assert "DRAFT" in (project / "drafts" / "2024" / "index.html").read_text()
    assert "DRAFT" not in (out / "2024" / "index.html").read_text()
    (project / LEDGER_FILE).rename(project / "mislaid")
    lost = run(project, "report", "--final", "--out", str(out))
    assert lost.exit_code == 2
    assert "The ledger is lost" in lost.output
    assert not (project / LEDGER_FILE).exists()


def test_exact_counts_never_replace_perturbed_ones_that_readers_have(project: Path) -> None:
    out, settings = project / "reports", project / "survey.toml"
    final = ("report", "--final", "--out", str(out))
    assert run(project, "key", "init").exit_code == 0
    settings.write_text('[policy]\nprofile = "threshold"\n', encoding="utf-8")
    first = run(project, *final)  # nobody has other numbers
    assert first.exit_code == 0, first.output
    assert not read_ledger(project / LEDGER_FILE).columns
    settings.write_text('[policy]\nprofile = "protected"\n', encoding="utf-8")
    assert run(project, *final).exit_code == 0
    before = {path: path.read_bytes() for path in (*out.rglob("*.csv"), project / LEDGER_FILE)}
    settings.write_text('[policy]\nprofile = "threshold"\n', encoding="utf-8")
    for folder in (out, project / "elsewhere"):
        refused = run(project, "report", "--final", "--out", str(folder))
        assert refused.exit_code == 2, refused.output
        said = " ".join(refused.output.split())
        assert "Exact counts never replace published ones" in said
        assert "perturbed counts of 2024" in said
        assert 'write profile = "protected"' in said
    assert len(before) > 20
    assert {path: path.read_bytes() for path in before} == before
    assert not (project / "elsewhere").exists()


def test_another_key_than_that_of_the_ledger_is_refused(project: Path) -> None:
    assert run(project, "key", "init").exit_code == 0
    (project / LEDGER_FILE).write_text(
        json.dumps({"key": "key-00000000", "columns": {}, "effects": {}, "corrections": []})
    )
    refused = run(project, "key", "check")
    assert refused.exit_code == 2
    assert "put key-00000000 back" in " ".join(refused.output.split())


def test_a_correction_needs_a_reason(project: Path) -> None:
    refused = run(project, "report", "--correct", "compute_cores", "--out", str(project / "r"))
    assert refused.exit_code == 2
    assert "--reason" in refused.output


def test_preview_says_what_will_be_and_writes_nothing(project: Path) -> None:
    before = {path for path in project.rglob("*") if "processed" not in str(path)}
    shown = run(project, "preview")
    assert shown.exit_code == 0, shown.output
    assert "tables will be published" in shown.output
    assert "stay internal" in shown.output
    after = {path for path in project.rglob("*") if "processed" not in str(path)}
    assert {path.name for path in after - before} <= {".survey-key"}
    record = json.loads(run(project, "preview", "--json").output.split("\n", 0)[0].strip() or "{}")
    assert {"plan", "noise", "waiting", "redrawn"} <= record.keys()


def test_cleaned_answers_are_readable_by_their_owner_alone(project: Path) -> None:
    assert run(project, "clean").exit_code == 0
    files = [path for path in (project / "data" / "processed").rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
