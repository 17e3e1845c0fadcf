"""The command line: arguments in, the same functions as in Python, a short summary out.

Exit codes: 0 fine, 1 findings, 2 wrong use or unusable input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from survey import __version__
from survey.console import Console, table
from survey.errors import SurveyError

__all__ = ["main"]

_FINDINGS, _WRONG_USE = 1, 2
_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_EDITION = click.option("--edition", help="Edition of the files; recognized if not given.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
_PROJECT = click.option(
    "--project",
    "folder",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that holds survey.toml (default: the current one).",
)


def _helpful(command: _Command) -> _Command:
    """Turn our errors into one clear message and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SurveyError as error:
            if kwargs.get("as_json"):
                click.echo(json.dumps(_error_record(error), ensure_ascii=False))
            Console().error(error)
            sys.exit(_WRONG_USE)

    return run  # type: ignore[return-value]


def _error_record(error: SurveyError) -> dict[str, Any]:
    return {
        "error": error.message,
        "problems": [
            {
                "where": problem.where,
                "got": problem.got,
                "expected": problem.expected,
                "hint": problem.hint,
            }
            for problem in error.problems
        ],
    }


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="survey")
def main() -> None:
    """Clean, aggregate and publish the OpenStack User Survey."""


@main.command()
@_FILES
@_EDITION
@_JSON
@_helpful
def check(files: tuple[Path, ...], edition: str | None, as_json: bool) -> None:
    """Say what is in FILES: kept, repaired, lost, unknown.

    Exits with 1 when something was found that a person should look at.
    """
    from survey.responses import clean, quality

    page = quality(clean(_read(files, edition)))
    if as_json:
        click.echo(json.dumps(_quality_record(page), ensure_ascii=False, indent=1))
    else:
        _print_quality(page)
    sys.exit(_FINDINGS if page.findings else 0)


