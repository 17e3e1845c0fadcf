"""``survey check``: one page on the quality of files, in the terminal, as HTML or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from survey.cli.given_files import read_files
from survey.cli.options import EDITION, FILES, JSON, decisions, helpful
from survey.cli.printing import quality_record
from survey.console import Console, table

__all__ = ["check", "print_quality"]

_FINDINGS = 1
_MOST_LINES = 40


@click.command()
@FILES
@click.option(
    "--html",
    "page_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the page to this file, too: one HTML file that loads nothing.",
)
@EDITION
@JSON
@helpful
@decisions
def check(
    *,
    files: tuple[Path, ...],
    page_file: Path | None,
    edition: str | None,
    as_json: bool,
    project: Any,
) -> None:
    """Report on the quality of FILES: records kept, repaired, lost, unknown and duplicated.

    Each finding comes with what to do about it.

    Nothing personal is printed. Exits with 1 when something was found that a person should
    look at.
    """
    from survey.publish import refuse_quality_page, write_quality_page
    from survey.responses import quality

    if page_file is not None:
        refuse_quality_page(page_file)
    exports = read_files(files, edition, project.codebook())
    page = quality(project.answers(exports), exports)
    if page_file is not None:
        write_quality_page(page, page_file)
    if as_json:
        click.echo(json.dumps(quality_record(page), ensure_ascii=False, indent=1))
    else:
        print_quality(page)
        if page_file is not None:
            Console().note(f"The whole page: {page_file}")
    sys.exit(_FINDINGS if page.findings else 0)


def print_quality(page: Any) -> None:
    """Print the quality page: what a terminal can hold of it."""
    console = Console()
    console.paragraph(_verdict(page.findings))
    console.show(table([{"": s.glance[1], " ": s.glance[0]} for s in page if s.glance]))
    for section in page:
        console.heading(section.title)
        for sentence in section.says:
            console.paragraph(sentence)
        rows = _readable(section.shown)
        if rows:
            console.gap()
            console.show(table(rows))
        else:
            console.gap()
        _print_rest(console, section, len(rows))


def _readable(frame: Any) -> list[dict[str, Any]]:
    """Return rows with headings and values as a person reads them."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name).replace("_", " "): _value(str(name), value) for name, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _value(name: str, value: Any) -> Any:
    if value is None or value is True or value is False:
        return {None: "", True: "yes", False: "no"}[value]
    if name in ("deployment", "colleagues", "number", "as_number"):
        return str(value)
    if name in ("share", "agreement"):
        return f"{value:.0%}".replace("%", " %")
    return value.item() if hasattr(value, "item") else value


def _print_rest(console: Console, section: Any, shown: int) -> None:
    if len(section.table) > shown:
        console.note(f"(in full, {len(section.table):,} rows: --html FILE or --json)")
        console.gap()
    lines = section.text.count("\n")
    if lines > _MOST_LINES:
        console.note(f"({lines} lines for the codebook, ready to use: --html FILE or --json)")
    elif lines:
        console.note(section.text)
    if lines:
        console.gap()


def _verdict(findings: int) -> str:
    if not findings:
        return "Nothing that a person must look at."
    things = "finding" if findings == 1 else "findings"
    return f"{findings:,} {things} to look at (see Not put right)."
