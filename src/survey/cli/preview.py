"""survey preview: what a publication will be, before anything is final."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey.cli.options import FRESH, JSON, PROJECT, helpful
from survey.console import Console

__all__ = ["preview"]


@click.command()
@click.option("--edition", help="Edition to publish; the newest by default.")
@click.option("--sign-off", is_flag=True, help="Write the page for the person who signs.")
@FRESH
@PROJECT
@JSON
@helpful
def preview(
    *, edition: str | None, sign_off: bool, fresh: bool, folder: Path, as_json: bool
) -> None:
    """Say what a publication will be; nothing is published, and it is for you alone.

    Which tables will be published, withheld or stay internal, and why; which groups stand
    together; what noise does to shares; which published numbers would change, and which
    corrections wait.
    """
    from survey.cli.publishing import (
        protected_tables,
        refuse_lost_ledger,
        register_of,
        write_sign_off,
    )
    from survey.project import preview as look_ahead
    from survey.project import project_answers, read_project

    project = read_project(folder, files=True)
    refuse_lost_ledger(folder, folder / "reports")
    processed = project_answers(project, fresh=fresh)
    chosen = edition or processed.answers.editions[-1]
    register = register_of(folder, processed.key_name)
    made = protected_tables(project, processed, chosen, register, Console())
    if sign_off:
        Console().done(f"wrote {write_sign_off(made, folder)}")
    found = look_ahead(made.tables, made.publication, register)
    if as_json:
        click.echo(json.dumps(found.record(), ensure_ascii=False, indent=1))
        return
    click.echo(f"Protection: {project.policy.profile}. For you alone: do not publish this.")
    for line in found.lines():
        click.echo(line)
