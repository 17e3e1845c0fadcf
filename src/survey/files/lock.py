"""One run at a time in a folder; whoever must wait is told for whom.

The lock belongs to an open file, so that the operating system takes it from a run that was
killed. Its file goes when the lock is given back: a name that is gone, or that names another
file by now, is no lock, and whoever got it tries again.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.files.reading import printable

__all__ = ["LOCK", "alone_in", "hold"]

LOCK = ".survey-lock"
_LONGEST_WAIT = 600.0  # seconds: a run that was stopped must not keep cron waiting for ever
_PAUSE = 0.1
_UNSUPPORTED = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_SIGNED = 200
_log = logging.getLogger(__name__)  # reaches standard error where nobody set up logging


@contextmanager
def alone_in(folder: Path, *, longest: float = _LONGEST_WAIT) -> Iterator[None]:
    """Wait until no other run writes to a folder; say for whom, if that takes more than a moment.

    Parameters
    ----------
    folder
        A folder that is there.
    longest
        Seconds after which to give up.

    Raises
    ------
    OSError
        If the folder cannot be written to, or the wait took too long.
    """
    path = folder / LOCK
    descriptor = _locked(path, longest)
    try:
        _sign(descriptor)
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows deletes no open file: it stays, unlocked
            path.unlink()
        os.close(descriptor)


def _locked(path: Path, longest: float) -> int:
    said, end = False, time.monotonic() + longest
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if hold(descriptor):
            if _named(path, descriptor):
                return descriptor
            os.close(descriptor)
            continue
        holder = _holder(descriptor)
        os.close(descriptor)
        if time.monotonic() > end:
            text = f"{holder} has been writing there for longer than {longest:.0f} seconds"
            raise TimeoutError(errno.ETIMEDOUT, text, str(path.parent))
        if not said:
            _log.warning("waiting for %s, which writes to %s", holder, printable(str(path.parent)))
            said = True
        time.sleep(_PAUSE)


def _named(path: Path, descriptor: int) -> bool:
    """Whether a path still names the open file: its last holder may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sign(descriptor: int) -> None:
    """Write into the lock who holds it, for those who wait."""
    with contextlib.suppress(OSError):  # a full disk hinders no lock
        os.ftruncate(descriptor, 0)
        os.write(descriptor, _signature())


def _signature() -> bytes:
    program = Path(sys.argv[0]).stem if sys.argv and sys.argv[0] else "python"
    words = [program if program != "__main__" else "survey"]
    words += [word for word in sys.argv[1:2] if word.isalpha()]  # the command, and no path
    return f"process {os.getpid()} ({printable(' '.join(words))})".encode()[:_SIGNED]


def _holder(descriptor: int) -> str:
    try:
        text = os.read(descriptor, _SIGNED)
    except OSError:  # Windows lets nobody read what is locked
        text = b""
    return text.decode("utf-8", "replace") or "another run of survey"


if sys.platform == "win32":  # pragma: no cover  # no Windows at hand
    import msvcrt

    def hold(descriptor: int) -> bool:
        """Take the lock of an open file, if nobody has it."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def hold(descriptor: int) -> bool:
        """Take the lock of an open file, if nobody has it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:  # some network disks know no locks: better without than never
            if error.errno not in _UNSUPPORTED:
                raise
        return True
