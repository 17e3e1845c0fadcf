"""Read the files that a command was given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from survey.console import Console

__all__ = ["read_files"]


def read_files(files: Iterable[Path], edition: str | None, codebook: Any) -> list[Any]:
    """Read all files; if several are unusable, say so of each."""
    from survey.errors import ExportError
    from survey.exports import read_export

    if edition is not None:
        codebook.edition(edition)
    exports, failed = [], []
    for file in Console().each("reading", tuple(files)):
        try:
            exports.append(read_export(file, edition=edition, codebook=codebook))
        except ExportError as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExportError(
            f"Cannot read {len(failed)} files",
            [problem for error in failed for problem in error.problems],
        )
    return exports
