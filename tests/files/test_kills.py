"""Kills, full disks and limits at random moments of every command that writes: a sample.

In full: ``python -m tests.files.kills --runs 200 --seed 1``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from survey.cli import main
from tests.files.kill_project import COMMANDS, READ_ONLY, SLOW, make_project
from tests.files.kills import kill_many, run, tree

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are POSIX's")
READ_FROM = ("--project", "--aliases", "--frame", "--answers", "--compare")
QUICK = tuple(name for name in COMMANDS if name not in SLOW)


def test_a_killed_command_loses_nothing_and_the_next_run_succeeds() -> None:
    assert kill_many(len(QUICK), 20261129, QUICK, say=lambda _: None) == []


@pytest.mark.nightly
def test_a_tenth_of_the_full_run_with_reports() -> None:
    assert kill_many(40, 7, say=lambda _: None) == []


def names_of(command: click.Command, before: str = "") -> Iterator[tuple[str, click.Command]]:
    inner = getattr(command, "commands", {})
    for name, each in inner.items():
        yield from names_of(each, f"{before} {name}".strip())
    if not inner:
        yield before, command


def lines_of(name: str) -> list[tuple[str, ...]]:
    """Return the command lines with which a command is killed."""
    words = tuple(name.split())
    return [line for line in COMMANDS.values() if line[: len(words)] == words]


def test_every_command_is_killed_or_writes_nothing() -> None:
    missing = {name for name, _ in names_of(main) if not lines_of(name)} - READ_ONLY.keys()
    assert not missing, "add them to tests/files/kills.py"


def test_every_option_that_names_a_new_file_is_in_a_killed_line() -> None:
    missing = {
        f"{name} {option.opts[-1]}"
        for name, command in names_of(main)
        for option in command.params
        if isinstance(option, click.Option)
        and isinstance(option.type, click.Path)
        and not option.type.exists
        and option.opts[-1] not in READ_FROM
        and not any(option.opts[-1] in line for line in lines_of(name))
    }
    assert not missing, "add them to tests/files/kills.py"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("read only") / "project"
    make_project(root)
    return root


@pytest.mark.parametrize("name", READ_ONLY)
def test_other_commands_write_nothing(project: Path, name: str) -> None:
    before, log = tree(project), project.parent / "log"
    code, operations = run(project, READ_ONLY[name], None, log)
    assert code in (0, 1), log.read_text()
    assert operations == 0
    assert tree(project) == before
