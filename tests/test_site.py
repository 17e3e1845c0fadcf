"""The documentation site: every block of its pages runs, every page is linked, it builds clean."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from survey import cli
from survey.estimates import STATISTICS
from survey.publish.charts import KINDS
from tests.new_edition.measure import sheet_of

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
HOW_TO = sorted(path for path in (DOCS / "how-to").glob("*.md") if path.name != "index.md")
EXTENDING = [DOCS / "how-to" / f"add-a-{what}.md" for what in ("statistic", "chart-kind", "topic")]
RUN = [
    *HOW_TO,
    DOCS / "tutorial.md",
    DOCS / "gallery.md",
    *sorted((DOCS / "explanation").glob("*.md")),
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOT_OURS = ("git", "cd", "pip", "jupyter", "make")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of what a reader has, in which a page can write."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    for path in (ROOT / "data" / "raw").glob("*.csv"):
        shutil.copy(path, tmp_path / "data" / "raw")
    shutil.copy(ROOT / "survey.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(page: Path) -> list[tuple[str, str]]:
    return FENCE.findall(page.read_text("utf-8"))


def test_there_are_enough_guides_of_one_task_each():
    assert len(HOW_TO) >= 30
    titles = [path.read_text("utf-8").splitlines()[0] for path in HOW_TO]
    assert len(set(titles)) == len(titles)


def test_of_every_statistic_it_is_said_what_the_answers_cannot_decide():
    page = (DOCS / "explanation" / "statistics.md").read_text(encoding="utf-8")
    said = [each for each in re.split(r"(?m)^## ", page) if "*Cannot say*: " in each]
    missing = [
        name
        for name in STATISTICS
        if not any(re.search(rf"(?:sv\.|`|^|= ){name}[(`]", each, re.M) for each in said)
    ]
    assert not missing


def test_every_statistic_is_explained():
    page = (DOCS / "explanation" / "statistics.md").read_text("utf-8")
    said = [name for name in STATISTICS if not re.search(rf"(?:sv\.|`){name}[(`]", page)]
    assert not [name for name in said if not re.search(rf"\b{name}\(", page)]


def test_the_gallery_shows_every_kind_of_chart(project: Path) -> None:
    names: dict[str, Any] = {}
    shown = set()
    for _, code in blocks(DOCS / "gallery.md"):
        exec(compile(code, "gallery.md", "exec"), names)
        if "chart" in names:
            shown.add(names.pop("chart").layout.meta["kind"])
    assert shown == {kind.words for kind in KINDS.values()}


@pytest.mark.parametrize("page", EXTENDING, ids=[page.stem for page in EXTENDING])
def test_a_page_that_extends_the_package_names_files_that_are_there(page: Path) -> None:
    """But for the file that the reader is to write; and ends with what must pass."""
    text = page.read_text("utf-8")
    written = re.findall(r"## 1\. The file: `(.+)`", text)
    named = set(re.findall(r"\b(?:src|tests|docs)/[\w./-]*\w", text))
    assert named > set(written)
    assert not [name for name in named - set(written) if not (ROOT / name).exists()]
    last = text.split("\n## ")[-1]
    assert "Afterwards\n" in last
    for word in ("CHANGELOG.md", "python docs/build.py", "ruff", "mypy", "pytest tests/"):
        assert word in last


@pytest.mark.locked
@pytest.mark.parametrize("page", RUN, ids=[page.stem for page in RUN])
def test_the_blocks_of_a_page_run_from_top_to_bottom(page: Path, project: Path) -> None:
    if page.stem == "new-edition":
        sheet_of("2026").write(project / "data" / "raw" / "Survey_20260831120000.csv")
    names: dict[str, object] = {}
    for language, code in blocks(page):
        if language == "python":
            exec(compile(code, page.name, "exec"), names)
        elif language == "toml":
            write_settings(code, project)
        elif language == "console":
            for line in code.splitlines():
                if line.startswith("$ "):
                    run(line[2:])


def write_settings(code: str, project: Path) -> None:
    """Put a block of TOML where its first line says; its keys must be known."""
    tomllib.loads(code)
    name = code.splitlines()[0].removeprefix("# ")
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, encoding="utf-8")
    if name == "survey.toml":
        from survey.project import read_project

        read_project(project)
    else:
        from survey.codebook import read_codebook

        read_codebook(path)


def run(line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] != "survey":
        assert words[0] in NOT_OURS
        return
    result = CliRunner().invoke(cli.main, words[1:], catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output


@pytest.mark.locked
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, str(DOCS / "site.py"), str(tmp_path / "site"), "--without-outputs"]
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )
    assert result.returncode == 0, result.stderr[-3000:]
    html = tmp_path / "site" / "html"
    assert (html / "searchindex.js").exists()
    assert len(list(html.rglob("*.html"))) > len(HOW_TO)
