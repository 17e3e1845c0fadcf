"""Bytes of an export file: read whole, unchanged, and as UTF-8."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from survey.errors import ExportError, Problem
from survey.provenance import Source

__all__ = ["Text", "read_text"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"


@dataclass(frozen=True)
class Text:
    """Content of one file as UTF-8 without a byte order mark.

    ``notes`` says what had to be done to get there: pairs of (rule, explanation).
    """

    name: str
    data: bytes
    source: Source
    notes: tuple[tuple[str, str], ...] = ()


def read_text(path: Path) -> Text:
    """Return the content of ``path`` as UTF-8 bytes.

    Raises
    ------
    ExportError
        If the file is missing, empty, not text, or changes while it is read.
    """
    raw = _read_unchanged(path)
    _refuse_what_is_not_text(path.name, raw)
    data, notes = _as_utf8(path.name, raw)
    if b"\0" in data:
        at = data.index(b"\0")
        line = data.count(b"\n", 0, at) + 1
        raise _fault(
            path.name,
            f"a NUL byte on line {line}",
            "text",
            "the file is damaged: export it again",
            line=line,
        )
    if not data.strip():
        raise _fault(
            path.name,
            "an empty file",
            "a heading line and at least one record",
            "the survey system writes an empty file when no edition was chosen or "
            "nothing was edited in the chosen days: export with Range and dates",
        )
    return Text(path.name, data, Source.of(path, raw), notes)


def _read_unchanged(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _fault(path.name, "a folder", "an export file", "name the file inside it")
        before = path.stat()
        raw = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        near = (
            sorted(entry.name for entry in path.parent.glob("*.csv"))[:5]
            if path.parent.is_dir()
            else []
        )
        hint = f"there are {', '.join(near)}" if near else "check the path"
        raise _fault(path.name, "no such file", "an export file", hint) from None
    except OSError as error:
        raise _fault(
            path.name,
            error.strerror or type(error).__name__,
            "a readable file",
            "check the permissions",
        ) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        raw
    ) != after.st_size:
        raise _fault(
            path.name,
            "a file that changed while it was read",
            "a finished file",
            "wait until the download has ended, then read it again",
        )
    return raw


def _refuse_what_is_not_text(name: str, raw: bytes) -> None:
    kinds = {
        _ZIP: "a workbook or zip archive",
        _OLE: "an old Excel workbook",
        _GZIP: "a gzip archive",
        b"%PDF": "a PDF document",
    }
    for magic, kind in kinds.items():
        if raw.startswith(magic):
            raise _fault(
                name,
                kind,
                "a CSV file as the survey system exports it",
                "download the export again, or save the sheet as CSV UTF-8",
            )


def _as_utf8(name: str, raw: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    if raw.startswith(codecs.BOM_UTF8):
        return raw[3:], (("byte-order-mark", "a UTF-8 byte order mark was removed"),)
    if raw.startswith(_UTF16):
        try:
            return raw.decode("utf-16").encode(), (("utf-16", "UTF-16 was turned into UTF-8"),)
        except UnicodeDecodeError as error:
            raise _fault(
                name, f"broken UTF-16 at byte {error.start}", "text", "export the file again"
            ) from None
    try:
        codecs.utf_8_decode(raw, "strict", True)
    except UnicodeDecodeError as error:
        return _from_cp1252(name, raw, error)
    return raw, ()


def _from_cp1252(
    name: str, raw: bytes, error: UnicodeDecodeError
) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    line = raw.count(b"\n", 0, error.start) + 1
    if _mixed(raw):
        raise _fault(
            name,
            f"a broken UTF-8 sequence on line {line}",
            "UTF-8",
            "the file is damaged or cut: export it again",
            line=line,
        )
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise _fault(
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


def _fault(name: str, got: str, expected: str, hint: str, *, line: int = 0) -> ExportError:
    where = f"{name}, line {line}" if line else name
    return ExportError(f"Cannot read {name}", [Problem(where, got, expected, hint)])
