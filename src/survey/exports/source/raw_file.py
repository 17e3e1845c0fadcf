"""Bytes of an export file: read once and unchanged, and as UTF-8."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from io import BufferedReader
from pathlib import Path

import numpy as np
import pyarrow as pa

from survey.dataclass import dataclass
from survey.errors import ExportError, Problem
from survey.exports.source.mojibake import undo_double_encoding
from survey.files import open_file, printable, problem_of
from survey.provenance import Source

__all__ = ["BEGINNING", "MOST_BYTES", "Raw", "Text", "fault", "read_raw", "text_of"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FOREIGN = {
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"SQLite": "a database",
}
BEGINNING = 1 << 20
MOST_BYTES = 1 << 30
_LISTED = ("Don’t know", "you’ve built", "I’m using")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|\?xml)", re.IGNORECASE)
_END_OF_FILE = b"\x1a"  # as DOS marked it, and some programs still do
_PAIRS = 64  # bytes of a heading line
_SEPARATOR = re.compile(rb'"?sep=.?"?[,;\t]*\r?\n', re.IGNORECASE)
Notes = tuple[tuple[str, str], ...]


class Raw:
    """Content of one file as it lies on disk.

    Only the beginning of a large file is read until the rest is asked for. The digest is that
    of the bytes that were read.

    Parameters
    ----------
    path
        Where the file is.
    invented
        Whether the answers in it are made up.

    Attributes
    ----------
    name
        The file's own name.
    beginning
        Its first MiB.
    """

    def __init__(self, path: Path, *, invented: bool = False) -> None:
        self.name = printable(path.name)
        self._path, self._invented = path, invented
        with _readable(path) as file:
            self._state = _state(path)
            if self.size > MOST_BYTES:
                raise _too_large(self.name, self.size)
            self.beginning = file.read(min(BEGINNING, self.size + 1))  # one more if it grew
        self._data: bytes | None = None
        if self.size <= BEGINNING:
            self._refuse_changed(len(self.beginning))
            self._data = self.beginning

    def cut(self, end: int) -> Raw:
        """Return the same file as if it ended after ``end`` bytes, for a look at its headings."""
        short = copy(self)
        short._data = self.beginning[:end]
        return short

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._state[0]

    @property
    def data(self) -> bytes:
        """All bytes.

        Raises
        ------
        ExportError
            If the file changed since it was opened.
        """
        if self._data is None:
            with _readable(self._path) as file:
                data = file.read()
            self._refuse_changed(len(data))
            self._data = data
        return self._data

    @cached_property
    def source(self) -> Source:
        """Name, size and digest."""
        return Source(self.name, self.size, hashlib.sha256(self.data).hexdigest(), self._invented)

    def _refuse_changed(self, length: int) -> None:
        if _state(self._path) != self._state or length != self.size:
            raise fault(
                self.name,
                "a file that changed while it was read",
                "a finished file",
                "wait until the download has ended, then read it again",
            )


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


@contextmanager
def _readable(path: Path) -> Iterator[BufferedReader]:
    """Open a file, or say what is the matter with it."""
    name = printable(path.name)
    try:
        with open_file(path) as file:
            yield file
    except FileNotFoundError:
        raise fault(name, "no such file", "an export file", _neighbours(path)) from None
    except IsADirectoryError:
        raise fault(name, "a folder", "an export file", "name the file inside it") from None
    except OSError as error:
        problem = problem_of(error, name, "a readable file")
        raise ExportError(f"Cannot read {name}", [problem]) from None


def _too_large(name: str, size: int) -> ExportError:
    return fault(
        name,
        f"{size:,} bytes",
        f"an export of at most {MOST_BYTES:,} bytes",
        "export one edition at a time",
    )


@dataclass(frozen=True)
class Text:
    """Content of one file as UTF-8 without a byte order mark.

    ``notes`` says what had to be done to get there: pairs of (rule, explanation). ``above`` is
    the number of lines in front of ``data`` in the file.
    """

    name: str
    data: bytes
    notes: Notes = ()
    above: int = 0


def fault(name: str, got: str, expected: str, hint: str, *, line: int = 0) -> ExportError:
    """Return the error of a file that cannot be read."""
    where = f"{name}, line {line}" if line else name
    return ExportError(f"Cannot read {name}", [Problem(where, got, expected, hint)])


def read_raw(path: Path, *, invented: bool = False) -> Raw:
    """Return the content of ``path``.

    Raises
    ------
    ExportError
        If the file is missing, cannot be read, or changes while it is read.
    """
    return Raw(path, invented=invented)


def _neighbours(path: Path) -> str:
    if not path.parent.is_dir():
        return "check the path"
    near = sorted(printable(entry.name) for entry in path.parent.glob("*.csv"))[:5]
    return f"there are {', '.join(near)}" if near else "check the path"


def text_of(raw: Raw) -> Text:
    """Return the content of a text file as UTF-8 bytes.

    Raises
    ------
    ExportError
        If it is empty or not text.
    """
    _refuse_what_is_not_text(raw)
    data, notes = _as_utf8(raw.name, raw.data)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise fault(
            raw.name,
            f"a NUL byte on line {line}",
            "text",
            "the file is damaged: export it again",
            line=line,
        )
    data = data.removesuffix(_END_OF_FILE)
    if not data or data.isspace():
        raise fault(
            raw.name,
            "an empty file",
            "a heading line and at least one record",
            "the survey system writes an empty file when no edition was chosen or "
            "nothing was edited in the chosen days: export with Range and dates",
        )
    data, again = undo_double_encoding(data)
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
        again = (*again, ("line ends", "carriage returns alone were read as line ends"))
    named = _SEPARATOR.match(data)
    if named is None:
        return Text(raw.name, data, (*notes, *again))
    note = ("separator line", "a first line that names the separator is not read as headings")
    return Text(raw.name, data[named.end() :], (*notes, *again, note), above=1)


def _refuse_what_is_not_text(raw: Raw) -> None:
    for magic, kind in _FOREIGN.items():
        if raw.data.startswith(magic):
            raise fault(
                raw.name,
                kind,
                "a CSV file as the survey system exports it",
                "download the export again, or save the sheet as CSV UTF-8",
            )

    if _PAGE.match(raw.data):
        raise fault(
            raw.name,
            "a web page or XML, whatever it is called: many programs save such a page as .xls",
            "a CSV file or a workbook",
            "open it in an office program and save it as .xlsx, or export it again as CSV",
        )


def _as_utf8(name: str, raw: bytes) -> tuple[bytes, Notes]:
    if raw.startswith(codecs.BOM_UTF8):
        note = ("byte-order-mark", "a UTF-8 byte order mark was removed")
        return _as_marked(name, raw[3:]), (note,)
    if raw.startswith(_UTF16):
        try:
            return raw.decode("utf-16").encode(), (("utf-16", "UTF-16 was turned into UTF-8"),)
        except UnicodeError as error:
            at = getattr(error, "start", 0)
            raise fault(
                name, f"broken UTF-16 at byte {at}", "text", "export the file again"
            ) from None
    order = _order_of_pairs(raw)
    if order:
        return raw.decode(order, "strict").encode(), (("utf-16", "UTF-16 was turned into UTF-8"),)
    found = _first_fault(raw)
    return (raw, ()) if found is None else _from_cp1252(name, raw, found)


def _first_fault(raw: bytes) -> UnicodeDecodeError | None:
    r"""Return what Python says of bytes that are not UTF-8; decoding would double them all.

    Examples
    --------
    >>> _first_fault("Zoë".encode()) is None, _first_fault(b"Zo\xeb.").start
    (True, 2)
    """
    whole = pa.py_buffer(np.array([0, len(raw)], dtype=np.int32))
    try:
        pa.StringArray.from_buffers(1, whole, pa.py_buffer(raw)).validate(full=True)
    except pa.ArrowInvalid:
        try:
            codecs.utf_8_decode(raw, "strict", True)
        except UnicodeDecodeError as error:
            return error
    return None


def _order_of_pairs(raw: bytes) -> str:
    """Return how pairs of bytes are ordered in UTF-16 without a mark, or nothing.

    A heading line is ASCII, so that every other byte of it is zero.
    """
    start = raw[:_PAIRS]
    for order, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if len(start) == _PAIRS and not any(start[zeros::2]) and all(start[letters::2]):
            try:
                raw.decode(order)
            except UnicodeDecodeError:
                return ""
            return order
    return ""


def _as_marked(name: str, raw: bytes) -> bytes:
    """Return what a file holds that says of itself that it is UTF-8."""
    error = _first_fault(raw)
    if error is not None:
        raise _broken(name, raw, error)
    return raw


def _broken(name: str, raw: bytes, error: UnicodeDecodeError) -> ExportError:
    line = raw.count(b"\n", 0, error.start) + 1
    return fault(
        name,
        f"a broken UTF-8 sequence on line {line}",
        "UTF-8",
        "the file is damaged or cut, or parts of it are Windows-1252 (cp1252) and others UTF-8: "
        "export it again, or save it as CSV UTF-8",
        line=line,
    )


def _from_cp1252(name: str, raw: bytes, error: UnicodeDecodeError) -> tuple[bytes, Notes]:
    line = raw.count(b"\n", 0, error.start) + 1
    if _mixed(raw):
        raise _broken(name, raw, error)
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise fault(
            name,
            f"a byte that is neither UTF-8 nor Windows-1252 on line {line}",
            "UTF-8",
            "the file is damaged, or in another encoding: export it again, or save it as CSV UTF-8",
            line=line,
        ) from None
    return text.encode(), (
        ("cp1252", "the file was not UTF-8 and was read as Windows-1252, as Excel saves it"),
    )


def _mixed(raw: bytes) -> bool:
    """Whether some text is valid multi-byte UTF-8: then a broken byte is damage, not cp1252.

    Bytes of Windows-1252 can look like UTF-8 by chance, on a line that has others that do not.
    Answers that the form lists tell it for certain.
    """
    if any(text.encode("cp1252") in raw for text in _LISTED) and not any(
        text.encode() in raw for text in _LISTED
    ):
        return False
    good = broken = 0
    for line in raw.split(b"\n"):
        if not line.isascii():
            text = line.decode("utf-8", "replace")
            bad = text.count("\ufffd")
            fine = sum(ord(character) > 127 for character in text) - bad
            if fine and not bad:
                return True
            good, broken = good + fine, broken + bad
    return good >= broken
