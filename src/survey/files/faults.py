"""What the operating system refuses, as a problem with advice."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.errors import Problem, SurveyError
from survey.files.final_reports import PublishedError
from survey.files.reading import printable

__all__ = ["faults_as", "problem_of"]

_ADVICE = {
    errno.ENOSPC: "free some space, or choose another disk",
    errno.EDQUOT: "free some space, or choose another disk",
    errno.EFBIG: "the system limits the size of files: see 'ulimit -f'",
    errno.EACCES: "check the permissions; a workbook may be open in another program",
    errno.EPERM: "check the permissions; a workbook may be open in another program",
    errno.EROFS: "the disk can only be read: choose another folder",
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "a file stands where a folder should be: check the path",
    errno.EISDIR: "a folder stands where a file should be: check the path",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "links that lead in a circle: check the path",
    errno.EMFILE: "too many files are open: see 'ulimit -n'",
    errno.EIO: "the disk has a fault: choose another one",
    errno.ETIMEDOUT: "wait until the other run has ended, or stop it, then try again",
}
_CHECK = "check the path, its permissions and the space left"


def problem_of(fault: OSError, where: str | Path = "", expected: str = "") -> Problem:
    """Return what the operating system refused as a problem with advice.

    Examples
    --------
    >>> print(problem_of(OSError(errno.ENOSPC, "No space left on device"), "book.xlsx"))
    book.xlsx: got No space left on device. Hint: free some space, or choose another disk.
    """
    if isinstance(fault, PublishedError):
        return fault.problem
    named = where or fault.filename or ""
    place = printable(named.name or str(named) if isinstance(named, Path) else str(named))
    got = fault.strerror or type(fault).__name__
    return Problem(place, got, expected, _ADVICE.get(fault.errno or 0, _CHECK))


@contextmanager
def faults_as(
    error: type[SurveyError], message: str, where: str | Path, expected: str = ""
) -> Iterator[None]:
    """Raise ``error`` in place of an :class:`OSError`, with the place and advice.

    Examples
    --------
    >>> from survey.errors import PublishError
    >>> with faults_as(PublishError, "The page cannot be written", "page.html"):
    ...     raise OSError(errno.ENAMETOOLONG, "File name too long")
    Traceback (most recent call last):
    survey.errors.PublishError: The page cannot be written
      - page.html: got File name too long. Hint: choose a shorter name.
    """
    try:
        yield
    except OSError as fault:
        raise error(message, [problem_of(fault, where, expected)]) from None
