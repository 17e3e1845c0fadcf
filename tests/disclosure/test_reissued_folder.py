"""A final folder written again after some records changed: no file of it tells which."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.project.inputs import KEY_FILE
from survey.synthetic import simulate

EDITIONS = ("2023", "2024")


def run(project: Path, *arguments: str) -> None:
    done = CliRunner().invoke(main, [*arguments, "--project", str(project)], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two editions, whose exports nobody calls invented; the newer is published."""
    folder = tmp_path_factory.mktemp("project")
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    for edition in EDITIONS:
        written = simulate(edition, respondents=110, seed=6).write(folder / "made" / edition)
        shutil.copy(written[0], raw)
    shutil.rmtree(folder / "made")
    key = folder / KEY_FILE
    key.write_text("2a" * 32 + "\n", encoding="utf-8")
    key.chmod(0o600)
    run(folder, "report", "--final", "--out", str(folder / "reports"))
    return folder


def leave_out(file: Path, people: int, drawn: np.random.Generator) -> int:
    """Take some respondents out of an export, and return how many records went."""
    text = file.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines(keepends=True)))
    place = rows[0].index("SurveyID")
    gone = set(drawn.permutation(sorted({row[place] for row in rows[1:]}))[:people].tolist())
    kept = [rows[0], *(row for row in rows[1:] if row[place] not in gone)]
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(kept)
    return len(rows) - len(kept)


def test_records_that_go_change_no_byte_of_what_is_published(
    published: Path, tmp_path: Path
) -> None:
    """Tables, notes, pages, blocks, sentences, quotes, charts, workbook and manifest."""
    folder = Path(shutil.copytree(published, tmp_path / "p"))
    before = contents(folder / "reports")
    for file in sorted((folder / "data" / "raw").iterdir()):
        assert 0 < leave_out(file, 5, np.random.default_rng(2)) < 20
    run(folder, "report", "--final", "--out", str(folder / "reports"))
    after = contents(folder / "reports")
    assert len(before) > 200
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []
