"""What the commands print: tables for a person, records for a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from survey.console import Console, table

__all__ = [
    "coverage_records",
    "names",
    "print_counts",
    "print_processed",
    "print_records",
    "print_report",
    "processed_record",
    "quality_record",
]

_PARTS = {
    "code": "the code of this toolkit",
    "key": "the secret key",
    "aliases": "the list of organizations' names",
    "bindings": "what [bind] says",
}


def names(root: Path, written: Iterable[Path]) -> list[str]:
    """Return paths below ``root`` as a script wants them."""
    return [path.relative_to(root).as_posix() for path in written]


def print_records(records: Sequence[Mapping[Any, Any]], as_json: bool) -> None:
    """Print records as JSON or as a table."""
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=1, default=str))
    elif records:
        Console().show(table(records))


def quality_record(page: Any) -> dict[str, Any]:
    """Return a quality page as plain values: the table of each section by its name."""
    return {
        "findings": page.findings,
        "editions": list(page.editions),
        "invented": page.invented,
        "says": {section.name: list(section.says) for section in page},
        **{section.name: section.record() for section in page},
        "codebook_lines": page["advice"].text,
    }


def coverage_records(coverage: Any) -> list[dict[Any, Any]]:
    """Return rows on matched texts as plain values; a share of nothing is none."""
    return [
        {**row, "share": None if row["share"] != row["share"] else round(row["share"], 4)}
        for row in coverage.to_dict("records")
    ]


def print_counts(answers: Any) -> None:
    """Print who answered, edition by edition."""
    from survey.responses.quality.files_read import who_answered
    from survey.responses.quality.section import Subject

    section = who_answered(Subject(answers, ()))
    Console().show(table(section.record(), title=section.title))


def processed_record(processed: Any, folder: Path) -> dict[str, Any]:
    """Return what was read, or used again, as plain values."""
    return {
        "reused": processed.reused,
        "reasons": list(processed.reasons),
        "left": {_below(folder, left.path): left.why for left in processed.left},
    }


def print_processed(processed: Any, folder: Path) -> None:
    """Say, beside the command's output, whether stored answers were used and what was left."""
    console = Console()
    if processed.reused:
        console.aside("nothing has changed: the stored answers are used again")
    else:
        console.aside(f"cleaned anew: {'; '.join(map(_told, processed.reasons[:5]))}")
    for left in processed.left:
        console.aside(f"not read: {_below(folder, left.path)} ({left.why})")


def _told(reason: str) -> str:
    """Return a reason such as "code: changed" as a sentence says it."""
    name, _, what = reason.rpartition(": ")
    told = {"changed": "changed", "new": "is new", "gone": "is gone"}.get(what)
    return f"{_PARTS.get(name, name)} {told}" if name and told else reason


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def print_report(publication: Any, edition: str, out: Path, written: Iterable[Path]) -> None:
    """Print the headlines and where the report was written."""
    from survey.publish import headlines

    console = Console()
    found = headlines(publication)
    rows = [
        {
            "": headline.label,
            " ": headline.value,
            f"{headline.level:.0%} interval": headline.interval,
            "base": headline.base,
        }
        for headline in found
    ]
    if rows:
        console.show(table(rows, title=f"{publication.title} {edition}"))
    if publication.provenance.invented:
        console.note("The answers are invented; every output says so.")
    for name in ("index.html", ".xlsx", "manifest.json"):
        for path in written:
            if path.name.endswith(name) and len(path.relative_to(out).parts) <= 2:
                console.note(str(path))
    console.done(f"{len(publication)} tables published for edition {edition}")
