"""An older copy of the ledger is refused where a final report tells of a newer one."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.disclosure import LEDGER_FILE, Ledger, read_ledger
from survey.errors import DisclosureError
from survey.project.inputs import KEY_FILE
from survey.synthetic import simulate


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--project", str(project)])


def publish(project: Path, *arguments: str) -> Result:
    done = run(project, "report", "--final", "--out", str(project / "reports"), *arguments)
    assert done.exit_code == 0, done.output
    return done


def entry(project: Path) -> dict[str, object]:
    manifest = project / "reports" / "2024" / "manifest.json"
    found = json.loads(manifest.read_text("utf-8"))["ledger"]
    assert isinstance(found, dict)
    return found


def written(project: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(project): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and "processed" not in path.parts
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one edition, which is published, and a copy of its ledger."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "data" / "raw").mkdir(parents=True)
    made = simulate("2024", respondents=40, seed=8).write(folder / "made")
    shutil.copy(made[0], folder / "data" / "raw")
    shutil.rmtree(folder / "made")
    (folder / KEY_FILE).write_text("3b" * 32 + "\n", encoding="utf-8")
    (folder / KEY_FILE).chmod(0o600)
    publish(folder)
    shutil.copy(folder / LEDGER_FILE, folder / "older.json")
    return folder


def test_a_publication_has_a_number_that_a_rebuild_keeps(project: Path) -> None:
    """Nothing new is printed, and no byte differs; also where a run ended before the folder."""
    ledger = read_ledger(project / LEDGER_FILE, reports=[project / "reports"])
    ((edition, digest),) = ledger.publications
    assert edition == "2024"
    assert entry(project) == {"key": ledger.key, "number": 1, "digest": digest}
    before = written(project)
    shutil.rmtree(project / "reports")
    publish(project)
    assert written(project) == before


def test_an_older_ledger_is_refused_wherever_numbers_are_printed(
    project: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(project, tmp_path / "p"))
    publish(folder, "--correct", "compute_cores", "--reason", "a wrong line")
    assert entry(folder)["number"] == 2
    assert read_ledger(folder / LEDGER_FILE, reports=[folder / "reports"]).number_of("2024") == 2
    shutil.copy(folder / "older.json", folder / LEDGER_FILE)
    before = written(folder)
    for arguments in (
        ("report", "--final", "--out", str(folder / "reports")),
        ("report", "--final", "--out", str(folder / "elsewhere")),
        ("report", "--out", str(folder / "drafts")),
        ("preview",),
        ("table", "compute_cores"),
    ):
        refused = run(folder, *arguments)
        assert refused.exit_code == 2, arguments
        said = " ".join(refused.output.split())
        assert "The ledger is not the newest one" in said
        assert "1 publications without publication 2 (2024)" in said
        assert "put back the newest one" in said
    assert written(folder) == before


PUBLISHED = (("2023", "aa"), ("2024", "bb"))


def read(tmp_path: Path, ledger: Ledger, noted: object, status: str = "final") -> Ledger:
    report = tmp_path / "reports" / "2024"
    report.mkdir(parents=True)
    said = {"status": status, "ledger": noted}
    (report / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    path = ledger.write(tmp_path / "ledger.json")
    return read_ledger(path, reports=[tmp_path / "reports", tmp_path / "none"])


@pytest.mark.parametrize(
    "noted",
    [
        {"key": "k", "number": 2, "digest": "bb"},
        {"key": "k", "number": 1, "digest": "aa"},
        {"key": "another", "number": 9, "digest": "cc"},
        None,
        {"number": "2"},
        [],
    ],
)
def test_reports_that_the_ledger_knows_or_that_are_of_another_key(
    noted: object, tmp_path: Path
) -> None:
    ledger = Ledger("k", publications=PUBLISHED)
    assert read(tmp_path, ledger, noted).publications == PUBLISHED


@pytest.mark.parametrize(
    ("number", "digest"), [(3, "cc"), (2, "cc"), (1, "cc"), (2, "aa"), (0, "aa")]
)
def test_reports_that_the_ledger_does_not_know(number: int, digest: str, tmp_path: Path) -> None:
    """A higher number, or a number of which the ledger has another digest."""
    ledger = Ledger("k", publications=PUBLISHED)
    noted = {"key": "k", "number": number, "digest": digest}
    with pytest.raises(DisclosureError, match="not the newest one"):
        read(tmp_path, ledger, noted)


def test_what_a_draft_says_is_not_looked_at(tmp_path: Path) -> None:
    noted = {"key": "k", "number": 9, "digest": "cc"}
    assert read(tmp_path, Ledger("k"), noted, status="draft").key == "k"


def test_the_digest_follows_from_the_ledger_and_from_sums_of_secret_keys(project: Path) -> None:
    ledger = read_ledger(project / LEDGER_FILE)
    further = ledger.with_publication("2024")
    assert further.number_of("2024") == 2
    assert further == ledger.with_publication("2024")
    name, column = next(iter(ledger.columns.items()))
    changed = dataclasses.replace(column, keys=column.keys + 1)
    other = dataclasses.replace(ledger, columns={**ledger.columns, name: changed})
    last = [each.with_publication("2024").publications[-1][1] for each in (ledger, other)]
    assert len({*last}) == 2
    assert {len(digest) for digest in last} == {32}
    fewer = dataclasses.replace(ledger, publications=())
    assert fewer.with_publication("2024").publications[-1][1] not in last
