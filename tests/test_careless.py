"""What somebody careless does at the command line puts nothing wrong among what is published."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.disclosure import LEDGER_FILE, read_ledger
from survey.errors import PublishError
from survey.estimates import share
from survey.estimates.examples import answers
from survey.publish import bundle, write_table_file
from tests.files.kill_project import make_bakers

KEY = ".survey-key"


def run(project: Path, *arguments: object) -> Result:
    words = [*map(str, arguments), "--project", str(project)]
    return CliRunner().invoke(main, words)


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def status(report: Path) -> str:
    return str(json.loads((report / "manifest.json").read_text("utf-8"))["status"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a final edition of two."""
    folder = tmp_path_factory.mktemp("careless") / "bakers"
    make_bakers(folder)
    done = run(folder, "report", "--final")
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def bakers(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and its parent as the current folder."""
    shutil.copytree(made, tmp_path / "bakers")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "bakers"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("report --final --edition 2099", "Unknown edition"),
        ("report --final --correct ovns --reason why", "did you mean 'ovens'"),
        ("report --final --correct ovens", "needs a reason"),
        ("report --final --out .", "stands apart from key"),
        ("report --final --out bakers", "stands apart from key"),
        ("report --final --out bakers/data/raw", "stands apart from key"),
        ("report --final --out bakers/reports/2031", "never stands in a report"),
        (
            "report --final --out bakers/reports/2031/more",
            "never stands in a report",
        ),
        ("report --edition 2030", "never stands beside"),
        ("report --out bakers/reports/drafts", "never"),
        ("report --out link", "never replaces"),
        ("clean --out bakers/reports", "Cannot write the answers"),
        (
            "table ovens --internal --out bakers/reports/internal.csv",
            "among what is published",
        ),
        ("key backup bakers/reports", "among final publications"),
    ],
)
def test_what_must_not_be_leaves_everything_as_it_was(bakers: Path, words: str, said: str) -> None:
    Path("link").symlink_to(bakers / "reports")
    if "key" in words:
        (bakers / KEY).write_text("ab" * 32 + "\n")
        (bakers / KEY).chmod(0o600)
    before = contents(bakers)
    refused = run(bakers, *words.split())
    assert refused.exit_code == 2, refused.output
    assert said in " ".join(refused.output.split())
    after = contents(bakers)
    kept = {name for name in before.keys() | after.keys() if not name.startswith("data/processed")}
    assert {name for name in kept if before.get(name) != after.get(name)} == set()


def test_another_policy_prints_again_what_was_published(bakers: Path) -> None:
    """Groups that were too small to show stay so; no number that readers have changes."""
    tables = {
        name: text for name, text in contents(bakers / "reports").items() if name.endswith(".csv")
    }
    settings = bakers / "survey.toml"
    looser = '\n[policy]\nunits = 3\norganizations = 3\nrare = 3\nreason = "agreed"\n'
    settings.write_text(settings.read_text("utf-8") + looser, "utf-8")
    assert run(bakers, "report", "--final").exit_code == 0
    again = contents(bakers / "reports")
    assert tables
    assert {name: again[name] for name in tables} == tables


def test_a_disk_that_is_full_after_the_ledger_was_written_loses_nothing(
    bakers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(bakers / "reports")
    whole = bundle.replace_folders

    def full(*arguments: Any, **options: Any) -> Any:
        raise PublishError("The report cannot be written", [])

    monkeypatch.setattr(bundle, "replace_folders", full)
    assert run(bakers, "report", "--final", "--edition", "2030").exit_code == 2
    assert contents(bakers / "reports") == before
    ledger = read_ledger(bakers / LEDGER_FILE)
    assert any("|2030|" in name for name in ledger.columns)
    monkeypatch.setattr(bundle, "replace_folders", whole)
    assert run(bakers, "report", "--final", "--edition", "2030").exit_code == 0
    assert status(bakers / "reports" / "2030") == "final"
    assert read_ledger(bakers / LEDGER_FILE).text() == ledger.text()


def test_links_that_lead_in_a_circle_are_the_systems_fault(bakers: Path) -> None:
    Path("loop").symlink_to("loop")
    for words in ("report --out loop", "report --final --out loop", "table ovens --out loop/t.csv"):
        refused = run(bakers, *words.split())
        assert refused.exit_code == 2, refused.output
        assert "cannot be written" in refused.stderr


def test_a_draft_that_a_killed_run_set_aside_bars_no_run_after_it(bakers: Path) -> None:
    """It was being replaced by what is final; the next run puts it back and replaces it."""
    shutil.rmtree(bakers / "reports")
    assert run(bakers, "report", "--edition", "2031").exit_code == 0
    (bakers / "reports" / "2031").rename(bakers / "reports" / ".survey-old-2031")
    done = run(bakers, "report", "--final", "--edition", "2031")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (bakers / "reports").iterdir()} == {"2031", "latest"}


def test_another_project_does_not_take_the_place_of_final_reports(bakers: Path) -> None:
    other = bakers.parent / "other"
    make_bakers(other)
    (other / KEY).write_text("cd" * 32 + "\n")
    (other / KEY).chmod(0o600)
    assert run(other, "report", "--final").exit_code == 0
    before, ledger = contents(bakers / "reports"), (other / LEDGER_FILE).read_bytes()
    refused = run(other, "report", "--final", "--out", bakers / "reports")
    assert refused.exit_code == 2
    assert "reports of another project" in " ".join(refused.stderr.split())
    assert contents(bakers / "reports") == before
    assert (other / LEDGER_FILE).read_bytes() == ledger


@pytest.mark.parametrize("name", ["sign-off-2030.md", LEDGER_FILE])
def test_nothing_is_published_without_sign_off_page_and_ledger(bakers: Path, name: str) -> None:
    before = contents(bakers / "reports")
    (bakers / name).unlink(missing_ok=True)
    (bakers / name).mkdir()  # so that no file can have the name
    assert run(bakers, "report", "--final", "--edition", "2030").exit_code == 2
    assert contents(bakers / "reports") == before


def test_a_ledger_that_another_run_writes_meanwhile_is_not_lost(
    bakers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.cli import publishing

    protected = publishing.protected_tables

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(publishing, "protected_tables", protected)
        other = run(bakers, "report", "--final", "--edition", "2030")
        assert other.exit_code == 0, other.output
        return protected(*arguments)

    (bakers / LEDGER_FILE).unlink()
    shutil.rmtree(bakers / "reports")
    monkeypatch.setattr(publishing, "protected_tables", meanwhile)
    late = run(bakers, "report", "--final", "--edition", "2031")
    assert late.exit_code == 2
    assert "another run published meanwhile" in " ".join(late.stderr.split())
    assert not (bakers / "reports" / "2031").exists()
    assert run(bakers, "report", "--final", "--edition", "2031").exit_code == 0
    names = read_ledger(bakers / LEDGER_FILE).columns
    assert all(any(f"|{edition}|" in name for name in names) for edition in ("2030", "2031"))


def test_an_edition_that_fails_does_not_let_its_draft_stand_beside_later_ones(
    bakers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(bakers / "reports")
    assert run(bakers, "report", "--edition", "all").exit_code == 0
    (bakers / "reports" / "2030" / "note.txt").write_text("by hand")
    done = run(bakers, "report", "--final", "--edition", "all")
    assert done.exit_code == 2
    assert "beside a draft" in " ".join(done.stderr.split())
    assert [status(bakers / "reports" / each) for each in ("2030", "2031")] == ["draft", "draft"]


def test_under_the_profile_internal_a_table_is_marked(bakers: Path) -> None:
    """It was exact, complete, and looked like any other."""
    settings = bakers / "survey.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[policy]\nprofile = "internal"\n', "utf-8")
    refused = run(bakers, "table", "ovens", "--out", "ovens.html")
    assert refused.exit_code == 2
    assert "ovens-internal.html" in refused.stderr
    assert run(bakers, "table", "ovens", "--out", "ovens-internal.html").exit_code == 0
    assert "INTERNAL" in Path("ovens-internal.html").read_text("utf-8")
    assert "INTERNAL" in run(bakers, "table", "ovens").output


@pytest.mark.parametrize("kind", ["html", "json"])
def test_one_table_says_that_it_is_a_draft(bakers: Path, kind: str) -> None:
    out = Path(f"ovens.{kind}")
    assert run(bakers, "table", "ovens", "--out", out).exit_code == 0
    assert "DRAFT: not published" in out.read_text("utf-8")
    assert "DRAFT: not published" in run(bakers, "table", "ovens").output


def test_exact_numbers_get_no_file_that_does_not_say_so(tmp_path: Path) -> None:
    table = share(answers(), "deployment_stage")
    with pytest.raises(PublishError, match="cannot be written") as refused:
        write_table_file(table, tmp_path / "t.csv")
    assert "internal=True" in refused.value.problems[0].hint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("edition", ["Latest", "LATEST", "2024 ", "latest"])
def test_no_edition_has_a_folder_that_some_disks_take_for_another(
    tmp_path: Path, edition: str
) -> None:
    from survey.publish import refuse_report

    with pytest.raises(PublishError, match="cannot be written"):
        refuse_report(tmp_path, edition)
