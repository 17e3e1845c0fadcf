"""How far a computation has come, said in an interactive session alone.

Whoever waits at a prompt or in a notebook sees it; scripts and commands, which say themselves what
they do, do not.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from time import monotonic
from typing import Final, TypeVar

__all__ = ["each"]

_T = TypeVar("_T")
_AT_ONCE: Final = 0.1
"""Seconds that nobody takes for waiting."""


def each(what: str, things: Sequence[_T]) -> Iterator[_T]:
    """Yield things, saying how many are done once it takes longer: in a notebook below the cell.

    Examples
    --------
    >>> list(each("adding up", [1, 2]))
    [1, 2]
    """
    if len(things) < 2 or not _interactive():
        yield from things
        return
    began, line = monotonic(), _line()
    try:
        for done, thing in enumerate(things):
            if monotonic() - began > _AT_ONCE:
                line.send(f"{what}: {done} of {len(things)}")
            yield thing
    finally:
        line.close()


def _interactive() -> bool:
    """Whether somebody sits at a prompt or a notebook."""
    return (hasattr(sys, "ps1") and sys.stderr is not None) or _in_notebook()


def _in_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def _line() -> Generator[None, str, None]:
    """Return a started line that shows each text in place of the last, and none when closed."""
    line = _notebook_line() if _in_notebook() else _terminal_line()
    next(line)
    return line


def _terminal_line() -> Generator[None, str, None]:
    text = ""
    try:
        while True:
            text = yield
            _say(f"\r{text}")
    finally:
        if text:
            _say(f"\r{' ' * len(text)}\r")


def _notebook_line() -> Generator[None, str, None]:
    """Show texts in one output of the cell: what is written to standard error stays there."""
    from IPython.display import display

    shown = None
    try:
        while True:
            said = {"text/plain": (yield)}
            shown = shown or display(  # type: ignore[no-untyped-call]
                {"text/plain": ""}, raw=True, display_id=True
            )
            shown.update(said, raw=True)
    finally:
        if shown is not None:
            shown.update({"text/plain": ""}, raw=True)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
