"""What a person sees in a terminal: progress, short tables, plain errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console as RichConsole
from rich.markup import escape
from rich.table import Table

from survey.errors import SurveyError

__all__ = ["Console", "table"]

_T = TypeVar("_T")
_SHORT = 16  # a longer word is broken rather than that other columns are cut


def table(rows: Sequence[Mapping[str, Any]], *, title: str = "") -> Table:
    """Return rows as a table; numbers are right-aligned and everything is escaped."""
    shown = Table(
        title=escape(title) or None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for name in rows[0] if rows else ():
        numeric = all(isinstance(row[name], int | float) for row in rows)
        words = all(_is_word(row[name]) for row in rows)
        shown.add_column(
            escape(str(name)),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=words and " " not in str(name),  # else the heading would be cut
            header_style="dim",
        )
    for row in rows:
        shown.add_row(*(_text(value) for value in row.values()))
    return shown


def _is_word(value: Any) -> bool:
    """Whether a value is one short word, which is not broken over lines."""
    return not isinstance(value, str) or (len(value) <= _SHORT and " " not in value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if value % 1 else f"{value:,.0f}"
    return escape(
        f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    )


class _Terminal(RichConsole):
    """A console that leaves it to the command what a closed output means."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704  # rich calls this while it handles the error


class Console:
    """Standard output for results, standard error for progress and errors.

    Colours and progress appear only in a terminal.
    """

    def __init__(self) -> None:
        self._out = _Terminal(highlight=False)
        self._err = _Terminal(stderr=True, highlight=False)

    def show(self, shown: Table) -> None:
        """Print a table and an empty line."""
        self._out.print(shown)
        self._out.print()

    def heading(self, text: str) -> None:
        """Print the heading of a section."""
        self._out.print(f"[bold]{escape(text)}[/bold]")

    def paragraph(self, text: str) -> None:
        """Print a sentence, broken into lines between words."""
        self._out.print(escape(text))

    def gap(self) -> None:
        """Print an empty line."""
        self._out.print()

    def note(self, text: str) -> None:
        """Print a line."""
        self._out.print(escape(text), soft_wrap=True)

    def aside(self, text: str) -> None:
        """Print a remark where it does not mix with the output."""
        self._err.print(f"[dim]{escape(text)}[/dim]", soft_wrap=True)

    def done(self, text: str) -> None:
        """Print a closing line."""
        self._out.print(f"[green]ok[/green] {escape(text)}", soft_wrap=True)

    def error(self, error: SurveyError) -> None:
        """Print an error with all its problems."""
        first, *others = str(error).splitlines()
        self._err.print(f"[red]error[/red] {escape(first)}", soft_wrap=True)
        for line in others:
            self._err.print(escape(line), soft_wrap=True)

    @contextmanager
    def progress(self, what: str) -> Iterator[None]:
        """Show that something is under way."""
        if not self._err.is_terminal:
            yield
            return
        plain = not self._err.encoding.startswith("utf")
        with self._err.status(escape(what), spinner="line" if plain else "dots"):
            yield

    def each(self, what: str, things: Sequence[_T]) -> Iterable[_T]:
        """Iterate, showing how far one has come."""
        from rich.progress import track

        return track(
            things,
            description=what,
            console=self._err,
            transient=True,
            disable=not self._err.is_terminal or len(things) < 2,
        )
