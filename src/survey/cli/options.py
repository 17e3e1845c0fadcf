"""Options that several commands share, and how a command fails helpfully."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from survey.cli.endings import failure_of
from survey.console import Console
from survey.errors import SurveyError

__all__ = ["EDITION", "FILES", "FRESH", "JSON", "PROJECT", "decisions", "helpful"]

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
FRESH = click.option(
    "--fresh", is_flag=True, help="Clean anew, even if nothing has changed since the last time."
)

_ALIASES = click.option(
    "--aliases",
    "alias_files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Decisions on organizations, besides those that survey.toml names; several are fine.",
)
_FRAMES = click.option(
    "--frame",
    "frame_files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Coding frame, besides those that survey.toml names; several are fine.",
)
_FOLD = click.option(
    "--fold", is_flag=True, help="Count write-ins that name a listed option as that option."
)


def decisions(command: _Command) -> _Command:
    """Give a command ``project``: survey.toml with the decisions of the command line added."""

    @wraps(command)
    def run(
        *args: Any,
        folder: Path,
        alias_files: tuple[Path, ...],
        frame_files: tuple[Path, ...],
        fold: bool,
        **kwargs: Any,
    ) -> Any:
        from survey.project import read_project

        project = read_project(folder)
        with_options = replace(
            project,
            alias_files=(*project.alias_files, *alias_files),
            frame_files=(*project.frame_files, *frame_files),
            fold=None if fold else project.fold,
        )
        return command(*args, project=with_options, **kwargs)

    for option in (_FOLD, _FRAMES, _ALIASES, PROJECT):
        run = option(run)
    return run  # type: ignore[return-value]


def helpful(command: _Command) -> _Command:
    """Turn whatever fails into one clear message, also as JSON, and the exit code of its kind."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            failure, code = failure_of(error)
            if kwargs.get("as_json"):
                click.echo(json.dumps(_error_record(failure), ensure_ascii=False))
            with suppress(OSError):  # nobody can be told that nobody can be told
                Console().error(failure)
            sys.exit(code)

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
