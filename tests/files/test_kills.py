"""Kills, full disks and limits at random moments of every command that writes: a sample.

In full: ``python -m tests.files.kills --runs 200 --seed 1``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import click
import pytest

from survey.cli import main
from tests.files.kills import COMMANDS, SLOW, kill_many

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are POSIX's")
QUICK = tuple(name for name in COMMANDS if name not in SLOW)
WRITE_NOTHING = frozenset(
    {
        "codebook list",
        "codebook show",
        "codebook diff",
        "frame check",
        "organizations check",
        "key check",
        "audit",
        "claims",
        "preview",
        "organizations may-be-named",
    }
)


def test_a_killed_command_loses_nothing_and_the_next_run_succeeds() -> None:
    assert kill_many(12, 20261129, QUICK, say=lambda _: None) == []


@pytest.mark.nightly
def test_a_tenth_of_the_full_run_with_reports() -> None:
    assert kill_many(20, 7, say=lambda _: None) == []


def names_of(command: click.Command, before: str = "") -> Iterator[str]:
    inner = getattr(command, "commands", {})
    for name, each in inner.items():
        yield from names_of(each, f"{before} {name}".strip())
    if not inner:
        yield before


def test_every_command_that_writes_is_killed() -> None:
    killed = {" ".join(words[:2]) for words in COMMANDS.values()}
    killed |= {words[0] for words in COMMANDS.values()}
    missing = {name for name in names_of(main) if name not in killed | WRITE_NOTHING}
    assert not missing, "add them to tests/files/kills.py"
