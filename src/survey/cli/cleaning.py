"""``survey clean``: write cleaned answers, of some files or of the whole project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from survey.cli.given_files import read_files
from survey.cli.options import EDITION, FRESH, JSON, decisions, helpful
from survey.cli.printing import (
    names,
    print_counts,
    print_processed,
    processed_record,
    quality_record,
)
from survey.console import Console

__all__ = ["clean_command"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("clean")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; each edition gets a folder of its own. "
    "Without FILES: data/processed.",
)
@click.option(
    "--layout",
    type=click.Choice(["by-concept", "by-heading"]),
    help="Columns and answers in the toolkit's terms (the default) or in the survey system's.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["parquet", "csv", "json"]),
    help="Format of the tables, csv by default; may be given more than once.",
)
@click.option(
    "--identified", is_flag=True, help="Keep names, e-mail addresses and member numbers in clear."
)
@click.option(
    "--key",
    "key_file",
    type=_FILE,
    help="File with the secret key of the pseudonyms, by default .survey-key of the project; "
    "made if absent.",
)
@EDITION
@FRESH
@JSON
@helpful
@decisions
def clean_command(files: tuple[Path, ...], as_json: bool, **given: Any) -> None:
    """Write the cleaned answers in FILES, or of the whole project, to a folder.

    Without FILES the project's exports are cleaned (survey.toml, else all in data/raw) and kept
    in data/processed as Parquet and CSV; while nothing has changed they are used again.
    Personal data is replaced by keyed pseudonyms unless --identified is given.
    """
    if files:
        answers, written, record = _of_files(files, **given)
    else:
        answers, written, record = _of_project(**given)
    if as_json:
        from survey.responses import quality

        record["written"] = names(_root(files, **given), written)
        record |= quality_record(quality(answers))
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
        return
    print_counts(answers)
    if written or files:
        Console().done(f"wrote {len(written)} files to {_root(files, **given)}")


def _root(files: tuple[Path, ...], *, out: Path | None, project: Any, **_: Any) -> Path:
    return out or project.folder / "data" / "processed"


def _of_files(
    files: tuple[Path, ...],
    *,
    out: Path | None,
    layout: str | None,
    formats: tuple[str, ...],
    identified: bool,
    key_file: Path | None,
    edition: str | None,
    project: Any,
    **_: Any,
) -> tuple[Any, Any, dict[str, Any]]:
    from survey.errors import Problem, ProjectError
    from survey.project.inputs import KEY_FILE, key_in
    from survey.responses import write_answers

    if out is None:
        hint = "name a folder: survey clean FILES --out cleaned"
        problem = Problem("survey clean", "FILES and no --out", "where to write", hint)
        raise ProjectError("Nowhere to write to", [problem])
    exports = read_files(files, edition, project.codebook())
    key = key_in(key_file or project.folder / KEY_FILE)
    answers = project.answers(exports, identified=identified, key=key)
    written = write_answers(
        answers, out, layout=layout or "by-concept", file_format=formats or ("csv",)
    )
    return answers, written, {}


def _of_project(
    *,
    out: Path | None,
    identified: bool,
    key_file: Path | None,
    fresh: bool,
    project: Any,
    **others: Any,
) -> tuple[Any, Any, dict[str, Any]]:
    from survey.project import project_answers, read_project

    _refuse_options(out, identified, others)
    read_project(project.folder, files=True)
    processed = project_answers(
        project,
        folder=out,
        fresh=fresh,
        identified=identified,
        key_file=key_file,
        must_store=True,
    )
    print_processed(processed, project.folder)
    record = {"processed": processed_record(processed, project.folder)}
    return processed.answers, processed.written, record


def _refuse_options(out: Path | None, identified: bool, given: dict[str, Any]) -> None:
    from survey.errors import Problem, ProjectError

    problems = [
        Problem(
            f"survey clean --{name.removesuffix('s')}",
            "no FILES",
            "FILES to go with it",
            "the project's answers are kept by concept, as Parquet and CSV",
        )
        for name, value in given.items()
        if value
    ]
    if identified and out is None:
        hint = "name a folder outside version control that only you can read"
        problems.append(
            Problem("survey clean --identified", "no --out", "where to write names", hint)
        )
    if problems:
        raise ProjectError("The project cannot be cleaned like that", problems)
