"""Bytes of an export file: read once and unchanged, in blocks or whole, and as UTF-8."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from survey.errors import ExportError, Problem
from survey.exports.mojibake import undo_double_encoding
from survey.provenance import Source

__all__ = ["BEGINNING", "Raw", "Text", "fault", "looks_plain", "read_raw", "text_of"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FOREIGN = {
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"SQLite": "a database",
}
BEGINNING = 1 << 20
_HEADING_LINES, _SOME, _PIECE = 2, 1 << 12, 1 << 16
Notes = tuple[tuple[str, str], ...]


class Raw:
    """Content of one file as it lies on disk.

    A large file need not be in memory as a whole: its beginning is, and :meth:`blocks` gives
    the rest piece by piece. However it is read, the digest is that of the bytes that were read.

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
        self.name = path.name
        self._path, self._invented = path, invented
        self._source: Source | None = None
        self._data: bytes | None = None
        with _readable(path) as file:
            self._state = _state(path)
            self.beginning = file.read(BEGINNING)
        if self.size <= BEGINNING:
            self._data = self.beginning
        self._refuse_changed(self.size if self._data is None else len(self._data))

    def cut(self, end: int) -> Raw:
        """Return the same file as if it ended after ``end`` bytes, for a look at its headings."""
        short = copy(self)
        short._data = self.beginning[:end]
        return short

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._state[0]

    def first(self, count: int) -> bytes:
        """Return the first ``count`` bytes, which may be more than the beginning."""
        if self._data is not None or count <= len(self.beginning):
            return (self._data or self.beginning)[:count]
        with _readable(self._path) as file:
            return file.read(count)

    @property
    def data(self) -> bytes:
        """All bytes."""
        if self._data is None:
            with _readable(self._path) as file:
                self._data = file.read()
            self._refuse_changed(len(self._data))
            self._know(hashlib.sha256(self._data).hexdigest())
        return self._data

    @property
    def source(self) -> Source:
        """Name, size and digest."""
        if self._source is None:
            self._know(hashlib.sha256(self.data).hexdigest())
        assert self._source is not None
        return self._source

    def blocks(self, size: int) -> Iterator[bytearray]:
        """Yield all bytes in pieces that end with a line feed, except the last one.

        Raises
        ------
        ExportError
            After the last piece, if the file changed while it was read.
        """
        digest, length, rest = hashlib.sha256(), 0, b""
        with _readable(self._path) as file:
            while True:
                block = bytearray(len(rest) + size)
                block[: len(rest)] = rest
                with memoryview(block) as room:
                    count = file.readinto(room[len(rest) :])
                    digest.update(room[len(rest) : len(rest) + count])
                if not count:
                    break
                length += count
                del block[len(rest) + count :]
                cut = block.rfind(b"\n") + 1
                rest = bytes(block[cut:])
                del block[cut:]
                if block:
                    yield block
        if rest:
            yield bytearray(rest)
        self._refuse_changed(length)
        self._know(digest.hexdigest())

    def _know(self, sha256: str) -> None:
        found = Source(self.name, self.size, sha256, self._invented)
        if self._source not in (None, found):
            raise _changed(self.name)
        self._source = found

    def _refuse_changed(self, length: int) -> None:
        if _state(self._path) != self._state or length != self.size:
            raise _changed(self.name)


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


@contextmanager
def _readable(path: Path) -> Iterator[BufferedReader]:
    """Open a file, or say what is the matter with it."""
    try:
        if path.is_dir():
            raise fault(path.name, "a folder", "an export file", "name the file inside it")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise fault(path.name, "no such file", "an export file", _neighbours(path)) from None
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise fault(path.name, said, "a readable file", "check the permissions") from None


def _changed(name: str) -> ExportError:
    return fault(
        name,
        "a file that changed while it was read",
        "a finished file",
        "wait until the download has ended, then read it again",
    )


@dataclass(frozen=True)
class Text:
    """Content of one file as UTF-8 without a byte order mark.

    ``notes`` says what had to be done to get there: pairs of (rule, explanation).
    """

    name: str
    data: bytes
    notes: Notes = ()


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


def looks_plain(raw: Raw) -> bool:
    """Whether a file begins as UTF-8 text in lines, with nothing to be taken away."""
    start = raw.beginning
    if start.startswith((codecs.BOM_UTF8, *_UTF16, *_FOREIGN)) or b"\0" in start:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(start), _PIECE):
            decoder.decode(start[at : at + _PIECE])
        decoder.decode(b"", final=raw.size <= BEGINNING)
    except UnicodeDecodeError:
        return False
    return start.count(b"\n") > _HEADING_LINES and not start[:_SOME].isspace()


def _neighbours(path: Path) -> str:
    if not path.parent.is_dir():
        return "check the path"
    near = sorted(entry.name for entry in path.parent.glob("*.csv"))[:5]
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
    if not data.strip():
        raise fault(
            raw.name,
            "an empty file",
            "a heading line and at least one record",
            "the survey system writes an empty file when no edition was chosen or "
            "nothing was edited in the chosen days: export with Range and dates",
        )
    data, again = undo_double_encoding(data)
    return Text(raw.name, data, (*notes, *again))


def _refuse_what_is_not_text(raw: Raw) -> None:
    for magic, kind in _FOREIGN.items():
        if raw.data.startswith(magic):
            raise fault(
                raw.name,
                kind,
                "a CSV file as the survey system exports it",
                "download the export again, or save the sheet as CSV UTF-8",
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
    try:
        codecs.utf_8_decode(raw, "strict", True)
    except UnicodeDecodeError as error:
        return _from_cp1252(name, raw, error)
    return raw, ()


def _as_marked(name: str, raw: bytes) -> bytes:
    """Return what a file holds that says of itself that it is UTF-8."""
    try:
        codecs.utf_8_decode(raw, "strict", True)
    except UnicodeDecodeError as error:
        raise _broken(name, raw, error) from None
    return raw


def _broken(name: str, raw: bytes, error: UnicodeDecodeError) -> ExportError:
    line = raw.count(b"\n", 0, error.start) + 1
    return fault(
        name,
        f"a broken UTF-8 sequence on line {line}",
        "UTF-8",
        "the file is damaged or cut: export it again",
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
            "the file is damaged: export it again",
            line=line,
        ) from None
    return text.encode(), (
        ("cp1252", "the file was not UTF-8 and was read as Windows-1252, as Excel saves it"),
    )


def _mixed(raw: bytes) -> bool:
    """Whether some text is valid multi-byte UTF-8: then a broken byte is damage, not cp1252."""
    text = raw.decode("utf-8", "replace")
    good = sum(ord(character) > 127 for character in text) - text.count("�")
    return good > 0
