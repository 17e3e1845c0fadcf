"""``survey codebook``: look up, compare and bind what the questionnaires ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from survey.cli.options import JSON, PROJECT, helpful
from survey.cli.printing import print_records
from survey.console import Console
from survey.errors import Problem, ProjectError
from survey.files import write_file

__all__ = ["codebook"]


@click.group()
def codebook() -> None:
    """Look up, compare and bind what the questionnaires ask."""


@codebook.command("list")
@click.argument("edition", required=False)
@PROJECT
@JSON
@helpful
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
    print_records(records, as_json)


@codebook.command("show")
@click.argument("concept")
@click.option("--edition", help="Edition; the newest that asks it by default.")
@PROJECT
@JSON
@helpful
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
    print_records([{"": name, " ": value} for name, value in record.items() if value], False)
    print_records(choices, False)


@codebook.command("diff")
@click.argument("earlier")
@click.argument("later")
@PROJECT
@JSON
@helpful
def codebook_diff(earlier: str, later: str, folder: Path, as_json: bool) -> None:
    """Say what changed from edition EARLIER to LATER, and what can be compared."""
    from survey.codebook import compare_editions
    from survey.project import read_project

    changes = compare_editions(read_project(folder).codebook(), earlier, later)
    if as_json:
        print_records(changes.to_dict("records"), as_json)
        return
    console = Console()
    for verdict in ("not comparable", "comparable after recoding", "comparable"):
        some = changes[(changes["verdict"] == verdict) & (changes["change"] != "unchanged")]
        if len(some):
            console.heading(f"{verdict.capitalize()}: {_counted(some['concept'].nunique())}")
            columns = ["concept", "change", "details"]
            print_records(some[columns].to_dict("records"), as_json)
    same = changes.loc[changes["change"] == "unchanged", "concept"].nunique()
    console.note(f"{_counted(same)} unchanged and comparable.")


def _counted(questions: int) -> str:
    return f"{questions} question{'s' * (questions != 1)}"


@codebook.command("bind")
@click.argument("edition")
@click.argument("concept")
@click.argument("heading")
@PROJECT
@helpful
def codebook_bind(edition: str, concept: str, heading: str, folder: Path) -> None:
    """Record in survey.toml that EDITION holds CONCEPT in the column HEADING."""
    from survey.project import bind

    path = bind(folder, edition, concept, heading)
    Console().done(f"{path.name}: {concept} of {edition} is read from the column {heading!r}")


@codebook.command("draft")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="Name of the edition; that of the file by default.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, which must not be there yet; the draft is printed by default.",
)
@helpful
def codebook_draft(file: Path, name: str, out: Path | None) -> None:
    """Draft the codebook of another survey tool's FILE, for a person to correct.

    Kinds, choices and their order are guessed from the answers of a file as SurveyMonkey,
    Qualtrics, Google Forms, LimeSurvey and other tools write it.
    """
    from survey.exports.drafting import draft_codebook

    draft = draft_codebook(file, name=name)
    if out is None:
        click.echo(draft, nl=False)
        return
    if out.exists():
        problem = Problem(out.name, "a file that is there", "a new file", "name another one")
        raise ProjectError("The draft is not written", [problem])
    write_file(out, draft)
    Console().done(f"{out.name}: correct it, and name it in survey.toml: codebook = [...]")
