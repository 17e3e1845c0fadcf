"""``survey frame``: coding frames for write-ins and free text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from survey.cli.given_files import read_files
from survey.cli.options import EDITION, FILES, JSON, decisions, helpful
from survey.cli.printing import coverage_records, print_records
from survey.console import Console

__all__ = ["frame"]


@click.group()
def frame() -> None:
    """Propose and check coding frames for write-ins and free text."""


@frame.command("propose")
@FILES
@click.option(
    "--question",
    "questions",
    multiple=True,
    help="Text to code, or closed question whose write-ins are meant; several are fine. "
    "By default those of the frame that is there.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Frame to write; one that is there keeps every line, and what is new is added.",
)
@click.option(
    "--least",
    type=click.IntRange(min=1),
    help="Show what at least so many organizations wrote (default: 3; with --identified: 1).",
)
@click.option(
    "--identified",
    is_flag=True,
    help="Show what few wrote, too. Such a file may tell who they are: keep it to yourself.",
)
@EDITION
@JSON
@helpful
@decisions
def frame_propose(
    *,
    files: tuple[Path, ...],
    questions: tuple[str, ...],
    out: Path,
    least: int | None,
    identified: bool,
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """Propose codes for what FILES have in own words, for a person to decide.

    Nothing is coded before the decision on a proposal is "accepted". What few organizations
    wrote, addresses and telephone numbers stay out of the file.
    """
    from survey.responses import (
        Frame,
        clean,
        propose_frame,
        read_aliases,
        read_coding_frame,
        write_frame,
    )

    shown = _least(least, identified)
    known = read_coding_frame(out) if out.exists() else Frame(out.stem, ())
    exports = read_files(files, edition, project.codebook())
    # Identified, so that names of respondents can be left out; they are not written.
    answers = clean(exports, identified=True, aliases=read_aliases(*project.alias_files))
    draft = propose_frame(answers, *questions, frame=known, least=shown)
    written = write_frame(draft, out)
    record = {"written": written, "file": out.name, "left_out": dict(draft.withheld)}
    if as_json:
        click.echo(json.dumps(record, indent=1))
        return
    console = Console()
    if draft.withheld.get("rare"):
        console.note(
            f"{draft.withheld['rare']} answers by fewer than {shown} organizations are not shown."
        )
    if draft.withheld.get("personal"):
        console.note(
            f"{draft.withheld['personal']} answers with addresses or numbers are left out."
        )
    console.done(f"wrote {written} proposals to {out}")


def _least(least: int | None, identified: bool) -> int:
    from survey.errors import Problem, ProjectError
    from survey.responses.coding import LEAST

    if least is None:
        return 1 if identified else LEAST
    if least < LEAST and not identified:
        problem = Problem(
            "--least",
            str(least),
            f"{LEAST} or more",
            "with --identified, fewer may be shown, in a file that you keep to yourself",
        )
        raise ProjectError("What so few wrote is not shown", [problem])
    return least


@frame.command("check")
@click.argument("frames", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--answers",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Export to try the frames on; several are fine.",
)
@EDITION
@JSON
@helpful
@decisions
def frame_check(
    frames: tuple[Path, ...],
    files: tuple[Path, ...],
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """Say whether FRAMES can be used, and how much of the answers they explain."""
    from survey.errors import ResponsesError
    from survey.responses import Decision, clean, code, coverage, read_coding_frame
    from survey.responses.coding import question_problems

    read = [read_coding_frame(path) for path in frames]
    codebook = project.codebook()
    problems = [
        problem
        for path, each in zip(frames, read, strict=True)
        for problem in question_problems(codebook, path.name, each.questions)
    ]
    if problems:
        raise ResponsesError("The frames cannot be used", problems)
    counts = [
        {
            "frame": each.name,
            "questions": ", ".join(each.questions),
            "codes": len(each.all_codes),
            **{d.value: sum(p.decision is d for p in each.proposals) for d in Decision},
        }
        for each in read
    ]
    explained: list[dict[Any, Any]] = []
    if files:
        answers = code(clean(read_files(files, edition, codebook)), *read)
        coded = {question for each in read for question in each.questions}
        rows = coverage(answers)
        explained = coverage_records(rows[rows["concept"].isin(coded)])
    if as_json:
        record = {"frames": counts, "answers": explained}
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
        return
    print_records(counts, False)
    print_records(explained, False)
