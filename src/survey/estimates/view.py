"""Estimates as a person reads them: value with interval, count and base, and the caveats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from survey.estimates.number_format import WRITE

if TYPE_CHECKING:
    from survey.estimates.tidy import TidyTable

__all__ = ["as_html", "as_text", "printable"]

_MOST_ROWS: Final = 40
_WIDEST_TEXT: Final = 48
_BOUNDS: Final = (("lower_bound", "upper_bound"), ("change_lower", "change_upper"))
_SHOWN: Final = ("verdict", "letter", "higher_than", "strongest")
_WITHOUT: Final = MappingProxyType(
    {
        "suppressed": "withheld",
        "not available": "not available",
        "not offered": "not offered",
        "not comparable": "not comparable",
        "empty": "no answers",
    }
)
_MARK: Final = " [u]"
_MARK_MEANS: Final = "[u] imprecise: rests on few answers or has a wide interval"


def printable(table: TidyTable) -> pd.DataFrame:
    """Return groups, answer, value with interval, count and base, as text for readers.

    Examples
    --------
    >>> from survey.estimates.shares.share import share
    >>> from survey.estimates.examples import answers
    >>> printable(share(answers(), "deployment_stage")).iloc[0].tolist()
    ['Production', '66 % (41 to 83 %) [u]', '33', '50']
    """
    frame = table.frame
    numbers = _numbers(table)
    columns: dict[str, Any] = {name: frame[name].astype(str).tolist() for name in table.groups}
    columns["answer"] = frame["answer"].astype(str).tolist()
    columns[table.value_heading] = [
        _WITHOUT.get(status, numbers[place]) + (_MARK if status == "imprecise" else "")
        for place, status in enumerate(frame["status"].astype(str))
    ]
    for low, high in _BOUNDS:
        if low in frame and high in frame:
            columns["bounds"] = _certain(table, low, high)
    for name in ("count", "base"):
        columns[name] = [_whole(value) for value in frame[name]]
    columns |= {name: frame[name].astype(str).tolist() for name in _SHOWN if name in frame}
    return pd.DataFrame(columns, dtype=object)


def _certain(table: TidyTable, low: str, high: str) -> list[str]:
    """Return the bounds that need no model; an open band has no upper one."""
    frame = table.frame
    write = WRITE[table.measure.value]
    usable = frame["status"].isin(("ok", "imprecise")).tolist()
    edges = [
        pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        for name in (low, high)
    ]
    return [
        "" if not use or np.isnan((a, b)).all() else _span(a, b, write)
        for use, a, b in zip(usable, *edges, strict=True)
    ]


def _span(low: float, high: float, write: Callable[[float], str]) -> str:
    if not np.isfinite(high):
        return f"at least {_printed(low, write)}"
    if not np.isfinite(low):
        return f"at most {_printed(high, write)}"
    return _limits(low, high, write)[2:-1] if low != high else _printed(low, write)


def as_text(table: TidyTable) -> str:
    """Return a table for a terminal, with its title, what it shows, and its notes."""
    shown = printable(table.with_frame(table.frame.head(_MOST_ROWS)))
    cut = shown.map(lambda text: _cut(str(text), _WIDEST_TEXT))
    lines = [table.title or table.spec.concept, *_lines(cut)]
    lines += [f"... and {len(table) - _MOST_ROWS} more rows (see .frame)"] * _more(table)
    return "\n".join([*lines, *(f"  {note}" for note in _caption(table))])


def as_html(table: TidyTable, *, exact: bool) -> str:
    """Return a table for a notebook, everything escaped.

    A table that knows its design is a verb's own: it says that its numbers are exact. Tables of a
    publication do not know who was counted.
    """
    shown = printable(table.with_frame(table.frame.head(_MOST_ROWS)))
    names = [str(name) for name in shown]
    heads = "".join(f"<th scope='col'{_side(name)}>{escape(name)}</th>" for name in names)
    rows = "".join(_html_row(names, row) for row in _unrepeated(shown, table.groups))
    more = f"<p>... and {len(table) - _MOST_ROWS} more rows (see .frame)</p>" * _more(table)
    bare = ["Exact, internal: not checked for disclosure."] if exact else []
    notes = "<br>".join(escape(note) for note in (*bare, *_caption(table)))
    title = escape(table.title or table.spec.concept)
    return (
        f"<div><table><caption style='text-align:left'><strong>{title}</strong></caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"
        f"<p><small>{notes}</small></p></div>"
    )


def _html_row(names: list[str], cells: tuple[str, ...]) -> str:
    body = "".join(
        f"<td{_side(name)}>{escape(cell)}</td>" for name, cell in zip(names, cells, strict=True)
    )
    return f"<tr>{body}</tr>"


def _numbers(table: TidyTable) -> list[str]:
    write = WRITE[table.measure.value]
    value, low, high = (
        pd.to_numeric(table.frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        for name in ("value", "low", "high")
    )
    return [
        _limit(status, a, b, write) or f"{_printed(v, write)}{_limits(a, b, write)}"
        for status, v, a, b in zip(table.frame["status"].astype(str), value, low, high, strict=True)
    ]


def _limit(status: str, low: float, high: float, write: Callable[[float], str]) -> str:
    """Return the limit that stands in place of a value; empty where there is none."""
    if status == "below" and np.isfinite(high):
        return f"under {_printed(high, write)}"
    if status == "above" and np.isfinite(low):
        return f"over {_printed(low, write)}"
    return ""


def _printed(number: float, write: Callable[[float], str]) -> str:
    """Return a number with breakable spaces, which a terminal and a search expect."""
    return write(number).replace("\N{NO-BREAK SPACE}", " ") if np.isfinite(number) else ""


def _limits(low: float, high: float, write: Callable[[float], str]) -> str:
    """Return an interval in parentheses, the unit once."""
    if not (np.isfinite(low) or np.isfinite(high)):
        return ""
    first, last = _printed(low, write), _printed(high, write) or "no limit"
    if not first:
        return f" (up to {last})"
    number, _, unit = first.rpartition(" ")
    return f" ({number if unit and last.endswith(f' {unit}') else first} to {last})"


def _whole(value: object) -> str:
    return "" if pd.isna(value) else f"{int(value):,}"  # type: ignore[call-overload]


def _caption(table: TidyTable) -> Iterator[str]:
    spec = table.spec
    interval = f", {100 * spec.level:g} % intervals" if spec.method else ""
    yield f"Unit: {spec.unit.value}; base: {spec.base.value}{interval}."
    if (table.frame["status"] == "imprecise").any():
        yield f"{_MARK_MEANS}."
    if table.provenance.invented:
        yield "Invented answers."
    yield from table.notes


def _more(table: TidyTable) -> bool:
    return len(table) > _MOST_ROWS


def _lines(shown: pd.DataFrame) -> Iterator[str]:
    """Yield the lines of a table: text on the left, counts on the right."""
    names = [str(name) for name in shown]
    columns = [[name, *shown[name]] for name in names]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        cells = [
            cell.rjust(width) if name in ("count", "base") else cell.ljust(width)
            for cell, width, name in zip(row, widths, names, strict=True)
        ]
        yield "  ".join(cells).rstrip()


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _side(name: object) -> str:
    side = "right" if name in ("count", "base") else "left"
    return f" style='text-align:{side};padding:0 0.6em'"


def _unrepeated(shown: pd.DataFrame, groups: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield rows in which a group's label stands once, outermost group first."""
    before: tuple[str, ...] = ()
    for values in shown.itertuples(index=False, name=None):
        row = tuple(str(value) for value in values)
        same = 0
        while same < min(len(groups), len(before)) and row[same] == before[same]:
            same += 1
        yield ("",) * same + row[same:]
        before = row