@main.command("clean")
@_FILES
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
@_EDITION
@_JSON
@_helpful
def clean_command(
    files: tuple[Path, ...],
    out: Path,
    layout: str,
    format_: str,
    identified: bool,
    key_file: Path,
    edition: str | None,
    as_json: bool,
) -> None:
    """Write the cleaned answers in FILES to a folder.

    Personal data is replaced by keyed pseudonyms unless --identified is given.
    """
    from survey.responses import clean, quality, write_answers
    from survey.responses.pseudonyms import read_key

    exports = _read(files, edition)
    answers = clean(exports, identified=identified, key=read_key(key_file))
    written = write_answers(answers, out, layout=layout, file_format=format_)
    page = quality(answers)
    if as_json:
        click.echo(
            json.dumps(
                {"written": _names(out, written), **_quality_record(page)},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    _print_counts(page)
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
@_PROJECT
@_JSON
@_helpful
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
        publication = protect(tables, project.policy, title=project.title, edition=chosen)
    with console.progress("writing dashboard, workbook and charts"):
        written = write_report(publication, out)
    if as_json:
        click.echo(json.dumps({"edition": chosen, "written": _names(out, written)}, indent=1))
        return
    _print_report(publication, chosen, out, written)


def _project_answers(project: Any, console: Console) -> Any:
    from survey.errors import Problem, ProjectError
    from survey.exports import read_export
    from survey.responses import clean
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
        return clean(exports, key=read_key(project.folder / ".survey-key"))


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
@_JSON
@_helpful
def simulate(edition: str, respondents: int, seed: int, out: Path, as_json: bool) -> None:
    """Invent answers in the exporter's own format, with the true answers beside them."""
    from survey.synthetic import simulate as make

    written = make(edition, respondents=respondents, seed=seed).write(out)
    if as_json:
        click.echo(json.dumps({"written": _names(out, written)}, indent=1))
        return
    Console().done(f"wrote {len(written)} files of invented answers to {out}")


@main.group()
def codebook() -> None:
    """Look up, compare and bind what the questionnaires ask."""


@codebook.command("list")
@click.argument("edition", required=False)
@_PROJECT
@_JSON
@_helpful
def codebook_list(edition: str | None, folder: Path, as_json: bool) -> None:
    """List the editions, or the questions of one EDITION."""
    from survey.project import read_project

    known = read_project(folder).codebook()
    if edition is None:
        records: list[dict[str, Any]] = [
            {
                "edition": each.name,
                "status": each.status,
                "questions": len(each.questions),
                "title": each.title,
            }
            for each in known
        ]
    else:
        records = [
            {
                "concept": question.concept,
                "heading": question.heading,
                "kind": question.kind.value,
                "unit": question.unit.value,
                "title": question.title,
            }
            for question in known.edition(edition).questions
        ]
    _print_records(records, as_json)


@codebook.command("show")
@click.argument("concept")
@click.option("--edition", help="Edition; the newest that asks it by default.")
@_PROJECT
@_JSON
@_helpful
def codebook_show(concept: str, edition: str | None, folder: Path, as_json: bool) -> None:
    """Show one question: its heading, choices and bands."""
    from survey.project import read_project

    known = read_project(folder).codebook()
    question = known.question(concept, edition)
    record = {
        "concept": question.concept,
        "heading": question.heading,
        "title": question.title,
        "kind": question.kind.value,
        "unit": question.unit.value,
        "asked in": ", ".join(known.asked_in(concept)),
        "note": question.note,
    }
    choices = [
        {
            "value": choice.value,
            "label": choice.label,
            "low": choice.band.low if choice.band else None,
            "high": choice.band.high if choice.band else None,
            "missing": choice.missing.value if choice.missing else None,
        }
        for choice in question.choices
    ]
    if as_json:
        click.echo(json.dumps({**record, "choices": choices}, ensure_ascii=False, indent=1))
        return
    _print_records([{"": name, " ": value} for name, value in record.items() if value], False)
    _print_records(choices, False)


@codebook.command("diff")
@click.argument("earlier")
@click.argument("later")
@_PROJECT
@_JSON
@_helpful
def codebook_diff(earlier: str, later: str, folder: Path, as_json: bool) -> None:
    """Say what changed from edition EARLIER to LATER, and what can be compared."""
    from survey.codebook import compare_editions
    from survey.project import read_project

    changes = compare_editions(read_project(folder).codebook(), earlier, later)
    if as_json:
        _print_records(changes.to_dict("records"), as_json)
        return
    changed = changes[changes["change"] != "unchanged"]
    _print_records(changed.drop(columns="title").to_dict("records"), as_json)
    same = changes.loc[changes["change"] == "unchanged", "concept"].nunique()
    Console().note(f"{same} questions are unchanged and comparable.")


@codebook.command("bind")
@click.argument("edition")
@click.argument("concept")
@click.argument("heading")
@_PROJECT
@_helpful
def codebook_bind(edition: str, concept: str, heading: str, folder: Path) -> None:
    """Record in survey.toml that EDITION holds CONCEPT in the column HEADING."""
    from survey.project import bind

    path = bind(folder, edition, concept, heading)
    Console().done(f"{path.name}: {concept} of {edition} is read from the column {heading!r}")


def _read(files: Iterable[Path], edition: str | None) -> list[Any]:
    """Read all files; if several are unusable, say so of each."""
    from survey.codebook import read_codebook
    from survey.errors import ExportError
    from survey.exports import read_export

    known = read_codebook()
    if edition is not None:
        known.edition(edition)
    exports, failed = [], []
    for file in Console().each("reading", tuple(files)):
        try:
            exports.append(read_export(file, edition=edition, codebook=known))
        except ExportError as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExportError(
            f"Cannot read {len(failed)} files",
            [problem for error in failed for problem in error.problems],
        )
    return exports


def _names(root: Path, written: Iterable[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in written]


def _print_records(records: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=1, default=str))
    elif records:
        Console().show(table(records))


def _quality_record(page: Any) -> dict[str, Any]:
    return {
        "findings": page.findings,
        "respondents": dict(page.respondents),
        "deployments": dict(page.deployments),
        "files": page.files.to_dict("records"),
        "repairs": page.repairs.to_dict("records"),
        "issues": page.issues.to_dict("records"),
        "completeness": page.completeness.to_dict("records"),
    }


def _print_counts(page: Any) -> None:
    Console().show(
        table(
            [
                {
                    "edition": edition,
                    "respondents": page.respondents[edition],
                    "deployments": page.deployments.get(edition, 0),
                    "organizations": page.organizations[edition],
                    "copied from an earlier edition": page.copied.get(edition, 0),
                }
                for edition in page.respondents
            ],
            title="What was read",
        )
    )


def _print_quality(page: Any) -> None:
    console = Console()
    _print_counts(page)
    console.show(table(page.files.to_dict("records"), title="Records"))
    sections: Mapping[str, Any] = {"Put right": page.repairs, "Not put right": page.issues}
    for title, frame in sections.items():
        if len(frame):
            console.show(table(frame.to_dict("records"), title=title))
    lowest = page.completeness.sort_values("share", kind="stable").head(10)
    console.show(
        table(
            [
                {
                    "question": row["concept"],
                    "edition": row["edition"],
                    "answered": f"{row['answered']} of {row['asked']}",
                }
                for row in lowest.to_dict("records")
            ],
            title="Least answered",
        )
    )


def _print_report(publication: Any, edition: str, out: Path, written: Iterable[Path]) -> None:
    from survey.publish import headlines

    console = Console()
    rows = [
        {
            "": headline.label,
            " ": headline.value,
            "interval": headline.interval,
            "base": headline.base,
        }
        for headline in headlines(publication)
    ]
    if rows:
        console.show(table(rows, title=f"{publication.title} {edition}"))
    if publication.provenance.invented:
        console.note("The answers are invented; every output says so.")
    for name in ("index.html", ".xlsx", "manifest.json"):
        for path in written:
            if path.name.endswith(name) and len(path.relative_to(out).parts) <= 2:
                console.note(str(path))
    console.done(f"{len(publication)} tables published for edition {edition}")
