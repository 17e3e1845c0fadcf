"""The command line: arguments in, the same functions as in Python, a short summary out.

Exit codes: 0 fine, 1 findings, 2 wrong use or unusable input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from survey import __version__
from survey.cli.codebook import codebook
from survey.cli.frame import frame
from survey.cli.options import EDITION, FILES, JSON, PROJECT, decisions, helpful
from survey.cli.organizations import organizations
from survey.cli.printing import (
    names,
    print_counts,
    print_quality,
    print_report,
    quality_record,
)
from survey.cli.reading import read_files
from survey.console import Console

__all__ = ["main"]

_FINDINGS = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="survey")
def main() -> None:
    """Clean, aggregate and publish the OpenStack User Survey."""


@main.command()
@FILES
@EDITION
@JSON
@helpful
@decisions
def check(files: tuple[Path, ...], edition: str | None, as_json: bool, project: Any) -> None:
    """Say what is in FILES: kept, repaired, lost, unknown.

    Exits with 1 when something was found that a person should look at.
    """
    from survey.responses import quality

    page = quality(project.answers(read_files(files, edition, project.codebook())))
    if as_json:
        click.echo(json.dumps(quality_record(page), ensure_ascii=False, indent=1))
    else:
        print_quality(page)
    sys.exit(_FINDINGS if page.findings else 0)


@main.command("clean")
@FILES
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; each edition gets a folder of its own.",
)
@click.option(
    "--layout",
    default="by-concept",
    show_default=True,
    type=click.Choice(["by-concept", "by-heading"]),
    help="Columns and answers in the toolkit's terms or in the survey system's.",
)
@click.option(
    "--format",
    "format_",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "json"]),
    help="Format of the tables.",
)
@click.option(
    "--identified", is_flag=True, help="Keep names, e-mail addresses and member numbers in clear."
)
@click.option(
    "--key",
    "key_file",
    default=".survey-key",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the secret key of the pseudonyms; made if absent.",
)
@EDITION
@JSON
@helpful
@decisions
def clean_command(  # noqa: PLR0913  # click passes them by name
    *,
    files: tuple[Path, ...],
    out: Path,
    layout: str,
    format_: str,
    identified: bool,
    key_file: Path,
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """Write the cleaned answers in FILES to a folder.

    Personal data is replaced by keyed pseudonyms unless --identified is given.
    """
    from survey.responses import quality, write_answers
    from survey.responses.pseudonyms import read_key

    exports = read_files(files, edition, project.codebook())
    answers = project.answers(exports, identified=identified, key=read_key(key_file))
    written = write_answers(answers, out, layout=layout, file_format=format_)
    page = quality(answers)
    if as_json:
        click.echo(
            json.dumps(
                {"written": names(out, written), **quality_record(page)},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    print_counts(page)
    Console().done(f"wrote {len(written)} files to {out}")


@main.command()
@click.option(
    "--out",
    default="reports",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to.",
)
@click.option("--edition", help="Edition to publish; the newest by default.")
@PROJECT
@JSON
@helpful
def report(out: Path, edition: str | None, folder: Path, as_json: bool) -> None:
    """Make the yearly publication: dashboard, workbook, charts and tables.

    Reads survey.toml in the project folder; without one, every export in data/raw.
    """
    from survey.disclosure import protect
    from survey.project import read_project
    from survey.publish import write_report
    from survey.topics import standing_tables

    project = read_project(folder)
    console = Console()
    answers = _project_answers(project, console)
    chosen = edition or answers.editions[-1]
    with console.progress("computing tables"):
        tables = standing_tables(answers, chosen)
    with console.progress(f"protecting {len(tables)} tables"):
        publication = protect(
            tables, project.policy, title=project.title, edition=chosen, answers=answers
        )
    with console.progress("writing dashboard, workbook and charts"):
        written = write_report(publication, out)
    if as_json:
        click.echo(json.dumps({"edition": chosen, "written": names(out, written)}, indent=1))
        return
    print_report(publication, chosen, out, written)


def _project_answers(project: Any, console: Console) -> Any:
    from survey.errors import Problem, ProjectError
    from survey.exports import read_export
    from survey.responses.pseudonyms import read_key

    if not project.exports:
        raise ProjectError(
            "There is nothing to report",
            [
                Problem(
                    "data/raw",
                    "no export",
                    "at least one Survey_*.csv",
                    "put exports there, list them in survey.toml, or make invented ones with "
                    "'survey simulate'",
                )
            ],
        )
    codebook = project.codebook()
    exports = []
    for file in console.each("reading", project.exports):
        exports.append(
            read_export(file.path, edition=file.edition, codebook=codebook, invented=file.invented)
        )
    with console.progress("cleaning"):
        return project.answers(exports, key=read_key(project.folder / ".survey-key"))


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


main.add_command(codebook)
main.add_command(frame)
main.add_command(organizations)
