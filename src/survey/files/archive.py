"""ZIP archives, workbooks among them, whose bytes hang on nothing but their content."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

__all__ = ["packed", "undated"]

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that the format can say
_FIRST = "[Content_Types].xml"
_PROPERTIES = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive with its parts in a fixed order and undated.

    Examples
    --------
    >>> packed({"b": b"2", "a": b"1"}) == packed({"a": b"1", "b": b"2"})
    True
    """
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, parts[name])
    return content.getvalue()


def undated(workbook: bytes) -> bytes:
    """Return a workbook without the moment at which it was made."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if _PROPERTIES in parts:
        parts[_PROPERTIES] = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", parts[_PROPERTIES])
    return packed(parts)
