"""The CSV dialect of the survey system's exports.

A heading line made of the first row's keys; commas in cells become hyphens, so that a comma
only ever separates; line feeds and tabs become two characters each, a lone carriage return
stays; a cell is quoted only if it holds a quote; no byte order mark; every line ends with LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["csv_bytes", "image", "keeps_text"]

_LINE_FEED = re.compile(r"\r?\n")
_CHANGED = (",", "-", "\n", "\t", r"\n", r"\t")


def image(text: str) -> str:
    r"""Return ``text`` as a reader finds it in a cell.

    Examples
    --------
    >>> image("fast, cheap\tand\r\ngood")
    'fast- cheap\\tand\\ngood'
    """
    on_one_line = _LINE_FEED.sub(r"\\n", text) if "\n" in text else text
    return on_one_line.replace("\t", r"\t").replace(",", "-")


def keeps_text(text: str) -> bool:
    """Whether only ``text`` itself can have been written where its image stands.

    Examples
    --------
    >>> keeps_text("plain words"), keeps_text("a, b"), keeps_text("well-known")
    (True, False, False)
    """
    return not any(mark in text for mark in _CHANGED)


def csv_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return rows as a file: the first row's keys, then every row's values as they come.

    Values are never aligned to the headings: a row with one key more is one cell longer.

    Examples
    --------
    >>> print(csv_bytes([{"a,b": 'say "x" twice', "c": "1,5"}, {"c": "2"}]).decode(), end="")
    a-b,c
    "say ""x"" twice",1-5
    2
    """
    if not rows:
        return b""
    lines = [_line(rows[0]), *(_line(row.values()) for row in rows)]
    return "".join(lines).encode("utf-8")


def _line(cells: Iterable[str]) -> str:
    return ",".join(_cell(cell) if cell else "" for cell in cells) + "\n"


def _cell(text: str) -> str:
    cell = image(text)
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else cell
