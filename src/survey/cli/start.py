"""``survey init``: begin a project."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from survey.cli.options import PROJECT, helpful
from survey.console import Console

__all__ = ["init"]

_PROFILES = ("protected", "threshold", "internal")


@click.command()
@click.option("--title", default="OpenStack User Survey", show_default=True, help="Its title.")
@click.option(
    "--profile",
    type=click.Choice(_PROFILES),
    help="How respondents are protected; asked at a terminal, protected otherwise.",
)
@PROJECT
@helpful
def init(title: str, profile: str | None, folder: Path) -> None:
    """Begin a project: survey.toml, data/raw, reports, and what version control leaves out."""
    from survey.project import start_project

    console = Console()
    if profile is None and sys.stdin.isatty():
        profile = click.prompt("Profile", type=click.Choice(_PROFILES), default="protected")
    if profile is None:
        console.note("Profile: protected, since nobody said otherwise (--profile).")
    path = start_project(folder, title=title, profile=profile or "protected")
    console.done(f"wrote {path}")
    console.note("Next: put exports into data/raw, then survey key init and survey report.")
