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
    "print_quality",
    "print_records",
    "print_report",
    "quality_record",
]


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
    """Return a quality page as plain values."""
    return {
        "findings": page.findings,
        "respondents": dict(page.respondents),
        "deployments": dict(page.deployments),
        "files": page.files.to_dict("records"),
        "repairs": page.repairs.to_dict("records"),
        "issues": page.issues.to_dict("records"),
        "completeness": page.completeness.to_dict("records"),
        "own_words": coverage_records(page.own_words),
    }


def coverage_records(coverage: Any) -> list[dict[Any, Any]]:
    """Return rows on matched texts as plain values; a share of nothing is none."""
    return [
        {**row, "share": None if row["share"] != row["share"] else round(row["share"], 4)}
        for row in coverage.to_dict("records")
    ]


def print_counts(page: Any) -> None:
    """Print who answered, edition by edition."""
    Console().show(
        table(
            [
                {
                    "edition": edition,
                    "respondents": page.respondents[edition],
                    "deployments": page.deployments.get(edition, 0),
                    "organizations": page.organizations[edition],
                    "copied from an earlier edition": page.copied.get(edition, 0),
                }
                for edition in page.respondents
            ],
            title="What was read",
        )
    )


def print_quality(page: Any) -> None:
    """Print the quality page."""
    console = Console()
    print_counts(page)
    console.show(table(page.files.to_dict("records"), title="Records"))
    sections: Mapping[str, Any] = {"Put right": page.repairs, "Not put right": page.issues}
    for title, frame in sections.items():
        if len(frame):
            console.show(table(frame.to_dict("records"), title=title))
    lowest = page.completeness.sort_values("share", kind="stable").head(10)
    console.show(
        table(
            [
                {
                    "question": row["concept"],
                    "edition": row["edition"],
                    "answered": f"{row['answered']} of {row['asked']}",
                }
                for row in lowest.to_dict("records")
            ],
            title="Least answered",
        )
    )
    _print_own_words(page)


def _print_own_words(page: Any) -> None:
    """Print how much of the write-ins and coded texts is explained, the least matched first."""
    rows = page.own_words.sort_values("share", ascending=False, kind="stable").head(10)
    if len(rows):
        Console().show(
            table(
                [
                    {
                        "question": row["concept"],
                        "edition": row["edition"],
                        "texts": row["texts"],
                        "listed option": row["listed"],
                        "coded": row["coded"],
                        "unmatched": f"{row['unmatched']} of {row['texts'] - row['says_nothing']}",
                    }
                    for row in rows.to_dict("records")
                ],
                title="In own words, least matched",
            )
        )


def print_report(publication: Any, edition: str, out: Path, written: Iterable[Path]) -> None:
    """Print the headlines and where the report was written."""
    from survey.publish import headlines

    console = Console()
    rows = [
        {
            "": headline.label,
            " ": headline.value,
            "interval": headline.interval,
            "base": headline.base,
        }
        for headline in headlines(publication)
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
