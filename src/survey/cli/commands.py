"""The command line: arguments in, the same functions as in Python, a short summary out.

Exit codes: 0 fine, 1 findings, 2 wrong use or unusable input, 3 a fault of the toolkit; see
:mod:`survey.cli.doors`.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey import __version__
from survey.cli.auditing import audit, claims
from survey.cli.checking import check
from survey.cli.cleaning import clean_command
from survey.cli.codebook import codebook
from survey.cli.doors import Doors
from survey.cli.frame import frame
from survey.cli.key import key
from survey.cli.new_edition import new_edition
from survey.cli.options import FRESH, JSON, PROJECT, helpful
from survey.cli.organizations import organizations
from survey.cli.preview import preview
from survey.cli.printing import (
    names,
    print_processed,
    print_report,
    processed_record,
)
from survey.cli.table import table
from survey.console import Console

__all__ = ["main"]


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="survey")
def main() -> None:
    """Clean, aggregate and publish the OpenStack User Survey."""


@main.command()
@click.option(
    "--out",
    default="reports",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to.",
)
@click.option("--edition", help="Edition to publish; the newest by default.")
@click.option("--final", is_flag=True, help="Publish: no draft, and noted in the ledger.")
@click.option("--correct", multiple=True, metavar="CONCEPT", help="Draw a question anew at once.")
@click.option("--reason", default="", help="Why a question is corrected.")
@FRESH
@PROJECT
@JSON
@helpful
def report(
    *,
    out: Path,
    edition: str | None,
    final: bool,
    correct: tuple[str, ...],
    reason: str,
    fresh: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Make the yearly publication: dashboard, workbook, charts and tables.

    Reads survey.toml in the project folder; without one, every export in data/raw. Cleaned
    answers are kept in data/processed and used again while nothing has changed.

    Without --final it is a draft, says so on every page, and never replaces what is final. With
    it, the published counts go into the ledger: later reports print them again until 20 answers
    of a question in a group changed.
    """
    from survey.cli.publishing import protected_tables, refuse_draft, register_of
    from survey.disclosure import LEDGER_FILE
    from survey.project import project_answers, read_project
    from survey.publish import Publisher, refuse_report, write_report

    project = read_project(folder, files=True)
    console = Console()
    if edition is not None:
        refuse_report(out, edition)
    processed = project_answers(project, fresh=fresh, final=final)
    print_processed(processed, folder)
    answers = processed.answers
    chosen = edition or answers.editions[-1]
    refuse_report(out, chosen)
    refuse_draft(out / chosen, final=final)
    register = register_of(folder, processed.key_name, final=final, correct=correct, reason=reason)
    publication = protected_tables(project, processed, chosen, register, console).publication
    with console.progress("writing dashboard, workbook and charts"):
        if final:  # the ledger first: what it holds and nobody saw does no harm
            register.entries(processed.key_name).write(folder / LEDGER_FILE)
        written = write_report(
            publication,
            out,
            publisher=Publisher(**project.publisher),
            codebook=answers.codebook,
        )
    if as_json:
        record = {
            "edition": chosen,
            "written": names(out, written),
            "processed": processed_record(processed, folder),
        }
        click.echo(json.dumps(record, indent=1))
        return
    print_report(publication, chosen, out, written)


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
main.add_command(new_edition)
main.add_command(key)
main.add_command(organizations)
main.add_command(table)
main.add_command(preview)
