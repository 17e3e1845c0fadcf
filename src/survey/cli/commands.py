"""The command line: arguments in, the same functions as in Python, a short summary out.

Exit codes: 0 fine, 1 findings, 2 wrong use or unusable input, 3 a fault of the toolkit; see
:mod:`survey.cli.endings`.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey import __version__
from survey.cli.auditing import audit, claims, narrative, quotes
from survey.cli.checking import check
from survey.cli.cleaning import clean_command
from survey.cli.codebook import codebook
from survey.cli.endings import Doors
from survey.cli.frame import frame
from survey.cli.key import key
from survey.cli.new_edition import new_edition
from survey.cli.options import JSON, helpful
from survey.cli.organizations import organizations
from survey.cli.preview import preview
from survey.cli.printing import (
    names,
)
from survey.cli.progress import progress_command
from survey.cli.report import report
from survey.cli.start import init
from survey.cli.table import table
from survey.console import Console

__all__ = ["main"]


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="survey")
def main() -> None:
    """Clean, aggregate and publish the OpenStack User Survey."""


@main.command()
@click.option("--edition", required=True, help="Edition whose questionnaire to fill.")
@click.option(
    "--respondents",
    default=350,
    show_default=True,
    type=click.IntRange(min=1),
    help="Number of respondents.",
)
@click.option("--seed", default=7, show_default=True, help="The same seed, the same answers.")
@click.option(
    "--out",
    default="data/raw",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to.",
)
@JSON
@helpful
def simulate(edition: str, respondents: int, seed: int, out: Path, as_json: bool) -> None:
    """Invent answers in the exporter's own format, with the true answers beside them."""
    from survey.synthetic import simulate as make

    written = make(edition, respondents=respondents, seed=seed).write(out)
    if as_json:
        click.echo(json.dumps({"written": names(out, written)}, indent=1))
        return
    Console().done(f"wrote {len(written)} files of invented answers to {out}")


main.add_command(audit)
main.add_command(check)
main.add_command(claims)
main.add_command(clean_command)
main.add_command(codebook)
main.add_command(frame)
main.add_command(narrative)
main.add_command(new_edition)
main.add_command(init)
main.add_command(key)
main.add_command(organizations)
main.add_command(progress_command)
main.add_command(quotes)
main.add_command(report)
main.add_command(table)
main.add_command(preview)
