"""``survey new-edition``: draft next year's codebook from its export."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from survey.cli.options import FILES, JSON, PROJECT, helpful
from survey.console import Console

__all__ = ["new_edition"]

_OPEN = 1
_LOOK = (
    "To look at, {number}: find LOOK in the file, correct what is wrong, and delete "
    '"confirmed = false" where it is right. Until then outputs say that it is not confirmed.'
)
_CHOICES = (
    "Listed answers that nobody gave and that have confirmed = false, {number}: delete those words "
    "where the form offers the answer, and the line where it does not. Until then no share of it "
    "is shown."
)
_OTHER_YEAR = (
    "Warning: nearly all records of {file} are dated {year}, not {edition}: is it the file of "
    "another year?"
)
_CONFIRMED = "Nothing is left to confirm; comments with LOOK: that remain say what was in doubt."
_MARKED = 'it still has "confirmed = false"'
_NEXT = "Next: survey check {files}, then survey report."


@click.command("new-edition")
@click.argument("edition")
@FILES
@click.option(
    "--accept-unreviewed",
    is_flag=True,
    help="Ask nothing and exit with 0; what is a guess stays marked, and outputs say so.",
)
@PROJECT
@JSON
@helpful
def new_edition(
    *,
    edition: str,
    files: tuple[Path, ...],
    accept_unreviewed: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Draft the codebook of EDITION from its exports: codebook/EDITION.toml.

    Finds renamed headings, dropped and new questions, new answers, releases and bands, each
    with its evidence in a comment. What a person wrote in the file is kept. In a terminal it
    asks what it cannot know; else guesses stay marked, and the command exits with 1.
    """
    from survey.new_edition import list_export, write_draft
    from survey.project import CODEBOOK_FOLDER, read_project
    from survey.responses.drafting import draft_edition

    project = read_project(folder)
    codebook = project.codebook()
    console = Console()
    with console.progress("reading"):
        draft = draft_edition(codebook, edition, files, _earlier(project, codebook, edition, files))
    asking = not (accept_unreviewed or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    if asking:
        draft = _ask(console, draft)
    path = folder / CODEBOOK_FOLDER / f"{edition}.toml"
    if draft or not path.exists():
        write_draft(draft, path)
    written = read_project(folder).codebook().edition(edition)  # as it can be read now
    left = _left(draft, written)
    for file in files:
        list_export(folder, file, edition)
    if as_json:
        record = _record(draft, left, path, folder)
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        _print(console, draft, left, path)
        _print_what_is_left(console, left, written)
        names = " ".join(str(file) for file in files)
        console.note(_NEXT.format(files=names))
    sys.exit(_OPEN if left and not accept_unreviewed else 0)


def _left(draft: Any, written: Any) -> list[tuple[Any, tuple[str, ...]]]:
    """Return the questions that the file still marks, each with its doubts.

    What a person has confirmed in the file stays confirmed, whatever the answers look like.
    """
    doubts = {each.question.concept: each.doubts for each in draft.open}
    marked = (question for question in written.questions if not question.confirmed)
    return [(each, tuple(doubts.get(each.concept, (_MARKED,)))) for each in marked]


def _earlier(project: Any, codebook: Any, edition: str, files: tuple[Path, ...]) -> list[Any]:
    """Return the project's exports of earlier editions, as far as they can be read."""
    from survey.errors import SurveyError
    from survey.exports import read_export
    from survey.project import intake_of

    own = {path.resolve() for path in files}
    try:
        listed = intake_of(project, codebook).exports
    except SurveyError:
        return []
    found = []
    for file in listed:
        if file.path.resolve() in own:
            continue
        try:
            export = read_export(file.path, edition=file.edition, codebook=codebook)
        except SurveyError:
            continue
        if export.edition.name < edition:
            found.append(export)
    return found


def _ask(console: Console, draft: Any) -> Any:
    """Ask what only a person can know; what is agreed to is no longer marked."""
    answered = []
    for number, proposal in enumerate(draft.open, start=1):
        question = proposal.question
        console.heading(f"{number} of {len(draft.open)}: {question.heading} ({question.concept})")
        for doubt in proposal.doubts:
            console.note(f"  {doubt}")
        if click.confirm("Is the draft right?", default=False):
            answered.append(proposal.question.concept)
    proposals = tuple(
        each.confirmed() if each.question.concept in answered else each for each in draft.proposals
    )
    return replace(draft, proposals=proposals)


def _record(draft: Any, left: Any, path: Path, folder: Path) -> dict[str, Any]:
    return {
        "edition": draft.edition,
        "extends": draft.extends,
        "written": path.relative_to(folder).as_posix(),
        "unchanged": draft.unchanged,
        "changed": [p.question.concept for p in draft.proposals if p.inherited is not None],
        "new": [p.question.concept for p in draft.proposals if p.inherited is None],
        "not_asked": list(draft.not_asked),
        "open": [
            {"concept": question.concept, "heading": question.heading, "doubts": doubts}
            for question, doubts in left
        ],
        "other_years": dict(draft.other_years),
    }


def _print(console: Console, draft: Any, left: Any, path: Path) -> None:
    changed = sum(each.inherited is not None for each in draft.proposals)
    new = len(draft.proposals) - changed
    for file, year in draft.other_years.items():
        console.note(_OTHER_YEAR.format(file=file, year=year, edition=draft.edition))
    console.note(
        f"{draft.unchanged} questions as in {draft.extends}, {changed} changed, {new} new, "
        f"{len(draft.not_asked)} not asked."
    )
    for question, doubts in left:
        console.note(f"  {question.concept}: {doubts[0]}")
    console.done(f"wrote {path}")


def _print_what_is_left(console: Console, left: Any, written: Any) -> None:
    rare = sum(len(question.unconfirmed_labels) for question in written.questions)
    if left:
        console.note(_LOOK.format(number=f"{len(left)} question{'s' * (len(left) != 1)}"))
    if rare:
        console.note(_CHOICES.format(number=f"{rare} answer{'s' * (rare != 1)}"))
    if not left and not rare:
        console.note(_CONFIRMED)
