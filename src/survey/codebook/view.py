"""Small HTML tables for notebooks; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["html_table", "html_title"]

_LEFT = " style='text-align:left'"


def html_table(columns: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """Return a table whose cells are text; numbers stand on the right.

    Examples
    --------
    >>> html_table(["n"], [[1]])
    "<table><tr><th style='text-align:left'>n</th></tr><tr><td>1</td></tr></table>"
    """
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    heading = "".join(f"<th{_LEFT}>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table>{above}<tr>{heading}</tr>{body}</table>"


def html_title(title: str, *lines: str) -> str:
    """Return a title with lines of small print under it; empty lines are left out.

    Examples
    --------
    >>> html_title("A & B", "", "note")
    '<strong>A &amp; B</strong><br><small>note</small>'
    """
    small = "".join(f"<br><small>{escape(line)}</small>" for line in lines if line)
    return f"<strong>{escape(title)}</strong>{small}"


def _cell(value: object) -> str:
    side = "" if isinstance(value, int | float) else _LEFT
    return f"<td{side}>{escape(str(value))}</td>"
