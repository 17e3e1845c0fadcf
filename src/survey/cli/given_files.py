"""Read the files that a command was given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["read_files"]


def read_files(files: Iterable[Path], edition: str | None, codebook: Any) -> list[Any]:
    """Read all files; if several are unusable, say so of each."""
    from survey.project import ExportFile, read_exports

    if edition is not None:
        codebook.edition(edition)
    return read_exports([ExportFile(path, edition) for path in files], codebook)
