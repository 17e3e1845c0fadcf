"""``survey audit`` and ``survey claims``: what a document says, and what can be said."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from survey.cli.options import JSON, helpful
from survey.console import Console

__all__ = ["audit", "claims"]

_FINDINGS = 1


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@JSON
@helpful
def audit(files: tuple[Path, ...], as_json: bool) -> None:
    """Find percentages in published FILES that do not follow from their counts.

    FILES are documents in Markdown, reStructuredText, HTML or plain text. Exits with 1 when
    something was found.
    """
    from survey.publish import audit as find

    found = {str(path): find(path) for path in files}
    if as_json:
        record = {name: [asdict(slip) for slip in slips] for name, slips in found.items()}
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        console = Console()
        for name, slips in found.items():
            console.heading(f"{name}: {len(slips)} found" if slips else f"{name}: nothing found")
            for slip in slips:
                console.paragraph(str(slip))
    sys.exit(_FINDINGS if any(found.values()) else 0)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@JSON
@helpful
def claims(folder: Path, as_json: bool) -> None:
    """Print what can be said from the report in FOLDER, such as reports/2024.

    Each sentence stands with its base, its interval and what must be said with it; one that
    cannot be said stands with the reason.
    """
    document = json.loads((folder / "claims.json").read_text("utf-8"))
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    console = Console()
    console.heading(f"{document['title']}, edition {document['edition']}")
    for claim in document["claims"]:
        details = "; ".join(part for part in (claim["base"], claim["caveat"]) if part)
        console.paragraph(f"{claim['text']}" + (f" ({details})" if details else ""))
