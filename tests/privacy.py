"""Search a folder for words that must not be in it: names, addresses, organizations.

Every file is looked at in every encoding that could hide a word from a plain search: UTF-8,
UTF-16, Latin-1, HTML entities, JSON escapes, and inside zip archives such as workbooks.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1")


def find_personal(folder: Path, words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (file, word) for every word that a file, or its name, holds as a whole."""
    wanted = {_folded(word): word for word in words if word.strip()}
    if not wanted:
        return []
    anywhere = re.compile("|".join(sorted(map(re.escape, wanted), key=len, reverse=True)))
    return sorted(
        {
            (name, wanted[found[0]])
            for name, content in _files(folder)
            for text in (name, *_readings(content))
            for found in anywhere.finditer(_folded(text))
            if _whole(found)
        }
    )


def _whole(found: re.Match[str]) -> bool:
    """Whether a match is not part of a longer word."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return not (before.isalnum() or after.isalnum())


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            content = path.read_bytes()
            yield name, content
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    for inner in archive.namelist():
                        yield f"{name}!{inner}", archive.read(inner)


def _readings(content: bytes) -> Iterator[str]:
    for encoding in ENCODINGS:
        text = content.decode(encoding, errors="ignore")
        yield text
        if encoding == "utf-8":
            yield html.unescape(text)
            yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
