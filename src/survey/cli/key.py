"""survey key: make the secret key, keep a copy of it, and check it."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.options import PROJECT, helpful
from survey.console import Console

__all__ = ["key"]


@click.group()
def key() -> None:
    """Make the secret key of pseudonyms and noise, copy it, check it.

    Without it nobody can test a name against a pseudonym or take the noise off a published
    count; with another key the same answers get other noise. Keep a copy of the key and of the
    ledger in a safe place that is not this computer.
    """


@key.command()
@PROJECT
@helpful
def init(folder: Path) -> None:
    """Make the key of a project; one that is there stays.

    Beside a ledger none is made: it belongs to a key, which is lost.
    """
    from survey.disclosure import LEDGER_FILE, read_ledger
    from survey.disclosure.ledger.ledger_file import refuse_other_key
    from survey.project.inputs import KEY_FILE
    from survey.responses.pseudonyms import key_name, make_key

    if not (folder / KEY_FILE).exists():
        refuse_other_key(read_ledger(folder / LEDGER_FILE), "that is to be made")
    made = make_key(folder / KEY_FILE)
    Console().done(f"made {folder / KEY_FILE}, {key_name(made)}; keep a copy: survey key backup TO")


@key.command()
@click.argument("to", type=click.Path(path_type=Path, file_okay=False))
@PROJECT
@helpful
def backup(to: Path, folder: Path) -> None:
    """Copy the key and the ledger to another folder, readable by you alone."""
    from survey.disclosure import LEDGER_FILE
    from survey.project.inputs import KEY_FILE
    from survey.responses.pseudonyms import copy_private, read_key

    read_key(folder / KEY_FILE, make=False)
    copied = [name for name in (KEY_FILE, LEDGER_FILE) if (folder / name).exists()]
    for name in copied:
        copy_private(folder / name, to / name)
    Console().done(f"copied {' and '.join(copied)} to {to}")


@key.command()
@PROJECT
@helpful
def check(folder: Path) -> None:
    """Say which key the project has, and whether the ledger was made with it."""
    from survey.cli.publishing import refuse_lost_ledger
    from survey.disclosure import LEDGER_FILE, read_ledger
    from survey.disclosure.ledger.ledger_file import refuse_other_key
    from survey.project.inputs import KEY_FILE
    from survey.responses.pseudonyms import key_name, read_key

    name = key_name(read_key(folder / KEY_FILE, make=False))
    reports = folder / "reports"
    refuse_lost_ledger(folder, reports)
    ledger = read_ledger(folder / LEDGER_FILE, reports=[reports])
    refuse_other_key(ledger, name)
    columns, numbers = len(ledger.columns), len(ledger.publications)
    published = f"{columns:,} published columns, {numbers} publications"
    Console().done(f"{name}: {published if ledger.key else 'nothing published'}")
