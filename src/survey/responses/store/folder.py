"""The folders of cleaned answers: what in them is ours, and how they are replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from survey.errors import ResponsesError
from survey.files import replace_folders
from survey.files.ours import STRAY
from survey.responses.store.answers_manifest import MANIFEST, is_ours

__all__ = ["replace_answers"]

Contents = Mapping[str, bytes]
_LIKE_OURS = frozenset({"codebook.json", "dictionary.csv", "options.csv"})


def replace_answers(
    root: Path, contents: Mapping[str, Contents], *, private: bool
) -> tuple[Path, ...]:
    """Write each folder below ``root`` as a whole or not at all, and return the files.

    Parameters
    ----------
    root
        Where the folders stand.
    contents
        Name of a folder -> name of a file -> its bytes.
    private
        Whether only the owner may read them.

    Raises
    ------
    ResponsesError
        If a folder holds what this package did not write, or nothing can be written.
    """
    replace_folders(
        root,
        contents,
        error=ResponsesError,
        message="Cannot write the answers",
        private=private,
        foreign=_foreign,
    )
    return tuple(root / folder / name for folder, files in contents.items() for name in files)


def _foreign(folder: Path) -> Iterator[str]:
    """Yield what is not ours, by name: stored answers that were damaged are written anew."""
    held = {path.name for path in folder.iterdir()} - STRAY
    strange = [name for name in held if not is_ours(folder, name)]
    yield from strange
    if held and not strange and not (MANIFEST in held or held >= _LIKE_OURS):
        yield f"a folder without {MANIFEST}"
