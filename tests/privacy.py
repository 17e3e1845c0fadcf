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


def find_personal(
    folder: Path, words: Iterable[str], known: Iterable[bytes] = ()
) -> list[tuple[str, str]]:
    """Return (file, word) for every word that a file, or its name, holds as a whole.

    Parameters
    ----------
    folder
        Where to look, subfolders included.
    words
        What must not be there, in any case.
    known
        Contents of files that come from elsewhere as they are, such as a library.
    """
    wanted = {_folded(word): word for word in words if word.strip()}
    skipped = set(known)
    return sorted(
        {
            (name, word)
            for name, content in _files(folder)
            if content not in skipped
            for text in map(_folded, (name, *_readings(content)))
            for folded, word in wanted.items()
            if folded in text and _whole(folded, text)
        }
    )


def _whole(word: str, text: str) -> bool:
    """Whether ``word`` stands somewhere not as a part of a longer word."""
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) is not None


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
    """Yield the text of a file in every encoding that it can be in."""
    if b"\0" in content:
        for encoding in ("utf-16-le", "utf-16-be"):
            yield content.decode(encoding, errors="ignore")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        yield content.decode("utf-8", errors="ignore")
        yield content.decode("latin-1")
        return
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
