"""Folders written whole or not at all, by one program at a time, and never over another's files.

The new content of every folder is complete, beside the old one, before the first is replaced.
While that goes on a lock keeps other runs waiting; the operating system takes it from a run that
was killed. What such a run left behind is put back or cleared away by the next.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from survey.errors import Problem, ResponsesError
from survey.responses.store.manifest import MANIFEST, is_ours

__all__ = ["replace_folders"]

Contents = Mapping[str, bytes]
_LOCK = ".survey-lock"
_FRESH, _OLD = ".survey-new-", ".survey-old-"
_LIKE_OURS = frozenset({"codebook.json", "dictionary.csv", "options.csv"})
_STRAY = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"})


def replace_folders(
    root: Path, contents: Mapping[str, Contents], *, private: bool
) -> tuple[Path, ...]:
    """Write each folder below ``root`` and return the files.

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
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _alone_in(root):
            _tidy(root)
            _refuse_foreign(root, contents)
            _replace_all(root, contents, private=private)
    except OSError as error:
        said = error.strerror or type(error).__name__
        hint = "check the path, its permissions and the space left"
        problem = Problem(root.name, said, "a folder to write to", hint)
        raise ResponsesError("Cannot write the answers", [problem]) from None
    return tuple(root / folder / name for folder, files in contents.items() for name in files)


def _replace_all(root: Path, contents: Mapping[str, Contents], *, private: bool) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=root))
    try:
        for folder, files in contents.items():
            _write(fresh / folder, files, private=private)
        try:
            for folder in contents:
                _swap(fresh / folder, root / folder)
        except BaseException:
            _put_back(root)
            raise
        for old in root.glob(f"{_OLD}*"):
            old.replace(fresh / old.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(folder: Path, files: Contents, *, private: bool) -> None:
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        path = folder / name
        path.touch(mode=0o600 if private else 0o644)
        path.write_bytes(content)
    if not private:
        folder.chmod(0o755)


def _swap(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``, which is kept aside."""
    if target.exists():
        target.replace(target.with_name(_OLD + target.name))
    fresh.replace(target)


def _put_back(root: Path) -> None:
    """Put all that was set aside in its place again."""
    for old in root.glob(f"{_OLD}*"):
        target = root / old.name.removeprefix(_OLD)
        shutil.rmtree(target, ignore_errors=True)
        old.replace(target)


def _tidy(root: Path) -> None:
    """Put back or clear away what a killed run left; nobody else is writing now."""
    _put_back(root)
    for path in root.glob(f"{_FRESH}*"):
        shutil.rmtree(path, ignore_errors=True)


def _refuse_foreign(root: Path, folders: Mapping[str, Contents]) -> None:
    problems = [problem for name in folders for problem in _foreign(root / name)]
    if problems:
        raise ResponsesError("Cannot replace what another program wrote", problems)


def _foreign(folder: Path) -> Iterator[Problem]:
    hint = "move it away, or write to another folder"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        yield Problem(folder.name, "a file or a link", "a folder of answers", hint)
    if not folder.is_dir():
        return
    held = {path.name for path in folder.iterdir()} - _STRAY
    if not held:
        return
    strange = sorted(name for name in held if not is_ours(folder, name))
    if strange or not (MANIFEST in held or held >= _LIKE_OURS):
        shown = ", ".join(strange[:5]) or f"a folder without {MANIFEST}"
        yield Problem(folder.name, shown, "files that survey wrote, and no others", hint)


@contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    """Wait until no other run writes here."""
    with (root / _LOCK).open("a+b") as file:
        _lock(file)
        yield


if sys.platform == "win32":  # pragma: no cover  # no Windows at hand
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
