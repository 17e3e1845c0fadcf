r"""Files whose inner quotes are escaped by a backslash, as databases and scripts write them.

The exporter doubles inner quotes. A backslash in front of one is a character of its cell there,
so that a file is read in the other way only where the exporter's way fails.
"""

from __future__ import annotations

from dataclasses import replace

from survey.exports.source.raw_file import Text

__all__ = ["looks_escaped", "without_escapes"]

_ESCAPED = b'\\"'


def looks_escaped(text: Text) -> bool:
    r"""Whether quotes stand behind a backslash somewhere.

    Examples
    --------
    >>> looks_escaped(Text("a.csv", b'A,B\n1,"the \\"x\\" family"\n'))
    True
    """
    return _ESCAPED in text.data


def without_escapes(text: Text) -> Text:
    r"""Return the same content with inner quotes doubled.

    Examples
    --------
    >>> without_escapes(Text("a.csv", b'A,B\n1,"the \\"x\\" family"\n')).data
    b'A,B\n1,"the ""x"" family"\n'
    """
    note = ("escaped quotes", "a quote behind a backslash was read as a character of its cell")
    return replace(text, data=text.data.replace(_ESCAPED, b'""'), notes=(*text.notes, note))
