"""``survey organizations``: which organizations may be one, for a person to decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from survey.cli.given_files import read_files
from survey.cli.options import EDITION, FILES, JSON, decisions, helpful
from survey.console import Console

__all__ = ["organizations"]


@click.group()
def organizations() -> None:
    """Propose organizations that may be one, and check what was decided."""


@organizations.command("propose")
@FILES
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draft of an alias file; one that is there keeps every line, and what is new is added.",
)
@click.option(
    "--identified",
    is_flag=True,
    help="Needed, since the draft holds names of organizations: keep it where only staff can "
    "read it.",
)
@click.option(
    "--least",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Lowest score of a proposal.",
)
@EDITION
@JSON
@helpful
@decisions
def organizations_propose(
    *,
    files: tuple[Path, ...],
    out: Path,
    identified: bool,
    least: float,
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """Write pairs of organizations in FILES that may be one to a draft of an alias file.

    Nothing is joined by a draft: each entry is undecided until a person changes it.
    """
    from survey.errors import Problem, ProjectError
    from survey.responses import clean, propose_organizations, read_aliases, write_alias_draft

    if not identified:
        problem = Problem(
            "survey organizations propose",
            "no --identified",
            "it, since the draft holds names of organizations",
        )
        raise ProjectError("Names are written only when asked for", [problem])
    known = (*project.alias_files, *([out] if out.exists() else []))
    aliases = read_aliases(*dict.fromkeys(known))
    exports = read_files(files, edition, project.codebook())
    answers = clean(exports, identified=True, aliases=aliases)
    console = Console()
    with console.progress("comparing organizations"):
        pairs = propose_organizations(answers, aliases, least=least)
    written = write_alias_draft(pairs, out)
    if as_json:
        click.echo(json.dumps({"written": written, "file": out.name}, indent=1))
        return
    console.done(f"wrote {written} proposals to {out}")


@organizations.command("check")
@click.argument("aliases", nargs=-1, required=True, type=click.Path(path_type=Path))
@JSON
@helpful
def organizations_check(aliases: tuple[Path, ...], as_json: bool) -> None:
    """Say whether the alias files ALIASES can be used, and count their decisions."""
    from survey.responses import read_aliases

    known = read_aliases(*aliases)
    record = {
        "same": len(known.same_names),
        "from an edition on": len(known.dated),
        "distinct": len(known.distinct_names),
    }
    if as_json:
        click.echo(json.dumps(record, indent=1))
        return
    counts = ", ".join(f"{name} {count}" for name, count in record.items())
    Console().done(f"decisions: {counts}")


@organizations.command("may-be-named")
@FILES
@click.option("--identified", is_flag=True, help="Needed, since the list holds names.")
@EDITION
@JSON
@helpful
@decisions
def organizations_may_be_named(
    *,
    files: tuple[Path, ...],
    identified: bool,
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """List who consented, in FILES, to have details of a deployment published.

    Consent that was carried over from an earlier edition is marked: ask again. The list is for
    staff. A sentence that names an organization needs its consent, or a public source.
    """
    from survey.errors import Problem, ProjectError
    from survey.responses import clean, may_be_named, read_aliases

    if not identified:
        where = "survey organizations may-be-named"
        problem = Problem(where, "no --identified", "it, since the list holds names")
        raise ProjectError("Names are shown only when asked for", [problem])
    exports = read_files(files, edition, project.codebook())
    aliases = read_aliases(*project.alias_files)
    found = may_be_named(clean(exports, identified=True, aliases=aliases))
    if as_json:
        click.echo(json.dumps(found.to_dict("records"), ensure_ascii=False, indent=1))
        return
    for row in found.itertuples(index=False):
        mark = " (carried over: ask again)" if row.carried_over else ""
        click.echo(f"{row.edition}  {row.organization}{mark}")
    Console().done(f"{found['organization'].nunique()} organizations; for staff, not to publish")
