"""``survey audit`` and ``survey claims``: what a document says, and what can be said."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.options import JSON, PROJECT, helpful
from survey.console import Console

if TYPE_CHECKING:
    from survey.publish.own_claims import CheckedClaim

__all__ = ["audit", "claims", "narrative", "quotes"]

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


_FOLDER = click.argument(
    "report", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False, exists=True)
)


@click.command()
@_FOLDER
@click.option(
    "--own",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A TOML file with claims of your own, to be held against the report; "
    "by default those of survey.toml follow what can be said.",
)
@PROJECT
@JSON
@helpful
def claims(report: Path, own: Path | None, folder: Path, as_json: bool) -> None:
    """Print what can be said from the report in FOLDER, such as reports/2024.

    Each sentence stands with its base, its interval and what must be said with it; one that
    cannot be said stands with the reason. With --own, each claim of a file is supported,
    contradicted, withheld, or cannot be decided; ends with 1 if one is contradicted. With --json
    those of survey.toml stand under "own".
    """
    from survey.project import read_project

    if own is not None:
        judged = _judged(report, own)
        if as_json:
            click.echo(json.dumps(_records(judged), ensure_ascii=False, indent=1))
        else:
            _print_own(judged)
        sys.exit(_status(judged))
    document = json.loads((report / "claims.json").read_text("utf-8"))
    declared = read_project(folder).claims
    judged = _judged(report, declared) if declared else ()
    if as_json:
        both = {**document, "own": _records(judged)} if declared else document
        click.echo(json.dumps(both, ensure_ascii=False, indent=1))
    else:
        _print_claims(document)
        if declared:
            Console().heading("Claims of survey.toml")
            _print_own(judged)
    sys.exit(_status(judged))


def _judged(folder: Path, own: Path | Sequence[Mapping[str, Any]]) -> tuple[CheckedClaim, ...]:
    from survey.publish import check_claims, read_publication

    return tuple(check_claims(read_publication(folder), own))


def _records(judged: Sequence[CheckedClaim]) -> list[dict[str, Any]]:
    return [asdict(claim) for claim in judged]


def _status(judged: Sequence[CheckedClaim]) -> int:
    from survey.publish import Verdict

    return _FINDINGS if any(claim.verdict is Verdict.CONTRADICTED for claim in judged) else 0


def _print_claims(document: Mapping[str, Any]) -> None:
    console = Console()
    console.heading(f"{document['title']}, edition {document['edition']}")
    for claim in document["claims"]:
        details = "; ".join(part for part in (claim["base"], claim["caveat"]) if part)
        console.paragraph(f"{claim['text']}" + (f" ({details})" if details else ""))


def _print_own(judged: Sequence[CheckedClaim]) -> None:
    console = Console()
    for claim in judged:
        numbers = [f"{n:g}" for n in (claim.number, claim.low, claim.high) if n is not None]
        told = f" [{', '.join(numbers)}]" if numbers else ""
        console.paragraph(f"{claim.verdict}: {claim.text} ({claim.reason}{told})")


@click.command()
@_FOLDER
@JSON
@helpful
def narrative(report: Path, as_json: bool) -> None:
    """Print the paragraphs of the annual report from FOLDER, each number linked to its row."""
    click.echo((report / f"narrative.{'json' if as_json else 'md'}").read_text("utf-8").rstrip())


@click.command()
@_FOLDER
@click.option(
    "--cards",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the cards to this folder, as PNG where the extra 'images' is installed.",
)
@JSON
@helpful
def quotes(report: Path, out: Path | None, as_json: bool) -> None:
    """List what to quote from the report in FOLDER: sentences, their cards, the page with all.

    The page, quotes.html, has for each sentence a paragraph, a card to save as SVG or PNG, the
    source, and what its number does not carry.
    """
    from survey.publish.cards import HOW_TO_GET_PNG, can_draw, write_cards

    document = json.loads((report / "claims.json").read_text("utf-8"))
    said = [claim for claim in document["claims"] if claim["said"]]
    written = write_cards(report, out) if out else sorted(report.glob("quotes/*.svg"))
    cards = {path.stem: path for path in written}
    if out and not can_draw():
        click.echo(HOW_TO_GET_PNG, err=True)
    if as_json:
        record = [{"text": c["text"], "card": cards[c["name"]].as_posix()} for c in said]
        click.echo(json.dumps({"page": (report / "quotes.html").as_posix(), "quotes": record},
                              ensure_ascii=False, indent=1))  # fmt: skip
        return
    console = Console()
    console.heading(f"{document['title']}, edition {document['edition']}: {report}/quotes.html")
    for claim in said:
        console.paragraph(f"{claim['text']} ({cards[claim['name']].as_posix()})")
