"""Search a folder for words that must not be in it: names, addresses, organizations.

Every file is looked at in every encoding that could hide a word from a plain search: UTF-8,
UTF-16, Latin-1, HTML entities, JSON escapes, addresses with per cents, base64, and inside what is
compressed: zip archives such as workbooks with their properties, gzip, images, Parquet with its
metadata. A comma, and the hyphen that the exporter makes of it, are the same here.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import pyarrow.parquet as pq


def find_personal(
    folder: Path, words: Iterable[str], known: Iterable[bytes] = (), *, parts: bool = False
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
    parts
        Whether a word counts inside a longer one, too.
    """
    wanted = {folded(word): word for word in words if word.strip()}
    skipped = set(known)
    return sorted(
        {
            (name, word)
            for name, content in _files(folder)
            if content not in skipped
            for text in map(folded, (name, *_readings(content)))
            for spelled, word in wanted.items()
            if spelled in text and (parts or _whole(spelled, text))
        }
    )


def says(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that a text holds, in any spelling, as a part of others or not."""
    readings = [folded(each) for each in _readings(text.encode("utf-8", errors="replace"))]
    return [word for word in words if any(folded(word) in reading for reading in readings)]


def _whole(word: str, text: str) -> bool:
    """Whether ``word`` stands somewhere not as a part of a longer word."""
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) is not None


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _unpacked(path.relative_to(folder).as_posix(), path.read_bytes())


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file as it is, and what is compressed in it.

    An archive is looked at unpacked alone: in 300 kilobytes of compressed bytes four given letters
    stand by chance, in one of some hundred files.
    """
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield name, archive.comment
            for inner in archive.infolist():
                yield f"{name}!{inner.filename}", inner.comment + inner.extra
                yield from _unpacked(f"{name}!{inner.filename}", archive.read(inner))
        return
    yield name, content
    if content.startswith(b"\x1f\x8b"):
        yield from _unpacked(f"{name}!gzip", gzip.decompress(content))
    if content.startswith(b"PAR1"):
        yield f"{name}!parquet", _parquet(content)
    if content.startswith(b"\x89PNG"):
        yield f"{name}!png", b"\n".join(_png(content))


def _parquet(content: bytes) -> bytes:
    """Return all values of a Parquet file, and all that its metadata say."""
    file = pq.ParquetFile(io.BytesIO(content))
    metadata = {**(file.metadata.metadata or {}), **(file.schema_arrow.metadata or {})}
    fields = [str((field, field.metadata)) for field in file.schema_arrow]
    rows = json.dumps(file.read().to_pylist(), default=str, ensure_ascii=False)
    labels = [
        str(column.unify_dictionaries().chunk(0).dictionary.to_pylist())
        for column in file.read().itercolumns()
        if str(column.type).startswith("dictionary") and column.num_chunks
    ]
    return b"\n".join([*metadata.values(), *(t.encode() for t in (*fields, *labels, rows))])


def _png(content: bytes) -> Iterator[bytes]:
    """Yield the texts in an image's chunks, unpacked where they are compressed."""
    at = 8
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        chunk = content[at + 8 : at + 8 + length]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield chunk
            for start in (i for i in range(len(chunk)) if chunk[i : i + 1] == b"x"):
                try:
                    yield zlib.decompress(chunk[start:])
                except zlib.error:
                    continue
        at += 12 + length


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
    if re.search(r"%[0-9A-Fa-f]{2}", text):
        yield unquote_plus(text)
    yield from _base64(text)


def _base64(text: str) -> Iterator[str]:
    for found in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        padded = found + "=" * (-len(found) % 4)
        try:
            yield base64.b64decode(padded, validate=True).decode("utf-8", errors="ignore")
        except ValueError:
            continue


def folded(text: str) -> str:
    """Make spellings one: case, compatible characters, commas that became hyphens."""
    return unicodedata.normalize("NFKC", text).casefold().replace(",", "-")
