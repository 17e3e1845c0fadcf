"""Files in which a quote is a character like any other: tab-separated text of many tools.

Nothing can stand between two tabs but a cell, so that such a file needs no quotes. One that has
quotes inside its cells cannot be read by the rules of quoted files; its lines tell, because
all of them have as many cells as the line of headings.
"""

from __future__ import annotations

from dataclasses import replace

from survey.exports.source.raw_file import Text

__all__ = ["looks_unquoted", "with_quotes"]


def looks_unquoted(text: Text, delimiter: str) -> bool:
    r"""Whether every line has as many delimiters as the first, if quotes mean nothing.

    Examples
    --------
    >>> looks_unquoted(Text("a.tsv", b'A\tB\n1\tthe "x" family\n2\t"why?\n'), "\t")
    True
    >>> looks_unquoted(Text("a.tsv", b'A\tB\n1\t"two\nlines"\n'), "\t")
    False
    """
    lines = [line for line in text.data.split(b"\n") if line.strip(b"\r")]
    return delimiter == "\t" and len({line.count(b"\t") for line in lines}) == 1


def with_quotes(text: Text, delimiter: str) -> Text:
    r"""Return the same content with quotes around each cell that holds a quote.

    Examples
    --------
    >>> with_quotes(Text("a.tsv", b'A\tB\n1\t5" disk\n'), "\t").data
    b'A\tB\n1\t"5"" disk"\n'
    """
    if b'"' not in text.data:
        return text
    mark = delimiter.encode()
    lines = (
        mark.join(map(_quoted, line.split(mark))) if b'"' in line else line
        for line in text.data.split(b"\n")
    )
    note = ("unquoted", "a quote was read as a character of its cell, as the tool writes it")
    return replace(text, data=b"\n".join(lines), notes=(*text.notes, note))


def _quoted(cell: bytes) -> bytes:
    if b'"' not in cell:
        return cell
    end = b"\r" if cell.endswith(b"\r") else b""
    return b'"' + cell.removesuffix(b"\r").replace(b'"', b'""') + b'"' + end
