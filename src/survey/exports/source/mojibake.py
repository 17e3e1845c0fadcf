"""Text that was encoded twice: UTF-8 read as Windows-1252 and written as UTF-8 once more.

``Zoë`` becomes ``ZoÃ«``. A program that guesses from one cell is wrong on the day somebody
writes ``Ã©`` on purpose; here the whole file must prove it: *every* run of characters outside
ASCII is the double encoding of something, and there is more than one such run, from more than
one person, or one that is three characters long (as of a typographic apostrophe). Runs that
people write, a letter and what ends a quotation (``privé »``), prove nothing. Lines that look
so in a file without that proof are named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from survey.exports.source.byte_places import places_of

__all__ = ["doubtful_lines", "undo_double_encoding"]

_RUN = re.compile(rb"[\x80-\xff]+")
# A byte from 80 to BF as Windows-1252 or Latin-1 reads it, in UTF-8.
_NEXT = (
    rb"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    rb"|\xe2(?:\x80[\x93\x94\x98-\x9e\xa0-\xa2\xa6\xb0\xb9\xba]|\x82\xac|\x84\xa2))"
)
_TWICE = re.compile(
    rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3})" % (_NEXT, _NEXT, _NEXT)
)
_LF, _LEAD = 0x0A, 0xC3
_LEADS_NEXT = np.isin(np.arange(256), (0xC2, 0xC5, 0xC6, 0xCB, 0xE2))  # by the byte's number
_PIECE = 1 << 12
_LONG = 3  # characters of a run that nobody types on purpose
# "privé »" with a no-break space is, byte for byte, the double encoding of a Chinese character.
_TYPED = re.compile(r"(?:[ß-ÿ]+[\xa0‚„…‹‘’“”•–—›«·»°]+)+")
# What Windows-1252 leaves undefined is read as the control character of that number; and a
# program that took the text for Latin-1 has such characters in all 32 places.
_CONTROLS = {code: bytes([code]) for code in range(0x80, 0xA0)}


def undo_double_encoding(data: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return UTF-8 text encoded once, and a note if it had been encoded twice.

    Examples
    --------
    >>> twice = "Zoë’s".encode().decode("cp1252").encode()
    >>> undo_double_encoding(twice)[0].decode()
    'Zoë’s'
    >>> undo_double_encoding("Zoë’s".encode())[0].decode()
    'Zoë’s'
    """
    once: dict[bytes, bytes] = {}
    for found in _RUN.finditer(data, _beyond_ascii(data)):
        run = found.group()
        if run not in once:
            decoded = _once(run)
            if decoded is None:
                return data, ()
            once[run] = decoded
    if not _proven(data, once):
        return data, ()
    mended = _RUN.sub(lambda found: once[found.group()], data)
    note = "UTF-8 had been encoded a second time, as if it were Windows-1252; this is undone"
    return mended, (("double encoding", note),)


def _beyond_ascii(data: bytes) -> int:
    """Return a place before which all is ASCII, near the first byte that is not."""
    starts = range(0, len(data), _PIECE)
    return next((at for at in starts if not data[at : at + _PIECE].isascii()), len(data))


def doubtful_lines(
    data: bytes | bytearray, feeds: npt.NDArray[np.int64] | None = None
) -> tuple[int, ...]:
    r"""Return the lines that look as if encoded twice, in a file that does not prove it.

    ``feeds`` is where the line feeds are, if that is known.

    Examples
    --------
    >>> doubtful_lines("Zoë\nZoÃ«\n".encode())
    (2,)
    """
    places = [
        start
        for start in _beginnings(data)
        if (found := _TWICE.match(data, start)) and not _TYPED.fullmatch(found.group().decode())
    ]
    if not places:
        return ()
    if feeds is None:
        feeds = places_of(_LF, np.frombuffer(data, dtype=np.uint8))
    return tuple(np.unique(np.searchsorted(feeds, places) + 1).tolist())


def _beginnings(data: bytes | bytearray) -> list[int]:
    """Return where text that was encoded twice may begin; most text has few such places."""
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    starts = places_of(_LEAD, bytes_[: max(len(bytes_) - 2, 0)])
    found: list[int] = starts[_LEADS_NEXT[bytes_[starts + 2]]].tolist()
    return found


def _proven(data: bytes, once: Mapping[bytes, bytes]) -> bool:
    """Whether it takes more than one person's odd typing to write such runs."""
    strange = [run for run in once if not _TYPED.fullmatch(run.decode())]
    if any(len(run.decode()) >= _LONG for run in strange):
        return True
    # A respondent's lines repeat the same answers; they begin with the same number.
    lines = (line for line in data.split(b"\n") if not line.isascii())
    people = {re.split(rb"[,;\t]", line, maxsplit=1)[0] for line in lines}
    return len(strange) > 1 and len(people) > 1


def _once(run: bytes) -> bytes | None:
    """Return what ``run`` was before it was encoded again, or None if it was not."""
    try:
        before = b"".join(map(_byte, run.decode()))
        before.decode()
    except UnicodeError:
        return None
    return before


def _byte(character: str) -> bytes:
    return _CONTROLS.get(ord(character)) or character.encode("cp1252")
