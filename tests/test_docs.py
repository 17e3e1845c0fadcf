"""Documentation that cannot drift: commands, pages, links, examples, the README's own code."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import survey
import survey.estimates
from survey import cli
from tests.new_edition.measure import sheet_of

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "bench" / "README.md"])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
NOT_OURS = ("git", "cd", "pip", "jupyter", "apt-get")  # commands that a reader runs, we do not


def walk(path: str, command: click.Command):
    yield path, command
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from walk(f"{path} {name}", inner)


COMMANDS = dict(walk("survey", cli.main))


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_helps_and_is_documented(path):
    command = COMMANDS[path]
    run = CliRunner().invoke(cli.main, [*path.split()[1:], "--help"])
    assert run.exit_code == 0
    assert command.help
    assert f"\n## {path}\n" in (ROOT / "docs" / "cli.md").read_text("utf-8")


@pytest.mark.parametrize("path", COMMANDS)
def test_an_option_says_what_it_does(path):
    options = [option for option in COMMANDS[path].params if isinstance(option, click.Option)]
    assert not [option.opts[0] for option in options if not option.help]


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text("utf-8")
    top = [path for path in COMMANDS if path.count(" ") == 1]
    assert not [path for path in top if path not in readme]


# ---------------------------------------------------------------- pages


@pytest.mark.locked
def test_the_generated_pages_are_what_the_code_says():
    command = [sys.executable, str(ROOT / "docs" / "build.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page.name} links to {target}"
        if anchor and linked.suffix == ".md":
            assert anchor in anchors(linked), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of a page get."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_leads_to_every_page():
    """Every page is reached from it, over other pages of the site or directly."""
    reached, left = set(), [ROOT / "docs" / "index.md"]
    while left:
        page = left.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)\s#]+)", page.read_text("utf-8"))
        left += [(page.parent / target).resolve() for target in targets if "://" not in target]
    assert not set((ROOT / "docs").rglob("*.md")) - reached


def test_the_changelog_knows_the_version():
    assert f"## [{survey.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


# ---------------------------------------------------------------- examples


def modules() -> list[str]:
    found = pkgutil.walk_packages(survey.__path__, "survey.")
    return ["survey", *(module.name for module in found if not module.name.endswith("__main__"))]


@pytest.mark.locked
@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testmod(importlib.import_module(name), optionflags=options)
    assert result.failed == 0


# ---------------------------------------------------------------- the README's code


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of what the README's reader has: the data and the project file."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    for name in ("survey.toml",):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    return folder


def blocks(*languages: str) -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    return [code for language, code in FENCE.findall(text) if language in languages]


def test_the_readme_shows_code_of_both_kinds():
    assert blocks("python")
    assert blocks("console")


def test_the_python_of_the_readme_runs_from_top_to_bottom(project, monkeypatch):
    monkeypatch.chdir(project)
    names: dict[str, object] = {}
    for code in blocks("python"):
        exec(compile(code, "README.md", "exec"), names)


def test_each_quoted_sentence_is_asked_in_three_lines(project, monkeypatch):
    """Every block after the first is one question; its answer says what it cannot decide."""
    monkeypatch.chdir(project)
    text = (ROOT / "docs" / "claims.md").read_text("utf-8")
    setup, *questions = [code for language, code in FENCE.findall(text) if language == "python"]
    names: dict[str, object] = {}
    exec(compile(setup, "claims.md", "exec"), names)
    assert len(questions) == len(re.findall(r'^## "', text, re.MULTILINE))
    for code in questions:
        lines = code.strip().splitlines()
        assert len(lines) <= 3
        for line in lines:
            if re.match(r"\w+ = ", line):
                exec(compile(line, "claims.md", "exec"), names)
            else:
                answer = eval(compile(line, "claims.md", "eval"), names)
                assert isinstance(answer, survey.estimates.Estimates)
                assert any("self-selected" in note for note in answer.notes)
                assert len(answer.notes) > 1
    assert names["figures"]


@pytest.mark.parametrize(
    "line",
    [line[2:] for code in blocks("console") for line in code.splitlines() if line[:2] == "$ "],
)
def test_a_command_of_the_readme_works(line, project, monkeypatch, request):
    """``survey`` runs, 0 or 1 (findings) being fine; ``make`` must know its target."""
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert set(words[1:]) <= TARGETS
    elif words[0] == "survey":
        monkeypatch.chdir(project)
        if "new-edition" in words:
            later = sheet_of("2026").write(next(Path(each) for each in words if ".csv" in each))
            request.addfinalizer(later.unlink)  # the other commands read this year's data
        arguments = [
            name for word in words[1:] for name in (sorted(map(str, Path().glob(word))) or [word])
        ]
        run = CliRunner().invoke(cli.main, arguments, catch_exceptions=False)
        assert run.exit_code in (0, 1), run.output
    else:
        assert words[0] in NOT_OURS
