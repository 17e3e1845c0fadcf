"""Options that several commands share, and how a command fails helpfully."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from survey.console import Console
from survey.errors import SurveyError

__all__ = ["EDITION", "FILES", "JSON", "PROJECT", "helpful", "read_files"]

_WRONG_USE = 2
_Command = TypeVar("_Command", bound=Callable[..., Any])
FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
EDITION = click.option("--edition", help="Edition of the files; recognized if not given.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
PROJECT = click.option(
    "--project",
    "folder",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that holds survey.toml (default: the current one).",
)


def read_files(files: Iterable[Path], edition: str | None) -> list[Any]:
    """Read the files that a command was given; if several are unusable, say so of each."""
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


def helpful(command: _Command) -> _Command:
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
