"""``survey progress``: how the survey is doing while it is in the field."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from survey.cli.options import EDITION, JSON, decisions, helpful
from survey.console import Console, table

__all__ = ["progress_command"]

_MOST_CLOUDS = 20


@click.command("progress")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Count answers up to this day; by default the last one in FILE.",
)
@click.option(
    "--large",
    default=10_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Cores from which a cloud is large.",
)
@click.option("--names", is_flag=True, help="Name the organizations, for whoever writes to them.")
@EDITION
@JSON
@helpful
@decisions
def progress_command(
    *,
    file: Path,
    day: datetime | None,
    large: int,
    names: bool,
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """Say how the edition in FILE is doing beside last year's on the same day.

    Answers to date, large clouds that are not back yet, thin regions, and how wide the
    intervals of the headlines would be if the survey closed now. Last year's export is found
    in the project. For you alone: numbers are exact.
    """
    from survey.topics import progress

    exports = _exports(project, file, edition)
    answers = project.answers(exports, identified=names)
    found = progress(
        answers, exports[-1].edition.name, day=day.date() if day else None, large=large
    )
    if names:
        found = _with_names(found, answers)
    if as_json:
        click.echo(json.dumps(_record(found), ensure_ascii=False, indent=1))
    else:
        _print(found)


def _exports(project: Any, file: Path, edition: str | None) -> list[Any]:
    """Return last year's export of the project, then the one in the field."""
    from survey.cli.given_files import read_files
    from survey.errors import Problem, ProjectError
    from survey.project import intake_of, read_exports

    codebook = project.codebook()
    now = read_files([file], edition, codebook)
    name = now[0].edition.name
    own = file.resolve()
    listed = [each for each in intake_of(project, codebook).exports if each.path.resolve() != own]
    earlier = [each for each in read_exports(listed, codebook) if each.edition.name < name]
    if not earlier:
        hint = "put last year's export into data/raw, or list it in survey.toml"
        problem = Problem("survey progress", f"no export before {name}", "last year's", hint)
        raise ProjectError("There is nothing to compare with", [problem])
    newest = max(each.edition.name for each in earlier)
    return [*(each for each in earlier if each.edition.name == newest), *now]


def _with_names(found: Any, answers: Any) -> Any:
    """Return the progress with the names that the organizations of missing clouds gave."""
    from dataclasses import replace

    people = answers.respondents[answers.respondents["edition"].astype(str) == found.before]
    named = people.set_index("respondent")["organization_name"]
    clouds = found.missing_clouds
    given = clouds["respondent"].map(named).fillna(clouds["organization"])
    return replace(found, missing_clouds=clouds.assign(organization=given))


def _record(found: Any) -> dict[str, Any]:
    frames = ("answers", "missing_clouds", "regions", "headlines")
    return {
        "internal": True,
        "edition": found.edition,
        "before": found.before,
        "day": found.day.isoformat(),
        **{name: json.loads(getattr(found, name).to_json(orient="records")) for name in frames},
        "notes": list(found.notes),
    }


def _print(found: Any) -> None:
    console = Console()
    console.aside("INTERNAL: exact numbers, not to be passed on.")
    console.heading(f"{found.edition} to {found.day}, beside {found.before} on the same day")
    console.show(table(_rows(found.answers)))
    clouds = found.missing_clouds
    console.heading(f"Large clouds of {found.before} not yet back: {len(clouds)}")
    if len(clouds):
        console.show(table(_rows(clouds.head(_MOST_CLOUDS))))
    if len(clouds) > _MOST_CLOUDS:
        console.note(f"({len(clouds) - _MOST_CLOUDS} more: --json)")
    console.heading("Regions")
    console.show(table(_rows(found.regions)))
    console.heading("Headlines, if the survey closed now")
    console.show(table(_rows(found.headlines)))
    console.note("Width: high less low; for medians high divided by low.")
    for note in found.notes:
        console.note(note)


def _rows(frame: Any) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name).replace("_", " "): _value(name, value) for name, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _value(name: str, value: Any) -> Any:
    if value is True or value is False:
        return "yes" if value else "no"
    if name in ("respondent", "deployment"):
        return str(value)
    return value.item() if hasattr(value, "item") else value
