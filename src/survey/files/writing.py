"""Files replaced whole or not at all.

The new content is written in full to a draft beside the file, forced to the disk, and takes the
file's name in one step. Full disks, limits and kills leave the old file as it was. Each draft is
locked by whoever writes it, so that the next run can tell a draft in use from one left behind.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from survey.files.final_reports import refuse_among, refuse_inside
from survey.files.lock import alone_in, hold
from survey.files.reading import read_file

__all__ = ["DRAFT", "edit_file", "filling", "sweep", "write_file", "write_new_file"]

DRAFT = ".survey-draft-"
_PRIVATE = 0o600
_unseen: ContextVar[Path | None] = ContextVar("_unseen", default=None)
"""The folder that is being filled and that nobody sees yet."""


def write_file(path: Path, content: bytes | str, *, private: bool = False) -> Path:
    """Replace a file whole or not at all; return its path.

    A link stays a link: the file that it leads to is replaced. The permissions of a file that
    is there are kept.

    Parameters
    ----------
    path
        The file. Folders that are not there are made.
    content
        All of it; text becomes UTF-8 with its line ends as they are.
    private
        Whether only the owner may read it.

    Raises
    ------
    OSError
        If the system refuses, something that is no regular file has the name, or it stands in a
        final publication, or is private and stands beside one. What stood there stays.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if (unseen := _unseen.get()) is not None and path.is_relative_to(unseen):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb", opener=_for_owner if private else None) as plain:
            plain.write(data)
        return path
    _refuse_published(path, private=private)
    target = path.resolve() if path.is_symlink() else path
    mode = _mode_of(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    with _draft(target.parent, _PRIVATE if private else 0o666) as (draft, file):
        if mode is not None and not private and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if os.name == "nt":  # pragma: no cover  # Windows renames no open file
            file.close()
        draft.replace(target)
        _keep_name(target.parent)
    return path


@contextmanager
def filling(folder: Path) -> Iterator[None]:
    """Let :func:`write_file` write plainly into a folder that takes its name as a whole later.

    Nobody sees it before, so that drafts, locks and waiting for the disk, file by file, would
    guard nothing. A report has hundreds of files.
    """
    token = _unseen.set(folder)
    try:
        yield
    finally:
        _unseen.reset(token)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE)


def write_new_file(path: Path, content: bytes | str, *, private: bool = False) -> bool:
    """Write a file whole if none has its name; return whether it was written.

    Parameters
    ----------
    path
        The file. Folders that are not there are made.
    content
        All of it; text becomes UTF-8.
    private
        Whether only the owner may read it.

    Raises
    ------
    OSError
        If the system refuses.
    """
    _refuse_published(path, private=private)
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    with _draft(path.parent, _PRIVATE if private else 0o666) as (draft, file):
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)  # never over another file, even one made this moment
        except FileExistsError:
            return False
        except OSError:  # a disk without hard links
            if path.exists():
                return False
            draft.replace(path)
        _keep_name(path.parent)
    return True


def edit_file(
    path: Path, change: Callable[[str | None], str | None], *, private: bool = False
) -> bool:
    """Change a person's text file, whole or not at all; return whether it was written.

    Parameters
    ----------
    path
        The file, which need not be there.
    change
        Takes the text, None where there is no file, and returns the new one, None for no change.
    private
        Whether only the owner may read it from now on.

    Raises
    ------
    OSError
        If it cannot be read or written, or changed while ``change`` ran.
    UnicodeDecodeError
        If it is not UTF-8.
    """
    _refuse_published(path, private=private)
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(path.parent):
        before = _content(path)
        text = change(None if before is None else before.decode("utf-8"))
        if text is None:
            return False
        if _content(path) != before:
            raise OSError(errno.EBUSY, "a file that another program changed meanwhile", str(path))
        write_file(path, text, private=private)
    return True


def _refuse_published(path: Path, *, private: bool) -> None:
    """Refuse to add a file to a final publication, or to put what is confidential beside it."""
    if private:
        refuse_among(path)
    else:
        refuse_inside(path)


def sweep(folder: Path) -> None:
    """Remove the drafts in a folder that killed runs left behind."""
    for draft in folder.glob(f"{DRAFT}*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(draft, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if hold(descriptor):
                    draft.unlink()
            finally:
                os.close(descriptor)


def _content(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except FileNotFoundError:
        return None


def _mode_of(target: Path) -> int | None:
    """Return the permissions of a file that is there; refuse what may not be replaced."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "a pipe or a device, not a file", str(target))
    # A rename asks for the folder's permission alone, and the administrator for none.
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    return stat.S_IMODE(mode)


@contextmanager
def _draft(folder: Path, mode: int) -> Iterator[tuple[Path, IO[bytes]]]:
    """Give a new file in a folder, locked; remove it unless it got another name."""
    draft, descriptor = _new_draft(folder, mode)
    file = os.fdopen(descriptor, "wb")
    try:
        yield draft, file
    finally:
        with contextlib.suppress(OSError):  # closing writes what a full disk refused before
            file.close()
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _new_draft(folder: Path, mode: int) -> tuple[Path, int]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        draft = folder / f"{DRAFT}{secrets.token_hex(8)}"
        descriptor = os.open(draft, flags, mode)
        # Between its making and its locking another run may have swept it.
        if hold(descriptor) and os.fstat(descriptor).st_nlink:
            return draft, descriptor
        os.close(descriptor)


def _keep_name(folder: Path) -> None:
    """Force the new name to the disk, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
