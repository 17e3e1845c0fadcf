"""What a file is by its first bytes, before anything that reads it is imported."""

from __future__ import annotations

from survey.exports.source.raw_file import Raw

__all__ = ["OLE", "ZIP", "is_json", "is_workbook"]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_workbook(raw: Raw) -> bool:
    """Whether a file is a workbook."""
    return raw.beginning.startswith((ZIP, OLE))


def is_json(raw: Raw) -> bool:
    """Whether a file is JSON, by its first character."""
    beginning = raw.beginning[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return beginning.startswith((b"{", b"["))
