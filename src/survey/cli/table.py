"""``survey table``: one table from the shell, by the rules of the project's profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from survey.cli.options import FRESH, PROJECT, helpful
from survey.console import Console

__all__ = ["table"]

_STATISTICS = ("share", "median", "total", "nps", "trend")


@click.command()
@click.argument("concept")
@click.option("--by", multiple=True, metavar="CONCEPT", help="Group by this; several are fine.")
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="CONCEPT=ANSWER",
    help="Only those who gave this answer; several of one question: one of them is enough.",
)
@click.option("--edition", help="Edition; the newest by default, all for a trend or by edition.")
@click.option(
    "--statistic",
    type=click.Choice(_STATISTICS),
    default="share",
    show_default=True,
    help="What to calculate.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="New file that ends in .xlsx, .csv, .html, .png or .json; printed by default.",
)
@click.option("--internal", is_flag=True, help="Exact numbers, not to be passed on.")
@FRESH
@PROJECT
@helpful
def table(
    *,
    concept: str,
    by: tuple[str, ...],
    conditions: tuple[str, ...],
    edition: str | None,
    statistic: str,
    out: Path | None,
    internal: bool,
    **source: Any,
) -> None:
    """Make one table of CONCEPT, protected like the report unless --internal is given.

    It is a draft and says so in a note, which CSV and .xlsx have no place for: no file is written
    into a folder where a final report stands.
    """
    from survey.disclosure import Profile
    from survey.project import project_answers, read_project
    from survey.publish import refuse_table_file, write_table_file

    project = read_project(source["folder"], files=True)
    internal |= project.policy.profile is Profile.INTERNAL
    if out is not None:
        refuse_table_file(out, internal=internal)
    selected = _conditions(conditions)
    processed = project_answers(project, fresh=source["fresh"])
    everybody = processed.answers
    chosen = edition or everybody.editions[-1]
    across = statistic == "trend" or ("edition" in by and edition is None)
    answers = everybody if across else everybody.in_edition(chosen)
    if concept not in everybody.concepts:
        _refuse_standing_table(concept, everybody, chosen)
    made = _statistic(statistic, answers.where(**selected) if selected else answers, concept, by)
    shown = made if internal else _protected(made, project, processed, chosen)
    console = Console()
    if out is not None:
        write_table_file(shown, out, internal=internal)
        console.done(f"wrote {out}")
        return
    if internal:
        console.aside("INTERNAL: exact numbers, not to be passed on.")
    click.echo(shown.to_markdown())


def _refuse_standing_table(concept: str, answers: Any, edition: str) -> None:
    """Say where a table of the report stands, which is asked for as if it were a question."""
    from survey.errors import Problem, ProjectError
    from survey.topics import standing_tables

    if concept in {made.name for made in standing_tables(answers, edition)}:
        hint = "'survey report' writes it to its folder tables; 'survey codebook' lists questions"
        problem = Problem("CONCEPT", f"{concept!r}, a table of the report", "a question", hint)
        raise ProjectError(f"{concept!r} is no question", [problem])


def _statistic(statistic: str, answers: Any, concept: str, by: Sequence[str]) -> Any:
    from survey import estimates

    return getattr(estimates, statistic)(answers, concept=concept, by=list(by) or None)


def _protected(made: Any, project: Any, processed: Any, edition: str) -> Any:
    """Return the table as the profile lets it be seen, with the numbers of earlier reports."""
    from survey.cli.publishing import register_of
    from survey.disclosure import protect
    from survey.errors import Problem, ProjectError

    answers = processed.answers
    publication = protect(
        [made],
        project.policy,
        title=project.title_of(answers.codebook.edition(edition)),
        edition=edition,
        answers=answers,
        register=register_of(project.folder, processed.key_name),
    )
    if not publication.tables:
        hint = "ask for larger groups, or --internal for the exact numbers"
        problem = Problem("the table", "nothing that may be shown", "larger groups", hint)
        raise ProjectError("The table is withheld", [problem])
    (shown,) = publication.tables.values()
    return replace(shown, notes=(publication.stamp, *shown.notes))


def _conditions(given: Sequence[str]) -> dict[str, Any]:
    from survey.errors import Problem, ProjectError

    found: dict[str, list[str]] = {}
    for each in given:
        concept, sign, answer = each.partition("=")
        if not (concept and sign and answer):
            example = '--where "deployment_stage=Testing"'
            problem = Problem("--where", "no CONCEPT=ANSWER", example)
            raise ProjectError("Nobody can be selected like that", [problem])
        found.setdefault(concept.strip(), []).append(answer.strip())
    return found
