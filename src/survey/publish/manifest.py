"""The manifest: what went in, by which rules, and what came out, with digests."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from survey.disclosure import Publication
from survey.provenance import VERSION, Source, digest_of
from survey.publish.chart_json import plain

__all__ = ["manifest_of"]


def manifest_of(publication: Publication, folder: Path, made_from: str = "") -> dict[str, Any]:
    """Return the manifest of everything under ``folder``; it names no clock and no path outside.

    Keys: ``title``, ``edition``, ``invented``, ``made_with``, ``codebook``, ``status`` (``draft``,
    ``final`` or ``internal``), ``policy``,
    ``withheld_tables`` (tables of which nothing may be shown), ``steps``, ``left_out``,
    ``inputs`` and ``outputs`` (each with size and SHA-256 digest), and ``made_from``, one digest of
    everything behind a draft, where it is known; a final one has ``ledger``: the name of the key,
    and number and digest of the publication in the ledger, which tell nothing of answers.
    """
    provenance, noted = publication.provenance, publication.noted
    ledger = {"key": noted.key, "number": noted.number, "digest": noted.digest}
    return {
        "title": publication.title,
        "edition": publication.edition,
        "invented": provenance.invented,
        "made_with": f"survey {VERSION}",
        "codebook": list(provenance.codebook),
        "status": publication.status,
        "policy": plain(asdict(publication.policy)),
        "withheld_tables": list(publication.withheld_tables),
        "steps": list(provenance.steps),
        "left_out": list(publication.left_out),
        "inputs": [_input(source) for source in provenance.sources],
        **({"made_from": made_from} if made_from else {}),
        **({"ledger": ledger} if publication.final and noted.in_ledger else {}),
        "outputs": [_output(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()],
    }


def _input(source: Source) -> dict[str, Any]:
    """Describe a file that was read; size and digest of a confidential one are not for readers.

    Who has a guess at a record could test it against the digest of the file.
    """
    whole = asdict(source)
    return whole if source.invented else {"name": source.name, "invented": False}


def _output(folder: Path, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "path": path.relative_to(folder).as_posix(),
        "size": len(content),
        "sha256": digest_of(content),
    }
